/* Alipay+'s JSON: what we ask, and what the result codes and states mean. Whatever stands in no table is not known, and
 * is asked about again; an F of pay alone is final by the network's own rule. */
#include "pos/payment/alipay_plus/message.h"

#include "common/log/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void
write_amount(struct json_writer *writer, const char *key, const struct alipay_merchant *merchant, int64_t yen)
{
    char value[24];
    snprintf(value, sizeof value, "%" PRId64, yen * merchant->units_per_yen);
    json_begin_object(writer, key);
    json_text(writer, "currency", merchant->currency);
    json_text(writer, "value", value);
    json_end_object(writer);
}

static void
write_order(struct json_writer *writer, const struct alipay_merchant *merchant, const struct payment_request *request)
{
    json_begin_object(writer, "order");
    json_text(writer, "referenceOrderId", request->payment);
    json_text(writer, "orderDescription", merchant->description);
    write_amount(writer, "orderAmount", merchant, request->amount_yen);
    json_begin_object(writer, "merchant");
    json_text(writer, "referenceMerchantId", merchant->reference);
    json_text(writer, "merchantName", merchant->name);
    json_text(writer, "merchantMCC", merchant->category);
    json_begin_object(writer, "store");
    json_text(writer, "referenceStoreId", merchant->store);
    json_text(writer, "storeName", merchant->name);
    json_text(writer, "storeMCC", merchant->category);
    json_text(writer, "storeTerminalId", request->terminal);
    json_end_object(writer);
    json_end_object(writer);
    json_end_object(writer);
}

enum status
alipay_pay_write(const struct alipay_merchant *merchant, const struct payment_request *request, struct buffer *out,
                 struct error_detail *err)
{
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    json_text(&writer, "productCode", "IN_STORE_PAYMENT");
    json_text(&writer, "paymentRequestId", request->payment);
    write_order(&writer, merchant, request);
    write_amount(&writer, "paymentAmount", merchant, request->amount_yen);
    json_begin_object(&writer, "paymentMethod");
    json_text(&writer, "paymentMethodType", "CONNECT_WALLET");
    json_text(&writer, "paymentMethodId", request->code);
    json_end_object(&writer);
    json_begin_object(&writer, "paymentFactor");
    json_text(&writer, "inStorePaymentScenario", "PaymentCode");
    json_end_object(&writer);
    json_begin_object(&writer, "settlementStrategy");
    json_text(&writer, "settlementCurrency", merchant->currency);
    json_end_object(&writer);
    json_end_object(&writer);
    return json_finish(&writer, err);
}

enum status
alipay_key_write(const char *payment, struct buffer *out, struct error_detail *err)
{
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    json_text(&writer, "paymentRequestId", payment);
    json_end_object(&writer);
    return json_finish(&writer, err);
}

enum status
alipay_refund_key_write(const char *refund, struct buffer *out, struct error_detail *err)
{
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    json_text(&writer, "refundRequestId", refund);
    json_end_object(&writer);
    return json_finish(&writer, err);
}

enum status
alipay_refund_write(const struct alipay_merchant *merchant, const char *payment_id, const char *refund,
                    int64_t refund_yen, const char *reason, struct buffer *out, struct error_detail *err)
{
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    json_text(&writer, "paymentId", payment_id);
    json_text(&writer, "refundRequestId", refund);
    write_amount(&writer, "refundAmount", merchant, refund_yen);
    if (reason != NULL && reason[0] != '\0') {
        json_text(&writer, "refundReason", reason);
    }
    json_end_object(&writer);
    return json_finish(&writer, err);
}

struct meaning {
    const char *word;
    enum payment_result result;
    const char *cause;
};

/* resultCode of pay with resultStatus F (docs.antom.com/ac/ams/upm): nothing was taken, except where an earlier request
 * of the same key may have taken something. */
static const struct meaning pay_failures[] = {
    {"USER_BALANCE_NOT_ENOUGH", PAYMENT_DECLINED, "insufficient_balance"},
    {"INVALID_CODE", PAYMENT_DECLINED, "code_unknown"},
    {"INVALID_PAYMENT_CODE", PAYMENT_DECLINED, "code_unknown"},
    {"PAYMENT_METHOD_NOT_SUPPORTED", PAYMENT_DECLINED, "brand_unavailable"},
    {"PAYMENT_NOT_QUALIFIED", PAYMENT_DECLINED, "brand_unavailable"},
    {"ORDER_IS_CANCELED", PAYMENT_NOT_CHARGED, "canceled"},
    {"ORDER_IS_CLOSED", PAYMENT_NOT_CHARGED, "canceled"},
    {"REPEAT_REQ_INCONSISTENT", PAYMENT_UNKNOWN, "no_answer"},
    {"INVALID_SIGNATURE", PAYMENT_DECLINED, "unauthorized"},
    {"INVALID_CLIENT", PAYMENT_DECLINED, "unauthorized"},
    {"ACCESS_DENIED", PAYMENT_DECLINED, "unauthorized"},
    {"KEY_NOT_FOUND", PAYMENT_DECLINED, "unauthorized"},
    {"PARAM_ILLEGAL", PAYMENT_DECLINED, "refused_request"},
};

