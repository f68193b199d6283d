/* Listening while sending is the point: a printer that runs out of paper stops reading, and the only word of it is the
 * report that it sends back meanwhile. */
#include "drivers/escpos_printer/session.h"

#include "drivers/monitor/monitor.h"
#include "drivers/printer/printer_driver.h"

#include <stdio.h>
#include <string.h>

enum {
    SEND_CHUNK_BYTES = 1024, /* a fraction of the smallest receive buffer, so that reports are heard in time */
    SEND_SLICE_MS = 200,     /* how long a stalled printer goes unheard */
    STALE_READS_MAX = 64,    /* more than can have been kept for us */
    STATUS_ANSWER_MS = 3000, /* real-time commands are answered within milliseconds, or not at all */
    STRANGE_MAX = 32,        /* a disturbed line now and then; what speaks another language says more at once */
    STATUS_QUIET_MS = 100 /* between answers to questions that are read one after the other: many times what it takes */
};

static enum status
gone(struct error_detail *err)
{
    error_set(err, "printer_gone", "プリンターに接続できません。電源とケーブルを確認してください。");
    return STATUS_DEVICE_GONE;
}

/* Another device on its address, or a serial line at another speed: its bytes must not be read as "cover open". */
static enum status
not_a_printer(struct error_detail *err)
{
    error_set(
        err, "printer_not_one",
        "プリンターの応答ではないデータが返っています。接続先（アドレス、ポート、通信速度）の設定を確認してください。");
    return STATUS_IO;
}

/* What was said in an earlier conversation. STATUS_DEVICE_GONE when that turns out to have ended. */
static enum status
forget_the_past(struct printer_session *session, struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (unsigned i = 0; i < STALE_READS_MAX && status == STATUS_OK; i++) {
        status = printer_session_listen(session, monitor_now_ms(), err);
    }
    session->reader = (struct escpos_reply_reader){0};
    session->state = (struct printer_state){0};
    session->has_status = session->has_tag = session->has_name = false;
    return status == STATUS_DEVICE_GONE ? status : STATUS_OK;
}

enum status
printer_session_open(struct printer_session *session, int64_t deadline_ms, bool *out_is_new, struct error_detail *err)
{
    enum { ATTEMPTS = 2 /* the second one when the printer was unplugged and plugged in again since */ };
    if (!transport_is_lasting(session->transport)) {
        session->sensors_owed = 0;
    }
    enum status status = STATUS_DEVICE_GONE;
    for (unsigned i = 0; i < ATTEMPTS; i++) {
        status = transport_begin(session->transport, deadline_ms, out_is_new, err);
        if (status != STATUS_OK) {
            break;
        }
        status = forget_the_past(session, err);
        if (status == STATUS_OK) {
            return STATUS_OK;
        }
        transport_drop(session->transport);
    }
    return status == STATUS_DEVICE_GONE ? gone(err) : status;
}

void
printer_session_close(struct printer_session *session, bool was_sound)
{
    if (was_sound) {
        transport_end(session->transport);
    } else {
        transport_drop(session->transport);
    }
}

static void
take_byte(struct printer_session *session, unsigned char byte)
{
    switch (escpos_reply_feed(&session->reader, byte)) {
    case ESCPOS_REPLY_STATUS:
        session->status = session->reader.bytes[0];
        session->has_status = true;
        session->status_heard_ms = monitor_now_ms();
        session->statuses_owed -= session->statuses_owed > 0 ? 1 : 0;
        break;
    case ESCPOS_REPLY_REPORT:
        escpos_state_from_report(&session->state, session->reader.bytes);
        break;
    case ESCPOS_REPLY_SENSOR:
        session->reader.strange_count += session->sensors_owed == 0 ? 1 : 0;
        session->sensors_owed -= session->sensors_owed > 0 ? 1 : 0;
        break;
    case ESCPOS_REPLY_JOB:
        memcpy(session->tag, session->reader.bytes, ESCPOS_JOB_TAG_SIZE - 1);
        session->has_tag = true;
        break;
    case ESCPOS_REPLY_NAME:
        snprintf(session->name, sizeof session->name, "%s", (const char *)session->reader.bytes);
        session->has_name = true;
        break;
    case ESCPOS_REPLY_NONE:
        break;
    }
}

enum status
printer_session_listen(struct printer_session *session, int64_t deadline_ms, struct error_detail *err)
{
    unsigned char bytes[256];
    size_t got = 0;
    enum status status = transport_read(session->transport, bytes, sizeof bytes, deadline_ms, &got, err);
    if (status == STATUS_DEVICE_GONE) {
        return gone(err);
    }
    for (size_t i = 0; i < got; i++) {
        take_byte(session, bytes[i]);
    }
    return status;
}

/* What PRINTER wrote, without listening. *OUT_IS_SENT: the printer has all of it, or will have. */
static enum status
send_request(struct printer_session *session, struct escpos *printer, int64_t deadline_ms, bool *out_is_sent,
             struct error_detail *err)
{
    size_t sent = 0;
    enum status status = escpos_finish(printer, err);
    if (status == STATUS_OK) {
        status = transport_write(session->transport, printer->out->data, printer->out->length, deadline_ms, &sent, err);
    }
    *out_is_sent = sent > 0 && sent == printer->out->length;
    return status;
}

