/* How the terminal is called. Each operation is one conversation: registration, command, end. How it ended says what is
 * known about the money:
 *
 *   no port, no registration        the operation did not happen (for a query: nothing is learnt)
 *   the terminal says "please wait" likewise; it is busy with something else
 *   sent, and no whole end          TERMINAL_UNKNOWN, and the port is closed
 *   status information and end      what the status information says, when the end agrees with it */
#include "drivers/terminal_zvt/terminal_zvt.h"

#include "drivers/monitor/monitor.h"
#include "drivers/payment_terminal/payment_terminal_driver.h"
#include "drivers/terminal_zvt/request.h"
#include "drivers/terminal_zvt/session.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    REGISTRATION_TIMEOUT_MS = 5000,
    CODE_PLEASE_WAIT = 0x9C,
    CODE_NOT_READY = 0xA0,
    PASSWORD_SIZE = ZVT_PASSWORD_DIGITS + 1
};

struct terminal_zvt {
    struct payment_terminal base;
    struct transport *transport;
    struct zvt_session session;
    char till[ZVT_TILL_SIZE];
    char password[PASSWORD_SIZE];
    atomic_bool is_selling;  /* somebody may want to stop it … */
    atomic_bool wants_abort; /* … and does */
};

static const struct payment_terminal_driver driver;

static struct terminal_zvt *
terminal_zvt(struct payment_terminal *terminal)
{
    assert(terminal->driver == &driver);
    return (struct terminal_zvt *)terminal;
}

enum outcome { OUTCOME_COMPLETED, OUTCOME_BROKEN_OFF, OUTCOME_BUSY, OUTCOME_UNSENT, OUTCOME_NO_TRAINING, OUTCOME_LOST };

/* Register as a till, live or in training. */
static enum outcome
sign_on(struct terminal_zvt *self, int64_t deadline_ms)
{
    const int64_t limit_ms = monitor_now_ms() + REGISTRATION_TIMEOUT_MS;
    struct zvt_dialogue dialogue = {.code = 0};
    struct buffer message;
    buffer_init(&message, ZVT_APDU_MAX_BYTES);
    zvt_request_registration(&message, self->password, self->till, self->base.is_training);
    const enum zvt_end end =
        zvt_session_talk(&self->session, &message, &dialogue, limit_ms < deadline_ms ? limit_ms : deadline_ms);
    buffer_finish(&message);
    if (end == ZVT_END_COMPLETED) {
        const bool is_of_this_mode = zvt_data_is_training(dialogue.completion) == self->base.is_training;
        return is_of_this_mode ? OUTCOME_COMPLETED : OUTCOME_NO_TRAINING;
    }
    const bool is_busy = dialogue.code == CODE_PLEASE_WAIT || dialogue.code == CODE_NOT_READY;
    return (end == ZVT_END_REFUSED || end == ZVT_END_BROKEN_OFF) && is_busy ? OUTCOME_BUSY : OUTCOME_UNSENT;
}

static enum outcome
outcome_of(enum zvt_end end, uint8_t code)
{
    switch (end) {
    case ZVT_END_COMPLETED:
        return OUTCOME_COMPLETED;
    case ZVT_END_BROKEN_OFF:
        return OUTCOME_BROKEN_OFF;
    case ZVT_END_REFUSED:
        return code == CODE_PLEASE_WAIT || code == CODE_NOT_READY ? OUTCOME_BUSY : OUTCOME_UNSENT;
    case ZVT_END_UNSENT:
        return OUTCOME_UNSENT;
    case ZVT_END_LOST:
        break;
    }
    return OUTCOME_LOST;
}

/* One conversation about COMMAND, which is finished here. */
static enum outcome
converse(struct terminal_zvt *self, struct buffer *command, struct zvt_dialogue *dialogue, unsigned timeout_ms)
{
    const int64_t deadline_ms = monitor_now_ms() + timeout_ms;
    enum outcome outcome = OUTCOME_UNSENT;
    if (zvt_session_begin(&self->session, deadline_ms, NULL)) {
        outcome = sign_on(self, deadline_ms);
        if (outcome == OUTCOME_COMPLETED) {
            outcome = outcome_of(zvt_session_talk(&self->session, command, dialogue, deadline_ms), dialogue->code);
        }
        zvt_session_end(&self->session, outcome == OUTCOME_COMPLETED || outcome == OUTCOME_BROKEN_OFF);
    }
    buffer_finish(command);
    return outcome;
}

