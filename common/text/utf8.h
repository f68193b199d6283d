/* UTF-8: checking, walking, and how wide a text stands on a receipt. */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

/* Whether LENGTH bytes are well-formed UTF-8 (no overlong forms, no surrogates, ≤ U+10FFFF). */
bool utf8_is_valid(const char *text, size_t length);

enum { UTF8_REPLACEMENT = 0xFFFD };

/* Decode the character at *CURSOR (before END) and step over it. A malformed byte gives U+FFFD and steps one byte. */
uint32_t utf8_next(const char **cursor, const char *end);

/* Number of code points. TEXT is NUL-terminated. */
size_t utf8_count(const char *text);

/* Whether the character only chooses a variant of the one before it, as 葛󠄀 does; no printer's ROM has those. */
bool utf8_is_variation_selector(uint32_t code_point);

/* Columns a character takes on a half-width grid, as printers with a Japanese ROM draw it: the bytes of its CP932 form
 * (cp932.h). 1 for ASCII, half-width kana, ¥ and ‾; 0 for ASCII controls and variation selectors; 2 for all else, the
 * mark that stands for a missing character included. */
unsigned utf8_columns(uint32_t code_point);
size_t utf8_text_columns(const char *text);

/* Length in bytes of the longest prefix of TEXT that ends at a character and is ≤ LIMIT bytes. */
size_t utf8_prefix(const char *text, size_t length, size_t limit);
