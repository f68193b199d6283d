/* Catalogue and clerk. */
#include "pos/web/web_parts.h"

void
get_catalog(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct buffer catalog;
    struct error_detail err;
    buffer_init(&catalog, SALES_MAX_BYTES);
    enum status status = till_write_catalog(web->options.till, &catalog, &err);
    if (status == STATUS_OK) {
        http_respond_json(request, 200, &catalog);
    } else {
        http_respond_error(request, status, &err);
    }
    buffer_finish(&catalog);
}

void
post_sign_in(struct http_request *request, void *context)
{
    struct till_web *web = context;
    const char *clerk;
    const char *pin;
    struct error_detail err;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    enum status status = json_get_text(body, "clerk", CODE_SIZE - 1, &clerk, &err);
    if (status == STATUS_OK) {
        status = json_get_text(body, "pin", PIN_MAX_BYTES, &pin, &err);
    }
    if (status == STATUS_OK) {
        answer_with_state(request, web, till_sign_in(web->options.till, clerk, pin, &err), &err);
    } else {
        answer_bad_command(request, status, &err);
    }
    json_free(body);
}

void
post_sign_out(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct error_detail err;
    answer_with_state(request, web, till_sign_out(web->options.till, &err), &err);
}

void
post_lock(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct error_detail err;
    answer_with_state(request, web, till_lock_screen(web->options.till, &err), &err);
}

/* Somebody reads or scrolls: the lock has noted it already (admit). */
void
post_active(struct http_request *request, void *context)
{
    (void)context;
    http_respond(request, 200, "application/json", "{}", 2);
}

void
post_training(struct http_request *request, void *context)
{
    struct till_web *web = context;
    bool is_on;
    struct error_detail err;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    enum status status = json_get_bool(body, "on", &is_on, &err);
    if (status == STATUS_OK) {
        answer_with_state(request, web, web->options.ask_for_mode(web->options.mode_context, is_on, &err), &err);
    } else {
        answer_bad_command(request, status, &err);
    }
    json_free(body);
}
