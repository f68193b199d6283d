/* Cuts the bytes of a fixed-width file into records of equal length, with or without line ends between them. */
#pragma once

#include "settlement/statements/layout_plan.h"

struct fixed_record {
    const char *start; /* layout->record_length bytes */
    uint32_t line;     /* number of the record, from 1: also its line, when there are line ends */
};

/* INVARIANT: the next record starts at `at`; `style` is the one LINE_ENDS_… bit that the records before ended with, or
 * 0 before the first. */
struct fixed_scanner {
    const struct layout *layout;
    const char *at;
    const char *end;
    unsigned style;
    uint32_t line;
};

/* BYTES and LAYOUT are borrowed. Errors as text_encoding_check_beginning. */
enum status fixed_scanner_init(struct fixed_scanner *scanner, const struct layout *layout, const char *bytes,
                               size_t length, struct error_detail *err) MUST_CHECK;

/* The next record; *OUT_HAS_RECORD is false after the last. STATUS_INVALID names line and column: a record that is too
 * short or too long, line ends that change, bytes outside the encoding. */
enum status fixed_scanner_next(struct fixed_scanner *scanner, struct fixed_record *record, bool *out_has_record,
                               struct error_detail *err) MUST_CHECK;
