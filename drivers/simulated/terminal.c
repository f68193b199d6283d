/* A payment terminal with its centre inside. How a sale goes is decided by a table of amounts, so that a trainee can
 * meet every ending on purpose; what it remembers makes queries, reversals and repeats behave as they must. */
#include "drivers/monitor/monitor.h"
#include "drivers/payment_terminal/brand_operations.h"
#include "drivers/payment_terminal/payment_terminal_driver.h"
#include "drivers/simulated/control.h"
#include "drivers/simulated/terminal_book.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    PROCESSING_MAX_MS = 10000 /* a longer pause teaches nothing */
};

struct simulated_terminal {
    struct payment_terminal base;
    struct clock_source clock;
    struct monitor monitor; /* guards all below */
    struct simulated_terminal_condition condition;
    struct terminal_book books[2]; /* live, training: what was practised shows in no log */
    enum simulated_sale next;
    bool has_next;
    bool is_running; /* a sale waits in another thread … */
    bool is_aborted; /* … and was asked to stop */
};

static const struct payment_terminal_driver driver;

static struct simulated_terminal *
simulated(struct payment_terminal *terminal)
{
    assert(terminal->driver == &driver);
    return (struct simulated_terminal *)terminal;
}

static struct terminal_book *
book_of(struct simulated_terminal *self)
{
    return &self->books[self->base.is_training ? 1 : 0];
}

static void
finish(struct terminal_answer *out, enum terminal_result result, struct error_detail *err)
{
    terminal_answer_reset(out, result);
    terminal_result_explain(result, err);
}

static enum simulated_sale
choose(struct simulated_terminal *self, const struct terminal_request *request)
{
    if (self->has_next) {
        self->has_next = false;
        return self->next;
    }
    return simulated_sale_of(request);
}

/* Pause for PAUSE_MS, but not beyond the caller's DEADLINE_MS; false when it was aborted or the deadline came first. */
static bool
pause_sale(struct simulated_terminal *self, int64_t pause_ms, int64_t deadline_ms)
{
    const int64_t until_ms = monitor_now_ms() + pause_ms;
    const int64_t limit_ms = until_ms < deadline_ms ? until_ms : deadline_ms;
    self->is_running = true;
    self->is_aborted = false;
    while (!self->is_aborted && monitor_now_ms() < limit_ms) {
        (void)monitor_wait(&self->monitor, limit_ms);
    }
    self->is_running = false;
    return !self->is_aborted && until_ms <= deadline_ms;
}

static void
end_free(struct book_entry *entry, enum terminal_result result, struct terminal_answer *out, struct error_detail *err)
{
    finish(out, result, err);
    if (result == TERMINAL_CENTER_ERROR) {
        memcpy(out->center_result_code, "G12", sizeof "G12");
    } else if (result == TERMINAL_DEFICIENT) {
        out->balance_yen = 120;
    }
    entry->state = SALE_FREE;
    entry->answer = *out;
}

