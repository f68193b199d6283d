/* What a statement announces as deposits: its lines summed by payout id. Pure. */
#pragma once

#include "settlement/arena/growing.h"
#include "settlement/statements/statement_line.h"
#include "settlement/store/import_store.h"

enum {
    PAYOUTS_PER_FILE_MAX = 20000 /* deposits per facility and day of a year; more is not a statement */
};

/* Texts of the parts are borrowed from the lines; `trustee` is not set. */
struct payout_sums {
    struct growing parts; /* struct payout_part */
};

void payout_sums_init(struct payout_sums *sums);
void payout_sums_finish(struct payout_sums *sums);

/* Sum COUNT lines; those without a payout id are left out. STATUS_OVERFLOW beyond the limits. */
enum status payout_sums_make(struct payout_sums *sums, const struct statement_line *lines, size_t count,
                             struct error_detail *err) MUST_CHECK;
