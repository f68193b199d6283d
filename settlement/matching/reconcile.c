/* Read, pair, write. */
#include "settlement/matching/reconcile.h"

#include "common/clock/clock.h"
#include "settlement/matching/deposits.h"
#include "settlement/matching/fees.h"
#include "settlement/matching/outcome.h"
#include "settlement/matching/pairing.h"
#include "settlement/matching/refunds_seen.h"
#include "settlement/remittance/settling.h"

#include <stdio.h>
#include <string.h>

/* One attempt. */
struct running {
    struct store *store;
    const struct actor *actor;
    struct work *work; /* NULL: nobody watches */
    struct civil_date today;
    char today_text[CIVIL_DATE_TEXT_SIZE];
    struct matching_state state;
    struct catalogue *catalogue;
    struct agreed agreed;
    struct collected collected;
    struct pairing pairing;
    struct refunds_seen refunds;
    struct disagreements disagreements;
    struct run_row row;
};

static enum status
read_and_pair(struct running *running, struct store_txn *txn, struct error_detail *err)
{
    const char *municipality = running->actor->municipality;
    enum status status = matching_state_read(txn, municipality, &running->state, err);
    if (status == STATUS_OK) {
        status = catalogue_load(&running->catalogue, txn, municipality, err);
    }
    if (status == STATUS_OK) {
        status = agreed_init(&running->agreed, running->catalogue, err);
    }
    if (status == STATUS_OK) {
        running->collected.work = running->work;
        work_begin_step(running->work, WORK_COLLECT, 0);
        status = collect(&running->collected, txn, municipality, &running->state, err);
    }
    if (status == STATUS_OK) {
        work_begin_step(running->work, WORK_PAIR, 0);
        status = work_advance(running->work, 0, err);
    }
    if (status == STATUS_OK) {
        status = pair_collected(&running->pairing, &running->collected, txn, municipality, running->today_text, err);
    }
    if (status == STATUS_OK) {
        status = refunds_seen_find(&running->refunds, &running->collected, txn, municipality, err);
    }
    if (status == STATUS_OK) {
        status = disagreements_add_unknown(&running->disagreements, &running->collected, err);
    }
    if (status == STATUS_OK) {
        status = fees_compare(&running->collected, &running->agreed, &running->disagreements, err);
    }
    const struct open_row *rows = running->pairing.rows.elements;
    for (size_t i = 0; status == STATUS_OK && i < running->pairing.rows.count; i++) {
        bool is_our_refund =
            rows[i].line != MATCH_NONE && collected_line(&running->collected, rows[i].line)->is_our_refund;
        status = is_our_refund
                     ? STATUS_OK
                     : disagreements_add_open_row(&running->disagreements, &running->collected, &rows[i], err);
    }
    return status;
}

/* The run's row, and where the next begins. */
static enum status
write_run(struct running *running, struct store_txn *txn, struct error_detail *err)
{
    const char *municipality = running->actor->municipality;
    struct matching_state state = {.run = running->row.id, .import = running->collected.last_import};
    snprintf(state.due_day, sizeof state.due_day, "%s", running->today_text);
    enum status status = run_update(txn, &running->row, err);
    if (status == STATUS_OK) {
        status = matching_state_write(txn, municipality, &state, err);
    }
    const struct position *positions = running->collected.positions.elements;
    for (size_t i = 0; status == STATUS_OK && i < running->collected.positions.count; i++) {
        status = matching_position_set(txn, positions[i].terminal, positions[i].sequence, err);
    }
    return status;
}