/* SALE's ending for ENTRY, which is new. */
static void
play(struct simulated_terminal *self, struct book_entry *entry, enum simulated_sale sale, struct terminal_answer *out,
     struct error_detail *err)
{
    const int64_t now_ms = clock_now_ms(&self->clock);
    switch (sale) {
    case SIMULATED_SALE_APPROVED:
        terminal_book_charge(book_of(self), entry, now_ms);
        *out = entry->answer;
        terminal_book_touch_brand(book_of(self), entry->brand, &out->earlier);
        break;
    case SIMULATED_SALE_IN_DOUBT_CHARGED:
    case SIMULATED_SALE_IN_DOUBT_FREE:
        terminal_book_charge(book_of(self), entry, now_ms);
        entry->state = SALE_IN_DOUBT;
        entry->truth_is_charged = sale == SIMULATED_SALE_IN_DOUBT_CHARGED;
        terminal_book_answer(entry, out);
        terminal_result_explain(TERMINAL_IN_DOUBT, err);
        break;
    case SIMULATED_SALE_LOST_CHARGED:
        terminal_book_charge(book_of(self), entry, now_ms);
        finish(out, TERMINAL_UNKNOWN, err);
        break;
    case SIMULATED_SALE_LOST_FREE: /* it never reached the terminal, so the terminal knows nothing */
    case SIMULATED_SALE_BUSY:      /* nor does it remember what it had no time for */
        terminal_book_forget_last(book_of(self));
        finish(out, simulated_sale_result(sale), err);
        break;
    case SIMULATED_SALE_CENTER_ERROR:
    case SIMULATED_SALE_COMMUNICATION_ERROR:
    case SIMULATED_SALE_DEFICIENT:
    case SIMULATED_SALE_NO_CARD:
    case SIMULATED_SALE_CANCELLED:
    case SIMULATED_SALE_NOT_ALLOWED:
    case SIMULATED_SALE_WAITS:
        end_free(entry, simulated_sale_result(sale), out, err);
        break;
    }
}

static void
sell(struct simulated_terminal *self, const struct terminal_request *request, int64_t deadline_ms,
     struct terminal_answer *out, struct error_detail *err)
{
    struct book_entry *entry = terminal_book_find(book_of(self), request->reference);
    if (entry != NULL) {
        terminal_book_answer(entry, out);
        terminal_result_explain(out->result, err);
        return;
    }
    entry = terminal_book_add(book_of(self), request->reference);
    if (entry == NULL) {
        finish(out, TERMINAL_COMMUNICATION_ERROR, err);
        return;
    }
    entry->amount_yen = request->amount_yen;
    entry->media = request->media;
    memcpy(entry->brand, request->brand, sizeof entry->brand);

    const enum simulated_sale sale = choose(self, request);
    if (sale == SIMULATED_SALE_WAITS) {
        (void)pause_sale(self, deadline_ms - monitor_now_ms(), deadline_ms);
        /* Nobody held a card: the terminal gives up by itself and says so to the next query. */
        end_free(entry, self->is_aborted ? TERMINAL_CANCELLED : TERMINAL_NO_CARD, out, err);
        if (!self->is_aborted) {
            finish(out, TERMINAL_UNKNOWN, err);
        }
        return;
    }
    if (self->condition.processing_ms > 0 && !pause_sale(self, self->condition.processing_ms, deadline_ms)) {
        end_free(entry, TERMINAL_CANCELLED, out, err);
        if (!self->is_aborted) {
            finish(out, TERMINAL_UNKNOWN, err);
        }
        return;
    }
    play(self, entry, self->condition.center_is_unreachable ? SIMULATED_SALE_COMMUNICATION_ERROR : sale, out, err);
}

static void
sale(struct payment_terminal *terminal, const struct terminal_request *request, unsigned timeout_ms,
     struct terminal_answer *out, struct error_detail *err)
{
    struct simulated_terminal *self = simulated(terminal);
    const int64_t deadline_ms = monitor_now_ms() + timeout_ms;
    monitor_lock(&self->monitor);
    if (self->condition.has_vanished) {
        finish(out, TERMINAL_COMMUNICATION_ERROR, err);
    } else {
        sell(self, request, deadline_ms, out, err);
    }
    out->is_training = terminal->is_training; /* it never moves anything; in training it says so */
    monitor_unlock(&self->monitor);
}

