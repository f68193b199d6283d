/* The aggregator's JSON. */
#include "pos/payment/aggregator/message.h"

#include "common/identity/identity.h"
#include "common/log/log.h"

#include <stdio.h>
#include <string.h>

enum status
aggregator_token_write(const char *code, struct buffer *out, struct error_detail *err)
{
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    json_text(&writer, "payment_type", "qr_scan");
    json_text(&writer, "type", "one_time");
    json_begin_object(&writer, "data");
    json_text(&writer, "scanned_qr", code);
    json_end_object(&writer);
    json_end_object(&writer);
    return json_finish(&writer, err);
}

enum status
aggregator_charge_write(const char *payment, const char *token, const char *brand, int64_t amount_yen,
                        struct buffer *out, struct error_detail *err)
{
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    json_text(&writer, "transaction_token_id", token);
    json_int(&writer, "amount", amount_yen);
    json_text(&writer, "currency", "JPY");
    json_bool(&writer, "capture", true);
    json_begin_object(&writer, "metadata");
    json_text(&writer, "merchant_reference", payment);
    json_text(&writer, "brand", brand);
    json_end_object(&writer);
    json_end_object(&writer);
    return json_finish(&writer, err);
}

enum status
aggregator_cancel_write(const char *payment, struct buffer *out, struct error_detail *err)
{
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    json_begin_object(&writer, "metadata");
    json_text(&writer, "merchant_reference", payment);
    json_end_object(&writer);
    json_end_object(&writer);
    return json_finish(&writer, err);
}

enum status
aggregator_refund_write(const struct payment_refund *refund, struct buffer *out, struct error_detail *err)
{
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    json_int(&writer, "amount", refund->amount_yen);
    json_text(&writer, "currency", "JPY");
    json_text(&writer, "reason", "customer_request");
    json_begin_object(&writer, "metadata");
    json_text(&writer, "merchant_reference", refund->refund);
    json_end_object(&writer);
    json_end_object(&writer);
    return json_finish(&writer, err);
}

/* Their words for brands, and ours. */
static const struct {
    const char *theirs;
    const char *ours;
} brands[] = {
    {"pay_pay", "paypay"},
    {"d_barai", "dbarai"},
    {"au_pay", "aupay"},
    {"rakuten_pay", "rakutenpay"},
    {"merpay", "merpay"},
    {"aeon_pay", "aeonpay"},
    {"alipay_plus", "alipay_plus"},
    {"alipay_china", "alipay_plus"},
    {"alipay_connect_cpm", "alipay_plus"},
    {"we_chat", "wechat_pay"},
    {"alipay", "alipay_plus"},
};

static const char *
our_brand(const char *theirs)
{
    for (size_t i = 0; i < sizeof brands / sizeof brands[0]; i++) {
        if (strcmp(brands[i].theirs, theirs) == 0) {
            return brands[i].ours;
        }
    }
    return "";
}

/* What a payment may be refused with: their codes, and ours. */
static const struct {
    const char *code;
    const char *cause;
} refusals[] = {
    {"PAYMENT_WALLET_INSUFFICIENT_FUNDS", "insufficient_balance"},
    {"PAYMENT_CODE_EXPIRED", "code_expired"},
    {"PAYMENT_CODE_ALREADY_USED", "code_expired"},
    {"PAYMENT_CODE_INVALID", "code_unknown"},
    {"INVALID_QR_SCAN_GATEWAY", "code_unknown"},
    {"PAYMENT_TYPE_NOT_ALLOWED", "brand_unavailable"},
    {"PAYMENT_METHOD_TEMPORARILY_UNAVAILABLE", "brand_unavailable"},
    {"NO_GATEWAY_AVAILABLE", "brand_unavailable"},
    {"QR_PROCESSING_DISABLED", "brand_unavailable"},
};

static const char *
cause_of(const char *code)
{
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        if (strcmp(refusals[i].code, code) == 0) {
            return refusals[i].cause;
        }
    }
    return "refused";
}

static const char *
text_of(const struct json_value *object, const char *key)
{
    const char *text = "";
    json_as_text(json_member(object, key), &text);
    return text;
}

/* An id may stand in a path: letters, digits and dashes. A UUID may read like a card number, its hyphens like a card's.
 */
