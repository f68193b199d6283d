/* Refunds. */
#include "settlement/store/refund_store.h"

#include "settlement/store/column.h"
#include "settlement/store/query.h"

enum status
refund_put(struct store_txn *txn, const struct refund_row *row, struct error_detail *err)
{
    return query_run(
        txn,
        "INSERT INTO refund (terminal, requested_sequence, municipality, place, refund, sale, receipt_number,"
        " business_date, requested_at_ms, amount_yen, means, reason, clerk, approved_by, state, state_sequence, "
        "ended_on,"
        " ended_by, ended_approved_by, ended_means, ended_reason, takes_over) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
        "$9,"
        " $10, $11, $12, $13, $14, 'requested', $2, '', '', '', '', '', $15)",
        BOUND(bound_text(row->terminal), bound_int(row->requested_sequence), bound_text(row->municipality),
              bound_text(row->place), bound_text(row->refund), bound_text(row->sale), bound_text(row->receipt_number),
              bound_text(row->business_date), bound_int(row->requested_at_ms), bound_int(row->amount_yen),
              bound_text(row->means), bound_text(row->reason), bound_text(row->clerk), bound_text(row->approved_by),
              bound_text(row->takes_over)),
        err);
}

enum status
refund_line_put(struct store_txn *txn, const struct refund_row *row, int64_t line, int64_t amount_yen,
                struct error_detail *err)
{
    return query_run(
        txn, "INSERT INTO refund_line (terminal, requested_sequence, line, amount_yen) VALUES ($1, $2, $3, $4)",
        BOUND(bound_text(row->terminal), bound_int(row->requested_sequence), bound_int(line), bound_int(amount_yen)),
        err);
}

enum status
refund_find(struct store_txn *txn, const char *refund, struct refund_facts *out, struct error_detail *err)
{
    struct statement *row;
    bool found;
    enum status status = query_first(
        txn,
        "SELECT r.terminal, r.requested_sequence, r.sale, r.state, r.amount_yen, r.run, r.clerk, r.approved_by, "
        "coalesce((SELECT min(d.refund) FROM refund AS d WHERE d.takes_over = r.refund AND d.takes_over <> '' "
        "AND d.state <> 'withdrawn'), ''), r.municipality, r.business_date, r.means FROM refund AS r WHERE r.refund = "
        "$1",
        BOUND(bound_text(refund)), &row, &found, err);
    if (status != STATUS_OK) {
        return status;
    }
    *out = (struct refund_facts){0};
    if (found) {
        column_copy_text(out->terminal, sizeof out->terminal, row, 0);
        out->requested_sequence = statement_column_int(row, 1);
        column_copy_text(out->sale, sizeof out->sale, row, 2);
        column_copy_text(out->state, sizeof out->state, row, 3);
        out->amount_yen = statement_column_int(row, 4);
        column_copy_text(out->run, sizeof out->run, row, 5);
        column_copy_text(out->clerk, sizeof out->clerk, row, 6);
        column_copy_text(out->approved_by, sizeof out->approved_by, row, 7);
        column_copy_text(out->taken_over_by, sizeof out->taken_over_by, row, 8);
        column_copy_text(out->municipality, sizeof out->municipality, row, 9);
        column_copy_text(out->business_date, sizeof out->business_date, row, 10);
        column_copy_text(out->means, sizeof out->means, row, 11);
        statement_reset(row);
    }
    return STATUS_OK;
}

enum status
refund_set_end(struct store_txn *txn, const char *refund, const struct refund_end *end, struct error_detail *err)
{
    return query_run(txn,
                     "UPDATE refund SET state = $1, state_sequence = $2, ended_on = $3, ended_by = $4,"
                     " ended_approved_by = $5, ended_means = $6, ended_reason = $7 WHERE refund = $8",
                     BOUND(bound_text(end->state), bound_int(end->sequence), bound_text(end->business_date),
                           bound_text(end->clerk), bound_text(end->approved_by), bound_text(end->means),
                           bound_text(end->reason), bound_text(refund)),
                     err);
}

enum status
refund_set_approved(struct store_txn *txn, const char *refund, const char *approved_by, struct error_detail *err)
{
    return query_run(txn, "UPDATE refund SET approved_by = $1 WHERE refund = $2",
                     BOUND(bound_text(approved_by), bound_text(refund)), err);
}

enum status
refund_set_run(struct store_txn *txn, const char *refund, const char *run, struct error_detail *err)
{
    return query_run(txn, "UPDATE refund SET run = $1 WHERE refund = $2", BOUND(bound_text(run), bound_text(refund)),
                     err);
}
