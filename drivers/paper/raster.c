/* The drawing functions as the program has them: each loads the module when it is first needed, and calls it. */
#include "drivers/paper/raster.h"

#include "common/module/module.h"

#include <stdlib.h>

static struct module module = MODULE_INIT(PAPER_RASTER_MODULE, struct paper_raster);

/* NULL when it cannot be had. */
static const struct paper_raster *
load(struct error_detail *err)
{
    const void *operations;
    return module_operations(&module, &operations, err) == STATUS_OK ? operations : NULL;
}

bool
paper_draw_glyph(const char *text, size_t length, uint8_t dots[PAPER_GLYPH_BYTES])
{
    const struct paper_raster *raster = load(NULL);
    return raster != NULL && raster->draw_glyph(text, length, dots);
}

enum status
paper_read_png(const void *png, size_t length, unsigned max_width, struct paper_dots *out, struct error_detail *err)
{
    const struct paper_raster *raster = load(err);
    return raster != NULL ? raster->read_png(png, length, max_width, out, err) : STATUS_NOT_FOUND;
}

enum status
paper_sheet_png(const struct sheet *sheet, const struct user_glyphs *glyphs, unsigned columns, struct buffer *out,
                struct error_detail *err)
{
    const struct paper_raster *raster = load(err);
    return raster != NULL ? raster->sheet_png(sheet, glyphs, columns, out, err) : STATUS_NOT_FOUND;
}

void
paper_dots_finish(struct paper_dots *dots)
{
    free(dots->dots);
    *dots = (struct paper_dots){0};
}
