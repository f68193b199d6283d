/* SQL of refunds as people see them. */
#include "settlement/store/refund_query_store.h"

#include "common/identity/identity.h"
#include "settlement/store/query.h"
#include "settlement/store/refund_counts.h"

/* The desk's people by name; a till's clerk is a code of the masters, whatever login is written alike. */
#define NAME_OF(login)                                                                                                 \
    "coalesce((SELECT t.name FROM staff AS t WHERE r.terminal LIKE '" DESK_TERMINAL_PREFIX                             \
    "%' AND t.municipality = r.municipality AND t.login = " login "), " login ")"
#define PEOPLE                                                                                                         \
    NAME_OF("r.clerk")                                                                                                 \
    ", " NAME_OF("r.approved_by") ", " NAME_OF("r.ended_by") ", " NAME_OF("r.ended_approved_by") " "
#define COUNTING REFUND_COUNTS("o")

static enum status
open_rows(struct store_txn *txn, const struct refund_query *query, struct statement **out, struct error_detail *err)
{
    bool has_place = query->after_day != NULL;
    return query_open(
        txn,
        "SELECT r.refund, r.terminal, r.requested_sequence, r.place, r.sale, r.receipt_number, r.business_date, "
        "r.requested_at_ms, r.amount_yen, r.means, r.reason, r.clerk, r.approved_by, r.state, r.state_sequence, "
        "r.ended_on, r.ended_by, r.ended_approved_by, r.ended_means, r.ended_reason, "
        "coalesce((SELECT group_concat(line || ':' || amount_yen) FROM (SELECT line, amount_yen FROM refund_line AS l "
        "WHERE l.terminal = r.terminal AND l.requested_sequence = r.requested_sequence ORDER BY line) AS given), ''), "
        "coalesce(s.received_on, ''), coalesce(iif(s.voided_by <> 0, 0, s.total_yen), 0), "
        "(SELECT sum(amount_yen) FROM refund AS o WHERE o.sale = r.sale AND " COUNTING "), r.run, r.takes_over, "
        "coalesce((SELECT min(d.refund) FROM refund AS d WHERE d.takes_over = r.refund AND d.takes_over <> '' "
        "AND d.state <> 'withdrawn'), ''), coalesce(e.import, 0), coalesce(e.line, 0), " PEOPLE
        "FROM refund AS r LEFT JOIN sale AS s ON s.sale = r.sale LEFT JOIN refund_seen AS e ON e.refund = r.refund "
        "WHERE r.municipality = $1 AND ($2 IS NULL OR r.state = $2) AND ($3 IS NULL OR r.means = $3) "
        "AND ($4 IS NULL OR r.terminal = $4) AND ($5 IS NULL OR r.business_date >= $5) "
        "AND ($6 IS NULL OR r.business_date <= $6) AND ($7 IS NULL OR r.sale = $7) "
        "AND ($12 IS NULL OR r.refund = $12) "
        "AND (r.business_date, r.terminal, r.requested_sequence) < ($8, $9, $10) "
        "ORDER BY r.business_date DESC, r.terminal DESC, r.requested_sequence DESC LIMIT $11",
        BOUND(bound_text(query->municipality), bound_text(query->state), bound_text(query->means),
              bound_text(query->terminal), bound_text(query->from), bound_text(query->to), bound_text(query->sale),
              bound_text(has_place ? query->after_day : "9999-12-31"),
              bound_text(has_place ? query->after_terminal : ""), bound_int(query->after_sequence),
              bound_int(query->limit), bound_text(query->refund)),
        out, err);
}

enum status
refund_view_each(struct store_txn *txn, const struct refund_query *query, refund_visitor visit, void *context,
                 struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = open_rows(txn, query, &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        struct refund_view view = {
            .refund = statement_column_text(row, 0),
            .terminal = statement_column_text(row, 1),
            .requested_sequence = statement_column_int(row, 2),
            .place = statement_column_text(row, 3),
            .sale = statement_column_text(row, 4),
            .receipt_number = statement_column_text(row, 5),
            .business_date = statement_column_text(row, 6),
            .requested_at_ms = statement_column_int(row, 7),
            .amount_yen = statement_column_int(row, 8),
            .means = statement_column_text(row, 9),
            .reason = statement_column_text(row, 10),
            .clerk = statement_column_text(row, 11),
            .approved_by = statement_column_text(row, 12),
            .state = statement_column_text(row, 13),
            .state_sequence = statement_column_int(row, 14),
            .ended_on = statement_column_text(row, 15),
            .ended_by = statement_column_text(row, 16),
            .ended_approved_by = statement_column_text(row, 17),
            .ended_means = statement_column_text(row, 18),
            .ended_reason = statement_column_text(row, 19),
            .lines = statement_column_text(row, 20),
            .received_on = statement_column_text(row, 21),
            .sale_yen = statement_column_int(row, 22),
            .refunds_yen = statement_column_int(row, 23),
            .run = statement_column_text(row, 24),
            .takes_over = statement_column_text(row, 25),
            .taken_over_by = statement_column_text(row, 26),
            .seen_import = statement_column_int(row, 27),
            .seen_line = statement_column_int(row, 28),
            .clerk_name = statement_column_text(row, 29),
            .approved_name = statement_column_text(row, 30),
            .ended_name = statement_column_text(row, 31),
            .ended_approved_name = statement_column_text(row, 32),
        };
        status = visit(&view, context);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}

static enum status
count_and_sum(struct store_txn *txn, const char *sql, const char *municipality, int64_t *out_count, int64_t *out_yen,
              struct error_detail *err)
{
    struct statement *row;
    bool found;
    enum status status = query_first(txn, sql, BOUND(bound_text(municipality)), &row, &found, err);
    if (status == STATUS_OK && found) {
        *out_count = statement_column_int(row, 0);
        *out_yen = statement_column_int(row, 1);
        statement_reset(row);
    }
    return status;
}

enum status
refund_waiting(struct store_txn *txn, const char *municipality, int64_t *out_count, int64_t *out_yen,
               struct error_detail *err)
{
    return count_and_sum(txn,
                         "SELECT count(*), coalesce(sum(amount_yen), 0) FROM refund WHERE municipality = $1 "
                         "AND state = 'requested' AND NOT " REFUND_IS_TAKEN_OVER("refund"),
                         municipality, out_count, out_yen, err);
}

enum status
disproved_payments(struct store_txn *txn, const char *municipality, int64_t *out_count, int64_t *out_yen,
                   struct error_detail *err)
{
    return count_and_sum(txn,
                         "SELECT count(*), coalesce(sum(p.amount_yen), 0) FROM payment AS p JOIN sale AS s "
                         "ON s.terminal = p.terminal AND s.sequence = p.sale_sequence WHERE p.municipality = $1 "
                         "AND p.proved = 'not_charged' AND s.voided_by = 0 AND NOT EXISTS (SELECT 1 FROM discrepancy "
                         "AS x WHERE x.payment = p.payment AND x.state = 'resolved')",
                         municipality, out_count, out_yen, err);
}
