/* A bar code under construction: what barcode.c and two_width.c share. For this folder only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum {
    BARS_MAX = 1024, /* 255 characters of CODE128 do not fit any paper; this is where drawing ends */
    BARS_WIDE = 2    /* a wide element of a code that knows narrow and wide alone */
};

/* Widths of bars and spaces in turn, and the text beside them. INVARIANT: with `is_two_width` a width is 1 or
 * BARS_WIDE, else it counts modules. */
struct bars {
    unsigned char widths[BARS_MAX];
    size_t count;
    bool is_valid;
    bool is_two_width;
    char text[256];
};

void bars_add(struct bars *bars, const char *digits); /* "212222" */
void bars_add_text(struct bars *bars, char c);

/* The LENGTH bytes of DATA as elements of BARS, which is empty and valid; not valid any more when DATA cannot be told
 * in that code. */
void bars_draw_code39(struct bars *bars, const unsigned char *data, size_t length);
void bars_draw_itf(struct bars *bars, const unsigned char *data, size_t length);
void bars_draw_codabar(struct bars *bars, const unsigned char *data, size_t length);
