/* An HTTP client over libcurl that tells apart what a payment must tell apart: "nothing was sent" and "sent, but no
 * whole answer". One client is used by one thread at a time. It keeps connections alive for GET; every other method has
 * a connection of its own, because on a kept one it could be sent twice without our knowing. HTTPS certificates are
 * always verified; redirects are not followed. */
#pragma once

#include "common/bytes/buffer.h"

struct http_client;

struct http_call {
    const char *method;
    const char *url;
    const char *const *headers; /* "Name: value" lines, NULL-terminated; may be NULL */
    const void *body;           /* may be NULL */
    size_t body_length;
    unsigned connect_timeout_ms; /* 0: 3,000 */
    unsigned timeout_ms;         /* whole call; 0: 15,000 */
    const char *wanted_header;   /* the answer's header to keep; NULL: none */
};

enum { HTTP_WANTED_HEADER_SIZE = 256 };

struct http_answer {
    unsigned http_status;                 /* 0 unless a whole answer came */
    struct buffer body;                   /* init by the caller, with the largest answer it accepts as limit */
    char header[HTTP_WANTED_HEADER_SIZE]; /* the value of call->wanted_header; "" when there is none, or a longer one */
};

enum status http_client_create(struct http_client **out, struct error_detail *err) MUST_CHECK;
void http_client_destroy(struct http_client *client);

/* STATUS_OK: a whole answer came, whatever its HTTP status. STATUS_UNREACHABLE: no connection was made, the peer has
 * seen nothing. STATUS_UNKNOWN_OUTCOME: the request may have been seen and acted upon; the body may hold a part. */
enum status http_client_call(struct http_client *client, const struct http_call *call, struct http_answer *answer,
                             struct error_detail *err) MUST_CHECK;

/* Make a call that is under way in another thread fail soon (STATUS_UNKNOWN_OUTCOME), for shutting down. Later calls
 * fail too. May be called from any thread. */
void http_client_cancel(struct http_client *client);
