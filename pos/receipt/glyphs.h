/* Characters as the bytes of a printer with a Japanese ROM, kept once they have been converted.
 *
 * The conversion itself, and what stands for a character that CP932 lacks, is common/text/cp932.h's. That one opens the
 * C library's converter for each text; a receipt is a hundred short texts of few different characters, and asking once
 * for each character makes it several times as fast (tests/bench/receipt). Safe from any thread. */
#pragma once

#include "common/bytes/buffer.h"

/* Append LENGTH bytes of clean TEXT (typeset.h) as CP932, where a byte is a column. False when this system cannot
 * convert. */
bool glyphs_append(struct buffer *out, const char *text, size_t length) MUST_CHECK;
