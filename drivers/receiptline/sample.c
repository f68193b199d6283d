/* Template and sample, brought together. */
#include "drivers/receiptline/sample.h"

enum status
receiptline_preview_sample(enum papers_form form, const char *markup, size_t length, unsigned columns,
                           enum receiptline_medium medium, struct buffer *out, struct error_detail *err)
{
    struct receiptline_template *template = NULL;
    struct papers_record *record = NULL;
    size_t sample_length;
    const char *sample = papers_sample(form, &sample_length);
    if (columns != 48 && columns != 42 && columns != 32) {
        error_set(err, "wrong_columns", "用紙の幅は 48、42、32 のどれかです。");
        return STATUS_INVALID;
    }
    if (markup == NULL) {
        markup = papers_template(form, &length);
    }
    enum status status = papers_compile(&template, form, markup, length, err);
    if (status == STATUS_OK) {
        status = papers_record_read(&record, form, sample, sample_length, err);
    }
    if (status == STATUS_OK) {
        status = receiptline_preview(template, papers_record_values(record), columns, medium, out, err);
    }
    papers_record_destroy(record);
    receiptline_destroy(template);
    return status;
}
