/* Line displays, for implementers. Callers include line_display.h. */
#pragma once

#include "drivers/line_display/line_display.h"

#include <stdint.h>

/* Which bytes a display takes. */
enum line_display_characters {
    LINE_DISPLAY_KATAKANA, /* JIS X 0201: one byte a column */
    LINE_DISPLAY_CP932     /* a display with a kanji ROM: a kanji is two bytes and two columns */
};

/* Exactly the bytes of one row. */
typedef unsigned char line_display_cells[LINE_DISPLAY_COLUMNS];

/* All entries are required and are called from one thread at a time. */
struct line_display_driver {
    const char *name;
    enum status (*show)(struct line_display *display, line_display_cells rows[LINE_DISPLAY_ROWS], unsigned timeout_ms,
                        struct error_detail *err);
    enum status (*check)(struct line_display *display, unsigned timeout_ms, struct error_detail *err);
    void (*close)(struct line_display *display);
};

/* First member of every implementation's struct. */
struct line_display {
    const struct line_display_driver *driver;
    enum line_display_characters characters;
};

/* The cells of ROW. Pure. STATUS_INVALID when a text is not UTF-8. */
enum status line_display_compose(enum line_display_characters characters, const struct line_display_row *row,
                                 line_display_cells out, struct error_detail *err) MUST_CHECK;

/* One character as JIS X 0201 bytes: hiragana and full-width forms become half-width katakana and ASCII, a voiced kana
 * takes two. Returns how many were written to OUT (1 or 2; "?" for what there is no byte for). */
unsigned katakana_cells(uint32_t code_point, unsigned char out[2]);
