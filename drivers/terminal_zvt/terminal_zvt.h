/* Payment terminals on a serial line that speak ZVT (docs/protocol/terminal-zvt.md). The constructor does not touch the
 * port: a terminal that is plugged in later is found when it is needed. */
#pragma once

#include "drivers/payment_terminal/payment_terminal.h"
#include "drivers/transport/transport.h"

struct terminal_zvt_options {
    struct transport *transport; /* taken, also on failure */
    const char *till;            /* this till, 1–32 printable ASCII characters */
    const char *password;        /* the terminal's for tills, six digits */
};

/* *OUT is given: close with payment_terminal_close. The rest of OPTIONS is copied. STATUS_INVALID names the option at
 * fault. */
enum status terminal_zvt_open(const struct terminal_zvt_options *options, struct payment_terminal **out,
                              struct error_detail *err) MUST_CHECK;
