/* The resolver: the thread that finds out what became of payments and reversals whose answer did not come.
 *
 * Every few seconds it takes what is open (started without a runner, unknown, in doubt; reversals and refunds that are
 * not answered), inquires first, cancels second, and hands what it learns to payment_settle, reversal_settle and
 * network_refund_settle. It never charges.
 *
 *   inquiry says        wanted                      abandoned by the clerk
 *   approved            record the sale             cancel (give it back)
 *   not found           cancel, so that a request still on its way is refused; then not charged
 *   pending             wait                        cancel
 *   in doubt            by the brand's rule: wait for the card's touch, or (run again) cancel
 *   declined, reversed  record                      record
 *   no answer           ask again                   ask again
 */
#include "pos/payment/brand_timing.h"
#include "pos/till/masters_keeping.h"
#include "pos/till/refunds.h"

#include "common/log/log.h"

#include <stdio.h>
#include <string.h>

enum {
    OPEN_MAX = 64,            /* looked at in one round; more wait for the next */
    EAGER_MS = 2 * 60 * 1000, /* the citizen is still there: ask in every round */
    LOOK_INTERVAL_MS = 5000,  /* between looks whether gateway and terminal can be reached */
    PATIENT_ROUNDS = 10       /* afterwards: in every tenth */
};

struct open_payment {
    struct payment_row row;
    bool must_end; /* our code is to be taken away */
};

struct open_reversal {
    char reversal[IDENTITY_TEXT_SIZE];
    struct payment_row row;
};

/* What was last heard of payments whose network has a rhythm of its own. Of the resolver's thread. */
struct heard {
    char payment[IDENTITY_TEXT_SIZE];
    int64_t heard_ms;
    enum payment_result result;
};

static _Thread_local struct heard heard[OPEN_MAX];
static _Thread_local size_t heard_next;

static struct heard *
heard_of(const char *payment)
{
    for (size_t i = 0; i < OPEN_MAX; i++) {
        if (strcmp(heard[i].payment, payment) == 0) {
            return &heard[i];
        }
    }
    return NULL;
}

/* The oldest makes room: it is then asked about once more than its network likes, which does no harm. */
static void
note_heard(const char *payment, enum payment_result result, int64_t now_ms)
{
    struct heard *note = heard_of(payment);
    if (note == NULL) {
        note = &heard[heard_next];
        heard_next = (heard_next + 1) % OPEN_MAX;
    }
    *note = (struct heard){.heard_ms = now_ms, .result = result};
    snprintf(note->payment, sizeof note->payment, "%s", payment);
}

static const struct brand_timing *
timing_of(const struct till *till, const struct payment_row *row)
{
    struct payment_reference reference;
    struct payment_channel *channel = channel_of(till, row->method, true);
    payment_refer(row, &reference);
    return channel != NULL ? payment_channel_timing(channel, &reference) : NULL;
}

static enum timing_action
action_now(const struct till *till, const struct brand_timing *timing, const struct payment_row *row)
{
    const struct heard *note = heard_of(row->payment);
    const struct timing_facts facts = {
        .now_ms = till_now_ms(till),
        .started_ms = row->started_ms,
        .heard_ms = note != NULL ? note->heard_ms : 0,
        .heard = note != NULL ? note->result : PAYMENT_UNKNOWN,
        .is_unwanted = row->is_abandoned,
    };
    return brand_timing_decide(timing, &facts).action;
}

static bool
is_due(const struct till *till, int64_t started_ms, int64_t round)
{
    int64_t age_ms = till_now_ms(till) - started_ms;
    return (age_ms >= 0 && age_ms < EAGER_MS) || round % PATIENT_ROUNDS == 0;
}

/* A network with a rhythm of its own is asked by that; the others in every round while the citizen is there, and more
 * rarely afterwards. What the network said is over and the till could not record is asked about again. */
