/* SQL that reads the double entry as a whole. */
#include "settlement/store/accounting_store.h"

#include "settlement/store/query.h"

static enum status
visit_each(struct statement *row, posting_visitor visit, void *context, struct error_detail *err)
{
    enum status status;
    bool has_row = false;
    while ((status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        struct posting_row posting = {
            .terminal = statement_column_text(row, 0),
            .sequence = statement_column_int(row, 1),
            .place = statement_column_text(row, 2),
            .ledger = statement_column_text(row, 3),
            .brand = statement_column_text(row, 4),
            .account = statement_column_text(row, 5),
            .section = statement_column_text(row, 6),
            .tax = statement_column_text(row, 7),
            .issuer = statement_column_text(row, 8),
            .received_on = statement_column_text(row, 9),
            .business_date = statement_column_text(row, 10),
            .amount_yen = statement_column_int(row, 11),
        };
        status = visit(&posting, context, err);
        if (status != STATUS_OK) {
            statement_reset(row);
            return status;
        }
    }
    return status;
}

/* What 払込 mean to the books, computed from them and stored nowhere: on its 領収日 one that was confirmed and stands
 * takes its closes' cash out of the vault and puts it in the bank. Its number below zero stands for a line: no journal
 * has it.
 */
#define REMITTANCE_SIDE(ledger, place, number, sign)                                                                   \
    "SELECT c.terminal, -r.remittance, " place ", '" ledger "', '', '', '', '', '', r.paid_on, r.paid_on, " sign       \
    "sum(c.deposit_yen), " number " FROM remittance AS r JOIN remittance_close AS c ON c.remittance = r.remittance "   \
    "JOIN business_day AS b ON b.terminal = c.terminal AND b.opened_sequence = c.opened_sequence "                     \
    "WHERE r.municipality = $1 AND r.confirmed_by <> '' AND r.undone_by = '' "                                         \
    "GROUP BY c.terminal, r.remittance, " place ", r.paid_on"
#define REMITTANCE_POSTINGS                                                                                            \
    REMITTANCE_SIDE("vault", "b.place", "1", "-") " UNION ALL " REMITTANCE_SIDE("bank", "b.place", "2", "")

enum status
posting_each(struct store_txn *txn, const char *municipality, posting_visitor visit, void *context,
             struct error_detail *err)
{
    struct statement *row;
    enum status status = query_open(txn,
                                    "SELECT terminal, sequence, place, ledger, brand, account, section, tax, issuer, "
                                    "received_on, business_date, amount_yen, number FROM posting WHERE "
                                    "municipality = $1 UNION ALL " REMITTANCE_POSTINGS " ORDER BY 1, 2, 13, 3",
                                    BOUND(bound_text(municipality)), &row, err);
    return status == STATUS_OK ? visit_each(row, visit, context, err) : status;
}

enum status
posting_balance_each(struct store_txn *txn, const char *municipality, posting_visitor visit, void *context,
                     struct error_detail *err)
{
    struct statement *row;
    enum status status = query_open(
        txn,
        "SELECT terminal, 0, place, ledger, brand, account, section, tax, issuer, '', '', sum(amount_yen) FROM ("
        "SELECT CASE WHEN ledger IN ('drawer', 'vault', 'float', 'over_short', 'cash_other') THEN terminal ELSE '' END "
        "AS terminal, CASE WHEN ledger = 'vault' THEN place ELSE '' END AS place, ledger, brand, account, section, "
        "tax, issuer, amount_yen FROM (SELECT terminal, sequence, place, ledger, brand, account, section, tax, issuer, "
        "received_on, business_date, amount_yen, number FROM posting WHERE municipality = $1 UNION "
        "ALL " REMITTANCE_POSTINGS ") AS every) AS entry "
        "GROUP BY ledger, place, terminal, brand, account, section, tax, issuer "
        "ORDER BY ledger, place, terminal, brand, account, section, tax, issuer",
        BOUND(bound_text(municipality)), &row, err);
    return status == STATUS_OK ? visit_each(row, visit, context, err) : status;
}
