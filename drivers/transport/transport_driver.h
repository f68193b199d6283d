/* Transports, for implementers. Callers include transport.h. */
#pragma once

#include "drivers/transport/transport.h"

/* All entries are required unless said otherwise; each is what the function of the same name promises. `begin` is only
 * called while no conversation is on; `end`, `write`, `read` and the optional ones only while one is. */
struct transport_driver {
    const char *name;
    bool is_lasting;
    enum status (*begin)(struct transport *transport, int64_t deadline_ms, bool *out_is_new, struct error_detail *err);
    void (*end)(struct transport *transport);
    void (*drop)(struct transport *transport); /* also while no conversation is on; more than once */
    enum status (*write)(struct transport *transport, const void *bytes, size_t length, int64_t deadline_ms,
                         size_t *out_sent, struct error_detail *err);
    enum status (*read)(struct transport *transport, void *out, size_t capacity, int64_t deadline_ms,
                        size_t *out_length, struct error_detail *err);
    bool (*reset)(struct transport *transport);                 /* NULL: no such way */
    const char *(*identity)(const struct transport *transport); /* NULL: unknown */
    void (*destroy)(struct transport *transport);               /* drops first; frees the implementation's struct */
};

/* First member of every implementation's struct. */
struct transport {
    const struct transport_driver *driver;
    bool is_talking; /* kept by transport.c */
};
