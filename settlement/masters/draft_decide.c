/* Giving a change up, and deciding a conflict for it. */
#include "settlement/masters/edit_run.h"

#include <stdio.h>
#include <string.h>

struct decide_step {
    int64_t id;
    const char *kind;
    const char *key;
    int64_t seen;
    bool keeps;
};

/* What is published now becomes what the change stands against. */
static enum status
keep_change(struct edit_run *run, const struct overlay_row *row)
{
    struct buffer published;
    buffer_init(&published, JSON_TEXT_MAX_BYTES);
    enum status status = STATUS_OK;
    if (row->published != NULL) {
        status = masters_row_normalise(run->table, row->published, &published, run->err);
    }
    if (status == STATUS_OK) {
        status = edit_run_put(run, row->key, row->published != NULL ? buffer_text(&published) : NULL,
                              row->change->after_text);
    }
    buffer_finish(&published);
    return status;
}

static enum status
decide(struct store_txn *txn, const struct masters_desk *desk, void *context, struct error_detail *err)
{
    struct decide_step *step = context;
    struct masters_draft draft;
    const struct masters_book *book = NULL;
    const struct overlay_row *row = NULL;
    int64_t revision;
    struct edit_run run = {.txn = txn, .desk = desk, .draft = step->id, .table = masters_kind(step->kind), .err = err};
    enum status status = draft_in_state(txn, desk, step->id, MASTERS_EDITING, &draft, err);
    if (status == STATUS_OK) {
        status = masters_book_hold(desk->shelf, txn, desk->actor->municipality, 0, &book, err);
    }
    if (status == STATUS_OK) {
        status = edit_run_begin(&run, book);
    }
    if (status == STATUS_OK) {
        status = edit_run_find_seen(&run, step->key, step->seen, &row);
    }
    if (status == STATUS_OK && row->change == NULL) {
        error_set(err, "nothing_changed", "この行には変更がありません。");
        status = STATUS_CONFLICT;
    }
    if (status == STATUS_OK) {
        status = masters_draft_advance(txn, step->id, desk->now_ms, &revision, err);
    }
    if (status == STATUS_OK) {
        status =
            step->keeps ? keep_change(&run, row) : masters_change_remove(txn, step->id, step->kind, step->key, err);
    }
    if (status == STATUS_OK) {
        char what[160];
        bool has_secret = strcmp(step->kind, "clerks") == 0;
        snprintf(what, sizeof what, "%s %s", run.table->title, step->key);
        status = draft_log(txn, desk, step->id, step->keeps ? "masters_keep" : "masters_revert",
                           has_secret ? NULL : row->change->after_text, NULL, what, err);
    }
    edit_run_finish(&run);
    masters_book_release(desk->shelf, book);
    return status;
}

static enum status
run_decision(const struct masters_desk *desk, struct decide_step *step, struct error_detail *err)
{
    if (masters_kind(step->kind) == NULL) {
        error_set(err, "invalid_request", "マスタの種類の指定が正しくありません。");
        return STATUS_INVALID;
    }
    return draft_run(desk, decide, step, err);
}

enum status
masters_draft_revert(const struct masters_desk *desk, int64_t id, const char *kind, const char *key, int64_t seen,
                     struct error_detail *err)
{
    struct decide_step step = {.id = id, .kind = kind, .key = key, .seen = seen};
    return run_decision(desk, &step, err);
}

enum status
masters_draft_keep(const struct masters_desk *desk, int64_t id, const char *kind, const char *key, int64_t seen,
                   struct error_detail *err)
{
    struct decide_step step = {.id = id, .kind = kind, .key = key, .seen = seen, .keeps = true};
    return run_decision(desk, &step, err);
}
