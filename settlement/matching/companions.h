/* What shares a reference with what is left over: pairs of earlier runs, payments that were given up on, payments whose
 * outcome is not known. */
#pragma once

#include "settlement/matching/collected.h"

/* A pair of an earlier run, as collected indexes. */
struct companion_pair {
    uint32_t item;
    uint32_t line;
};

/* `has_changed`: something was added or taken out, so that the matcher must be asked again. INVARIANT: `added` is a
 * hash table (open addressing, a power of two of slots, at most half full) of the collected items that were added, as
 * index + 1. */
struct companions {
    struct growing pairs; /* struct companion_pair */
    bool has_changed;
    uint32_t *added;
    size_t added_room;
    size_t added_count;
};

void companions_init(struct companions *companions);
void companions_finish(struct companions *companions);

/* Look up companions of the lines and cancellations of COLLECTED that are in no pair, and add them to it. Marks lines
 * that name a payment of unknown outcome. Costs a few reads for each line that is left over, nothing for the others. */
enum status companions_find(struct companions *companions, struct collected *collected, struct store_txn *txn,
                            const char *municipality, struct error_detail *err) MUST_CHECK;
