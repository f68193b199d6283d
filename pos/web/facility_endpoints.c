/* Car parks and entries. */
#include "pos/till/tickets.h"
#include "pos/web/web_parts.h"

enum {
    TICKET_MAX_BYTES = 16 * 1024,
    FACILITIES_MAX_BYTES = 512 * 1024, /* a hundred cars and a hundred facilities */
    TEXT_READ_MAX = 4000               /* the till says what is too long */
};

static void
answer_with(struct http_request *request, unsigned code, struct buffer *json, enum status status,
            const struct error_detail *err)
{
    if (status == STATUS_OK) {
        http_respond_json(request, code, json);
    } else {
        http_respond_error(request, status, err);
    }
    buffer_finish(json);
}

static void
answer_with_ticket(struct http_request *request, struct till_web *web, const char *ticket)
{
    struct buffer json;
    struct error_detail err;
    buffer_init(&json, TICKET_MAX_BYTES);
    const enum status status = till_write_ticket(web->options.till, ticket, &json, &err);
    answer_with(request, 200, &json, status, &err);
}

void
get_facilities(struct http_request *request, void *context)
{
    const struct till_web *web = context;
    struct buffer json;
    struct error_detail err;
    buffer_init(&json, FACILITIES_MAX_BYTES);
    const enum status status = till_write_facilities(web->options.till, &json, &err);
    answer_with(request, 200, &json, status, &err);
}

void
get_ticket(struct http_request *request, void *context)
{
    answer_with_ticket(request, context, http_request_parameter(request, "ticket"));
}

void
post_ticket(struct http_request *request, void *context)
{
    struct till_web *web = context;
    const char *item;
    const char *label;
    char ticket[TICKET_NUMBER_SIZE];
    struct error_detail err;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    enum status status = json_get_text(body, "item", CODE_SIZE - 1, &item, &err);
    if (status == STATUS_OK) {
        status = json_get_text_or(body, "label", TEXT_READ_MAX, NULL, &label, &err);
    }
    if (status != STATUS_OK) {
        answer_bad_command(request, status, &err);
    } else if ((status = till_issue_ticket(web->options.till, item, label, ticket, &err)) != STATUS_OK) {
        http_respond_error(request, status, &err);
    } else {
        answer_with_ticket(request, web, ticket);
    }
    json_free(body);
}

void
post_ticket_time(struct http_request *request, void *context)
{
    struct till_web *web = context;
    const char *entered_at;
    const char *reason;
    struct error_detail err;
    const char *ticket = http_request_parameter(request, "ticket");
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    enum status status = json_get_text(body, "entered_at", 40, &entered_at, &err);
    if (status == STATUS_OK) {
        status = json_get_text_or(body, "reason", TEXT_READ_MAX, "", &reason, &err);
    }
    if (status != STATUS_OK) {
        answer_bad_command(request, status, &err);
    } else if ((status = till_correct_ticket(web->options.till, ticket, entered_at, reason, &err)) != STATUS_OK) {
        http_respond_error(request, status, &err);
    } else {
        answer_with_ticket(request, web, ticket);
    }
    json_free(body);
}

void
post_ticket_close(struct http_request *request, void *context)
{
    struct till_web *web = context;
    const char *outcome;
    const char *reason;
    struct error_detail err;
    const char *ticket = http_request_parameter(request, "ticket");
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    enum status status = json_get_text(body, "outcome", 16, &outcome, &err);
    if (status == STATUS_OK) {
        status = json_get_text_or(body, "reason", TEXT_READ_MAX, NULL, &reason, &err);
    }
    if (status != STATUS_OK) {
        answer_bad_command(request, status, &err);
    } else if ((status = till_close_ticket(web->options.till, ticket, outcome, reason, &err)) != STATUS_OK) {
        http_respond_error(request, status, &err);
    } else {
        answer_with_ticket(request, web, ticket);
    }
    json_free(body);
}

void
post_entry(struct http_request *request, void *context)
{
    struct till_web *web = context;
    const char *facility;
    const char *category;
    int64_t count;
    struct error_detail err;
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    enum status status = json_get_text(body, "facility", CODE_SIZE - 1, &facility, &err);
    if (status == STATUS_OK) {
        status = json_get_text(body, "category", CODE_SIZE - 1, &category, &err);
    }
    if (status == STATUS_OK) {
        status = json_get_int(body, "count", -YEN_LIMIT, YEN_LIMIT, &count, &err);
    }
    if (status != STATUS_OK) {
        answer_bad_command(request, status, &err);
    } else if ((status = till_count_entry(web->options.till, facility, category, count, &err)) != STATUS_OK) {
        http_respond_error(request, status, &err);
    } else {
        get_facilities(request, context);
    }
    json_free(body);
}

void
post_ticket_ring_up(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct error_detail err;
    const char *ticket = http_request_parameter(request, "ticket");
    struct json_value *body = command_body(request);
    if (body == NULL) {
        return;
    }
    const struct json_value *facts = json_member(body, "facts");
    const enum status status = till_ring_up_ticket(web->options.till, ticket, facts, &err);
    answer_with_state(request, web, status, &err);
    json_free(body);
}
