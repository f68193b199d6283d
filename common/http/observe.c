/* What is remembered of a request for logs and metrics. */
#include "common/http/exchange.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void
request_begin_observation(struct http_request *request)
{
    uint64_t number = atomic_fetch_add(&request->server->request_count, 1);
    snprintf(request->id, sizeof request->id, "%016" PRIx64, request->server->first_request_id + number);
    clock_gettime(CLOCK_MONOTONIC, &request->began);
    const union MHD_ConnectionInfo *information =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (information != NULL && information->client_addr->sa_family == AF_INET) {
        const struct sockaddr_in *address = (const struct sockaddr_in *)(const void *)information->client_addr;
        inet_ntop(AF_INET, &address->sin_addr, request->peer, sizeof request->peer);
    }
}

void
request_end_observation(const struct http_request *request)
{
    const struct http_server_options *options = &request->server->options;
    if (options->observe == NULL) {
        return;
    }
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    const struct http_observation observation = {
        .id = request->id,
        .route = request->route,
        .method = request->method,
        .path = request->path,
        .subject = request->subject,
        .outcome = request->outcome,
        .http_status = request->answer_status,
        .duration_us =
            (int64_t)(now.tv_sec - request->began.tv_sec) * 1000000 + (now.tv_nsec - request->began.tv_nsec) / 1000,
    };
    options->observe(&observation, options->context);
}

const char *
http_request_peer(const struct http_request *request)
{
    return request->peer;
}

bool
http_request_peer_is_loopback(const struct http_request *request)
{
    return strncmp(request->peer, "127.", 4) == 0;
}

void
http_request_note_subject(struct http_request *request, const char *subject)
{
    snprintf(request->subject, sizeof request->subject, "%s", subject);
}

void
http_request_note_outcome(struct http_request *request, const char *code)
{
    snprintf(request->outcome, sizeof request->outcome, "%s", code);
}
