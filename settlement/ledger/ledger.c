/* Batches of lines. */
#include "settlement/ledger/ledger.h"

#include "settlement/ledger/apply.h"
#include "settlement/store/journal_store.h"

#include <stdio.h>
#include <string.h>

enum {
    BATCH_LINES = 500 /* some hundredths of a second: how long uploads wait for the ledger at most */
};

/* What stays the same over a batch. */
struct batch {
    struct store_txn *txn;
    struct buffer lines;
    struct ledger_advance *advance;
    struct work *work; /* NULL: nobody watches */
    struct error_detail *err;
};

static enum status
park(struct batch *batch, const struct journal_line *line, const struct ledger_terminal *till,
     const struct error_detail *why)
{
    char business_date[CIVIL_DATE_TEXT_SIZE];
    struct parked_line parked = {
        .terminal = till->terminal,
        .sequence = line->sequence,
        .municipality = till->municipality,
        .business_date = civil_date_format(business_date, line->business_date),
        .kind = line->kind,
        .code = why->code,
        .reason = why->message,
    };
    batch->advance->parked++;
    return parked_line_put(batch->txn, &parked, batch->err);
}

/* Whether a failure is the line's own, and not the disk's or the machine's. */
static bool
is_of_the_line(enum status status)
{
    return status == STATUS_INVALID || status == STATUS_REFUSED || status == STATUS_CONFLICT ||
           status == STATUS_OVERFLOW;
}

/* Read and apply one line; park it when that is impossible. */
static enum status
interpret(struct batch *batch, const struct journal_line *line, struct ledger_terminal *till)
{
    struct error_detail why;
    struct effect effect;
    enum status status = effect_read(&effect, line, &why);
    if (status != STATUS_OK) {
        if (is_of_the_line(status)) {
            return park(batch, line, till, &why);
        }
        *batch->err = why;
        return status;
    }
    if (effect.kind == EFFECT_NONE) {
        effect_finish(&effect);
        return STATUS_OK;
    }
    struct ledger_terminal before = *till;
    enum status applied = STATUS_OK;
    status = store_mark(batch->txn, batch->err);
    if (status == STATUS_OK) {
        applied = ledger_apply(batch->txn, &effect, line, till, &why);
        status =
            applied == STATUS_OK ? store_mark_keep(batch->txn, batch->err) : store_mark_undo(batch->txn, batch->err);
    }
    effect_finish(&effect);
    if (status != STATUS_OK || applied == STATUS_OK) {
        return status;
    }
    *till = before;
    if (is_of_the_line(applied)) {
        return park(batch, line, till, &why);
    }
    *batch->err = why;
    return applied;
}

static enum status
interpret_run(struct batch *batch, const struct journal_run *run)
{
    struct ledger_terminal till;
    enum status status = ledger_terminal_find(batch->txn, run->terminal, &till, batch->err);
    struct line_cursor cursor = {.at = run->lines, .end = run->lines + run->length};
    const char *bytes;
    size_t length;
    while (status == STATUS_OK && line_cursor_next(&cursor, &bytes, &length)) {
        struct journal_line line;
        status = journal_line_read(&line, bytes, length, batch->err);
        if (status != STATUS_OK) {
            /* Intake read it before it was stored: the database is damaged. The audit says where. */
            error_prefix(batch->err, "%s, behind line %lld: ", run->terminal, (long long)till.sequence);
            return STATUS_CORRUPT;
        }
        status = interpret(batch, &line, &till);
        till.sequence = line.sequence;
        civil_date_format(till.business_date, line.business_date);
        batch->advance->lines++;
    }
    return status == STATUS_OK ? ledger_terminal_put(batch->txn, &till, batch->err) : status;
}

/* Interpret runs from where the ledger stands, at least LINES_WANTED lines when so many wait. */
static enum status
interpret_runs(struct batch *batch, int64_t lines_wanted)
{
    int64_t arrival;
    enum status status = ledger_progress(batch->txn, &arrival, batch->err);
    bool found = true;
    while (status == STATUS_OK && batch->advance->lines < lines_wanted) {
        struct journal_run run;
        status = journal_next_run(batch->txn, arrival, &run, &batch->lines, &found, batch->err);
        if (status != STATUS_OK || !found) {
            break;
        }
        int64_t lines_before = batch->advance->lines;
        status = interpret_run(batch, &run);
        arrival = run.arrival;
        if (status == STATUS_OK) {
            status = work_advance(batch->work, batch->advance->lines - lines_before, batch->err);
        }
    }
    batch->advance->is_at_end = !found;
    return status == STATUS_OK ? ledger_set_progress(batch->txn, arrival, batch->err) : status;
}

static enum status
run_batch(struct store *store, bool from_the_beginning, int64_t lines_wanted, struct work *work,
          struct ledger_advance *out, struct error_detail *err)
{
    struct ledger_advance advance = {0};
    struct batch batch = {.advance = &advance, .work = work, .err = err};
    buffer_init(&batch.lines, JOURNAL_RUN_MAX_BYTES);
    enum status status = store_begin_write(store, &batch.txn, err);
    if (status == STATUS_OK && from_the_beginning) {
        int64_t line_count = 0;
        status = journal_line_count(batch.txn, &line_count, err);
        work_begin_step(work, WORK_INTERPRET, line_count);
    }
    if (status == STATUS_OK && from_the_beginning) {
        status = ledger_empty(batch.txn, err);
    }
    if (status == STATUS_OK) {
        status = interpret_runs(&batch, lines_wanted);
    }
    if (status == STATUS_OK) {
        status = work_advance(work, 0, err); /* the last moment to stop it */
    }
    if (status == STATUS_OK) {
        status = store_commit(batch.txn, err);
    }
    store_end(batch.txn);
    buffer_finish(&batch.lines);
    if (status == STATUS_OK) {
        *out = advance;
    }
    return status;
}

enum status
ledger_advance(struct store *store, struct ledger_advance *out, struct error_detail *err)
{
    return run_batch(store, /* from_the_beginning */ false, BATCH_LINES, NULL, out, err);
}

enum status
ledger_catch_up(struct store *store, struct ledger_advance *out, struct error_detail *err)
{
    struct ledger_advance sum = {0};
    while (!sum.is_at_end) {
        struct ledger_advance advance;
        enum status status = ledger_advance(store, &advance, err);
        if (status != STATUS_OK) {
            return status;
        }
        sum.lines += advance.lines;
        sum.parked += advance.parked;
        sum.is_at_end = advance.is_at_end;
    }
    *out = sum;
    return STATUS_OK;
}

enum status
ledger_rebuild(struct store *store, struct ledger_advance *out, struct error_detail *err)
{
    return ledger_rebuild_watched(store, NULL, out, err);
}

enum status
ledger_rebuild_watched(struct store *store, struct work *work, struct ledger_advance *out, struct error_detail *err)
{
    return run_batch(store, /* from_the_beginning */ true, INT64_MAX, work, out, err);
}