static void
take_back(struct simulated_terminal *self, const char *reference, struct terminal_answer *out, struct error_detail *err)
{
    struct book_entry *entry = terminal_book_find(book_of(self), reference);
    if (entry == NULL) {
        entry = terminal_book_add(book_of(self), reference);
        if (entry == NULL) {
            finish(out, TERMINAL_UNKNOWN, err);
            return;
        }
        entry->state = SALE_REFUSED;
    }
    if (entry->state == SALE_IN_DOUBT && brand_operations_of(entry->brand)->runs_again) {
        terminal_book_resolve(entry);
    }
    switch (entry->state) {
    case SALE_REFUSED:
    case SALE_FREE:
        finish(out, TERMINAL_NOT_FOUND, err);
        break;
    case SALE_RUNNING:
        finish(out, TERMINAL_BUSY, err);
        break;
    case SALE_IN_DOUBT: /* nobody knows whether there is anything to give back */
        finish(out, TERMINAL_IN_DOUBT, err);
        break;
    case SALE_CHARGED:
        if (!brand_operations_of(entry->brand)->can_void || entry->refunded_yen > 0) {
            finish(out, TERMINAL_NOT_ALLOWED, err);
            break;
        }
        entry->state = SALE_REVERSED;
        *out = entry->answer;
        break;
    case SALE_REVERSED:
        *out = entry->answer;
        break;
    case SALE_REFUND: /* what went back stays there */
        finish(out, TERMINAL_NOT_ALLOWED, err);
        break;
    }
}

static void
reverse(struct payment_terminal *terminal, const char *reference, unsigned timeout_ms, struct terminal_answer *out,
        struct error_detail *err)
{
    (void)timeout_ms;
    struct simulated_terminal *self = simulated(terminal);
    monitor_lock(&self->monitor);
    if (self->condition.has_vanished || self->condition.center_is_unreachable) {
        finish(out, TERMINAL_COMMUNICATION_ERROR, err);
    } else {
        take_back(self, reference, out, err);
    }
    out->is_training = terminal->is_training;
    monitor_unlock(&self->monitor);
}

static void
query(struct payment_terminal *terminal, const char *reference, unsigned timeout_ms, struct terminal_answer *out,
      struct error_detail *err)
{
    (void)timeout_ms;
    struct simulated_terminal *self = simulated(terminal);
    monitor_lock(&self->monitor);
    if (self->condition.has_vanished) {
        finish(out, TERMINAL_UNKNOWN, err);
    } else {
        terminal_book_answer(terminal_book_find(book_of(self), reference), out);
        terminal_result_explain(out->result, err);
    }
    out->is_training = terminal->is_training;
    monitor_unlock(&self->monitor);
}

static void
refund(struct payment_terminal *terminal, const struct terminal_refund *wanted, unsigned timeout_ms,
       struct terminal_answer *out, struct error_detail *err)
{
    (void)timeout_ms;
    struct simulated_terminal *self = simulated(terminal);
    monitor_lock(&self->monitor);
    if (self->condition.has_vanished || self->condition.center_is_unreachable) {
        finish(out, TERMINAL_COMMUNICATION_ERROR, err);
    } else {
        terminal_book_refund(book_of(self), wanted, clock_now_ms(&self->clock), out);
        terminal_result_explain(out->result, err);
    }
    out->is_training = terminal->is_training;
    monitor_unlock(&self->monitor);
}

static void
abort_sale(struct payment_terminal *terminal)
{
    struct simulated_terminal *self = simulated(terminal);
    monitor_lock(&self->monitor);
    if (self->is_running) {
        self->is_aborted = true;
        monitor_announce(&self->monitor);
    }
    monitor_unlock(&self->monitor);
}

static enum status
gone(struct error_detail *err)
{
    error_set(err, "terminal_gone", "決済端末に接続できません。電源とケーブルを確認してください。");
    return STATUS_DEVICE_GONE;
}

static enum status
check(struct payment_terminal *terminal, unsigned timeout_ms, struct error_detail *err)
{
    (void)timeout_ms;
    struct simulated_terminal *self = simulated(terminal);
    monitor_lock(&self->monitor);
    const struct simulated_terminal_condition condition = self->condition;
    const bool is_running = self->is_running;
    monitor_unlock(&self->monitor);

    if (condition.has_vanished) {
        return gone(err);
    }
    if (is_running) {
        error_set(err, "terminal_busy", "決済端末は別の取引を処理しています。");
        return STATUS_BUSY;
    }
    if (condition.center_is_unreachable) {
        error_set(err, "terminal_center_unreachable", "決済端末がセンターと通信できません。");
        return STATUS_UNREACHABLE;
    }
    return STATUS_OK;
}

