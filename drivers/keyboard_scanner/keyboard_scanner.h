/* A scanner that types ("keyboard wedge"), read through /dev/input/event* and grabbed: nothing else sees its keys.
 *
 * The till's user needs the right to read the node (docs/drivers/scanner.md has the rule for udev). */
#pragma once

#include "drivers/code_stream/device_match.h"
#include "drivers/code_stream/framing.h"
#include "drivers/keyboard_scanner/keymap.h"

struct keyboard_scanner_options {
    struct device_match device; /* must name one: the clerk's keyboard is a keyboard too */
    enum keyboard_layout layout;
    struct framing_options framing;
    unsigned keep_ms; /* SCANNER_REPEAT_WINDOW_MS: how long a code waits for somebody to ask */
};

/* Does not touch the device. STATUS_INVALID when no device is named. *OUT is given: scanner_close. */
enum status keyboard_scanner_open(const struct keyboard_scanner_options *options, struct scanner **out,
                                  struct error_detail *err) MUST_CHECK;
