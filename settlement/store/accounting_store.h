/* The double entry as it stands, for those who want to see it with tools of their own. Rows are borrowed for the visit;
 * anything but STATUS_OK from a visitor ends the walk and is returned. */
#pragma once

#include "settlement/store/store.h"

/* One entry; debit is positive. Texts are "" where they do not apply (posting_store.h). */
struct posting_row {
    const char *terminal;
    int64_t sequence; /* the journal line that made it; below zero: the 払込 */
    const char *place;
    const char *ledger; /* ledger_account_word() */
    const char *brand;
    const char *account;
    const char *section;
    const char *tax;
    const char *issuer;
    const char *received_on;
    const char *business_date;
    int64_t amount_yen;
};
typedef enum status (*posting_visitor)(const struct posting_row *row, void *context, struct error_detail *err);

/* Every entry of MUNICIPALITY, in the order of tills and of their lines. */
enum status posting_each(struct store_txn *txn, const char *municipality, posting_visitor visit, void *context,
                         struct error_detail *err) MUST_CHECK;

/* The same summed by account: what a ledger is kept by (its till, its till and place, its brand, its 歳入科目) is set,
 * the rest is "", `sequence` is 0. */
enum status posting_balance_each(struct store_txn *txn, const char *municipality, posting_visitor visit, void *context,
                                 struct error_detail *err) MUST_CHECK;
