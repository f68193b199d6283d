/* Frames are acknowledged one by one: a damaged one is answered NAK and comes again, one that is not acknowledged is
 * sent again, three times at most. A frame that comes twice because our ACK was lost is acknowledged twice and taken
 * twice; whoever takes the messages of a dialogue sees to it that the same one twice counts once. */
#include "drivers/terminal_zvt/session.h"

#include "drivers/monitor/monitor.h"
#include "drivers/terminal_zvt/request.h"

#include <string.h>

enum {
    ACK_TIMEOUT_MS = 1000, /* ZVT allows five seconds; a terminal in the same room answers in milliseconds */
    SEND_TRIES = 3,
    ABORT_LOOK_MS = 50,     /* how soon a stop key takes effect */
    STRAY_BYTES_MAX = 65536 /* noise before a frame; more is a line gone mad */
};

void
zvt_session_init(struct zvt_session *session, struct transport *transport, atomic_bool *wants_abort)
{
    memset(session, 0, sizeof *session);
    session->transport = transport;
    session->wants_abort = wants_abort;
    zvt_receiver_reset(&session->receiver);
}

static int64_t
earlier(int64_t a_ms, int64_t b_ms)
{
    return a_ms < b_ms ? a_ms : b_ms;
}

static bool
write_all(struct zvt_session *session, const void *bytes, size_t length, int64_t deadline_ms, bool *out_any)
{
    size_t sent = 0;
    enum status status = transport_write(session->transport, bytes, length, deadline_ms, &sent, NULL);
    *out_any = *out_any || sent > 0;
    return status == STATUS_OK && sent == length;
}

static void
answer_frame(struct zvt_session *session, uint8_t byte, int64_t deadline_ms)
{
    bool any = false;
    (void)write_all(session, &byte, 1, deadline_ms, &any); /* an answer that is lost makes the other side repeat */
}

/* The next event of the line; ZVT_EVENT_NONE when DEADLINE_MS passed, *OUT_IS_GONE when the line is no more. Frames are
 * acknowledged here. */
static enum zvt_event
listen(struct zvt_session *session, int64_t deadline_ms, bool *out_is_gone)
{
    *out_is_gone = false;
    for (size_t i = 0; i < STRAY_BYTES_MAX; i++) {
        uint8_t byte = 0;
        size_t got = 0;
        enum status status = transport_read(session->transport, &byte, 1, deadline_ms, &got, NULL);
        if (status != STATUS_OK) {
            *out_is_gone = status != STATUS_NOT_FOUND;
            return ZVT_EVENT_NONE;
        }
        const enum zvt_event event = zvt_receiver_take(&session->receiver, byte);
        if (event == ZVT_EVENT_MESSAGE) {
            answer_frame(session, ZVT_ACK, deadline_ms);
        } else if (event == ZVT_EVENT_DAMAGED) {
            answer_frame(session, ZVT_NAK, deadline_ms);
            continue;
        }
        if (event != ZVT_EVENT_NONE) {
            return event;
        }
    }
    *out_is_gone = true;
    return ZVT_EVENT_NONE;
}

enum sent { SENT, NOT_TAKEN /* every attempt was answered NAK, or nothing left */, MAYBE_TAKEN };

/* Send one frame until it is acknowledged. A message that comes in instead of the ACK stands in the receiver and
 * *OUT_HAS_MESSAGE says so: a terminal that answers has heard. */
static enum sent
send_frame(struct zvt_session *session, const struct buffer *message, int64_t deadline_ms, bool *out_has_message)
{
    struct buffer frame;
    enum sent result = NOT_TAKEN;
    buffer_init(&frame, (size_t)2 * ZVT_APDU_MAX_BYTES + 6);
    zvt_frame_append(&frame, message->data, message->length);
    *out_has_message = false;
    if (buffer_check(&frame, NULL) != STATUS_OK || buffer_check(message, NULL) != STATUS_OK) {
        buffer_finish(&frame);
        return NOT_TAKEN;
    }
    for (int i = 0; i < SEND_TRIES && monitor_now_ms() < deadline_ms; i++) {
        bool any = false, is_gone = false;
        const bool is_whole = write_all(session, frame.data, frame.length, deadline_ms, &any);
        if (!is_whole) {
            result = any ? MAYBE_TAKEN : result;
            break;
        }
        const enum zvt_event event = listen(session, earlier(deadline_ms, monitor_now_ms() + ACK_TIMEOUT_MS), &is_gone);
        if (event == ZVT_EVENT_ACK || event == ZVT_EVENT_MESSAGE) {
            *out_has_message = event == ZVT_EVENT_MESSAGE;
            result = SENT;
            break;
        }
        result = event == ZVT_EVENT_NAK ? result : MAYBE_TAKEN; /* silence proves nothing */
        if (is_gone) {
            break;
        }
    }
    buffer_finish(&frame);
    return result;
}

