/* What the matcher decided about a set of deposits, into the store. */
#pragma once

#include "settlement/matching/deposit_set.h"
#include "settlement/matching/disagreements.h"

enum {
    /* How long a deposit may come before its statement. */
    CREDIT_DUE_DAYS = 5
};

/* Write what differs from what the store has, and add disagreements for what is not right. RESULT is of INPUT, whose
 * payouts and credits are those of SET in its order. *OUT_CREDITED_COUNT: credits that pay something for the first
 * time.
 */
enum status deposit_outcome_write(const struct deposit_set *set, const struct payout_input *input,
                                  const struct payout_result *result, struct disagreements *disagreements,
                                  int64_t *out_credited_count, struct error_detail *err) MUST_CHECK;
