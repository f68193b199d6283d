/* The papers that have not certainly come out, for the screen. */
#include "pos/till/till_parts.h"

#include <stdio.h>
#include <string.h>

enum {
    LISTED_MAX = 50 /* on the screen; the rest follow as these are printed */
};

/* A row as fetched. */
struct unprinted_row {
    const char *subject;
    enum paper_form form;
    const char *state;
    const char *receipt_number; /* "" when it is not about a sale */
    const char *business_date;  /* "" when it is not about a day */
    bool has_total;
    int64_t total_yen;
    bool is_of_late_sale;
};

/* "領収書 0007", "精算票 11/22". */
static void
write_title(const struct unprinted_row *row, struct json_writer *writer)
{
    char title[NAME_SIZE];
    const char *number = strrchr(row->receipt_number, '-');
    if (number != NULL) {
        snprintf(title, sizeof title, "%s %s", paper_form_title(row->form), number + 1);
    } else if (strlen(row->business_date) == CIVIL_DATE_TEXT_SIZE - 1) {
        snprintf(title, sizeof title, "%s %.2s/%.2s", paper_form_title(row->form), row->business_date + 5,
                 row->business_date + 8);
    } else {
        snprintf(title, sizeof title, "%s", paper_form_title(row->form));
    }
    json_text(writer, "title", title);
}

static void
write_row(const struct till *till, const struct unprinted_row *row, struct json_writer *writer)
{
    const char *progress = paper_progress(till, row->subject, row->form, row->state);
    if (strcmp(progress, "queued") == 0 || strcmp(progress, "printing") == 0) {
        return; /* under way */
    }
    json_begin_object(writer, NULL);
    json_text(writer, "sale", row->subject);
    json_text(writer, "form", paper_form_word(row->form));
    write_title(row, writer);
    json_text(writer, "receipt_number", row->receipt_number[0] != '\0' ? row->receipt_number : NULL);
    bool is_late = row->is_of_late_sale && strcmp(progress, "not_printed") == 0;
    json_text(writer, "print", is_late ? "found_out" : progress);
    if (row->has_total) {
        json_int(writer, "total_yen", row->total_yen);
    } else {
        json_null(writer, "total_yen");
    }
    json_end_object(writer);
}

/* Of the newest business day; the papers of a day that is closed wait longer, because somebody waits for them. */
enum status
write_unprinted(struct till *till, struct json_writer *writer, struct error_detail *err)
{
    struct statement *rows;
    bool has_row = false;
    enum status status = database_statement(
        till->db,
        "SELECT subject, form, paper.state, sale.receipt_number, business_day.business_date, sale.total_yen,"
        " " SQL_PAPER_IS_OF_A_LATE_SALE
        " FROM paper LEFT JOIN sale ON sale.sale = subject LEFT JOIN business_day ON business_day.day = subject"
        " WHERE paper.state <> 'printed' AND (paper.sequence >= ?1 OR form IN ('close', 'deposit', 'day_report'))"
        " ORDER BY paper.sequence LIMIT ?2",
        &rows, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_int(rows, 1, till->day.exists ? till->day.opened_sequence : 0);
    statement_bind_int(rows, 2, LISTED_MAX);
    json_begin_array(writer, "unprinted");
    while ((status = statement_step(rows, &has_row, err)) == STATUS_OK && has_row) {
        struct unprinted_row row = {.subject = statement_column_text(rows, 0),
                                    .state = statement_column_text(rows, 2),
                                    .receipt_number = statement_column_text(rows, 3),
                                    .business_date = statement_column_text(rows, 4),
                                    .has_total = !statement_column_is_null(rows, 5),
                                    .total_yen = statement_column_int(rows, 5),
                                    .is_of_late_sale = statement_column_int(rows, 6) != 0};
        if (paper_form_from_word(statement_column_text(rows, 1), &row.form)) {
            write_row(till, &row, writer);
        }
    }
    json_end_array(writer);
    return status;
}
