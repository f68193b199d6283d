/* 点検 (X) and 引継ぎ: looking at the drawer in the middle of the day, and giving it to the next clerk. */
#include "pos/till/drawer.h"

#include <stdio.h>
#include <string.h>

/* Inside the transaction, behind its count. */
static enum status
record_inspection(struct till *till, struct error_detail *err)
{
    struct drawer_figures figures;
    struct statement *row;
    bool has_row;
    int64_t number = 0;
    enum status status = drawer_figures_now(till, &figures, err);
    if (status == STATUS_OK) {
        status = database_statement(till->db, "SELECT COALESCE(MAX(number), 0) + 1 FROM inspection WHERE day = ?1",
                                    &row, err);
    }
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, till->day.id);
        status = statement_step(row, &has_row, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    number = statement_column_int(row, 0);
    statement_reset(row);
    struct json_writer *body = record_body(till);
    json_text(body, "day", till->day.id);
    json_text(body, "clerk", till->clerk.code);
    json_int(body, "number", number);
    json_int(body, "first_sequence", figures.first_sequence);
    json_int(body, "last_sequence", figures.last_sequence);
    json_int(body, "float_yen", figures.float_yen);
    json_int(body, "cash_in_yen", figures.cash_in_yen);
    json_int(body, "cash_out_yen", figures.cash_out_yen);
    json_int(body, "expected_cash_yen", figures.expected_cash_yen);
    json_int(body, "zero_count", figures.zero_count);
    status = drawer_write_totals(till, &figures, body, err);
    if (status == STATUS_OK) {
        status = drawer_write_unresolved(till, body, err);
    }
    return status == STATUS_OK ? record_line(till, "day.inspected", err) : status;
}

enum status
till_inspect(struct till *till, const struct cash_count *count, int64_t *out_sequence, struct error_detail *err)
{
    till_lock(till);
    enum status status = drawer_check_can_count(till, count, err);
    if (status == STATUS_OK) {
        status = record_begin(till, err);
    }
    if (status == STATUS_OK) {
        status = drawer_record_count(till, till->day.id, COUNT_INSPECTION, count, err);
        if (status == STATUS_OK) {
            status = record_inspection(till, err);
        }
        if (status == STATUS_OK) {
            status = record_commit(till, err);
        } else {
            record_rollback(till);
        }
    }
    if (status == STATUS_OK) {
        *out_sequence = till->journal.tail.sequence;
        drawer_print_line(till, FORM_INSPECTION);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

static enum status
record_handover(struct till *till, const struct recorded_count *counted, const struct drawer_figures *figures,
                const struct signed_in_clerk *to, const char *reason, struct error_detail *err)
{
    enum status status = record_begin(till, err);
    if (status != STATUS_OK) {
        return status;
    }
    struct json_writer *body = record_body(till);
    json_text(body, "day", till->day.id);
    json_text(body, "from", till->clerk.code);
    json_text(body, "to", to->code);
    json_int(body, "counted_cash_yen", counted->count.total_yen);
    json_int(body, "expected_cash_yen", figures->expected_cash_yen);
    json_int(body, "difference_yen", counted->count.total_yen - figures->expected_cash_yen);
    json_text(body, "difference_reason", reason);
    status = record_line(till, "shift.handed_over", err);
    int64_t sequence = till->journal.uncommitted.sequence;
    if (status == STATUS_OK) {
        body = record_body(till);
        json_text(body, "clerk", to->code);
        status = record_line(till, "clerk.signed_in", err);
    }
    if (status == STATUS_OK) {
        status = record_commit(till, err);
    } else {
        record_rollback(till);
    }
    if (status == STATUS_OK) {
        till->clerk = *to;
        char subject[IDENTITY_TEXT_SIZE];
        snprintf(subject, sizeof subject, "%lld", (long long)sequence);
        queue_print(till, subject, FORM_HANDOVER);
    }
    return status;
}

/* Under the lock, with the next clerk's PIN checked. */
static enum status
hand_over(struct till *till, int64_t count, const struct signed_in_clerk *to, const char *reason,
          struct error_detail *err)
{
    struct recorded_count counted;
    struct drawer_figures figures;
    const char *given_reason = NULL;
    enum status status = drawer_check(till, err);
    if (status == STATUS_OK && till->foreground.state == FOREGROUND_RUNNING) {
        error_set(err, "payment_running", "お支払いの処理中です。終わってから引き継いでください。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK && strcmp(till->clerk.code, to->code) == 0) {
        error_set(err, "same_clerk", "引き継ぐ相手を選んでください。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK) {
        status = drawer_find_count(till, COUNT_HANDOVER, count, &counted, err);
    }
    if (status == STATUS_OK) {
        status = drawer_figures_now(till, &figures, err);
    }
    if (status == STATUS_OK) {
        status = drawer_check_reason(counted.count.total_yen - figures.expected_cash_yen, reason, &given_reason, err);
    }
    return status == STATUS_OK ? record_handover(till, &counted, &figures, to, given_reason, err) : status;
}

enum status
till_hand_over(struct till *till, int64_t count, const char *to, const char *pin, const char *reason,
               struct error_detail *err)
{
    struct signed_in_clerk next;
    enum status status = pin_check(till, to, pin, &next, err); /* outside the lock: it hashes */
    if (status != STATUS_OK) {
        return status;
    }
    till_lock(till);
    status = hand_over(till, count, &next, reason, err);
    till_unlock(till, status == STATUS_OK);
    return status;
}
