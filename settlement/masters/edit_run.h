/* Rows of one kind of a draft under the hands of one person, inside one transaction; for this folder only. */
#pragma once

#include "settlement/masters/draft_parts.h"

struct edit_run {
    struct store_txn *txn;
    const struct masters_desk *desk;
    int64_t draft;
    const struct table *table;
    struct overlay overlay;
    struct overlay_row *rows;
    const struct overlay_row **by_key; /* sorted */
    size_t row_count;
    int64_t next_new; /* N of the next "+N" */
    char last_key[MASTERS_ROW_KEY_SIZE];
    struct error_detail *err;
};

/* RUN has its first members (txn, desk, draft, table, err) set. finish is owed, also after a failure. */
enum status edit_run_begin(struct edit_run *run, const struct masters_book *book) MUST_CHECK;
void edit_run_finish(struct edit_run *run);

/* NULL when there is none. */
const struct overlay_row *edit_run_find(const struct edit_run *run, const char *key);

/* The row known as KEY, whose editor saw its change at revision SEEN. STATUS_NOT_FOUND, STATUS_CONFLICT "row_changed".
 */
enum status edit_run_find_seen(const struct edit_run *run, const char *key, int64_t seen,
                               const struct overlay_row **out) MUST_CHECK;

/* Write the change of row KEY from BEFORE to AFTER (normal forms, NULL for none); none when they are the same. */
enum status edit_run_put(struct edit_run *run, const char *key, const char *before, const char *after) MUST_CHECK;