static const struct meaning payment_states[] = {
    {"SUCCESS", PAYMENT_APPROVED, ""},
    {"FAIL", PAYMENT_DECLINED, "refused"},
    {"PROCESSING", PAYMENT_PENDING, "pending"},
    {"PENDING", PAYMENT_PENDING, "pending"},
    {"CANCELLED", PAYMENT_NOT_CHARGED, "canceled"},
};

static const struct meaning cancel_failures[] = {
    {"CANCEL_WINDOW_EXCEED", PAYMENT_CANNOT, "window_closed"},
    {"ORDER_STATUS_INVALID", PAYMENT_CANNOT, "refused"},
    {"ORDER_NOT_EXIST", PAYMENT_NOT_FOUND, "not_found"},
};

static const struct meaning refund_failures[] = {
    {"REFUND_WINDOW_EXCEED", PAYMENT_DECLINED, "window_closed"},
    {"REFUND_AMOUNT_EXCEED", PAYMENT_DECLINED, "refused"},
    {"ORDER_STATUS_INVALID", PAYMENT_DECLINED, "refused"},
    {"ORDER_NOT_EXIST", PAYMENT_DECLINED, "refused"},
    {"MERCHANT_BALANCE_NOT_ENOUGH", PAYMENT_DECLINED, "refused"},
    {"PARAM_ILLEGAL", PAYMENT_DECLINED, "refused_request"},
};

/* refundStatus of inquiryRefund. */
static const struct meaning refund_states[] = {
    {"SUCCESS", PAYMENT_REVERSED, ""},       {"PROCESSING", PAYMENT_PENDING, "pending"},
    {"PENDING", PAYMENT_PENDING, "pending"}, {"FAIL", PAYMENT_DECLINED, "refused"},
    {"FAILED", PAYMENT_DECLINED, "refused"},
};

static const struct meaning refund_inquiry_failures[] = {
    {"REFUND_NOT_EXIST", PAYMENT_NOT_FOUND, "not_found"},
    {"ORDER_NOT_EXIST", PAYMENT_NOT_FOUND, "not_found"},
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* False when WORD stands in no row of TABLE. */
static bool
set_by(const struct meaning *table, size_t count, const char *word, struct payment_answer *out)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(table[i].word, word) == 0) {
            payment_answer_set(out, table[i].result, table[i].cause);
            return true;
        }
    }
    return false;
}

static const char *
text_of(const struct json_value *object, const char *key)
{
    const char *text = "";
    json_as_text(json_member(object, key), &text);
    return text;
}

/* The answer's result: 'S', 'F', 'U', or '?' for what cannot be read; and its code. */
static char
read_result(const struct json_value *answer, const char **out_code)
{
    const struct json_value *result = json_member(answer, "result");
    const char *status = text_of(result, "resultStatus");
    *out_code = text_of(result, "resultCode");
    return strlen(status) == 1 && strchr("SFU", status[0]) != NULL ? status[0] : '?';
}

/* An amount in our currency as whole yen. */
static bool
read_amount(const struct alipay_merchant *merchant, const struct json_value *amount, int64_t *out_yen)
{
    const char *text = text_of(amount, "value");
    const size_t length = strlen(text);
    int64_t units = 0;
    if (strcmp(text_of(amount, "currency"), merchant->currency) != 0 || length == 0 || length > 10 ||
        strspn(text, "0123456789") != length) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        units = units * 10 + (text[i] - '0');
    }
    *out_yen = units / merchant->units_per_yen;
    return units % merchant->units_per_yen == 0;
}

static bool
read_facts(const struct alipay_merchant *merchant, const struct json_value *answer, struct payment_answer *out)
{
    const char *id = text_of(answer, "paymentId");
    const char *at = text_of(answer, "paymentTime");
    if (strlen(id) < sizeof out->acquirer_reference && !card_number_is_present(id, strlen(id))) {
        snprintf(out->acquirer_reference, sizeof out->acquirer_reference, "%s", id);
    }
    snprintf(out->brand, sizeof out->brand, "alipay_plus");
    return id[0] != '\0' && read_amount(merchant, json_member(answer, "paymentAmount"), &out->amount_yen) &&
           instant_parse(&out->accepted_at_ms, at, strlen(at)) == STATUS_OK;
}

static bool
names_payment(const struct json_value *answer, const char *payment)
{
    return strcmp(text_of(answer, "paymentRequestId"), payment) == 0;
}

static void
set_approved(const struct alipay_merchant *merchant, const struct json_value *answer, const char *payment,
             struct payment_answer *out)
{
    if (names_payment(answer, payment) && read_facts(merchant, answer, out)) {
        payment_answer_set(out, PAYMENT_APPROVED, "");
    } else {
        payment_answer_set(out, PAYMENT_UNKNOWN, "garbled_answer");
    }
}

