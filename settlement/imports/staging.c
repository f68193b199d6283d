/* The file is walked from its first line each time, because reading costs little beside writing: lines that stand there
 * are compared by their mark and passed over. */
#include "settlement/imports/staging.h"

#include "settlement/imports/kept_file.h"
#include "settlement/imports/reading_mark.h"
#include "settlement/store/line_store.h"

#include <stdlib.h>
#include <string.h>

enum {
    READINGS_MAX = 3, /* a staging of another reading is begun anew; more than twice means two programs at odds */
    DAY_MS = 24 * 60 * 60 * 1000
};

/* One walk over the file. `txn` is open within a piece only. */
struct filling {
    struct store *store;
    const char *municipality;
    int64_t now_ms;
    struct staging_row row; /* as it stands in the store; with an open piece: as it will */
    struct store_txn *txn;
    int64_t piece_lines;
    int64_t read_lines; /* of the file, so far */
    uint64_t mark;      /* of these */
    bool is_other_reading;
    bool is_over; /* somebody ended the staging */
};

static enum status
stop(bool *why, struct error_detail *err)
{
    *why = true;
    error_set(err, "staging_stopped", "この取込は別の処理と重なりました。もう一度取り込んでください。");
    return STATUS_CONFLICT;
}

/* Begin a piece behind the lines that stand there now: somebody else may have written meanwhile. */
static enum status
begin_piece(struct filling *filling, struct error_detail *err)
{
    struct staging_row now = {0};
    enum status status = store_begin_write_for(filling->store, filling->municipality, &filling->txn, err);
    if (status == STATUS_OK) {
        status = staging_again(filling->txn, filling->row.id, &now, err);
    }
    if (status == STATUS_OK && now.id == 0) {
        status = stop(&filling->is_over, err);
    }
    if (status == STATUS_OK) {
        filling->row = now;
        filling->piece_lines = 0;
    }
    if (status != STATUS_OK || filling->row.line_count != filling->read_lines) {
        store_end(filling->txn);
        filling->txn = NULL;
    }
    return status;
}

static enum status
commit_piece(struct filling *filling, struct error_detail *err)
{
    enum status status = staging_reach(filling->txn, &filling->row, filling->now_ms, err);
    if (status == STATUS_OK) {
        status = store_commit(filling->txn, err);
    }
    store_end(filling->txn);
    filling->txn = NULL;
    return status;
}

/* The lines behind READ_LINES go in, unless they stand there. */
static enum status
fill(const struct statement_line *statements, const struct bank_line *banks, size_t count, void *context,
     struct error_detail *err)
{
    struct filling *filling = context;
    uint64_t mark = reading_mark_add(filling->mark, statements, banks, count);
    int64_t reached = filling->read_lines + (int64_t)count;
    enum status status = STATUS_OK;
    if (filling->txn == NULL && reached > filling->row.line_count) {
        status = begin_piece(filling, err);
    }
    if (status == STATUS_OK && filling->txn == NULL) {
        /* They stand there. Pieces end where batches end: whoever ends elsewhere read otherwise. */
        bool is_other =
            reached > filling->row.line_count || (reached == filling->row.line_count && mark != filling->row.mark);
        status = is_other ? stop(&filling->is_other_reading, err) : STATUS_OK;
    } else if (status == STATUS_OK) {
        status = statements != NULL ? staging_add_statement_lines(filling->txn, filling->row.id, statements, count, err)
                                    : staging_add_bank_lines(filling->txn, filling->row.id, banks, count, err);
        filling->row.line_count = reached;
        filling->row.mark = mark;
        filling->piece_lines += (int64_t)count;
        if (status == STATUS_OK && filling->piece_lines >= STAGING_PIECE_LINES) {
            status = commit_piece(filling, err);
        }
    }
    filling->read_lines = reached;
    filling->mark = mark;
    return status;
}