static enum status
write_all(struct running *running, struct store_txn *txn, struct error_detail *err)
{
    const char *municipality = running->actor->municipality;
    struct deposits_result deposits = {0};
    work_begin_step(running->work, WORK_WRITE,
                    (int64_t)(running->pairing.pairs.count + running->disagreements.rows.count +
                              running->collected.items.count + running->collected.lines.count));
    enum status status = run_add(txn, municipality, &running->row, err);
    if (status == STATUS_OK) {
        status = deposits_settle(txn, municipality, &running->agreed, running->state.import, &running->disagreements,
                                 &deposits, err);
    }
    if (status == STATUS_OK) { /* what pays no payout may be cash that was paid in */
        status = remittance_settle_new(txn, municipality, running->catalogue, terms_book_calendar(running->agreed.book),
                                       running->state.import, err);
    }
    running->row.bank_line_count = deposits.credit_count;
    running->row.credited_count = deposits.credited_count;
    if (status == STATUS_OK) {
        status = outcome_write_pairs(txn, municipality, &running->collected, &running->pairing, &running->row, err);
    }
    if (status == STATUS_OK) {
        status = refunds_seen_write(&running->refunds, &running->collected, txn, municipality, running->row.id, err);
    }
    if (status == STATUS_OK) {
        status = outcome_write_disagreements(txn, municipality, &running->collected, &running->disagreements,
                                             &running->row, err);
    }
    if (status == STATUS_OK) {
        status = outcome_write_open(txn, municipality, &running->collected, running->today, err);
    }
    return status;
}

static enum status
write_and_commit(struct running *running, struct store_txn *txn, const struct clock_source *clock, int64_t began_ms,
                 struct error_detail *err)
{
    enum status status = write_all(running, txn, err);
    running->row.milliseconds = clock_monotonic_ms(clock) - began_ms;
    if (status == STATUS_OK) {
        status = write_run(running, txn, err);
    }
    if (status == STATUS_OK) {
        status = work_advance(running->work, 0, err); /* the last moment to stop it */
    }
    return status == STATUS_OK ? store_commit(txn, err) : status;
}

/* Read and pair from a snapshot, then write. *OUT_CROSSED: since ours read, another run has written or a file came in,
 * and ours did not: the deposits of that file would be added up now, and once more by the run that reads its lines. */
static enum status
run_beside_others(struct running *running, const struct clock_source *clock, int64_t began_ms, bool *out_crossed,
                  struct error_detail *err)
{
    struct store_txn *txn = NULL;
    struct matching_state now;
    enum status status = store_begin_read_for(running->store, running->actor->municipality, &txn, err);
    if (status == STATUS_OK) {
        status = read_and_pair(running, txn, err);
    }
    store_end(txn);
    txn = NULL;
    if (status == STATUS_OK) {
        status = store_begin_write_for(running->store, running->actor->municipality, &txn, err);
    }
    if (status == STATUS_OK) {
        status = matching_state_read(txn, running->actor->municipality, &now, err);
    }
    *out_crossed =
        status == STATUS_OK && (now.run != running->state.run || now.must_rescan != running->state.must_rescan ||
                                now.newest_import != running->state.newest_import);
    if (status == STATUS_OK && !*out_crossed) {
        status = write_and_commit(running, txn, clock, began_ms, err);
    }
    store_end(txn);
    return status;
}

/* Everything in one write transaction: cannot be crossed, but everybody who writes waits. */
static enum status
run_alone(struct running *running, const struct clock_source *clock, int64_t began_ms, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    enum status status = store_begin_write_for(running->store, running->actor->municipality, &txn, err);
    if (status == STATUS_OK) {
        status = read_and_pair(running, txn, err);
    }
    if (status == STATUS_OK) {
        status = write_and_commit(running, txn, clock, began_ms, err);
    }
    store_end(txn);
    return status;
}

static enum status
attempt(struct store *store, const struct actor *actor, const struct clock_source *clock, struct civil_date day,
        struct work *work, bool is_alone, struct run_row *out, bool *out_crossed, struct error_detail *err)
{
    int64_t now_ms = clock_now_ms(clock);
    int64_t began_ms = clock_monotonic_ms(clock);
    struct running running = {
        .store = store, .actor = actor, .work = work, .today = day, .row = {.at_ms = now_ms, .login = actor->login}};
    civil_date_format(running.today_text, running.today);
    collected_init(&running.collected, &running.agreed);
    pairing_init(&running.pairing);
    refunds_seen_init(&running.refunds);
    disagreements_init(&running.disagreements, &running.collected.arena, running.today);
    enum status status = is_alone ? run_alone(&running, clock, began_ms, err)
                                  : run_beside_others(&running, clock, began_ms, out_crossed, err);
    disagreements_finish(&running.disagreements);
    refunds_seen_finish(&running.refunds);
    pairing_finish(&running.pairing);
    collected_finish(&running.collected);
    agreed_finish(&running.agreed);
    catalogue_destroy(running.catalogue);
    if (status == STATUS_OK) {
        *out = running.row;
    }
    return status;
}

