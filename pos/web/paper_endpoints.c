/* Papers of all kinds: once more out of the printer, or as a picture. */
#include "drivers/paper/paper.h"
#include "pos/peripherals/peripherals.h"
#include "pos/receipt/receipt.h"
#include "pos/web/web_parts.h"

#include <stdlib.h>

enum { PREVIEW_COLUMNS = 48 };

/* The form that the path names. */
static enum status
form_of_path(const struct http_request *request, enum paper_form *out, struct error_detail *err)
{
    if (paper_form_from_word(http_request_parameter(request, "form"), out)) {
        return STATUS_OK;
    }
    error_set(err, "no_such_paper", "この用紙は印字できません。");
    return STATUS_NOT_FOUND;
}

void
post_paper_print(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct error_detail err;
    enum paper_form form;
    enum status status = form_of_path(request, &form, &err);
    if (status == STATUS_OK) {
        status = till_request_paper(web->options.till, form, http_request_parameter(request, "subject"), &err);
    }
    answer_with_state(request, web, status, &err);
}

static enum status
draw(struct till *till, const struct print_task *task, struct buffer *png, struct error_detail *err)
{
    struct buffer bytes;
    struct paper *paper = NULL;
    buffer_init(&bytes, RECEIPT_MAX_BYTES);
    char *markup = till_copy_template(till, task->form, PREVIEW_COLUMNS);
    enum status status = paper_of_task(task, markup, PREVIEW_COLUMNS, 0, &bytes, err);
    free(markup);
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

static void
answer_with_picture(struct http_request *request, struct till *till, const struct print_task *task, enum status status,
                    struct error_detail *err)
{
    struct buffer png;
    buffer_init(&png, PAPER_PNG_MAX_BYTES);
    if (status == STATUS_OK) {
        status = draw(till, task, &png, err);
    }
    if (status == STATUS_OK) {
        http_respond(request, 200, "image/png", buffer_text(&png), png.length);
    } else {
        http_respond_error(request, status, err);
    }
    buffer_finish(&png);
}

/* Too large for a stack, and for every thread to keep one. *OUT is given. */
static enum status
make_task(struct print_task **out, struct error_detail *err)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL) {
        error_set(err, "no_memory", "メモリが足りません。端末を再起動してください。");
        return STATUS_NO_MEMORY;
    }
    return STATUS_OK;
}

void
get_paper_picture(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct error_detail err;
    enum paper_form form;
    struct print_task *task = NULL;
    enum status status = form_of_path(request, &form, &err);
    if (status == STATUS_OK) {
        status = make_task(&task, &err);
    }
    if (status == STATUS_OK) {
        status = till_describe_paper(web->options.till, form, http_request_parameter(request, "subject"), task, &err);
    }
    answer_with_picture(request, web->options.till, task, status, &err);
    free(task);
}

void
get_sale_paper(struct http_request *request, void *context)
{
    struct till_web *web = context;
    struct error_detail err;
    struct print_task *task = NULL;
    enum status status = make_task(&task, &err);
    if (status == STATUS_OK) {
        status = till_describe_sale(web->options.till, http_request_parameter(request, "sale"), task, &err);
    }
    answer_with_picture(request, web->options.till, task, status, &err);
    free(task);
}
