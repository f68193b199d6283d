/* What codes and pictures may hold. Inside this folder only. */
#pragma once

#include "common/receiptline/receiptline.h"

enum { IMAGE_MAX_WIDTH = 576, IMAGE_MAX_HEIGHT = 1200 }; /* dots: the head of 80 mm paper, 15 cm */

/* How wide the bars of CODE stand on paper, in dots, with the quiet at both ends that readers need. Rather more than
 * less: CODE128 may come out narrower, because it packs digits in pairs. 0 for a QR code. */
unsigned symbols_code_dots(const struct receiptline_code *code);

/* Whether LENGTH bytes are base64 of a PNG of a size that paper can hold; otherwise ERR says in Japanese why not. */
bool symbols_image_check(const char *base64, size_t length, struct error_detail *err) MUST_CHECK;
