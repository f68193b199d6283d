/* One conversation with a printer: what is sent, and what comes back meanwhile. Inside this folder only. */
#pragma once

#include "drivers/escpos/encoder.h"
#include "drivers/escpos/reply.h"
#include "drivers/transport/tcp.h"

/* INVARIANT: `state` is what the printer last said of itself; unknown until it says something. */
struct printer_session {
    struct tcp_stream *stream;
    struct escpos_reply_reader reader;
    struct printer_state state;
    unsigned char status;          /* the last answer to DLE EOT … */
    bool has_status;               /* … if it came since it was asked */
    bool has_sensor;               /* an answer to GS r came */
    bool has_tag;                  /* GS ( H named a finished job … */
    char tag[ESCPOS_JOB_TAG_SIZE]; /* … this one */
};

/* STATUS_DEVICE_GONE when nobody is there. */
enum status printer_session_open(struct printer_session *session, const char *host, uint16_t port, int64_t deadline_ms,
                                 struct error_detail *err) MUST_CHECK;
void printer_session_close(struct printer_session *session);

/* Ask DLE EOT N and wait. STATUS_IO when the printer does not answer, STATUS_DEVICE_GONE when it hangs up. */
enum status printer_session_ask(struct printer_session *session, unsigned n, int64_t deadline_ms,
                                unsigned char *out_byte, struct error_detail *err) MUST_CHECK;

/* Ask all four and set `state`. */
enum status printer_session_ask_state(struct printer_session *session, int64_t deadline_ms, struct printer_state *out,
                                      struct error_detail *err) MUST_CHECK;

/* Take what has come, waiting for the first of it until DEADLINE_MS. STATUS_OK, STATUS_NOT_FOUND, STATUS_DEVICE_GONE.
 */
enum status
printer_session_listen(struct printer_session *session, int64_t deadline_ms, struct error_detail *err) MUST_CHECK;

/* Send, listening meanwhile; *OUT_SENT is written always. Ends early when the printer reports what stops printing. */
enum status printer_session_send(struct printer_session *session, const void *bytes, size_t length, int64_t deadline_ms,
                                 size_t *out_sent, struct error_detail *err) MUST_CHECK;
