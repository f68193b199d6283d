/* What codes and pictures may hold. Inside this folder only. */
#pragma once

#include "common/receiptline/receiptline.h"

enum { IMAGE_MAX_WIDTH = 576, IMAGE_MAX_HEIGHT = 1200 }; /* dots: the head of 80 mm paper, 15 cm */

/* Whether LENGTH bytes are base64 of a PNG of a size that paper can hold; otherwise ERR says in Japanese why not. */
bool symbols_image_check(const char *base64, size_t length, struct error_detail *err) MUST_CHECK;
