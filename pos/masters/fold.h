/* Comparable text for searches: width, kind of kana and case do not matter, nor do spaces, ー, ・, hyphens and
 * brackets. */
#pragma once

#include <stddef.h>

/* The folded form of TEXT (valid UTF-8) into OUT, cut at a character when it exceeds SIZE − 1 bytes. Returns its
 * length; never more than the length of TEXT, but for half-width kana (3 bytes stay 3). */
size_t text_fold(char *out, size_t size, const char *text);
