/* Reading a request and answering it. */
#include "common/http/exchange.h"
#include "common/json/writer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char json_type[] = "application/json; charset=utf-8";

unsigned
http_status_from(enum status status)
{
    switch (status) {
    case STATUS_OK:
        return 200;
    case STATUS_INVALID:
        return 400;
    case STATUS_UNAUTHORIZED:
        return 403;
    case STATUS_NOT_FOUND:
        return 404;
    case STATUS_CONFLICT:
    case STATUS_REFUSED:
    case STATUS_CANCELLED:
        return 409;
    case STATUS_OVERFLOW:
        return 413;
    case STATUS_BUSY:
        return 503;
    case STATUS_UNREACHABLE:
    case STATUS_UNKNOWN_OUTCOME:
        return 502;
    case STATUS_DEVICE_GONE:
    case STATUS_PAPER_OUT:
    case STATUS_COVER_OPEN:
        return 503;
    case STATUS_CORRUPT:
    case STATUS_IO:
    case STATUS_NO_MEMORY:
        return 500;
    }
    return 500;
}

const char *
http_request_method(const struct http_request *request)
{
    return request->method;
}

const char *
http_request_path(const struct http_request *request)
{
    return request->path;
}

const char *
http_request_parameter(const struct http_request *request, const char *name)
{
    for (size_t i = 0; i < request->parameter_count; i++) {
        if (strcmp(request->parameters[i].name, name) == 0) {
            return request->parameters[i].value;
        }
    }
    return "";
}

const char *
http_request_query(const struct http_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
}

const char *
http_request_header(const struct http_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

const char *
http_request_cookie(const struct http_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_COOKIE_KIND, name);
}

bool
http_request_is_secure(const struct http_request *request)
{
    return request->server->options.tls != NULL;
}

const char *
http_request_body(const struct http_request *request, size_t *out_length)
{
    *out_length = request->body.length;
    return buffer_text(&request->body);
}

void
http_request_attach(struct http_request *request, void *value, void (*free_it)(void *value))
{
    assert(request->attached == NULL);
    request->attached = value;
    request->free_attached = free_it;
}

void *
http_request_attached(const struct http_request *request)
{
    return request->attached;
}

void
http_respond_header(struct http_request *request, const char *name, const char *value)
{
    assert(request->header_count < RESPONSE_HEADER_MAX);
    struct response_header *header = &request->headers[request->header_count];
    header->name = strdup(name);
    header->value = strdup(value);
    if (header->name == NULL || header->value == NULL) {
        free(header->name);
        free(header->value);
        request->has_lost_header = true;
        return;
    }
    request->header_count++;
}

/* What every answer carries: nothing from elsewhere is loaded, nothing frames us. */
static bool
add_security_headers(const struct http_request *request, struct MHD_Response *response)
{
    static const char policy[] =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    return MHD_add_response_header(response, "Content-Security-Policy", policy) == MHD_YES &&
           MHD_add_response_header(response, "X-Content-Type-Options", "nosniff") == MHD_YES &&
           MHD_add_response_header(response, "Referrer-Policy", "no-referrer") == MHD_YES &&
           MHD_add_response_header(response, "Madoguchi-Request", request->id) == MHD_YES &&
           /* A browser that was here once over TLS never again comes without. Over plain HTTP it would be ignored. */
           (!http_request_is_secure(request) ||
            MHD_add_response_header(response, "Strict-Transport-Security", "max-age=31536000") == MHD_YES);
}

