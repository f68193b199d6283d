/* Non-blocking sockets and poll(2). */
#include "drivers/transport/tcp.h"

#include "drivers/monitor/monitor.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct tcp_stream {
    int descriptor;
};

/* An address of either family. */
struct address {
    struct sockaddr_storage storage;
    socklen_t length;
};

static bool
parse_address(struct address *out, const char *host, uint16_t port)
{
    struct in_addr v4;
    struct in6_addr v6;
    const char *numeric = strcmp(host, "localhost") == 0 ? "127.0.0.1" : host;
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, numeric, &v4) == 1) {
        const struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = v4};
        memcpy(&out->storage, &address, sizeof address);
        out->length = sizeof address;
        return true;
    }
    if (inet_pton(AF_INET6, numeric, &v6) == 1) {
        const struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = v6};
        memcpy(&out->storage, &address, sizeof address);
        out->length = sizeof address;
        return true;
    }
    return false;
}

bool
tcp_host_is_valid(const char *host)
{
    struct address address;
    return parse_address(&address, host, 0);
}

/* Wait for EVENTS; false once the deadline has passed. Errors on the socket count as an event. */
static bool
wait_for(int descriptor, short events, int64_t deadline_ms)
{
    for (;;) {
        const int64_t left_ms = deadline_ms - monitor_now_ms();
        struct pollfd entry = {.fd = descriptor, .events = events};
        int ready = poll(&entry, 1, left_ms < 0 ? 0 : left_ms > INT_MAX ? INT_MAX : (int)left_ms);
        if (ready > 0) {
            return true;
        }
        if (ready == 0 && deadline_ms <= monitor_now_ms()) {
            return false;
        }
        if (ready < 0 && errno != EINTR) {
            return true; /* the read or write that follows meets the same error and names it */
        }
    }
}

static bool
prepare(int descriptor)
{
    const int on = 1;
    const int flags = fcntl(descriptor, F_GETFL);
    return flags >= 0 && fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0 &&
           fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 &&
           setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0 &&
           setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on) == 0;
}

/* 0, or the errno of the failure. */
static int
establish(int descriptor, const struct address *address, int64_t deadline_ms)
{
    if (connect(descriptor, (const struct sockaddr *)&address->storage, address->length) == 0) {
        return 0;
    }
    if (errno != EINPROGRESS && errno != EINTR) {
        return errno;
    }
    if (!wait_for(descriptor, POLLOUT, deadline_ms)) {
        return ETIMEDOUT;
    }
    int failure = 0;
    socklen_t size = sizeof failure;
    return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &size) == 0 ? failure : errno;
}

enum status
tcp_connect(struct tcp_stream **out, const char *host, uint16_t port, int64_t deadline_ms, struct error_detail *err)
{
    struct address address;
    if (!parse_address(&address, host, port)) {
        error_set(err, "bad_address", "%s is not a numeric address", host);
        return STATUS_UNREACHABLE;
    }
    struct tcp_stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    stream->descriptor = socket(address.storage.ss_family, SOCK_STREAM, 0);
    int failure = stream->descriptor < 0 || !prepare(stream->descriptor) ? errno : 0;
    if (failure == 0) {
        failure = establish(stream->descriptor, &address, deadline_ms);
    }
    if (failure != 0) {
        error_set(err, "not_connected", "connecting to %s port %u: %s", host, port, strerror(failure));
        tcp_close(stream);
        return STATUS_UNREACHABLE;
    }
    *out = stream;
    return STATUS_OK;
}

void
tcp_close(struct tcp_stream *stream)
{
    if (stream == NULL) {
        return;
    }
    if (stream->descriptor >= 0) {
        close(stream->descriptor);
    }
    free(stream);
}

static bool
is_worth_waiting(int failure)
{
    return failure == EAGAIN || failure == EWOULDBLOCK || failure == EINTR;
}

enum status
tcp_write(struct tcp_stream *stream, const void *bytes, size_t length, int64_t deadline_ms, size_t *out_sent,
          struct error_detail *err)
{
    assert(stream != NULL);
    size_t sent = 0;
    enum status status = STATUS_OK;
    while (sent < length && status == STATUS_OK) {
        ssize_t taken = send(stream->descriptor, (const char *)bytes + sent, length - sent, MSG_NOSIGNAL);
        if (taken >= 0) {
            sent += (size_t)taken;
        } else if (!is_worth_waiting(errno)) {
            error_set(err, "connection_broke", "sending: %s", strerror(errno));
            status = STATUS_DEVICE_GONE;
        } else if (!wait_for(stream->descriptor, POLLOUT, deadline_ms)) {
            error_set(err, "peer_stalled", "the device takes no more data");
            status = STATUS_BUSY;
        }
    }
    *out_sent = sent;
    return status;
}

enum status
tcp_read(struct tcp_stream *stream, void *out, size_t capacity, int64_t deadline_ms, size_t *out_length,
         struct error_detail *err)
{
    assert(stream != NULL);
    assert(capacity > 0);
    for (;;) {
        ssize_t got = recv(stream->descriptor, out, capacity, 0);
        if (got > 0) {
            *out_length = (size_t)got;
            return STATUS_OK;
        }
        if (got == 0) {
            error_set(err, "connection_closed", "the device closed the connection");
            return STATUS_DEVICE_GONE;
        }
        if (!is_worth_waiting(errno)) {
            error_set(err, "connection_broke", "receiving: %s", strerror(errno));
            return STATUS_DEVICE_GONE;
        }
        if (!wait_for(stream->descriptor, POLLIN, deadline_ms)) {
            error_set(err, "no_answer", "the device did not answer in time");
            return STATUS_NOT_FOUND;
        }
    }
}