/* ---- payments ---- */

struct hearing {
    enum zvt_asked asked;
    const char *reference;
    bool has_answer;
    bool contradicts_itself;
    struct terminal_answer *answer;
    struct error_detail *err;
};

/* An answer that comes again, because our ACK of it was lost, says the same. One that says otherwise proves nothing,
 * and takes the proof from the first. */
static bool
hear_payment(struct zvt_bytes data, void *context)
{
    struct hearing *hearing = context;
    struct terminal_answer heard;
    enum status status = zvt_status_read(data, hearing->asked, hearing->reference, &heard, hearing->err);
    if (status == STATUS_OK) {
        const bool is_another =
            heard.result != hearing->answer->result || heard.amount_yen != hearing->answer->amount_yen;
        hearing->contradicts_itself = hearing->contradicts_itself || (hearing->has_answer && is_another);
        hearing->has_answer = true;
        *hearing->answer = heard;
    }
    return status == STATUS_OK || status == STATUS_NOT_FOUND; /* of something else: not ours, and not an end */
}

/* What is known when there is no whole answer. */
static enum terminal_result
result_without_answer(enum outcome outcome, enum zvt_asked asked)
{
    const bool is_query = asked == ZVT_ASKED_STATUS;
    switch (outcome) {
    case OUTCOME_BUSY:
        return is_query ? TERMINAL_IN_PROGRESS : TERMINAL_BUSY;
    case OUTCOME_UNSENT:
        return is_query ? TERMINAL_UNKNOWN : TERMINAL_COMMUNICATION_ERROR;
    case OUTCOME_NO_TRAINING:
        return is_query ? TERMINAL_UNKNOWN : TERMINAL_NOT_ALLOWED;
    case OUTCOME_COMPLETED:
    case OUTCOME_BROKEN_OFF:
    case OUTCOME_LOST:
        break;
    }
    return TERMINAL_UNKNOWN;
}

static void
ask(struct terminal_zvt *self, struct buffer *command, enum zvt_asked asked, const char *reference, unsigned timeout_ms,
    struct terminal_answer *out, struct error_detail *err)
{
    struct terminal_answer answer;
    struct error_detail heard = {.code = ""};
    terminal_answer_reset(&answer, TERMINAL_UNKNOWN);
    struct hearing hearing = {.asked = asked, .reference = reference, .answer = &answer, .err = &heard};
    struct zvt_dialogue dialogue = {.take = hear_payment, .context = &hearing, .may_abort = asked == ZVT_ASKED_SALE};
    const enum outcome outcome = converse(self, command, &dialogue, timeout_ms);

    const bool has_end = outcome == OUTCOME_COMPLETED || outcome == OUTCOME_BROKEN_OFF;
    const bool agrees =
        !hearing.contradicts_itself && (answer.result == TERMINAL_APPROVED) == (outcome == OUTCOME_COMPLETED);
    if (has_end && hearing.has_answer && agrees) {
        *out = answer;
        terminal_result_explain(out->result, err);
        return;
    }
    terminal_answer_reset(out, result_without_answer(outcome, asked));
    if (!hearing.has_answer && heard.code[0] != '\0') {
        error_set(err, heard.code, "%s", heard.message);
    } else if (outcome == OUTCOME_NO_TRAINING) {
        error_set(err, "terminal_no_training",
                  "決済端末と訓練モードの設定が一致しません。取引は行われていません。端末の設定を確認してください。");
    } else {
        terminal_result_explain(out->result, err);
    }
}

static void
sale(struct payment_terminal *terminal, const struct terminal_request *request, unsigned timeout_ms,
     struct terminal_answer *out, struct error_detail *err)
{
    struct terminal_zvt *self = terminal_zvt(terminal);
    struct buffer command;
    buffer_init(&command, ZVT_APDU_MAX_BYTES);
    zvt_request_sale(&command, request);
    atomic_store(&self->wants_abort, false);
    atomic_store(&self->is_selling, true);
    ask(self, &command, ZVT_ASKED_SALE, request->reference, timeout_ms, out, err);
    atomic_store(&self->is_selling, false);
    atomic_store(&self->wants_abort, false);
}

