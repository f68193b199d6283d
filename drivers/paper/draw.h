/* Characters and pictures as the dots of a printer's head: what a printer's ROM lacks, and logos. Safe from any thread.
 */
#pragma once

#include "common/bytes/buffer.h"

#include <stdint.h>

enum {
    PAPER_GLYPH_DOTS = 24,
    PAPER_GLYPH_BYTES = PAPER_GLYPH_DOTS * 3,
    PAPER_PICTURE_MAX_WIDTH = 576, /* the widest head here */
    PAPER_PICTURE_MAX_HEIGHT = 1200
};

/* Draw the one character (with its variation selector, if it has one) of LENGTH bytes into 24 × 24 dots: columns from
 * left to right, three bytes each, the top dot in the highest bit, as FS 2 takes them. False when no font has it. */
bool paper_draw_glyph(const char *text, size_t length, uint8_t dots[PAPER_GLYPH_BYTES]) MUST_CHECK;

/* 1-bit rows of `width_bytes`, leftmost dot in the highest bit, 1 = black. */
struct paper_dots {
    uint8_t *dots; /* free with paper_dots_finish */
    unsigned width_bytes, width, height;
};

/* Read LENGTH bytes of PNG; greys become patterns of dots, what is clear stays paper. Wider than MAX_WIDTH it is made
 * smaller by a whole factor. *OUT is given. STATUS_INVALID for what is no such PNG, STATUS_OVERFLOW beyond the limits
 * above. */
enum status paper_read_png(const void *png, size_t length, unsigned max_width, struct paper_dots *out,
                           struct error_detail *err) MUST_CHECK;
void paper_dots_finish(struct paper_dots *dots);

/* How many bytes the first command or character of LENGTH bytes of ESC/POS with Shift JIS takes; 0 when it is not
 * wholly there. What is not known takes two bytes, as a printer would read it. */
size_t paper_command_length(const void *bytes, size_t length);

/* The dots of the code (QR, CODE128, EAN/JAN, UPC-A) that COMMANDS make a printer draw: the settings of the code, then
 * the command that prints it. *OUT is given: paper_dots_finish. False when nothing is drawn. */
bool paper_draw_symbol(const void *commands, size_t length, struct paper_dots *out) MUST_CHECK;
