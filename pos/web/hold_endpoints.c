/* Baskets put aside. */
#include "pos/web/web_parts.h"

enum { LABEL_READ_MAX = 4000 /* the till says what is too long */ };

void
post_basket_hold(struct http_request *request, void *context)
{
    struct till_web *web = context;
    const char *basket;
    const char *label;
    struct error_detail err;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    enum status status = json_get_text(body, "basket", IDENTITY_TEXT_SIZE - 1, &basket, &err);
    if (status == STATUS_OK) {
        status = json_get_text_or(body, "label", LABEL_READ_MAX, NULL, &label, &err);
    }
    if (status == STATUS_OK) {
        answer_with_state(request, web, till_hold_basket(web->options.till, basket, label, &err), &err);
    } else {
        answer_bad_command(request, status, &err);
    }
    json_free(body);
}

void
post_hold_recall(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct error_detail err;
    enum status status = till_recall_basket(web->options.till, http_request_parameter(request, "hold"), &err);
    answer_with_state(request, web, status, &err);
}

void
post_hold_discard(struct http_request *request, void *context)
{
    struct till_web *web = context;
    const char *reason;
    struct error_detail err;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    enum status status = json_get_text_or(body, "reason", LABEL_READ_MAX, "", &reason, &err);
    if (status == STATUS_OK) {
        status = till_discard_hold(web->options.till, http_request_parameter(request, "hold"), reason, &err);
        answer_with_state(request, web, status, &err);
    } else {
        answer_bad_command(request, status, &err);
    }
    json_free(body);
}