static enum status
run_on(struct store *store, const struct actor *actor, const struct clock_source *clock, struct civil_date day,
       struct work *work, struct run_row *out, struct error_detail *err)
{
    enum status status = STATUS_OK;
    bool has_crossed = true;
    for (int i = 0; status == STATUS_OK && has_crossed && i < RECONCILE_ATTEMPTS_MAX; i++) {
        has_crossed = false;
        status = attempt(store, actor, clock, day, work, /* is_alone= */ false, out, &has_crossed, err);
    }
    return status == STATUS_OK && has_crossed
               ? attempt(store, actor, clock, day, work, /* is_alone= */ true, out, &has_crossed, err)
               : status;
}

enum status
reconcile(struct store *store, const struct actor *actor, const struct clock_source *clock, struct run_row *out,
          struct error_detail *err)
{
    return reconcile_watched(store, actor, clock, NULL, out, err);
}

enum status
reconcile_watched(struct store *store, const struct actor *actor, const struct clock_source *clock, struct work *work,
                  struct run_row *out, struct error_detail *err)
{
    return run_on(store, actor, clock, civil_date_at(clock_now_ms(clock)), work, out, err);
}

enum status
reconcile_has_seen(struct store *store, const char *municipality, int64_t import, bool *out, struct error_detail *err)
{
    struct matching_state state = {0};
    struct store_txn *txn = NULL;
    enum status status = store_begin_read_for(store, municipality, &txn, err);
    if (status == STATUS_OK) {
        status = matching_state_read(txn, municipality, &state, err);
    }
    store_end(txn);
    *out = status == STATUS_OK && state.import >= import;
    return status;
}

enum status
reconcile_on(struct store *store, const struct actor *actor, const struct clock_source *clock, struct civil_date day,
             struct work *work, struct run_row *out, struct error_detail *err)
{
    char text[CIVIL_DATE_TEXT_SIZE];
    struct matching_state state = {0};
    struct store_txn *txn = NULL;
    civil_date_format(text, day);
    if (civil_date_compare(day, civil_date_at(clock_now_ms(clock))) > 0) {
        error_set(err, "day_ahead", "%sはまだ来ていません。", text);
        return STATUS_REFUSED;
    }
    enum status status = store_begin_read_for(store, actor->municipality, &txn, err);
    if (status == STATUS_OK) {
        status = matching_state_read(txn, actor->municipality, &state, err);
    }
    store_end(txn);
    if (status == STATUS_OK && strcmp(text, state.due_day) < 0) {
        error_set(err, "day_passed", "照合は%sまで済んでいます。それより前の日では照合できません。", state.due_day);
        return STATUS_REFUSED;
    }
    return status == STATUS_OK ? run_on(store, actor, clock, day, work, out, err) : status;
}

enum status
reconcile_when_day_changed(struct store *store, const char *municipality, const struct clock_source *clock,
                           bool *out_has_run, struct error_detail *err)
{
    char today[CIVIL_DATE_TEXT_SIZE];
    civil_date_format(today, civil_date_at(clock_now_ms(clock)));
    struct matching_state state;
    struct store_txn *txn = NULL;
    *out_has_run = false;
    enum status status = store_begin_read_for(store, municipality, &txn, err);
    if (status == STATUS_OK) {
        status = matching_state_read(txn, municipality, &state, err);
    }
    store_end(txn);
    if (status != STATUS_OK || strcmp(state.due_day, today) >= 0) {
        return status;
    }
    struct actor nobody = {.login = ""};
    snprintf(nobody.municipality, sizeof nobody.municipality, "%s", municipality);
    struct run_row ignored;
    status = reconcile(store, &nobody, clock, &ignored, err);
    *out_has_run = status == STATUS_OK;
    return status;
}
