/* What the module gives: draw.c and render.c. */
#include "common/module/provide.h"
#include "drivers/paper/raster.h"

static const struct paper_raster raster = {
    .draw_glyph = paper_draw_glyph,
    .read_png = paper_read_png,
    .sheet_png = paper_sheet_png,
};

const struct module_provides madoguchi_module = {
    .version = MADOGUCHI_VERSION,
    .operations_size = sizeof raster,
    .operations = &raster,
};
