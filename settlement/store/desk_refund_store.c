/* SQL of what is left of a sale. */
#include "settlement/store/desk_refund_store.h"

#include "settlement/store/query.h"
#include "settlement/store/refund_counts.h"

enum status
sale_of_city(struct store_txn *txn, const char *municipality, const char *sale, struct sale_facts *out,
             struct error_detail *err)
{
    int64_t is_there = 0;
    *out = (struct sale_facts){0};
    enum status status = query_int(txn, "SELECT count(*) FROM sale WHERE sale = $1 AND municipality = $2",
                                   BOUND(bound_text(sale), bound_text(municipality)), 0, &is_there, err);
    return status == STATUS_OK && is_there != 0 ? sale_find(txn, sale, out, err) : status;
}

enum status
refundable_each(struct store_txn *txn, const char *sale, const char *except_refund, int64_t *out_left_yen,
                refundable_line_visitor visit, void *context, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    const char *except = except_refund != NULL ? except_refund : "";
    enum status status =
        query_int(txn,
                  "SELECT s.total_yen - coalesce((SELECT CAST(sum(r.amount_yen) AS BIGINT) FROM refund "
                  "AS r WHERE r.sale = s.sale AND r.refund <> $2 AND " REFUND_COUNTS(
                      "r") "), 0) FROM sale AS s WHERE s.sale = $1",
                  BOUND(bound_text(sale), bound_text(except)), 0, out_left_yen, err);
    if (status == STATUS_OK) {
        status = query_open(
            txn,
            "SELECT l.number, l.item, l.name, s.place, l.amount_yen, l.amount_yen - coalesce((SELECT "
            "CAST(sum(p.amount_yen) AS BIGINT) FROM refund AS r JOIN refund_line AS p ON p.terminal = r.terminal "
            "AND p.requested_sequence = r.requested_sequence WHERE r.sale = s.sale AND p.line = l.number "
            "AND r.refund <> $2 AND " REFUND_COUNTS(
                "r") "), 0) FROM sale AS s JOIN sale_line AS l ON l.terminal = s.terminal "
                     "AND l.sequence = s.sequence WHERE s.sale = $1 ORDER BY l.number",
            BOUND(bound_text(sale), bound_text(except)), &row, err);
    }
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        int64_t left_yen = statement_column_int(row, 5);
        const struct refundable_line line = {.number = statement_column_int(row, 0),
                                             .item = statement_column_text(row, 1),
                                             .name = statement_column_text(row, 2),
                                             .place = statement_column_text(row, 3),
                                             .amount_yen = statement_column_int(row, 4),
                                             .left_yen = left_yen > 0 ? left_yen : 0};
        status = visit(&line, context);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}

enum status
refund_part_each(struct store_txn *txn, const char *terminal, int64_t requested_sequence, refund_part_visitor visit,
                 void *context, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = query_open(
        txn, "SELECT line, amount_yen FROM refund_line WHERE terminal = $1 AND requested_sequence = $2 ORDER BY line",
        BOUND(bound_text(terminal), bound_int(requested_sequence)), &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        status = visit(statement_column_int(row, 0), statement_column_int(row, 1), context);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}
