/* What the morning page says of statements, deposits and discrepancies. */
#include "settlement/catalogue/catalogue.h"
#include "settlement/matching/agreed.h"
#include "settlement/matching/discrepancy_class.h"
#include "settlement/store/discrepancy_store.h"
#include "settlement/store/import_store.h"
#include "settlement/store/layout_use_store.h"
#include "settlement/store/matching_query_store.h"
#include "settlement/store/matching_store.h"
#include "settlement/store/today_store.h"
#include "settlement/web/reply.h"
#include "settlement/web/today.h"

#include <stdio.h>
#include <string.h>

enum {
    /* How far back a payment makes a statement late: the longest period and the time to report it. What is older stands
     * in the list of discrepancies, each by itself. */
    STATEMENT_LOOK_BACK_DAYS = 100
};

static enum status
write_class(const char *class, int64_t count, int64_t amount_yen, void *context)
{
    struct json_writer *writer = context;
    json_begin_object(writer, NULL);
    json_text(writer, "class", class);
    json_text(writer, "class_name", discrepancy_class_name(class));
    json_int(writer, "count", count);
    json_int(writer, "amount_yen", amount_yen);
    json_end_object(writer);
    return STATUS_OK;
}

/* The newest run, or nothing. */
struct last_run {
    struct json_writer *writer;
    bool is_found;
};

static enum status
write_last_run(const struct run_row *run, void *context)
{
    struct last_run *last = context;
    last->is_found = true;
    json_begin_object(last->writer, "last_run");
    json_int(last->writer, "id", run->id);
    json_instant(last->writer, "at", run->at_ms);
    json_text_or_null(last->writer, "by", run->login);
    json_end_object(last->writer);
    return STATUS_OK;
}

static enum status
write_reconciliation(struct json_writer *writer, struct today *today, struct error_detail *err)
{
    struct day_matching day = {0};
    struct discrepancy_counts counts = {0};
    struct last_run last = {.writer = writer};
    enum status status = day_matching(today->txn, today->municipality, today->day, today->today, &day, err);
    if (status == STATUS_OK) {
        status = discrepancy_count(today->txn, today->municipality, today->today, &counts, err);
    }
    json_begin_object(writer, "reconciliation");
    json_int(writer, "matched_count", day.matched_count);
    json_int(writer, "matched_yen", day.matched_yen);
    json_int(writer, "waiting_count", day.waiting_count);
    json_int(writer, "waiting_yen", day.waiting_yen);
    json_int(writer, "open_count", counts.open_count);
    json_int(writer, "open_yen", counts.open_yen);
    json_int(writer, "overdue_count", counts.overdue_count);
    json_int(writer, "awaiting_second_count", counts.awaiting_count);
    json_begin_array(writer, "by_class");
    struct discrepancy_query query = {.municipality = today->municipality};
    if (status == STATUS_OK) {
        status = discrepancy_totals(today->txn, &query, write_class, writer, err);
    }
    json_end_array(writer);
    if (status == STATUS_OK) {
        status = run_each(today->txn, today->municipality, 0, 1, write_last_run, &last, err);
    }
    if (!last.is_found) {
        json_null(writer, "last_run");
    }
    json_end_object(writer);
    today_wait(today, WAITING_OVERDUE, counts.overdue_count, 0);
    today_wait(today, WAITING_DISCREPANCIES, counts.open_count - counts.awaiting_count, counts.open_yen);
    today_wait(today, WAITING_AWAITING_SECOND, counts.awaiting_count, 0);
    int64_t layout_count = 0;
    if (status == STATUS_OK) {
        status = layout_use_waiting_count(today->txn, today->municipality, &layout_count, err);
    }
    today_wait(today, WAITING_LAYOUTS, layout_count, 0);
    return status;
}

/* Of one trustee: its newest statement, and whether the next one should be here. */
struct trustee_statement {
    struct json_writer *writer;
    char covers_to[CIVIL_DATE_TEXT_SIZE];
};

static enum status
write_import(const struct import_row *row, void *context)
{
    struct trustee_statement *statement = context;
    json_begin_object(statement->writer, "last_import");
    json_int(statement->writer, "id", row->id);
    json_text(statement->writer, "file_name", row->file_name);
    json_instant(statement->writer, "imported_at", row->imported_at_ms);
    json_end_object(statement->writer);
    json_text_or_null(statement->writer, "covers_to", row->last_on);
    snprintf(statement->covers_to, sizeof statement->covers_to, "%s", row->last_on);
    return STATUS_OK;
}

/* Narrow the days after FROM up to TO to those on which ROW, a brand, is behind its trustee. */
static void
clip_to_validity(const struct json_value *row, char from[CIVIL_DATE_TEXT_SIZE], char to[CIVIL_DATE_TEXT_SIZE])
{
    const char *text;
    struct civil_date first;
    if (json_as_text(json_member(row, "valid_to"), &text) && strcmp(text, to) < 0) {
        snprintf(to, CIVIL_DATE_TEXT_SIZE, "%s", text);
    }
    if (json_as_text(json_member(row, "valid_from"), &text) && strcmp(text, from) > 0 &&
        civil_date_parse(&first, text, strlen(text)) == STATUS_OK) {
        civil_date_format(from, civil_date_add_days(first, -1));
    }
}

