/* SQL that reads what matching made. */
#include "settlement/store/matching_query_store.h"

#include "settlement/store/query.h"

enum status
day_matching(struct store_txn *txn, const char *municipality, const char *day, const char *today,
             struct day_matching *out, struct error_detail *err)
{
    struct statement *statement;
    bool found;
    enum status status = query_first(
        txn,
        "SELECT coalesce(sum(m.import IS NOT NULL), 0), coalesce(sum(CASE WHEN m.import IS NOT NULL THEN "
        "p.amount_yen END), 0), coalesce(sum(m.import IS NULL AND coalesce(o.due_on, '9') >= $1), 0), "
        "coalesce(sum(CASE WHEN m.import IS NULL AND coalesce(o.due_on, '9') >= $1 THEN p.amount_yen END), 0) "
        "FROM sale AS s CROSS JOIN payment AS p ON p.payment = s.payment LEFT JOIN matched AS m "
        "ON m.terminal = p.terminal AND m.sequence = p.started_sequence AND m.part = 'sale' LEFT JOIN open_item AS o "
        "ON o.terminal = p.terminal AND o.sequence = p.started_sequence AND o.part = 'sale' "
        "WHERE s.municipality = $2 AND s.received_on = $3 AND s.payment <> '' AND s.voided_by = 0",
        BOUND(bound_text(today), bound_text(municipality), bound_text(day)), &statement, &found, err);
    if (status == STATUS_OK && found) {
        *out = (struct day_matching){.matched_count = statement_column_int(statement, 0),
                                     .matched_yen = statement_column_int(statement, 1),
                                     .waiting_count = statement_column_int(statement, 2),
                                     .waiting_yen = statement_column_int(statement, 3)};
        statement_reset(statement);
    }
    return status;
}

/* 31 May after the fiscal year of `first_on`. */
#define CLOSING_DAY                                                                                                    \
    "(CAST(substr(first_on, 1, 4) AS INTEGER) + CASE WHEN substr(first_on, 6, 2) >= '04' THEN 1 ELSE 0 END) || "       \
    "'-05-31'"
#define MISSES_CLOSING "(first_on <> '' AND payable_on > " CLOSING_DAY ")"

enum status
deposit_outlook(struct store_txn *txn, const char *municipality, const char *today, struct deposit_outlook *out,
                struct error_detail *err)
{
    struct statement *statement;
    bool found;
    enum status status =
        query_first(txn,
                    "SELECT coalesce(sum(payable_on = $1), 0), coalesce(sum(CASE WHEN payable_on = $1 THEN "
                    "expected_yen - credited_yen END), "
                    "0), coalesce(sum(payable_on <> '' AND payable_on < $1), 0), coalesce(sum(CASE WHEN payable_on <> "
                    "'' AND payable_on < $1 THEN "
                    "expected_yen - credited_yen END), 0), coalesce(sum(" MISSES_CLOSING
                    "), 0), coalesce(sum(CASE WHEN " MISSES_CLOSING
                    " THEN amount_yen END), 0) FROM payout WHERE municipality = $2 AND credited_yen <> expected_yen",
                    BOUND(bound_text(today), bound_text(municipality)), &statement, &found, err);
    if (status == STATUS_OK && found) {
        *out = (struct deposit_outlook){.today_count = statement_column_int(statement, 0),
                                        .today_yen = statement_column_int(statement, 1),
                                        .late_count = statement_column_int(statement, 2),
                                        .late_yen = statement_column_int(statement, 3),
                                        .misses_closing_count = statement_column_int(statement, 4),
                                        .misses_closing_yen = statement_column_int(statement, 5)};
        statement_reset(statement);
    }
    return status;
}

#define PAYOUT_STATE                                                                                                   \
    "CASE WHEN is_carried = 1 THEN 'carried' WHEN credited_yen = expected_yen THEN 'credited' WHEN credited_yen > "    \
    "expected_yen THEN 'over' "                                                                                        \
    "WHEN credited_yen <> 0 THEN 'short' WHEN payable_on <> '' AND payable_on < $1 THEN 'late' ELSE 'expected' END"