/* Answer what the terminal said, so that it goes on. */
static bool
confirm(struct zvt_session *session, int64_t deadline_ms, bool *out_has_message)
{
    struct buffer message;
    buffer_init(&message, ZVT_APDU_MAX_BYTES);
    zvt_request_plain(&message, ZVT_CONFIRMED);
    const enum sent sent = send_frame(session, &message, deadline_ms, out_has_message);
    buffer_finish(&message);
    return sent == SENT;
}

static void
send_abort(struct zvt_session *session, int64_t deadline_ms, bool *out_has_message)
{
    struct buffer message;
    buffer_init(&message, ZVT_APDU_MAX_BYTES);
    zvt_request_plain(&message, ZVT_ABORT);
    (void)send_frame(session, &message, deadline_ms, out_has_message); /* lost: whoever pressed stop presses again */
    buffer_finish(&message);
}

/* Wait for the next message; looks now and then whether somebody wants it to stop. */
static bool
await_message(struct zvt_session *session, bool may_abort, int64_t deadline_ms)
{
    for (;;) {
        bool is_gone = false, has_message = false;
        if (may_abort && atomic_exchange(session->wants_abort, false)) {
            send_abort(session, deadline_ms, &has_message);
            if (has_message) {
                return true;
            }
        }
        const int64_t now_ms = monitor_now_ms();
        if (now_ms >= deadline_ms) {
            return false;
        }
        const enum zvt_event event = listen(session, earlier(deadline_ms, now_ms + ABORT_LOOK_MS), &is_gone);
        if (event == ZVT_EVENT_MESSAGE) {
            return true;
        }
        if (is_gone) {
            return false;
        }
    }
}

enum zvt_end
zvt_session_talk(struct zvt_session *session, const struct buffer *command, struct zvt_dialogue *dialogue,
                 int64_t deadline_ms)
{
    bool has_message = false, has_begun = false;
    const enum sent sent = send_frame(session, command, deadline_ms, &has_message);
    if (sent != SENT) {
        return sent == NOT_TAKEN ? ZVT_END_UNSENT : ZVT_END_LOST;
    }
    while (has_message || await_message(session, dialogue->may_abort && has_begun, deadline_ms)) {
        struct zvt_bytes data;
        unsigned what = 0;
        const struct zvt_bytes message = {session->receiver.message, session->receiver.length};
        has_message = false;
        if (!zvt_apdu_read(message, &what, &data)) {
            return ZVT_END_LOST;
        }
        if (what == ZVT_CONFIRMED) {
            has_begun = true;
            continue;
        }
        if ((what & 0xff00U) == ZVT_REFUSED) {
            dialogue->code = (uint8_t)(what & 0xffU);
            if (!has_begun) {
                return ZVT_END_REFUSED;
            }
            continue; /* of an abort that came too late */
        }
        if (what == ZVT_STATUS_INFORMATION && has_begun && dialogue->take != NULL &&
            !dialogue->take(data, dialogue->context)) {
            return ZVT_END_LOST;
        }
        const bool is_end = has_begun && (what == ZVT_COMPLETION || what == ZVT_BROKEN_OFF);
        dialogue->code = what == ZVT_BROKEN_OFF && data.length > 0 ? data.at[0] : 0;
        dialogue->completion = data;
        if (is_end) {
            struct zvt_session copy = {.transport = session->transport, .wants_abort = session->wants_abort};
            bool ignored = false;
            zvt_receiver_reset(&copy.receiver); /* the completion's data stay where they are */
            (void)confirm(&copy, deadline_ms, &ignored);
            return what == ZVT_COMPLETION ? ZVT_END_COMPLETED : ZVT_END_BROKEN_OFF;
        }
        if (!confirm(session, deadline_ms, &has_message)) {
            return ZVT_END_LOST;
        }
    }
    return ZVT_END_LOST;
}

bool
zvt_session_begin(struct zvt_session *session, int64_t deadline_ms, struct error_detail *err)
{
    bool is_new = false;
    if (transport_begin(session->transport, deadline_ms, &is_new, err) != STATUS_OK) {
        return false;
    }
    session->is_open = true;
    zvt_receiver_reset(&session->receiver);
    for (size_t i = 0; i < STRAY_BYTES_MAX; i++) { /* what came in since belongs to nobody */
        uint8_t byte = 0;
        size_t got = 0;
        if (transport_read(session->transport, &byte, 1, monitor_now_ms(), &got, NULL) != STATUS_OK) {
            break;
        }
    }
    return true;
}

void
zvt_session_end(struct zvt_session *session, bool is_clean)
{
    if (!session->is_open) {
        return;
    }
    session->is_open = false;
    if (is_clean) {
        transport_end(session->transport);
    } else {
        transport_drop(session->transport);
    }
    zvt_receiver_reset(&session->receiver);
}
