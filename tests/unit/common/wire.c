/* Plain sockets for tests. */
#include "tests/unit/common/wire.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum {
    PATIENCE_SECONDS = 30, /* under sanitizers on a busy machine; then the peer is stuck */
    RECEIVED_MAX_BYTES = 64 * 1024 * 1024
};

bool
wire_open(struct wire *wire, uint16_t port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = PATIENCE_SECONDS};
    *wire = (struct wire){.socket = -1};
    buffer_init(&wire->received, RECEIVED_MAX_BYTES);
    buffer_init(&wire->stream, RECEIVED_MAX_BYTES);
    wire->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(wire->socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(wire->socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(wire->socket, (struct sockaddr *)&address, sizeof address) == 0) {
        return true;
    }
    close(wire->socket);
    wire->socket = -1;
    return false;
}

void
wire_close(struct wire *wire)
{
    if (wire->socket >= 0) {
        close(wire->socket);
    }
    wire->socket = -1;
    buffer_finish(&wire->received);
    buffer_finish(&wire->stream);
}

bool
wire_send(struct wire *wire, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t count = send(wire->socket, bytes, length, MSG_NOSIGNAL);
        if (count <= 0) {
            return false;
        }
        bytes += count;
        length -= (size_t)count;
    }
    return true;
}

bool
wire_send_text(struct wire *wire, const char *text)
{
    return wire_send(wire, text, strlen(text));
}

void
wire_answer_init(struct wire_answer *answer)
{
    *answer = (struct wire_answer){0};
    buffer_init(&answer->headers, 64 * 1024);
    buffer_init(&answer->body, RECEIVED_MAX_BYTES);
}

void
wire_answer_finish(struct wire_answer *answer)
{
    buffer_finish(&answer->headers);
    buffer_finish(&answer->body);
}

static bool
receive_more(struct wire *wire)
{
    char bytes[16 * 1024];
    ssize_t count = recv(wire->socket, bytes, sizeof bytes, 0);
    if (count <= 0) {
        return false;
    }
    buffer_append(&wire->received, bytes, (size_t)count);
    return !wire->received.has_failed;
}

static bool
take_bytes(struct wire *wire, size_t length, struct buffer *out)
{
    while (wire->received.length < length) {
        if (!receive_more(wire)) {
            return false;
        }
    }
    buffer_append(out, buffer_text(&wire->received), length);
    buffer_drop_front(&wire->received, length);
    return true;
}

bool
wire_read_headers(struct wire *wire, struct wire_answer *answer)
{
    const char *end;
    buffer_clear(&answer->headers);
    buffer_clear(&answer->body);
    answer->status = 0;
    while ((end = strstr(buffer_text(&wire->received), "\r\n\r\n")) == NULL) {
        if (!receive_more(wire)) {
            return false;
        }
    }
    return take_bytes(wire, (size_t)(end - wire->received.data) + 4, &answer->headers) &&
           sscanf(buffer_text(&answer->headers), "HTTP/1.1 %u", &answer->status) == 1;
}

/* The next chunk into OUT; *OUT_IS_LAST for the empty one. */
static bool
read_chunk(struct wire *wire, struct buffer *out, bool *out_is_last)
{
    const char *line_end;
    while ((line_end = strstr(buffer_text(&wire->received), "\r\n")) == NULL) {
        if (!receive_more(wire)) {
            return false;
        }
    }
    size_t size = strtoul(wire->received.data, NULL, 16);
    buffer_drop_front(&wire->received, (size_t)(line_end - wire->received.data) + 2);
    struct buffer line_break;
    buffer_init(&line_break, 2);
    bool is_read = take_bytes(wire, size, out) && take_bytes(wire, 2, &line_break);
    buffer_finish(&line_break);
    *out_is_last = size == 0;
    return is_read;
}

static bool
read_chunks(struct wire *wire, struct wire_answer *answer)
{
    bool is_last = false;
    while (!is_last) {
        if (!read_chunk(wire, &answer->body, &is_last)) {
            return false;
        }
    }
    return true;
}

bool
wire_read_until(struct wire *wire, const char *text)
{
    const char *place;
    while ((place = strstr(buffer_text(&wire->stream), text)) == NULL) {
        if (wire->is_stream_ended || !read_chunk(wire, &wire->stream, &wire->is_stream_ended)) {
            return false;
        }
    }
    buffer_drop_front(&wire->stream, (size_t)(place - wire->stream.data) + strlen(text));
    return true;
}

bool
wire_is_stream_ended_by_peer(struct wire *wire)
{
    while (!wire->is_stream_ended && read_chunk(wire, &wire->stream, &wire->is_stream_ended)) {
    }
    return wire->is_stream_ended || wire_is_closed_by_peer(wire);
}

bool
wire_read_answer(struct wire *wire, struct wire_answer *answer)
{
    char value[64];
    if (!wire_read_headers(wire, answer)) {
        answer->status = 0;
        return false;
    }
    bool is_whole = true;
    if (strcasecmp(wire_header(answer, "Transfer-Encoding", value, sizeof value), "chunked") == 0) {
        is_whole = read_chunks(wire, answer);
    } else if (wire_header(answer, "Content-Length", value, sizeof value)[0] != '\0') {
        is_whole = take_bytes(wire, strtoul(value, NULL, 10), &answer->body);
    }
    if (!is_whole) {
        answer->status = 0;
    }
    return is_whole;
}

bool
wire_is_closed_by_peer(struct wire *wire)
{
    char bytes[16 * 1024];
    ssize_t count;
    while ((count = recv(wire->socket, bytes, sizeof bytes, 0)) > 0) {
    }
    /* A reset is an end too; running out of patience is not. */
    struct timeval none = {0};
    setsockopt(wire->socket, SOL_SOCKET, SO_RCVTIMEO, &none, sizeof none);
    return count == 0 || recv(wire->socket, bytes, 1, MSG_DONTWAIT) == 0;
}

const char *
wire_header(const struct wire_answer *answer, const char *name, char *out, size_t size)
{
    out[0] = '\0';
    for (const char *line = buffer_text(&answer->headers); line != NULL; line = strstr(line, "\r\n")) {
        line += strncmp(line, "\r\n", 2) == 0 ? 2 : 0;
        size_t length = strlen(name);
        if (strncasecmp(line, name, length) == 0 && line[length] == ':') {
            const char *value = line + length + 1 + strspn(line + length + 1, " ");
            snprintf(out, size, "%.*s", (int)strcspn(value, "\r"), value);
            break;
        }
    }
    return out;
}

void
wire_ask(uint16_t port, const char *request, struct wire_answer *answer)
{
    struct wire wire;
    answer->status = 0;
    if (wire_open(&wire, port) && wire_send_text(&wire, request)) {
        wire_read_answer(&wire, answer);
    }
    wire_close(&wire);
}

int
wire_listen(int backlog, uint16_t *out_port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listening, (struct sockaddr *)&address, sizeof address) != 0 || listen(listening, backlog) != 0 ||
        getsockname(listening, (struct sockaddr *)&address, &length) != 0) {
        close(listening);
        return -1;
    }
    *out_port = ntohs(address.sin_port);
    return listening;
}
