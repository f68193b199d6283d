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

/* Columns a character takes on a half-width grid: 2 for kanji, kana and other East Asian wide or ambiguous characters
 * (as printers with a Japanese ROM draw them), 1 for ASCII and half-width kana, 0 for combining marks. */
unsigned utf8_columns(uint32_t code_point);
size_t utf8_text_columns(const char *text);

/* Length in bytes of the longest prefix of TEXT that ends at a character and is ≤ LIMIT bytes. */
size_t utf8_prefix(const char *text, size_t length, size_t limit);
