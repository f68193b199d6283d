/* What was read so far, counted and summed by class of line, to be held against a file's trailer. */
#pragma once

#include "common/money/yen.h"
#include "settlement/statements/layout_plan.h"

enum {
    TALLY_UNKNOWN = STATEMENT_KIND_COUNT + 1, /* a line whose kind could not be read */
    TALLY_CLASSES                             /* the kinds, "ignored" and unknown; banks use the first two */
};

struct tally_scope {
    uint64_t count[TALLY_CLASSES];
    int64_t sum_yen[TALLY_CLASSES];
    int64_t absolute_yen[TALLY_CLASSES];
    int64_t fee_yen[TALLY_CLASSES]; /* only when the layout checks fees */
};

/* INVARIANT: `group` holds the lines since the last header record, `before` those of the groups that were closed. */
struct tally {
    struct tally_scope group;
    struct tally_scope before;
    uint64_t records; /* of every kind */
    uint64_t headers;
    uint64_t unknown_amounts; /* lines that were counted, but whose amount or fee could not be read */
    uint64_t unknown_fees;
};

/* Count a line of CLASS (a statement kind, KIND_IGNORED, or a bank direction). STATUS_OVERFLOW when the sum of the
 * group leaves the range of money. */
static inline enum status
tally_add(struct tally *tally, unsigned class, int64_t amount_yen)
{
    struct tally_scope *scope = &tally->group;
    scope->count[class]++;
    scope->sum_yen[class] += amount_yen;
    scope->absolute_yen[class] += amount_yen < 0 ? -amount_yen : amount_yen;
    /* Both terms were within ±YEN_LIMIT, and a sum is no larger than the sum of the magnitudes. */
    return scope->absolute_yen[class] <= YEN_LIMIT ? STATUS_OK : STATUS_OVERFLOW;
}

/* Undo one tally_add. */
static inline void
tally_take_back(struct tally *tally, unsigned class, int64_t amount_yen)
{
    struct tally_scope *scope = &tally->group;
    scope->count[class]--;
    scope->sum_yen[class] -= amount_yen;
    scope->absolute_yen[class] -= amount_yen < 0 ? -amount_yen : amount_yen;
}

/* Add the fee of a line of CLASS. STATUS_OVERFLOW as above. */
enum status tally_add_fee(struct tally *tally, unsigned class, int64_t fee_yen) MUST_CHECK;

/* Close the group and open the next. STATUS_OVERFLOW as above, for the file. */
enum status tally_close_group(struct tally *tally) MUST_CHECK;

/* What a figure is held against. */
enum tally_reach {
    TALLY_GROUP, /* since the last header */
    TALLY_FILE
};

/* The figure that CHECK's places hold, as TEXTS. STATUS_INVALID "statement_incomplete"; the caller adds the place. */
enum status tally_read_figure(const struct record_check *check, const struct text_view texts[2], int64_t *out,
                              struct error_detail *err) MUST_CHECK;

/* Whether THEIRS equals ours over the lines within REACH. Otherwise STATUS_INVALID with the code "statement_incomplete"
 * and both figures in the sentence: also when lines that could not be read leave the answer open. */
enum status tally_check(const struct tally *tally, enum tally_reach reach, const struct record_check *check,
                        int64_t theirs, struct error_detail *err) MUST_CHECK;
