/* Rows laid over the published ones once per call, found by key, written one by one. */
#include "settlement/masters/edit_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
compare_pointed_rows(const void *a, const void *b)
{
    const struct overlay_row *const *left = a;
    const struct overlay_row *const *right = b;
    return strcmp((*left)->key, (*right)->key);
}

static int
compare_key_to_row(const void *key, const void *row)
{
    return strcmp(key, (*(const struct overlay_row *const *)row)->key);
}

enum status
edit_run_begin(struct edit_run *run, const struct masters_book *book)
{
    struct error_detail *err = run->err;
    enum status status = overlay_read(&run->overlay, book, run->txn, run->draft, run->table->key, err);
    if (status == STATUS_OK) {
        status = overlay_rows(&run->overlay, run->table, &run->rows, &run->row_count, err);
    }
    if (status == STATUS_OK) {
        status = masters_next_new_row(run->txn, run->draft, run->table->key, &run->next_new, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    run->by_key = calloc(run->row_count + 1, sizeof *run->by_key);
    if (run->by_key == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < run->row_count; i++) {
        run->by_key[i] = &run->rows[i];
    }
    qsort(run->by_key, run->row_count, sizeof *run->by_key, compare_pointed_rows);
    return STATUS_OK;
}

void
edit_run_finish(struct edit_run *run)
{
    free(run->by_key);
    free(run->rows);
    overlay_finish(&run->overlay);
}

const struct overlay_row *
edit_run_find(const struct edit_run *run, const char *key)
{
    const struct overlay_row *const *found =
        bsearch(key, run->by_key, run->row_count, sizeof *run->by_key, compare_key_to_row);
    return found != NULL ? *found : NULL;
}

enum status
edit_run_find_seen(const struct edit_run *run, const char *key, int64_t seen, const struct overlay_row **out)
{
    const struct overlay_row *found = edit_run_find(run, key);
    if (found == NULL) {
        error_set(run->err, "not_found", "この行はもうありません。一覧を開き直してください。");
        return STATUS_NOT_FOUND;
    }
    const struct overlay_change *change = found->change;
    if ((change != NULL ? change->revision : 0) != seen) {
        error_set(run->err, "row_changed",
                  "%sがこの行を先に変えました。入力した内容と見比べて、もう一度保存してください。",
                  change != NULL ? (change->changed_by_name[0] != '\0' ? change->changed_by_name : change->changed_by)
                                 : "ほかの人");
        return STATUS_CONFLICT;
    }
    *out = found;
    return STATUS_OK;
}

enum status
edit_run_put(struct edit_run *run, const char *key, const char *before, const char *after)
{
    snprintf(run->last_key, sizeof run->last_key, "%s", key);
    bool is_same = (before == NULL) == (after == NULL) && (before == NULL || strcmp(before, after) == 0);
    if (is_same) {
        return masters_change_remove(run->txn, run->draft, run->table->key, key, run->err);
    }
    return masters_change_put(run->txn, run->draft,
                              &(struct masters_change){.kind = run->table->key,
                                                       .key = key,
                                                       .before = before,
                                                       .after = after,
                                                       .changed_by = run->desk->actor->login,
                                                       .changed_at_ms = run->desk->now_ms},
                              run->err);
}
