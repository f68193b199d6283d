/* The ledger: what the journals mean, as rows and double entry.
 *
 * Lines are interpreted in the order in which they came in, so that rebuilding gives the same rows; for one till that
 * is the order of its journal. A batch is one transaction: a crash repeats at most one batch, from where the last
 * ended. A line that cannot be interpreted is parked with a reason, and the lines behind it go on. */
#pragma once

#include "settlement/store/store.h"
#include "settlement/work/work.h"

/* What a batch did. */
struct ledger_advance {
    int64_t lines; /* interpreted, parked ones included */
    int64_t parked;
    bool is_at_end; /* nothing more was waiting */
};

/* Interpret one batch of what waits, in a transaction of its own. */
enum status ledger_advance(struct store *store, struct ledger_advance *out, struct error_detail *err) MUST_CHECK;

/* Interpret everything that waits. */
enum status ledger_catch_up(struct store *store, struct ledger_advance *out, struct error_detail *err) MUST_CHECK;

/* Empty what is derived and interpret everything again, in one transaction: readers see the old rows until the new ones
 * stand. Uploads wait meanwhile; meant for a stopped service. */
enum status ledger_rebuild(struct store *store, struct ledger_advance *out, struct error_detail *err) MUST_CHECK;

/* The same, watched (work.h). STATUS_CANCELLED: the old rows stand. */
enum status ledger_rebuild_watched(struct store *store, struct work *work, struct ledger_advance *out,
                                   struct error_detail *err) MUST_CHECK;
