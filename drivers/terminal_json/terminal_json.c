/* How the terminal is called. Each operation prepares the connection, exchanges one message, and translates how that
 * ended into what is known about the money:
 *
 *   not connected, or not a byte sent    the operation did not happen (for a query: nothing is learnt)
 *   sent, no whole and sound answer      TERMINAL_UNKNOWN, and the connection is thrown away
 *   answered                             what the answer says */
#include "drivers/terminal_json/terminal_json.h"

#include "common/clock/clock.h"
#include "drivers/monitor/monitor.h"
#include "drivers/payment_terminal/payment_terminal_driver.h"
#include "drivers/terminal_json/connection.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ABORT_TIMEOUT_MS = 2000 /* whoever presses "stop" watches the screen */ };

struct terminal_json {
    struct payment_terminal base;
    struct terminal_connection connection; /* of the thread that sells, but for its names, which are constant */
    struct monitor monitor;                /* guards all below */
    uint64_t next_service;
    char running[TERMINAL_REFERENCE_SIZE]; /* the sale that may be aborted; "" for none */
};

static const struct payment_terminal_driver driver;

static struct terminal_json *
terminal_json(struct payment_terminal *terminal)
{
    assert(terminal->driver == &driver);
    return (struct terminal_json *)terminal;
}

/* A ServiceID that this till has not used before: it counts from the clock at opening, in base 36. */
static void
take_service_id(struct terminal_json *self, char out[SERVICE_ID_SIZE])
{
    monitor_lock(&self->monitor);
    uint64_t number = self->next_service++;
    monitor_unlock(&self->monitor);

    char reversed[SERVICE_ID_SIZE];
    size_t length = 0;
    do {
        reversed[length++] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[number % 36];
        number /= 36;
    } while (number > 0 && length < SERVICE_ID_SIZE - 1);
    for (size_t i = 0; i < length; i++) {
        out[i] = reversed[length - 1 - i];
    }
    out[length] = '\0';
}

static struct terminal_header
header_of(const struct terminal_json *self, enum terminal_category category, const char *service_id)
{
    return (struct terminal_header){.category = category,
                                    .sale_id = self->connection.sale_id,
                                    .poi_id = self->connection.poi_id,
                                    .service_id = service_id};
}

static int64_t
now_ms(void)
{
    const struct clock_source clock = clock_system();
    return clock_now_ms(&clock);
}

/* What is asked: one of them, or none for categories that name no payment. */
struct question {
    enum terminal_category category;
    const struct terminal_request *request;
    const struct terminal_refund *refund;
    const char *reference;
};

static enum status
write_question(struct buffer *out, const struct terminal_header *header, const struct question *question,
               struct error_detail *err)
{
    if (question->request != NULL) {
        return terminal_request_payment(out, header, question->request, now_ms(), err);
    }
    if (question->refund != NULL) {
        return terminal_request_refund(out, header, question->refund, now_ms(), err);
    }
    return terminal_request_other(out, header, question->reference, err);
}

/* One message and its reply. As terminal_connection_exchange; STATUS_REFUSED: the terminal does not train. */
static enum status
ask(struct terminal_json *self, const struct question *question, unsigned timeout_ms, struct terminal_reply *out,
    struct error_detail *err)
{
    const int64_t deadline_ms = monitor_now_ms() + timeout_ms;
    char login_id[SERVICE_ID_SIZE];
    char service_id[SERVICE_ID_SIZE];
    take_service_id(self, login_id);
    take_service_id(self, service_id);
    const struct terminal_header header = header_of(self, question->category, service_id);
    self->connection.is_training = self->base.is_training;

    struct buffer message;
    buffer_init(&message, TERMINAL_MESSAGE_MAX_BYTES);
    enum status status = write_question(&message, &header, question, err);
    if (status != STATUS_OK) {
        status = STATUS_UNREACHABLE;
    } else {
        status = terminal_connection_prepare(&self->connection, login_id, deadline_ms, err);
    }
    if (status == STATUS_OK) {
        status = terminal_connection_exchange(&self->connection, &header, &message, deadline_ms, out, err);
    }
    buffer_finish(&message);
    return status;
}

