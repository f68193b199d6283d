/* Reads what an ESC/POS printer sends back. Pure; fed byte by byte, as answers of several kinds may stand in one packet
 * and one answer may come in several.
 *
 * The kinds are told apart by fixed bits of their first byte (Epson's reference, "Identifying the status"):
 *   0xx1xx10  answer to DLE EOT         0xx1xx00  first of the four bytes of an automatic report (GS a)
 *   0xx0xxxx  answer to GS r            0x11 0x13 flow control, ignored      0x37 … NUL  a block such as GS ( H's
 *   0x5F … NUL  a name (GS I) */
#pragma once

#include "drivers/printer/printer.h"

enum {
    ESCPOS_BLOCK_MAX_BYTES = 80 /* GS I names are the longest blocks; a longer one is noise and is dropped */
};

enum escpos_reply_kind {
    ESCPOS_REPLY_NONE,   /* more bytes are needed */
    ESCPOS_REPLY_STATUS, /* `bytes[0]` answers DLE EOT */
    ESCPOS_REPLY_REPORT, /* `bytes[0 … 3]` is an automatic report */
    ESCPOS_REPLY_SENSOR, /* `bytes[0]` answers GS r */
    ESCPOS_REPLY_JOB,    /* `bytes[0 … 3]` is the tag of a finished job */
    ESCPOS_REPLY_NAME    /* `bytes` is a text that GS I asked for, NUL-terminated, printable ASCII */
};

/* INVARIANT: `length` bytes of an unfinished answer of kind `pending`. Zeroed before the first byte. */
struct escpos_reply_reader {
    enum escpos_reply_kind pending;
    unsigned length;
    unsigned strange_count; /* bytes that begin no answer of a printer's */
    unsigned char bytes[ESCPOS_BLOCK_MAX_BYTES];
};

/* Take BYTE; says what it completed. The answer's bytes stay in READER until the next call. */
enum escpos_reply_kind escpos_reply_feed(struct escpos_reply_reader *reader, unsigned char byte);

/* Add the answer to DLE EOT N (1 … 4) to STATE; an automatic report likewise. STATE becomes known. */
void escpos_state_from_status(struct printer_state *state, unsigned n, unsigned char byte);
void escpos_state_from_report(struct printer_state *state, const unsigned char bytes[4]);

/* Level of drawer pin 3 in the answer to DLE EOT 1. What "high" means depends on the drawer. */
bool escpos_drawer_pin_is_high(unsigned char status_1);