static bool
is_due_payment(const struct till *till, const struct payment_row *row, int64_t round)
{
    const struct brand_timing *timing = timing_of(till, row);
    if (timing == NULL) {
        return is_due(till, row->started_ms, round);
    }
    if (presented_must_end(till, row)) {
        return true;
    }
    const enum timing_action action = action_now(till, timing, row);
    return action == TIMING_INQUIRE || (action != TIMING_WAIT && round % PATIENT_ROUNDS == 0);
}

/* Under the lock: the payments to look at in this round. */
static size_t
list_payments(struct till *till, int64_t round, struct open_payment *out)
{
    char ids[OPEN_MAX][IDENTITY_TEXT_SIZE];
    size_t id_count = 0;
    size_t count = 0;
    struct statement *row;
    struct error_detail err;
    bool has_row = false;
    enum status status = database_statement(
        till->db,
        "SELECT payment FROM (SELECT payment, sequence FROM payment WHERE state IN ('started', 'unknown', 'in_doubt')"
        " UNION ALL SELECT payment, sequence FROM payment WHERE doubt_rule = 'counts_as_sale' AND doubt_end IS NULL"
        " AND state = 'approved') ORDER BY sequence DESC",
        &row, &err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, &err)) == STATUS_OK && has_row) {
        snprintf(ids[id_count++], IDENTITY_TEXT_SIZE, "%s", statement_column_text(row, 0));
        if (id_count == OPEN_MAX) {
            statement_reset(row);
            break;
        }
    }
    for (size_t i = 0; i < id_count && status == STATUS_OK; i++) {
        bool is_running = strcmp(ids[i], till->running) == 0;
        status = payment_load(till, ids[i], &out[count].row, &err);
        out[count].must_end = status == STATUS_OK && presented_must_end(till, &out[count].row);
        if (status == STATUS_OK && !is_running && is_due_payment(till, &out[count].row, round)) {
            count++;
        }
    }
    if (status != STATUS_OK) {
        log_failure(LOG_LEVEL_ERROR, "till", "listing open payments", status, &err);
    }
    return count;
}

static size_t
list_reversals(struct till *till, struct open_reversal *out)
{
    size_t count = 0;
    struct statement *row;
    struct error_detail err;
    bool has_row = false;
    enum status status = database_statement(
        till->db, "SELECT reversal, payment FROM reversal WHERE state IN ('started', 'unknown') LIMIT 64", &row, &err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, &err)) == STATUS_OK && has_row) {
        struct open_reversal *reversal = &out[count++];
        snprintf(reversal->reversal, sizeof reversal->reversal, "%s", statement_column_text(row, 0));
        snprintf(reversal->row.payment, sizeof reversal->row.payment, "%s", statement_column_text(row, 1));
        if (count == OPEN_MAX) {
            statement_reset(row);
            break;
        }
    }
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        char payment[IDENTITY_TEXT_SIZE];
        memcpy(payment, out[i].row.payment, sizeof payment);
        status = payment_load(till, payment, &out[i].row, &err);
    }
    if (status != STATUS_OK) {
        log_failure(LOG_LEVEL_ERROR, "till", "listing open reversals", status, &err);
        return 0;
    }
    return count;
}

/* Run one channel operation without the till's lock. False when the terminal is busy with a citizen: another time. */
static bool
ask(struct till *till, const struct payment_row *row, bool is_cancel, struct payment_answer *out)
{
    struct payment_reference payment;
    struct payment_channel *channel = channel_of(till, row->method, true);
    bool uses_terminal = row->method != METHOD_QR;
    payment_refer(row, &payment);
    if (channel == NULL || (uses_terminal && pthread_mutex_trylock(&till->terminal_lock) != 0)) {
        return false;
    }
    (is_cancel ? channel->operations->cancel : channel->operations->inquire)(channel, &payment, out);
    if (uses_terminal) {
        pthread_mutex_unlock(&till->terminal_lock);
    }
    return true;
}

