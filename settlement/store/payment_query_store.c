/* SQL of payment lists. Lists of what is open are driven by the open list, the others by day, so that no list
 * reads the history to find a few rows. */
#include "settlement/store/payment_query_store.h"

#include "settlement/store/query.h"

#include <stdio.h>
#include <string.h>

/* $1 is today. */
#define STATE_OF_PAYMENT                                                                                               \
    "CASE WHEN p.state IN ('started', 'unknown') THEN 'unknown' WHEN p.state = 'in_doubt' THEN 'in_doubt' "            \
    "WHEN p.state IN ('declined', 'not_charged') THEN 'none' "                                                         \
    "WHEN p.state = 'reversed' OR coalesce(s.voided_by, 0) <> 0 THEN 'void' "                                          \
    "WHEN p.proved = 'not_charged' AND NOT EXISTS (SELECT 1 FROM discrepancy AS x WHERE x.payment = p.payment "        \
    "AND x.state = 'resolved') THEN 'disproved' WHEN m.import IS NOT NULL THEN 'matched' "                             \
    "WHEN o.terminal IS NULL AND p.state = 'held' THEN 'held' WHEN o.terminal IS NULL AND EXISTS (SELECT 1 FROM "      \
    "discrepancy AS x WHERE x.payment = p.payment AND x.state = 'resolved') THEN 'closed' "                            \
    "WHEN EXISTS (SELECT 1 FROM discrepancy AS x WHERE x.payment = p.payment AND x.state IN ('open', "                 \
    "'awaiting_second') AND x.class IN ('amount_differs', 'training_mixed_in', 'duplicate')) THEN 'differs' "          \
    "WHEN coalesce(o.due_on, '') <> '' AND o.due_on < $1 THEN 'overdue' ELSE 'waiting' END"

#define VIEW_COLUMNS                                                                                                   \
    "SELECT p.payment, p.sale, p.terminal, p.started_sequence, p.state_sequence, p.sale_sequence, "                    \
    "coalesce(s.voided_by, 0), p.business_date, coalesce(s.received_on, ''), coalesce(s.receipt_number, ''), "         \
    "p.method, p.brand, p.amount_yen, " STATE_OF_PAYMENT " AS view_state, coalesce(o.due_on, ''), "                    \
    "p.acquirer_reference, coalesce(m.import, 0), coalesce(m.line, 0), coalesce(l.amount_yen, 0), "                    \
    "coalesce(l.fee_yen, 0), coalesce(l.payout, ''), coalesce((SELECT min(x.discrepancy) FROM discrepancy AS x "       \
    "WHERE x.payment = p.payment AND x.state IN ('open', 'awaiting_second')), 0), "                                    \
    "coalesce((SELECT i.trustee FROM import AS i WHERE i.import = m.import), '') "
#define VIEW_JOINS                                                                                                     \
    "LEFT JOIN sale AS s ON s.terminal = p.terminal AND s.sequence = p.sale_sequence "                                 \
    "LEFT JOIN matched AS m ON m.terminal = p.terminal AND m.sequence = p.started_sequence AND m.part = 'sale' "       \
    "LEFT JOIN statement_line AS l ON l.import = m.import AND l.line = m.line "
#define OPEN_JOIN                                                                                                      \
    "LEFT JOIN open_item AS o ON o.terminal = p.terminal AND o.sequence = p.started_sequence AND o.part = 'sale' "
#define FILTERS                                                                                                        \
    "p.municipality = $2 AND ($3 IS NULL OR p.brand = $3) AND ($4 IS NULL OR p.terminal = $4) "                        \
    "AND p.business_date >= $5 AND p.business_date <= $6 "                                                             \
    "AND (p.business_date, p.terminal, p.started_sequence) < ($7, $8, $9) AND ($10 IS NULL OR " STATE_OF_PAYMENT       \
    " = $10) "
#define ORDER "ORDER BY p.business_date DESC, p.terminal DESC, p.started_sequence DESC LIMIT $11"

static const char by_day[] = VIEW_COLUMNS "FROM payment AS p " VIEW_JOINS OPEN_JOIN "WHERE " FILTERS ORDER;
static const char by_open[] =
    VIEW_COLUMNS "FROM open_item AS o CROSS JOIN payment AS p ON p.terminal = o.terminal "
                 "AND p.started_sequence = o.sequence " VIEW_JOINS "WHERE o.part = 'sale' AND " FILTERS ORDER;
