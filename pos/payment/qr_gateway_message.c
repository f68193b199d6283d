/* The gateway's JSON. */
#include "pos/payment/qr_gateway_message.h"

#include "common/log/log.h"

#include <stdio.h>
#include <string.h>

enum status
qr_charge_write(const struct payment_request *request, struct buffer *out, struct error_detail *err)
{
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    json_text(&writer, "merchant_reference", request->payment);
    json_text(&writer, "terminal", request->terminal);
    json_text(&writer, "code", request->code);
    if (request->brand[0] != '\0') {
        json_text(&writer, "brand", request->brand);
    }
    json_int(&writer, "amount", request->amount_yen);
    json_text(&writer, "currency", "JPY");
    json_end_object(&writer);
    return json_finish(&writer, err);
}

/* Failure codes of the gateway. What is said about them stands in pos/till/payment_words.c. */
static const struct {
    const char *code;
    const char *cause;
} failures[] = {
    {"INSUFFICIENT_BALANCE", "insufficient_balance"},
    {"CODE_EXPIRED", "code_expired"},
    {"CODE_UNKNOWN", "code_unknown"},
    {"BRAND_UNAVAILABLE", "brand_unavailable"},
    {"REFUSED", "refused"},
};

static void
read_failure(const struct json_value *charge, struct payment_answer *out)
{
    const char *code = "";
    json_as_text(json_member(charge, "failure_code"), &code);
    for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
        if (strcmp(code, failures[i].code) == 0) {
            payment_answer_set(out, PAYMENT_DECLINED, failures[i].cause);
            return;
        }
    }
    payment_answer_set(out, PAYMENT_DECLINED, "refused");
}

static void
copy_member(const struct json_value *object, const char *key, char *out, size_t size)
{
    const char *text = "";
    json_as_text(json_member(object, key), &text);
    snprintf(out, size, "%s", text);
}

/* Whether CHARGE is the one we asked about, in a form that can be believed. */
static bool
read_charge_facts(const struct json_value *charge, const char *payment, struct payment_answer *out)
{
    const char *reference;
    const char *accepted_at = "";
    if (!json_as_text(json_member(charge, "merchant_reference"), &reference) || strcmp(reference, payment) != 0) {
        return false;
    }
    copy_member(charge, "acquirer_reference", out->acquirer_reference, sizeof out->acquirer_reference);
    /* Not to be kept, whatever it is; but the answer counts: every tenth long number reads like a card's. */
    if (card_number_is_present(out->acquirer_reference, strlen(out->acquirer_reference))) {
        log_line(LOG_LEVEL_WARNING, payment, "the gateway's reference reads like a card number: left out");
        out->acquirer_reference[0] = '\0';
    }
    copy_member(charge, "brand", out->brand, sizeof out->brand);
    json_as_text(json_member(charge, "accepted_at"), &accepted_at);
    if (accepted_at[0] != '\0' && instant_parse(&out->accepted_at_ms, accepted_at, strlen(accepted_at)) != STATUS_OK) {
        return false;
    }
    return json_is_null(json_member(charge, "amount")) || json_as_int(json_member(charge, "amount"), &out->amount_yen);
}

static void
read_status(const struct json_value *charge, const char *status, struct payment_answer *out)
{
    if (strcmp(status, "successful") == 0) {
        payment_answer_set(out, PAYMENT_APPROVED, "");
    } else if (strcmp(status, "pending") == 0) {
        payment_answer_set(out, PAYMENT_PENDING, "pending");
    } else if (strcmp(status, "failed") == 0) {
        read_failure(charge, out);
    } else if (strcmp(status, "canceled") == 0) {
        bool was_accepted = out->accepted_at_ms != 0;
        payment_answer_set(out, was_accepted ? PAYMENT_REVERSED : PAYMENT_NOT_CHARGED, "canceled");
    } else {
        payment_answer_set(out, PAYMENT_UNKNOWN, "garbled_answer");
    }
}

static void
read_answer(const struct buffer *body, const char *payment, struct payment_answer *out)
{
    struct json_value *charge = NULL;
    const char *status;
    if (json_parse(&charge, buffer_text(body), body->length, NULL) == STATUS_OK &&
        read_charge_facts(charge, payment, out) && json_as_text(json_member(charge, "status"), &status)) {
        read_status(charge, status, out);
    } else {
        payment_answer_set(out, PAYMENT_UNKNOWN, "garbled_answer");
    }
    json_free(charge);
}

