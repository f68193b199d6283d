/* The payouts and bank credits that a run decides about: what is open and new, and whatever depends on it. Not the
 * history.
 *
 * What depends on what: a credit that machines placed is placed anew with its payouts, because a statement that comes
 * later may tell more of it; a credit may pay all payouts of a company's pay day, so these belong together; and what is
 * carried over goes from each payout of a company to the next, so that a change goes on until the chain ends. Decided
 * over this set, every row comes out as it would from all there is. */
#pragma once

#include "settlement/arena/growing.h"
#include "settlement/matching/agreed.h"
#include "settlement/reconciliation/payout.h"
#include "settlement/store/payout_store.h"

enum {
    /* When a payout is missing whose statement names no pay day and whose company has no terms in the masters: closed
     * at the month's end and paid at the end of the next is 62 days, and the longest row of bank holidays is five. */
    PAYOUT_DUE_DAYS = 67,
    /* Deposits or credits that are open at once: a year of daily deposits of every trustee. */
    DEPOSITS_MAX = 100000
};

/* A payout as the store has it, and as the terms of today have it; texts in the arena. */
struct known_payout {
    struct payout_row row;
    struct payout payout; /* for the matcher; its id and trustee are those of `row` */
    bool is_affected;     /* what is new may change what is carried to it or from it */
    bool is_in_chain;     /* its company's payouts from here on are all in the set */
    bool is_expanded;
};

/* A bank line that came in; texts in the arena. */
struct known_credit {
    int64_t import;
    struct bank_line line;
    bool is_open;  /* on the open list */
    bool is_known; /* an earlier run placed it */
    bool is_expanded;
};

/* INVARIANT after deposit_set_collect: `payouts` are by id and trustee, `credits` by import and line, each once. */
struct deposit_set {
    struct store_txn *txn;
    const char *municipality;
    const struct agreed *agreed;
    struct arena *arena;
    struct growing payouts;  /* struct known_payout */
    struct growing credits;  /* struct known_credit */
    struct growing portions; /* struct portion_row: what the store has of them */
    struct growing spreads;  /* struct portion_row: what people decided of them */
    bool is_affecting;       /* what is being read is affected */
    bool is_chaining;        /* what is being read is a chain */
    bool is_placed;          /* the credits that are being read were placed before */
};

/* All but the arrays is borrowed. End with deposit_set_finish. */
void deposit_set_init(struct deposit_set *set, struct store_txn *txn, const char *municipality,
                      const struct agreed *agreed, struct arena *arena);
void deposit_set_finish(struct deposit_set *set);

/* Add the parts of imports after AFTER_IMPORT to the payouts, then read the set. STATUS_OVERFLOW: more than
 * DEPOSITS_MAX. */
enum status deposit_set_collect(struct deposit_set *set, int64_t after_import, struct error_detail *err) MUST_CHECK;

static inline struct known_payout *
deposit_set_payout(const struct deposit_set *set, size_t index)
{
    return &((struct known_payout *)set->payouts.elements)[index];
}

static inline struct known_credit *
deposit_set_credit(const struct deposit_set *set, size_t index)
{
    return &((struct known_credit *)set->credits.elements)[index];
}