/* The answer when there is no reply. */
static void
conclude(enum status status, enum terminal_result when_unsent, struct terminal_answer *out, struct error_detail *err)
{
    const bool is_unsent = status == STATUS_UNREACHABLE || status == STATUS_REFUSED;
    const bool is_refused = status == STATUS_REFUSED && when_unsent != TERMINAL_UNKNOWN;
    const enum terminal_result result = is_refused ? TERMINAL_NOT_ALLOWED : is_unsent ? when_unsent : TERMINAL_UNKNOWN;
    terminal_answer_reset(out, result);
    if (is_refused) {
        error_set(err, "terminal_no_training", "この決済端末には訓練モードがありません。取引は行われていません。");
        return;
    }
    terminal_result_explain(result, err);
}

static void
set_running(struct terminal_json *self, const char *reference)
{
    monitor_lock(&self->monitor);
    snprintf(self->running, sizeof self->running, "%s", reference);
    monitor_unlock(&self->monitor);
}

static void
sale(struct payment_terminal *terminal, const struct terminal_request *request, unsigned timeout_ms,
     struct terminal_answer *out, struct error_detail *err)
{
    struct terminal_json *self = terminal_json(terminal);
    struct terminal_reply reply = {0};
    set_running(self, request->reference);
    enum status status =
        ask(self, &(struct question){.category = CATEGORY_PAYMENT, .request = request}, timeout_ms, &reply, err);
    set_running(self, "");
    if (status != STATUS_OK) {
        conclude(status, TERMINAL_COMMUNICATION_ERROR, out, err);
        return;
    }
    terminal_reply_payment(&reply, request->reference, out, err);
    terminal_reply_finish(&reply);
    if (out->result == TERMINAL_IN_DOUBT && out->amount_yen == 0) {
        out->amount_yen = request->amount_yen; /* nothing is authorised, so the terminal says 0 */
    }
    if (out->result == TERMINAL_UNKNOWN) {
        terminal_connection_close(&self->connection);
    }
}

static void
refund(struct payment_terminal *terminal, const struct terminal_refund *wanted, unsigned timeout_ms,
       struct terminal_answer *out, struct error_detail *err)
{
    struct terminal_json *self = terminal_json(terminal);
    struct terminal_reply reply = {0};
    const struct question question = {.category = CATEGORY_PAYMENT, .refund = wanted};
    enum status status = ask(self, &question, timeout_ms, &reply, err);
    if (status != STATUS_OK) {
        conclude(status, TERMINAL_COMMUNICATION_ERROR, out, err);
        return;
    }
    terminal_reply_refund(&reply, wanted->reference, out, err);
    terminal_reply_finish(&reply);
    if (out->result == TERMINAL_UNKNOWN) {
        terminal_connection_close(&self->connection);
    }
}

static void
reverse(struct payment_terminal *terminal, const char *reference, unsigned timeout_ms, struct terminal_answer *out,
        struct error_detail *err)
{
    struct terminal_json *self = terminal_json(terminal);
    struct terminal_reply reply = {0};
    enum status status =
        ask(self, &(struct question){.category = CATEGORY_REVERSAL, .reference = reference}, timeout_ms, &reply, err);
    if (status != STATUS_OK) {
        conclude(status, TERMINAL_COMMUNICATION_ERROR, out, err);
        return;
    }
    terminal_reply_reversal(&reply, out, err);
    terminal_reply_finish(&reply);
}

static void
query(struct payment_terminal *terminal, const char *reference, unsigned timeout_ms, struct terminal_answer *out,
      struct error_detail *err)
{
    struct terminal_json *self = terminal_json(terminal);
    struct terminal_reply reply = {0};
    enum status status =
        ask(self, &(struct question){.category = CATEGORY_STATUS, .reference = reference}, timeout_ms, &reply, err);
    if (status != STATUS_OK) {
        conclude(status, TERMINAL_UNKNOWN, out, err); /* not asking proves nothing about the sale */
        return;
    }
    terminal_reply_status(&reply, reference, out, err);
    terminal_reply_finish(&reply);
}

