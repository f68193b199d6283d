/* The port stays open between conversations: opening it moves DTR, at which some devices start anew. */
#include "drivers/transport/serial_transport.h"

#include "drivers/transport/transport_driver.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct serial_transport {
    struct transport base;
    struct serial_options options;
    char *path;
    struct serial_port *port; /* NULL: not found yet, or lost */
};

static const struct transport_driver driver;

static struct serial_transport *
serial_of(struct transport *transport)
{
    assert(transport->driver == &driver);
    return (struct serial_transport *)transport;
}

static void
drop(struct transport *transport)
{
    struct serial_transport *self = serial_of(transport);
    serial_discard(self->port);
    serial_close(self->port);
    self->port = NULL;
}

static enum status
begin(struct transport *transport, int64_t deadline_ms, bool *out_is_new, struct error_detail *err)
{
    struct serial_transport *self = serial_of(transport);
    (void)deadline_ms; /* CLOCAL: opening waits for nobody */
    if (self->port != NULL && serial_is_gone(self->port)) {
        drop(transport);
    }
    *out_is_new = self->port == NULL;
    if (self->port != NULL) {
        return STATUS_OK;
    }
    enum status status = serial_open(&self->port, &self->options, err);
    return status == STATUS_NOT_FOUND ? STATUS_DEVICE_GONE : status;
}

static void
end(struct transport *transport)
{
    (void)serial_of(transport);
}

static enum status
write_bytes(struct transport *transport, const void *bytes, size_t length, int64_t deadline_ms, size_t *out_sent,
            struct error_detail *err)
{
    return serial_write(serial_of(transport)->port, bytes, length, deadline_ms, out_sent, err);
}

static enum status
read_bytes(struct transport *transport, void *out, size_t capacity, int64_t deadline_ms, size_t *out_length,
           struct error_detail *err)
{
    return serial_read(serial_of(transport)->port, out, capacity, deadline_ms, out_length, err);
}

static void
destroy(struct transport *transport)
{
    struct serial_transport *self = serial_of(transport);
    serial_close(self->port);
    free(self->path);
    free(self);
}

static const struct transport_driver driver = {
    .name = "serial",
    .is_lasting = true,
    .begin = begin,
    .end = end,
    .drop = drop,
    .write = write_bytes,
    .read = read_bytes,
    .destroy = destroy,
};

enum status
serial_transport_create(struct transport **out, const struct serial_options *options, struct error_detail *err)
{
    if (!serial_baud_is_valid(options->baud)) {
        error_set(err, "baud", "%u is not a speed of a serial port; 1200, 2400, 4800, 9600 … 115200 are",
                  options->baud);
        return STATUS_INVALID;
    }
    struct serial_transport *self = calloc(1, sizeof *self);
    char *path = self != NULL ? strdup(options->path) : NULL;
    if (path == NULL) {
        free(self);
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    self->base.driver = &driver;
    self->options = *options;
    self->path = path;
    self->options.path = path;
    *out = &self->base;
    return STATUS_OK;
}
