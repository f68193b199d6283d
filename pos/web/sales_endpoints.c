/* After the sale: list, void, reprint, the paper as a picture, the drawer. */
#include "drivers/paper/paper.h"
#include "pos/peripherals/peripherals.h"
#include "pos/receipt/receipt.h"
#include "pos/web/web_parts.h"

#include <stdlib.h>

enum { LIST_DEFAULT = 50, LIST_MAX = 200, PREVIEW_COLUMNS = 48 };

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

static enum status
draw_sale(struct till_web *web, const char *sale, struct buffer *png, struct error_detail *err)
{
    static _Thread_local struct print_task task;
    struct buffer bytes;
    struct paper *paper = NULL;
    buffer_init(&bytes, RECEIPT_MAX_BYTES);
    enum status status = till_describe_sale(web->options.till, sale, &task, err);
    if (status == STATUS_OK) {
        status = paper_of_task(&task, PREVIEW_COLUMNS, 0, &bytes, err);
    }
    if (status == STATUS_OK) {
        status = paper_create(&paper, PREVIEW_COLUMNS, err);
    }
    if (status == STATUS_OK) {
        paper_feed(paper, buffer_text(&bytes), bytes.length);
        status = paper_png(paper, PAPER_LAST_SHEET, png, err);
    }
    paper_destroy(paper);
    buffer_finish(&bytes);
    return status;
}

void
get_sale_paper(struct http_request *request, void *context)
{
    struct buffer png;
    struct error_detail err;
    buffer_init(&png, PAPER_PNG_MAX_BYTES);
    enum status status = draw_sale(context, http_request_parameter(request, "sale"), &png, &err);
    if (status == STATUS_OK) {
        http_respond(request, 200, "image/png", buffer_text(&png), png.length);
    } else {
        http_respond_error(request, status, &err);
    }
    buffer_finish(&png);
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
