/* Which deposits at the bank pay which of the payment company's payouts. PURE, like matcher.h: arrays in, a result in
 * the caller's arena, the same for any order of the inputs. docs/reconciliation.md defines every class for people.
 *
 * ALGORITHM: a credit belongs to the payouts that a person said, or to the one whose id is its EDI information,
 * exactly. Where several companies use one id the payer's name decides, and where it does not, nobody but a person. One
 * credit pays all payouts of a company's pay day where that is proved: their sum is the credit to the yen, no other
 * credit speaks of any of them, and its EDI names one of them or the terms say that the company transfers them
 * together. What is too little to be transferred is carried over to the company's next payout, where the terms say so.
 * The portions of a payout are added up and compared with what is expected. Payer, amount and date only suggest. O(n
 * log n).
 *
 * INVARIANTS: what a credit is, is the sum of its portions, of which what pays nothing is in one outcome of its own;
 * every payout has exactly one outcome. What is expected of all payouts together, and what is carried over and has no
 * taker yet, are what they are by themselves. Only what the bank keeps of a transfer has a tolerance, and it has a
 * name; sales and fees have none. */
#pragma once

#include "settlement/arena/arena.h"
#include "settlement/statements/statement_line.h"

/* Who says on which day a payout is to be paid. */
enum payout_due_by {
    PAYOUT_DUE_BY_STATEMENT,
    PAYOUT_DUE_BY_TERMS, /* the statement names no day: closing, pay day and bank holidays of the terms */
    PAYOUT_DUE_BY_AGE    /* no terms either: the last resort, after which nobody should wait in silence */
};

/* All lines of one payout. `trustee`, `is_net`, `payer_kana` and a day that the lines do not name come from the terms
 * with the trustee: the caller sets them between payout_collect and payout_match. */
struct payout {
    struct text_view id;
    struct text_view trustee;   /* tells payouts of one id apart; empty where there is only one company */
    struct civil_date pay_date; /* the latest of its lines; year 0: unknown */
    enum payout_due_by due_by;
    int64_t gross_yen;  /* Σ sales less refunds */
    int64_t fee_yen;    /* Σ fees, those with a line of their own included */
    int64_t charge_yen; /* of these, with a line of their own: deducted from the deposit also where it is gross */
    size_t line_count;
    bool is_net; /* the fees are deducted from the deposit */
    struct text_view payer_kana;
    bool is_together;      /* by the terms, one transfer pays all payouts of the company's pay day */
    int64_t minimum_yen;   /* by the terms, less than this is carried over; 0: everything is paid */
    bool carries_negative; /* by the terms, what is below zero is deducted from the next payout */
    bool is_carry_known;   /* what is carried was decided before and stands here: the caller does not have its chain */
    bool is_known_carried;
    int64_t known_carry_yen;
};

/* What is to be deposited of it alone, whatever is carried over: gross, or gross less fees; less charges that the
 * statement lists as lines in either case. */
int64_t payout_expected_yen(const struct payout *payout);

/* The payouts of COUNT lines, sorted by id; lines without a payout id are in none. *OUT lives in ARENA and borrows the
 * lines' texts. STATUS_OVERFLOW: the arena is full or a sum leaves the range of money. */
enum status payout_collect(struct payout **out, size_t *out_count, const struct statement_line *lines, size_t count,
                           struct arena *arena, struct error_detail *err) MUST_CHECK;

/* A deposit. `id` is unique; the rest as in struct bank_line. */
struct payout_credit {
    uint64_t id;
    struct civil_date date;
    int64_t amount_yen;
    struct text_view edi;
    struct text_view payer_kana;
};

/* LINE, which is BANK_IN, as a credit with the id ID. Borrows LINE's texts. */
static inline struct payout_credit
payout_credit_of(const struct bank_line *line, uint64_t id)
{
    return (struct payout_credit){
        .id = id,
        .date = line->date,
        .amount_yen = line->amount_yen,
        .edi = line->edi,
        .payer_kana = line->payer_kana,
    };
}

