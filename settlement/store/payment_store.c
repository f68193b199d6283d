/* Payments and reversals. */
#include "settlement/store/payment_store.h"

#include "settlement/store/column.h"
#include "settlement/store/query.h"

#include <string.h>

enum status
payment_put(struct store_txn *txn, const struct payment_row *payment, struct error_detail *err)
{
    return query_run(
        txn,
        "INSERT INTO payment (terminal, started_sequence, municipality, place, payment, sale, method, brand,"
        " amount_yen, sequence_number, clerk, business_date, started_at_ms, state, state_sequence, abandoned_by, cause,"
        " how, resolved_on, acquirer_reference, approval_code, slip_number, masked_number, accepted_at_ms,"
        " sale_sequence, cash_yen) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'started', $2, 0,"
        " '', '', '', '', '', '', '', NULL, 0, $14)",
        BOUND(bound_text(payment->terminal), bound_int(payment->started_sequence), bound_text(payment->municipality),
              bound_text(payment->place), bound_text(payment->payment), bound_text(payment->sale),
              bound_text(payment->method), bound_text(payment->brand), bound_int(payment->amount_yen),
              bound_text(payment->sequence_number), bound_text(payment->clerk), bound_text(payment->business_date),
              bound_int(payment->started_at_ms), bound_int(payment->cash_yen)),
        err);
}

enum status
payment_find(struct store_txn *txn, const char *payment, struct payment_facts *out, struct error_detail *err)
{
    struct statement *row;
    bool found;
    enum status status =
        query_first(txn,
                    "SELECT terminal, started_sequence, sale, method, brand, amount_yen, state, sale_sequence,"
                    " cash_yen, rule, proved FROM payment WHERE payment = $1",
                    BOUND(bound_text(payment)), &row, &found, err);
    if (status != STATUS_OK) {
        return status;
    }
    *out = (struct payment_facts){0};
    if (found) {
        column_copy_text(out->terminal, sizeof out->terminal, row, 0);
        out->started_sequence = statement_column_int(row, 1);
        column_copy_text(out->sale, sizeof out->sale, row, 2);
        column_copy_text(out->method, sizeof out->method, row, 3);
        column_copy_text(out->brand, sizeof out->brand, row, 4);
        out->amount_yen = statement_column_int(row, 5);
        column_copy_text(out->state, sizeof out->state, row, 6);
        out->sale_sequence = statement_column_int(row, 7);
        out->cash_yen = statement_column_int(row, 8);
        column_copy_text(out->rule, sizeof out->rule, row, 9);
        out->is_proved = statement_column_text(row, 10)[0] != '\0';
        statement_reset(row);
    }
    return STATUS_OK;
}

enum status
payment_set_state(struct store_txn *txn, const char *payment, const char *state, int64_t sequence, const char *cause,
                  const char *acquirer_reference, const char *rule, struct error_detail *err)
{
    return query_run(
        txn,
        "UPDATE payment SET state = $1, state_sequence = $2, cause = $3, acquirer_reference ="
        " CASE WHEN $4 = '' THEN acquirer_reference ELSE $4 END, rule = CASE WHEN $5 = '' THEN rule ELSE $5 END"
        " WHERE payment = $6",
        BOUND(bound_text(state), bound_int(sequence), bound_text(cause), bound_text(acquirer_reference),
              bound_text(rule), bound_text(payment)),
        err);
}

enum status
payment_set_proved(struct store_txn *txn, const char *payment, const char *proved, int64_t sequence,
                   struct error_detail *err)
{
    return query_run(txn, "UPDATE payment SET proved = $1, proved_sequence = $2 WHERE payment = $3",
                     BOUND(bound_text(proved), bound_int(sequence), bound_text(payment)), err);
}

enum status
payment_set_abandoned(struct store_txn *txn, const char *payment, int64_t sequence, struct error_detail *err)
{
    return query_run(txn, "UPDATE payment SET abandoned_by = $1 WHERE payment = $2",
                     BOUND(bound_int(sequence), bound_text(payment)), err);
}