static void
refund(struct payment_terminal *terminal, const struct terminal_refund *wanted, unsigned timeout_ms,
       struct terminal_answer *out, struct error_detail *err)
{
    struct terminal_zvt *self = terminal_zvt(terminal);
    struct buffer command;
    buffer_init(&command, ZVT_APDU_MAX_BYTES);
    zvt_request_refund(&command, self->password, wanted);
    ask(self, &command, ZVT_ASKED_REFUND, wanted->reference, timeout_ms, out, err);
}

static void
reverse(struct payment_terminal *terminal, const char *reference, unsigned timeout_ms, struct terminal_answer *out,
        struct error_detail *err)
{
    struct terminal_zvt *self = terminal_zvt(terminal);
    struct buffer command;
    buffer_init(&command, ZVT_APDU_MAX_BYTES);
    zvt_request_reversal(&command, self->password, reference);
    ask(self, &command, ZVT_ASKED_REVERSAL, reference, timeout_ms, out, err);
}

static void
query(struct payment_terminal *terminal, const char *reference, unsigned timeout_ms, struct terminal_answer *out,
      struct error_detail *err)
{
    struct terminal_zvt *self = terminal_zvt(terminal);
    struct buffer command;
    buffer_init(&command, ZVT_APDU_MAX_BYTES);
    zvt_request_status(&command, self->password, reference);
    ask(self, &command, ZVT_ASKED_STATUS, reference, timeout_ms, out, err);
}

static void
abort_sale(struct payment_terminal *terminal)
{
    struct terminal_zvt *self = terminal_zvt(terminal);
    if (atomic_load(&self->is_selling)) {
        atomic_store(&self->wants_abort, true); /* the selling thread looks at it every few milliseconds */
    }
}

/* ---- reports ---- */

/* The status for OUTCOME without what was asked for. */
static enum status
report_failure(enum outcome outcome, struct error_detail *err)
{
    if (outcome == OUTCOME_BUSY) {
        error_set(err, "terminal_busy", "決済端末は別の取引を処理しています。");
        return STATUS_BUSY;
    }
    if (outcome == OUTCOME_NO_TRAINING || outcome == OUTCOME_BROKEN_OFF) {
        error_set(err, "terminal_refused", "決済端末がこの操作を受け付けませんでした。端末の設定を確認してください。");
        return STATUS_REFUSED;
    }
    error_set(err, "terminal_gone", "決済端末に接続できません。電源とケーブルを確認してください。");
    return STATUS_DEVICE_GONE;
}

static enum status
check(struct payment_terminal *terminal, unsigned timeout_ms, struct error_detail *err)
{
    struct zvt_dialogue dialogue = {.code = 0};
    struct buffer command;
    buffer_init(&command, ZVT_APDU_MAX_BYTES);
    zvt_request_plain(&command, ZVT_DIAGNOSIS);
    const enum outcome outcome = converse(terminal_zvt(terminal), &command, &dialogue, timeout_ms);
    if (outcome == OUTCOME_COMPLETED) {
        return STATUS_OK;
    }
    if (outcome == OUTCOME_BROKEN_OFF) {
        error_set(err, "terminal_center_unreachable", "決済端末がセンターと通信できません。");
        return STATUS_UNREACHABLE;
    }
    return report_failure(outcome, err);
}

struct log_hearing {
    struct terminal_log_line *lines;
    size_t capacity, count;
    enum status status;
    struct error_detail *err;
};

/* Whether B is A again: a movement has one line, named by its reference and kind. */
static bool
is_same_line(const struct terminal_log_line *a, const struct terminal_log_line *b)
{
    return a->kind == b->kind && a->amount_yen == b->amount_yen && a->is_in_doubt == b->is_in_doubt &&
           strcmp(a->reference, b->reference) == 0 && strcmp(a->acquirer_reference, b->acquirer_reference) == 0 &&
           strcmp(a->brand, b->brand) == 0;
}

/* A line that comes again right after itself is one whose ACK was lost. */
static bool
hear_line(struct zvt_bytes data, void *context)
{
    struct log_hearing *hearing = context;
    struct terminal_log_line again;
    if (hearing->count > 0 && zvt_line_read(data, &again, NULL) == STATUS_OK &&
        is_same_line(&hearing->lines[hearing->count - 1], &again)) {
        return true;
    }
    if (hearing->count == hearing->capacity) {
        error_set(hearing->err, "terminal_log_overflow", "決済端末の日計が一度に読める行数を超えています。");
        hearing->status = STATUS_OVERFLOW;
        return false;
    }
    hearing->status = zvt_line_read(data, &hearing->lines[hearing->count], hearing->err);
    hearing->count += hearing->status == STATUS_OK ? 1 : 0;
    return hearing->status == STATUS_OK;
}

