/* SQL of refunds that are seen. */
#include "settlement/store/refund_seen_store.h"

#include "settlement/store/column.h"
#include "settlement/store/query.h"

/* `r` of amount $2, given back by its processor and not by a void, and in no line. */
#define IS_WANTED                                                                                                      \
    "r.municipality = $1 AND r.amount_yen = $2 AND r.state = 'paid' AND r.ended_means = 'gateway' "                    \
    "AND NOT EXISTS (SELECT 1 FROM refund_seen AS x WHERE x.refund = r.refund) "                                       \
    "AND NOT EXISTS (SELECT 1 FROM sale AS w JOIN reversal AS v ON v.payment = w.payment AND v.state = 'reversed' "    \
    "WHERE w.sale = r.sale AND w.payment <> '') "
#define FOUND "SELECT r.refund AS refund, r.ended_on AS ended_on, r.terminal AS terminal, r.state_sequence AS sequence "
#define OF_PAYMENT                                                                                                     \
    "FROM payment AS p JOIN sale AS s ON s.payment = p.payment AND s.municipality = p.municipality "                   \
    "JOIN refund AS r ON r.sale = s.sale WHERE p.municipality = $1 AND "

enum status
refund_unseen_find(struct store_txn *txn, const char *municipality, const struct refund_report *report, int64_t skip,
                   char out[IDENTITY_TEXT_SIZE], struct error_detail *err)
{
    struct statement *row;
    bool found = false;
    out[0] = '\0';
    enum status status = query_first(
        txn,
        "SELECT refund FROM (" FOUND "FROM refund AS r WHERE r.refund = $3 AND " IS_WANTED "UNION " FOUND OF_PAYMENT
        "p.payment = $3 AND " IS_WANTED "UNION " FOUND OF_PAYMENT
        "p.acquirer_reference = $4 AND p.acquirer_reference <> '' AND $3 = '' AND " IS_WANTED
        ") AS t ORDER BY ended_on, terminal, sequence LIMIT 1 OFFSET $5",
        BOUND(bound_text(municipality), bound_int(report->amount_yen), bound_text(report->merchant_reference),
              bound_text(report->acquirer_reference), bound_int(skip)),
        &row, &found, err);
    if (status == STATUS_OK && found) {
        column_copy_text(out, IDENTITY_TEXT_SIZE, row, 0);
        statement_reset(row);
    }
    return status;
}

enum status
refund_seen_add(struct store_txn *txn, const char *municipality, const char *refund, int64_t import, int64_t line,
                int64_t run, struct error_detail *err)
{
    return query_run(
        txn, "INSERT INTO refund_seen (refund, municipality, import, line, run) VALUES ($1, $2, $3, $4, $5)",
        BOUND(bound_text(refund), bound_text(municipality), bound_int(import), bound_int(line), bound_int(run)), err);
}
