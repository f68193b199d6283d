/* The business day: opened with a float, closed by a count. The close is a snapshot by journal sequence: everything up
 * to the line before it, whatever the clock says, and it works without any network. */
#include "pos/till/till_parts.h"

#include <assert.h>
#include <string.h>

enum {
    FLOAT_MAX_YEN = 10000000 /* no drawer holds more */
};

enum status
till_open_day(struct till *till, int64_t float_yen, struct error_detail *err)
{
    char id[IDENTITY_TEXT_SIZE];
    till_lock(till);
    enum status status = STATUS_OK;
    if (!till->is_enrolled || till->masters == NULL || !till->clerk.is_present) {
        status = check_can_sell(till, err);
        assert(status != STATUS_OK);
    } else if (till->day.exists && till->day.is_open) {
        error_set(err, "day_is_open", "営業はもう始まっています。");
        status = STATUS_REFUSED;
    } else if (till->day.exists && civil_date_compare(till->day.date, till_business_date(till)) == 0) {
        error_set(err, "day_is_closed", "今日の精算は済んでいます。営業開始は次の営業日にできます。");
        status = STATUS_REFUSED;
    } else if (float_yen < 0 || float_yen > FLOAT_MAX_YEN) {
        error_set(err, "float", "つり銭は0円から%d円までで入れてください。", FLOAT_MAX_YEN);
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = identity_new(id, till_now_ms(till), err);
    }
    if (status == STATUS_OK) {
        struct json_writer *body = record_body(till);
        json_text(body, "day", id);
        json_text(body, "clerk", till->clerk.code);
        json_int(body, "float_yen", float_yen);
        status = record_single(till, "day.opened", err);
    }
    if (status == STATUS_OK) {
        status = load_business_day(till, err);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

/* Sums over the lines from the day's opening to the present end. */
struct day_sums {
    int64_t expected_cash_yen;
    int64_t zero_count;
};

static enum status
sum_day(struct till *till, struct day_sums *out, struct error_detail *err)
{
    struct statement *row;
    bool has_row;
    /* A void counts by its own line: a sale of an earlier day cannot be voided, so both lie in the same day. */
    enum status status = database_statement(
        till->db,
        "SELECT COALESCE(SUM(CASE WHEN method = 'cash' AND state <> 'voided' THEN total_yen ELSE 0 END), 0),"
        " COALESCE(SUM(total_yen = 0 AND state <> 'voided'), 0) FROM sale WHERE sequence >= ?1",
        &row, err);
    if (status == STATUS_OK) {
        statement_bind_int(row, 1, till->day.opened_sequence);
        status = statement_step(row, &has_row, err);
    }
    if (status == STATUS_OK) {
        out->expected_cash_yen = till->day.float_yen + statement_column_int(row, 0);
        out->zero_count = statement_column_int(row, 1);
        statement_reset(row);
    }
    return status;
}

static enum status
write_totals(struct till *till, struct json_writer *writer, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status =
        database_statement(till->db,
                           "SELECT method, brand, COUNT(*), SUM(total_yen), SUM(state = 'voided'),"
                           " SUM(CASE WHEN state = 'voided' THEN total_yen ELSE 0 END)"
                           " FROM sale WHERE sequence >= ?1 GROUP BY method, brand ORDER BY method, brand",
                           &row, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_int(row, 1, till->day.opened_sequence);
    json_begin_array(writer, "totals");
    while ((status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        json_begin_object(writer, NULL);
        json_text(writer, "method", statement_column_text(row, 0));
        json_text(writer, "brand", statement_column_is_null(row, 1) ? NULL : statement_column_text(row, 1));
        json_int(writer, "count", statement_column_int(row, 2));
        json_int(writer, "amount_yen", statement_column_int(row, 3));
        json_int(writer, "void_count", statement_column_int(row, 4));
        json_int(writer, "void_yen", statement_column_int(row, 5));
        json_end_object(writer);
    }
    json_end_array(writer);
    return status;
}

static enum status
write_unresolved(struct till *till, struct json_writer *writer, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = database_statement(till->db,
                                            "SELECT payment FROM payment WHERE state IN ('started', 'unknown',"
                                            " 'in_doubt') UNION SELECT payment FROM reversal"
                                            " WHERE state IN ('started', 'unknown') LIMIT 500",
                                            &row, err);
    if (status != STATUS_OK) {
        return status;
    }
    json_begin_array(writer, "unresolved");
    while ((status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        json_text(writer, NULL, statement_column_text(row, 0));
    }
    json_end_array(writer);
    return status;
}

static enum status
check_count(const struct till *till, int64_t counted_cash_yen, struct error_detail *err)
{
    if (!till->clerk.is_present) {
        error_set(err, "no_clerk", "担当者を選び、暗証番号を入れてください。");
        return STATUS_REFUSED;
    }
    if (!till->day.exists || !till->day.is_open) {
        error_set(err, "day_not_open", "営業は始まっていません。");
        return STATUS_REFUSED;
    }
    if (counted_cash_yen < 0 || counted_cash_yen > YEN_LIMIT / 1000) {
        error_set(err, "count", "数えた現金の金額を確かめてください。");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

enum status
till_count_day(struct till *till, int64_t counted_cash_yen, struct buffer *out, struct error_detail *err)
{
    struct day_sums sums;
    struct json_writer writer;
    json_writer_init(&writer, out);
    till_lock(till);
    enum status status = check_count(till, counted_cash_yen, err);
    if (status == STATUS_OK) {
        status = sum_day(till, &sums, err);
    }
    if (status == STATUS_OK) {
        json_begin_object(&writer, NULL);
        json_int(&writer, "expected_cash_yen", sums.expected_cash_yen);
        json_int(&writer, "counted_cash_yen", counted_cash_yen);
        json_int(&writer, "difference_yen", counted_cash_yen - sums.expected_cash_yen);
        json_int(&writer, "float_yen", till->day.float_yen);
        json_int(&writer, "zero_count", sums.zero_count);
        status = write_totals(till, &writer, err);
    }
    if (status == STATUS_OK) {
        status = write_unresolved(till, &writer, err);
    }
    till_unlock(till, false);
    if (status != STATUS_OK) {
        return status;
    }
    json_end_object(&writer);
    return json_finish(&writer, err);
}

static enum status
record_close(struct till *till, const struct day_sums *sums, int64_t counted_cash_yen, const char *reason,
             struct error_detail *err)
{
    struct json_writer *body = record_body(till);
    json_text(body, "day", till->day.id);
    json_text(body, "clerk", till->clerk.code);
    json_int(body, "first_sequence", till->day.opened_sequence);
    json_int(body, "last_sequence", till->journal.tail.sequence);
    json_int(body, "float_yen", till->day.float_yen);
    json_int(body, "expected_cash_yen", sums->expected_cash_yen);
    json_int(body, "counted_cash_yen", counted_cash_yen);
    json_int(body, "difference_yen", counted_cash_yen - sums->expected_cash_yen);
    json_text(body, "difference_reason", reason);
    json_int(body, "zero_count", sums->zero_count);
    int64_t number;
    enum status status =
        database_query_int(till->db, "SELECT COUNT(*) + 1 FROM business_day WHERE state = 'closed'", &number, err);
    if (status == STATUS_OK) {
        status = write_totals(till, body, err);
    }
    if (status == STATUS_OK) {
        status = write_unresolved(till, body, err);
    }
    if (status == STATUS_OK) {
        json_int(body, "number", number);
        status = record_single(till, "day.closed", err);
    }
    return status;
}

enum status
till_close_day(struct till *till, int64_t counted_cash_yen, const char *difference_reason, struct error_detail *err)
{
    struct day_sums sums;
    till_lock(till);
    bool has_reason = difference_reason != NULL && difference_reason[0] != '\0';
    enum status status = check_count(till, counted_cash_yen, err);
    if (status == STATUS_OK && (till->foreground.state == FOREGROUND_RUNNING || till->has_run_request)) {
        error_set(err, "payment_running", "お支払いの処理中です。終わってから精算してください。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK && has_reason && strlen(difference_reason) >= REASON_SIZE) {
        error_set(err, "reason_too_long", "理由は80文字までで入れてください。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = sum_day(till, &sums, err);
    }
    if (status == STATUS_OK && counted_cash_yen != sums.expected_cash_yen && !has_reason) {
        error_set(err, "reason_needed", "現金に過不足があります。理由を入れると精算できます。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK) {
        status = record_close(till, &sums, counted_cash_yen, has_reason ? difference_reason : NULL, err);
    }
    if (status == STATUS_OK) {
        status = load_business_day(till, err);
        till->foreground = (struct foreground){0};
        till->last_sale.is_set = false;
        queue_print(till, till->day.id, FORM_CLOSE);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}