static enum status
send_status_request(struct printer_session *session, unsigned n, int64_t deadline_ms, struct error_detail *err)
{
    struct buffer request;
    struct escpos printer;
    bool is_sent = false;
    buffer_init(&request, 16);
    escpos_init(&printer, &request, 1);
    escpos_request_status(&printer, n);
    enum status status = send_request(session, &printer, deadline_ms, &is_sent, err);
    session->statuses_owed += is_sent ? 1 : 0; /* also when it is never answered: it may be, later */
    buffer_finish(&request);
    return status;
}

/* Wait for the last answer: when all questions are answered, or, as some were lost with a printer that was switched
 * off, when no other answer follows. */
static enum status
await_last_status(struct printer_session *session, int64_t until_ms, struct error_detail *err)
{
    for (;;) {
        if (session->has_status && session->statuses_owed == 0 && !session->has_unknown_past) {
            return STATUS_OK;
        }
        const int64_t quiet_ms = session->status_heard_ms + STATUS_QUIET_MS;
        const bool may_be_quiet = session->has_status && quiet_ms <= until_ms;
        enum status status = printer_session_listen(session, may_be_quiet ? quiet_ms : until_ms, err);
        if (status == STATUS_NOT_FOUND && may_be_quiet) {
            session->statuses_owed = 0;
            session->has_unknown_past = false;
        } else if (status != STATUS_OK) {
            return status;
        }
    }
}

enum status
printer_session_ask(struct printer_session *session, unsigned n, int64_t deadline_ms, unsigned char *out_byte,
                    struct error_detail *err)
{
    const int64_t limit_ms = monitor_now_ms() + STATUS_ANSWER_MS;
    const int64_t until_ms = limit_ms < deadline_ms ? limit_ms : deadline_ms;
    enum status status = send_status_request(session, n, until_ms, err);
    session->has_status = false;
    if (status == STATUS_OK) {
        status = await_last_status(session, until_ms, err);
    }
    if (status == STATUS_OK) {
        *out_byte = session->status;
        return STATUS_OK;
    }
    if (status == STATUS_DEVICE_GONE) {
        return gone(err);
    }
    if (session->reader.strange_count > STRANGE_MAX) {
        return not_a_printer(err);
    }
    error_set(err, "printer_silent", "プリンターが応答しません。電源を入れ直してください。");
    return STATUS_IO;
}

enum status
printer_session_ask_state(struct printer_session *session, int64_t deadline_ms, struct printer_state *out,
                          struct error_detail *err)
{
    enum { QUESTIONS = 4 };
    struct printer_state state = {0};
    for (unsigned n = 1; n <= QUESTIONS; n++) {
        unsigned char byte = 0;
        enum status status = printer_session_ask(session, n, deadline_ms, &byte, err);
        if (status != STATUS_OK) {
            return status;
        }
        escpos_state_from_status(&state, n, byte);
    }
    if (session->reader.strange_count > STRANGE_MAX) { /* what looked like answers among it were none */
        return not_a_printer(err);
    }
    session->state = state;
    *out = state;
    return STATUS_OK;
}

enum status
printer_session_ask_model(struct printer_session *session, int64_t deadline_ms, struct error_detail *err)
{
    struct buffer request;
    struct escpos printer;
    bool is_sent = false;
    buffer_init(&request, 16);
    escpos_init(&printer, &request, 1);
    escpos_request_model(&printer);
    enum status status = send_request(session, &printer, deadline_ms, &is_sent, err);
    buffer_finish(&request);
    session->has_name = false;
    while (status == STATUS_OK && !session->has_name) {
        status = printer_session_listen(session, deadline_ms, err);
    }
    return status == STATUS_DEVICE_GONE ? gone(err) : status == STATUS_OK ? STATUS_OK : STATUS_NOT_FOUND;
}

enum status
printer_session_send(struct printer_session *session, const void *bytes, size_t length, int64_t deadline_ms,
                     size_t *out_sent, struct error_detail *err)
{
    *out_sent = 0;
    while (*out_sent < length) {
        const size_t left = length - *out_sent;
        const int64_t now_ms = monitor_now_ms();
        const int64_t slice_ms = now_ms + SEND_SLICE_MS < deadline_ms ? now_ms + SEND_SLICE_MS : deadline_ms;
        size_t sent = 0;
        enum status status = transport_write(session->transport, (const char *)bytes + *out_sent,
                                             left < SEND_CHUNK_BYTES ? left : SEND_CHUNK_BYTES, slice_ms, &sent, err);
        *out_sent += sent;
        if (status == STATUS_DEVICE_GONE) {
            return gone(err);
        }
        if (printer_session_listen(session, monitor_now_ms(), err) == STATUS_DEVICE_GONE) {
            return STATUS_DEVICE_GONE;
        }
        enum status refusal = printer_state_refuses(&session->state, err);
        if (refusal != STATUS_OK) {
            return refusal;
        }
        if (status != STATUS_OK && monitor_now_ms() >= deadline_ms) {
            error_set(err, "printer_stalled", "プリンターがデータを受け取りません。レシートを確認してください。");
            return STATUS_IO;
        }
    }
    return STATUS_OK;
}
