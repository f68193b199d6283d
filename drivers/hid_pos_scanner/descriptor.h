/* Where a HID POS scanner puts what it has read, according to its own report descriptor. Pure.
 *
 * Sources: USB "Device Class Definition for HID" 1.11 (items, chapter 6.2.2), "HID Point of Sale Usage Tables" 1.02
 * (usage page 8C). */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

enum {
    HID_DESCRIPTOR_MAX_BYTES = 4096, /* as the kernel's HID_MAX_DESCRIPTOR_SIZE */
    HID_REPORT_MAX_BYTES = 4096      /* a report of a full-speed scanner is 64 bytes */
};

/* A field of whole bytes within a report, the report id included. */
struct hid_bytes {
    size_t offset;
    size_t length; /* 0: the report has no such field */
};

/* INVARIANT: data.length ≥ 1; every field lies within report_length; continued_mask is not 0 when has_continued. */
struct hid_scanner_layout {
    bool has_report_id;
    uint8_t report_id;
    size_t report_length; /* bytes, the id included */
    struct hid_bytes data;
    struct hid_bytes count; /* how many bytes of `data` are used: 1 or 2 bytes, little-endian */
    bool has_continued;     /* more of this code follows in the next report */
    size_t continued_offset;
    uint8_t continued_mask;
};

/* The first input report of a scanner in the descriptor. STATUS_NOT_FOUND when it describes no scanner, STATUS_INVALID
 * when it is damaged, or puts the data where this reader does not look (not on bytes). */
enum status hid_scanner_layout_find(struct hid_scanner_layout *out, const uint8_t *descriptor, size_t length,
                                    struct error_detail *err) MUST_CHECK;
