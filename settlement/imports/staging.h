/* A large file goes in piece by piece, beside the lines that count, so that tills and people write between two pieces
 * and a cut loses one piece at most:
 *
 *   judged ──▶ piece ──▶ piece ──▶ … ──▶ one transaction takes all of them over: from then on the import counts
 *                │ cancelled, killed, power lost
 *                └──▶ the same file again, read by the same layout, goes on behind the last piece
 *
 * INVARIANT: the staged lines are the first `line_count` of the file, as one reading gave them (reading_mark.h).
 * Several programs may work on one file: each piece is written once, by whoever comes first. */
#pragma once

#include "settlement/imports/file_walk.h"
#include "settlement/store/staging_store.h"

enum {
    /* In one transaction: a tenth of a second of a small machine's disk. A file with fewer lines goes in at once. */
    STAGING_PIECE_LINES = 16 * WALK_BATCH_LINES,
    /* A file that nobody goes on with is forgotten then: two weeks pass over holidays, and are no archive. */
    STAGING_KEPT_DAYS = 14
};

/* The lines of one file, staged by this program. */
struct staged {
    int64_t id;           /* 0: not staged */
    int64_t line_count;   /* of the whole file */
    uint64_t mark;        /* of the whole file */
    int64_t resumed_from; /* lines that stood there already when this began */
};

/* Stage the lines of FILE under KEY, and keep its bytes. *OUT has id 0 when somebody else ended the staging meanwhile:
 * they took the file in, or discarded it. STATUS_CANCELLED: the pieces written stay. STATUS_CONFLICT "file_changed";
 * STATUS_BUSY; what the reader says. */
enum status staging_fill(struct store *store, const struct staging_key *key, const struct walked_file *file,
                         int64_t line_count, int64_t now_ms, struct staged *out, struct error_detail *err) MUST_CHECK;

/* Whether STAGED is still as it was filled. */
enum status
staging_is_whole(struct store_txn *txn, const struct staged *staged, bool *out, struct error_detail *err) MUST_CHECK;

/* Copy its lines into IMPORT, in the caller's transaction, watched by WORK (may be NULL). STATUS_CORRUPT when they are
 * not as many as were staged. */
enum status staging_take_over(struct store_txn *txn, const struct staged *staged, int64_t import, struct work *work,
                              struct error_detail *err) MUST_CHECK;

/* End what was forgotten, and remove the lines of what is over, in transactions of their own. */
enum status
staging_sweep(struct store *store, const char *municipality, int64_t now_ms, struct error_detail *err) MUST_CHECK;
