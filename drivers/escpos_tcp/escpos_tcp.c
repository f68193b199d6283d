/* How a network printer is called. A job ends in one of three ways, and this is how it is known which:
 *
 *   before the first byte of the job    anything wrong is PRINT_NOT_DONE: questions print nothing
 *   after it                            PRINT_UNKNOWN until the printer says that everything before is on paper
 *   the printer names the job           PRINT_DONE (GS ( H), or answers GS r on models that cannot name jobs
 *
 * A connection that breaks leaves what was received in the printer, which prints it when it can. The next job therefore
 * clears the buffers first when the one before broke off: else the two would run into each other. */
#include "drivers/escpos_tcp/escpos_tcp.h"

#include "drivers/escpos_tcp/device.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DEFAULT_PORT = 9100,
    QUERY_BUDGET_MS = 8000, /* of a job's time, for the questions before it */
    TAG_GRACE_MS = 2000,    /* GS r is answered when read, GS ( H when printed: a long receipt lies between */
    FRAME_MAX_BYTES = 64    /* commands put around a job */
};

static const struct printer_driver driver;

struct escpos_tcp *
escpos_tcp_of(struct printer *printer)
{
    assert(printer->driver == &driver);
    return (struct escpos_tcp *)printer;
}

enum status
escpos_tcp_begin(struct escpos_tcp *self, struct printer_session *session, int64_t deadline_ms,
                 struct error_detail *err)
{
    monitor_lock(&self->monitor);
    while (self->is_taken && monitor_wait(&self->monitor, deadline_ms)) {
    }
    const bool is_mine = !self->is_taken;
    self->is_taken = true; /* by us, or still by the other */
    monitor_unlock(&self->monitor);
    if (!is_mine) {
        error_set(err, "printer_taken", "プリンターは使用中です。しばらくしてからやり直してください。");
        return STATUS_BUSY;
    }
    enum status status = printer_session_open(session, self->host, self->port, deadline_ms, err);
    if (status != STATUS_OK) {
        escpos_tcp_end(self, session);
    }
    return status;
}

void
escpos_tcp_end(struct escpos_tcp *self, struct printer_session *session)
{
    printer_session_close(session);
    monitor_lock(&self->monitor);
    self->is_taken = false;
    monitor_announce(&self->monitor);
    monitor_unlock(&self->monitor);
}

static enum status
query(struct printer *printer, unsigned timeout_ms, struct printer_state *out, struct error_detail *err)
{
    struct escpos_tcp *self = escpos_tcp_of(printer);
    const int64_t deadline_ms = monitor_now_ms() + timeout_ms;
    struct printer_session session;
    enum status status = escpos_tcp_begin(self, &session, deadline_ms, err);
    if (status != STATUS_OK) {
        return status;
    }
    status = printer_session_ask_state(&session, deadline_ms, out, err);
    escpos_tcp_end(self, &session);
    return status;
}

static enum status
check_readiness(struct printer_session *session, int64_t deadline_ms, struct error_detail *err)
{
    const int64_t limit_ms = monitor_now_ms() + QUERY_BUDGET_MS;
    struct printer_state state;
    enum status status =
        printer_session_ask_state(session, limit_ms < deadline_ms ? limit_ms : deadline_ms, &state, err);
    return status == STATUS_OK ? printer_state_refuses(&state, err) : status;
}

/* What goes before the job: remains cleared, settings reset, reports switched on. A job that resets the printer itself
 * would switch them off again, so its ESC @ goes out here; *OUT_SKIP says how much of the job that was. */
static void
write_preamble(const struct escpos_tcp *self, struct buffer *out, const void *bytes, size_t length, size_t *out_skip)
{
    struct escpos printer;
    escpos_init(&printer, out, self->base.capabilities.columns);
    if (self->has_remains) {
        escpos_clear_buffers(&printer);
    }
    *out_skip = length >= 2 && memcmp(bytes, "\x1b@", 2) == 0 ? 2 : 0;
    buffer_append_text(out, *out_skip > 0 ? "\x1b@" : "");
    escpos_report_changes(&printer, true);
}

/* Wait until the printer says that the job is on paper. */
static enum status
await_end(struct escpos_tcp *self, struct printer_session *session, const char *tag, int64_t deadline_ms,
          struct error_detail *err)
{
    int64_t until_ms = deadline_ms;
    for (;;) {
        if (session->has_tag && strcmp(session->tag, tag) == 0) {
            self->job_tags = JOB_TAGS_KNOWN;
            return STATUS_OK;
        }
        if (session->has_sensor && self->job_tags == JOB_TAGS_ABSENT) {
            return STATUS_OK;
        }
        if (session->has_sensor && self->job_tags == JOB_TAGS_UNTRIED && until_ms == deadline_ms) {
            const int64_t grace_ms = monitor_now_ms() + TAG_GRACE_MS;
            until_ms = grace_ms < deadline_ms ? grace_ms : deadline_ms;
        }
        enum status refusal = printer_state_refuses(&session->state, err);
        if (refusal != STATUS_OK) {
            return refusal;
        }
        enum status status = printer_session_listen(session, until_ms, err);
        if (status == STATUS_NOT_FOUND && session->has_sensor && self->job_tags == JOB_TAGS_UNTRIED) {
            self->job_tags = JOB_TAGS_ABSENT; /* it answered what came after, so it will not answer that any more */
        } else if (status == STATUS_NOT_FOUND) {
            self->job_tags = JOB_TAGS_UNTRIED; /* the printer may have been exchanged for another model */
            error_set(err, "print_unacknowledged", "印刷の完了を確認できませんでした。レシートを確認してください。");
            return STATUS_IO;
        } else if (status != STATUS_OK) {
            return status;
        }
    }
}

