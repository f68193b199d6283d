/* SQL of 収納. A line of a statement is joined with its payment by the keys that matching uses, and the pair is proved
 * by `matched`; pairs by slip or by a person's word have an index of their own (migration 0024). */
#include "settlement/store/collection_store.h"

#include "settlement/store/query.h"

#include <assert.h>

static enum status
visit_sums(struct statement *statement, assessed_sum_visitor visit, void *context, struct error_detail *err)
{
    bool has_row = false;
    enum status status;
    while ((status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        const struct assessed_sum_row row = {
            .fiscal_year = statement_column_int(statement, 0),
            .account = statement_column_text(statement, 1),
            .section = statement_column_text(statement, 2),
            .route = statement_column_text(statement, 3),
            .assessed_on = statement_column_text(statement, 4),
            .amount_yen = statement_column_int(statement, 5),
            .refunded_yen = statement_column_int(statement, 6),
        };
        status = visit(&row, context, err);
        if (status != STATUS_OK) {
            statement_reset(statement);
            return status;
        }
    }
    return status;
}

enum status
assessed_sum_each(struct store_txn *txn, const char *municipality, int64_t fiscal_year, const char *from,
                  const char *to, assessed_sum_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(
        txn,
        "SELECT fiscal_year, account, section, route, assessed_on, "
        "sum(CASE WHEN kind = 'decrease' THEN -amount_yen ELSE amount_yen END), 0 FROM assessment "
        "WHERE municipality = $1 AND assessed_on BETWEEN $3 AND $4 AND state IN ('approved', 'exported') "
        "AND ($2 = 0 OR fiscal_year = $2) GROUP BY fiscal_year, account, section, route, assessed_on "
        "ORDER BY fiscal_year, account, section, route, assessed_on",
        BOUND(bound_text(municipality), bound_int(fiscal_year), bound_text(from), bound_text(to)), &statement, err);
    return status == STATUS_OK ? visit_sums(statement, visit, context, err) : status;
}

/* The day and the sum of what bank lines pay of the payout that pays Q: itself, or the one that it is carried to. */
#define CREDITS                                                                                                        \
    "FROM payout_credit AS c JOIN bank_line AS b ON b.import = c.import AND b.line = c.line "                          \
    "WHERE c.municipality = q.municipality AND c.trustee = q.trustee "                                                 \
    "AND c.payout = CASE WHEN q.is_carried = 1 THEN q.carried_to ELSE q.payout END AND b.booked_on "
#define PAYOUT_COLUMNS                                                                                                 \
    "SELECT q.trustee, q.payout, CASE WHEN q.due_on <> '' THEN q.due_on ELSE q.payable_on END, q.amount_yen, "         \
    "q.fee_yen, CASE WHEN q.is_carried = 1 THEN coalesce(t.expected_yen, 0) ELSE q.expected_yen END, "                 \
    "(SELECT coalesce(sum(c.amount_yen), 0) " CREDITS "< $4), (SELECT coalesce(sum(c.amount_yen), 0) " CREDITS         \
    "<= $5), (SELECT coalesce(max(b.booked_on), '') " CREDITS "<= $5), q.is_carried, "                                 \
    "CASE WHEN EXISTS (SELECT 1 FROM discrepancy AS d WHERE d.municipality = q.municipality "                          \
    "AND d.trustee = q.trustee AND d.payout = CASE WHEN q.is_carried = 1 THEN q.carried_to ELSE q.payout END "         \
    "AND d.payout <> '' AND d.state = 'resolved' AND d.resolution = 'fee_accepted' "                                   \
    "AND d.class = 'transfer_fee_deducted') THEN 1 ELSE 0 END FROM payout AS q "                                       \
    "LEFT JOIN payout AS t ON t.municipality = q.municipality AND t.trustee = q.trustee AND q.is_carried = 1 "         \
    "AND t.payout = q.carried_to WHERE q.municipality = $1 "

static const char payouts_of_days[] = PAYOUT_COLUMNS "AND q.first_on <= $3 AND (q.first_on >= $2 OR EXISTS (SELECT 1 "
                                                     "FROM payout AS u WHERE u.municipality = q.municipality AND "
                                                     "u.trustee = q.trustee AND u.payout = q.payout AND "
                                                     "(u.due_on >= $2 OR u.payable_on >= $2))) "
                                                     "ORDER BY q.trustee, q.payout";
static const char payouts_of_credits[] =
    PAYOUT_COLUMNS "AND $2 = $2 AND $3 = $3 AND EXISTS (SELECT 1 " CREDITS "BETWEEN $4 AND $5) "
                   "ORDER BY q.trustee, q.payout";

enum status
credited_payout_each(struct store_txn *txn, const char *municipality, const char *first, const char *last,
                     const char *from, const char *to, credited_payout_visitor visit, void *context,
                     struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(
        txn, last[0] != '\0' ? payouts_of_days : payouts_of_credits,
        BOUND(bound_text(municipality), bound_text(first), bound_text(last), bound_text(from), bound_text(to)),
        &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        const struct credited_payout_row row = {
            .trustee = statement_column_text(statement, 0),
            .payout = statement_column_text(statement, 1),
            .payable_on = statement_column_text(statement, 2),
            .gross_yen = statement_column_int(statement, 3),
            .fee_yen = statement_column_int(statement, 4),
            .expected_yen = statement_column_int(statement, 5),
            .before_yen = statement_column_int(statement, 6),
            .upto_yen = statement_column_int(statement, 7),
            .credited_on = statement_column_text(statement, 8),
            .is_carried = statement_column_int(statement, 9) != 0,
            .is_settled = statement_column_int(statement, 10) != 0,
        };
        status = visit(&row, context, err);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

/* What approved 調定 hold of the sale that payment P paid without cash. */
#define CLAIMS_OF_PAYMENT                                                                                              \
    "JOIN assessment_source AS s ON s.terminal = p.terminal AND s.sequence = p.sale_sequence "                         \
    "JOIN assessment AS a ON a.assessment = s.assessment AND a.route <> 'cash' "                                       \
    "AND a.state IN ('approved', 'exported') "
#define CLAIM                                                                                                          \
    "SELECT a.fiscal_year, a.account, a.section, a.route, a.assessed_on, "                                             \
    "CASE WHEN a.kind = 'decrease' THEN -s.amount_yen ELSE s.amount_yen END AS amount_yen, "                           \
    "CASE WHEN a.kind = 'decrease' AND (SELECT v.voided_by FROM sale AS v WHERE v.terminal = s.terminal "              \
    "AND v.sequence = s.sequence) = 0 THEN s.amount_yen ELSE 0 END AS refunded_yen "
#define LINES_OF_PAYOUT "FROM payout_part AS r JOIN statement_line AS l ON l.import = r.import AND l.payout = r.payout "
#define OF_PAYOUT "WHERE r.municipality = $1 AND r.trustee = $2 AND r.payout = $3 "
#define PAIR                                                                                                           \
    "JOIN matched AS m ON m.terminal = p.terminal AND m.sequence = p.started_sequence AND m.part = 'sale' "            \
    "AND m.import = l.import AND m.line = l.line "

/* A payment has two keys; each is looked up by itself, because an OR of them would look at every payment. So would
 * SQLite for each payout if it were free to begin with the payments: CROSS JOIN says that the lines come first. */
static const char claims_of_payout[] =
    "SELECT fiscal_year, account, section, route, assessed_on, sum(amount_yen), sum(refunded_yen) FROM (" CLAIM
        LINES_OF_PAYOUT "JOIN payment AS p ON p.payment = l.merchant_reference " PAIR CLAIMS_OF_PAYMENT OF_PAYOUT
    "AND m.matched_by <> 'decision' AND m.matched_by <> 'slip' UNION ALL " CLAIM LINES_OF_PAYOUT
    "CROSS JOIN payment AS p ON p.municipality = r.municipality AND p.acquirer_reference = l.acquirer_reference "
    "AND p.acquirer_reference <> '' AND p.payment <> l.merchant_reference " PAIR CLAIMS_OF_PAYMENT OF_PAYOUT
    "AND m.matched_by <> 'decision' AND m.matched_by <> 'slip' UNION ALL " CLAIM LINES_OF_PAYOUT
    "JOIN matched AS m ON m.import = l.import AND m.line = l.line AND m.part = 'sale' "
    "AND (m.matched_by = 'decision' OR m.matched_by = 'slip') "
    "JOIN payment AS p ON p.terminal = m.terminal AND p.started_sequence = m.sequence " CLAIMS_OF_PAYMENT OF_PAYOUT
    ") AS claims GROUP BY fiscal_year, account, section, route, assessed_on "
    "ORDER BY assessed_on, fiscal_year, account, section, route";

enum status
payout_claim_each(struct store_txn *txn, const char *municipality, const char *trustee, const char *payout,
                  assessed_sum_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status =
        query_open(txn, claims_of_payout, BOUND(bound_text(municipality), bound_text(trustee), bound_text(payout)),
                   &statement, err);
    return status == STATUS_OK ? visit_sums(statement, visit, context, err) : status;
}

enum status
payout_refunds(struct store_txn *txn, const char *municipality, const char *trustee, const char *payout,
               int64_t *out_yen, struct error_detail *err)
{
    struct statement *statement;
    enum status status =
        query_open(txn,
                   "SELECT coalesce(sum(-l.amount_yen), 0) " LINES_OF_PAYOUT OF_PAYOUT
                   "AND l.kind = 'refund' AND l.amount_yen < 0 AND NOT EXISTS (SELECT 1 FROM "
                   "line_aside AS o WHERE o.import = l.import AND o.line = l.line)",
                   BOUND(bound_text(municipality), bound_text(trustee), bound_text(payout)), &statement, err);
    bool has_row = false;
    if (status == STATUS_OK) {
        status = statement_step(statement, &has_row, err);
    }
    if (status == STATUS_OK) {
        assert(has_row); /* an aggregate has one row */
        *out_yen = statement_column_int(statement, 0);
        statement_reset(statement);
    }
    return status;
}
