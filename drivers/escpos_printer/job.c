/* The way of one job, and how it is known how it ended:
 *
 *   before the first byte of the job    anything wrong is PRINT_NOT_DONE: questions print nothing
 *   after it                            PRINT_UNKNOWN until the printer says that everything before is on paper
 *   the printer says so                 PRINT_DONE, in the best way that its model has (drivers/escpos/model.h)
 *
 * A connection that breaks leaves what was received in the printer, which prints it when it can. The next job therefore
 * clears the buffers first when the one before broke off: else the two would run into each other. */
#include "drivers/escpos_printer/device.h"

#include "drivers/escpos_printer/adapt.h"

#include <string.h>

enum {
    QUERY_BUDGET_MS = 8000,  /* of a job's time, for the questions before it */
    TAG_GRACE_MS = 2000,     /* GS r is answered when read, GS ( H when printed: a long receipt lies between */
    MODEL_ANSWER_MS = 1500,  /* GS I, by a printer that has nothing else to do */
    OWED_ANSWER_MS = 4000,   /* answers to a job that broke off: as long as a full buffer takes to print */
    SETTLE_MS = 300,         /* of a printer that acknowledges nothing: to begin with, … */
    SETTLE_BYTES_PER_MS = 2, /* … for what a slow one prints, … */
    SETTLE_MAX_MS = 5000,    /* … as far as it matters: its buffer is a few kilobytes */
    FRAME_MAX_BYTES = 64     /* commands put around a job */
};

static int64_t
earlier(int64_t a_ms, int64_t b_ms)
{
    return a_ms < b_ms ? a_ms : b_ms;
}

static enum status
check_readiness(struct escpos_printer *self, int64_t deadline_ms, struct error_detail *err)
{
    struct printer_state state;
    if (!escpos_printer_model(self)->has_status) {
        return STATUS_OK;
    }
    enum status status = printer_session_ask_state(
        &self->session, earlier(monitor_now_ms() + QUERY_BUDGET_MS, deadline_ms), &state, err);
    return status == STATUS_OK ? printer_state_refuses(&state, err) : status;
}

/* Find out which model it is, where asking is safe: on USB it has said so without being asked, and network printers
 * know GS I. A serial printer's answer may never come, and a clone prints the question; it is asked nothing. */
static enum status
identify(struct escpos_printer *self, int64_t deadline_ms, struct error_detail *err)
{
    struct transport *transport = self->session.transport;
    const char *identity = transport_identity(transport);
    if (self->model != NULL) {
        return STATUS_OK;
    }
    if (identity[0] == '\0' && !transport_is_lasting(transport)) {
        const int64_t now_ms = monitor_now_ms();
        const int64_t limit_ms = earlier(now_ms + MODEL_ANSWER_MS, now_ms + (deadline_ms - now_ms) / 4);
        enum status status = printer_session_ask_model(&self->session, limit_ms, err);
        if (status == STATUS_DEVICE_GONE) {
            return status;
        }
        identity = status == STATUS_OK ? self->session.name : "";
    }
    const struct escpos_model *model = escpos_model_identify(identity);
    self->model = model != NULL ? model : escpos_model_unknown();
    return STATUS_OK;
}

/* Answers to questions of a job that broke off would be taken for answers to this one's. They come while the printer
 * works off its buffer, or never; a printer that is ready and silent for long has none to give. */
static enum status
await_owed(struct escpos_printer *self, int64_t deadline_ms, struct error_detail *err)
{
    const int64_t limit_ms = earlier(monitor_now_ms() + OWED_ANSWER_MS, deadline_ms);
    while (self->session.sensors_owed > 0) {
        enum status status = printer_session_listen(&self->session, limit_ms, err);
        if (status == STATUS_DEVICE_GONE) {
            return status;
        }
        if (status != STATUS_OK) {
            break;
        }
    }
    self->session.sensors_owed = 0;
    return STATUS_OK;
}

