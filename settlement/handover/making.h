/* The records of one file, read from the store and written by its layout: for making it, for trying a layout out, and
 * for the audit, which makes it again. */
#pragma once

#include "settlement/handover/handover_writer.h"
#include "settlement/store/finance_file_store.h"

/* Which 調定 of an export a file holds. */
enum making_choice {
    MAKING_ALL,
    MAKING_REFUSED, /* what was refused, and not accepted since */
    MAKING_OF_FILE  /* those that file `file` holds */
};

struct making {
    struct store_txn *txn;
    const char *municipality;
    const struct handover_layout *layout;
    int64_t export_id;
    enum making_choice choice;
    int64_t file;
    int64_t limit; /* 調定 that are written at most; 0: all */
};

/* The 調定 that were chosen, by number; made room for by the caller of making_write, freed by making_finish. */
struct made {
    int64_t *assessments;
    size_t count;
    size_t capacity;
    struct handover_totals totals;
    int64_t substituted;
};

/* Append the file to OUT; TOTALS_OUT tells what it holds. The file's day is MADE_ON. STATUS_NOT_FOUND
 * "nothing_to_send"; else as handover_write_end. making_finish is owed. */
enum status making_write(const struct making *making, const char *made_on, struct buffer *out, struct made *made,
                         struct error_detail *err) MUST_CHECK;
void making_finish(struct made *made);
