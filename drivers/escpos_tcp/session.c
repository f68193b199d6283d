/* Listening while sending is the point: a printer that runs out of paper stops reading, and the only word of it is the
 * report that it sends back meanwhile. */
#include "drivers/escpos_tcp/session.h"

#include "drivers/monitor/monitor.h"
#include "drivers/printer/printer_driver.h"

#include <string.h>

enum {
    SEND_CHUNK_BYTES = 1024, /* a fraction of the smallest receive buffer, so that reports are heard in time */
    SEND_SLICE_MS = 200,     /* how long a stalled printer goes unheard */
    STATUS_ANSWER_MS = 3000  /* real-time commands are answered within milliseconds, or not at all */
};

static enum status
gone(struct error_detail *err)
{
    error_set(err, "printer_gone", "プリンターに接続できません。電源とケーブルを確認してください。");
    return STATUS_DEVICE_GONE;
}

enum status
printer_session_open(struct printer_session *session, const char *host, uint16_t port, int64_t deadline_ms,
                     struct error_detail *err)
{
    memset(session, 0, sizeof *session);
    enum status status = tcp_connect(&session->stream, host, port, deadline_ms, err);
    return status == STATUS_UNREACHABLE ? gone(err) : status;
}

void
printer_session_close(struct printer_session *session)
{
    tcp_close(session->stream);
    session->stream = NULL;
}

static void
take_byte(struct printer_session *session, unsigned char byte)
{
    switch (escpos_reply_feed(&session->reader, byte)) {
    case ESCPOS_REPLY_STATUS:
        session->status = session->reader.bytes[0];
        session->has_status = true;
        break;
    case ESCPOS_REPLY_REPORT:
        escpos_state_from_report(&session->state, session->reader.bytes);
        break;
    case ESCPOS_REPLY_SENSOR:
        session->has_sensor = true;
        break;
    case ESCPOS_REPLY_JOB:
        memcpy(session->tag, session->reader.bytes, ESCPOS_JOB_TAG_SIZE - 1);
        session->has_tag = true;
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
    enum status status = tcp_read(session->stream, bytes, sizeof bytes, deadline_ms, &got, err);
    if (status == STATUS_DEVICE_GONE) {
        return gone(err);
    }
    for (size_t i = 0; i < got; i++) {
        take_byte(session, bytes[i]);
    }
    return status;
}

enum status
printer_session_ask(struct printer_session *session, unsigned n, int64_t deadline_ms, unsigned char *out_byte,
                    struct error_detail *err)
{
    const int64_t limit_ms = monitor_now_ms() + STATUS_ANSWER_MS;
    const int64_t until_ms = limit_ms < deadline_ms ? limit_ms : deadline_ms;
    struct buffer request;
    struct escpos printer;
    buffer_init(&request, 16);
    escpos_init(&printer, &request, 1);
    escpos_request_status(&printer, n);

    size_t sent = 0;
    enum status status = escpos_finish(&printer, err);
    if (status == STATUS_OK) {
        status = tcp_write(session->stream, request.data, request.length, until_ms, &sent, err);
    }
    buffer_finish(&request);
    session->has_status = false;
    while (status == STATUS_OK && !session->has_status) {
        status = printer_session_listen(session, until_ms, err);
    }
    if (status == STATUS_OK) {
        *out_byte = session->status;
        return STATUS_OK;
    }
    if (status == STATUS_DEVICE_GONE) {
        return gone(err);
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
    session->state = state;
    *out = state;
    return STATUS_OK;
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
        enum status status = tcp_write(session->stream, (const char *)bytes + *out_sent,
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