/* What goes before the job: remains cleared, settings reset, reports switched on. A job that resets the printer itself
 * would switch them off again, so its ESC @ goes out here; *OUT_SKIP says how much of the job that was. */
static void
write_preamble(const struct escpos_printer *self, struct buffer *out, const void *bytes, size_t length,
               size_t *out_skip)
{
    const struct escpos_model *model = escpos_printer_model(self);
    struct escpos printer;
    escpos_init(&printer, out, self->base.capabilities.columns);
    if (self->has_remains && model->clears_buffers) {
        escpos_clear_buffers(&printer);
    }
    *out_skip = length >= 2 && memcmp(bytes, "\x1b@", 2) == 0 ? 2 : 0;
    buffer_append_text(out, *out_skip > 0 ? "\x1b@" : "");
    if (model->reports_changes) {
        escpos_report_changes(&printer, true);
    }
}

/* What goes behind it: the question for its end, reports switched off. */
static enum status
write_closing(struct escpos_printer *self, struct buffer *out, uint64_t job_id, struct error_detail *err)
{
    const struct escpos_model *model = escpos_printer_model(self);
    struct escpos printer;
    escpos_init(&printer, out, self->base.capabilities.columns);
    if (model->acknowledgement == ESCPOS_ACK_JOB && self->job_tags != JOB_TAGS_ABSENT) {
        escpos_request_end_of_job(&printer, job_id);
    } else if (model->acknowledgement <= ESCPOS_ACK_SENSOR) {
        escpos_request_sensor(&printer);
    }
    if (model->reports_changes) {
        escpos_report_changes(&printer, false);
    }
    return escpos_finish(&printer, err);
}

static enum status
unacknowledged(struct error_detail *err)
{
    error_set(err, "print_unacknowledged", "印刷の完了を確認できませんでした。レシートを確認してください。");
    return STATUS_IO;
}

/* Wait until the printer says that the job is on paper. */
static enum status
await_acknowledgement(struct escpos_printer *self, const char *tag, int64_t deadline_ms, struct error_detail *err)
{
    struct printer_session *session = &self->session;
    const bool has_tags =
        escpos_printer_model(self)->acknowledgement == ESCPOS_ACK_JOB && self->job_tags != JOB_TAGS_ABSENT;
    int64_t until_ms = deadline_ms;
    bool is_in_grace = false;
    for (;;) {
        const bool has_answer = session->sensors_owed == 0;
        if (has_tags && session->has_tag && strcmp(session->tag, tag) == 0) {
            self->job_tags = JOB_TAGS_KNOWN;
            return STATUS_OK;
        }
        if (has_answer && !has_tags) {
            return STATUS_OK;
        }
        if (has_answer && self->job_tags == JOB_TAGS_UNTRIED && !is_in_grace) {
            is_in_grace = true;
            until_ms = earlier(monitor_now_ms() + TAG_GRACE_MS, deadline_ms);
        }
        enum status refusal = printer_state_refuses(&session->state, err);
        if (refusal != STATUS_OK) {
            return refusal;
        }
        enum status status = printer_session_listen(session, until_ms, err);
        if (status == STATUS_NOT_FOUND && is_in_grace) {
            self->job_tags = JOB_TAGS_ABSENT; /* it answered what came after, so it will not answer that any more */
            return STATUS_OK;
        }
        if (status == STATUS_NOT_FOUND) {
            self->job_tags = JOB_TAGS_UNTRIED; /* the printer may have been exchanged for another model */
            self->model = self->configured;
            return unacknowledged(err);
        }
        if (status != STATUS_OK) {
            return status;
        }
    }
}

