/* Frames: four bytes of length, big end first, and that many bytes of JSON. */
#include "drivers/terminal_json/connection.h"

#include "common/signing/signing.h"
#include "drivers/monitor/monitor.h"

#include <string.h>

enum {
    FRAME_HEAD_BYTES = 4,
    CONNECT_TIMEOUT_MS = 3000, /* a device in the same room answers in milliseconds or is off */
    LOGIN_TIMEOUT_MS = 5000,
    STRAYS_MAX = 16 /* answers to other requests before ours; more is a device gone mad */
};

void
terminal_connection_init(struct terminal_connection *connection)
{
    connection->stream = NULL;
    buffer_init(&connection->incoming, FRAME_HEAD_BYTES + TERMINAL_MESSAGE_MAX_BYTES);
}

void
terminal_connection_close(struct terminal_connection *connection)
{
    tcp_close(connection->stream);
    connection->stream = NULL;
    if (connection->incoming.data != NULL) {
        secret_wipe(connection->incoming.data, connection->incoming.length);
    }
    buffer_clear(&connection->incoming);
}

void
terminal_connection_finish(struct terminal_connection *connection)
{
    terminal_connection_close(connection);
    buffer_finish(&connection->incoming);
}

static int64_t
earlier(int64_t a_ms, int64_t b_ms)
{
    return a_ms < b_ms ? a_ms : b_ms;
}

/* STATUS_UNREACHABLE when nothing of it left, STATUS_UNKNOWN_OUTCOME when some did. */
static enum status
send_frame(struct tcp_stream *stream, const struct buffer *message, int64_t deadline_ms, struct error_detail *err)
{
    if (message->length == 0 || message->length > TERMINAL_MESSAGE_MAX_BYTES) {
        error_set(err, "terminal_request_size", "決済端末への要求が大きすぎます。");
        return STATUS_UNREACHABLE;
    }
    struct buffer frame;
    buffer_init(&frame, FRAME_HEAD_BYTES + TERMINAL_MESSAGE_MAX_BYTES);
    for (unsigned shift = 32; shift > 0; shift -= 8) {
        buffer_append_byte(&frame, (unsigned)(message->length >> (shift - 8) & 0xff));
    }
    buffer_append(&frame, message->data, message->length);

    size_t sent = 0;
    enum status status = buffer_check(&frame, err);
    if (status == STATUS_OK) {
        status = tcp_write(stream, frame.data, frame.length, deadline_ms, &sent, err);
    }
    buffer_finish(&frame);
    if (status == STATUS_OK) {
        return STATUS_OK;
    }
    return sent == 0 ? STATUS_UNREACHABLE : STATUS_UNKNOWN_OUTCOME;
}

static size_t
frame_length(const struct buffer *incoming)
{
    size_t length = 0;
    for (size_t i = 0; i < FRAME_HEAD_BYTES; i++) {
        length = length << 8 | (unsigned char)incoming->data[i];
    }
    return length;
}

/* Read until a whole frame stands at the front of `incoming`; *OUT_LENGTH is that of its JSON. */
static enum status
receive_frame(struct terminal_connection *connection, int64_t deadline_ms, size_t *out_length, struct error_detail *err)
{
    for (;;) {
        struct buffer *incoming = &connection->incoming;
        if (incoming->length >= FRAME_HEAD_BYTES) {
            const size_t length = frame_length(incoming);
            if (length == 0 || length > TERMINAL_MESSAGE_MAX_BYTES) {
                error_set(err, "terminal_frame_invalid", "決済端末の応答を解釈できません。");
                return STATUS_INVALID;
            }
            if (incoming->length >= FRAME_HEAD_BYTES + length) {
                *out_length = length;
                return STATUS_OK;
            }
        }
        char bytes[4096];
        size_t got = 0;
        const size_t room = incoming->limit - incoming->length;
        enum status status =
            tcp_read(connection->stream, bytes, room < sizeof bytes ? room : sizeof bytes, deadline_ms, &got, err);
        if (status != STATUS_OK) {
            return status;
        }
        buffer_append(incoming, bytes, got);
        secret_wipe(bytes, got);
        status = buffer_check(incoming, err);
        if (status != STATUS_OK) {
            return status;
        }
    }
}

