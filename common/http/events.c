/* Server-sent events: one hub, many browsers.
 *
 * Every listener has a bounded backlog. MHD's reader callback empties it and, when it is empty, suspends the
 * connection; a publication fills it and resumes. Both happen under the hub's lock, so that no wake-up is lost. A
 * listener that cannot take more, or whose server stops, is `is_ended` and its stream closes at the next call of the
 * reader. */
#include "common/http/exchange.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    EVENT_MAX_BYTES = 513 * 1024,            /* a till's screen at its fullest, and the lines around it */
    BACKLOG_MAX_BYTES = 2 * EVENT_MAX_BYTES, /* so that a newcomer can be sent the largest and go on */
    HEARTBEAT_SECONDS = 15,                  /* finds browsers that went away, and keeps proxies from closing */
    KEPT_EVENTS_MAX = 16,
    LISTENERS_MAX = 64, /* per hub: a till has one or two screens, a finance office some dozens */
    READ_BLOCK_BYTES = 16 * 1024
};

struct listener {
    struct http_event_hub *hub;
    struct MHD_Connection *connection;
    struct buffer backlog;
    bool is_suspended;
    bool is_ended;
    struct listener *next;
};

struct kept_event {
    char name[32];
    char *text; /* the whole event as sent */
    size_t length;
};

struct http_event_hub {
    pthread_mutex_t lock;
    pthread_cond_t stop_changed;
    pthread_t heart;
    bool is_stopping;
    struct listener *listeners;
    size_t listener_count;
    struct kept_event kept[KEPT_EVENTS_MAX];
    size_t kept_count;
    struct http_server *server;  /* NULL until the first listener; under that server's life_lock */
    struct http_event_hub *next; /* in the server's list, under the same */
};

/* Under the hub's lock. */
static void
wake(struct listener *listener)
{
    if (listener->is_suspended) {
        listener->is_suspended = false;
        MHD_resume_connection(listener->connection);
    }
}

/* Under the hub's lock. */
static void
give(struct listener *listener, const char *text, size_t length)
{
    buffer_append(&listener->backlog, text, length);
    if (listener->backlog.has_failed) {
        listener->is_ended = true;
    }
    wake(listener);
}

static void
give_all(struct http_event_hub *hub, const char *text, size_t length)
{
    for (struct listener *listener = hub->listeners; listener != NULL; listener = listener->next) {
        give(listener, text, length);
    }
}

static void *
heart_main(void *context)
{
    struct http_event_hub *hub = context;
    pthread_mutex_lock(&hub->lock);
    while (!hub->is_stopping) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until); /* a till's clock may jump */
        until.tv_sec += HEARTBEAT_SECONDS;
        pthread_cond_timedwait(&hub->stop_changed, &hub->lock, &until);
        give_all(hub, ":\n\n", 3);
    }
    pthread_mutex_unlock(&hub->lock);
    return NULL;
}

enum status
http_event_hub_create(struct http_event_hub **out, struct error_detail *err)
{
    struct http_event_hub *hub = calloc(1, sizeof *hub);
    if (hub == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    pthread_mutex_init(&hub->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&hub->stop_changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&hub->heart, NULL, heart_main, hub) != 0) {
        pthread_mutex_destroy(&hub->lock);
        pthread_cond_destroy(&hub->stop_changed);
        free(hub);
        error_set(err, "no_thread", "the event thread could not be started");
        return STATUS_IO;
    }
    *out = hub;
    return STATUS_OK;
}

void
http_event_hub_destroy(struct http_event_hub *hub)
{
    if (hub == NULL) {
        return;
    }
    pthread_mutex_lock(&hub->lock);
    assert(hub->listeners == NULL);
    hub->is_stopping = true;
    pthread_cond_signal(&hub->stop_changed);
    pthread_mutex_unlock(&hub->lock);
    pthread_join(hub->heart, NULL);
    for (size_t i = 0; i < hub->kept_count; i++) {
        free(hub->kept[i].text);
    }
    pthread_mutex_destroy(&hub->lock);
    pthread_cond_destroy(&hub->stop_changed);
    free(hub);
}

/* Remember the event for newcomers (takes TEXT; NULL: there is none any more). Under the hub's lock. */
static void
keep(struct http_event_hub *hub, const char *name, char *text, size_t length)
{
    size_t i = 0;
    while (i < hub->kept_count && strcmp(hub->kept[i].name, name) != 0) {
        i++;
    }
    assert(i < KEPT_EVENTS_MAX); /* names are constants of the program */
    if (i == hub->kept_count) {
        hub->kept_count++;
        snprintf(hub->kept[i].name, sizeof hub->kept[i].name, "%s", name);
    }
    free(hub->kept[i].text);
    hub->kept[i].text = text;
    hub->kept[i].length = length;
}

/* Under the hub's lock. */
static void
end_all(struct http_event_hub *hub)
{
    for (struct listener *listener = hub->listeners; listener != NULL; listener = listener->next) {
        listener->is_ended = true;
        wake(listener);
    }
}

