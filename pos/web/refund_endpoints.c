/* Refunds: asked for, paid, taken back. */
#include "pos/web/web_parts.h"

/* The lines of a request; none at all means all that is left. */
static enum status
read_parts(const struct json_value *body, struct refund_part parts[BASKET_LINES_MAX], size_t *out_count,
           struct error_detail *err)
{
    const struct json_value *lines = json_member(body, "lines");
    size_t count = 0;
    enum status status = STATUS_OK;
    if (json_is_null(lines)) {
        *out_count = 0;
        return STATUS_OK;
    }
    if (!json_is_array(lines) || json_count(lines) == 0 || json_count(lines) > BASKET_LINES_MAX) {
        error_set(err, "wrong_member", "\"lines\" must hold 1 to %d lines", BASKET_LINES_MAX);
        return STATUS_INVALID;
    }
    for (const struct json_value *line = json_first(lines); line != NULL && status == STATUS_OK;
         line = json_next(line)) {
        int64_t number = 0;
        status = json_get_int(line, "line", 1, BASKET_LINES_MAX, &number, err);
        parts[count].line = (size_t)number;
        if (status == STATUS_OK) {
            status = json_get_int(line, "amount_yen", -YEN_LIMIT, YEN_LIMIT, &parts[count].amount_yen, err);
        }
        count++;
    }
    *out_count = count;
    return status;
}

static enum status
read_refund_request(const struct json_value *body, struct refund_request *out,
                    struct refund_part parts[BASKET_LINES_MAX], struct error_detail *err)
{
    enum status status = json_get_int(body, "remainder_yen", 0, YEN_LIMIT, &out->remainder_yen, err);
    if (status == STATUS_OK) {
        status = json_get_text(body, "means", CODE_SIZE - 1, &out->means, err);
    }
    if (status == STATUS_OK) {
        status = json_get_text_or(body, "reason", REASON_READ_MAX, "", &out->reason, err);
    }
    out->parts = parts;
    return status == STATUS_OK ? read_parts(body, parts, &out->part_count, err) : status;
}

void
post_sale_refund(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct refund_part parts[BASKET_LINES_MAX];
    struct refund_request wanted = {.sale = http_request_parameter(request, "sale")};
    char refund[IDENTITY_TEXT_SIZE];
    struct error_detail err;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    enum status status = read_refund_request(body, &wanted, parts, &err);
    if (status == STATUS_OK) {
        status = till_request_refund(web->options.till, &wanted, refund, &err);
        answer_with_state(request, web, status, &err);
    } else {
        answer_bad_command(request, status, &err);
    }
    json_free(body);
}

void
post_refund_pay(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct approval approval;
    struct error_detail err;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    enum status status = read_approval(body, &approval, &err);
    if (status == STATUS_OK) {
        status = till_pay_refund(web->options.till, http_request_parameter(request, "refund"), &approval, &err);
        answer_with_state(request, web, status, &err);
    } else {
        answer_bad_command(request, status, &err);
    }
    json_free(body);
}

void
post_refund_withdraw(struct http_request *request, void *context)
{
    struct till_web *web = context;
    const char *reason;
    struct error_detail err;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    enum status status = json_get_text_or(body, "reason", REASON_READ_MAX, "", &reason, &err);
    if (status == STATUS_OK) {
        status = till_withdraw_refund(web->options.till, http_request_parameter(request, "refund"), reason, &err);
        answer_with_state(request, web, status, &err);
    } else {
        answer_bad_command(request, status, &err);
    }
    json_free(body);
}
