/* SQL of a drawer's days. */
#include "settlement/store/day_query_store.h"

#include "settlement/store/query.h"

/* Which drawer each open day holds, by the masters that its till sells by. Few days are open at a time, so that only
 * their masters are looked into. DRAWERS are the rows `d` of the table of drawers in the document of `m`. */
#define OPEN_DRAWERS(DRAWERS, CODE, TERMINAL)                                                                          \
    "WITH open_drawer AS MATERIALIZED (SELECT b.municipality, b.terminal, b.opened_sequence, " CODE " AS drawer "      \
    "FROM ledger_terminal AS t "                                                                                       \
    "JOIN business_day AS b ON b.terminal = t.terminal AND b.opened_sequence = t.open_day "                            \
    "JOIN masters AS m ON m.municipality = b.municipality AND m.version = b.masters_version, " DRAWERS " AS d "        \
    "WHERE t.open_day <> 0 AND t.municipality = $1 AND " TERMINAL " = b.terminal) "
#define OPEN_DRAWERS_SQLITE                                                                                            \
    OPEN_DRAWERS("json_each(CAST(m.document AS TEXT), '$.drawers')", "json_extract(d.value, '$.code')",                \
                 "json_extract(d.value, '$.terminal')")
#define OPEN_DRAWERS_POSTGRESQL                                                                                        \
    OPEN_DRAWERS("jsonb_array_elements(convert_from(m.document, 'UTF8')::jsonb -> 'drawers')", "d.value ->> 'code'",   \
                 "d.value ->> 'terminal'")
#define SHARED_WITH                                                                                                    \
    "(SELECT o.terminal FROM open_drawer AS mine JOIN open_drawer AS o ON o.drawer = mine.drawer "                     \
    "AND o.terminal <> mine.terminal WHERE mine.terminal = b.terminal AND mine.opened_sequence = b.opened_sequence)"

#define DAY_ROWS                                                                                                       \
    "SELECT b.terminal, b.opened_sequence, b.place, b.day, b.business_date, b.opened_at_ms, b.opened_by, "             \
    "b.float_yen, "                                                                                                    \
    "b.closed_sequence, b.closed_at_ms, b.closed_by, b.number, b.close_float_yen, b.ledger_float_yen, "                \
    "b.cash_in_yen, "                                                                                                  \
    "b.ledger_in_yen, b.cash_out_yen, b.ledger_out_yen, b.refund_cash_yen, b.ledger_refund_yen, "                      \
    "b.expected_cash_yen, "                                                                                            \
    "b.ledger_cash_yen, b.counted_cash_yen, b.difference_yen, b.difference_reason, b.float_returned_yen, "             \
    "b.deposit_yen, b.zero_count, coalesce(" SHARED_WITH ", '') FROM business_day AS b "                               \
    "WHERE b.municipality = $1 AND ($2 IS NULL OR b.terminal = $2) AND ($3 = 0 OR b.opened_sequence = $3) "            \
    "AND ($4 IS NULL OR b.business_date >= $4) AND ($5 IS NULL OR b.business_date <= $5) "                             \
    "AND CASE $6 WHEN 'open' THEN b.closed_sequence = 0 WHEN 'closed' THEN b.closed_sequence <> 0 "                    \
    "WHEN 'differs' THEN b.closed_sequence <> 0 AND (b.difference_yen <> 0 OR b.expected_cash_yen <> "                 \
    "b.ledger_cash_yen) ELSE TRUE END "                                                                                \
    "AND (b.business_date, b.terminal, b.opened_sequence) < ($7, $8, $9) "                                             \
    "ORDER BY b.business_date DESC, b.terminal DESC, b.opened_sequence DESC LIMIT $10"

static enum status
open_rows(struct store_txn *txn, const struct day_query *query, struct statement **out, struct error_detail *err)
{
    bool has_place = query->after_day != NULL;
    return query_open(txn, query_variant(txn, OPEN_DRAWERS_SQLITE DAY_ROWS, OPEN_DRAWERS_POSTGRESQL DAY_ROWS),
                      BOUND(bound_text(query->municipality), bound_text(query->terminal),
                            bound_int(query->opened_sequence), bound_text(query->from), bound_text(query->to),
                            bound_text(query->state), bound_text(has_place ? query->after_day : "9999-12-31"),
                            bound_text(has_place ? query->after_terminal : ""), bound_int(query->after_sequence),
                            bound_int(query->limit)),
                      out, err);
}

