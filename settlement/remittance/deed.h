/* What people do with a 払込. Each deed is one transaction with its entry in the access log.
 *
 *   closes ──prepare──▶ prepared ──confirm──▶ confirmed ──the bank's line──▶ seen
 *                          │ undo                │ undo                        (nothing is undone any more)
 *                          ▼                     ▼
 *                        closes are free again; the row stays, with who took it back and why
 *
 * The amount is the sum of the closes' deposits and is typed by nobody. Who confirms is another than who prepared, who
 * takes a confirmed one back another than who confirmed it: money that left the office has been seen by two. */
#pragma once

#include "settlement/access/actor.h"
#include "settlement/store/store.h"

enum {
    REMITTANCE_CLOSES_MAX = 500,        /* a month of twenty tills: what one slip can list and be read */
    REMITTANCE_BANK_MAX_BYTES = 120,    /* 40 characters of Japanese */
    REMITTANCE_RECEIPT_MAX_BYTES = 120, /* as stamped on the bank's receipt */
    REMITTANCE_REASON_MAX_BYTES = 1000
};

/* A till's business day. */
struct close_key {
    const char *terminal;
    int64_t opened_sequence;
};

/* Prepare a 払込 of COUNT (1 … REMITTANCE_CLOSES_MAX) closes, to be paid in at BANK on PAY_ON. *OUT_ID is its id.
 * STATUS_INVALID: none, one twice, of several 所属 or fiscal years, a day on which banks are closed or before the cash
 * was received, or nothing to pay; STATUS_NOT_FOUND "not_found": a close that is not there; STATUS_CONFLICT
 * "taken_already": another 払込 has one of them. */
enum status remittance_prepare(struct store *store, const struct actor *actor, const struct close_key *closes,
                               size_t count, const char *pay_on, const char *bank, int64_t now_ms, int64_t *out_id,
                               struct error_detail *err) MUST_CHECK;

/* The bank received it on PAID_ON, and its receipt says RECEIPT. STATUS_REFUSED "same_person" for who prepared it,
 * "wrong_state" unless it is prepared. */
enum status remittance_confirm_paid(struct store *store, const struct actor *actor, int64_t id, const char *paid_on,
                                    const char *receipt, int64_t now_ms, struct error_detail *err) MUST_CHECK;

/* Take ID back for REASON. STATUS_REFUSED "seen_at_bank" when the bank's records prove it, "same_person" for who
 * confirmed it, "wrong_state" when it was taken back. */
enum status remittance_undo(struct store *store, const struct actor *actor, int64_t id, const char *reason,
                            int64_t now_ms, struct error_detail *err) MUST_CHECK;
