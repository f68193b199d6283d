/* PayPay's JSON, written; and the meaning of its result codes. */
#include "pos/payment/paypay/message.h"

#include <string.h>

static void
write_amount(struct json_writer *writer, int64_t amount_yen)
{
    json_begin_object(writer, "amount");
    json_int(writer, "amount", amount_yen);
    json_text(writer, "currency", "JPY");
    json_end_object(writer);
}

enum status
paypay_code_write(const struct payment_request *request, int64_t epoch_s, struct buffer *out, struct error_detail *err)
{
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    json_text(&writer, "merchantPaymentId", request->payment);
    json_text(&writer, "codeType", "ORDER_QR");
    write_amount(&writer, request->amount_yen);
    json_text(&writer, "orderDescription", "窓口でのお支払い");
    json_text(&writer, "terminalId", request->terminal);
    json_int(&writer, "requestedAt", epoch_s);
    json_bool(&writer, "isAuthorization", false);
    json_end_object(&writer);
    return json_finish(&writer, err);
}

enum status
paypay_refund_write(const struct payment_refund *refund, const char *payment_id, int64_t epoch_s, struct buffer *out,
                    struct error_detail *err)
{
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    json_text(&writer, "merchantRefundId", refund->refund);
    json_text(&writer, "paymentId", payment_id);
    write_amount(&writer, refund->amount_yen);
    json_int(&writer, "requestedAt", epoch_s);
    json_text(&writer, "reason", refund->reason != NULL ? refund->reason : "");
    json_end_object(&writer);
    return json_finish(&writer, err);
}

/* By resultInfo.codeId. What is not here is decided by the HTTP status: 4xx refused, 5xx unknown. */
static const struct {
    const char *code_id;
    enum paypay_outcome outcome;
} outcomes[] = {
    {"08100001", PAYPAY_SUCCESS},        /* SUCCESS, and REQUEST_ACCEPTED with 202 */
    {"08100016", PAYPAY_UNAUTHORIZED},   /* UNAUTHORIZED */
    {"08100023", PAYPAY_UNAUTHORIZED},   /* OP_OUT_OF_SCOPE */
    {"08100007", PAYPAY_UNAUTHORIZED},   /* OPA_CLIENT_NOT_FOUND */
    {"08100998", PAYPAY_UNKNOWN},        /* RATE_LIMIT */
    {"01652073", PAYPAY_DUPLICATE},      /* DUPLICATE_DYNAMIC_QR_REQUEST */
    {"01652075", PAYPAY_NO_SUCH},        /* DYNAMIC_QR_PAYMENT_NOT_FOUND */
    {"01652072", PAYPAY_NO_SUCH},        /* the code to be deleted */
    {"01652074", PAYPAY_ALREADY_PAID},   /* ALREADY_PAID */
    {"00200044", PAYPAY_NOT_REVERSIBLE}, /* ORDER_NOT_REVERSIBLE */
    {"00200001", PAYPAY_NO_SUCH},        /* RESOURCE_NOT_FOUND */
    {"00200018", PAYPAY_NO_SUCH},        /* NO_SUCH_REFUND_ORDER */
};

enum paypay_outcome
paypay_outcome_read(unsigned http_status, const struct buffer *body)
{
    struct json_value *answer = NULL;
    const char *code_id = "";
    if (json_parse(&answer, buffer_text(body), body->length, NULL) == STATUS_OK) {
        json_as_text(json_member(json_member(answer, "resultInfo"), "codeId"), &code_id);
    }
    enum paypay_outcome outcome =
        http_status >= 400 && http_status < 500 && code_id[0] != '\0' ? PAYPAY_REFUSED : PAYPAY_UNKNOWN;
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0] && http_status < 500; i++) {
        outcome = strcmp(outcomes[i].code_id, code_id) == 0 ? outcomes[i].outcome : outcome;
    }
    if (outcome == PAYPAY_SUCCESS && http_status != 200 && http_status != 201 && http_status != 202) {
        outcome = PAYPAY_UNKNOWN;
    }
    if (http_status == 401) {
        outcome = PAYPAY_UNAUTHORIZED;
    }
    json_free(answer);
    return outcome;
}
