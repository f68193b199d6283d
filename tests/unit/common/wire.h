/* The other end of a connection, by plain sockets: what curl and browsers would hide is visible here. Reads give up
 * after a time that no working server needs, so that a test ends in a failure and never hangs. */
#pragma once

#include "common/bytes/buffer.h"

#include <stdint.h>

struct wire {
    int socket; /* −1 when the connection could not be made */
    struct buffer received;
    struct buffer stream; /* what chunks of an answer without end have brought */
    bool is_stream_ended; /* the last chunk came */
};

struct wire_answer {
    unsigned status; /* 0: no whole answer came */
    struct buffer headers;
    struct buffer body;
};

/* Connect to 127.0.0.1:PORT. False when refused. */
bool wire_open(struct wire *wire, uint16_t port);
void wire_close(struct wire *wire);

/* False when the peer has closed. */
bool wire_send(struct wire *wire, const char *bytes, size_t length);
bool wire_send_text(struct wire *wire, const char *text);

/* Read one answer with Content-Length or chunks; bytes of the next stay for the next call. */
void wire_answer_init(struct wire_answer *answer);
void wire_answer_finish(struct wire_answer *answer);
bool wire_read_answer(struct wire *wire, struct wire_answer *answer);

/* The headers only, of an answer without end; what follows is read by wire_read_until. */
bool wire_read_headers(struct wire *wire, struct wire_answer *answer);

/* Read chunks until TEXT has come, and drop all up to its end. False when the stream ended, the peer closed or was
 * silent too long. */
bool wire_read_until(struct wire *wire, const char *text);

/* Read chunks until the stream ends, by its last chunk or by the end of the connection. */
bool wire_is_stream_ended_by_peer(struct wire *wire);

/* Whether the peer closes, after whatever else it sends. */
bool wire_is_closed_by_peer(struct wire *wire);

/* The value of header NAME in OUT, "" when absent. Returns OUT. */
const char *wire_header(const struct wire_answer *answer, const char *name, char *out, size_t size);

/* Send REQUEST on a connection of its own and read the answer. */
void wire_ask(uint16_t port, const char *request, struct wire_answer *answer);

/* A listening socket on 127.0.0.1 with a free port in *OUT_PORT. */
int wire_listen(int backlog, uint16_t *out_port);
