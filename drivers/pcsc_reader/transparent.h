/* FeliCa commands inside APDUs: the transparent exchange of PC/SC part 3, supplement 2. Pure.
 *
 * Data objects: 5F46 a timer in microseconds (little-endian), 95 a command, C0 what became of it, 97 the answer.
 * Checked against the bytes that public programs exchange with an RC-S300 (sakura-system.com, article 3120). */
#pragma once

#include "drivers/felica/felica.h"

enum {
    APDU_SIZE = 300,
    TRANSPARENT_TIMEOUT_MAX_MS = 5000 /* a card answers within milliseconds */
};

struct apdu {
    uint8_t bytes[APDU_SIZE];
    size_t length;
};

/* The exchange of COMMAND. */
void transparent_write(struct apdu *out, const struct felica_frame *command, unsigned timeout_ms);

/* What the reader answered. STATUS_NOT_FOUND: no card did. STATUS_REFUSED: the reader does not do this. STATUS_INVALID:
 * it makes no sense. */
enum status
transparent_read(struct felica_frame *out, const uint8_t *answer, size_t length, struct error_detail *err) MUST_CHECK;
