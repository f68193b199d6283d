/* The part of this folder that draws: the only one that stands on cairo and pango, and so a module of its own. Its
 * functions are called by their names (draw.h, sheet.h); this table is between the program and the module. */
#pragma once

#include "drivers/paper/draw.h"
#include "drivers/paper/sheet.h"

struct paper_raster {
    bool (*draw_glyph)(const char *text, size_t length, uint8_t dots[PAPER_GLYPH_BYTES]);
    enum status (*read_png)(const void *png, size_t length, unsigned max_width, struct paper_dots *out,
                            struct error_detail *err);
    enum status (*sheet_png)(const struct sheet *sheet, const struct user_glyphs *glyphs, unsigned columns,
                             struct buffer *out, struct error_detail *err);
};

#define PAPER_RASTER_MODULE "raster"
