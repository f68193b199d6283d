/* What people decided about payments and lines that are open: looked up among what a run has collected. */
#pragma once

#include "settlement/matching/collected.h"

enum {
    /* Decisions that stand and are not carried out yet: each was made by a person. */
    DECIDED_MAX = 1000000
};

/* A decision, as collected indexes. */
struct decided_pair {
    uint32_t item;
    uint32_t line;
    bool is_pair;
};

/* Fill OUT (of struct decided_pair) with the decisions whose payment and line are both among COLLECTED. Costs one pass
 * over the lines, and nothing where nobody decided anything. */
enum status decided_find(struct growing *out, const struct collected *collected, struct store_txn *txn,
                         const char *municipality, struct error_detail *err) MUST_CHECK;
