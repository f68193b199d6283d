/* A scanner in HID POS mode ("USB HID POS", "OPOS", "IBM hand-held" is another thing), read through /dev/hidraw*.
 *
 * The till's user needs the right to read the node (docs/drivers/scanner.md has the rule for udev). */
#pragma once

#include "drivers/code_stream/device_match.h"
#include "drivers/scanner/scanner.h"

struct hid_pos_scanner_options {
    struct device_match device; /* any: the first node that describes a scanner */
    unsigned gap_ms;            /* FRAMING_GAP_MS: the longest pause within a code */
    unsigned keep_ms;           /* SCANNER_REPEAT_WINDOW_MS: how long a code waits for somebody to ask */
};

/* Does not touch the device. *OUT is given: scanner_close. */
enum status hid_pos_scanner_open(const struct hid_pos_scanner_options *options, struct scanner **out,
                                 struct error_detail *err) MUST_CHECK;