static bool
must_cancel(const struct payment_row *row, enum payment_result result)
{
    bool is_run_again = strcmp(row->doubt_rule, doubt_rule_word(DOUBT_RUN_AGAIN)) == 0;
    if (row->is_doubtful) {
        return false; /* a sale: whoever wants it undone voids it */
    }
    return (result == PAYMENT_IN_DOUBT && is_run_again) || result == PAYMENT_NOT_FOUND ||
           (row->is_abandoned && (result == PAYMENT_APPROVED || result == PAYMENT_PENDING));
}

/* After an inquiry that said RESULT: whether the payment is to be cancelled now. Where the network has a rhythm, a
 * payment that is pending beyond its time is cancelled too, and none before its time. */
static bool
must_cancel_now(const struct till *till, const struct open_payment *open, enum payment_result result)
{
    const struct payment_row *row = &open->row;
    if (open->must_end && (result == PAYMENT_PENDING || result == PAYMENT_NOT_FOUND)) {
        return true;
    }
    const struct brand_timing *timing = timing_of(till, row);
    if (timing == NULL || row->is_doubtful) {
        return must_cancel(row, result);
    }
    note_heard(row->payment, result, till_now_ms(till));
    const enum timing_action action = action_now(till, timing, row);
    /* Too late to cancel: the network says so itself, and the payment is held for a refund. */
    return action == TIMING_CANCEL || action == TIMING_REFUND;
}

static void
resolve_payment(struct till *till, const struct open_payment *open)
{
    const struct payment_row *row = &open->row;
    struct payment_answer answer;
    struct error_detail err;
    const char *how = strcmp(row->state, "in_doubt") == 0 || row->is_doubtful ? "touch" : "inquiry";
    if (!ask(till, row, false, &answer)) {
        return;
    }
    /* An answer that nobody can read must not keep money that nobody wants: a cancel is safe to repeat. */
    bool is_unreadable = answer.result == PAYMENT_UNKNOWN && strcmp(answer.cause, "garbled_answer") == 0;
    if (must_cancel_now(till, open, answer.result) || (row->is_abandoned && is_unreadable)) {
        how = "cancel";
        if (!ask(till, row, true, &answer)) {
            return;
        }
        note_heard(row->payment, answer.result, till_now_ms(till));
    }
    till_lock(till);
    enum status status = payment_settle(till, row->payment, &answer, how, &err);
    payment_settle_touch(till, &answer.earlier);
    till_unlock(till, true);
    if (status != STATUS_OK) {
        log_failure(LOG_LEVEL_ERROR, row->payment, "recording what the inquiry said", status, &err);
    }
}

static void
resolve_reversal(struct till *till, const struct open_reversal *reversal)
{
    struct payment_answer answer;
    struct error_detail err;
    if (!ask(till, &reversal->row, true, &answer)) {
        return;
    }
    till_lock(till);
    enum status status = reversal_settle(till, reversal->reversal, &answer, &err);
    till_unlock(till, true);
    if (status != STATUS_OK) {
        log_failure(LOG_LEVEL_ERROR, reversal->reversal, "recording what the reversal said", status, &err);
    }
}

/* A refund is asked for, and asked about, by the same request under its own reference. */
static void
resolve_refund(struct till *till, const struct network_refund_state *run)
{
    struct payment_row row;
    struct payment_reference payment;
    struct payment_answer answer;
    struct error_detail err;
    till_lock(till);
    enum status status = payment_load(till, run->payment, &row, &err);
    till_unlock(till, false);
    if (status != STATUS_OK) {
        log_failure(LOG_LEVEL_ERROR, run->refund, "reading the payment of a refund", status, &err);
        return;
    }
    struct payment_channel *channel = channel_of(till, row.method, true);
    const bool uses_terminal = row.method != METHOD_QR;
    struct payment_refund refund = {.amount_yen = run->amount_yen, .reason = ""};
    memcpy(refund.refund, run->refund, sizeof refund.refund);
    payment_refer(&row, &payment);
    if (channel == NULL || (uses_terminal && pthread_mutex_trylock(&till->terminal_lock) != 0)) {
        return;
    }
    payment_channel_refund(channel, &payment, &refund, &answer);
    if (uses_terminal) {
        pthread_mutex_unlock(&till->terminal_lock);
    }
    till_lock(till);
    status = network_refund_settle(till, run->refund, &answer, &err);
    till_unlock(till, true);
    if (status != STATUS_OK) {
        log_failure(LOG_LEVEL_ERROR, run->refund, "recording what the refund said", status, &err);
    }
}

