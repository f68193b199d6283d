/* USB devices that the kernel plays to itself: a gadget of configfs on a controller of dummy_hcd, which is at once the
 * host's port. Only in the machine of this suite; as root. Every step asserts that the kernel took it. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { GADGET_PATH_SIZE = 128, GADGET_PORT_SIZE = 32 };

struct gadget {
    char folder[GADGET_PATH_SIZE];
    unsigned controller;
};

/* What it calls itself. */
struct gadget_names {
    uint16_t vendor, product;
    const char *maker, *model, *serial;
};

/* A device that is not plugged in yet, on CONTROLLER (0 to 3; each carries one). NAME is a file name. */
void gadget_create(struct gadget *gadget, const char *name, unsigned controller, const struct gadget_names *names);

/* Give it a function ("printer.0"); set its attributes before it is used. */
void gadget_make_function(const struct gadget *gadget, const char *function);
void
gadget_set(const struct gadget *gadget, const char *function, const char *attribute, const void *bytes, size_t length);
void gadget_get(const struct gadget *gadget, const char *function, const char *attribute, char *out, size_t size);
void gadget_use_function(const struct gadget *gadget, const char *function);

/* The gadget's side of a serial function: the kernel numbers them in the order they were made, over all gadgets. */
void gadget_name_port(const struct gadget *gadget, const char *function, char out[GADGET_PORT_SIZE]);

/* Plug in; returns when the host has configured it. */
void gadget_plug(const struct gadget *gadget);

/* Pull the cable, whatever is under way; returns when the host has missed the device. Fine when it is out. */
void gadget_unplug(const struct gadget *gadget);
