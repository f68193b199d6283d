/* Looking for words in Japanese text as people type them: full and half width, upper and lower case, katakana and
 * hiragana are the same. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Write TEXT folded (spaces left out) into OUT, cut at a character to fit SIZE. Returns OUT. */
const char *search_fold(char *out, size_t size, const char *text);

/* Whether TEXT, folded, contains FOLDED. */
bool search_matches(const char *text, const char *folded);