static void
show_channel(struct till *till, struct reported_state *state, bool is_ready, const char *reason)
{
    till_lock(till);
    const char *word = is_ready ? "ready" : "offline";
    bool has_changed = strcmp(state->word, word) != 0 || strcmp(state->message, reason) != 0;
    snprintf(state->word, sizeof state->word, "%s", word);
    snprintf(state->message, sizeof state->message, "%s", reason);
    till_unlock(till, has_changed);
}

/* Look whether gateway and terminal can be reached, so that the clerk knows before a citizen pays. A terminal that
 * serves a citizen is not asked. */
static void
look_at_channels(struct till *till)
{
    char reason[REASON_SIZE];
    if (till->qr_background != NULL) {
        bool is_ready = till->qr_background->operations->check(till->qr_background, reason);
        show_channel(till, &till->gateway_state, is_ready, reason);
    }
    if (till->terminal_channel != NULL && pthread_mutex_trylock(&till->terminal_lock) == 0) {
        bool is_ready = till->terminal_channel->operations->check(till->terminal_channel, reason);
        pthread_mutex_unlock(&till->terminal_lock);
        show_channel(till, &till->terminal_state, is_ready, reason);
    }
}

static void
wait_for_round(struct till *till)
{
    struct timespec until = clock_deadline_after(till->inquiry_interval_ms);
    if (!till->is_stopping) {
        pthread_cond_timedwait(&till->work_changed, &till->lock, &until);
    }
}

/* Under the lock: true once when the business date has become another: other items are sold, at other prices. */
static bool
note_business_date(struct till *till)
{
    struct civil_date today = till_business_date(till);
    bool is_another = civil_date_compare(today, till->noted_date) != 0;
    till->noted_date = today;
    return is_another;
}

void *
resolver_main(void *context)
{
    struct till *till = context;
    static _Thread_local struct open_payment payments[OPEN_MAX];
    static _Thread_local struct open_reversal reversals[OPEN_MAX];
    static _Thread_local struct network_refund_state refunds[NETWORK_REFUNDS_MAX];
    int64_t round = 0;
    int64_t looked_ms = till_monotonic_ms(till) - LOOK_INTERVAL_MS;
    till_lock(till);
    while (!till->is_stopping) {
        bool has_changed = payment_tick(till);
        has_changed = lock_tick(till) || has_changed;
        has_changed = note_business_date(till) || has_changed;
        size_t payment_count = list_payments(till, round, payments);
        size_t reversal_count = list_reversals(till, reversals);
        size_t refund_count = network_refunds_list(till, refunds, NETWORK_REFUNDS_MAX);
        till_unlock(till, has_changed);
        for (size_t i = 0; i < reversal_count; i++) {
            resolve_reversal(till, &reversals[i]);
        }
        for (size_t i = 0; i < refund_count; i++) {
            if (is_due(till, refunds[i].started_ms, round)) {
                resolve_refund(till, &refunds[i]);
            }
        }
        for (size_t i = 0; i < payment_count; i++) {
            resolve_payment(till, &payments[i]);
        }
        look_after_masters(till);
        if (till_monotonic_ms(till) - looked_ms >= LOOK_INTERVAL_MS) {
            look_at_channels(till);
            looked_ms = till_monotonic_ms(till);
        }
        till_lock(till);
        wait_for_round(till);
        round++;
    }
    till_unlock(till, false);
    return NULL;
}
