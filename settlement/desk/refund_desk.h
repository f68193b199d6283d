/* What the finance desk does with a refund.
 *
 *            ┌── of a sale, or taking over what a till was asked for
 *            ▼
 *   (none) ──request──▶ requested ──another person approves──▶ approved ──pay (決済会社経由)────────▶ paid
 *                           │                                     ├──a transfer file (transfer_desk.h) ▶ paid
 *                           └───────────── withdraw ◀─────────────┘
 *
 * Each deed is one transaction: a line of the desk's journal and the entry in the access log. What it does to 調定
 * follows from the line (assessment/). Ids are UUIDs. */
#pragma once

#include "common/clock/civil.h"
#include "settlement/access/actor.h"
#include "settlement/store/refund_transfer_store.h"

struct signing_key;

enum {
    REFUND_REASON_MAX_BYTES = 720, /* 240 characters, as at a till */
    REFUND_PARTS_MAX = 200,        /* lines of one sale that a till can hold, and more */
    REFUND_PROOF_MAX_BYTES = 120   /* the processor's number of the refund */
};

/* Where deeds happen: borrowed. */
struct desk {
    struct store *store;
    const struct signing_key *key;
    const struct actor *actor;
    int64_t now_ms;
};

/* LINE (from 1) of the sale: AMOUNT_YEN of it goes back; 0: all that is left of it. */
struct refund_ask {
    int64_t line;
    int64_t amount_yen;
};

struct refund_wish {
    const char *sale;
    const char *takes_over; /* a till's request that waits; then `parts` and `sale` are that request's. NULL: none */
    const char *means;      /* "bank_transfer", "gateway" */
    const char *reason;
    bool is_by_mistake; /* 過誤納: goes back whatever the policy of what was sold says */
    const struct refund_ask *parts;
    size_t part_count; /* 0: all that is left of the sale */
};

/* OUT_REFUND receives the new id. STATUS_INVALID without a reason, for a wrong line or means; STATUS_NOT_FOUND;
 * STATUS_REFUSED "voided", "same_day" (a void at the till does it), "policy_forbids", "nothing_left", "too_much",
 * "wrong_means", "taken_already"; STATUS_BUSY "ledger_behind". */
enum status desk_refund_request(const struct desk *desk, const struct refund_wish *wish,
                                char out_refund[IDENTITY_TEXT_SIZE], struct error_detail *err) MUST_CHECK;

/* The second person agrees. STATUS_UNAUTHORIZED "own_approval"; STATUS_CONFLICT "wrong_state". */
enum status desk_refund_approve(const struct desk *desk, const char *refund, const char *reason,
                                struct error_detail *err) MUST_CHECK;

/* Not carried out. STATUS_CONFLICT "wrong_state", "in_transfer". */
enum status desk_refund_withdraw(const struct desk *desk, const char *refund, const char *reason,
                                 struct error_detail *err) MUST_CHECK;

/* The processor gave it back on PAID_ON, and PROOF is its number there. Only of means "gateway", approved.
 * STATUS_INVALID for a day before the request or in the future; STATUS_CONFLICT "wrong_state". */
enum status desk_refund_pay(const struct desk *desk, const char *refund, const char *paid_on, const char *proof,
                            struct error_detail *err) MUST_CHECK;

/* Where the money of a 口座振込 goes; the holder's name may be in any kana. STATUS_INVALID names what is wrong;
 * STATUS_CONFLICT "wrong_state", "in_transfer". */
enum status desk_refund_set_payee(const struct desk *desk, const char *refund, const struct refund_payee *payee,
                                  struct error_detail *err) MUST_CHECK;

/* Wipe the accounts of refunds that ended PAYEE_KEPT_DAYS ago, of the actor's city; how many stands in the access log.
 */
enum {
    PAYEE_KEPT_DAYS = 90 /* a bank that sends money back does so within weeks; then the account is needed no more */
};
enum status
desk_wipe_payees(struct store *store, const struct actor *actor, int64_t now_ms, struct error_detail *err) MUST_CHECK;

/* Inside TXN: the line that says REFUND was paid by MEANS on PAID_ON, approved by APPROVED_BY; NOTE stands in the
 * access log. */
enum status desk_write_paid(struct store_txn *txn, const struct desk *desk, const char *refund, const char *sale,
                            int64_t amount_yen, const char *means, const char *approved_by, struct civil_date paid_on,
                            const char *note, struct error_detail *err) MUST_CHECK;
