/* PayPay's JSON, read. */
#include "common/log/log.h"
#include "pos/payment/paypay/message.h"

#include <stdio.h>
#include <string.h>

enum {
    PAYLOAD_MAX_BYTES = 512,
    EPOCH_MAX_S = 2147483647 /* 2038: beyond it the number is a mistake of units */
};

static const char *
text_of(const struct json_value *object, const char *key)
{
    const char *text = "";
    json_as_text(json_member(object, key), &text);
    return text;
}

static struct json_value *
parse(const struct buffer *body)
{
    struct json_value *value = NULL;
    return json_parse(&value, buffer_text(body), body->length, NULL) == STATUS_OK ? value : NULL;
}

/* A name of theirs that is kept, printed or put in a path. */
static bool
take_name(const char *text, char *out, size_t size)
{
    const size_t length = strlen(text);
    const bool is_sound = length > 0 && length < size &&
                          strspn(text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_") == length;
    snprintf(out, size, "%s", is_sound ? text : "");
    return is_sound;
}

static bool
read_amount(const struct json_value *data, int64_t *out)
{
    const struct json_value *amount = json_member(data, "amount");
    return strcmp(text_of(amount, "currency"), "JPY") == 0 && json_as_int(json_member(amount, "amount"), out);
}

/* Seconds since 1970; 0 when absent. False for what is no time. */
static bool
read_epoch(const struct json_value *data, const char *key, int64_t *out_ms)
{
    int64_t seconds = 0;
    const struct json_value *value = json_member(data, key);
    if (!json_is_null(value) && (!json_as_int(value, &seconds) || seconds < 0 || seconds > EPOCH_MAX_S)) {
        return false;
    }
    *out_ms = seconds * 1000;
    return true;
}

static bool
read_code(const struct json_value *data, const char *payment, struct payment_presented *out, int64_t *out_amount)
{
    const char *url = text_of(data, "url");
    if (strcmp(text_of(data, "merchantPaymentId"), payment) != 0 || !read_amount(data, out_amount) ||
        !take_name(text_of(data, "codeId"), out->code_id, sizeof out->code_id) ||
        !read_epoch(data, "expiryDate", &out->expires_at_ms)) {
        return false;
    }
    /* It is drawn for citizens: an address of theirs, over https, of printable characters. */
    if (strncmp(url, "https://", 8) != 0 || strlen(url) > PAYLOAD_MAX_BYTES || strpbrk(url, " \t\r\n\"<>\\") != NULL) {
        return false;
    }
    snprintf(out->payload, sizeof out->payload, "%s", url);
    return true;
}

void
paypay_code_read(unsigned http_status, const struct buffer *body, const char *payment,
                 struct payment_presented *out_code, struct payment_answer *out)
{
    memset(out_code, 0, sizeof *out_code);
    memset(out, 0, sizeof *out);
    payment_answer_set(out, PAYMENT_UNKNOWN, "garbled_answer");
    switch (paypay_outcome_read(http_status, body)) {
    case PAYPAY_SUCCESS: {
        struct json_value *answer = parse(body);
        if (read_code(json_member(answer, "data"), payment, out_code, &out->amount_yen)) {
            payment_answer_set(out, PAYMENT_PENDING, "pending");
        } else {
            memset(out_code, 0, sizeof *out_code);
        }
        json_free(answer);
        break;
    }
    case PAYPAY_UNAUTHORIZED:
        payment_answer_set(out, PAYMENT_DECLINED, "unauthorized");
        break;
    case PAYPAY_REFUSED:
        payment_answer_set(out, PAYMENT_DECLINED, "refused_request");
        break;
    case PAYPAY_DUPLICATE: /* of an earlier try whose answer we have not: its code cannot be shown any more */
    case PAYPAY_NO_SUCH:
    case PAYPAY_ALREADY_PAID:
    case PAYPAY_NOT_REVERSIBLE:
    case PAYPAY_UNKNOWN:
        break;
    }
    snprintf(out->brand, sizeof out->brand, "paypay");
}

static void
read_status(const char *status, struct payment_answer *out)
{
    const bool was_taken = out->accepted_at_ms != 0;
    if (strcmp(status, "COMPLETED") == 0) {
        payment_answer_set(out, PAYMENT_APPROVED, "");
    } else if (strcmp(status, "CREATED") == 0 || strcmp(status, "AUTHORIZED") == 0 ||
               strcmp(status, "REAUTHORIZING") == 0) {
        payment_answer_set(out, PAYMENT_PENDING, "pending");
    } else if (strcmp(status, "CANCELED") == 0) {
        payment_answer_set(out, was_taken ? PAYMENT_REVERSED : PAYMENT_NOT_CHARGED, "canceled");
    } else if (strcmp(status, "REFUNDED") == 0) {
        payment_answer_set(out, PAYMENT_REVERSED, "refunded");
    } else if (strcmp(status, "EXPIRED") == 0 && !was_taken) {
        payment_answer_set(out, PAYMENT_NOT_CHARGED, "code_timeout");
    } else if (strcmp(status, "FAILED") == 0 && !was_taken) {
        payment_answer_set(out, PAYMENT_DECLINED, "refused");
    } else {
        payment_answer_set(out, PAYMENT_UNKNOWN, "garbled_answer");
    }
}

static void
read_details(const struct json_value *data, const char *payment, struct payment_answer *out)
{
    char payment_id[REFERENCE_SIZE];
    if (strcmp(text_of(data, "merchantPaymentId"), payment) != 0 || !read_amount(data, &out->amount_yen) ||
        !read_epoch(data, "acceptedAt", &out->accepted_at_ms)) {
        payment_answer_set(out, PAYMENT_UNKNOWN, "garbled_answer");
        return;
    }
    if (take_name(text_of(data, "paymentId"), payment_id, sizeof payment_id)) {
        /* Their payment ids are long runs of digits and no card numbers; it is what the statement names the payment. */
        memcpy(out->acquirer_reference, payment_id, sizeof payment_id);
    }
    snprintf(out->brand, sizeof out->brand, "paypay");
    read_status(text_of(data, "status"), out);
    if (out->result == PAYMENT_APPROVED && (out->accepted_at_ms == 0 || out->acquirer_reference[0] == '\0')) {
        payment_answer_set(out, PAYMENT_UNKNOWN, "garbled_answer");
    }
}

void
paypay_details_read(unsigned http_status, const struct buffer *body, const char *payment, struct payment_answer *out)
{
    memset(out, 0, sizeof *out);
    payment_answer_set(out, PAYMENT_UNKNOWN, "garbled_answer");
    const enum paypay_outcome outcome = paypay_outcome_read(http_status, body);
    if (outcome == PAYPAY_SUCCESS) {
        struct json_value *answer = parse(body);
        read_details(json_member(answer, "data"), payment, out);
        json_free(answer);
    } else if (outcome == PAYPAY_NO_SUCH) {
        payment_answer_set(out, PAYMENT_NOT_FOUND, "not_found");
    } else if (outcome == PAYPAY_UNAUTHORIZED) {
        payment_answer_set(out, PAYMENT_UNKNOWN, "unauthorized");
    }
}

void
paypay_refund_read(unsigned http_status, const struct buffer *body, const struct payment_refund *refund,
                   struct payment_answer *out)
{
    memset(out, 0, sizeof *out);
    payment_answer_set(out, PAYMENT_UNKNOWN, "garbled_answer");
    const enum paypay_outcome outcome = paypay_outcome_read(http_status, body);
    if (outcome == PAYPAY_NO_SUCH) {
        payment_answer_set(out, PAYMENT_NOT_FOUND, "not_found");
    } else if (outcome == PAYPAY_REFUSED || outcome == PAYPAY_NOT_REVERSIBLE) {
        payment_answer_set(out, PAYMENT_DECLINED, "refund_exceeds");
    } else if (outcome == PAYPAY_UNAUTHORIZED) {
        payment_answer_set(out, PAYMENT_UNKNOWN, "unauthorized");
    } else if (outcome == PAYPAY_SUCCESS) {
        struct json_value *answer = parse(body);
        const struct json_value *data = json_member(answer, "data");
        const char *status = text_of(data, "status");
        const bool is_ours = strcmp(text_of(data, "merchantRefundId"), refund->refund) == 0 &&
                             read_amount(data, &out->amount_yen) && out->amount_yen == refund->amount_yen;
        if (is_ours && strcmp(status, "REFUNDED") == 0) {
            payment_answer_set(out, PAYMENT_REVERSED, "refunded");
        } else if (is_ours && strcmp(status, "CREATED") == 0) {
            payment_answer_set(out, PAYMENT_PENDING, "pending");
        } else if (is_ours && strcmp(status, "FAILED") == 0) {
            payment_answer_set(out, PAYMENT_DECLINED, "refund_refused");
        }
        json_free(answer);
    }
}
