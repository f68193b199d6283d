/* Arrays over the reader. */
#include "settlement/statements/statement_file.h"

#include "settlement/arena/growing.h"
#include "settlement/statements/reader.h"

static enum status
refuse_kind(const char *wanted, struct error_detail *err)
{
    error_set(err, "layout_kind", "この書式は%sの書式ではありません。gives を確かめてください。", wanted);
    return STATUS_INVALID;
}

static enum status
refuse_count(struct error_detail *err)
{
    error_set(err, "statement_too_long", "明細が %d 行を超えたか、メモリーが足りません。", (int)FILE_LINES_MAX);
    return STATUS_OVERFLOW;
}

enum status
statement_file_parse(struct statement_file *out, const struct layout *layout, const void *bytes, size_t length,
                     struct civil_date not_after, struct error_detail *err)
{
    return statement_file_parse_passing(out, layout, bytes, length, not_after, NULL, NULL, err);
}

enum status
statement_file_parse_passing(struct statement_file *out, const struct layout *layout, const void *bytes, size_t length,
                             struct civil_date not_after, reader_fault_sink sink, void *context,
                             struct error_detail *err)
{
    if (layout_gives(layout) != LAYOUT_GIVES_STATEMENT) {
        return refuse_kind("決済会社の明細", err);
    }
    struct growing lines;
    growing_init(&lines, sizeof(struct statement_line), FILE_LINES_MAX, 0);
    struct reader *reader = NULL;
    enum status status = reader_create(&reader, layout, bytes, length, not_after, err);
    bool has_line = true;
    if (status == STATUS_OK) {
        reader_keep_faults(reader, sink, context);
    }
    while (status == STATUS_OK && has_line) {
        struct statement_line line;
        status = reader_next_statement(reader, &line, &has_line, err);
        if (status == STATUS_OK && has_line) {
            struct statement_line *added = growing_add(&lines);
            status = added != NULL ? STATUS_OK : refuse_count(err);
            if (added != NULL) {
                *added = line;
            }
        }
    }
    if (status != STATUS_OK) {
        growing_finish(&lines);
        reader_destroy(reader);
        return status;
    }
    *out = (struct statement_file){.lines = lines.elements, .count = lines.count, .reader = reader};
    return STATUS_OK;
}

void
statement_file_finish(struct statement_file *file)
{
    struct growing lines = {.elements = file->lines};
    growing_finish(&lines);
    reader_destroy(file->reader);
    *file = (struct statement_file){0};
}

enum status
bank_file_parse(struct bank_file *out, const struct layout *layout, const void *bytes, size_t length,
                struct civil_date not_after, struct error_detail *err)
{
    return bank_file_parse_passing(out, layout, bytes, length, not_after, NULL, NULL, err);
}

enum status
bank_file_parse_passing(struct bank_file *out, const struct layout *layout, const void *bytes, size_t length,
                        struct civil_date not_after, reader_fault_sink sink, void *context, struct error_detail *err)
{
    if (layout_gives(layout) != LAYOUT_GIVES_BANK) {
        return refuse_kind("銀行の入出金明細", err);
    }
    struct growing lines;
    growing_init(&lines, sizeof(struct bank_line), FILE_LINES_MAX, 0);
    struct reader *reader = NULL;
    enum status status = reader_create(&reader, layout, bytes, length, not_after, err);
    bool has_line = true;
    if (status == STATUS_OK) {
        reader_keep_faults(reader, sink, context);
    }
    while (status == STATUS_OK && has_line) {
        struct bank_line line;
        status = reader_next_bank(reader, &line, &has_line, err);
        if (status == STATUS_OK && has_line) {
            struct bank_line *added = growing_add(&lines);
            status = added != NULL ? STATUS_OK : refuse_count(err);
            if (added != NULL) {
                *added = line;
            }
        }
    }
    if (status != STATUS_OK) {
        growing_finish(&lines);
        reader_destroy(reader);
        return status;
    }
    *out = (struct bank_file){.lines = lines.elements, .count = lines.count, .reader = reader};
    return STATUS_OK;
}

void
bank_file_finish(struct bank_file *file)
{
    struct growing lines = {.elements = file->lines};
    growing_finish(&lines);
    reader_destroy(file->reader);
    *file = (struct bank_file){0};
}
