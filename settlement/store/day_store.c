/* Business days and drawers. */
#include "settlement/store/day_store.h"

#include "settlement/store/query.h"

enum status
business_day_open(struct store_txn *txn, const struct day_opening *opening, struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO business_day (terminal, opened_sequence, municipality, place, day, business_date,"
                     " opened_at_ms, opened_by, float_yen, closed_sequence, closed_at_ms, closed_by, expected_cash_yen,"
                     " ledger_cash_yen, counted_cash_yen, difference_yen, difference_reason, zero_count,"
                     " masters_version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, '', 0, 0, 0, 0, '', 0, $10)",
                     BOUND(bound_text(opening->terminal), bound_int(opening->sequence),
                           bound_text(opening->municipality), bound_text(opening->place), bound_text(opening->day),
                           bound_text(opening->business_date), bound_int(opening->at_ms), bound_text(opening->clerk),
                           bound_int(opening->float_yen), bound_int(opening->masters_version)),
                     err);
}

enum status
business_day_is(struct store_txn *txn, const char *terminal, int64_t sequence, const char *day, bool *out_is,
                struct error_detail *err)
{
    int64_t count;
    enum status status =
        query_int(txn, "SELECT count(*) FROM business_day WHERE terminal = $1 AND opened_sequence = $2 AND day = $3",
                  BOUND(bound_text(terminal), bound_int(sequence), bound_text(day)), 0, &count, err);
    if (status == STATUS_OK) {
        *out_is = count == 1;
    }
    return status;
}

enum status
business_day_close(struct store_txn *txn, const struct day_closing *closing, struct error_detail *err)
{
    return query_run(txn,
                     "UPDATE business_day SET closed_sequence = $1, closed_at_ms = $2, closed_by = $3,"
                     " expected_cash_yen = $4, ledger_cash_yen = $5, counted_cash_yen = $6, difference_yen = $7,"
                     " difference_reason = $8, zero_count = $9, number = $10, close_float_yen = $11, cash_in_yen = $12,"
                     " cash_out_yen = $13, refund_cash_yen = $14, float_returned_yen = $15, deposit_yen = $16,"
                     " ledger_float_yen = $17, ledger_in_yen = $18, ledger_out_yen = $19, ledger_refund_yen = $20"
                     " WHERE terminal = $21 AND opened_sequence = $22",
                     BOUND(bound_int(closing->closed_sequence), bound_int(closing->at_ms), bound_text(closing->clerk),
                           bound_int(closing->expected_cash_yen), bound_int(closing->ledger_cash_yen),
                           bound_int(closing->counted_cash_yen), bound_int(closing->difference_yen),
                           bound_text(closing->difference_reason), bound_int(closing->zero_count),
                           bound_int(closing->said.number), bound_int(closing->said.float_yen),
                           bound_int(closing->said.cash_in_yen), bound_int(closing->said.cash_out_yen),
                           bound_int(closing->said.refund_cash_yen), bound_int(closing->said.float_returned_yen),
                           bound_int(closing->said.deposit_yen), bound_int(closing->ours.float_yen),
                           bound_int(closing->ours.cash_in_yen), bound_int(closing->ours.cash_out_yen),
                           bound_int(closing->ours.refund_cash_yen), bound_text(closing->terminal),
                           bound_int(closing->opened_sequence)),
                     err);
}

enum status
business_day_total_put(struct store_txn *txn, const char *terminal, int64_t closed_sequence,
                       const struct day_total *total, struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO business_day_total (terminal, closed_sequence, method, brand, count, amount_yen,"
                     " void_count, void_yen) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                     BOUND(bound_text(terminal), bound_int(closed_sequence), bound_text(total->method),
                           bound_text(total->brand), bound_int(total->count), bound_int(total->amount_yen),
                           bound_int(total->void_count), bound_int(total->void_yen)),
                     err);
}

enum status
drawer_opening_put(struct store_txn *txn, const struct drawer_opening *opening, struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO drawer_opening (terminal, sequence, municipality, business_date, opened_at_ms, clerk,"
                     " reason, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                     BOUND(bound_text(opening->terminal), bound_int(opening->sequence),
                           bound_text(opening->municipality), bound_text(opening->business_date),
                           bound_int(opening->at_ms), bound_text(opening->clerk), bound_text(opening->reason),
                           bound_text(opening->note)),
                     err);
}