static void
abort_sale(struct payment_terminal *terminal)
{
    struct terminal_json *self = terminal_json(terminal);
    char reference[TERMINAL_REFERENCE_SIZE];
    monitor_lock(&self->monitor);
    memcpy(reference, self->running, sizeof reference);
    monitor_unlock(&self->monitor);
    if (reference[0] == '\0') {
        return;
    }
    char service_id[SERVICE_ID_SIZE];
    take_service_id(self, service_id);
    const struct terminal_header header = header_of(self, CATEGORY_ABORT, service_id);
    struct buffer message;
    buffer_init(&message, TERMINAL_MESSAGE_MAX_BYTES);
    if (terminal_request_other(&message, &header, reference, NULL) == STATUS_OK) {
        terminal_connection_send_aside(&self->connection, &message, monitor_now_ms() + ABORT_TIMEOUT_MS);
    }
    buffer_finish(&message);
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
    struct terminal_reply reply = {0};
    enum status status =
        ask(terminal_json(terminal), &(struct question){.category = CATEGORY_DIAGNOSIS}, timeout_ms, &reply, err);
    if (status != STATUS_OK) {
        return status == STATUS_REFUSED ? status : gone(err);
    }
    status = terminal_reply_diagnosis(&reply, err);
    terminal_reply_finish(&reply);
    return status;
}

static enum status
daily_log(struct payment_terminal *terminal, unsigned timeout_ms, struct terminal_log_line *lines, size_t capacity,
          size_t *out_count, struct error_detail *err)
{
    struct terminal_reply reply = {0};
    enum status status =
        ask(terminal_json(terminal), &(struct question){.category = CATEGORY_TOTALS}, timeout_ms, &reply, err);
    if (status != STATUS_OK) {
        return status == STATUS_REFUSED ? status : gone(err);
    }
    status = terminal_reply_log(&reply, lines, capacity, out_count, err);
    terminal_reply_finish(&reply);
    return status;
}

static enum status
read_totals(struct payment_terminal *terminal, bool settles, unsigned timeout_ms, struct terminal_total *totals,
            size_t capacity, size_t *out_count, struct error_detail *err)
{
    const struct question question = {.category = settles ? CATEGORY_RECONCILIATION : CATEGORY_TOTALS};
    struct terminal_reply reply = {0};
    enum status status = ask(terminal_json(terminal), &question, timeout_ms, &reply, err);
    if (status != STATUS_OK) {
        return status == STATUS_REFUSED ? status : gone(err);
    }
    status = terminal_reply_totals(&reply, totals, capacity, out_count, err);
    terminal_reply_finish(&reply);
    return status;
}

static void
close_terminal(struct payment_terminal *terminal)
{
    struct terminal_json *self = terminal_json(terminal);
    terminal_connection_finish(&self->connection);
    monitor_finish(&self->monitor);
    free(self);
}

static const struct payment_terminal_driver driver = {
    .name = "terminal-json",
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
name_is_valid(const char *name)
{
    const size_t length = strlen(name);
    for (size_t i = 0; i < length; i++) {
        if (name[i] <= ' ' || name[i] > '~') {
            return false;
        }
    }
    return length >= 1 && length < TERMINAL_NAME_SIZE;
}

static enum status
check_options(const struct terminal_json_options *options, struct error_detail *err)
{
    const char *wrong = !tcp_host_is_valid(options->host)  ? "host"
                        : options->port == 0               ? "port"
                        : !name_is_valid(options->sale_id) ? "sale_id"
                        : !name_is_valid(options->poi_id)  ? "poi_id"
                                                           : NULL;
    if (wrong != NULL) {
        error_set(err, "terminal_option_invalid", "payment terminal: option %s is not valid", wrong);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

enum status
terminal_json_open(const struct terminal_json_options *options, struct payment_terminal **out, struct error_detail *err)
{
    enum status status = check_options(options, err);
    if (status != STATUS_OK) {
        return status;
    }
    struct terminal_json *self = calloc(1, sizeof *self);
    if (self == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    status = monitor_init(&self->monitor, err);
    if (status != STATUS_OK) {
        free(self);
        return status;
    }
    self->base.driver = &driver;
    self->next_service = (uint64_t)now_ms();
    terminal_connection_init(&self->connection);
    snprintf(self->connection.host, sizeof self->connection.host, "%s", options->host);
    self->connection.port = options->port;
    snprintf(self->connection.sale_id, sizeof self->connection.sale_id, "%s", options->sale_id);
    snprintf(self->connection.poi_id, sizeof self->connection.poi_id, "%s", options->poi_id);
    *out = &self->base;
    return STATUS_OK;
}
