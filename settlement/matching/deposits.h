/* Statement lines → payout → bank credit: which announced deposits have come, to the yen. The shell around
 * reconciliation/payout.h. */
#pragma once

#include "settlement/matching/agreed.h"
#include "settlement/matching/disagreements.h"

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
