/* A cash drawer that opens at bytes on a port of its own. */
#pragma once

#include "drivers/cash_drawer/cash_drawer.h"
#include "drivers/transport/transport.h"

#include <stdint.h>

enum { TRIGGER_MAX_BYTES = 16 /* the longest command of such boxes is five */ };

struct trigger_drawer_options {
    struct transport *transport;        /* taken, also on failure */
    uint8_t trigger[TRIGGER_MAX_BYTES]; /* what opens it */
    size_t length;                      /* 1 … TRIGGER_MAX_BYTES */
};

/* Does not touch the port. *OUT is given: cash_drawer_close. STATUS_INVALID, STATUS_NO_MEMORY. */
enum status trigger_drawer_open(const struct trigger_drawer_options *options, struct cash_drawer **out,
                                struct error_detail *err) MUST_CHECK;

/* "07" or "1b70001919" (hexadecimal, in pairs) as the trigger of OUT; false for anything else. */
bool trigger_parse(const char *text, struct trigger_drawer_options *out);
