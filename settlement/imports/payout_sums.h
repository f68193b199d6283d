/* What a statement announces as deposits: its lines summed by payout id. Pure. */
#pragma once

#include "settlement/arena/arena.h"
#include "settlement/arena/growing.h"
#include "settlement/statements/statement_line.h"
#include "settlement/store/line_store.h"

enum {
    PAYOUTS_PER_FILE_MAX = 20000,             /* deposits per facility and day of a year; more is not a statement */
    PAYOUT_NAMES_MAX_BYTES = 64 * 1024 * 1024 /* their ids */
};

/* `trustee` of the parts is not set. */
struct payout_sums {
    struct growing parts; /* struct payout_part */
    struct arena names;   /* holds their ids */
    size_t last;          /* the part that the last line went to */
};

void payout_sums_init(struct payout_sums *sums);
void payout_sums_finish(struct payout_sums *sums);

/* Add one line, of which nothing is kept but its sums. STATUS_OVERFLOW beyond the limits. */
enum status
payout_sums_add(struct payout_sums *sums, const struct statement_line *line, struct error_detail *err) MUST_CHECK;

/* Sum COUNT lines more; those without a payout id are left out. STATUS_OVERFLOW beyond the limits. */
enum status payout_sums_make(struct payout_sums *sums, const struct statement_line *lines, size_t count,
                             struct error_detail *err) MUST_CHECK;
