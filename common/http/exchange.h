/* How a request lives inside the server; for this folder only.
 *
 * A request passes these states; `state` and `answer` change under `lock`:
 *
 *   RECEIVING ──last byte──▶ RUNNING ──http_respond──▶ ANSWERED ──queued──▶ (freed by MHD's completion callback)
 *                              │
 *                              └ a worker or another thread answers: the connection is suspended meanwhile and resumed
 *                                by the answer (respond.c), after which MHD calls the access handler again (server.c).
 */
#pragma once

#include "common/http/server.h"

#include <microhttpd.h>
#include <pthread.h>

enum {
    PATH_MAX_BYTES = 1024, /* longer ones are ours to refuse: no screen or till asks for them */
    PARAMETER_MAX = 4,
    RESPONSE_HEADER_MAX = 8
};

enum request_state { REQUEST_RECEIVING, REQUEST_RUNNING, REQUEST_ANSWERED };

struct path_parameter {
    char name[24];
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
    bool path_has_other_method;
    char method[16];
    char path[PATH_MAX_BYTES];
    struct path_parameter parameters[PARAMETER_MAX];
    size_t parameter_count;
    struct buffer body;
    bool body_is_too_large;
    struct response_header headers[RESPONSE_HEADER_MAX];
    size_t header_count;
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

    pthread_mutex_t jobs_lock;
    pthread_cond_t jobs_changed;
    struct http_request *first_job, *last_job;
    size_t job_count;
    bool is_stopping;
    pthread_t *workers;
    unsigned worker_count;

    pthread_mutex_t hubs_lock;
    struct http_event_hub *hubs; /* those that have listeners here; ended at stop */
};

/* Find the route and fill the parameters (route.c). */
void route_match(struct http_request *request, const struct http_route *routes, size_t count);

/* Queue the answer of an ANSWERED request to MHD (respond.c). */
enum MHD_Result request_queue_answer(struct http_request *request);

/* Give RESPONSE (taken) as the answer; the one place where RUNNING becomes ANSWERED (respond.c). */
void request_answer(struct http_request *request, unsigned http_status, struct MHD_Response *response);

/* Remember the hub, so that http_server_stop can end its streams (events.c). */
void hub_join_server(struct http_event_hub *hub, struct http_server *server);
void hub_end_streams(struct http_event_hub *hub);
struct http_event_hub *hub_next(struct http_event_hub *hub);
