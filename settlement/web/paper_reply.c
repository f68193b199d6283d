/* One table of shapes. A PDF is shown by the browser; the others are saved. */
#include "settlement/web/paper_reply.h"

#include "settlement/forms/form_csv.h"
#include "settlement/forms/form_files.h"
#include "settlement/web/asked.h"
#include "settlement/web/reply.h"

#include <stdio.h>
#include <string.h>

enum { DISPOSITION_SIZE = 160, REPLACED_TEXT_SIZE = 24 };

static enum status
write_utf8(struct http_request *request, const struct form *const *forms, size_t count, struct buffer *out,
           struct error_detail *err)
{
    (void)request;
    enum status status = form_check(forms[count - 1], err);
    if (status == STATUS_OK) {
        form_to_csv(out, forms[count - 1]);
        status = buffer_check(out, err);
    }
    return status;
}

/* How many characters the other side will miss stands in a header. */
static enum status
write_cp932(struct http_request *request, const struct form *const *forms, size_t count, struct buffer *out,
            struct error_detail *err)
{
    size_t replaced = 0;
    char text[REPLACED_TEXT_SIZE];
    enum status status = form_check(forms[count - 1], err);
    if (status == STATUS_OK) {
        status = form_to_csv_cp932(out, forms[count - 1], &replaced, err);
    }
    if (status == STATUS_OK) {
        snprintf(text, sizeof text, "%zu", replaced);
        http_respond_header(request, "Madoguchi-Replaced-Characters", text);
    }
    return status;
}

static enum status
write_pdf(struct http_request *request, const struct form *const *forms, size_t count, struct buffer *out,
          struct error_detail *err)
{
    (void)request;
    return form_to_pdf(forms, count, out, err);
}

static enum status
write_xlsx(struct http_request *request, const struct form *const *forms, size_t count, struct buffer *out,
           struct error_detail *err)
{
    (void)request;
    return form_to_xlsx(forms, count, out, err);
}

static const struct shape {
    const char *word;
    const char *ending;
    const char *content_type;
    const char *disposition;
    enum status (*write)(struct http_request *request, const struct form *const *forms, size_t count,
                         struct buffer *out, struct error_detail *err);
} shapes[] = {
    {"pdf", "pdf", "application/pdf", "inline", write_pdf},
    {"xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "attachment", write_xlsx},
    {"csv", "csv", "text/csv; charset=utf-8", "attachment", write_utf8},
    {"csv-cp932", "csv", "text/csv; charset=Shift_JIS", "attachment", write_cp932},
};

static const struct shape *
asked_shape(const struct http_request *request)
{
    const char *format = asked_text(request, "format");
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        if (strcmp(shapes[i].word, format != NULL ? format : "pdf") == 0) {
            return &shapes[i];
        }
    }
    return NULL;
}

void
respond_paper(struct http_request *request, const char *name, const struct form *const *forms, size_t count)
{
    struct error_detail err;
    struct buffer bytes;
    char disposition[DISPOSITION_SIZE];
    const struct shape *shape = asked_shape(request);
    if (shape == NULL) {
        respond_problem(request, STATUS_INVALID, "invalid_request",
                        "帳票の形式は pdf、xlsx、csv、csv-cp932 から選んでください。");
        return;
    }
    buffer_init(&bytes, FORM_FILE_MAX_BYTES);
    enum status status = shape->write(request, forms, count, &bytes, &err);
    if (status == STATUS_OK) {
        snprintf(disposition, sizeof disposition, "%s; filename=\"%s.%s\"", shape->disposition, name, shape->ending);
        http_respond_header(request, "Content-Disposition", disposition);
        http_respond(request, 200, shape->content_type, bytes.data, bytes.length);
    } else {
        respond_failure(request, status, &err);
    }
    buffer_finish(&bytes);
}
