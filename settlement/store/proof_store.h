/* What statements prove of payments whose till still does not know their end. */
#pragma once

#include "settlement/store/store.h"

/* Borrowed until the visitor returns. A line of a processor's statement carries the payment's own id as its merchant
 * reference, the same yen and no reversal beside it. */
struct payment_proof {
    const char *payment;
    int64_t amount_yen;
    int64_t accepted_at_ms; /* INSTANT_ABSENT when the statement does not say */
    const char *acquirer_reference; /* "" when the statement does not say */
};
typedef enum status (*payment_proof_visitor)(const struct payment_proof *proof, void *context,
                                             struct error_detail *err);

/* Visit the payments of TERMINAL that are unknown or in doubt, or were counted as a sale while in doubt and are not proved,
 * and that a statement line proves charged; in the order they were started, at most LIMIT. Reads the list of what is
 * open, not the history. */
enum status payment_proofs_each(struct store_txn *txn, const char *municipality, const char *terminal, int64_t limit,
                                payment_proof_visitor visit, void *context, struct error_detail *err) MUST_CHECK;
