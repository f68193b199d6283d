/* SQL of the morning page. Sums come from the daily tables: the cost does not grow with the number of sales. */
#include "settlement/store/today_store.h"

#include "settlement/store/query.h"

enum status
method_sum_each(struct store_txn *txn, const char *municipality, const char *day, method_sum_visitor visit,
                void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(txn,
                                    "SELECT method, sum(count - void_count), sum(amount_yen - void_yen), "
                                    "sum(void_count), sum(void_yen) FROM daily_payment "
                                    "WHERE municipality = $1 AND received_on = $2 GROUP BY method ORDER BY method",
                                    BOUND(bound_text(municipality), bound_text(day)), &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct method_sum sum = {
            .method = statement_column_text(statement, 0),
            .count = statement_column_int(statement, 1),
            .amount_yen = statement_column_int(statement, 2),
            .void_count = statement_column_int(statement, 3),
            .void_yen = statement_column_int(statement, 4),
        };
        status = visit(&sum, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
unclosed_each(struct store_txn *txn, const char *municipality, const char *day, const char *today,
              unclosed_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status =
        query_open(txn,
                   "SELECT d.terminal, d.business_date FROM ledger_terminal AS l "
                   "CROSS JOIN business_day AS d ON d.terminal = l.terminal AND d.opened_sequence = l.open_day "
                   "WHERE l.municipality = $1 AND l.open_day <> 0 AND d.business_date <= $2 AND d.business_date < $3 "
                   "ORDER BY d.business_date, d.terminal",
                   BOUND(bound_text(municipality), bound_text(day), bound_text(today)), &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        status = visit(statement_column_text(statement, 0), statement_column_text(statement, 1), context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
cash_difference(struct store_txn *txn, const char *municipality, const char *day, int64_t *out_count, int64_t *out_yen,
                struct error_detail *err)
{
    struct statement *statement;
    bool found;
    enum status status = query_first(txn,
                                     "SELECT count(*), coalesce(sum(difference_yen), 0) FROM business_day "
                                     "WHERE municipality = $1 AND business_date = $2 AND closed_sequence <> 0 "
                                     "AND difference_yen <> 0",
                                     BOUND(bound_text(municipality), bound_text(day)), &statement, &found, err);
    if (status == STATUS_OK && found) {
        *out_count = statement_column_int(statement, 0);
        *out_yen = statement_column_int(statement, 1);
        statement_reset(statement);
    }
    return status;
}

enum status
undrafted_sale_count(struct store_txn *txn, const char *municipality, const char *today, int64_t *out,
                     struct error_detail *err)
{
    /* Days that are marked, and days of lines that no run has looked at; then their sales. */
    return query_int(
        txn,
        "SELECT count(*) FROM (SELECT received_on FROM assessment_day WHERE municipality = $1 AND received_on < $2 "
        "UNION SELECT sale.received_on FROM ledger_terminal AS t "
        "LEFT JOIN assessment_progress AS p ON p.terminal = t.terminal "
        "CROSS JOIN sale ON sale.terminal = t.terminal AND sale.sequence > coalesce(p.sequence, 0) "
        "WHERE t.municipality = $1 AND t.sequence > coalesce(p.sequence, 0) AND sale.received_on < $2) AS days "
        "CROSS JOIN sale AS s ON s.municipality = $1 AND s.received_on = days.received_on "
        "WHERE s.total_yen > 0 AND s.voided_by = 0 AND NOT EXISTS (SELECT 1 FROM assessment_source AS a "
        "WHERE a.terminal = s.terminal AND a.sequence = s.sequence)",
        BOUND(bound_text(municipality), bound_text(today)), 0, out, err);
}

enum status
brand_was_used(struct store_txn *txn, const char *municipality, const char *brand, const char *after, const char *to,
               bool *out, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_first(
        txn,
        "SELECT 1 FROM daily_payment WHERE municipality = $1 AND received_on > $2 AND received_on <= $3 AND brand = $4 "
        "AND count > void_count LIMIT 1",
        BOUND(bound_text(municipality), bound_text(after), bound_text(to), bound_text(brand)), &statement, out, err);
    if (status == STATUS_OK && *out) {
        statement_reset(statement);
    }
    return status;
}
