/* Ringing up. */
#include "pos/web/web_parts.h"

enum {
    QUANTITY_READ_MAX = 1000000 /* the basket says what is sensible */
};

void
post_basket_item(struct http_request *request, void *context)
{
    struct till_web *web = context;
    const char *item;
    int64_t quantity;
    struct error_detail err;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    enum status status = json_get_text(body, "item", CODE_SIZE - 1, &item, &err);
    if (status == STATUS_OK) {
        status = json_get_int_or(body, "quantity", -QUANTITY_READ_MAX, QUANTITY_READ_MAX, 1, &quantity, &err);
    }
    if (status == STATUS_OK) {
        answer_with_state(request, web, till_add_item(web->options.till, item, quantity, &err), &err);
    } else {
        answer_bad_command(request, status, &err);
    }
    json_free(body);
}

void
post_basket_line(struct http_request *request, void *context)
{
    struct till_web *web = context;
    int64_t quantity;
    struct error_detail err;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    enum status status = json_get_int(body, "quantity", -QUANTITY_READ_MAX, QUANTITY_READ_MAX, &quantity, &err);
    if (status == STATUS_OK) {
        status = till_set_quantity(web->options.till, path_number(request, "line"), quantity, &err);
        answer_with_state(request, web, status, &err);
    } else {
        answer_bad_command(request, status, &err);
    }
    json_free(body);
}

void
delete_basket_line(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct error_detail err;
    enum status status = till_remove_line(web->options.till, path_number(request, "line"), &err);
    answer_with_state(request, web, status, &err);
}

void
post_basket_exemption(struct http_request *request, void *context)
{
    struct till_web *web = context;
    const char *rule;
    const char *reason;
    struct error_detail err;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    enum status status = json_get_text_or(body, "rule", CODE_SIZE - 1, NULL, &rule, &err);
    if (status == STATUS_OK) {
        status = json_get_text_or(body, "reason", 4000, NULL, &reason, &err);
    }
    if (status == STATUS_OK) {
        status = till_set_exemption(web->options.till, path_number(request, "line"), rule, reason, &err);
        answer_with_state(request, web, status, &err);
    } else {
        answer_bad_command(request, status, &err);
    }
    json_free(body);
}

void
delete_basket(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct error_detail err;
    answer_with_state(request, web, till_clear_basket(web->options.till, &err), &err);
}