enum status
payment_set_resolved(struct store_txn *txn, const char *payment, int64_t sequence,
                     const struct payment_resolution *resolution, struct error_detail *err)
{
    struct bound accepted_at = resolution->accepted_at_ms != 0 ? bound_int(resolution->accepted_at_ms) : bound_null();
    return query_run(txn,
                     "UPDATE payment SET state = $1, state_sequence = $2, cause = $3, how = $4, resolved_on = $5,"
                     " acquirer_reference = CASE WHEN $6 = '' THEN acquirer_reference ELSE $6 END, approval_code = $7,"
                     " slip_number = $8, masked_number = $9, accepted_at_ms = $10,"
                     " brand = CASE WHEN $11 = '' THEN brand ELSE $11 END WHERE payment = $12",
                     BOUND(bound_text(resolution->state), bound_int(sequence), bound_text(resolution->cause),
                           bound_text(resolution->how), bound_text(resolution->resolved_on),
                           bound_text(resolution->acquirer_reference), bound_text(resolution->approval_code),
                           bound_text(resolution->slip_number), bound_text(resolution->masked_number), accepted_at,
                           bound_text(resolution->brand), bound_text(payment)),
                     err);
}

enum status
payment_set_sale(struct store_txn *txn, const char *payment, int64_t sequence, const char *brand,
                 struct error_detail *err)
{
    return query_run(txn, "UPDATE payment SET sale_sequence = $1, brand = $2 WHERE payment = $3",
                     BOUND(bound_int(sequence), bound_text(brand), bound_text(payment)), err);
}

enum status
reversal_put(struct store_txn *txn, const struct reversal_row *reversal, struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO reversal (terminal, started_sequence, municipality, reversal, payment, sale,"
                     " amount_yen, clerk, reason, state, state_sequence, cause)"
                     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'started', $2, '')",
                     BOUND(bound_text(reversal->terminal), bound_int(reversal->started_sequence),
                           bound_text(reversal->municipality), bound_text(reversal->reversal),
                           bound_text(reversal->payment), bound_text(reversal->sale), bound_int(reversal->amount_yen),
                           bound_text(reversal->clerk), bound_text(reversal->reason)),
                     err);
}

enum status
reversal_state(struct store_txn *txn, const char *reversal, char out[PAYMENT_STATE_SIZE], struct error_detail *err)
{
    struct statement *row;
    bool found;
    enum status status = query_first(txn, "SELECT state FROM reversal WHERE reversal = $1", BOUND(bound_text(reversal)),
                                     &row, &found, err);
    if (status == STATUS_OK) {
        out[0] = '\0';
    }
    if (status == STATUS_OK && found) {
        column_copy_text(out, PAYMENT_STATE_SIZE, row, 0);
        statement_reset(row);
    }
    return status;
}

enum status
reversal_gave_back(struct store_txn *txn, const char *terminal, const char *reversal, const char *sale,
                   int64_t amount_yen, bool *out, struct error_detail *err)
{
    struct statement *row;
    enum status status = query_first(
        txn,
        "SELECT 1 FROM reversal WHERE reversal = $1 AND terminal = $2 AND sale = $3 AND "
        "amount_yen = $4 AND state = 'reversed'",
        BOUND(bound_text(reversal), bound_text(terminal), bound_text(sale), bound_int(amount_yen)), &row, out, err);
    if (status == STATUS_OK && *out) {
        statement_reset(row);
    }
    return status;
}

enum status
reversal_set_state(struct store_txn *txn, const char *reversal, const char *state, int64_t sequence, const char *cause,
                   struct error_detail *err)
{
    return query_run(txn, "UPDATE reversal SET state = $1, state_sequence = $2, cause = $3 WHERE reversal = $4",
                     BOUND(bound_text(state), bound_int(sequence), bound_text(cause), bound_text(reversal)), err);
}
