/* Adding up a day by facility, account and item, from the lines of its sales. */
#include "pos/till/papers_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is not sold for a facility stands under its 所属. The mark keeps a section from being taken for a facility. */
static void
group_of(const struct sale_line *line, char out[REPORT_GROUP_SIZE])
{
    if (line->facility[0] != '\0') {
        snprintf(out, REPORT_GROUP_SIZE, "%s", line->facility);
    } else {
        snprintf(out, REPORT_GROUP_SIZE, "=%s", line->section);
    }
}

/* The row of LINE's kind; a new one when there is none yet, the last one when there is no room. */
static struct receipt_day_row *
row_of(struct print_task *task, const struct sale_line *line)
{
    struct receipt_day *day = &task->day;
    char group[REPORT_GROUP_SIZE];
    group_of(line, group);
    for (size_t i = 0; i < day->row_count; i++) {
        struct receipt_day_row *row = &task->day_rows[i];
        if (strcmp(row->item, line->item) == 0 && strcmp(row->facility, group) == 0 &&
            strcmp(row->account, line->account) == 0) {
            return row;
        }
    }
    bool is_rest = day->row_count >= DAY_ROWS_MAX - 1;
    if (day->row_count == DAY_ROWS_MAX) {
        return &task->day_rows[DAY_ROWS_MAX - 1];
    }
    struct day_row_texts *texts = &task->day_row_texts[day->row_count];
    *texts = (struct day_row_texts){0};
    snprintf(texts->item_name, sizeof texts->item_name, "%s", is_rest ? "ほか" : line->name);
    if (!is_rest) {
        memcpy(texts->item, line->item, sizeof texts->item);
        memcpy(texts->facility, group, sizeof texts->facility);
        memcpy(texts->account, line->account, sizeof texts->account);
    }
    struct receipt_day_row *row = &task->day_rows[day->row_count++];
    *row = (struct receipt_day_row){.facility = texts->facility,
                                    .facility_name = texts->facility_name,
                                    .item = texts->item,
                                    .item_name = texts->item_name,
                                    .account = texts->account,
                                    .account_name = texts->account_name};
    return row;
}

static void
name_row(const struct till *till, struct civil_date date, struct day_row_texts *texts)
{
    const struct master_facility *facility = masters_facility(till->masters, texts->facility, date);
    const char *section = texts->facility[0] == '=' ? texts->facility + 1 : "";
    const char *name = masters_section_name(till->masters, section);
    snprintf(texts->facility_name, sizeof texts->facility_name, "%s",
             facility != NULL  ? facility->name
             : name[0] != '\0' ? name
                               : section);
    snprintf(texts->account_name, sizeof texts->account_name, "%s",
             masters_account_name(till->masters, texts->account));
}

/* The names that the masters know; a row without one stands as its code. */
static void
name_rows(const struct till *till, struct print_task *task)
{
    for (size_t i = 0; i < task->day.row_count && till->masters != NULL; i++) {
        name_row(till, task->day.business_date, &task->day_row_texts[i]);
    }
}

/* The cash part of a mixed payment is laid on the lines in their order: the sum is exact, and no line has more than it
 * costs. */
static void
add_sale(struct print_task *task, const struct sale *sale)
{
    int64_t cash_left_yen = sale->payment.method == METHOD_CASH ? sale->content.total_yen : sale->payment.cash_part_yen;
    for (size_t i = 0; i < sale->content.line_count; i++) {
        const struct sale_line *line = &sale->content.lines[i];
        struct receipt_day_row *row = row_of(task, line);
        int64_t cash_yen = line->amount_yen < cash_left_yen ? line->amount_yen : cash_left_yen;
        cash_left_yen -= cash_yen;
        row->quantity += line->quantity;
        row->amount_yen += line->amount_yen;
        row->cash_yen += cash_yen;
        row->cashless_yen += line->amount_yen - cash_yen;
    }
}

static int
compare_rows(const void *a, const void *b)
{
    const struct receipt_day_row *left = a;
    const struct receipt_day_row *right = b;
    int order = strcmp(left->facility, right->facility);
    if (order == 0) {
        order = strcmp(left->account, right->account);
    }
    return order != 0 ? order : strcmp(left->item, right->item);
}

enum status
papers_add_report(struct till *till, struct print_task *task, struct error_detail *err)
{
    struct statement *rows;
    bool has_row = false;
    int64_t at_ms;
    task->day.rows = task->day_rows;
    task->day.row_count = 0;
    enum status status = database_statement(till->db,
                                            "SELECT sequence FROM sale WHERE sequence BETWEEN ?1 AND ?2"
                                            " AND (void_sequence IS NULL OR void_sequence > ?2) ORDER BY sequence",
                                            &rows, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_int(rows, 1, task->day.first_sequence);
    statement_bind_int(rows, 2, task->day.last_sequence);
    while ((status = statement_step(rows, &has_row, err)) == STATUS_OK && has_row) {
        status = load_sale(till, statement_column_int(rows, 0), &task->sale, &at_ms, err);
        if (status != STATUS_OK) {
            statement_reset(rows);
            return status;
        }
        add_sale(task, &task->sale);
    }
    name_rows(till, task); /* before the rows are put in order: texts and rows run together so far */
    if (status == STATUS_OK && task->day.row_count > 1) {
        qsort(task->day_rows, task->day.row_count, sizeof task->day_rows[0], compare_rows);
    }
    return status;
}
