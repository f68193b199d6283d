/* A scanner that sends its codes as text over a serial port, with nothing but a suffix between them. */
#pragma once

#include "drivers/code_stream/framing.h"
#include "drivers/transport/serial.h"

struct serial_scanner_options {
    struct serial_options port; /* copied. A path below /dev/serial/by-id keeps its meaning when cables move */
    struct framing_options framing;
    unsigned keep_ms; /* SCANNER_REPEAT_WINDOW_MS: how long a code waits for somebody to ask */
};

/* Does not touch the port. STATUS_INVALID names a wrong option. *OUT is given: scanner_close. */
enum status serial_scanner_open(const struct serial_scanner_options *options, struct scanner **out,
                                struct error_detail *err) MUST_CHECK;