enum status
day_view_each(struct store_txn *txn, const struct day_query *query, day_visitor visit, void *context,
              struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = open_rows(txn, query, &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        struct day_view view = {
            .terminal = statement_column_text(row, 0),
            .opened_sequence = statement_column_int(row, 1),
            .place = statement_column_text(row, 2),
            .day = statement_column_text(row, 3),
            .business_date = statement_column_text(row, 4),
            .opened_at_ms = statement_column_int(row, 5),
            .opened_by = statement_column_text(row, 6),
            .opening_float_yen = statement_column_int(row, 7),
            .closed_sequence = statement_column_int(row, 8),
            .closed_at_ms = statement_column_int(row, 9),
            .closed_by = statement_column_text(row, 10),
            .number = statement_column_int(row, 11),
            .float_yen = statement_column_int(row, 12),
            .ledger_float_yen = statement_column_int(row, 13),
            .cash_in_yen = statement_column_int(row, 14),
            .ledger_in_yen = statement_column_int(row, 15),
            .cash_out_yen = statement_column_int(row, 16),
            .ledger_out_yen = statement_column_int(row, 17),
            .refund_cash_yen = statement_column_int(row, 18),
            .ledger_refund_yen = statement_column_int(row, 19),
            .expected_cash_yen = statement_column_int(row, 20),
            .ledger_cash_yen = statement_column_int(row, 21),
            .counted_cash_yen = statement_column_int(row, 22),
            .difference_yen = statement_column_int(row, 23),
            .difference_reason = statement_column_text(row, 24),
            .float_returned_yen = statement_column_int(row, 25),
            .deposit_yen = statement_column_int(row, 26),
            .zero_count = statement_column_int(row, 27),
            .shared_with = statement_column_text(row, 28),
        };
        status = visit(&view, context);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}

enum status
day_event_each(struct store_txn *txn, const char *terminal, int64_t from, int64_t to, day_event_visitor visit,
               void *context, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = query_open(
        txn,
        "SELECT sequence, at_ms, kind, amount_yen, 0, clerk, approved_by, reason FROM cash_movement "
        "WHERE terminal = $1 AND sequence BETWEEN $2 AND $3 "
        "UNION ALL SELECT state_sequence, 0, 'refund', amount_yen, 0, ended_by, ended_approved_by, reason FROM refund "
        "WHERE terminal = $1 AND state = 'paid' AND ended_means = 'cash' AND state_sequence BETWEEN $2 AND $3 "
        "UNION ALL SELECT sequence, at_ms, 'count_' || purpose, total_yen, expected_yen, clerk, '', '' FROM cash_count "
        "WHERE terminal = $1 AND sequence BETWEEN $2 AND $3 "
        "UNION ALL SELECT sequence, at_ms, 'handover', counted_cash_yen, ledger_cash_yen, from_clerk, to_clerk, "
        "difference_reason FROM shift_change WHERE terminal = $1 AND sequence BETWEEN $2 AND $3 "
        "UNION ALL SELECT sequence, at_ms, 'inspection', expected_cash_yen, ledger_cash_yen, clerk, '', '' "
        "FROM day_inspection WHERE terminal = $1 AND sequence BETWEEN $2 AND $3 ORDER BY 1",
        BOUND(bound_text(terminal), bound_int(from), bound_int(to)), &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        struct day_event event = {
            .sequence = statement_column_int(row, 0),
            .at_ms = statement_column_int(row, 1),
            .what = statement_column_text(row, 2),
            .amount_yen = statement_column_int(row, 3),
            .expected_yen = statement_column_int(row, 4),
            .clerk = statement_column_text(row, 5),
            .other = statement_column_text(row, 6),
            .reason = statement_column_text(row, 7),
        };
        status = visit(&event, context);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}

enum status
cash_tally_each(struct store_txn *txn, const char *terminal, int64_t sequence, tally_visitor visit, void *context,
                struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status =
        query_open(txn, "SELECT yen, pieces FROM cash_tally WHERE terminal = $1 AND sequence = $2 ORDER BY yen DESC",
                   BOUND(bound_text(terminal), bound_int(sequence)), &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        status = visit(statement_column_int(row, 0), statement_column_int(row, 1), context);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}

enum status
day_total_each(struct store_txn *txn, const char *terminal, int64_t closed_sequence, day_total_visitor visit,
               void *context, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = query_open(txn,
                                    "SELECT method, brand, count, amount_yen, void_count, void_yen "
                                    "FROM business_day_total WHERE terminal = $1 AND closed_sequence = $2 "
                                    "ORDER BY method, brand",
                                    BOUND(bound_text(terminal), bound_int(closed_sequence)), &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        struct day_total_view total = {
            .method = statement_column_text(row, 0),
            .brand = statement_column_text(row, 1),
            .count = statement_column_int(row, 2),
            .amount_yen = statement_column_int(row, 3),
            .void_count = statement_column_int(row, 4),
            .void_yen = statement_column_int(row, 5),
        };
        status = visit(&total, context);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}

enum status
no_sale_each(struct store_txn *txn, const char *terminal, int64_t from, int64_t to, opening_visitor visit,
             void *context, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = query_open(txn,
                                    "SELECT sequence, opened_at_ms, clerk, note FROM drawer_opening "
                                    "WHERE terminal = $1 AND sequence BETWEEN $2 AND $3 AND reason = 'no_sale' "
                                    "ORDER BY sequence",
                                    BOUND(bound_text(terminal), bound_int(from), bound_int(to)), &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        struct opening_view opening = {
            .sequence = statement_column_int(row, 0),
            .at_ms = statement_column_int(row, 1),
            .clerk = statement_column_text(row, 2),
            .note = statement_column_text(row, 3),
        };
        status = visit(&opening, context);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}

#define SHARED_COUNT                                                                                                   \
    "SELECT count(*) FROM open_drawer AS a JOIN open_drawer AS b ON b.drawer = a.drawer "                              \
    "AND b.terminal > a.terminal"

enum status
shared_drawer_count(struct store_txn *txn, const char *municipality, int64_t *out, struct error_detail *err)
{
    return query_int(txn, query_variant(txn, OPEN_DRAWERS_SQLITE SHARED_COUNT, OPEN_DRAWERS_POSTGRESQL SHARED_COUNT),
                     BOUND(bound_text(municipality)), 0, out, err);
}

enum status
deposit_of_day(struct store_txn *txn, const char *municipality, const char *day, int64_t *out_count, int64_t *out_yen,
               struct error_detail *err)
{
    struct statement *row;
    bool found;
    enum status status = query_first(txn,
                                     "SELECT count(*), coalesce(sum(deposit_yen), 0) FROM business_day "
                                     "WHERE municipality = $1 AND business_date = $2 AND closed_sequence <> 0",
                                     BOUND(bound_text(municipality), bound_text(day)), &row, &found, err);
    if (status == STATUS_OK && found) {
        *out_count = statement_column_int(row, 0);
        *out_yen = statement_column_int(row, 1);
        statement_reset(row);
    }
    return status;
}