/* Whether a statement of TRUSTEE should have come: payments of its brands were made after the last day that its
 * statements cover, COVERED, and their period was to be reported before today. */
static enum status
is_statement_late(struct today *today, struct agreed *agreed, const char *trustee, const char *covered, bool *out,
                  struct error_detail *err)
{
    struct civil_date now = civil_date_at(today->now_ms);
    const struct json_value *row = json_first(catalogue_table(agreed->catalogue, "brands"));
    enum status status = STATUS_OK;
    *out = false;
    for (; status == STATUS_OK && !*out && row != NULL; row = json_next(row)) {
        const char *brand;
        const char *of;
        if (!json_as_text(json_member(row, "code"), &brand) || !json_as_text(json_member(row, "trustee"), &of) ||
            strcmp(of, trustee) != 0) {
            continue;
        }
        char from[CIVIL_DATE_TEXT_SIZE];
        char to[CIVIL_DATE_TEXT_SIZE];
        struct civil_date last = agreed_last_reported(agreed, trustee, brand, now);
        civil_date_format(to, last);
        civil_date_format(from, civil_date_add_days(last, -STATEMENT_LOOK_BACK_DAYS));
        clip_to_validity(row, from, to);
        const char *after = strcmp(covered, from) > 0 ? covered : from;
        if (strcmp(after, to) < 0) {
            status = brand_was_used(today->txn, today->municipality, brand, after, to, out, err);
        }
    }
    return status;
}

static enum status
write_statement(struct json_writer *writer, struct agreed *agreed, struct today *today, const char *trustee,
                bool *out_is_late, struct error_detail *err)
{
    struct trustee_statement statement = {.writer = writer};
    int64_t newest;
    enum status status = import_newest_of(today->txn, today->municipality, trustee, &newest, err);
    json_begin_object(writer, NULL);
    json_text(writer, "trustee", trustee);
    json_text(writer, "name", catalogue_name(agreed->catalogue, "trustees", trustee));
    if (status == STATUS_OK && newest != 0) {
        status = import_each(today->txn, today->municipality, newest, 0, 1, write_import, &statement, err);
    } else {
        json_null(writer, "last_import");
        json_null(writer, "covers_to");
    }
    if (status == STATUS_OK) {
        status = is_statement_late(today, agreed, trustee, statement.covers_to, out_is_late, err);
    }
    json_bool(writer, "is_late", *out_is_late);
    json_end_object(writer);
    return status;
}

static enum status
write_statements(struct json_writer *writer, struct today *today, struct error_detail *err)
{
    struct catalogue *catalogue = NULL;
    struct agreed agreed = {0};
    int64_t late_count = 0;
    enum status status = catalogue_load(&catalogue, today->txn, today->municipality, err);
    if (status == STATUS_OK) {
        status = agreed_init(&agreed, catalogue, err);
    }
    if (status != STATUS_OK) {
        catalogue_destroy(catalogue);
        return status;
    }
    const struct json_value *row = json_first(catalogue_table(catalogue, "trustees"));
    json_begin_array(writer, "statements");
    for (; status == STATUS_OK && row != NULL; row = json_next(row)) {
        const char *code;
        bool is_late = false;
        if (json_as_text(json_member(row, "code"), &code)) {
            status = write_statement(writer, &agreed, today, code, &is_late, err);
        }
        late_count += is_late ? 1 : 0;
    }
    json_end_array(writer);
    agreed_finish(&agreed);
    catalogue_destroy(catalogue);
    today_wait(today, WAITING_LATE_STATEMENTS, late_count, 0);
    return status;
}

static enum status
write_deposits(struct json_writer *writer, struct today *today, struct error_detail *err)
{
    struct deposit_outlook outlook = {0};
    enum status status = deposit_outlook(today->txn, today->municipality, today->today, &outlook, err);
    json_begin_object(writer, "deposits");
    json_int(writer, "expected_today_count", outlook.today_count);
    json_int(writer, "expected_today_yen", outlook.today_yen);
    json_int(writer, "late_count", outlook.late_count);
    json_int(writer, "late_yen", outlook.late_yen);
    json_int(writer, "misses_closing_count", outlook.misses_closing_count);
    json_int(writer, "misses_closing_yen", outlook.misses_closing_yen);
    json_end_object(writer);
    today_wait(today, WAITING_LATE_DEPOSITS, outlook.late_count, outlook.late_yen);
    today_wait(today, WAITING_MISSES_CLOSING, outlook.misses_closing_count, outlook.misses_closing_yen);
    return status;
}

enum status
json_today_matching(struct json_writer *writer, struct today *today, struct error_detail *err)
{
    enum status status = write_reconciliation(writer, today, err);
    if (status == STATUS_OK) {
        status = write_statements(writer, today, err);
    }
    return status == STATUS_OK ? write_deposits(writer, today, err) : status;
}