/* Of a printer that acknowledges nothing: let it print, then see that its sensors still say ready. */
static enum status
await_quiet(struct escpos_printer *self, size_t length, int64_t deadline_ms, struct error_detail *err)
{
    const size_t printing_ms = length / SETTLE_BYTES_PER_MS;
    const int64_t settled_ms =
        earlier(monitor_now_ms() + SETTLE_MS + (int64_t)(printing_ms < SETTLE_MAX_MS ? printing_ms : SETTLE_MAX_MS),
                deadline_ms);
    struct printer_state state;
    while (monitor_now_ms() < settled_ms) {
        if (printer_session_listen(&self->session, settled_ms, err) == STATUS_DEVICE_GONE) {
            return STATUS_DEVICE_GONE;
        }
    }
    enum status status = printer_session_ask_state(&self->session, deadline_ms, &state, err);
    return status == STATUS_OK ? printer_state_refuses(&state, err) : status;
}

static enum status
await_end(struct escpos_printer *self, uint64_t job_id, size_t length, int64_t deadline_ms, struct error_detail *err)
{
    char tag[ESCPOS_JOB_TAG_SIZE];
    switch (escpos_printer_model(self)->acknowledgement) {
    case ESCPOS_ACK_JOB:
    case ESCPOS_ACK_SENSOR:
        return await_acknowledgement(self, escpos_job_tag(tag, job_id), deadline_ms, err);
    case ESCPOS_ACK_STATUS:
        return await_quiet(self, length, deadline_ms, err);
    case ESCPOS_ACK_NONE:
        break;
    }
    return unacknowledged(err);
}

/* Send the job, framed, and wait for its end; *OUT_OUTCOME follows the rules on top. */
static enum status
send_job(struct escpos_printer *self, uint64_t job_id, const struct buffer *job, int64_t deadline_ms,
         enum print_outcome *out_outcome, struct error_detail *err)
{
    struct buffer before, after;
    size_t skip = 0;
    size_t sent = 0;
    buffer_init(&before, FRAME_MAX_BYTES);
    buffer_init(&after, FRAME_MAX_BYTES);
    write_preamble(self, &before, job->data, job->length, &skip);
    enum status status = buffer_check(&before, err);
    if (status == STATUS_OK) {
        status = write_closing(self, &after, job_id, err);
    }
    if (status == STATUS_OK && before.length > 0) {
        status = printer_session_send(&self->session, before.data, before.length, deadline_ms, &sent, err);
    }
    if (status == STATUS_OK) {
        self->has_remains = true; /* until the end is known */
        status = printer_session_send(&self->session, job->data + skip, job->length - skip, deadline_ms, &sent, err);
        *out_outcome = sent > 0 || skip == job->length ? PRINT_UNKNOWN : PRINT_NOT_DONE;
    }
    if (status == STATUS_OK) {
        self->session.sensors_owed += escpos_printer_model(self)->acknowledgement <= ESCPOS_ACK_SENSOR ? 1 : 0;
        status = after.length > 0
                     ? printer_session_send(&self->session, after.data, after.length, deadline_ms, &sent, err)
                     : STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = await_end(self, job_id, job->length, deadline_ms, err);
    }
    if (status == STATUS_OK) {
        self->has_remains = false;
        *out_outcome = PRINT_DONE;
    }
    buffer_finish(&before);
    buffer_finish(&after);
    return status;
}

enum status
escpos_printer_run_job(struct escpos_printer *self, uint64_t job_id, const void *bytes, size_t length,
                       int64_t deadline_ms, enum print_outcome *out_outcome, struct error_detail *err)
{
    struct buffer job;
    *out_outcome = PRINT_NOT_DONE;
    enum status status = check_readiness(self, deadline_ms, err);
    if (status == STATUS_OK) {
        status = identify(self, deadline_ms, err);
    }
    if (status == STATUS_OK) {
        status = await_owed(self, deadline_ms, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (self->has_remains && !escpos_printer_model(self)->clears_buffers) {
        (void)transport_reset(self->session.transport); /* where there is no way, the job's ESC @ has to do */
    }
    buffer_init(&job, ADAPTED_JOB_MAX_BYTES);
    status = printer_job_adapt(escpos_printer_model(self), bytes, length, &job, err);
    if (status == STATUS_OK) {
        status = send_job(self, job_id, &job, deadline_ms, out_outcome, err);
    }
    buffer_finish(&job);
    return status;
}