/* Send the job and wait for its end; *OUT_OUTCOME follows the rules on top. */
static enum status
run_job(struct escpos_tcp *self, struct printer_session *session, uint64_t job_id, const void *bytes, size_t length,
        int64_t deadline_ms, enum print_outcome *out_outcome, struct error_detail *err)
{
    char tag[ESCPOS_JOB_TAG_SIZE];
    struct escpos printer;
    struct buffer before, after;
    size_t skip = 0;
    size_t sent = 0;
    buffer_init(&before, FRAME_MAX_BYTES);
    buffer_init(&after, FRAME_MAX_BYTES);
    write_preamble(self, &before, bytes, length, &skip);
    escpos_init(&printer, &after, self->base.capabilities.columns);
    escpos_request_end_of_job(&printer, job_id);
    escpos_report_changes(&printer, false);

    enum status status = buffer_check(&before, err);
    if (status == STATUS_OK) {
        status = escpos_finish(&printer, err);
    }
    if (status == STATUS_OK) {
        status = printer_session_send(session, before.data, before.length, deadline_ms, &sent, err);
    }
    if (status == STATUS_OK) {
        self->has_remains = true; /* until the end is known */
        status = printer_session_send(session, (const char *)bytes + skip, length - skip, deadline_ms, &sent, err);
        *out_outcome = sent > 0 ? PRINT_UNKNOWN : PRINT_NOT_DONE;
    }
    if (status == STATUS_OK) {
        status = printer_session_send(session, after.data, after.length, deadline_ms, &sent, err);
    }
    if (status == STATUS_OK) {
        status = await_end(self, session, escpos_job_tag(tag, job_id), deadline_ms, err);
    }
    if (status == STATUS_OK) {
        self->has_remains = false;
        *out_outcome = PRINT_DONE;
    }
    buffer_finish(&before);
    buffer_finish(&after);
    return status;
}

static enum status
print(struct printer *printer, uint64_t job_id, const void *bytes, size_t length, unsigned timeout_ms,
      enum print_outcome *out_outcome, struct error_detail *err)
{
    struct escpos_tcp *self = escpos_tcp_of(printer);
    const int64_t deadline_ms = monitor_now_ms() + timeout_ms;
    struct printer_session session;
    *out_outcome = PRINT_NOT_DONE;
    enum status status = escpos_tcp_begin(self, &session, deadline_ms, err);
    if (status != STATUS_OK) {
        return status;
    }
    status = check_readiness(&session, deadline_ms, err);
    if (status == STATUS_OK) {
        status = run_job(self, &session, job_id, bytes, length, deadline_ms, out_outcome, err);
    }
    escpos_tcp_end(self, &session);
    return status;
}

static void
close_printer(struct printer *printer)
{
    struct escpos_tcp *self = escpos_tcp_of(printer);
    monitor_finish(&self->monitor);
    free(self);
}

static const struct printer_driver driver = {
    .name = "escpos-tcp",
    .query = query,
    .print = print,
    .close = close_printer,
};

static enum status
check_options(const struct escpos_tcp_options *options, struct error_detail *err)
{
    const bool columns_fit = options->columns == 32 || options->columns == 42 || options->columns == 48;
    if (!columns_fit || !tcp_host_is_valid(options->host)) {
        error_set(err, "printer_option_invalid", "printer: option %s is not valid", columns_fit ? "host" : "columns");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

enum status
escpos_tcp_open(const struct escpos_tcp_options *options, struct printer **out, struct error_detail *err)
{
    enum status status = check_options(options, err);
    if (status != STATUS_OK) {
        return status;
    }
    struct escpos_tcp *self = calloc(1, sizeof *self);
    if (self == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    status = monitor_init(&self->monitor, err);
    if (status != STATUS_OK) {
        free(self);
        return status;
    }
    self->base = (struct printer){
        .driver = &driver,
        .capabilities = {.columns = options->columns,
                         .width_dots = options->columns == 42 ? 512 : options->columns * 12,
                         .has_cutter = true,
                         .has_drawer_port = true},
    };
    snprintf(self->host, sizeof self->host, "%s", options->host);
    self->port = options->port != 0 ? options->port : DEFAULT_PORT;
    *out = &self->base;
    return STATUS_OK;
}
