/* The door to transports: checks that conversations begin and end, then dispatches. */
#include "drivers/transport/transport_driver.h"

#include <assert.h>

const char *
transport_name(const struct transport *transport)
{
    assert(transport != NULL);
    return transport->driver->name;
}

bool
transport_is_lasting(const struct transport *transport)
{
    assert(transport != NULL);
    return transport->driver->is_lasting;
}

enum status
transport_begin(struct transport *transport, int64_t deadline_ms, bool *out_is_new, struct error_detail *err)
{
    assert(transport != NULL);
    assert(!transport->is_talking);
    bool is_new = true;
    enum status status = transport->driver->begin(transport, deadline_ms, &is_new, err);
    transport->is_talking = status == STATUS_OK;
    *out_is_new = is_new;
    return status;
}

void
transport_end(struct transport *transport)
{
    assert(transport != NULL);
    if (transport->is_talking) {
        transport->driver->end(transport);
        transport->is_talking = false;
    }
}

void
transport_drop(struct transport *transport)
{
    assert(transport != NULL);
    transport->driver->drop(transport);
    transport->is_talking = false;
}

enum status
transport_write(struct transport *transport, const void *bytes, size_t length, int64_t deadline_ms, size_t *out_sent,
                struct error_detail *err)
{
    assert(transport->is_talking);
    *out_sent = 0;
    return transport->driver->write(transport, bytes, length, deadline_ms, out_sent, err);
}

enum status
transport_read(struct transport *transport, void *out, size_t capacity, int64_t deadline_ms, size_t *out_length,
               struct error_detail *err)
{
    assert(transport->is_talking);
    assert(capacity > 0);
    *out_length = 0;
    return transport->driver->read(transport, out, capacity, deadline_ms, out_length, err);
}

bool
transport_reset(struct transport *transport)
{
    assert(transport->is_talking);
    return transport->driver->reset != NULL && transport->driver->reset(transport);
}

const char *
transport_identity(const struct transport *transport)
{
    return transport->driver->identity != NULL && transport->is_talking ? transport->driver->identity(transport) : "";
}

void
transport_destroy(struct transport *transport)
{
    if (transport != NULL) {
        transport->driver->destroy(transport);
    }
}
