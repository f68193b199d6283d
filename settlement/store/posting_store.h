/* The double entry. Written by ledger/ only; texts are borrowed during the call. */
#pragma once

#include "settlement/store/store.h"

/* The accounts of the double entry; their meaning stands in migrations 0002 and 0008. */
enum ledger_account {
    LEDGER_DRAWER,
    LEDGER_FLOAT,
    LEDGER_VAULT,
    LEDGER_OVER_SHORT,
    LEDGER_RECEIVABLE,
    LEDGER_REVENUE,
    LEDGER_HELD,
    LEDGER_CASH_OTHER,
    LEDGER_REFUND,
    LEDGER_REFUND_TRANSIT
};
enum { LEDGER_ACCOUNT_COUNT = LEDGER_REFUND_TRANSIT + 1 };

const char *ledger_account_word(enum ledger_account account);

/* One entry; debit is positive. Texts are "" where they do not apply. */
struct posting {
    enum ledger_account ledger;
    const char *brand;
    const char *account;
    const char *section;
    const char *tax;
    const char *issuer;
    int64_t amount_yen;
};

/* What the postings of one line have in common. */
struct posting_source {
    const char *terminal;
    int64_t sequence;
    const char *municipality;
    const char *place;
    const char *received_on;
    const char *business_date;
};
enum status posting_put(struct store_txn *txn, const struct posting_source *source, int64_t number,
                        const struct posting *posting, struct error_detail *err) MUST_CHECK;

/* The postings of line SALE_SEQUENCE again under SOURCE, each with the other sign. SOURCE's received_on is not used:
 * what is taken back was received on the day of the sale. */
enum status posting_put_opposite(struct store_txn *txn, const struct posting_source *source, int64_t sale_sequence,
                                 struct error_detail *err) MUST_CHECK;