void
http_event_hub_publish(struct http_event_hub *hub, const char *name, const char *data, size_t length)
{
    assert(memchr(data, '\n', length) == NULL && memchr(data, '\r', length) == NULL);
    assert(strlen(name) < sizeof hub->kept[0].name);

    struct buffer text;
    buffer_init(&text, EVENT_MAX_BYTES);
    buffer_printf(&text, "event: %s\ndata: ", name);
    buffer_append(&text, data, length);
    buffer_append(&text, "\n\n", 2);
    bool is_sendable = !text.has_failed;
    size_t text_length;
    char *bytes = buffer_take(&text, &text_length);
    pthread_mutex_lock(&hub->lock);
    if (is_sendable) {
        give_all(hub, bytes, text_length);
        keep(hub, name, bytes, text_length);
    } else {
        /* Screens that missed it would show what is no longer so: they are cut off, come back and ask for the state. */
        free(bytes);
        keep(hub, name, NULL, 0);
        end_all(hub);
    }
    pthread_mutex_unlock(&hub->lock);
}

size_t
http_event_hub_listeners(struct http_event_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    size_t count = hub->listener_count;
    pthread_mutex_unlock(&hub->lock);
    return count;
}

static ssize_t
on_read(void *context, uint64_t position, char *out, size_t size)
{
    (void)position;
    struct listener *listener = context;
    ssize_t result = 0;
    pthread_mutex_lock(&listener->hub->lock);
    if (listener->backlog.length > 0 && !listener->backlog.has_failed) {
        size_t length = listener->backlog.length < size ? listener->backlog.length : size;
        memcpy(out, listener->backlog.data, length);
        buffer_drop_front(&listener->backlog, length);
        result = (ssize_t)length;
    } else if (listener->is_ended) {
        result = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        MHD_suspend_connection(listener->connection);
        listener->is_suspended = true;
    }
    pthread_mutex_unlock(&listener->hub->lock);
    return result;
}

static void
on_free(void *context)
{
    struct listener *listener = context;
    struct http_event_hub *hub = listener->hub;
    pthread_mutex_lock(&hub->lock);
    for (struct listener **link = &hub->listeners; *link != NULL; link = &(*link)->next) {
        if (*link == listener) {
            *link = listener->next;
            hub->listener_count--;
            break;
        }
    }
    pthread_mutex_unlock(&hub->lock);
    buffer_finish(&listener->backlog);
    free(listener);
}

/* Remember the hub, so that the server's stop ends its streams. False when the server is stopping already. */
static bool
join_server(struct http_event_hub *hub, struct http_server *server)
{
    pthread_mutex_lock(&server->life_lock);
    bool is_joined = !server->is_stopping;
    if (is_joined && hub->server == NULL) {
        hub->server = server;
        hub->next = server->hubs;
        server->hubs = hub;
    }
    assert(!is_joined || hub->server == server);
    pthread_mutex_unlock(&server->life_lock);
    return is_joined;
}

void
server_end_streams(struct http_server *server)
{
    for (struct http_event_hub *hub = server->hubs; hub != NULL; hub = hub->next) {
        pthread_mutex_lock(&hub->lock);
        hub->is_stopping = true;
        end_all(hub);
        pthread_mutex_unlock(&hub->lock);
    }
}

/* Enter the listener and give it the newest event of each name. False when the hub is full or stopping. */
static bool
hub_enter(struct http_event_hub *hub, struct listener *listener)
{
    pthread_mutex_lock(&hub->lock);
    bool is_entered = !hub->is_stopping && hub->listener_count < LISTENERS_MAX;
    if (is_entered) {
        give(listener, "retry: 1000\n\n", 13);
        for (size_t i = 0; i < hub->kept_count; i++) {
            if (hub->kept[i].text != NULL) {
                give(listener, hub->kept[i].text, hub->kept[i].length);
            }
        }
        listener->next = hub->listeners;
        hub->listeners = listener;
        hub->listener_count++;
    }
    pthread_mutex_unlock(&hub->lock);
    return is_entered;
}

void
http_respond_events(struct http_request *request, struct http_event_hub *hub)
{
    struct error_detail err;
    struct listener *listener = calloc(1, sizeof *listener);
    if (listener == NULL) {
        error_set(&err, "no_memory", "out of memory");
        http_respond_error(request, STATUS_NO_MEMORY, &err);
        return;
    }
    listener->hub = hub;
    listener->connection = request->connection;
    buffer_init(&listener->backlog, BACKLOG_MAX_BYTES);
    if (!join_server(hub, request->server) || !hub_enter(hub, listener)) {
        buffer_finish(&listener->backlog);
        free(listener);
        error_set(&err, "no_more_screens", "too many screens are listening, or the program is stopping");
        http_respond_error(request, STATUS_BUSY, &err);
        return;
    }
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, READ_BLOCK_BYTES, on_read, listener, on_free);
    if (response == NULL) {
        on_free(listener);
    } else if (MHD_add_response_header(response, "Content-Type", "text/event-stream; charset=utf-8") != MHD_YES) {
        MHD_destroy_response(response); /* frees the listener */
        response = NULL;
    }
    request->is_stream = true;
    request_answer(request, 200, response);
}