void
alipay_pay_read(const struct alipay_merchant *merchant, const struct buffer *body, const char *payment,
                struct payment_answer *out)
{
    struct json_value *answer = NULL;
    const char *code;
    payment_answer_set(out, PAYMENT_UNKNOWN, "garbled_answer");
    if (json_parse(&answer, buffer_text(body), body->length, NULL) != STATUS_OK) {
        return;
    }
    const char status = read_result(answer, &code);
    if (status == 'S') {
        set_approved(merchant, answer, payment, out);
    } else if (status == 'F') {
        if (!set_by(pay_failures, COUNT(pay_failures), code, out)) {
            payment_answer_set(out, PAYMENT_DECLINED, "refused");
        }
    } else if (status == 'U' && strcmp(code, "PAYMENT_IN_PROCESS") == 0) {
        payment_answer_set(out, PAYMENT_PENDING, "pending");
    } else if (status == 'U') {
        payment_answer_set(out, PAYMENT_UNKNOWN, "no_answer");
    }
    json_free(answer);
}

void
alipay_inquiry_read(const struct alipay_merchant *merchant, const struct buffer *body, const char *payment,
                    struct payment_answer *out)
{
    struct json_value *answer = NULL;
    const char *code;
    payment_answer_set(out, PAYMENT_UNKNOWN, "garbled_answer");
    if (json_parse(&answer, buffer_text(body), body->length, NULL) != STATUS_OK) {
        return;
    }
    const char status = read_result(answer, &code);
    if (status == 'F' && strcmp(code, "ORDER_NOT_EXIST") == 0) {
        payment_answer_set(out, PAYMENT_NOT_FOUND, "not_found");
    } else if (status == 'S' && names_payment(answer, payment)) {
        set_by(payment_states, COUNT(payment_states), text_of(answer, "paymentStatus"), out);
        if (out->result == PAYMENT_APPROVED) {
            set_approved(merchant, answer, payment, out);
        } else if (out->result == PAYMENT_NOT_CHARGED && text_of(answer, "paymentTime")[0] != '\0') {
            payment_answer_set(out, PAYMENT_REVERSED, "canceled"); /* it had been paid */
        }
    }
    json_free(answer);
}

void
alipay_cancel_read(const struct buffer *body, const char *payment, struct payment_answer *out)
{
    struct json_value *answer = NULL;
    const char *code;
    payment_answer_set(out, PAYMENT_UNKNOWN, "garbled_answer");
    if (json_parse(&answer, buffer_text(body), body->length, NULL) != STATUS_OK) {
        return;
    }
    const char status = read_result(answer, &code);
    if (status == 'S' && names_payment(answer, payment)) {
        payment_answer_set(out, PAYMENT_REVERSED, "");
    } else if (status == 'F') {
        set_by(cancel_failures, COUNT(cancel_failures), code, out);
    } else if (status == 'U') {
        payment_answer_set(out, PAYMENT_UNKNOWN, "not_cancelled");
    }
    json_free(answer);
}

void
alipay_refund_read(const struct alipay_merchant *merchant, const struct buffer *body, const char *refund,
                   struct payment_answer *out)
{
    struct json_value *answer = NULL;
    const char *code;
    payment_answer_set(out, PAYMENT_UNKNOWN, "garbled_answer");
    if (json_parse(&answer, buffer_text(body), body->length, NULL) != STATUS_OK) {
        return;
    }
    const char status = read_result(answer, &code);
    if (status == 'S' && strcmp(text_of(answer, "refundRequestId"), refund) == 0 &&
        read_amount(merchant, json_member(answer, "refundAmount"), &out->amount_yen)) {
        snprintf(out->acquirer_reference, sizeof out->acquirer_reference, "%s", text_of(answer, "refundId"));
        payment_answer_set(out, PAYMENT_REVERSED, "");
    } else if (status == 'F') {
        set_by(refund_failures, COUNT(refund_failures), code, out);
    } else if (status == 'U' && strcmp(code, "REFUND_IN_PROCESS") == 0) {
        payment_answer_set(out, PAYMENT_PENDING, "pending");
    }
    json_free(answer);
}

void
alipay_refund_inquiry_read(const struct alipay_merchant *merchant, const struct buffer *body, const char *refund,
                           struct payment_answer *out)
{
    struct json_value *answer = NULL;
    const char *code;
    payment_answer_set(out, PAYMENT_UNKNOWN, "garbled_answer");
    if (json_parse(&answer, buffer_text(body), body->length, NULL) != STATUS_OK) {
        return;
    }
    const char status = read_result(answer, &code);
    if (status == 'F') {
        set_by(refund_inquiry_failures, COUNT(refund_inquiry_failures), code, out);
    } else if (status == 'S' && strcmp(text_of(answer, "refundRequestId"), refund) == 0 &&
               read_amount(merchant, json_member(answer, "refundAmount"), &out->amount_yen)) {
        set_by(refund_states, COUNT(refund_states), text_of(answer, "refundStatus"), out);
    }
    json_free(answer);
}