static bool
has_header(const struct http_request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++) {
        if (strcasecmp(request->headers[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* The handler's own headers; nothing is kept by caches unless it said so. False when one is lost, for want of memory or
 * because MHD refuses it (a line break in a value would begin another header). */
static bool
add_headers(struct http_request *request, struct MHD_Response *response)
{
    bool is_done = !request->has_lost_header;
    for (size_t i = 0; i < request->header_count && is_done; i++) {
        const struct response_header *header = &request->headers[i];
        is_done = MHD_add_response_header(response, header->name, header->value) == MHD_YES;
    }
    if (!has_header(request, "Cache-Control")) {
        is_done = is_done && MHD_add_response_header(response, "Cache-Control", "no-store") == MHD_YES;
    }
    return is_done && add_security_headers(request, response);
}

/* What is sent in place of an answer that could not be made; NULL when not even that can. */
static struct MHD_Response *
create_failure(const struct http_request *request)
{
    static const char text[] = "{\"error\":{\"code\":\"internal\",\"message\":\"the answer could not be made\"}}";
    struct MHD_Response *response =
        MHD_create_response_from_buffer(sizeof text - 1, (void *)(uintptr_t)text, MHD_RESPMEM_PERSISTENT);
    if (response != NULL && MHD_add_response_header(response, "Content-Type", json_type) == MHD_YES &&
        MHD_add_response_header(response, "Cache-Control", "no-store") == MHD_YES &&
        add_security_headers(request, response)) {
        return response;
    }
    if (response != NULL) {
        MHD_destroy_response(response);
    }
    return NULL;
}

void
request_answer(struct http_request *request, unsigned http_status, struct MHD_Response *response)
{
    if (response != NULL && !add_headers(request, response)) {
        MHD_destroy_response(response);
        response = NULL;
    }
    if (response == NULL) {
        /* Without memory for this either, the connection is closed when MHD calls again and finds no answer. */
        response = create_failure(request);
        http_status = 500;
    }
    struct http_server *server = request->server;
    pthread_mutex_lock(&request->lock);
    assert(request->state == REQUEST_RUNNING);
    request->answer = response;
    request->answer_status = http_status;
    request->state = REQUEST_ANSWERED;
    bool must_resume = request->is_suspended;
    request->is_suspended = false;
    struct MHD_Connection *connection = request->connection;
    pthread_mutex_unlock(&request->lock);
    /* From here the request may be freed by the poll thread at any time. */
    if (must_resume) {
        MHD_resume_connection(connection);
    }
    server_was_answered(server);
}

enum MHD_Result
request_queue_answer(struct http_request *request)
{
    if (request->answer == NULL) {
        return MHD_NO;
    }
    if (request->is_stream) {
        connection_may_wait(request->connection);
    } else {
        connection_may_take(request->connection, request->server->patience_seconds, request->answer_length);
    }
    enum MHD_Result result = MHD_queue_response(request->connection, request->answer_status, request->answer);
    MHD_destroy_response(request->answer);
    request->answer = NULL;
    return result;
}

void
http_respond(struct http_request *request, unsigned http_status, const char *content_type, const void *bytes,
             size_t length)
{
    /* MHD's prototype lacks const; MUST_COPY says that it does not write there. */
    struct MHD_Response *response =
        MHD_create_response_from_buffer(length, (void *)(uintptr_t)bytes, MHD_RESPMEM_MUST_COPY);
    if (response != NULL && content_type != NULL &&
        MHD_add_response_header(response, "Content-Type", content_type) != MHD_YES) {
        MHD_destroy_response(response);
        response = NULL;
    }
    request->answer_length = length;
    request_answer(request, http_status, response);
}

void
http_respond_json(struct http_request *request, unsigned http_status, const struct buffer *json)
{
    http_respond(request, http_status, json_type, buffer_text(json), json->length);
}

void
http_respond_error(struct http_request *request, enum status status, const struct error_detail *err)
{
    struct buffer json;
    buffer_init(&json, 4 * ERROR_MESSAGE_SIZE);
    http_request_note_outcome(request, err != NULL && err->code[0] != '\0' ? err->code : status_word(status));
    struct json_writer writer;
    json_writer_init(&writer, &json);
    json_begin_object(&writer, NULL);
    json_begin_object(&writer, "error");
    json_text(&writer, "code", err != NULL && err->code[0] != '\0' ? err->code : status_word(status));
    json_text(&writer, "message", err != NULL ? err->message : "");
    if (err != NULL && err->line > 0) {
        json_int(&writer, "line", err->line);
        json_int(&writer, "column", err->column);
    }
    json_end_object(&writer);
    json_end_object(&writer);
    struct error_detail ignored;
    if (json_finish(&writer, &ignored) != STATUS_OK) {
        buffer_clear(&json);
        buffer_append_text(&json, "{\"error\":{\"code\":\"internal\",\"message\":\"\"}}");
    }
    if (status == STATUS_BUSY && !has_header(request, "Retry-After")) {
        http_respond_header(request, "Retry-After", "1");
    }
    http_respond_json(request, http_status_from(status), &json);
    buffer_finish(&json);
}

void
http_respond_empty(struct http_request *request, unsigned http_status)
{
    http_respond(request, http_status, NULL, "", 0);
}
