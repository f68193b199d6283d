/* The record's side of a comparison: sums over a range of lines, from the tables. */
#include "pos/till/drawer.h"

#include <assert.h>

/* Voided sales are left out: cash is given back on the business day of the sale, so both lie before the same close. */
static enum status
sum_sales(struct till *till, struct drawer_figures *out, struct error_detail *err)
{
    struct statement *row;
    bool has_row;
    enum status status = database_statement(till->db,
                                            "SELECT COALESCE(SUM(cash_yen), 0), COALESCE(SUM(total_yen = 0), 0)"
                                            " FROM sale WHERE sequence BETWEEN ?1 AND ?2 AND state <> 'voided'",
                                            &row, err);
    if (status == STATUS_OK) {
        statement_bind_int(row, 1, out->first_sequence);
        statement_bind_int(row, 2, out->last_sequence);
        status = statement_step(row, &has_row, err);
    }
    if (status == STATUS_OK) {
        out->cash_sales_yen = statement_column_int(row, 0);
        out->zero_count = statement_column_int(row, 1);
        statement_reset(row);
    }
    return status;
}

static enum status
sum_movements(struct till *till, struct drawer_figures *out, struct error_detail *err)
{
    struct statement *row;
    bool has_row;
    enum status status =
        database_statement(till->db,
                           "SELECT COALESCE(SUM(CASE WHEN kind = 'cash' AND amount_yen > 0 THEN amount_yen END), 0),"
                           " COALESCE(SUM(CASE WHEN kind = 'cash' AND amount_yen < 0 THEN -amount_yen END), 0),"
                           " COALESCE(SUM(CASE WHEN kind = 'refund' THEN -amount_yen END), 0),"
                           " (SELECT COUNT(*) FROM drawer_opening WHERE reason = 'no_sale'"
                           "  AND sequence BETWEEN ?1 AND ?2)"
                           " FROM cash_movement WHERE sequence BETWEEN ?1 AND ?2",
                           &row, err);
    if (status == STATUS_OK) {
        statement_bind_int(row, 1, out->first_sequence);
        statement_bind_int(row, 2, out->last_sequence);
        status = statement_step(row, &has_row, err);
    }
    if (status == STATUS_OK) {
        out->cash_in_yen = statement_column_int(row, 0);
        out->cash_out_yen = statement_column_int(row, 1);
        out->refund_cash_yen = statement_column_int(row, 2);
        out->no_sale_count = statement_column_int(row, 3);
        statement_reset(row);
    }
    return status;
}

enum status
drawer_figures_of(struct till *till, int64_t first, int64_t last, int64_t float_yen, struct drawer_figures *out,
                  struct error_detail *err)
{
    struct drawer_figures figures = {.first_sequence = first, .last_sequence = last, .float_yen = float_yen};
    enum status status = sum_sales(till, &figures, err);
    if (status == STATUS_OK) {
        status = sum_movements(till, &figures, err);
    }
    if (status == STATUS_OK) {
        figures.expected_cash_yen = figures.float_yen + figures.cash_sales_yen + figures.cash_in_yen -
                                    figures.cash_out_yen - figures.refund_cash_yen;
        *out = figures;
    }
    return status;
}

enum status
drawer_figures_now(struct till *till, struct drawer_figures *out, struct error_detail *err)
{
    int64_t closed;
    assert(till->day.exists);
    enum status status =
        database_query_int(till->db, "SELECT COALESCE(MAX(closed_sequence), 0) FROM business_day", &closed, err);
    return status == STATUS_OK
               ? drawer_figures_of(till, closed + 1, till->journal.uncommitted.sequence, till->day.float_yen, out, err)
               : status;
}

enum status
drawer_check_holds(struct till *till, int64_t amount_yen, struct error_detail *err)
{
    struct drawer_figures figures;
    enum status status = drawer_figures_now(till, &figures, err);
    if (status == STATUS_OK && amount_yen > figures.expected_cash_yen) {
        error_set(err, "not_in_drawer",
                  "記録では、引き出しにそれだけの現金がありません。金額を確かめてください。"
                  "足りないときは、先につり銭を受け取るか入金してください。");
        status = STATUS_REFUSED;
    }
    return status;
}

/* A mixed sale is counted under its brand; its cash part adds to the cash without counting once more. */
enum status
drawer_write_totals(struct till *till, const struct drawer_figures *figures, struct json_writer *writer,
                    struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status =
        database_statement(till->db,
                           "SELECT method, brand, SUM(sales), SUM(yen), SUM(sales * is_void), SUM(yen * is_void) FROM ("
                           " SELECT method, brand, 1 AS sales, state = 'voided' AS is_void,"
                           "  total_yen - CASE method WHEN 'cash' THEN 0 ELSE cash_yen END AS yen"
                           "  FROM sale WHERE sequence BETWEEN ?1 AND ?2"
                           " UNION ALL SELECT 'cash', NULL, 0, state = 'voided', cash_yen"
                           "  FROM sale WHERE sequence BETWEEN ?1 AND ?2 AND method <> 'cash' AND cash_yen > 0)"
                           " GROUP BY method, brand ORDER BY method, brand",
                           &row, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_int(row, 1, figures->first_sequence);
    statement_bind_int(row, 2, figures->last_sequence);
    json_begin_array(writer, "totals");
    while ((status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        json_begin_object(writer, NULL);
        json_text(writer, "method", statement_column_text(row, 0));
        json_text(writer, "brand", statement_column_is_null(row, 1) ? NULL : statement_column_text(row, 1));
        json_int(writer, "count", statement_column_int(row, 2));
        json_int(writer, "amount_yen", statement_column_int(row, 3));
        json_int(writer, "void_count", statement_column_int(row, 4));
        json_int(writer, "void_yen", statement_column_int(row, 5));
        json_end_object(writer);
    }
    json_end_array(writer);
    return status;
}

enum status
drawer_write_unresolved(struct till *till, struct json_writer *writer, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = database_statement(till->db,
                                            "SELECT payment FROM payment WHERE state IN ('started', 'unknown',"
                                            " 'in_doubt') UNION SELECT payment FROM reversal"
                                            " WHERE state IN ('started', 'unknown') UNION SELECT refund FROM"
                                            " refund_run WHERE state IN ('started', 'unknown') LIMIT 500",
                                            &row, err);
    if (status != STATUS_OK) {
        return status;
    }
    json_begin_array(writer, "unresolved");
    while ((status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        json_text(writer, NULL, statement_column_text(row, 0));
    }
    json_end_array(writer);
    return status;
}
