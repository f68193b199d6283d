/* UTF-16, as spreadsheets save "Unicode text", to UTF-8. */
#pragma once

#include "common/outcome/status.h"

/* LENGTH bytes with a byte order mark, either order. *OUT is given (free). STATUS_INVALID with the place of what is no
 * UTF-16: a missing mark, half a character. */
enum status
utf16_to_utf8(const char *bytes, size_t length, char **out, size_t *out_length, struct error_detail *err) MUST_CHECK;
