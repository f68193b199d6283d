/* SQL of closes as cash. */
#include "settlement/store/cash_query_store.h"

#include "settlement/store/query.h"

#define TOTAL_OF(what, which)                                                                                          \
    "coalesce((SELECT sum(" what ") FROM business_day_total AS t WHERE t.terminal = b.terminal "                       \
    "AND t.closed_sequence = b.closed_sequence AND " which "), 0)"

#define CLOSE_COLUMNS                                                                                                  \
    "SELECT b.terminal, b.opened_sequence, b.closed_sequence, b.number, b.place, b.business_date, b.closed_at_ms, "    \
    "b.closed_by, b.float_yen, b.close_float_yen, b.float_returned_yen, b.expected_cash_yen, b.counted_cash_yen, "     \
    "b.difference_yen, b.difference_reason, b.cash_in_yen, b.cash_out_yen, b.refund_cash_yen, "                        \
    "b.deposit_yen, " TOTAL_OF("t.count", "t.method = 'cash'") ", " TOTAL_OF(                                          \
        "t.amount_yen",                                                                                                \
        "t.method = 'cash'") ", " TOTAL_OF("t.void_yen",                                                               \
                                           "t.method = 'cash'") ", " TOTAL_OF("t.count - t.void_count",                \
                                                                              "t.method NOT IN "                       \
                                                                              "('cash', 'none')") ","                  \
                                                                                                  " " TOTAL_OF(        \
                                                                                                      "t.amount_yen "  \
                                                                                                      "- t.void_yen",  \
                                                                                                      "t.method NOT "  \
                                                                                                      "IN ('cash', "   \
                                                                                                      "'none')") ", "  \
                                                                                                                 "coa" \
                                                                                                                 "les" \
                                                                                                                 "ce(" \
                                                                                                                 "r."  \
                                                                                                                 "rem" \
                                                                                                                 "itt" \
                                                                                                                 "anc" \
                                                                                                                 "e, " \
                                                                                                                 "0)," \
                                                                                                                 " co" \
                                                                                                                 "ale" \
                                                                                                                 "sce" \
                                                                                                                 "(r." \
                                                                                                                 "fis" \
                                                                                                                 "cal" \
                                                                                                                 "_ye" \
                                                                                                                 "ar," \
                                                                                                                 " 0)" \
                                                                                                                 ", "  \
                                                                                                                 "coa" \
                                                                                                                 "les" \
                                                                                                                 "ce(" \
                                                                                                                 "r."  \
                                                                                                                 "num" \
                                                                                                                 "ber" \
                                                                                                                 ", "  \
                                                                                                                 "0)," \
                                                                                                                 " co" \
                                                                                                                 "ale" \
                                                                                                                 "sce" \
                                                                                                                 "(r." \
                                                                                                                 "pai" \
                                                                                                                 "d_"  \
                                                                                                                 "on," \
                                                                                                                 " ''" \
                                                                                                                 ") "

/* A 払込 that was taken back has its closes by its own rows; every other question is about what stands. */
#define CLOSE_ROWS                                                                                                     \
    CLOSE_COLUMNS                                                                                                      \
    "FROM business_day AS b LEFT JOIN remittance_close AS c ON c.terminal = b.terminal "                               \
    "AND c.opened_sequence = b.opened_sequence AND c.undone_at_ms = 0 "                                                \
    "LEFT JOIN remittance AS r ON r.remittance = c.remittance "

#define BY_DAY " ORDER BY b.business_date, b.place, b.terminal, b.opened_sequence"

