/* The server: MHD's callbacks, and the workers that run slow handlers. The life of a request is drawn in exchange.h. */
#include "common/http/server.h"

#include "common/http/exchange.h"
#include "common/signing/signing.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    DEFAULT_WORKERS = 4,
    DEFAULT_PATIENCE_SECONDS = 20,
    DEFAULT_BODY_MEMORY_BYTES = 256 * 1024 * 1024,
    UNWANTED_BYTES_MAX = 16 * 1024 * 1024, /* read beyond a body's limit, for the sake of a clear answer */
    JOBS_MAX = 512,                        /* beyond it the machine is behind: answer "later" instead of queueing */
    SEND_PATIENCE_SECONDS = 2 /* at the stop, for answers on their way; a client that does not read by then is gone */
};

static struct http_request *
request_create(struct http_server *server, struct MHD_Connection *connection, const char *path, const char *method)
{
    struct http_request *request = calloc(1, sizeof *request);
    if (request == NULL) {
        return NULL;
    }
    request->server = server;
    request->connection = connection;
    pthread_mutex_init(&request->lock, NULL);
    request_begin_observation(request);
    snprintf(request->method, sizeof request->method, "%s", method);
    int length = snprintf(request->path, sizeof request->path, "%s", path);
    if (length >= 0 && (size_t)length < sizeof request->path) {
        route_match(request, server->options.routes, server->options.route_count);
    }
    size_t limit = request->route != NULL ? request->route->body_limit : 0;
    buffer_init(&request->body, limit > 0 ? limit : 1);
    connection_may_take(connection, server->patience_seconds, 0);
    return request;
}

static void
request_destroy(struct http_request *request)
{
    if (request->free_attached != NULL) {
        request->free_attached(request->attached);
    }
    for (size_t i = 0; i < request->header_count; i++) {
        free(request->headers[i].name);
        free(request->headers[i].value);
    }
    if (request->answer != NULL) {
        MHD_destroy_response(request->answer);
    }
    atomic_fetch_sub(&request->server->body_bytes, request->body.capacity);
    buffer_finish(&request->body);
    pthread_mutex_destroy(&request->lock);
    free(request);
}

static void
run_handler(struct http_request *request)
{
    const struct http_server_options *options = &request->server->options;
    const struct http_route *route = request->route;
    if (options->admit != NULL && !options->admit(request, route, options->context)) {
        return;
    }
    route->handle(request, options->context);
}

static void *
worker_main(void *context)
{
    struct http_server *server = context;
    for (;;) {
        pthread_mutex_lock(&server->jobs_lock);
        while (server->first_job == NULL && !server->workers_must_end) {
            pthread_cond_wait(&server->jobs_changed, &server->jobs_lock);
        }
        struct http_request *request = server->first_job;
        if (request == NULL) {
            pthread_mutex_unlock(&server->jobs_lock);
            return NULL;
        }
        server->first_job = request->next_job;
        if (server->first_job == NULL) {
            server->last_job = NULL;
        }
        server->job_count--;
        pthread_mutex_unlock(&server->jobs_lock);
        run_handler(request);
    }
}

/* False when the queue is full. */
static bool
give_to_worker(struct http_server *server, struct http_request *request)
{
    pthread_mutex_lock(&server->jobs_lock);
    bool has_room = server->job_count < JOBS_MAX && !server->workers_must_end;
    if (has_room) {
        if (server->last_job != NULL) {
            server->last_job->next_job = request;
        } else {
            server->first_job = request;
        }
        server->last_job = request;
        server->job_count++;
        pthread_cond_signal(&server->jobs_changed);
    }
    pthread_mutex_unlock(&server->jobs_lock);
    return has_room;
}

void
server_began_request(struct http_server *server)
{
    pthread_mutex_lock(&server->life_lock);
    server->owed++;
    server->unsent++;
    pthread_mutex_unlock(&server->life_lock);
}

void
server_was_answered(struct http_server *server)
{
    pthread_mutex_lock(&server->life_lock);
    assert(server->owed > 0);
    server->owed--;
    pthread_cond_broadcast(&server->life_changed);
    pthread_mutex_unlock(&server->life_lock);
}

static void
server_is_rid_of_request(struct http_server *server)
{
    pthread_mutex_lock(&server->life_lock);
    assert(server->unsent > 0);
    server->unsent--;
    pthread_cond_broadcast(&server->life_changed);
    pthread_mutex_unlock(&server->life_lock);
}

static bool
server_is_stopping(struct http_server *server)
{
    pthread_mutex_lock(&server->life_lock);
    bool is_stopping = server->is_stopping;
    pthread_mutex_unlock(&server->life_lock);
    return is_stopping;
}

