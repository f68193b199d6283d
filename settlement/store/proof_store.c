/* SQL of proofs. A payment that nobody knows the end of is no party to matching, so its statement line stands among the
 * open lines; one that counted as a sale was matched like any other. */
#include "settlement/store/proof_store.h"

#include "settlement/store/matching_store.h"

#include "settlement/store/query.h"

/* What else the statements say of the same payment: then it is for people to judge. */
#define NO_WAY_BACK                                                                                                    \
    "NOT EXISTS (SELECT 1 FROM open_line AS b JOIN statement_line AS k ON k.import = b.import AND k.line = b.line "     \
    "WHERE b.municipality = $1 AND k.merchant_reference = p.payment AND k.kind <> 'sale' AND k.kind <> 'fee') "

/* CROSS JOIN: the open lines are read once, and each finds its payment by its id. */
static const char proofs[] =
    "SELECT p.payment, l.amount_yen, l.accepted_at_ms, l.acquirer_reference, p.started_sequence FROM open_line AS o "
    "CROSS JOIN statement_line AS l ON l.import = o.import AND l.line = o.line "
    "CROSS JOIN payment AS p ON p.payment = l.merchant_reference "
    "WHERE o.municipality = $1 AND p.municipality = $1 AND p.terminal = $2 "
    "AND p.state IN ('started', 'unknown', 'in_doubt') "
    "AND l.kind = 'sale' AND l.is_training = 0 AND l.amount_yen = p.amount_yen AND " NO_WAY_BACK
    "UNION SELECT p.payment, l.amount_yen, l.accepted_at_ms, l.acquirer_reference, p.started_sequence FROM payment AS p "
    "JOIN matched AS m ON m.terminal = p.terminal AND m.sequence = p.started_sequence AND m.part = 'sale' "
    "JOIN statement_line AS l ON l.import = m.import AND l.line = m.line "
    "WHERE p.municipality = $1 AND p.terminal = $2 AND p.rule = 'counts_as_sale' AND p.proved = '' "
    "AND p.state = 'approved' AND l.amount_yen = p.amount_yen AND " NO_WAY_BACK "ORDER BY 5 LIMIT $3";

/* Whether anything at all is open at the till: nearly always nothing is, and every till asks every minute. The terms
 * are those of the partial indexes payment_open and payment_doubtful. */
static const char is_open[] =
    "SELECT 1 FROM payment WHERE municipality = $1 AND terminal = $2 "
    "AND state IN ('started', 'unknown', 'in_doubt', 'held') AND state <> 'held' UNION ALL "
    "SELECT 1 FROM payment WHERE municipality = $1 AND terminal = $2 "
    "AND rule = 'counts_as_sale' AND proved = '' AND state = 'approved' LIMIT 1";

static enum status
walk(struct statement *row, payment_proof_visitor visit, void *context, struct error_detail *err)
{
    bool has_row = false;
    enum status status;
    while ((status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        const struct payment_proof proof = {
            .payment = statement_column_text(row, 0),
            .amount_yen = statement_column_int(row, 1),
            .accepted_at_ms = statement_column_is_null(row, 2) ? INSTANT_ABSENT : statement_column_int(row, 2),
            .acquirer_reference = statement_column_text(row, 3),
        };
        status = visit(&proof, context, err);
        if (status != STATUS_OK) {
            statement_reset(row);
            return status;
        }
    }
    return status;
}

enum status
payment_proofs_each(struct store_txn *txn, const char *municipality, const char *terminal, int64_t limit,
                    payment_proof_visitor visit, void *context, struct error_detail *err)
{
    struct statement *row;
    int64_t has_open = 0;
    enum status status = query_int(txn, is_open, BOUND(bound_text(municipality), bound_text(terminal)), 0, &has_open, err);
    if (status != STATUS_OK || has_open == 0) {
        return status;
    }
    status = query_open(txn, proofs, BOUND(bound_text(municipality), bound_text(terminal), bound_int(limit)), &row, err);
    return status == STATUS_OK ? walk(row, visit, context, err) : status;
}
