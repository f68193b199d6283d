/* Papers as templates: what a form begins with and may name, and what markup looks like printed, by the code that the
 * tills print with. */
#include "drivers/paper/paper.h"
#include "drivers/receiptline/sample.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/masters_view.h"

#include <string.h>

static const char *
text_member(const struct json_value *row, const char *key, const char *fallback)
{
    const char *text;
    return json_as_text(json_member(row, key), &text) ? text : fallback;
}

static enum status
read_form(const char *word, enum papers_form *out, struct error_detail *err)
{
    if (word == NULL || !papers_form_from_word(word, out)) {
        error_set(err, "invalid_request", "帳票の種類の指定が正しくありません。");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static void
write_names(struct json_writer *writer, const char *key, const struct receiptline_schema *schema, uint32_t scope,
            unsigned depth)
{
    enum { DEPTH_MAX = 3 /* lists in lists in the paper's record: deeper there is nothing */ };
    static const char *const kinds[] = {
        [RECEIPTLINE_TEXT] = "text",     [RECEIPTLINE_PARAGRAPH] = "paragraph", [RECEIPTLINE_YEN] = "yen",
        [RECEIPTLINE_NUMBER] = "number", [RECEIPTLINE_DATE] = "date",           [RECEIPTLINE_MOMENT] = "moment",
        [RECEIPTLINE_FLAG] = "flag",     [RECEIPTLINE_LIST] = "list",
    };
    json_begin_array(writer, key);
    for (size_t i = 0; i < schema->count && depth < DEPTH_MAX; i++) {
        const struct receiptline_name *name = &schema->names[i];
        if ((name->scope & scope) == 0) {
            continue;
        }
        json_begin_object(writer, NULL);
        json_text(writer, "name", name->name);
        json_text(writer, "kind", kinds[name->kind]);
        json_text(writer, "meaning", name->meaning);
        if (name->rows != NULL && name->rows->names != schema->names) {
            write_names(writer, "rows", name->rows, ~UINT32_C(0), depth + 1);
        }
        json_end_object(writer);
    }
    json_end_array(writer);
}

/* GET: the built-in markup of `form`, and the names that a template of it may use. */
void
masters_template_endpoint(struct http_request *request, void *context)
{
    (void)context;
    struct error_detail err;
    enum papers_form form;
    enum status status = read_form(asked_text(request, "form"), &form, &err);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    struct reply reply;
    size_t length;
    const char *markup = papers_template(form, &length);
    reply_begin(&reply);
    json_text(&reply.writer, "form", papers_form_word(form));
    json_text(&reply.writer, "title", papers_form_title(form));
    json_text_n(&reply.writer, "markup", markup, length);
    write_names(&reply.writer, "names", papers_schema(), papers_form_scope(form), 0);
    reply_send(&reply, request, 200);
}

/* POST {"form","columns"?,"markup"?}: the paper with the form's sample as a picture. What is wrong with the markup is
 * answered with its line and column. */
void
masters_template_preview_endpoint(struct http_request *request, void *context)
{
    (void)context;
    struct error_detail err;
    struct json_value *body = NULL;
    struct buffer picture;
    enum papers_form form = PAPERS_RECEIPT;
    int64_t columns = 48;
    buffer_init(&picture, PAPER_PNG_MAX_BYTES);
    enum status status = asked_body(request, &body, &err);
    if (status == STATUS_OK) {
        status = read_form(text_member(body, "form", NULL), &form, &err);
    }
    if (status == STATUS_OK && !json_is_null(json_member(body, "columns"))) {
        status = json_get_int(body, "columns", RECEIPTLINE_COLUMNS_MIN, RECEIPTLINE_COLUMNS_MAX, &columns, &err);
    }
    if (status == STATUS_OK) {
        const char *markup = text_member(body, "markup", NULL);
        status = receiptline_preview_sample(form, markup, markup != NULL ? strlen(markup) : 0, (unsigned)columns,
                                            RECEIPTLINE_AS_PNG, &picture, &err);
    }
    if (status == STATUS_OK) {
        http_respond(request, 200, "image/png", buffer_text(&picture), picture.length);
    } else {
        respond_failure(request, status, &err);
    }
    buffer_finish(&picture);
    json_free(body);
}
