/* Statement lines → payout → bank credit: which announced deposits have come, to the yen. The shell around
 * reconciliation/payout.h. */
#pragma once

#include "settlement/matching/agreed.h"
#include "settlement/matching/disagreements.h"

enum {
    /* How long a deposit may come before its statement. */
    CREDIT_DUE_DAYS = 5,
    /* When a payout is missing whose statement names no pay day and whose company has no terms in the masters: closed
     * at the month's end and paid at the end of the next is 62 days, and the longest row of bank holidays is five. */
    PAYOUT_DUE_DAYS = 67,
    /* Deposits or credits that are open at once: a year of daily deposits of every trustee. */
    DEPOSITS_MAX = 100000
};

/* What deposits_settle did. */
struct deposits_result {
    int64_t credit_count; /* bank lines that were looked at */
    int64_t credited_count;
};

/* Gather the payouts of imports after AFTER_IMPORT, assign open and new bank credits, and add disagreements for what is
 * not right. A deposit is missing when the bank's records cover its day and it is not there. Inside a write
 * transaction. */
enum status
deposits_settle(struct store_txn *txn, const char *municipality, const struct agreed *agreed, int64_t after_import,
                struct disagreements *disagreements, struct deposits_result *out, struct error_detail *err) MUST_CHECK;
