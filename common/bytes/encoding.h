/* Bytes as text: hexadecimal and base64 (RFC 4648, standard alphabet with padding). */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

/* OUT holds 2 × LENGTH + 1 bytes; lower case, NUL-terminated. */
void hex_encode(char *out, const void *bytes, size_t length);

/* Exactly 2 × LENGTH digits (either case) at TEXT into LENGTH bytes. STATUS_INVALID for anything else. */
enum status hex_decode(void *out, size_t length, const char *text, size_t text_length) MUST_CHECK;

#define BASE64_SIZE(length) (((length) + 2) / 3 * 4 + 1)

/* OUT holds BASE64_SIZE(LENGTH) bytes. */
void base64_encode(char *out, const void *bytes, size_t length);

/* Strict: padding required, no white space. At most CAPACITY bytes; STATUS_OVERFLOW beyond. */
enum status
base64_decode(void *out, size_t capacity, size_t *out_length, const char *text, size_t text_length) MUST_CHECK;
