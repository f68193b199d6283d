/* An HTTP/1.1 server over libmicrohttpd, on 127.0.0.1 by default, with or without TLS; never beyond loopback without.
 *
 * A program gives a constant table of routes. A handler gets a request, and answers it exactly once, now or later and
 * from any thread. Fast handlers run on the server's poll thread (HTTP_INLINE); those that touch the disk, hash a
 * password or wait run on a small pool of workers (HTTP_WORKER), so that no slow request holds up the others.
 * The poll mode of MHD is used on purpose: its epoll mode stalls at multiples of 128 ready events (0.9.75). */
#pragma once

#include "common/bytes/buffer.h"

struct http_server;
struct http_request;
struct http_event_hub;
struct http_tls;

enum http_execution {
    HTTP_INLINE, /* must return within a millisecond */
    HTTP_WORKER
};

/* Answers REQUEST by exactly one http_respond… call, now or later. CONTEXT is the route's. */
typedef void (*http_handler)(struct http_request *request, void *context);

/* PATTERN is an absolute path; a segment ":name" matches one non-empty segment of at most 255 bytes, a last segment "*"
 * the rest, of as many. The first matching row wins. At most 4 parameters, names of at most 22 bytes (asserted at the
 * start). `body_limit` in bytes; 0 means that a body is refused (413). */
struct http_route {
    const char *method;
    const char *pattern;
    http_handler handle;
    enum http_execution execution;
    size_t body_limit;
};

enum { HTTP_REQUEST_ID_SIZE = 17, HTTP_NOTE_SIZE = 48 };

/* A request that has ended, for logs and metrics. Borrowed for the call. Nothing in it is secret: no header, no body,
 * no query; `path` is what was asked. */
struct http_observation {
    const char *id;                 /* as in the answer's header Madoguchi-Request */
    const struct http_route *route; /* NULL: none matched */
    const char *method;
    const char *path;
    const char *subject;  /* who asked, as a handler noted it; "" */
    const char *outcome;  /* the error's code, "" when there was none */
    unsigned http_status; /* 0: the client left before an answer */
    int64_t duration_us;  /* from the whole head to the sent answer */
};

struct http_server_options {
    const char *address;  /* IPv4; NULL: 127.0.0.1. Beyond loopback only with `tls` (STATUS_REFUSED) */
    uint16_t port;        /* 0: any free port */
    struct http_tls *tls; /* borrowed; NULL: plain HTTP */
    const struct http_route *routes;
    size_t route_count;
    void *context;                     /* given to every handler */
    unsigned worker_threads;           /* 0: 4 */
    unsigned connection_limit;         /* 0: 256 */
    unsigned address_connection_limit; /* of one address; 0: as many as in all */
    unsigned idle_timeout_seconds;     /* 0: 30 */
    unsigned patience_seconds; /* 0: 20. For handshake and head; a body must come, and an answer be fetched, within
                                  it and a second for each 16 KiB. Who is slower is cut off */
    size_t body_memory_bytes;  /* of all bodies together; 0: 256 MiB. Beyond, 503 */
    /* Called before the route's handler; false when it has answered (authentication, CSRF). May be NULL. Runs where the
     * route runs. What no handler sees (404, 405, 413) does not come here either. */
    bool (*admit)(struct http_request *request, const struct http_route *route, void *context);
    /* Called at the end of each request, on the server's thread: must not block. May be NULL. */
    void (*observe)(const struct http_observation *observation, void *context);
};

/* *OUT is given. STATUS_IO when the port is taken (the message names it). */
enum status http_server_start(struct http_server **out, const struct http_server_options *options,
                              struct error_detail *err) MUST_CHECK;
uint16_t http_server_port(const struct http_server *server);

/* What the server has to do with at the moment, and has had since it started. */
struct http_server_counts {
    uint64_t connections;       /* now */
    uint64_t connections_begun; /* in all */
    uint64_t connections_cut;   /* in all, for slowness */
    uint64_t body_bytes;        /* memory of bodies, now */
    uint64_t waiting_jobs;      /* requests that wait for a worker, now */
};
void http_server_count(struct http_server *server, struct http_server_counts *out);

