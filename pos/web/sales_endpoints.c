/* After the sale: void, reprint, the drawer. */
#include "pos/web/web_parts.h"

void
post_sale_void(struct http_request *request, void *context)
{
    struct till_web *web = context;
    const char *reason;
    struct error_detail err;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    enum status status = json_get_text_or(body, "reason", 4000, "", &reason, &err);
    if (status == STATUS_OK) {
        status = till_void_sale(web->options.till, http_request_parameter(request, "sale"), reason, &err);
        answer_with_state(request, web, status, &err);
    } else {
        answer_bad_command(request, status, &err);
    }
    json_free(body);
}

void
post_sale_reprint(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct error_detail err;
    enum status status = till_request_print(web->options.till, http_request_parameter(request, "sale"), &err);
    answer_with_state(request, web, status, &err);
}

void
post_drawer_open(struct http_request *request, void *context)
{
    struct till_web *web = context;
    const char *reason;
    struct error_detail err;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    enum status status = json_get_text_or(body, "reason", 4000, "", &reason, &err);
    if (status == STATUS_OK) {
        answer_with_state(request, web, till_open_drawer(web->options.till, reason, &err), &err);
    } else {
        answer_bad_command(request, status, &err);
    }
    json_free(body);
}
