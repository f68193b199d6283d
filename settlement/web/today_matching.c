/* What the morning page says of statements, deposits and discrepancies. */
#include "settlement/catalogue/catalogue.h"
#include "settlement/matching/discrepancy_class.h"
#include "settlement/store/discrepancy_store.h"
#include "settlement/store/today_matching_store.h"
#include "settlement/web/today.h"

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

static enum status
write_last_run(struct json_writer *writer, struct today *today, struct error_detail *err)
{
    int64_t run;
    int64_t at_ms;
    char login[65];
    char at[INSTANT_TEXT_SIZE];
    enum status status = last_run_read(today->txn, today->municipality, &run, &at_ms, login, sizeof login, err);
    if (status == STATUS_OK && run == 0) {
        json_null(writer, "last_run");
    } else if (status == STATUS_OK) {
        json_begin_object(writer, "last_run");
        json_int(writer, "id", run);
        json_text(writer, "at", instant_format(at, at_ms));
        json_text(writer, "by", login[0] != '\0' ? login : NULL);
        json_end_object(writer);
    }
    return status;
}

static enum status
write_reconciliation(struct json_writer *writer, struct today *today, struct error_detail *err)
{
    struct matched_sums sums;
    struct discrepancy_counts counts;
    const struct discrepancy_query query = {.municipality = today->municipality, .state = "open"};
    enum status status = matched_sums_read(today->txn, today->municipality, today->day, today->today, &sums, err);
    if (status == STATUS_OK) {
        status = discrepancy_count(today->txn, today->municipality, today->today, &counts, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    json_begin_object(writer, "reconciliation");
    json_int(writer, "matched_count", sums.matched_count);
    json_int(writer, "matched_yen", sums.matched_yen);
    json_int(writer, "waiting_count", sums.waiting_count);
    json_int(writer, "waiting_yen", sums.waiting_yen);
    json_int(writer, "open_count", counts.open_count);
    json_int(writer, "open_yen", counts.open_yen);
    json_int(writer, "overdue_count", counts.overdue_count);
    json_int(writer, "awaiting_second_count", counts.awaiting_count);
    json_begin_array(writer, "by_class");
    status = discrepancy_totals(today->txn, &query, write_class, writer, err);
    json_end_array(writer);
    if (status == STATUS_OK) {
        status = write_last_run(writer, today, err);
    }
    json_end_object(writer);
    today_wait(today, WAITING_OVERDUE, counts.overdue_count, 0);
    today_wait(today, WAITING_DISCREPANCIES, counts.open_count - counts.awaiting_count, counts.open_yen);
    today_wait(today, WAITING_AWAITING_SECOND, counts.awaiting_count, 0);
    return status;
}

static enum status
write_deposits(struct json_writer *writer, struct today *today, struct error_detail *err)
{
    struct deposit_sums sums;
    enum status status = deposit_sums_read(today->txn, today->municipality, today->today, &sums, err);
    if (status != STATUS_OK) {
        return status;
    }
    json_begin_object(writer, "deposits");
    json_int(writer, "expected_today_count", sums.expected_today_count);
    json_int(writer, "expected_today_yen", sums.expected_today_yen);
    json_int(writer, "late_count", sums.late_count);
    json_int(writer, "late_yen", sums.late_yen);
    json_int(writer, "misses_closing_count", sums.misses_closing_count);
    json_int(writer, "misses_closing_yen", sums.misses_closing_yen);
    json_end_object(writer);
    today_wait(today, WAITING_LATE_DEPOSITS, sums.late_count, sums.late_yen);
    today_wait(today, WAITING_MISSES_CLOSING, sums.misses_closing_count, sums.misses_closing_yen);
    return STATUS_OK;
}

static enum status
write_statement(struct json_writer *writer, struct today *today, const struct catalogue *catalogue, const char *trustee,
                struct error_detail *err)
{
    struct last_import last;
    char at[INSTANT_TEXT_SIZE];
    enum status status = last_import_read(today->txn, today->municipality, trustee, &last, err);
    if (status != STATUS_OK) {
        return status;
    }
    json_begin_object(writer, NULL);
    json_text(writer, "trustee", trustee);
    json_text(writer, "name", catalogue_name(catalogue, "trustees", trustee));
    if (last.import != 0) {
        json_begin_object(writer, "last_import");
        json_int(writer, "id", last.import);
        json_text(writer, "file_name", last.file_name);
        json_text(writer, "imported_at", instant_format(at, last.imported_at_ms));
        json_end_object(writer);
    } else {
        json_null(writer, "last_import");
    }
    json_text(writer, "covers_to", last.covers_to[0] != '\0' ? last.covers_to : NULL);
    json_bool(writer, "is_late", false); /* what is late shows sale by sale, as POSのみ, once its due date has passed */
    json_end_object(writer);
    return STATUS_OK;
}

static enum status
write_statements(struct json_writer *writer, struct today *today, struct error_detail *err)
{
    struct catalogue *catalogue = NULL;
    enum status status = catalogue_load(&catalogue, today->txn, today->municipality, err);
    if (status != STATUS_OK) {
        return status;
    }
    const struct json_value *row = json_first(catalogue_table(catalogue, "trustees"));
    json_begin_array(writer, "statements");
    for (; row != NULL && status == STATUS_OK; row = json_next(row)) {
        const char *code;
        if (json_as_text(json_member(row, "code"), &code)) {
            status = write_statement(writer, today, catalogue, code, err);
        }
    }
    json_end_array(writer);
    catalogue_destroy(catalogue);
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
