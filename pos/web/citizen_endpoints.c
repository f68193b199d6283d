/* The citizen's window: its own view, its own stream, and the one thing that it can change, its language. */
#include "pos/codes/qr_svg.h"
#include "pos/till/citizen.h"
#include "pos/web/web_parts.h"

#include "common/log/log.h"
#include "common/signing/signing.h"

#include <string.h>

void
get_citizen(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct buffer view;
    struct error_detail err;
    buffer_init(&view, STATE_MAX_BYTES);
    enum status status = till_write_citizen(web->options.till, &view, &err);
    if (status == STATUS_OK) {
        http_respond_json(request, 200, &view);
    } else {
        http_respond_error(request, status, &err);
    }
    buffer_finish(&view);
}

/* The code that the citizen scans now, as a picture. It is gone with the payment, so nobody keeps it. */
void
get_citizen_code(struct http_request *request, void *context)
{
    const struct till_web *web = context;
    char payload[PRESENTED_PAYLOAD_SIZE];
    struct buffer picture;
    struct error_detail err;
    buffer_init(&picture, STATE_MAX_BYTES);
    enum status status =
        till_presented_payload(web->options.till, http_request_parameter(request, "payment"), payload, &err);
    if (status == STATUS_OK) {
        status = qr_svg_write(payload, strlen(payload), &picture, &err);
    }
    if (status == STATUS_OK) {
        http_respond_header(request, "Cache-Control", "no-store");
        http_respond(request, 200, "image/svg+xml", picture.data, picture.length);
    } else {
        http_respond_error(request, status, &err);
    }
    buffer_finish(&picture);
}

void
get_citizen_events(struct http_request *request, void *context)
{
    struct till_web *web = context;
    http_respond_events(request, web->citizen_hub);
}

void
post_citizen_language(struct http_request *request, void *context)
{
    const struct till_web *web = context;
    const char *language;
    struct error_detail err;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    enum status status = json_get_text(body, "language", 8, &language, &err);
    if (status != STATUS_OK) {
        answer_bad_command(request, status, &err);
    } else if ((status = till_set_language(web->options.till, language, &err)) != STATUS_OK) {
        http_respond_error(request, status, &err);
    } else {
        get_citizen(request, context);
    }
    json_free(body);
}

/* Whether VIEW differs from the one before, but for the revision at its beginning, which counts also what no citizen
 * sees; only the publisher asks. */
static bool
is_another_view(struct till_web *web, const struct buffer *view)
{
    uint8_t digest[SHA256_SIZE];
    const char *text = buffer_text(view);
    const size_t revision_length = strcspn(text, ",");
    sha256(digest, text + revision_length, view->length - revision_length);
    const bool is_another = memcmp(digest, web->citizen_digest, sizeof digest) != 0;
    memcpy(web->citizen_digest, digest, sizeof digest);
    return is_another;
}

void
publish_citizen_view(struct till_web *web)
{
    struct buffer view;
    struct error_detail err;
    buffer_init(&view, STATE_MAX_BYTES);
    enum status status = till_write_citizen(web->options.till, &view, &err);
    if (status == STATUS_OK && is_another_view(web, &view)) {
        forget_balance(web); /* it was another citizen's, or is out of date */
    }
    if (status == STATUS_OK) {
        http_event_hub_publish(web->citizen_hub, "citizen", buffer_text(&view), view.length);
    } else {
        log_failure(LOG_LEVEL_ERROR, "till", "writing the citizen's view", status, &err);
    }
    buffer_finish(&view);
}
