/* Paying. A citizen's code passes through post_pay_code and is wiped with the request. */
#include "common/signing/signing.h"
#include "pos/web/web_parts.h"

#include <string.h>

#define TENDERED_READ_MAX INT64_C(1000000000000)

void
post_pay_cash(struct http_request *request, void *context)
{
    struct till_web *web = context;
    const char *basket;
    int64_t tendered_yen;
    struct error_detail err;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    enum status status = json_get_text(body, "basket", IDENTITY_TEXT_SIZE - 1, &basket, &err);
    if (status == STATUS_OK) {
        status = json_get_int(body, "tendered_yen", -TENDERED_READ_MAX, TENDERED_READ_MAX, &tendered_yen, &err);
    }
    if (status == STATUS_OK) {
        answer_with_state(request, web, till_pay_cash(web->options.till, basket, tendered_yen, &err), &err);
    } else {
        answer_bad_command(request, status, &err);
    }
    json_free(body);
}

void
post_pay_none(struct http_request *request, void *context)
{
    struct till_web *web = context;
    const char *basket;
    struct error_detail err;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    enum status status = json_get_text(body, "basket", IDENTITY_TEXT_SIZE - 1, &basket, &err);
    if (status == STATUS_OK) {
        answer_with_state(request, web, till_pay_none(web->options.till, basket, &err), &err);
    } else {
        answer_bad_command(request, status, &err);
    }
    json_free(body);
}

/* "cash":{"amount_yen","tendered_yen"}; nothing when absent or null. */
static enum status
read_mixed_part(const struct json_value *body, struct mixed_part *out, struct error_detail *err)
{
    const struct json_value *cash = json_member(body, "cash");
    *out = (struct mixed_part){0};
    if (json_is_null(cash)) {
        return STATUS_OK;
    }
    enum status status = json_get_int(cash, "amount_yen", -TENDERED_READ_MAX, TENDERED_READ_MAX, &out->cash_yen, err);
    if (status == STATUS_OK) {
        status = json_get_int(cash, "tendered_yen", -TENDERED_READ_MAX, TENDERED_READ_MAX, &out->tendered_yen, err);
    }
    if (status == STATUS_OK && out->cash_yen == 0) {
        error_set(err, "wrong_member", "\"amount_yen\" of \"cash\" must not be 0");
        status = STATUS_INVALID;
    }
    return status;
}

void
post_pay_cashless(struct http_request *request, void *context)
{
    struct till_web *web = context;
    const char *basket;
    const char *word;
    const char *brand;
    enum payment_method method = METHOD_NONE;
    struct mixed_part part;
    struct error_detail err;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    enum status status = json_get_text(body, "basket", IDENTITY_TEXT_SIZE - 1, &basket, &err);
    if (status == STATUS_OK) {
        status = json_get_text(body, "method", CODE_SIZE - 1, &word, &err);
    }
    if (status == STATUS_OK && (!payment_method_from_word(word, &method) || method < METHOD_QR)) {
        error_set(&err, "wrong_member", "\"method\" must be qr, emoney or credit");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = json_get_text_or(body, "brand", CODE_SIZE - 1, NULL, &brand, &err);
    }
    if (status == STATUS_OK) {
        status = read_mixed_part(body, &part, &err);
    }
    if (status == STATUS_OK) {
        answer_with_state(request, web, till_pay_mixed(web->options.till, basket, method, brand, &part, &err), &err);
    } else {
        answer_bad_command(request, status, &err);
    }
    json_free(body);
}

void
post_pay_presented(struct http_request *request, void *context)
{
    struct till_web *web = context;
    const char *basket;
    const char *brand;
    struct error_detail err;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    enum status status = json_get_text(body, "basket", IDENTITY_TEXT_SIZE - 1, &basket, &err);
    if (status == STATUS_OK) {
        status = json_get_text(body, "brand", CODE_SIZE - 1, &brand, &err);
    }
    if (status == STATUS_OK) {
        answer_with_state(request, web, till_pay_presented(web->options.till, basket, brand, &err), &err);
    } else {
        answer_bad_command(request, status, &err);
    }
    json_free(body);
}

/* Overwrite the code in the request's own bytes. The JSON tree's copy is wiped through the pointer that it gave. */
static void
wipe_code(struct http_request *request, const char *code)
{
    size_t length;
    const char *body = http_request_body(request, &length);
    if (code != NULL) {
        secret_wipe((char *)(uintptr_t)code, strlen(code));
    }
    if (length > 0) {
        secret_wipe((char *)(uintptr_t)body, length);
    }
}

enum {
    CODE_READ_MAX = 2000 /* the till says what is no code */
};

static void
post_code(struct http_request *request, struct till_web *web,
          enum status (*take)(struct till *till, const char *code, struct error_detail *err))
{
    const char *code = NULL;
    struct error_detail err;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    enum status status = json_get_text(body, "code", CODE_READ_MAX, &code, &err);
    enum status taken = STATUS_OK;
    if (status == STATUS_OK) {
        taken = take(web->options.till, code, &err);
    }
    wipe_code(request, code);
    if (status == STATUS_OK) {
        answer_with_state(request, web, taken, &err);
    } else {
        answer_bad_command(request, status, &err);
    }
    json_free(body);
}

void
post_pay_code(struct http_request *request, void *context)
{
    post_code(request, context, till_pay_code);
}

void
post_scan(struct http_request *request, void *context)
{
    post_code(request, context, till_scan);
}

void
post_pay_stop(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct error_detail err;
    answer_with_state(request, web, till_stop_payment(web->options.till, &err), &err);
}

void
post_pay_set_aside(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct error_detail err;
    answer_with_state(request, web, till_set_payment_aside(web->options.till, &err), &err);
}

void
post_pay_abandon(struct http_request *request, void *context)
{
    struct till_web *web = context;
    const char *payment;
    const char *reason;
    struct error_detail err;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    enum status status = json_get_text(body, "payment", IDENTITY_TEXT_SIZE - 1, &payment, &err);
    if (status == STATUS_OK) {
        status = json_get_text_or(body, "reason", 4000, "", &reason, &err);
    }
    if (status == STATUS_OK) {
        answer_with_state(request, web, till_abandon_payment(web->options.till, payment, reason, &err), &err);
    } else {
        answer_bad_command(request, status, &err);
    }
    json_free(body);
}

void
post_pay_clear(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct error_detail err;
    answer_with_state(request, web, till_clear_payment(web->options.till, &err), &err);
}
