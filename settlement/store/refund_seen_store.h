/* Refunds that went back through their processor, and the lines of statements that bear them out. */
#pragma once

#include "common/identity/identity.h"
#include "settlement/store/store.h"

/* What a statement says of a refund. Texts are borrowed. */
struct refund_report {
    const char *merchant_reference; /* the refund's own, or its payment's; "" */
    const char *acquirer_reference; /* of the payment; "" */
    int64_t amount_yen;             /* > 0 */
};

/* The refund that REPORT may mean: paid through the processor, of that amount, named by its own reference or by its
 * payment's, borne out by no line yet, and no void (those are items of their own). Of several the one after SKIP
 * others, in the order in which they were paid. OUT is "" when there is none. */
enum status refund_unseen_find(struct store_txn *txn, const char *municipality, const struct refund_report *report,
                               int64_t skip, char out[IDENTITY_TEXT_SIZE], struct error_detail *err) MUST_CHECK;

enum status refund_seen_add(struct store_txn *txn, const char *municipality, const char *refund, int64_t import,
                            int64_t line, int64_t run, struct error_detail *err) MUST_CHECK;
