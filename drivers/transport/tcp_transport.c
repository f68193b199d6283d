/* A connection for each conversation. */
#include "drivers/transport/tcp_transport.h"

#include "drivers/transport/tcp.h"
#include "drivers/transport/transport_driver.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

enum { HOST_SIZE = 46 /* the longest numeric address */ };

struct tcp_transport {
    struct transport base;
    char host[HOST_SIZE];
    uint16_t port;
    struct tcp_stream *stream;
};

static const struct transport_driver driver;

static struct tcp_transport *
tcp_of(struct transport *transport)
{
    assert(transport->driver == &driver);
    return (struct tcp_transport *)transport;
}

static void
drop(struct transport *transport)
{
    struct tcp_transport *self = tcp_of(transport);
    tcp_close(self->stream);
    self->stream = NULL;
}

static enum status
begin(struct transport *transport, int64_t deadline_ms, bool *out_is_new, struct error_detail *err)
{
    struct tcp_transport *self = tcp_of(transport);
    enum status status = tcp_connect(&self->stream, self->host, self->port, deadline_ms, err);
    *out_is_new = true;
    return status == STATUS_UNREACHABLE ? STATUS_DEVICE_GONE : status;
}

static enum status
write_bytes(struct transport *transport, const void *bytes, size_t length, int64_t deadline_ms, size_t *out_sent,
            struct error_detail *err)
{
    return tcp_write(tcp_of(transport)->stream, bytes, length, deadline_ms, out_sent, err);
}

static enum status
read_bytes(struct transport *transport, void *out, size_t capacity, int64_t deadline_ms, size_t *out_length,
           struct error_detail *err)
{
    return tcp_read(tcp_of(transport)->stream, out, capacity, deadline_ms, out_length, err);
}

static void
destroy(struct transport *transport)
{
    drop(transport);
    free(tcp_of(transport));
}

static const struct transport_driver driver = {
    .name = "tcp",
    .begin = begin,
    .end = drop,
    .drop = drop,
    .write = write_bytes,
    .read = read_bytes,
    .destroy = destroy,
};

enum status
tcp_transport_create(struct transport **out, const char *host, uint16_t port, struct error_detail *err)
{
    if (!tcp_host_is_valid(host)) {
        error_set(err, "bad_address", "host %s is not a numeric address", host);
        return STATUS_INVALID;
    }
    struct tcp_transport *self = calloc(1, sizeof *self);
    if (self == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    self->base.driver = &driver;
    snprintf(self->host, sizeof self->host, "%s", host);
    self->port = port;
    *out = &self->base;
    return STATUS_OK;
}
