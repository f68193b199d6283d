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
matching_empty(struct store_txn *txn, const char *municipality, struct error_detail *err)
{
#define OF_CITY " WHERE $1 = '' OR municipality = $1"
    static const char *const emptied[] = {
        "DELETE FROM matched" OF_CITY,
        "DELETE FROM matched_more" OF_CITY,
        "DELETE FROM open_item" OF_CITY,
        "DELETE FROM open_line" OF_CITY,
        "DELETE FROM payout" OF_CITY,
        "DELETE FROM payout_credit" OF_CITY,
        "DELETE FROM open_credit" OF_CITY,
        "DELETE FROM remittance_seen" OF_CITY,
        "DELETE FROM refund_seen" OF_CITY,
        "DELETE FROM matching_progress WHERE $1 = '' OR terminal IN "
        "(SELECT terminal FROM ledger_terminal" OF_CITY ")",
        "DELETE FROM matching_state" OF_CITY,
    };
#undef OF_CITY
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < sizeof emptied / sizeof emptied[0]; i++) {
        status = query_run(txn, emptied[i], BOUND(bound_text(municipality != NULL ? municipality : "")), err);
    }
    return status;
}
