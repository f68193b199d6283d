/* SQL of matching's beginning again. */
#include "settlement/store/matching_afresh_store.h"

#include "settlement/store/query.h"

enum status
matching_days_each(struct store_txn *txn, matching_day_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    bool has_row = false;
    enum status status = query_open(txn, "SELECT municipality, due_day FROM matching_state ORDER BY municipality", NULL,
                                    0, &statement, err);
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        status = visit(statement_column_text(statement, 0), statement_column_text(statement, 1), context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
matching_empty(struct store_txn *txn, struct error_detail *err)
{
    static const char *const emptied[] = {
        "DELETE FROM matched",           "DELETE FROM open_item",
        "DELETE FROM open_line",         "DELETE FROM payout",
        "DELETE FROM payout_credit",     "DELETE FROM open_credit",
        "DELETE FROM matching_progress", "DELETE FROM matching_state",
    };
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < sizeof emptied / sizeof emptied[0]; i++) {
        status = query_run(txn, emptied[i], NULL, 0, err);
    }
    return status;
}