/* Stops listening, ends event streams, lets running handlers finish and answers that other threads owe come, sends
 * them, frees. What is asked meanwhile is answered 503. NULL is fine. Waits without limit for answers that are owed: a
 * thread that owes some ends after this, or answers them first. */
void http_server_stop(struct http_server *server);

/* What was asked. Borrowed until the request is answered. */
const char *http_request_method(const struct http_request *request);
const char *http_request_path(const struct http_request *request);
const char *
http_request_parameter(const struct http_request *request, const char *name);          /* ":name" or "*"; "" if none */
const char *http_request_query(const struct http_request *request, const char *name);  /* NULL if absent */
const char *http_request_header(const struct http_request *request, const char *name); /* NULL if absent */
const char *http_request_cookie(const struct http_request *request, const char *name); /* NULL if absent */
/* The address at the other end, without the port: the proxy's where there is one. */
const char *http_request_peer(const struct http_request *request);
bool http_request_peer_is_loopback(const struct http_request *request);

/* For the observation: who asks (a terminal's id, never a person's or a secret), and how it ended where that is not
 * told by http_respond_error. Longer ones are cut. Before answering. */
void http_request_note_subject(struct http_request *request, const char *subject);
void http_request_note_outcome(struct http_request *request, const char *code);

bool http_request_is_secure(const struct http_request *request);                       /* came over our own TLS */
const char *http_request_body(const struct http_request *request, size_t *out_length); /* NUL-terminated */

/* A pointer that `admit` leaves for the handler, freed by FREE_IT when the request ends. */
void http_request_attach(struct http_request *request, void *value, void (*free_it)(void *value));
void *http_request_attached(const struct http_request *request);

/* A header for the answer, at most 8; call before answering. Name and value are copied. When one cannot be sent
 * (memory; a line break in the value), the answer becomes a 500. */
void http_respond_header(struct http_request *request, const char *name, const char *value);

/* Answers. The request is gone afterwards. Bytes are copied. Every answer carries the security headers of
 * docs/architecture.md (CSP, nosniff, no-store unless a Cache-Control was set). */
void http_respond(struct http_request *request, unsigned http_status, const char *content_type, const void *bytes,
                  size_t length);
void http_respond_json(struct http_request *request, unsigned http_status, const struct buffer *json);

/* {"error":{"code":…,"message":…,"line":…,"column":…}} with http_status_from(STATUS); STATUS_BUSY asks to come again in
 * a second unless a Retry-After was set. */
void http_respond_error(struct http_request *request, enum status status, const struct error_detail *err);
void http_respond_empty(struct http_request *request, unsigned http_status);

/* The one translation of a status into an HTTP status. */
unsigned http_status_from(enum status status);

/* Server-sent events. A hub fans one stream of events out to many browsers; each holds at most a bounded backlog, and a
 * browser that falls behind is disconnected (it reconnects and is sent the newest state). Heartbeats every 15 s. At
 * most 64 listen; beyond, 503. A hub belongs to the first server whose request it answers, and ends with it. */
enum status http_event_hub_create(struct http_event_hub **out, struct error_detail *err) MUST_CHECK;
void http_event_hub_destroy(struct http_event_hub *hub); /* after http_server_stop */

/* Send an event to everyone. DATA is one line of JSON; the last event of each NAME (at most 31 bytes, at most 16 names)
 * is kept and sent to newcomers. An event of more than 512 KiB, or without memory, cannot be sent: everyone is
 * disconnected instead, and the kept one of that name forgotten, so that nobody goes on showing the state before it. */
void http_event_hub_publish(struct http_event_hub *hub, const char *name, const char *data, size_t length);
size_t http_event_hub_listeners(struct http_event_hub *hub);
void http_respond_events(struct http_request *request, struct http_event_hub *hub);