/* Find the open staging of KEY or begin one, with the bytes of FILE kept. With AFRESH an open one is ended first. */
static enum status
open_staging(struct store *store, const struct staging_key *key, const struct walked_file *file, bool afresh,
             int64_t now_ms, struct staging_row *out, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    int64_t kept = 0;
    enum status status = store_begin_write_for(store, key->municipality, &txn, err);
    if (status == STATUS_OK) {
        status = staging_find(txn, key, out, err);
    }
    if (status == STATUS_OK && afresh && out->id != 0) {
        status = staging_end(txn, out->id, err);
        out->id = 0;
    }
    if (status == STATUS_OK && out->id == 0) {
        *out = (struct staging_row){.mark = reading_mark_of_nothing()};
        status = staging_begin(txn, key, out->mark, now_ms, &out->id, err);
    }
    if (status == STATUS_OK) {
        status = file_length(txn, key->municipality, key->sha256, &kept, err);
    }
    if (status == STATUS_OK && kept != (int64_t)file->length) {
        status = file_keep(txn, key->municipality, key->sha256, file, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

static enum status
walk_and_fill(struct filling *filling, const struct walked_file *file, int64_t line_count, struct error_detail *err)
{
    work_begin_step(file->work, WORK_STORE, line_count);
    enum status status = file_walk(file, WALK_COUNTS_LINES, walk_pass_over_fault, NULL, fill, filling, NULL, err);
    if (status == STATUS_OK && filling->txn != NULL) {
        status = commit_piece(filling, err);
    }
    store_end(filling->txn);
    filling->txn = NULL;
    if (status == STATUS_OK && (filling->read_lines != line_count || filling->row.line_count != line_count)) {
        error_set(err, "file_changed",
                  "読んでいる間にファイルが書き換えられました。書き終わってから取り込んでください。");
        return STATUS_CONFLICT;
    }
    return status;
}

enum status
staging_fill(struct store *store, const struct staging_key *key, const struct walked_file *file, int64_t line_count,
             int64_t now_ms, struct staged *out, struct error_detail *err)
{
    struct filling filling = {0};
    enum status status = STATUS_CONFLICT;
    *out = (struct staged){0};
    for (int reading = 0; reading == 0 || (filling.is_other_reading && reading < READINGS_MAX); reading++) {
        filling = (struct filling){
            .store = store, .municipality = key->municipality, .now_ms = now_ms, .mark = reading_mark_of_nothing()};
        status = open_staging(store, key, file, reading > 0, now_ms, &filling.row, err);
        if (status != STATUS_OK) {
            return status;
        }
        out->resumed_from = filling.row.line_count;
        status = walk_and_fill(&filling, file, line_count, err);
    }
    if (filling.is_over) {
        *out = (struct staged){0};
        return STATUS_OK;
    }
    out->id = filling.row.id;
    out->line_count = filling.row.line_count;
    out->mark = filling.row.mark;
    return status;
}

enum status
staging_is_whole(struct store_txn *txn, const struct staged *staged, bool *out, struct error_detail *err)
{
    struct staging_row now = {0};
    enum status status = staged->id != 0 ? staging_again(txn, staged->id, &now, err) : STATUS_OK;
    *out = now.id != 0 && now.line_count == staged->line_count && now.mark == staged->mark;
    return status;
}

enum status
staging_take_over(struct store_txn *txn, const struct staged *staged, int64_t import, struct work *work,
                  struct error_detail *err)
{
    int64_t last = 0;
    int64_t taken = 0;
    enum status status = staging_last_line(txn, staged->id, &last, err);
    work_begin_step(work, WORK_TAKE_OVER, last);
    for (int64_t after = 0; status == STATUS_OK && after < last; after += STAGING_PIECE_LINES) {
        int64_t to = last - after < STAGING_PIECE_LINES ? last : after + STAGING_PIECE_LINES;
        int64_t lines = 0;
        status = staging_take_over_piece(txn, staged->id, import, after, to, &lines, err);
        taken += lines;
        if (status == STATUS_OK) {
            status = work_advance(work, to - after, err);
        }
    }
    if (status == STATUS_OK && taken != staged->line_count) {
        error_set(err, "staged_lines_missing",
                  "書き込んだ行の数が合いません(%lld行のはずが%lld行)。もう一度取り込んでください。",
                  (long long)staged->line_count, (long long)taken);
        return STATUS_CORRUPT;
    }
    return status;
}

static enum status
sweep_piece(struct store *store, const char *municipality, int64_t before_ms, bool *out_more, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    enum status status = store_begin_write_for(store, municipality, &txn, err);
    if (status == STATUS_OK) {
        status = staging_end_old(txn, municipality, before_ms, err);
    }
    if (status == STATUS_OK) {
        status = staging_remove_piece(txn, municipality, STAGING_PIECE_LINES, out_more, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

enum status
staging_sweep(struct store *store, const char *municipality, int64_t now_ms, struct error_detail *err)
{
    bool more = true;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && more) {
        status = sweep_piece(store, municipality, now_ms - (int64_t)STAGING_KEPT_DAYS * DAY_MS, &more, err);
    }
    return status;
}
