/* A QR code as a picture for a browser. */
#pragma once

#include "common/bytes/buffer.h"

/* Append an SVG of TEXT (LENGTH bytes): dark modules on white with the quiet zone of four that scanners need, whatever
 * the screen's colours. Error correction M. STATUS_OVERFLOW when it does not fit into a symbol, STATUS_NO_MEMORY. */
enum status qr_svg_write(const char *text, size_t length, struct buffer *out, struct error_detail *err) MUST_CHECK;
