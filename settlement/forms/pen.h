/* Writing and ruling on a page: text in one of the paper's few sizes, lines, tinted boxes. Lengths in points (1/72
 * inch) from the page's upper left corner. For the module only. */
#pragma once

#include "common/outcome/status.h"

#include <pango/pangocairo.h>

enum pen_align { PEN_LEFT, PEN_CENTRE, PEN_RIGHT };

struct pen {
    cairo_t *cairo;
    PangoFontMap *fonts;
    PangoContext *context;
    PangoLayout *layout;
};

/* How a piece of text stands. */
struct pen_style {
    double size;
    bool is_bold;
    enum pen_align align;
    double spread; /* between letters; a title's */
};

/* CAIRO is borrowed. STATUS_NOT_FOUND "no_font" when the papers' font is not installed: another would be embedded
 * otherwise, with other widths. End by pen_finish in any case. */
enum status pen_begin(struct pen *pen, cairo_t *cairo, struct error_detail *err) MUST_CHECK;
void pen_finish(struct pen *pen);

/* The height that TEXT takes in WIDTH; long text is broken into lines. */
double pen_height(struct pen *pen, const struct pen_style *style, const char *text, double width);

/* Write TEXT with its upper left corner at (X, Y) into WIDTH. */
void pen_write(struct pen *pen, const struct pen_style *style, const char *text, double x, double y, double width);

void pen_line(struct pen *pen, double x1, double y1, double x2, double y2, double thickness);
void pen_box(struct pen *pen, double x, double y, double width, double height, double thickness);

/* What tells series of a chart apart in black and white, on a fax, and for every eye: grounds and hatches. */
enum pen_fill { PEN_SOLID, PEN_STRIPES, PEN_LIGHT, PEN_CROSSES, PEN_FILL_COUNT };
void pen_fill(struct pen *pen, enum pen_fill fill, double x, double y, double width, double height);

/* A light tint behind labels and totals: it must not drown in a fax or a copy. */
void pen_tint(struct pen *pen, double x, double y, double width, double height);
