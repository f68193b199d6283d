/* The terminal's wire: frames on a TCP connection that is made when needed, logged in once, and thrown away as soon as
 * anything about it is in doubt, so that a late answer can never be taken for another's. Inside this folder only. */
#pragma once

#include "drivers/terminal_json/message.h"
#include "drivers/transport/tcp.h"

enum { CONNECTION_HOST_SIZE = 46 /* the longest numeric address */ };

struct terminal_connection {
    char host[CONNECTION_HOST_SIZE];
    uint16_t port;
    char sale_id[TERMINAL_NAME_SIZE];
    char poi_id[TERMINAL_NAME_SIZE];
    bool is_training;           /* of the next login */
    bool is_logged_in_training; /* of the login that made `stream` */
    struct tcp_stream *stream;  /* NULL: not connected */
    struct buffer incoming;     /* bytes of a frame not yet whole */
};

void terminal_connection_init(struct terminal_connection *connection);
void terminal_connection_close(struct terminal_connection *connection); /* ready to be made again */
void terminal_connection_finish(struct terminal_connection *connection);

/* Have a logged-in connection; SERVICE_ID is for the login. STATUS_UNREACHABLE: no payment has been sent.
 * STATUS_REFUSED: nor will one be, the terminal does not train. A login of another mode is made anew. */
enum status terminal_connection_prepare(struct terminal_connection *connection, const char *service_id,
                                        int64_t deadline_ms, struct error_detail *err) MUST_CHECK;

/* Send MESSAGE on the prepared connection and wait for the reply to HEADER. STATUS_OK with *OUT to be finished;
 * STATUS_UNREACHABLE: not a byte went out; STATUS_UNKNOWN_OUTCOME: it may have been acted upon. The connection is
 * closed unless STATUS_OK. */
enum status terminal_connection_exchange(struct terminal_connection *connection, const struct terminal_header *header,
                                         const struct buffer *message, int64_t deadline_ms, struct terminal_reply *out,
                                         struct error_detail *err) MUST_CHECK;

/* Send MESSAGE, to which no reply comes, on a short connection of its own. */
void terminal_connection_send_aside(const struct terminal_connection *connection, const struct buffer *message,
                                    int64_t deadline_ms);
