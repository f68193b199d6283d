/* One conversation with a printer: what is sent, and what comes back meanwhile. Inside this folder only. */
#pragma once

#include "drivers/escpos/encoder.h"
#include "drivers/escpos/reply.h"
#include "drivers/transport/transport.h"

/* INVARIANT: `state` is what the printer last said of itself; unknown until it says something.
 * `sensors_owed` questions by GS r were sent that have not been answered: their answers look alike, so that one of them
 * is only an answer to the last question when none is owed.
 * `statuses_owed` likewise counts the questions by DLE EOT. The printer answers them in order, also those that it could
 * not read for an hour: a jammed one whose buffer is full answers all of them at once when it is mended. What an answer
 * means depends on the question, so that one given to the wrong question is a false "cover open", or a false "ready".
 * `has_unknown_past`: nobody has counted yet; a program before this one may have asked. */
struct printer_session {
    struct transport *transport; /* taken by the printer */
    struct escpos_reply_reader reader;
    struct printer_state state;
    unsigned sensors_owed;
    unsigned statuses_owed;
    bool has_unknown_past;
    unsigned char status;          /* the last answer to DLE EOT … */
    bool has_status;               /* … if one came since it was asked … */
    int64_t status_heard_ms;       /* … and when */
    bool has_tag;                  /* GS ( H named a finished job … */
    char tag[ESCPOS_JOB_TAG_SIZE]; /* … this one */
    bool has_name;                 /* GS I was answered … */
    char name[ESCPOS_BLOCK_MAX_BYTES];
};

/* Reach the printer; what an earlier conversation left to be read is read and counts for nothing. *OUT_IS_NEW as
 * transport_begin. STATUS_DEVICE_GONE when nobody is there, and the other statuses of transport_begin. */
enum status printer_session_open(struct printer_session *session, int64_t deadline_ms, bool *out_is_new,
                                 struct error_detail *err) MUST_CHECK;

/* The conversation is over. Unless it WAS_SOUND nothing of it may reach the next one. */
void printer_session_close(struct printer_session *session, bool was_sound);

/* Ask DLE EOT N and wait for the answer to this question; late ones to earlier questions are passed over. STATUS_IO
 * when the printer does not answer, STATUS_DEVICE_GONE when it hangs up. */
enum status printer_session_ask(struct printer_session *session, unsigned n, int64_t deadline_ms,
                                unsigned char *out_byte, struct error_detail *err) MUST_CHECK;

/* Ask all four and set `state`. */
enum status printer_session_ask_state(struct printer_session *session, int64_t deadline_ms, struct printer_state *out,
                                      struct error_detail *err) MUST_CHECK;

/* Ask for the model's name and wait; STATUS_NOT_FOUND when it does not say. */
enum status
printer_session_ask_model(struct printer_session *session, int64_t deadline_ms, struct error_detail *err) MUST_CHECK;

/* Take what has come, waiting for the first of it until DEADLINE_MS. STATUS_OK, STATUS_NOT_FOUND, STATUS_DEVICE_GONE.
 */
enum status
printer_session_listen(struct printer_session *session, int64_t deadline_ms, struct error_detail *err) MUST_CHECK;

/* Send, listening meanwhile; *OUT_SENT is written always. Ends early when the printer reports what stops printing. */
enum status printer_session_send(struct printer_session *session, const void *bytes, size_t length, int64_t deadline_ms,
                                 size_t *out_sent, struct error_detail *err) MUST_CHECK;