static bool
take_id(const struct json_value *object, char out[AGGREGATOR_ID_SIZE])
{
    const char *id = text_of(object, "id");
    const size_t length = strlen(id);
    out[0] = '\0';
    if (length == 0 || length >= AGGREGATOR_ID_SIZE ||
        strspn(id, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-") != length ||
        (!identity_is_valid(id) && card_number_is_present(id, length))) {
        return false;
    }
    memcpy(out, id, length + 1);
    return true;
}

static struct json_value *
parse(const struct buffer *body)
{
    struct json_value *value = NULL;
    return json_parse(&value, buffer_text(body), body->length, NULL) == STATUS_OK ? value : NULL;
}

bool
aggregator_token_read(unsigned http_status, const struct buffer *body, struct aggregator_token *out,
                      struct payment_answer *out_refused)
{
    struct json_value *answer = parse(body);
    bool is_taken = false;
    *out = (struct aggregator_token){0};
    if (http_status == 200 || http_status == 201) {
        is_taken = take_id(answer, out->id);
        snprintf(out->brand, sizeof out->brand, "%s", our_brand(text_of(json_member(answer, "data"), "brand")));
        payment_answer_set(out_refused, PAYMENT_NOT_CHARGED, "garbled_answer");
    } else if (http_status == 401 || http_status == 403) {
        payment_answer_set(out_refused, PAYMENT_DECLINED, "unauthorized");
    } else if (http_status >= 400 && http_status < 500 && answer != NULL) {
        payment_answer_set(out_refused, PAYMENT_DECLINED, cause_of(text_of(answer, "code")));
    } else {
        payment_answer_set(out_refused, PAYMENT_NOT_CHARGED, "no_answer");
    }
    json_free(answer);
    return is_taken;
}

/* canceled: the money went back where it had been taken. */
static void
read_status(const struct json_value *charge, const char *status, struct payment_answer *out)
{
    if (strcmp(status, "successful") == 0) {
        payment_answer_set(out, PAYMENT_APPROVED, "");
    } else if (strcmp(status, "pending") == 0 || strcmp(status, "awaiting") == 0 || strcmp(status, "authorized") == 0) {
        payment_answer_set(out, PAYMENT_PENDING, "pending");
    } else if (strcmp(status, "failed") == 0) {
        payment_answer_set(out, PAYMENT_DECLINED, cause_of(text_of(json_member(charge, "error"), "code")));
    } else if (strcmp(status, "canceled") == 0) {
        const bool was_taken = !json_is_null(json_member(charge, "charged_amount"));
        payment_answer_set(out, was_taken ? PAYMENT_REVERSED : PAYMENT_NOT_CHARGED, "canceled");
    } else { /* "error", or a word that is new: whether money moved is not said */
        payment_answer_set(out, PAYMENT_UNKNOWN, "gateway_error");
    }
}

static void
read_charge(const struct json_value *charge, const char *payment, struct aggregator_charge *out)
{
    struct payment_answer *answer = &out->answer;
    const struct json_value *metadata = json_member(charge, "metadata");
    const char *created_on = text_of(charge, "created_on");
    const struct json_value *amount = json_member(charge, "charged_amount");
    *out = (struct aggregator_charge){0};
    amount = json_is_null(amount) ? json_member(charge, "requested_amount") : amount;
    const bool reads = take_id(charge, out->id) && strcmp(text_of(metadata, "merchant_reference"), payment) == 0 &&
                       strcmp(text_of(charge, "requested_currency"), "JPY") == 0 &&
                       json_as_int(amount, &answer->amount_yen) &&
                       instant_parse(&answer->accepted_at_ms, created_on, strlen(created_on)) == STATUS_OK;
    if (!reads) {
        *out = (struct aggregator_charge){0};
        payment_answer_set(answer, PAYMENT_UNKNOWN, "garbled_answer");
        return;
    }
    snprintf(answer->brand, sizeof answer->brand, "%s", text_of(metadata, "brand"));
    snprintf(answer->acquirer_reference, sizeof answer->acquirer_reference, "%s", out->id);
    read_status(charge, text_of(charge, "status"), answer);
    if (answer->result != PAYMENT_APPROVED && answer->result != PAYMENT_REVERSED) {
        answer->accepted_at_ms = 0;
        answer->acquirer_reference[0] = '\0';
    }
}

void
aggregator_charge_read(unsigned http_status, const struct buffer *body, const char *payment,
                       struct aggregator_charge *out)
{
    struct json_value *answer = parse(body);
    *out = (struct aggregator_charge){0};
    payment_answer_set(&out->answer, PAYMENT_UNKNOWN, "garbled_answer");
    if ((http_status == 200 || http_status == 201) && answer != NULL) {
        read_charge(answer, payment, out);
    } else if (http_status == 401 || http_status == 403) {
        payment_answer_set(&out->answer, PAYMENT_DECLINED, "unauthorized");
    } else if (http_status == 400 || http_status == 404) {
        /* The charge was not made: the answer names what was wrong with it. */
        const char *code = text_of(answer, "code");
        if (code[0] != '\0') {
            payment_answer_set(&out->answer, PAYMENT_DECLINED, cause_of(code));
        }
    }
    json_free(answer);
}

void
aggregator_list_read(unsigned http_status, const struct buffer *body, const char *payment,
                     struct aggregator_charge *out)
{
    struct json_value *answer = http_status == 200 ? parse(body) : NULL;
    const struct json_value *items = json_member(answer, "items");
    size_t found = 0;
    *out = (struct aggregator_charge){0};
    payment_answer_set(&out->answer, PAYMENT_UNKNOWN, "garbled_answer");
    if (json_is_array(items)) {
        for (const struct json_value *item = json_first(items); item != NULL; item = json_next(item)) {
            /* The filter is theirs; whose charge it is, is decided here. */
            if (strcmp(text_of(json_member(item, "metadata"), "merchant_reference"), payment) == 0) {
                found++;
                read_charge(item, payment, out);
            }
        }
        /* A list of others' charges is no answer to our question: ours may stand behind them. */
        const bool is_empty = json_count(items) == 0 && !json_is_true(json_member(answer, "has_more"));
        if (is_empty) {
            payment_answer_set(&out->answer, PAYMENT_NOT_FOUND, "not_found");
        } else if (found > 1) {
            *out = (struct aggregator_charge){0};
            payment_answer_set(&out->answer, PAYMENT_UNKNOWN, "charged_twice");
        }
    }
    json_free(answer);
}

static bool
is_refusal(const char *code)
{
    static const char *const refused[] = {"CANCEL_UNAVAILABLE", "REFUND_EXCEEDS_SALES", "REFUND_NOT_WITHIN_BOUNDS",
                                          "CHARGE_EXPIRED"};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        if (strcmp(code, refused[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* How a cancel or refund that was begun stands by its own word. */
static enum aggregator_progress
progress_of(const struct json_value *begun, char out_id[AGGREGATOR_ID_SIZE])
{
    const char *status = text_of(begun, "status");
    if (!take_id(begun, out_id)) {
        return AGGREGATOR_NOT_ANSWERED;
    }
    if (strcmp(status, "failed") == 0 && is_refusal(text_of(json_member(begun, "error"), "code"))) {
        return AGGREGATOR_REFUSED;
    }
    return strcmp(status, "successful") == 0 ? AGGREGATOR_DONE
           : strcmp(status, "pending") == 0  ? AGGREGATOR_RUNNING
                                             : AGGREGATOR_NOT_ANSWERED;
}

static bool
is_made(unsigned http_status)
{
    return http_status == 200 || http_status == 201;
}

enum aggregator_progress
aggregator_progress_read(unsigned http_status, const struct buffer *body, char out_id[AGGREGATOR_ID_SIZE])
{
    struct json_value *answer = parse(body);
    enum aggregator_progress progress = AGGREGATOR_NOT_ANSWERED;
    out_id[0] = '\0';
    if (is_made(http_status)) {
        progress = progress_of(answer, out_id);
    } else if (http_status == 400 && is_refusal(text_of(answer, "code"))) {
        progress = AGGREGATOR_REFUSED;
    }
    json_free(answer);
    return progress;
}

static bool
is_named(const struct json_value *made, const char *refund)
{
    return strcmp(text_of(json_member(made, "metadata"), "merchant_reference"), refund) == 0;
}

static enum aggregator_progress
refund_progress(const struct json_value *made, const char *charge, const struct payment_refund *refund,
                char out_id[AGGREGATOR_ID_SIZE])
{
    int64_t amount = 0;
    const bool is_ours = is_named(made, refund->refund) && strcmp(text_of(made, "charge_id"), charge) == 0 &&
                         strcmp(text_of(made, "currency"), "JPY") == 0 &&
                         json_as_int(json_member(made, "amount"), &amount) && amount == refund->amount_yen;
    return is_ours ? progress_of(made, out_id) : AGGREGATOR_NOT_ANSWERED;
}

enum aggregator_progress
aggregator_refund_read(unsigned http_status, const struct buffer *body, const char *charge,
                       const struct payment_refund *refund, char out_id[AGGREGATOR_ID_SIZE])
{
    if (!is_made(http_status)) {
        return aggregator_progress_read(http_status, body, out_id);
    }
    struct json_value *answer = parse(body);
    out_id[0] = '\0';
    const enum aggregator_progress progress = refund_progress(answer, charge, refund, out_id);
    json_free(answer);
    return progress;
}

enum aggregator_progress
aggregator_refund_list_read(unsigned http_status, const struct buffer *body, const char *charge,
                            const struct payment_refund *refund, char out_id[AGGREGATOR_ID_SIZE])
{
    struct json_value *answer = http_status == 200 ? parse(body) : NULL;
    const struct json_value *items = json_member(answer, "items");
    enum aggregator_progress progress = AGGREGATOR_NOT_ANSWERED;
    size_t found = 0;
    out_id[0] = '\0';
    if (json_is_array(items)) {
        for (const struct json_value *item = json_first(items); item != NULL; item = json_next(item)) {
            if (is_named(item, refund->refund)) {
                found++;
                progress = refund_progress(item, charge, refund, out_id);
            }
        }
        /* Others' refunds of the same charge may stand there too; ours could stand behind what is not shown. */
        if (found == 0 && !json_is_true(json_member(answer, "has_more"))) {
            progress = AGGREGATOR_NONE;
        } else if (found > 1) {
            progress = AGGREGATOR_NOT_ANSWERED; /* given back twice, it seems: for people to see */
        }
    }
    json_free(answer);
    return progress;
}

bool
aggregator_key_is_spent(unsigned http_status, const struct buffer *body)
{
    struct json_value *answer = parse(body);
    const bool is_spent =
        (http_status == 400 || http_status == 404) && strcmp(text_of(answer, "code"), "INVALID_TOKEN") == 0;
    json_free(answer);
    return is_spent;
}
