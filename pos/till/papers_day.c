/* The papers of a business day: 点検票, 精算票, 現金払込書, 収納日報, as the line of the inspection or of the close
 * fixed them. What the line does not say is added up from the lines of its range, which never change. */
#include "pos/till/drawer.h"
#include "pos/till/papers_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum status
read_total(const struct till *till, struct receipt_day_total *out, const struct json_value *row,
           struct error_detail *err)
{
    const char *method;
    const char *brand;
    const struct {
        const char *key;
        int64_t *out;
    } sums[] = {{"count", &out->count},
                {"amount_yen", &out->amount_yen},
                {"void_count", &out->void_count},
                {"void_yen", &out->void_yen}};
    enum status status = json_get_text(row, "method", CODE_SIZE - 1, &method, err);
    if (status == STATUS_OK) {
        status = json_get_text_or(row, "brand", CODE_SIZE - 1, "", &brand, err);
    }
    for (size_t i = 0; i < sizeof sums / sizeof sums[0] && status == STATUS_OK; i++) {
        status = json_get_int(row, sums[i].key, 0, YEN_LIMIT, sums[i].out, err);
    }
    if (status == STATUS_OK && !payment_method_from_word(method, &out->method)) {
        error_set(err, "wrong_member", "\"method\" is \"%s\"", method);
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK && brand[0] != '\0') {
        snprintf(out->brand, sizeof out->brand, "%s", brand);
        snprintf(out->brand_name, sizeof out->brand_name, "%s",
                 till->masters != NULL ? masters_brand_name(till->masters, brand) : brand);
    }
    return status;
}

static enum status
read_lists(const struct till *till, struct receipt_day *out, const struct json_value *body, struct error_detail *err)
{
    enum status status = STATUS_OK;
    const struct json_value *row = json_first(json_member(body, "totals"));
    for (; row != NULL && status == STATUS_OK; row = json_next(row)) {
        if (out->total_count == RECEIPT_DAY_TOTALS_MAX) {
            error_set(err, "too_many_totals", "a close of more than %d brands", RECEIPT_DAY_TOTALS_MAX);
            return STATUS_OVERFLOW;
        }
        status = read_total(till, &out->totals[out->total_count++], row, err);
    }
    for (row = json_first(json_member(body, "unresolved")); row != NULL && status == STATUS_OK; row = json_next(row)) {
        const char *payment;
        if (out->unresolved_count < RECEIPT_DAY_UNRESOLVED_MAX && json_as_text(row, &payment)) {
            snprintf(out->unresolved[out->unresolved_count], IDENTITY_TEXT_SIZE, "%s", payment);
        }
        out->unresolved_count++;
    }
    return status;
}

/* What both kinds of line say. */
static enum status
read_snapshot(const struct till *till, struct receipt_day *out, const struct json_value *body, struct error_detail *err)
{
    const struct {
        const char *key;
        int64_t *out;
    } members[] = {{"first_sequence", &out->first_sequence},
                   {"last_sequence", &out->last_sequence},
                   {"float_yen", &out->float_yen},
                   {"expected_cash_yen", &out->expected_cash_yen},
                   {"zero_count", &out->zero_count}};
    const struct {
        const char *key;
        int64_t *out;
    } optional[] = {{"number", &out->number},
                    {"cash_in_yen", &out->cash_in_yen},
                    {"cash_out_yen", &out->cash_out_yen},
                    {"refund_cash_yen", &out->refund_cash_yen},
                    {"float_returned_yen", &out->float_returned_yen},
                    {"deposit_yen", &out->deposit_yen},
                    {"discarded", &out->discarded_count}};
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof members / sizeof members[0] && status == STATUS_OK; i++) {
        status = json_get_int(body, members[i].key, -YEN_LIMIT, YEN_LIMIT, members[i].out, err);
    }
    for (size_t i = 0; i < sizeof optional / sizeof optional[0] && status == STATUS_OK; i++) {
        status = json_get_int_or(body, optional[i].key, -YEN_LIMIT, YEN_LIMIT, 0, optional[i].out, err);
    }
    out->has_cash_detail = json_member(body, "cash_in_yen") != NULL;
    return status == STATUS_OK ? read_lists(till, out, body, err) : status;
}

