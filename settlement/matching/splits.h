/* What people said of payments in several pieces, carried out in a run: before the matcher is asked, so that nothing of
 * its own takes a piece away. */
#pragma once

#include "settlement/matching/collected.h"

enum {
    /* Pieces of decisions that stand and are not carried out yet: each was chosen by a person. */
    SPLIT_WAITING_MAX = 1000000
};

/* Add the pairs (struct pair, of pairing.h) of every decision whose pieces are all among COLLECTED and open to PAIRS,
 * and mark its pieces. A decision of which one piece is missing waits: its line's file was replaced, or it has not come
 * back to the list. Costs one pass over the lines, and nothing where nobody decided anything. */
enum status splits_pair(struct growing *pairs, struct collected *collected, struct store_txn *txn,
                        const char *municipality, struct error_detail *err) MUST_CHECK;