static enum status
daily_log(struct payment_terminal *terminal, unsigned timeout_ms, struct terminal_log_line *lines, size_t capacity,
          size_t *out_count, struct error_detail *err)
{
    struct terminal_zvt *self = terminal_zvt(terminal);
    struct log_hearing hearing = {.lines = lines, .capacity = capacity, .status = STATUS_OK, .err = err};
    struct zvt_dialogue dialogue = {.take = hear_line, .context = &hearing};
    struct buffer command;
    buffer_init(&command, ZVT_APDU_MAX_BYTES);
    zvt_request_totals(&command, self->password, /* wants_lines= */ true);
    const enum outcome outcome = converse(self, &command, &dialogue, timeout_ms);
    if (hearing.status != STATUS_OK) {
        return hearing.status;
    }
    if (outcome != OUTCOME_COMPLETED) {
        return report_failure(outcome, err);
    }
    *out_count = hearing.count;
    return STATUS_OK;
}

struct totals_hearing {
    struct terminal_total *totals;
    size_t capacity, count;
    bool has_heard;
    enum status status;
    struct error_detail *err;
};

/* One status information holds all of them; the same again, after an ACK that was lost, begins anew. */
static bool
hear_totals(struct zvt_bytes data, void *context)
{
    struct totals_hearing *hearing = context;
    hearing->has_heard = true;
    hearing->count = 0;
    hearing->status = zvt_totals_read(data, hearing->totals, hearing->capacity, &hearing->count, hearing->err);
    return hearing->status == STATUS_OK;
}

static enum status
read_totals(struct payment_terminal *terminal, bool settles, unsigned timeout_ms, struct terminal_total *totals,
            size_t capacity, size_t *out_count, struct error_detail *err)
{
    struct terminal_zvt *self = terminal_zvt(terminal);
    struct totals_hearing hearing = {.totals = totals, .capacity = capacity, .status = STATUS_OK, .err = err};
    struct zvt_dialogue dialogue = {.take = hear_totals, .context = &hearing};
    struct buffer command;
    buffer_init(&command, ZVT_APDU_MAX_BYTES);
    if (settles) {
        zvt_request_end_of_day(&command, self->password);
    } else {
        zvt_request_totals(&command, self->password, /* wants_lines= */ false);
    }
    const enum outcome outcome = converse(self, &command, &dialogue, timeout_ms);
    if (hearing.status != STATUS_OK) {
        return hearing.status;
    }
    if (outcome != OUTCOME_COMPLETED || !hearing.has_heard) {
        return report_failure(outcome, err);
    }
    *out_count = hearing.count;
    return STATUS_OK;
}

static void
close_terminal(struct payment_terminal *terminal)
{
    struct terminal_zvt *self = terminal_zvt(terminal);
    transport_destroy(self->transport);
    free(self);
}

static const struct payment_terminal_driver driver = {
    .name = "terminal-zvt",
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

static bool
till_is_valid(const char *till)
{
    const size_t length = strlen(till);
    for (size_t i = 0; i < length; i++) {
        if (till[i] <= ' ' || till[i] > '~') {
            return false;
        }
    }
    return length >= 1 && length < ZVT_TILL_SIZE;
}

enum status
terminal_zvt_open(const struct terminal_zvt_options *options, struct payment_terminal **out, struct error_detail *err)
{
    const bool has_password = strlen(options->password) == ZVT_PASSWORD_DIGITS &&
                              strspn(options->password, "0123456789") == ZVT_PASSWORD_DIGITS;
    const char *wrong = !till_is_valid(options->till) ? "till" : !has_password ? "password" : NULL;
    struct terminal_zvt *self = wrong == NULL ? calloc(1, sizeof *self) : NULL;
    if (self == NULL) {
        transport_destroy(options->transport);
        if (wrong != NULL) {
            error_set(err, "terminal_option_invalid", "payment terminal: option %s is not valid", wrong);
            return STATUS_INVALID;
        }
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    self->base.driver = &driver;
    self->transport = options->transport;
    snprintf(self->till, sizeof self->till, "%s", options->till);
    snprintf(self->password, sizeof self->password, "%s", options->password);
    zvt_session_init(&self->session, self->transport, &self->wants_abort);
    *out = &self->base;
    return STATUS_OK;
}