/* Answer a request that no handler is to see. False when one is. */
static bool
refuse(struct http_request *request)
{
    struct error_detail err;
    enum status status = STATUS_OK;
    if (request->route == NULL && request->allow[0] != '\0') {
        static const char answer[] =
            "{\"error\":{\"code\":\"method_not_allowed\",\"message\":\"this address takes other methods\"}}";
        http_respond_header(request, "Allow", request->allow);
        http_respond(request, 405, "application/json; charset=utf-8", answer, sizeof answer - 1);
        return true;
    }
    if (request->route == NULL) {
        error_set(&err, "no_such_address", "there is nothing at this address");
        status = STATUS_NOT_FOUND;
    } else if (request->body_is_too_large) {
        error_set(&err, "body_too_large", "the request's body exceeds %zu bytes", request->route->body_limit);
        status = STATUS_OVERFLOW;
    } else if (request->body_has_no_room) {
        error_set(&err, "too_busy", "too many requests are under way; send this one again later");
        status = STATUS_BUSY;
    } else if (request->body.has_failed) {
        error_set(&err, "no_memory", "there is no memory for the request's body");
        status = STATUS_NO_MEMORY;
    } else if (server_is_stopping(request->server)) {
        error_set(&err, "server_is_stopping", "the program is stopping; try again");
        status = STATUS_BUSY;
    }
    if (status != STATUS_OK) {
        http_respond_error(request, status, &err);
    }
    return status != STATUS_OK;
}

/* Give the request to a worker. MHD allows suspending only from its callback, on its thread, so the connection is
 * suspended before the worker can know of it; resuming may come at once and from any thread. */
static void
start_in_worker(struct http_request *request)
{
    MHD_suspend_connection(request->connection);
    request->is_suspended = true;
    if (!give_to_worker(request->server, request)) {
        struct error_detail err;
        error_set(&err, "server_is_busy", "too many requests are waiting; try again");
        http_respond_error(request, STATUS_BUSY, &err);
    }
}

/* Run the request; suspend the connection when the answer is still owed. */
static enum MHD_Result
start_request(struct http_request *request)
{
    pthread_mutex_lock(&request->lock);
    request->state = REQUEST_RUNNING;
    pthread_mutex_unlock(&request->lock);
    connection_may_wait(request->connection);
    server_began_request(request->server);
    if (!refuse(request)) {
        if (request->route->execution == HTTP_WORKER) {
            start_in_worker(request);
            return MHD_YES;
        }
        run_handler(request);
    }
    pthread_mutex_lock(&request->lock);
    bool is_answered = request->state == REQUEST_ANSWERED;
    if (!is_answered) {
        MHD_suspend_connection(request->connection);
        request->is_suspended = true;
    }
    pthread_mutex_unlock(&request->lock);
    return is_answered ? request_queue_answer(request) : MHD_YES;
}

/* A piece of the body, kept while there is room: for one request what its route allows, for all together what the
 * server may hold. What has no room is read to its end and forgotten, so that the answer reaches the client; MHD_NO
 * when there seems to be no end. */
static enum MHD_Result
take_body(struct http_request *request, const char *bytes, size_t length)
{
    struct http_server *server = request->server;
    size_t limit = request->route != NULL ? request->route->body_limit : 0;
    request->body_came += length;
    connection_got_further(request->connection, request->body_came);
    if (request->body_came > limit) {
        request->body_is_too_large = request->route != NULL;
        return request->body_came <= limit + UNWANTED_BYTES_MAX ? MHD_YES : MHD_NO;
    }
    size_t before = request->body.capacity;
    size_t held = atomic_load(&server->body_bytes);
    if (request->body_has_no_room || (request->body.length + length > before && held + length > server->body_limit)) {
        request->body_has_no_room = true;
        atomic_fetch_sub(&server->body_bytes, before);
        buffer_finish(&request->body);
        buffer_init(&request->body, limit);
        return MHD_YES;
    }
    buffer_append(&request->body, bytes, length);
    atomic_fetch_add(&server->body_bytes, request->body.capacity - before);
    return MHD_YES;
}

static enum MHD_Result
on_access(void *context, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
          const char *upload_data, size_t *upload_data_size, void **request_slot)
{
    (void)version;
    struct http_request *request = *request_slot;
    if (request == NULL) {
        request = request_create(context, connection, url, method);
        *request_slot = request;
        return request != NULL ? MHD_YES : MHD_NO;
    }
    if (*upload_data_size > 0) {
        enum MHD_Result result = take_body(request, upload_data, *upload_data_size);
        *upload_data_size = 0;
        return result;
    }
    pthread_mutex_lock(&request->lock);
    enum request_state state = request->state;
    pthread_mutex_unlock(&request->lock);
    if (state == REQUEST_ANSWERED) {
        return request_queue_answer(request);
    }
    return state == REQUEST_RECEIVING ? start_request(request) : MHD_YES;
}

static void
on_completed(void *context, struct MHD_Connection *connection, void **request_slot,
             enum MHD_RequestTerminationCode code)
{
    (void)context;
    (void)code;
    struct http_request *request = *request_slot;
    if (request == NULL) {
        return;
    }
    /* The next request of a kept connection: libmicrohttpd's idle time, then that of a head. */
    connection_may_take(connection, request->server->idle_seconds + request->server->patience_seconds, 0);
    struct http_server *server = request->server;
    request_end_observation(request);
    bool was_begun = request->state != REQUEST_RECEIVING; /* no other thread knows the request any more */
    request_destroy(request);
    *request_slot = NULL;
    if (was_begun) {
        server_is_rid_of_request(server);
    }
}

