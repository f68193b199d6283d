/* The papers of a business day, as its close fixed it in the journal. */
#include "pos/receipt/document.h"
#include "pos/till/till_parts.h"

#include <stdio.h>

/* The sequence of DAY's day.closed. */
static enum status
find_close(struct till *till, const char *day, int64_t *out, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = database_statement(
        till->db, "SELECT closed_sequence FROM business_day WHERE day = ?1 AND state = 'closed'", &row, err);
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, day);
        status = statement_step(row, &has_row, err);
    }
    if (status == STATUS_OK && has_row) {
        *out = statement_column_int(row, 0);
        statement_reset(row);
    } else if (status == STATUS_OK) {
        error_set(err, "no_such_day", "その営業日の精算は見つかりません。");
        status = STATUS_NOT_FOUND;
    }
    return status;
}

/* What the line says, read as the receipt reads it anywhere else. */
static enum status
read_close(const struct till *till, const struct buffer *line, struct print_task *task, struct error_detail *err)
{
    struct receipt_document *document = NULL;
    enum status status = receipt_document_read(&document, buffer_text(line), line->length, err);
    if (status == STATUS_OK) {
        const struct receipt_input *input = receipt_document_input(document);
        task->day = *input->day;
        task->at_ms = input->at_ms;
        snprintf(task->clerk_name, sizeof task->clerk_name, "%s", input->clerk_name);
    }
    receipt_document_destroy(document);
    if (status == STATUS_OK && till->masters != NULL) {
        /* Copied first: the line gave the clerk's code in the place of the name. */
        char clerk[NAME_SIZE];
        snprintf(clerk, sizeof clerk, "%s", task->clerk_name);
        snprintf(task->clerk_name, sizeof task->clerk_name, "%s", masters_clerk_name(till->masters, clerk));
        for (size_t i = 0; i < task->day.total_count; i++) {
            struct receipt_day_total *total = &task->day.totals[i];
            if (total->brand[0] != '\0') {
                snprintf(total->brand_name, sizeof total->brand_name, "%s",
                         masters_brand_name(till->masters, total->brand));
            }
        }
    }
    return status;
}

enum status
describe_day_paper(struct till *till, const char *subject, struct print_task *task, struct error_detail *err)
{
    int64_t sequence = 0;
    struct buffer line;
    buffer_init(&line, JOURNAL_LINE_MAX_BYTES);
    enum status status = find_close(till, subject, &sequence, err);
    if (status == STATUS_OK) {
        status = journal_read_line(till->db, sequence, &line, err);
    }
    if (status == STATUS_OK) {
        status = read_close(till, &line, task, err);
    }
    buffer_finish(&line);
    return status;
}
