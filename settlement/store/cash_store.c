/* Cash without sales. */
#include "settlement/store/cash_store.h"

#include "settlement/store/query.h"

/* The columns and values that every row about the drawer begins with: $1 … $7. */
#define PLACE_COLUMNS "(terminal, sequence, municipality, place, opened_sequence, business_date, at_ms, "
#define PLACE_VALUES(place)                                                                                            \
    bound_text((place)->terminal), bound_int((place)->sequence), bound_text((place)->municipality),                    \
        bound_text((place)->place), bound_int((place)->opened_sequence), bound_text((place)->business_date),           \
        bound_int((place)->at_ms)

int64_t
cash_tally_sum(const struct cash_tally *tally)
{
    int64_t sum_yen = 0;
    for (size_t i = 0; i < tally->count; i++) {
        sum_yen += tally->rows[i].yen * tally->rows[i].pieces;
    }
    return sum_yen;
}

enum status
cash_movement_put(struct store_txn *txn, const struct cash_place *place, const struct cash_movement *movement,
                  struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO cash_movement " PLACE_COLUMNS "kind, amount_yen, clerk, approved_by, reason)"
                     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                     BOUND(PLACE_VALUES(place), bound_text(movement->kind), bound_int(movement->amount_yen),
                           bound_text(movement->clerk), bound_text(movement->approved_by),
                           bound_text(movement->reason)),
                     err);
}

enum status
cash_count_put(struct store_txn *txn, const struct cash_place *place, const char *purpose, const char *clerk,
               int64_t total_yen, int64_t expected_yen, struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO cash_count " PLACE_COLUMNS "purpose, clerk, total_yen, expected_yen)"
                     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                     BOUND(PLACE_VALUES(place), bound_text(purpose), bound_text(clerk), bound_int(total_yen),
                           bound_int(expected_yen)),
                     err);
}

enum status
cash_tally_put(struct store_txn *txn, const char *terminal, int64_t sequence, const struct cash_tally *tally,
               struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < tally->count && status == STATUS_OK; i++) {
        status = query_run(txn, "INSERT INTO cash_tally (terminal, sequence, yen, pieces) VALUES ($1, $2, $3, $4)",
                           BOUND(bound_text(terminal), bound_int(sequence), bound_int(tally->rows[i].yen),
                                 bound_int(tally->rows[i].pieces)),
                           err);
    }
    return status;
}

enum status
shift_change_put(struct store_txn *txn, const struct cash_place *place, const struct shift_change *change,
                 struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO shift_change " PLACE_COLUMNS "from_clerk, to_clerk, counted_cash_yen,"
                     " expected_cash_yen, ledger_cash_yen, difference_reason)"
                     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
                     BOUND(PLACE_VALUES(place), bound_text(change->from), bound_text(change->to),
                           bound_int(change->counted_cash_yen), bound_int(change->expected_cash_yen),
                           bound_int(change->ledger_cash_yen), bound_text(change->difference_reason)),
                     err);
}

enum status
day_inspection_put(struct store_txn *txn, const struct cash_place *place, const struct day_inspection *inspection,
                   struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO day_inspection " PLACE_COLUMNS "clerk, number, float_yen, cash_in_yen, cash_out_yen,"
                     " expected_cash_yen, ledger_cash_yen, zero_count)"
                     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
                     BOUND(PLACE_VALUES(place), bound_text(inspection->clerk), bound_int(inspection->number),
                           bound_int(inspection->float_yen), bound_int(inspection->cash_in_yen),
                           bound_int(inspection->cash_out_yen), bound_int(inspection->expected_cash_yen),
                           bound_int(inspection->ledger_cash_yen), bound_int(inspection->zero_count)),
                     err);
}

enum status
cash_sums_of_day(struct store_txn *txn, const char *terminal, int64_t opened_sequence, struct cash_sums *out,
                 struct error_detail *err)
{
    struct statement *row;
    bool found;
    struct cash_sums sums = {0};
    enum status status = query_first(txn,
                                     "SELECT coalesce(sum(CASE kind WHEN 'float_lent' THEN amount_yen"
                                     " WHEN 'float_returned' THEN -amount_yen END), 0),"
                                     " coalesce(sum(CASE kind WHEN 'cash_in' THEN amount_yen END), 0),"
                                     " coalesce(sum(CASE kind WHEN 'cash_out' THEN amount_yen END), 0)"
                                     " FROM cash_movement WHERE terminal = $1 AND sequence > $2",
                                     BOUND(bound_text(terminal), bound_int(opened_sequence)), &row, &found, err);
    if (status == STATUS_OK && found) {
        sums.float_yen = statement_column_int(row, 0);
        sums.in_yen = statement_column_int(row, 1);
        sums.out_yen = statement_column_int(row, 2);
        statement_reset(row);
    }
    if (status == STATUS_OK) {
        status = query_int(txn,
                           "SELECT sum(amount_yen) FROM refund WHERE terminal = $1 AND state = 'paid'"
                           " AND ended_means = 'cash' AND state_sequence > $2",
                           BOUND(bound_text(terminal), bound_int(opened_sequence)), 0, &sums.refund_yen, err);
    }
    int64_t opening_yen = 0;
    if (status == STATUS_OK) {
        status = query_int(txn, "SELECT float_yen FROM business_day WHERE terminal = $1 AND opened_sequence = $2",
                           BOUND(bound_text(terminal), bound_int(opened_sequence)), 0, &opening_yen, err);
    }
    if (status == STATUS_OK) {
        sums.float_yen += opening_yen;
        *out = sums;
    }
    return status;
}
