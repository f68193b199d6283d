/* Whether bytes are JSON; for this folder only. */
#pragma once

#include "common/outcome/status.h"

#include <stddef.h>

/* Check that LENGTH bytes of UTF-8 are exactly one JSON text (RFC 8259), nested at most DEPTH_MAX deep, with no NUL in
 * its strings and no number that cJSON would cut. When not, *OUT_OFFSET is where and *OUT_WHAT says what (static). */
bool
json_syntax_is_right(const char *text, size_t length, unsigned depth_max, size_t *out_offset, const char **out_what);

/* The whole check that json_parse begins with: size, UTF-8, syntax. */
enum status json_text_check(const char *text, size_t length, struct error_detail *err) MUST_CHECK;
