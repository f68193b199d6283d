/* How a request lives inside the server; for this folder only.
 *
 * A request passes these states; `state` and `answer` change under `lock`:
 *
 *   RECEIVING ──last byte──▶ RUNNING ──http_respond──▶ ANSWERED ──queued──▶ (freed by MHD's completion callback)
 *                              │
 *                              └ a worker or another thread answers: the connection is suspended meanwhile and resumed
 *                                by the answer (respond.c), after which MHD calls the access handler again (server.c).
 *
 * The server counts the requests between these states, so that its stop can wait for them: `owed` from RUNNING until
 * the answering thread has left request_answer (it wakes MHD there, which must still exist), `unsent` from RUNNING
 * until the request is freed. */
#pragma once

#include "common/http/server.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

enum {
    PATH_MAX_BYTES = 1024, /* longer ones are ours to refuse: no screen or till asks for them */
    PARAMETER_MAX = 4,
    PARAMETER_NAME_SIZE = 24,
    RESPONSE_HEADER_MAX = 8,
    ALLOW_SIZE = 64,                        /* every method that HTTP knows */
    HTTP_LEAST_BYTES_PER_SECOND = 16 * 1024 /* of a body or an answer; who is slower is cut off (connections.c) */
};

enum request_state { REQUEST_RECEIVING, REQUEST_RUNNING, REQUEST_ANSWERED };

struct path_parameter {
    char name[PARAMETER_NAME_SIZE];
    char value[256];
};

struct response_header {
    char *name;
    char *value;
};

struct http_request {
    struct http_server *server;
    struct MHD_Connection *connection;
    const struct http_route *route; /* NULL: nothing matches; answered 404 or 405 */
    char allow[ALLOW_SIZE];         /* methods that the path takes when none matches; "" when it is nowhere */
    char method[16];
    char path[PATH_MAX_BYTES];
    struct path_parameter parameters[PARAMETER_MAX];
    size_t parameter_count;
    struct buffer body;
    size_t body_came; /* bytes, kept or not */
    bool body_is_too_large;
    bool body_has_no_room; /* all bodies together hold what the server may hold */
    size_t answer_length;
    char id[HTTP_REQUEST_ID_SIZE];
    char subject[HTTP_NOTE_SIZE];
    char outcome[HTTP_NOTE_SIZE];
    char peer[INET_ADDRSTRLEN];
    struct timespec began;
    bool is_stream; /* its answer has no end that could be late */
    struct response_header headers[RESPONSE_HEADER_MAX];
    size_t header_count;
    bool has_lost_header; /* the answer cannot be what the handler meant */
    void *attached;
    void (*free_attached)(void *value);

    pthread_mutex_t lock;
    enum request_state state;
    bool is_suspended;
    struct MHD_Response *answer; /* owned until queued */
    unsigned answer_status;

    struct http_request *next_job; /* in the workers' queue */
};

struct http_server {
    struct MHD_Daemon *daemon;
    struct http_server_options options;
    uint16_t port;
    uint64_t first_request_id; /* by chance, so that ids of two runs differ */
    atomic_uint_fast64_t request_count;
    unsigned patience_seconds;
    unsigned idle_seconds;
    size_t body_limit;        /* bytes of memory that all bodies together may take */
    atomic_size_t body_bytes; /* that they take */

    /* Connections and the thread that cuts off late ones (connections.c). `counts` is under the lock, too. */
    pthread_mutex_t connections_lock;
    pthread_cond_t connections_changed;
    struct http_connection *first_connection;
    struct http_server_counts counts;
    bool watch_must_end;
    bool has_watch;
    pthread_t watch;

    pthread_mutex_t jobs_lock;
    pthread_cond_t jobs_changed;
    struct http_request *first_job, *last_job;
    size_t job_count;
    bool workers_must_end;
    pthread_t *workers;
    unsigned worker_count;

    pthread_mutex_t life_lock;
    pthread_cond_t life_changed;
    bool is_stopping;            /* nothing new is begun */
    size_t owed;                 /* see above */
    size_t unsent;               /* see above */
    struct http_event_hub *hubs; /* those that have listeners here; ended at stop */
};

/* Find the route and fill the parameters, or the methods that the path takes (route.c). */
void route_match(struct http_request *request, const struct http_route *routes, size_t count);

/* Whether the table can be matched within the bounds above (route.c). */
bool routes_are_valid(const struct http_route *routes, size_t count);

/* Queue the answer of an ANSWERED request to MHD (respond.c). */
enum MHD_Result request_queue_answer(struct http_request *request);

/* Give RESPONSE (taken) as the answer; the one place where RUNNING becomes ANSWERED (respond.c). */
void request_answer(struct http_request *request, unsigned http_status, struct MHD_Response *response);

/* Give a request its number, hour and peer; tell the program of its end (observe.c). */
void request_begin_observation(struct http_request *request);
void request_end_observation(const struct http_request *request);

/* Start listening by the server's options (listen.c). */
enum status server_listen(struct http_server *server, MHD_AccessHandlerCallback on_access,
                          MHD_RequestCompletedCallback on_completed, struct error_detail *err) MUST_CHECK;

/* Connections (connections.c): MHD tells of their start and end; whose they are; when they are cut: SECONDS from now
 * and a second more for each HTTP_LEAST_BYTES_PER_SECOND of BYTES; the same for BYTES of the part that began with the
 * last connection_may_take; or never, while the server itself works. On MHD's thread. */
void connection_notice(void *context, struct MHD_Connection *connection, void **slot,
                       enum MHD_ConnectionNotificationCode code);
struct http_server *connection_server(struct MHD_Connection *connection);
void connection_may_take(struct MHD_Connection *connection, unsigned seconds, size_t bytes);
void connection_got_further(struct MHD_Connection *connection, size_t bytes);
void connection_may_wait(struct MHD_Connection *connection);
enum status connections_watch(struct http_server *server, struct error_detail *err) MUST_CHECK;
void connections_unwatch(struct http_server *server);

/* Count a request in or out (server.c). */
void server_began_request(struct http_server *server);
void server_was_answered(struct http_server *server);

/* End the streams of every hub that was joined (events.c). Under the server's life_lock. */
void server_end_streams(struct http_server *server);
