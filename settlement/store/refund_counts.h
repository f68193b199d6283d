/* Which refunds of a sale count against it, in SQL: paid ones, and requests that wait; not a till's request that the
 * finance desk carries out under a refund of its own, which counts instead. For this folder only. */
#pragma once

#define REFUND_IS_TAKEN_OVER(refund)                                                                                   \
    "EXISTS (SELECT 1 FROM refund AS taker WHERE taker.takes_over = " refund ".refund AND taker.takes_over <> '' "     \
    "AND taker.state <> 'withdrawn')"
#define REFUND_COUNTS(refund)                                                                                          \
    "(" refund ".state = 'paid' OR (" refund ".state = 'requested' AND NOT " REFUND_IS_TAKEN_OVER(refund) "))"