static enum status
start_workers(struct http_server *server, struct error_detail *err)
{
    unsigned wanted = server->options.worker_threads > 0 ? server->options.worker_threads : DEFAULT_WORKERS;
    server->workers = calloc(wanted, sizeof *server->workers);
    if (server->workers == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    for (; server->worker_count < wanted; server->worker_count++) {
        if (pthread_create(&server->workers[server->worker_count], NULL, worker_main, server) != 0) {
            error_set(err, "no_thread", "a worker thread could not be started");
            return STATUS_IO;
        }
    }
    return STATUS_OK;
}

enum status
http_server_start(struct http_server **out, const struct http_server_options *options, struct error_detail *err)
{
    assert(routes_are_valid(options->routes, options->route_count));

    struct http_server *server = calloc(1, sizeof *server);
    if (server == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    server->options = *options;
    server->patience_seconds = options->patience_seconds > 0 ? options->patience_seconds : DEFAULT_PATIENCE_SECONDS;
    server->body_limit = options->body_memory_bytes > 0 ? options->body_memory_bytes : DEFAULT_BODY_MEMORY_BYTES;
    struct error_detail ignored;
    if (random_bytes(&server->first_request_id, sizeof server->first_request_id, &ignored) != STATUS_OK) {
        server->first_request_id = 0; /* they are names for people, not secrets */
    }
    pthread_mutex_init(&server->jobs_lock, NULL);
    pthread_cond_init(&server->jobs_changed, NULL);
    pthread_mutex_init(&server->life_lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&server->life_changed, &monotonic);
    pthread_mutex_init(&server->connections_lock, NULL);
    pthread_cond_init(&server->connections_changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    enum status status = start_workers(server, err);
    if (status == STATUS_OK) {
        status = server_listen(server, on_access, on_completed, err);
    }
    if (status != STATUS_OK) {
        http_server_stop(server);
        return status;
    }
    *out = server;
    return STATUS_OK;
}

uint16_t
http_server_port(const struct http_server *server)
{
    return server->port;
}

void
http_server_count(struct http_server *server, struct http_server_counts *out)
{
    pthread_mutex_lock(&server->connections_lock);
    *out = server->counts;
    pthread_mutex_unlock(&server->connections_lock);
    out->body_bytes = atomic_load(&server->body_bytes);
    pthread_mutex_lock(&server->jobs_lock);
    out->waiting_jobs = server->job_count;
    pthread_mutex_unlock(&server->jobs_lock);
}

static void
stop_workers(struct http_server *server)
{
    pthread_mutex_lock(&server->jobs_lock);
    server->workers_must_end = true;
    pthread_cond_broadcast(&server->jobs_changed);
    pthread_mutex_unlock(&server->jobs_lock);
    for (unsigned i = 0; i < server->worker_count; i++) {
        pthread_join(server->workers[i], NULL);
    }
    free(server->workers);
}

/* Let what is begun come to its end: answers that are owed for as long as it takes, then their sending for a while. MHD
 * aborts when it is stopped while a connection is suspended, and closes its wake-up descriptor, to which an answering
 * thread may be about to write. */
static void
wait_for_requests(struct http_server *server)
{
    pthread_mutex_lock(&server->life_lock);
    while (server->owed > 0) {
        pthread_cond_wait(&server->life_changed, &server->life_lock);
    }
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += SEND_PATIENCE_SECONDS;
    int waited = 0;
    while (server->unsent > 0 && waited == 0) {
        waited = pthread_cond_timedwait(&server->life_changed, &server->life_lock, &until);
    }
    pthread_mutex_unlock(&server->life_lock);
}

void
http_server_stop(struct http_server *server)
{
    if (server == NULL) {
        return;
    }
    if (server->daemon != NULL) {
        MHD_socket listening = MHD_quiesce_daemon(server->daemon);
        if (listening != MHD_INVALID_SOCKET) {
            close(listening);
        }
    }
    pthread_mutex_lock(&server->life_lock);
    server->is_stopping = true;
    server_end_streams(server);
    pthread_mutex_unlock(&server->life_lock);
    stop_workers(server);
    wait_for_requests(server);
    if (server->daemon != NULL) {
        MHD_stop_daemon(server->daemon);
    }
    connections_unwatch(server);
    pthread_mutex_destroy(&server->connections_lock);
    pthread_cond_destroy(&server->connections_changed);
    pthread_mutex_destroy(&server->jobs_lock);
    pthread_cond_destroy(&server->jobs_changed);
    pthread_mutex_destroy(&server->life_lock);
    pthread_cond_destroy(&server->life_changed);
    free(server);
}