static enum status
open_rows(struct store_txn *txn, const struct cash_query *query, struct statement **out, struct error_detail *err)
{
    if (query->remittance != 0) {
        return query_open(txn,
                          CLOSE_COLUMNS "FROM remittance_close AS c CROSS JOIN remittance AS r ON r.remittance = "
                                        "c.remittance CROSS JOIN business_day AS b ON b.terminal = c.terminal AND "
                                        "b.opened_sequence = c.opened_sequence "
                                        "WHERE c.municipality = $1 AND c.remittance = $2" BY_DAY,
                          BOUND(bound_text(query->municipality), bound_int(query->remittance)), out, err);
    }
    if (query->terminal != NULL) {
        return query_open(
            txn,
            CLOSE_ROWS "WHERE b.municipality = $1 AND b.terminal = $2 AND b.opened_sequence = $3 "
                       "AND b.closed_sequence <> 0" BY_DAY,
            BOUND(bound_text(query->municipality), bound_text(query->terminal), bound_int(query->opened_sequence)), out,
            err);
    }
    const struct bound from = bound_text(query->from != NULL ? query->from : "");
    const struct bound to = bound_text(query->to != NULL ? query->to : "9999-12-31");
    return query->is_held_only
               ? query_open(txn,
                            CLOSE_ROWS "WHERE b.municipality = $1 AND b.business_date >= $2 AND b.business_date <= $3 "
                                       "AND b.closed_sequence <> 0 AND b.deposit_yen <> 0 "
                                       "AND coalesce(r.confirmed_by, '') = ''" BY_DAY,
                            BOUND(bound_text(query->municipality), from, to), out, err)
               : query_open(txn,
                            CLOSE_ROWS "WHERE b.municipality = $1 AND b.business_date >= $2 AND b.business_date <= $3 "
                                       "AND b.closed_sequence <> 0" BY_DAY,
                            BOUND(bound_text(query->municipality), from, to), out, err);
}

enum status
cash_close_each(struct store_txn *txn, const struct cash_query *query, cash_close_visitor visit, void *context,
                struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = open_rows(txn, query, &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        const struct cash_close close = {
            .terminal = statement_column_text(row, 0),
            .opened_sequence = statement_column_int(row, 1),
            .closed_sequence = statement_column_int(row, 2),
            .number = statement_column_int(row, 3),
            .place = statement_column_text(row, 4),
            .business_date = statement_column_text(row, 5),
            .closed_at_ms = statement_column_int(row, 6),
            .closed_by = statement_column_text(row, 7),
            .opening_float_yen = statement_column_int(row, 8),
            .close_float_yen = statement_column_int(row, 9),
            .float_returned_yen = statement_column_int(row, 10),
            .expected_cash_yen = statement_column_int(row, 11),
            .counted_cash_yen = statement_column_int(row, 12),
            .difference_yen = statement_column_int(row, 13),
            .difference_reason = statement_column_text(row, 14),
            .in_yen = statement_column_int(row, 15),
            .out_yen = statement_column_int(row, 16),
            .refund_yen = statement_column_int(row, 17),
            .deposit_yen = statement_column_int(row, 18),
            .sale_count = statement_column_int(row, 19),
            .sales_yen = statement_column_int(row, 20),
            .void_yen = statement_column_int(row, 21),
            .cashless_count = statement_column_int(row, 22),
            .cashless_yen = statement_column_int(row, 23),
            .remittance = statement_column_int(row, 24),
            .fiscal_year = statement_column_int(row, 25),
            .remittance_number = statement_column_int(row, 26),
            .paid_on = statement_column_text(row, 27),
        };
        status = visit(&close, context, err);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}

enum status
cash_held_before(struct store_txn *txn, const char *municipality, const char *from, const char *day, held_visitor visit,
                 void *context, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = query_open(
        txn,
        "SELECT place, sum(yen) FROM (SELECT place, sum(deposit_yen) AS yen FROM business_day WHERE municipality = $1 "
        "AND business_date >= $2 AND business_date < $3 AND closed_sequence <> 0 AND deposit_yen <> 0 GROUP BY place "
        "UNION ALL SELECT b.place, -sum(c.deposit_yen) FROM remittance AS r "
        "JOIN remittance_close AS c ON c.remittance = r.remittance "
        "JOIN business_day AS b ON b.terminal = c.terminal AND b.opened_sequence = c.opened_sequence "
        "WHERE r.municipality = $1 AND r.confirmed_by <> '' AND r.undone_by = '' AND r.paid_on < $3 "
        "AND b.business_date >= $2 GROUP BY b.place) AS part GROUP BY place ORDER BY place",
        BOUND(bound_text(municipality), bound_text(from), bound_text(day)), &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        status = visit(statement_column_text(row, 0), statement_column_int(row, 1), context, err);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}