/* What no line says, added up anew over its range. */
static enum status
add_up(struct till *till, struct receipt_day *day, struct error_detail *err)
{
    struct drawer_figures figures;
    enum status status =
        drawer_figures_of(till, day->first_sequence, day->last_sequence, day->float_yen, &figures, err);
    if (status == STATUS_OK) {
        day->refund_cash_yen = figures.refund_cash_yen;
        day->no_sale_count = figures.no_sale_count;
    }
    return status;
}

static enum status
read_close(struct till *till, const struct json_value *body, struct receipt_day *day, struct error_detail *err)
{
    struct cash_count count = {0};
    const char *reason = "";
    enum status status = read_snapshot(till, day, body, err);
    if (status == STATUS_OK) {
        status = json_get_int(body, "counted_cash_yen", 0, YEN_LIMIT, &day->counted_cash_yen, err);
    }
    if (status == STATUS_OK) {
        status = json_get_int(body, "difference_yen", -YEN_LIMIT, YEN_LIMIT, &day->difference_yen, err);
    }
    if (status == STATUS_OK) {
        status = json_get_text_or(body, "difference_reason", REASON_SIZE - 1, "", &reason, err);
    }
    if (status == STATUS_OK && json_member(body, "counts") != NULL) {
        status = cash_count_read(&count, json_member(body, "counts"), err);
    }
    if (status == STATUS_OK) {
        snprintf(day->difference_reason, sizeof day->difference_reason, "%s", reason);
        drawer_receipt_counts(&count, day->counts, &day->count_count);
        status = add_up(till, day, err);
    }
    return status;
}

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
        error_set(err, "no_such_paper", "その営業日の精算は見つかりません。");
        status = STATUS_NOT_FOUND;
    }
    return status;
}

enum status
describe_day_paper(struct till *till, const char *subject, struct print_task *task, struct error_detail *err)
{
    int64_t sequence = 0;
    struct journal_line line;
    struct json_value *body = NULL;
    enum status status = find_close(till, subject, &sequence, err);
    if (status == STATUS_OK) {
        status = drawer_read_body(till, sequence, &line, &body, err);
    }
    if (status == STATUS_OK) {
        task->at_ms = line.at_ms;
        task->day.business_date = line.business_date;
        drawer_name_clerk(till, body, "clerk", task->clerk_name);
        status = read_close(till, body, &task->day, err);
    }
    if (status == STATUS_OK && task->form != FORM_CLOSE) {
        status = papers_add_report(till, task, err);
    }
    json_free(body);
    return status;
}

enum status
describe_inspection_paper(struct till *till, const char *subject, struct print_task *task, struct error_detail *err)
{
    struct json_value *body = NULL;
    struct recorded_count counted;
    struct receipt_day *day = &task->day;
    enum status status = drawer_read_subject(till, subject, "day.inspected", task, &body, err);
    if (status == STATUS_OK) {
        status = read_snapshot(till, day, body, err);
    }
    if (status == STATUS_OK) {
        status = add_up(till, day, err);
    }
    if (status == STATUS_OK) {
        status = drawer_load_count(till, day->last_sequence, &counted, err); /* the count is its last line */
    }
    if (status == STATUS_OK) {
        day->counted_cash_yen = counted.count.total_yen;
        day->difference_yen = day->counted_cash_yen - day->expected_cash_yen;
        drawer_receipt_counts(&counted.count, day->counts, &day->count_count);
        drawer_name_clerk(till, body, "clerk", task->clerk_name);
    }
    json_free(body);
    return status;
}
