/* Codes out of a HID POS scanner's reports. Pure: time is a parameter.
 *
 * A code that is longer than a report comes in several, all but the last marked "continued". Half a code is never one:
 * a pause, or a report that is too short or contradicts itself, drops what has come so far, and what belongs to it. */
#pragma once

#include "drivers/hid_pos_scanner/descriptor.h"
#include "drivers/scanner/scanner.h"

#include <stdint.h>

struct hid_assembly {
    struct hid_scanner_layout layout;
    unsigned gap_ms; /* the longest pause between two reports of a code */
    struct scanned_code code;
    int64_t last_ms;
    bool has_begun;
    bool is_too_long;
    bool is_spoiled;
};

void hid_assembly_init(struct hid_assembly *assembly, const struct hid_scanner_layout *layout, unsigned gap_ms);

/* Wipe what has come so far. */
void hid_assembly_reset(struct hid_assembly *assembly);

/* The next report. STATUS_OK: *OUT is complete. STATUS_NOT_FOUND: not yet, or a report of another kind.
 * STATUS_OVERFLOW, STATUS_INVALID: a code ended that was too long, or damaged, or not printable. */
enum status hid_assembly_put(struct hid_assembly *assembly, const uint8_t *report, size_t length, int64_t now_ms,
                             struct scanned_code *out) MUST_CHECK;
