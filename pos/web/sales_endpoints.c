/* After the sale: list, void, reprint, the drawer. */
#include "pos/web/web_parts.h"

#include <stdlib.h>

enum { LIST_DEFAULT = 50, LIST_MAX = 200 };

static size_t
limit_of(const struct http_request *request)
{
    const char *text = http_request_query(request, "limit");
    long value = text != NULL ? strtol(text, NULL, 10) : LIST_DEFAULT;
    return value < 1 || value > LIST_MAX ? LIST_DEFAULT : (size_t)value;
}

void
get_sales(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct buffer sales;
    struct error_detail err;
    const char *before = http_request_query(request, "before");
    buffer_init(&sales, SALES_MAX_BYTES);
    enum status status = till_write_sales(web->options.till, before != NULL && before[0] != '\0' ? before : NULL,
                                          limit_of(request), &sales, &err);
    if (status == STATUS_OK) {
        http_respond_json(request, 200, &sales);
    } else {
        http_respond_error(request, status, &err);
    }
    buffer_finish(&sales);
}

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