static enum status
daily_log(struct payment_terminal *terminal, unsigned timeout_ms, struct terminal_log_line *lines, size_t capacity,
          size_t *out_count, struct error_detail *err)
{
    (void)timeout_ms;
    struct simulated_terminal *self = simulated(terminal);
    monitor_lock(&self->monitor);
    enum status status = self->condition.has_vanished ? gone(err)
                                                      : terminal_book_log(book_of(self), clock_now_ms(&self->clock),
                                                                          lines, capacity, out_count, err);
    monitor_unlock(&self->monitor);
    return status;
}

static enum status
read_totals(struct payment_terminal *terminal, bool settles, unsigned timeout_ms, struct terminal_total *totals,
            size_t capacity, size_t *out_count, struct error_detail *err)
{
    (void)timeout_ms;
    struct simulated_terminal *self = simulated(terminal);
    monitor_lock(&self->monitor);
    enum status status = self->condition.has_vanished
                             ? gone(err)
                             : terminal_book_totals(book_of(self), settles, clock_now_ms(&self->clock), totals,
                                                    capacity, out_count, err);
    monitor_unlock(&self->monitor);
    return status;
}

static void
close_terminal(struct payment_terminal *terminal)
{
    struct simulated_terminal *self = simulated(terminal);
    terminal_book_finish(&self->books[0]);
    terminal_book_finish(&self->books[1]);
    monitor_finish(&self->monitor);
    free(self);
}

static const struct payment_terminal_driver driver = {
    .name = "simulated",
    .check = check,
    .sale = sale,
    .refund = refund,
    .reverse = reverse,
    .query = query,
    .abort = abort_sale,
    .daily_log = daily_log,
    .totals = read_totals,
    .close = close_terminal,
};

enum status
simulated_terminal_open(struct clock_source clock, struct payment_terminal **out, struct error_detail *err)
{
    struct simulated_terminal *self = calloc(1, sizeof *self);
    if (self == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    enum status status = monitor_init(&self->monitor, err);
    if (status != STATUS_OK) {
        free(self);
        return status;
    }
    self->base.driver = &driver;
    self->clock = clock;
    *out = &self->base;
    return STATUS_OK;
}

void
simulated_terminal_set(struct payment_terminal *terminal, const struct simulated_terminal_condition *condition)
{
    struct simulated_terminal *self = simulated(terminal);
    monitor_lock(&self->monitor);
    self->condition = *condition;
    if (self->condition.processing_ms > PROCESSING_MAX_MS) {
        self->condition.processing_ms = PROCESSING_MAX_MS;
    }
    monitor_unlock(&self->monitor);
}

void
simulated_terminal_next(struct payment_terminal *terminal, enum simulated_sale sale_ending)
{
    struct simulated_terminal *self = simulated(terminal);
    monitor_lock(&self->monitor);
    self->next = sale_ending;
    self->has_next = true;
    monitor_unlock(&self->monitor);
}

size_t
simulated_terminal_touch(struct payment_terminal *terminal, const char *reference)
{
    struct simulated_terminal *self = simulated(terminal);
    size_t resolved = 0;
    monitor_lock(&self->monitor);
    const struct terminal_book *book = book_of(self);
    for (size_t i = 0; i < book->count; i++) {
        struct book_entry *entry = &book->entries[i];
        const bool is_meant = reference == NULL || strcmp(reference, entry->reference) == 0;
        if (is_meant && entry->state == SALE_IN_DOUBT) {
            terminal_book_resolve(entry);
            resolved++;
        }
    }
    monitor_unlock(&self->monitor);
    return resolved;
}
