/* What the steps of payout_match share: payout_carry decides what is carried over, payout_place which credit pays what,
 * payout_suggest what people might look at, payout_match judges. */
#pragma once

#include "settlement/reconciliation/payout.h"

struct indexed_payout {
    const struct payout *payout;
    uint32_t index; /* in the input */
};

/* A portion on its way. INVARIANT: `payout` is a number (an index into `payouts` of the matching), or PAYOUT_NONE. */
struct placed_portion {
    uint32_t payout;
    struct payout_portion portion;
};

/* What a payout is when carry-over is reckoned, by number. */
struct payout_standing {
    bool is_named; /* a credit or a person speaks of this one: then it is paid, whatever the terms say */
    bool is_carried;
    int64_t carry_yen;
    int64_t expected_yen;
    uint32_t carried_to; /* a number, or PAYOUT_NONE */
    size_t taken_first;  /* into `chain` */
    size_t taken_count;
    uint32_t group; /* PAYOUT_NONE where nothing is expected, or on a day that nobody named */
};

/* All payouts of one company's pay day of which something is expected. */
struct payout_group {
    struct civil_date day;
    struct text_view trustee;
    size_t first; /* into `members` */
    size_t count;
    int64_t sum_yen;
    bool is_together;
    size_t touch_count; /* credits that speak of any of them, or could pay all */
};

struct payout_matching {
    const struct payout_input *input;
    const struct payout_options *options;
    struct indexed_payout *payouts;    /* by id, trustee; the place is the payout's number */
    struct payout_standing *standings; /* by number */
    uint32_t *by_day;                  /* numbers by trustee, pay day, smallest first, id */
    uint32_t *chain;                   /* numbers of carried payouts, each chain in one piece */
    struct payout_group *groups;       /* by day, trustee */
    size_t group_count;
    uint32_t *members;                 /* numbers, each group in one piece, smallest first */
    uint32_t *member_indexes;          /* the same as indexes in the input, which outcomes point into */
    struct payout_decision *decisions; /* by credit */
    struct placed_portion *portions;   /* in the end by payout, date, id */
    struct payout_portion *out;        /* the same, which outcomes point into */
    size_t portion_count;
    const struct placed_portion **unknown; /* by amount, date, id */
    size_t unknown_count;
    uint32_t *suggested_for; /* by credit of the input: the first payout (of it) that suggests it */
    uint32_t *suggested_all; /* by credit of the input: the group that it may pay */
};

enum status payout_refuse_memory(struct error_detail *err);
int payout_compare_views(struct text_view a, struct text_view b);
int payout_compare_credits(const struct payout_credit *a, const struct payout_credit *b);

/* The number of the payout of ID that CREDIT can pay, or PAYOUT_NONE. */
uint32_t
payout_find_for(const struct payout_matching *matching, struct text_view id, const struct payout_credit *credit);
uint32_t payout_find(const struct payout_matching *matching, struct text_view id, struct text_view trustee);

/* Which payout each credit names, from EDI and from people. */
enum status payout_read_names(struct payout_matching *matching, struct error_detail *err) MUST_CHECK;
/* Needs the names. Sets carry_yen, expected_yen. */
enum status payout_carry(struct payout_matching *matching, struct error_detail *err) MUST_CHECK;
/* Needs what is expected. Sets groups, then portions. */
enum status payout_place(struct payout_matching *matching, struct error_detail *err) MUST_CHECK;

/* The unknown credit (its index) nearest to what is missing of PAYOUT, or PAYOUT_NONE. */
uint32_t
payout_suggest_credit(const struct payout_matching *matching, const struct payout *payout, int64_t missing_yen);
/* Set suggested_all: the pay day of whose payouts the sum is an unknown credit. */
void payout_suggest_groups(struct payout_matching *matching);
/* The unknown credit that may pay all of GROUP, or PAYOUT_NONE; also where GROUP is that. */
uint32_t payout_suggest_whole(const struct payout_matching *matching, uint32_t group);
