/* Connections and their patience.
 *
 * libmicrohttpd cuts off who is silent, but a byte now and then keeps a connection for ever. So each connection has an
 * hour at which it is cut, moved on by what it gets done: a whole head, a body that comes at
 * HTTP_LEAST_BYTES_PER_SECOND, an answer that is fetched at that speed. While the server itself works there is none.
 * The cut is shutdown(2) on the socket, by a thread of its own; libmicrohttpd then finds the connection ended and
 * clears it up. */
#include "common/http/exchange.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

enum {
    LOOK_SECONDS = 1,
    UNHEARD_MS = 60 * 1000 /* what the peer does not confirm within it ends the connection: the cable was pulled */
};

/* INVARIANT: in the server's list from the start to the end of the connection; `socket` is open as long. */
struct http_connection {
    struct http_server *server;
    int socket;
    int64_t part_began_ms; /* monotonic: the head, the body, the answer */
    int64_t due_ms;        /* monotonic; INT64_MAX: never */
    struct http_connection *next, *previous;
};

static int64_t
monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
enter(struct http_server *server, struct MHD_Connection *connection, void **slot)
{
    const union MHD_ConnectionInfo *information =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct http_connection *entry = calloc(1, sizeof *entry);
    *slot = entry;
    if (entry == NULL || information == NULL) {
        free(entry);
        *slot = NULL; /* without memory: libmicrohttpd's own time limit is left, and TLS gets no certificate */
        return;
    }
    entry->server = server;
    entry->socket = information->connect_fd;
    entry->due_ms = monotonic_ms() + (int64_t)server->patience_seconds * 1000;
    const unsigned unheard_ms = UNHEARD_MS;
    (void)setsockopt(entry->socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &unheard_ms, sizeof unheard_ms); /* a help only */
    pthread_mutex_lock(&server->connections_lock);
    entry->next = server->first_connection;
    if (entry->next != NULL) {
        entry->next->previous = entry;
    }
    server->first_connection = entry;
    server->counts.connections++;
    server->counts.connections_begun++;
    pthread_cond_signal(&server->connections_changed);
    pthread_mutex_unlock(&server->connections_lock);
}

static void
leave(struct http_server *server, struct http_connection *entry)
{
    pthread_mutex_lock(&server->connections_lock);
    if (entry->previous != NULL) {
        entry->previous->next = entry->next;
    } else {
        server->first_connection = entry->next;
    }
    if (entry->next != NULL) {
        entry->next->previous = entry->previous;
    }
    server->counts.connections--;
    pthread_mutex_unlock(&server->connections_lock);
    free(entry);
}

void
connection_notice(void *context, struct MHD_Connection *connection, void **slot,
                  enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        enter(context, connection, slot);
    } else if (*slot != NULL) {
        leave(context, *slot);
        *slot = NULL;
    }
}

static struct http_connection *
entry_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *information =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return information != NULL ? information->socket_context : NULL;
}

struct http_server *
connection_server(struct MHD_Connection *connection)
{
    const struct http_connection *entry = entry_of(connection);
    return entry != NULL ? entry->server : NULL;
}

static void
set_due(struct http_connection *entry, int64_t due_ms)
{
    pthread_mutex_lock(&entry->server->connections_lock);
    entry->due_ms = due_ms;
    pthread_mutex_unlock(&entry->server->connections_lock);
}

static int64_t
time_for(unsigned seconds, size_t bytes)
{
    return (int64_t)seconds * 1000 + (int64_t)(bytes / HTTP_LEAST_BYTES_PER_SECOND) * 1000;
}

void
connection_may_take(struct MHD_Connection *connection, unsigned seconds, size_t bytes)
{
    struct http_connection *entry = entry_of(connection);
    if (entry != NULL) {
        entry->part_began_ms = monotonic_ms();
        set_due(entry, entry->part_began_ms + time_for(seconds, bytes));
    }
}

void
connection_got_further(struct MHD_Connection *connection, size_t bytes)
{
    struct http_connection *entry = entry_of(connection);
    if (entry != NULL) {
        set_due(entry, entry->part_began_ms + time_for(entry->server->patience_seconds, bytes));
    }
}

void
connection_may_wait(struct MHD_Connection *connection)
{
    struct http_connection *entry = entry_of(connection);
    if (entry != NULL) {
        set_due(entry, INT64_MAX);
    }
}

static void
cut_late_ones(struct http_server *server)
{
    int64_t now_ms = monotonic_ms();
    for (struct http_connection *entry = server->first_connection; entry != NULL; entry = entry->next) {
        if (entry->due_ms <= now_ms) {
            entry->due_ms = INT64_MAX;
            shutdown(entry->socket, SHUT_RDWR); /* whatever it says, the connection is over or was already */
            server->counts.connections_cut++;
        }
    }
}

static void *
watch_main(void *context)
{
    struct http_server *server = context;
    pthread_mutex_lock(&server->connections_lock);
    while (!server->watch_must_end) {
        if (server->first_connection == NULL) {
            pthread_cond_wait(&server->connections_changed, &server->connections_lock);
            continue;
        }
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += LOOK_SECONDS;
        int waited = 0;
        while (waited != ETIMEDOUT && !server->watch_must_end) {
            waited = pthread_cond_timedwait(&server->connections_changed, &server->connections_lock, &until);
        }
        cut_late_ones(server);
    }
    pthread_mutex_unlock(&server->connections_lock);
    return NULL;
}

enum status
connections_watch(struct http_server *server, struct error_detail *err)
{
    if (pthread_create(&server->watch, NULL, watch_main, server) != 0) {
        error_set(err, "no_thread", "the thread that watches connections could not be started");
        return STATUS_IO;
    }
    server->has_watch = true;
    return STATUS_OK;
}

void
connections_unwatch(struct http_server *server)
{
    if (!server->has_watch) {
        return;
    }
    pthread_mutex_lock(&server->connections_lock);
    server->watch_must_end = true;
    pthread_cond_signal(&server->connections_changed);
    pthread_mutex_unlock(&server->connections_lock);
    pthread_join(server->watch, NULL);
    server->has_watch = false;
}