#define PAYOUT_VIEW                                                                                                    \
    "SELECT trustee, payout, payable_on, line_count, amount_yen, fee_yen, credited_yen, credited_on, " PAYOUT_STATE    \
    " AS view_state, " MISSES_CLOSING " AND credited_yen <> expected_yen, coalesce((SELECT min(d.discrepancy) FROM "   \
    "discrepancy AS d WHERE d.municipality = payout.municipality AND d.trustee = payout.trustee AND "                  \
    "d.payout = payout.payout AND d.payout <> '' AND d.subject LIKE 'payout:%' "                                       \
    "AND d.state IN ('open', 'awaiting_second')), 0), expected_yen, CASE WHEN due_on = '' THEN 1 ELSE 0 END, "         \
    "carry_yen, carried_to FROM payout WHERE municipality = $2 "                                                       \
    "AND ($3 IS NULL OR payout = $3) AND ($11 IS NULL OR trustee = $11) AND ($4 IS NULL OR " PAYOUT_STATE              \
    " = $4) AND payable_on >= $5 AND payable_on <= $6 "                                                                \
    "AND (payable_on, trustee, payout) < ($7, $8, $9) ORDER BY payable_on DESC, trustee DESC, payout DESC LIMIT $10"

enum status
payout_view_each(struct store_txn *txn, const struct payout_query *query, payout_view_visitor visit, void *context,
                 struct error_detail *err)
{
    static const char last_day[] = "9999-99-99";
    bool has_after = query->after_day != NULL;
    struct statement *statement;
    enum status status = query_open(
        txn, PAYOUT_VIEW,
        BOUND(bound_text(query->today), bound_text(query->municipality), bound_text(query->payout),
              bound_text(query->state), bound_text(query->from != NULL ? query->from : ""),
              bound_text(query->to != NULL ? query->to : last_day), bound_text(has_after ? query->after_day : last_day),
              bound_text(has_after ? query->after_trustee : ""), bound_text(has_after ? query->after_payout : ""),
              bound_int(query->limit), bound_text(query->trustee)),
        &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct payout_view view = {
            .trustee = statement_column_text(statement, 0),
            .payout = statement_column_text(statement, 1),
            .due_on = statement_column_text(statement, 2),
            .line_count = statement_column_int(statement, 3),
            .amount_yen = statement_column_int(statement, 4),
            .fee_yen = statement_column_int(statement, 5),
            .credited_yen = statement_column_int(statement, 6),
            .credited_on = statement_column_text(statement, 7),
            .state = statement_column_text(statement, 8),
            .misses_closing = statement_column_int(statement, 9) != 0,
            .discrepancy = statement_column_int(statement, 10),
            .expected_yen = statement_column_int(statement, 11),
            .is_due_computed = statement_column_int(statement, 12) != 0,
            .carry_yen = statement_column_int(statement, 13),
            .carried_to = statement_column_text(statement, 14),
        };
        status = visit(&view, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

static enum status
walk_places(struct statement *statement, file_place_visitor visit, void *context, struct error_detail *err)
{
    bool has_row = false;
    enum status status;
    while ((status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        status = visit(statement_column_int(statement, 0), statement_column_int(statement, 1), context);
        if (status != STATUS_OK) {
            statement_reset(statement);
            return status;
        }
    }
    return status;
}

enum status
payout_line_each(struct store_txn *txn, const char *municipality, const char *trustee, const char *payout,
                 int64_t limit, file_place_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(
        txn,
        "SELECT l.import, l.line FROM payout_part AS q CROSS JOIN statement_line AS l ON l.import = q.import "
        "WHERE q.municipality = $1 AND q.trustee = $2 AND q.payout = $3 AND l.payout = q.payout "
        "AND NOT EXISTS (SELECT 1 FROM line_aside AS a WHERE a.import = l.import AND a.line = l.line) "
        "ORDER BY l.import, l.line LIMIT $4",
        BOUND(bound_text(municipality), bound_text(trustee), bound_text(payout), bound_int(limit)), &statement, err);
    return status == STATUS_OK ? walk_places(statement, visit, context, err) : status;
}

enum status
payout_share_each(struct store_txn *txn, const char *municipality, const char *trustee, const char *payout,
                  payout_share_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    bool has_row = false;
    enum status status = query_open(
        txn,
        "SELECT l.kind, l.brand, count(*), sum(l.amount_yen), sum(l.fee_yen) FROM payout_part AS q CROSS JOIN "
        "statement_line AS l ON l.import = q.import WHERE q.municipality = $1 AND q.trustee = $2 AND q.payout = $3 "
        "AND l.payout = q.payout "
        "AND NOT EXISTS (SELECT 1 FROM line_aside AS a WHERE a.import = l.import AND a.line = l.line) "
        "GROUP BY l.kind, l.brand ORDER BY CASE l.kind WHEN 'sale' THEN 0 WHEN 'reversal' THEN 1 WHEN 'refund' THEN 2 "
        "ELSE 3 END, l.brand",
        BOUND(bound_text(municipality), bound_text(trustee), bound_text(payout)), &statement, err);
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        const struct payout_share share = {.kind = statement_column_text(statement, 0),
                                           .brand = statement_column_text(statement, 1),
                                           .line_count = statement_column_int(statement, 2),
                                           .amount_yen = statement_column_int(statement, 3),
                                           .fee_yen = statement_column_int(statement, 4)};
        status = visit(&share, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
payout_bank_line_each(struct store_txn *txn, const char *municipality, const char *trustee, const char *payout,
                      file_place_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status =
        query_open(txn,
                   "SELECT import, line FROM payout_credit WHERE municipality = $1 AND trustee = $2 AND payout = $3 "
                   "ORDER BY import, line",
                   BOUND(bound_text(municipality), bound_text(trustee), bound_text(payout)), &statement, err);
    return status == STATUS_OK ? walk_places(statement, visit, context, err) : status;
}

enum status
import_line_counts(struct store_txn *txn, int64_t import, int64_t *out_matched, int64_t *out_open,
                   struct error_detail *err)
{
    struct statement *statement;
    bool found;
    enum status status = query_first(
        txn,
        "SELECT i.kind = 'bank', i.line_count - i.fee_line_count, (SELECT count(*) FROM open_line WHERE import = $1), "
        "(SELECT count(*) FROM open_credit WHERE import = $1), (SELECT count(*) FROM payout_credit WHERE import = $1), "
        "(SELECT count(DISTINCT line) FROM discrepancy WHERE import = $1 AND import <> 0 AND state = 'resolved'), "
        "coalesce(s.import, 0) >= i.import, (SELECT count(*) FROM line_aside AS a LEFT JOIN statement_line AS l "
        "ON l.import = a.import AND l.line = a.line WHERE a.import = $1 AND coalesce(l.kind, '') <> 'fee'), "
        /* A decision on a line that does not count keeps nothing of it open or closed. */
        "(SELECT count(DISTINCT d.line) FROM discrepancy AS d JOIN line_aside AS a ON a.import = d.import "
        "AND a.line = d.line WHERE d.import = $1 AND d.state = 'resolved') FROM import AS i LEFT JOIN matching_state "
        "AS s "
        "ON s.municipality = i.municipality WHERE i.import = $1",
        BOUND(bound_int(import)), &statement, &found, err);
    if (status != STATUS_OK || !found) {
        return status;
    }
    bool is_bank = statement_column_int(statement, 0) != 0;
    int64_t lines = statement_column_int(statement, 1) - statement_column_int(statement, 7);
    int64_t open = statement_column_int(statement, is_bank ? 3 : 2);
    int64_t closed = statement_column_int(statement, 5) - statement_column_int(statement, 8);
    bool was_matched = statement_column_int(statement, 6) != 0;
    if (!was_matched) {
        *out_matched = 0;
        *out_open = lines;
    } else {
        /* A line that is neither open nor judged by a person is in a pair. */
        *out_matched = is_bank ? statement_column_int(statement, 4) : lines - open - closed;
        *out_open = open;
    }
    statement_reset(statement);
    return STATUS_OK;
}

enum status
import_line_state(struct store_txn *txn, int64_t import, int64_t line, bool is_bank, const char **out,
                  struct error_detail *err)
{
    static const char statement_states[] =
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM line_aside WHERE import = $1 AND line = $2) THEN 5 "
        "WHEN EXISTS (SELECT 1 FROM open_line WHERE import = $1 AND line = $2) THEN 2 "
        "WHEN EXISTS (SELECT 1 FROM statement_line WHERE import = $1 AND line = $2 AND kind = 'fee') THEN 4 "
        "WHEN EXISTS (SELECT 1 FROM discrepancy WHERE import = $1 AND import <> 0 AND line = $2 "
        "AND state = 'resolved' AND is_remark = 0) THEN 3 "
        "WHEN EXISTS (SELECT 1 FROM import AS i JOIN matching_state AS s ON s.municipality = i.municipality "
        "WHERE i.import = $1 AND s.import >= i.import) THEN 1 ELSE 2 END";
    static const char bank_states[] =
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM line_aside WHERE import = $1 AND line = $2) THEN 5 "
        "WHEN EXISTS (SELECT 1 FROM payout_credit WHERE import = $1 AND line = $2) THEN 1 "
        "WHEN EXISTS (SELECT 1 FROM open_credit WHERE import = $1 AND line = $2) THEN 2 ELSE 4 END";
    static const char *const words[2][6] = {{"", "matched", "open", "closed", "other", "aside"},
                                            {"", "credited", "open", "closed", "other", "aside"}};
    int64_t state;
    enum status status = query_int(txn, is_bank ? bank_states : statement_states,
                                   BOUND(bound_int(import), bound_int(line)), 4, &state, err);
    if (status == STATUS_OK) {
        *out = words[is_bank ? 1 : 0][state];
    }
    return status;
}