static const char by_search[] = VIEW_COLUMNS
    "FROM payment AS p " VIEW_JOINS OPEN_JOIN "WHERE " FILTERS
    "AND (p.terminal, p.started_sequence) IN (SELECT terminal, started_sequence FROM payment WHERE payment = $11 "
    "UNION SELECT terminal, started_sequence FROM payment WHERE municipality = $2 AND acquirer_reference = $11 "
    "AND acquirer_reference <> '' UNION SELECT q.terminal, q.started_sequence FROM sale AS r JOIN payment AS q "
    "ON q.payment = r.payment WHERE r.terminal = $12 AND r.receipt_number = $11) "
    "ORDER BY p.business_date DESC, p.terminal DESC, p.started_sequence DESC LIMIT $13";

static enum status
walk_views(struct statement *statement, payment_view_visitor visit, void *context, struct error_detail *err)
{
    bool has_row = false;
    enum status status;
    while ((status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct payment_view view = {
            .payment = statement_column_text(statement, 0),
            .sale = statement_column_text(statement, 1),
            .terminal = statement_column_text(statement, 2),
            .started_sequence = statement_column_int(statement, 3),
            .state_sequence = statement_column_int(statement, 4),
            .sale_sequence = statement_column_int(statement, 5),
            .void_sequence = statement_column_int(statement, 6),
            .business_date = statement_column_text(statement, 7),
            .received_on = statement_column_text(statement, 8),
            .receipt_number = statement_column_text(statement, 9),
            .method = statement_column_text(statement, 10),
            .brand = statement_column_text(statement, 11),
            .amount_yen = statement_column_int(statement, 12),
            .state = statement_column_text(statement, 13),
            .due_on = statement_column_text(statement, 14),
            .acquirer_reference = statement_column_text(statement, 15),
            .import = statement_column_int(statement, 16),
            .line = statement_column_int(statement, 17),
            .line_amount_yen = statement_column_int(statement, 18),
            .line_fee_yen = statement_column_int(statement, 19),
            .payout = statement_column_text(statement, 20),
            .discrepancy = statement_column_int(statement, 21),
            .payout_trustee = statement_column_text(statement, 22),
        };
        status = visit(&view, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
            return status;
        }
    }
    return status;
}

static const char first_day[] = "0000-00-00";
static const char last_day[] = "9999-99-99";

/* "KO-01" of the receipt number "KO-01-20261122-0012"; "" when it is none. */
static const char *
terminal_of_receipt(char *out, size_t size, const char *receipt_number)
{
    size_t length = strlen(receipt_number);
    const size_t tail = strlen("-20261122-0012");
    bool is_receipt = length > tail && length - tail < size && receipt_number[length - tail] == '-';
    snprintf(out, size, "%.*s", is_receipt ? (int)(length - tail) : 0, receipt_number);
    return out;
}

static bool
is_state_of_open_item(const char *state)
{
    static const char *const states[] = {"waiting", "overdue", "unknown", "in_doubt", "differs"};
    for (size_t i = 0; state != NULL && i < sizeof states / sizeof states[0]; i++) {
        if (strcmp(states[i], state) == 0) {
            return true;
        }
    }
    return false;
}

enum status
payment_view_each(struct store_txn *txn, const struct payment_query *query, payment_view_visitor visit, void *context,
                  struct error_detail *err)
{
    bool has_after = query->after_day != NULL;
    bool has_search = query->search != NULL;
    const struct bound today = bound_text(query->today);
    const struct bound municipality = bound_text(query->municipality);
    const struct bound from = bound_text(query->from != NULL && !has_search ? query->from : first_day);
    const struct bound to = bound_text(query->to != NULL && !has_search ? query->to : last_day);
    const struct bound after_day = bound_text(has_after ? query->after_day : last_day);
    const struct bound after_terminal = bound_text(has_after ? query->after_terminal : "");
    const struct bound after_sequence = bound_int(has_after ? query->after_sequence : 0);
    struct statement *statement;
    enum status status;
    if (has_search) {
        char terminal[64];
        terminal_of_receipt(terminal, sizeof terminal, query->search);
        status = query_open(txn, by_search,
                            BOUND(today, municipality, bound_text(query->brand), bound_text(query->terminal), from, to,
                                  after_day, after_terminal, after_sequence, bound_text(query->state),
                                  bound_text(query->search), bound_text(terminal), bound_int(query->limit)),
                            &statement, err);
        return status == STATUS_OK ? walk_views(statement, visit, context, err) : status;
    }
    status =
        query_open(txn, is_state_of_open_item(query->state) ? by_open : by_day,
                   BOUND(today, municipality, bound_text(query->brand), bound_text(query->terminal), from, to,
                         after_day, after_terminal, after_sequence, bound_text(query->state), bound_int(query->limit)),
                   &statement, err);
    return status == STATUS_OK ? walk_views(statement, visit, context, err) : status;
}

enum status
payment_lines_each(struct store_txn *txn, const char *municipality, const char *payment, line_place_visitor visit,
                   void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status =
        query_open(txn,
                   "SELECT m.import, m.line FROM payment AS p JOIN matched AS m ON m.terminal = p.terminal "
                   "AND m.sequence = p.started_sequence WHERE p.payment = $1 AND p.municipality = $2 "
                   "UNION SELECT m.import, m.line FROM payment AS p JOIN matched_more AS m ON m.terminal = p.terminal "
                   "AND m.sequence = p.started_sequence WHERE p.payment = $1 AND p.municipality = $2 "
                   "UNION SELECT d.import, d.line FROM discrepancy AS d WHERE d.payment = $1 AND d.municipality = $2 "
                   "AND d.import <> 0 AND d.subject NOT LIKE 'bank:%' "
                   "UNION SELECT d.related_import, d.related_line FROM discrepancy AS d WHERE d.payment = $1 "
                   "AND d.municipality = $2 AND d.related_import <> 0 ORDER BY 1, 2 LIMIT 50",
                   BOUND(bound_text(payment), bound_text(municipality)), &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        status = visit(statement_column_int(statement, 0), statement_column_int(statement, 1), context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
payment_bank_lines_each(struct store_txn *txn, const char *municipality, const char *payment, line_place_visitor visit,
                        void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(
        txn,
        "SELECT DISTINCT c.import, c.line FROM payment AS p CROSS JOIN matched AS m ON m.terminal = p.terminal "
        "AND m.sequence = p.started_sequence CROSS JOIN statement_line AS l ON l.import = m.import AND l.line = m.line "
        "CROSS JOIN import AS i ON i.import = l.import CROSS JOIN payout_credit AS c "
        "ON c.municipality = i.municipality AND c.trustee = i.trustee AND c.payout = l.payout "
        "WHERE p.payment = $1 AND p.municipality = $2 ORDER BY c.import, c.line LIMIT 50",
        BOUND(bound_text(payment), bound_text(municipality)), &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        status = visit(statement_column_int(statement, 0), statement_column_int(statement, 1), context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
payment_journal_sequences(struct store_txn *txn, const char *terminal, int64_t sequence, int64_t *out, size_t size,
                          size_t *out_count, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(
        txn,
        "WITH p AS (SELECT * FROM payment WHERE terminal = $1 AND started_sequence = $2) "
        "SELECT started_sequence AS n FROM p UNION SELECT state_sequence FROM p UNION SELECT sale_sequence FROM p "
        "UNION SELECT abandoned_by FROM p UNION SELECT s.voided_by FROM p JOIN sale AS s ON s.terminal = p.terminal "
        "AND s.sequence = p.sale_sequence UNION SELECT r.started_sequence FROM p JOIN reversal AS r "
        "ON r.terminal = p.terminal AND r.started_sequence > p.started_sequence AND r.payment = p.payment "
        "UNION SELECT r.state_sequence FROM p JOIN reversal AS r ON r.terminal = p.terminal "
        "AND r.started_sequence > p.started_sequence AND r.payment = p.payment ORDER BY n",
        BOUND(bound_text(terminal), bound_int(sequence)), &statement, err);
    bool has_row = false;
    size_t count = 0;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        int64_t number = statement_column_int(statement, 0);
        if (number > 0 && count < size) {
            out[count++] = number;
        }
    }
    if (status == STATUS_OK) {
        *out_count = count;
    }
    return status;
}