/* What a person decided: CREDIT_ID pays PAYOUT_ID, or does not. Several pairs of one credit spread it. */
struct payout_decision {
    uint64_t credit_id;
    struct text_view payout_id;
    bool is_pair;
    struct text_view trustee; /* whose payout; empty: the payer tells */
    int64_t amount_yen;       /* the portion; 0: all of the credit */
};

enum payout_class {
    PAYOUT_SETTLED,
    PAYOUT_SHORT,          /* 入金不足 */
    PAYOUT_TRANSFER_FEE,   /* 振込手数料差引: short by no more than a bank takes */
    PAYOUT_OVER,           /* 入金過大 */
    PAYOUT_MISSING,        /* 未入金 */
    PAYOUT_DUE,            /* not paid yet, and not yet to be paid */
    PAYOUT_CARRIED,        /* nothing to be paid now */
    PAYOUT_UNKNOWN_CREDIT, /* 入金元不明 */
    PAYOUT_CLASS_COUNT
};

/* "入金不足" … Static. */
const char *payout_class_name(enum payout_class class);

/* Whether people have to look at it: settled, due and carried need nobody. */
bool payout_class_is_discrepancy(enum payout_class class);

#define PAYOUT_NONE UINT32_MAX

/* What CREDIT (an index into the input) pays of one payout, or of none. */
struct payout_portion {
    uint32_t credit;
    int64_t amount_yen; /* 1 … the credit's (a credit of nothing: 0) */
};

/* INVARIANT: `payout` is PAYOUT_NONE exactly for PAYOUT_UNKNOWN_CREDIT, which has one portion. `portions` are by (date,
 * id) of the credit; `received_yen` is their sum. `expected_yen` is what payout_expected_yen says and `carry_yen`; of a
 * payout that is carried that is 0. `suggestion` is an unknown credit for a payout, a payout for an unknown credit;
 * `suggested` are all payouts of a pay day that are together what the credit is, where one suggests the other. */
struct payout_outcome {
    enum payout_class class;
    uint32_t payout;
    const struct payout_portion *portions;
    size_t portion_count;
    int64_t expected_yen;
    int64_t received_yen;
    int64_t carry_yen; /* + what it takes over from earlier ones, − what it leaves to a later one */
    bool is_carried;
    uint32_t carried_to;   /* the payout that takes it in the end; PAYOUT_NONE: none yet */
    const uint32_t *taken; /* the payouts that it takes over, oldest first */
    size_t taken_count;
    uint32_t suggestion;
    const uint32_t *suggested;
    size_t suggested_count;
};

struct payout_input {
    const struct payout *payouts; /* they differ in id or trustee (asserted) */
    size_t payout_count;
    const struct text_view *payers; /* kana of every company that pays, with or without a payout here */
    size_t payer_count;
    const struct payout_credit *credits;
    size_t credit_count;
    const struct payout_decision *decisions;
    size_t decision_count;
    struct civil_date as_of; /* the last day that the bank's records cover */
};

struct payout_options {
    struct arena *arena;
    int64_t transfer_fee_max_yen;
    int suggestion_days;
};

enum {
    PAYOUT_TRANSFER_FEE_MAX_YEN = 880, /* the highest published price of a transfer to another bank at a counter */
    PAYOUT_SUGGESTION_DAYS = 5,        /* a pay day rolls over a long weekend */
    /* How long what is carried over may wait for a next payout, after which it is missing: closed at the month's end
     * and paid at the end of the next is 62 days, and the longest row of bank holidays is five. */
    PAYOUT_CARRY_DAYS = 67
};

struct payout_options payout_options_default(struct arena *arena);

/* Outcomes in the arena: payouts by id, then what pays none by (date, id) of the credit. */
struct payout_result {
    struct payout_outcome *outcomes;
    size_t outcome_count;
};

/* STATUS_OVERFLOW as above; STATUS_INVALID: decisions that contradict each other, or
 * spread more than the credit is. */
enum status payout_match(struct payout_result *out, const struct payout_input *input,
                         const struct payout_options *options, struct error_detail *err) MUST_CHECK;

/* The sentence that goes with OUTCOME, in Japanese, appended to OUT. */
struct buffer;
void payout_explain(struct buffer *out, const struct payout_input *input, const struct payout_outcome *outcome);
