/* Writing what a run found, inside its transaction. */
#pragma once

#include "settlement/matching/disagreements.h"

enum {
    /* What was cancelled and never reported is carried this long for a late statement. */
    FORGET_CANCELLED_DAYS = 90
};

/* The pairs, and their sides out of the open lists. Counts into ROW. */
enum status outcome_write_pairs(struct store_txn *txn, const char *municipality, struct collected *collected,
                                struct pairing *pairing, struct run_row *row, struct error_detail *err) MUST_CHECK;

/* New discrepancies, facts of known ones, and those that are no longer found cleared. What a person resolved takes its
 * items out of the run (they count as matched from here on). Counts into ROW. */
enum status outcome_write_disagreements(struct store_txn *txn, const char *municipality, struct collected *collected,
                                        const struct disagreements *disagreements, struct run_row *row,
                                        struct error_detail *err) MUST_CHECK;

/* The open lists, for the next run. */
enum status outcome_write_open(struct store_txn *txn, const char *municipality, const struct collected *collected,
                               struct civil_date today, struct error_detail *err) MUST_CHECK;
