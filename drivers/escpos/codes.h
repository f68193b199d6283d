/* Characters as the bytes of a printer with a Japanese ROM, kept once they have been converted; and those that the ROM
 * lacks (𠮷, 葛 with a selector, 한, 们), drawn by somebody and defined in the printer as the user's own.
 *
 * The conversion is common/text/cp932.h's. That one opens the C library's converter for each text; a receipt is a
 * hundred short texts of few different characters, and asking once for each character makes it several times as fast
 * (tests/bench/receipt). */
#pragma once

#include "common/bytes/buffer.h"

#include <stdint.h>

enum {
    ESCPOS_GLYPHS_MAX = 94,    /* FS 2 knows so many codes: Shift JIS EC40 … EC9E */
    ESCPOS_GLYPH_BYTES = 72,   /* 24 columns of three bytes */
    ESCPOS_CHARACTER_SIZE = 12 /* a character, its selector and a NUL */
};

/* Draw the one character of LENGTH bytes; false when that cannot be done. */
typedef bool (*escpos_glyph_drawer)(const char *text, size_t length, uint8_t dots[ESCPOS_GLYPH_BYTES]);

/* What the printer was taught since ESC @. Begin with {0} and a drawer (NULL: 〓 for all that the ROM lacks). */
struct escpos_glyphs {
    escpos_glyph_drawer draw;
    char known[ESCPOS_GLYPHS_MAX][ESCPOS_CHARACTER_SIZE];
    size_t count;
};

/* Append LENGTH bytes of clean TEXT (common/text/typeset.h) as CP932, where a byte is a column. What CP932 lacks is
 * defined first, by FS 2 put in at byte *LINE_START of OUT, where the printed line begins (and begins later then); when
 * it cannot be drawn, it is printed without its selector, else as 〓. False when this system cannot convert. */
bool escpos_codes_append(struct buffer *out, size_t *line_start, const char *text, size_t length,
                         struct escpos_glyphs *glyphs) MUST_CHECK;
