/* UTF-8 to and from CP932 (Windows-31J), the character set of Japanese printers and of most files that finance offices
 * exchange. glibc's CP932 maps both Unicode variants of 〜 − ‖ ¢ £ ¬ —, as both occur in practice. */
#pragma once

#include "common/bytes/buffer.h"

/* Append the CP932 form of LENGTH bytes of UTF-8. A character that CP932 lacks (𠮷) becomes '〓' (the printer's mark
 * for a missing character), a variation selector is left out; both are counted in *OUT_REPLACED (may be NULL).
 * STATUS_INVALID for malformed UTF-8. */
enum status cp932_from_utf8(struct buffer *out, const char *text, size_t length, size_t *out_replaced,
                            struct error_detail *err) MUST_CHECK;

/* Append the UTF-8 form of LENGTH bytes of CP932. STATUS_INVALID, with the column (in bytes, from 1) in ERR, for bytes
 * that are not CP932; nothing is appended then. */
enum status cp932_to_utf8(struct buffer *out, const char *bytes, size_t length, struct error_detail *err) MUST_CHECK;
