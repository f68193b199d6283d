/* Noto Sans Mono CJK JP at the size of a cell. */
#include "drivers/paper/font.h"

#include "drivers/paper/sheet.h"

#include <pango/pangocairo.h>

static const char font_name[] = "Noto Sans Mono CJK JP";

void
paper_font_init(struct paper_font *font)
{
    font->fonts = pango_cairo_font_map_new(); /* not the default map, which belongs to a thread and outlives the call */
    font->context = pango_font_map_create_context(font->fonts);
    pango_cairo_context_set_resolution(font->context, 72);

    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(font->context, options);
    cairo_font_options_destroy(options);

    font->layout = pango_layout_new(font->context);
    PangoFontDescription *description = pango_font_description_from_string(font_name);
    pango_font_description_set_absolute_size(description, CELL_HEIGHT * PANGO_SCALE);
    pango_layout_set_font_description(font->layout, description);
    pango_font_description_free(description);
}

void
paper_font_finish(struct paper_font *font)
{
    g_object_unref(font->layout);
    g_object_unref(font->context);
    g_object_unref(font->fonts);
}