/* The error code of an error answer, "" when there is none. */
static void
read_error_code(const struct buffer *body, char *out, size_t size)
{
    struct json_value *answer = NULL;
    out[0] = '\0';
    if (json_parse(&answer, buffer_text(body), body->length, NULL) == STATUS_OK) {
        copy_member(json_member(answer, "error"), "code", out, size);
        json_free(answer);
    }
}

void
qr_charge_read(unsigned http_status, const struct buffer *body, const char *payment, struct payment_answer *out)
{
    char code[CODE_SIZE];
    if (http_status == 200 || http_status == 201) {
        read_answer(body, payment, out);
        return;
    }
    read_error_code(body, code, sizeof code);
    if (http_status == 404 && strcmp(code, "CHARGE_NOT_FOUND") == 0) {
        payment_answer_set(out, PAYMENT_NOT_FOUND, "not_found");
    } else if (http_status == 401 || http_status == 403) {
        payment_answer_set(out, PAYMENT_DECLINED, "unauthorized");
    } else if (http_status == 400) {
        payment_answer_set(out, PAYMENT_DECLINED, "refused_request");
    } else {
        payment_answer_set(out, PAYMENT_UNKNOWN, "garbled_answer");
    }
}

void
qr_cancel_read(unsigned http_status, const struct buffer *body, const char *payment, struct payment_answer *out)
{
    char code[CODE_SIZE];
    if (http_status == 200) {
        read_answer(body, payment, out);
        /* A charge that is still standing after a cancel was not cancelled: keep trying. */
        if (out->result == PAYMENT_APPROVED || out->result == PAYMENT_PENDING) {
            payment_answer_set(out, PAYMENT_UNKNOWN, "not_cancelled");
        } else if (out->result == PAYMENT_DECLINED) {
            payment_answer_set(out, PAYMENT_NOT_CHARGED, "never_charged");
        }
        return;
    }
    read_error_code(body, code, sizeof code);
    if (http_status == 409 && strcmp(code, "CANCEL_WINDOW_CLOSED") == 0) {
        payment_answer_set(out, PAYMENT_CANNOT, "window_closed");
    } else {
        payment_answer_set(out, PAYMENT_UNKNOWN, "garbled_answer");
    }
}

static void
read_refund(const struct buffer *body, const struct payment_refund *refund, struct payment_answer *out)
{
    struct json_value *answer = NULL;
    const char *reference = "";
    const char *status = "";
    bool reads = json_parse(&answer, buffer_text(body), body->length, NULL) == STATUS_OK &&
                 json_as_text(json_member(answer, "refund_reference"), &reference) &&
                 json_as_text(json_member(answer, "status"), &status) &&
                 json_as_int(json_member(answer, "amount"), &out->amount_yen) &&
                 strcmp(reference, refund->refund) == 0 && out->amount_yen == refund->amount_yen;
    if (reads && strcmp(status, "successful") == 0) {
        copy_member(answer, "acquirer_reference", out->acquirer_reference, sizeof out->acquirer_reference);
        payment_answer_set(out, PAYMENT_REVERSED, "refunded");
    } else if (reads && strcmp(status, "failed") == 0) {
        payment_answer_set(out, PAYMENT_DECLINED, "refund_refused");
    } else {
        payment_answer_set(out, PAYMENT_UNKNOWN, "garbled_answer");
    }
    json_free(answer);
}

void
qr_refund_read(unsigned http_status, const struct buffer *body, const struct payment_refund *refund,
               struct payment_answer *out)
{
    char code[CODE_SIZE];
    if (http_status == 200 || http_status == 201) {
        read_refund(body, refund, out);
        return;
    }
    read_error_code(body, code, sizeof code);
    if (http_status == 409 && strcmp(code, "REFUND_EXCEEDS_CHARGE") == 0) {
        payment_answer_set(out, PAYMENT_DECLINED, "refund_exceeds");
    } else if (http_status == 404 && strcmp(code, "CHARGE_NOT_FOUND") == 0) {
        payment_answer_set(out, PAYMENT_DECLINED, "never_charged");
    } else {
        payment_answer_set(out, PAYMENT_UNKNOWN, "garbled_answer");
    }
}
