/* Pango sets, cairo draws. Nothing is hinted: a page has no dots. */
#include "settlement/forms/pen.h"

#include <string.h>

static const char family[] = "Noto Serif CJK JP";
static const double tint = 0.93;

/* Whether fontconfig gives what was asked for, and not the nearest. */
static bool
has_the_font(struct pen *pen)
{
    PangoFontDescription *wanted = pango_font_description_from_string(family);
    PangoFont *font = pango_font_map_load_font(pen->fonts, pen->context, wanted);
    pango_font_description_free(wanted);
    if (font == NULL) {
        return false;
    }
    PangoFontDescription *found = pango_font_describe(font);
    const char *name = pango_font_description_get_family(found);
    const bool is_it = name != NULL && strcmp(name, family) == 0;
    pango_font_description_free(found);
    g_object_unref(font);
    return is_it;
}

enum status
pen_begin(struct pen *pen, cairo_t *cairo, struct error_detail *err)
{
    pen->cairo = cairo;
    pen->fonts = pango_cairo_font_map_new(); /* not the default map, which belongs to a thread and outlives the call */
    pen->context = pango_font_map_create_context(pen->fonts);
    pango_cairo_context_set_resolution(pen->context, 72);
    pango_context_set_language(pen->context, pango_language_from_string("ja"));
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(pen->context, options);
    cairo_font_options_destroy(options);
    pen->layout = pango_layout_new(pen->context);
    if (!has_the_font(pen)) {
        error_set(err, "no_font",
                  "帳票の書体（%s）がこのサーバーにありません。パッケージ fonts-noto-cjk を入れてください。", family);
        return STATUS_NOT_FOUND;
    }
    return STATUS_OK;
}

void
pen_finish(struct pen *pen)
{
    g_object_unref(pen->layout);
    g_object_unref(pen->context);
    g_object_unref(pen->fonts);
}

static void
set_text(struct pen *pen, const struct pen_style *style, const char *text, double width)
{
    static const PangoAlignment alignments[] = {
        [PEN_LEFT] = PANGO_ALIGN_LEFT, [PEN_CENTRE] = PANGO_ALIGN_CENTER, [PEN_RIGHT] = PANGO_ALIGN_RIGHT};
    PangoFontDescription *font = pango_font_description_from_string(family);
    pango_font_description_set_absolute_size(font, style->size * PANGO_SCALE);
    pango_font_description_set_weight(font, style->is_bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(pen->layout, font);
    pango_font_description_free(font);
    PangoAttrList *attributes = pango_attr_list_new();
    if (style->spread > 0) {
        pango_attr_list_insert(attributes, pango_attr_letter_spacing_new((int)(style->spread * PANGO_SCALE)));
    }
    pango_layout_set_attributes(pen->layout, attributes);
    pango_attr_list_unref(attributes);
    pango_layout_set_alignment(pen->layout, alignments[style->align]);
    pango_layout_set_wrap(pen->layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_width(pen->layout, (int)(width * PANGO_SCALE));
    pango_layout_set_text(pen->layout, text, -1);
}

double
pen_height(struct pen *pen, const struct pen_style *style, const char *text, double width)
{
    PangoRectangle extents;
    set_text(pen, style, text, width);
    pango_layout_get_extents(pen->layout, NULL, &extents);
    return (double)extents.height / PANGO_SCALE;
}

void
pen_write(struct pen *pen, const struct pen_style *style, const char *text, double x, double y, double width)
{
    set_text(pen, style, text, width);
    cairo_move_to(pen->cairo, x, y);
    pango_cairo_show_layout(pen->cairo, pen->layout);
}

void
pen_line(struct pen *pen, double x1, double y1, double x2, double y2, double thickness)
{
    cairo_set_line_width(pen->cairo, thickness);
    cairo_move_to(pen->cairo, x1, y1);
    cairo_line_to(pen->cairo, x2, y2);
    cairo_stroke(pen->cairo);
}

void
pen_box(struct pen *pen, double x, double y, double width, double height, double thickness)
{
    cairo_set_line_width(pen->cairo, thickness);
    cairo_rectangle(pen->cairo, x, y, width, height);
    cairo_stroke(pen->cairo);
}

void
pen_tint(struct pen *pen, double x, double y, double width, double height)
{
    cairo_save(pen->cairo);
    cairo_set_source_rgb(pen->cairo, tint, tint, tint);
    cairo_rectangle(pen->cairo, x, y, width, height);
    cairo_fill(pen->cairo);
    cairo_restore(pen->cairo);
}

/* Lines of STEP apart over the clip, rising to the right, and falling ones too where IS_CROSSED. */
static void
hatch(struct pen *pen, double x, double y, double width, double height, bool is_crossed)
{
    const double step = 4;
    cairo_set_line_width(pen->cairo, 0.8);
    for (double from = -height; from < width; from += step) {
        cairo_move_to(pen->cairo, x + from, y + height);
        cairo_line_to(pen->cairo, x + from + height, y);
        if (is_crossed) {
            cairo_move_to(pen->cairo, x + from, y);
            cairo_line_to(pen->cairo, x + from + height, y + height);
        }
    }
    cairo_stroke(pen->cairo);
}

void
pen_fill(struct pen *pen, enum pen_fill fill, double x, double y, double width, double height)
{
    static const double grounds[PEN_FILL_COUNT] = {
        [PEN_SOLID] = 0.35, [PEN_STRIPES] = 1.0, [PEN_LIGHT] = 0.78, [PEN_CROSSES] = 1.0};
    cairo_save(pen->cairo);
    cairo_rectangle(pen->cairo, x, y, width, height);
    cairo_clip(pen->cairo);
    cairo_set_source_rgb(pen->cairo, grounds[fill], grounds[fill], grounds[fill]);
    cairo_paint(pen->cairo);
    cairo_set_source_rgb(pen->cairo, 0.25, 0.25, 0.25);
    if (fill == PEN_STRIPES || fill == PEN_CROSSES) {
        hatch(pen, x, y, width, height, fill == PEN_CROSSES);
    }
    cairo_restore(pen->cairo);
    pen_box(pen, x, y, width, height, 0.5);
}