/* Wait for the reply to HEADER, dropping strays. */
static enum status
receive_reply(struct terminal_connection *connection, const struct terminal_header *header, int64_t deadline_ms,
              struct terminal_reply *out, struct error_detail *err)
{
    enum status status = STATUS_NOT_FOUND;
    for (unsigned strays = 0; status == STATUS_NOT_FOUND && strays <= STRAYS_MAX; strays++) {
        size_t length = 0;
        status = receive_frame(connection, deadline_ms, &length, err);
        if (status != STATUS_OK) {
            return status;
        }
        status = terminal_reply_read(out, connection->incoming.data + FRAME_HEAD_BYTES, length, header, err);
        buffer_drop_front(&connection->incoming, FRAME_HEAD_BYTES + length);
    }
    return status;
}

enum status
terminal_connection_exchange(struct terminal_connection *connection, const struct terminal_header *header,
                             const struct buffer *message, int64_t deadline_ms, struct terminal_reply *out,
                             struct error_detail *err)
{
    enum status status = send_frame(connection->stream, message, deadline_ms, err);
    if (status == STATUS_OK && receive_reply(connection, header, deadline_ms, out, err) != STATUS_OK) {
        status = STATUS_UNKNOWN_OUTCOME;
    }
    if (status != STATUS_OK) {
        terminal_connection_close(connection);
    }
    return status;
}

static struct terminal_header
login_header(const struct terminal_connection *connection, const char *service_id)
{
    return (struct terminal_header){.category = CATEGORY_LOGIN,
                                    .sale_id = connection->sale_id,
                                    .poi_id = connection->poi_id,
                                    .service_id = service_id,
                                    .is_training = connection->is_training};
}

static enum status
login(struct terminal_connection *connection, const char *service_id, int64_t deadline_ms, struct error_detail *err)
{
    const struct terminal_header header = login_header(connection, service_id);
    struct terminal_reply reply = {0};
    struct buffer message;
    buffer_init(&message, TERMINAL_MESSAGE_MAX_BYTES);
    enum status status = terminal_request_other(&message, &header, NULL, err);
    if (status == STATUS_OK) {
        status = terminal_connection_exchange(connection, &header, &message, deadline_ms, &reply, err);
    }
    if (status == STATUS_OK) {
        status = terminal_reply_login(&reply, err);
        terminal_reply_finish(&reply);
    }
    buffer_finish(&message);
    return status;
}

/* A connection kept from before is only good when nothing waits on it: what does is its end, or an answer too late. */
static bool
is_quiet(struct terminal_connection *connection)
{
    char byte;
    size_t got = 0;
    return connection->incoming.length == 0 &&
           tcp_read(connection->stream, &byte, 1, monitor_now_ms(), &got, NULL) == STATUS_NOT_FOUND;
}

enum status
terminal_connection_prepare(struct terminal_connection *connection, const char *service_id, int64_t deadline_ms,
                            struct error_detail *err)
{
    const bool is_of_this_mode = connection->is_logged_in_training == connection->is_training;
    if (connection->stream != NULL && is_of_this_mode && is_quiet(connection)) {
        return STATUS_OK;
    }
    terminal_connection_close(connection);
    const int64_t now_ms = monitor_now_ms();
    if (tcp_connect(&connection->stream, connection->host, connection->port,
                    earlier(deadline_ms, now_ms + CONNECT_TIMEOUT_MS), err) != STATUS_OK) {
        error_set(err, "terminal_gone", "決済端末に接続できません。電源とケーブルを確認してください。");
        return STATUS_UNREACHABLE;
    }
    enum status status = login(connection, service_id, earlier(deadline_ms, monitor_now_ms() + LOGIN_TIMEOUT_MS), err);
    if (status != STATUS_OK) {
        terminal_connection_close(connection);
        return status == STATUS_REFUSED && connection->is_training ? STATUS_REFUSED : STATUS_UNREACHABLE;
    }
    connection->is_logged_in_training = connection->is_training;
    return STATUS_OK;
}

void
terminal_connection_send_aside(const struct terminal_connection *connection, const struct buffer *message,
                               int64_t deadline_ms)
{
    struct tcp_stream *stream = NULL;
    if (tcp_connect(&stream, connection->host, connection->port, deadline_ms, NULL) == STATUS_OK) {
        (void)!send_frame(stream, message, deadline_ms, NULL);
    }
    tcp_close(stream);
}
