/* Items that a tariff prices, and what changes a price. */
#include "pos/web/web_parts.h"

enum {
    NAME_READ_MAX = 4000, /* the till says what is too long */
    SET_READ_MAX = 1000000
};

#define PRICE_READ_MAX INT64_C(1000000000000)

void
get_questions(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct buffer answer;
    struct error_detail err;
    buffer_init(&answer, STATE_MAX_BYTES);
    enum status status =
        till_write_questions(web->options.till, http_request_parameter(request, "item"), &answer, &err);
    if (status == STATUS_OK) {
        http_respond_json(request, 200, &answer);
    } else {
        http_respond_error(request, status, &err);
    }
    buffer_finish(&answer);
}

/* {"item","facts"?,"reductions"?:[{"rule","granter"?}]}; borrows from BODY. */
static enum status
read_case(const struct json_value *body, struct case_input *out, struct error_detail *err)
{
    const struct json_value *reductions = json_member(body, "reductions");
    *out = (struct case_input){0};
    enum status status = json_get_text(body, "item", CODE_SIZE - 1, &out->item, err);
    if (status == STATUS_OK && !json_is_null(json_member(body, "facts"))) {
        status = json_get_object(body, "facts", &out->facts, err);
    }
    if (json_count(reductions) > TARIFF_GRANTED_MAX) {
        error_set(err, "too_many_reductions", "減免は一度に%d件までです。", TARIFF_GRANTED_MAX);
        status = STATUS_OVERFLOW;
    }
    const struct json_value *row;
    for (row = json_first(reductions); row != NULL && status == STATUS_OK; row = json_next(row)) {
        struct granted_choice *choice = &out->granted[out->granted_count++];
        status = json_get_text(row, "rule", CODE_SIZE - 1, &choice->rule, err);
        if (status == STATUS_OK) {
            status = json_get_text_or(row, "granter", NAME_READ_MAX, NULL, &choice->granter, err);
        }
    }
    return status;
}

void
post_tariff_price(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct case_input input;
    struct buffer answer;
    struct error_detail err;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    buffer_init(&answer, STATE_MAX_BYTES);
    enum status status = read_case(body, &input, &err);
    if (status != STATUS_OK) {
        answer_bad_command(request, status, &err);
    } else if ((status = till_price_case(web->options.till, &input, &answer, &err)) == STATUS_OK) {
        http_respond_json(request, 200, &answer);
    } else {
        http_respond_error(request, status, &err);
    }
    buffer_finish(&answer);
    json_free(body);
}

void
post_basket_case(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct case_input input;
    int64_t replaced;
    struct error_detail err;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    enum status status = read_case(body, &input, &err);
    if (status == STATUS_OK) {
        status = json_get_int_or(body, "set", 0, SET_READ_MAX, 0, &replaced, &err);
    }
    if (status == STATUS_OK) {
        answer_with_state(request, web, till_put_case(web->options.till, &input, replaced, &err), &err);
    } else {
        answer_bad_command(request, status, &err);
    }
    json_free(body);
}

void
post_basket_reduction(struct http_request *request, void *context)
{
    struct till_web *web = context;
    const char *rule;
    const char *granter;
    struct error_detail err;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    enum status status = json_get_text_or(body, "rule", CODE_SIZE - 1, NULL, &rule, &err);
    if (status == STATUS_OK) {
        status = json_get_text_or(body, "granter", NAME_READ_MAX, NULL, &granter, &err);
    }
    if (status == STATUS_OK) {
        status = till_set_reduction(web->options.till, path_number(request, "line"), rule, granter, &err);
        answer_with_state(request, web, status, &err);
    } else {
        answer_bad_command(request, status, &err);
    }
    json_free(body);
}

static enum status
read_price_change(const struct json_value *body, struct price_change *out, struct approval *approval,
                  struct error_detail *err)
{
    enum status status = json_get_text(body, "basket", IDENTITY_TEXT_SIZE - 1, &out->basket, err);
    if (status == STATUS_OK) {
        status = json_get_text(body, "item", CODE_SIZE - 1, &out->item, err);
    }
    if (status == STATUS_OK) {
        status = json_get_int(body, "unit_price_yen", -PRICE_READ_MAX, PRICE_READ_MAX, &out->unit_price_yen, err);
    }
    if (status == STATUS_OK) {
        status = json_get_text_or(body, "reason", NAME_READ_MAX, "", &out->reason, err);
    }
    return status == STATUS_OK ? read_approval(body, approval, err) : status;
}

void
post_basket_price(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct price_change change;
    struct approval approval;
    struct error_detail err;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    size_t line = path_number(request, "line");
    if (json_is_null(json_member(body, "unit_price_yen"))) {
        answer_with_state(request, web, till_restore_price(web->options.till, line, &err), &err);
        json_free(body);
        return;
    }
    enum status status = read_price_change(body, &change, &approval, &err);
    if (status == STATUS_OK) {
        status = till_override_price(web->options.till, line, &change, &approval, &err);
        answer_with_state(request, web, status, &err);
    } else {
        answer_bad_command(request, status, &err);
    }
    json_free(body);
}

void
post_basket_reference(struct http_request *request, void *context)
{
    struct till_web *web = context;
    const char *kind;
    const char *number;
    struct error_detail err;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    enum status status = json_get_text_or(body, "kind", CODE_SIZE - 1, NULL, &kind, &err);
    if (status == STATUS_OK) {
        status = json_get_text_or(body, "number", NAME_READ_MAX, "", &number, &err);
    }
    if (status == STATUS_OK) {
        answer_with_state(request, web, till_set_reference(web->options.till, kind, number, &err), &err);
    } else {
        answer_bad_command(request, status, &err);
    }
    json_free(body);
}
