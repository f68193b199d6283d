/* A sheet as a picture, dot for dot as a 203 dpi head prints it: glyphs of a Japanese mono font in the cells of the
 * printer's grid, on paper that is not quite white with ink that is not quite black.
 *
 * Everything is drawn into a mask of ink first. A head burns a dot or leaves it, so the mask is hardened before it goes
 * onto the paper; a little softness at the edges stays, as heat spreads. */
#include "drivers/paper/sheet.h"

#include "drivers/paper/font.h"
#include "drivers/paper/paper.h"

#include <pango/pangocairo.h>

enum {
    PAPER_80_MM = 640, /* dots at 8 a millimetre */
    PAPER_58_MM = 464,
    TOP_MARGIN = 36, /* what is left between cutter and first line */
    BOTTOM_MARGIN = 48,
    INK_KNEE = 56, /* of 255: greyer than this is no dot */
    RULE_DOTS = 2  /* thickness of line graphics; a font's hairlines would vanish */
};

/* What drawing needs, made once a sheet. */
struct pen {
    cairo_t *ink;
    struct paper_font font;
    const struct user_glyphs *glyphs;
    unsigned left; /* margin beside the printable area */
};

static unsigned
paper_width(unsigned columns)
{
    return columns <= 32 ? PAPER_58_MM : PAPER_80_MM;
}

static unsigned
printable_width(unsigned columns)
{
    return columns == 42 ? 512 : columns * CELL_WIDTH;
}

static void
pen_init(struct pen *pen, cairo_surface_t *mask, const struct user_glyphs *glyphs, unsigned columns)
{
    pen->ink = cairo_create(mask);
    pen->glyphs = glyphs;
    pen->left = (paper_width(columns) - printable_width(columns)) / 2;
    paper_font_init(&pen->font);
}

static void
pen_finish(struct pen *pen)
{
    paper_font_finish(&pen->font);
    cairo_destroy(pen->ink);
}

/* The glyph of CELL with its top left corner at the origin of a 1 × 1 character grid. */
static void
draw_glyph(struct pen *pen, const struct cell *cell)
{
    char text[8] = {0};
    text[g_unichar_to_utf8(cell->code_point, text)] = '\0';
    pango_layout_set_text(pen->font.layout, text, -1);
    PangoLayoutLine *line = pango_layout_get_line_readonly(pen->font.layout, 0);
    PangoRectangle extents;
    pango_layout_line_get_extents(line, NULL, &extents);

    /* A glyph wider or narrower than its cell (line graphics, characters from another font) is fitted into it. */
    const struct style *style = &cell->style;
    const double advance = (double)extents.width / PANGO_SCALE;
    const double width = (double)cell->width / style->width_factor;
    const double height = style->is_small ? SMALL_HEIGHT : CELL_HEIGHT;
    const double natural = style->is_small ? (double)CELL_WIDTH * width / SMALL_WIDTH : width;
    const double fit = advance > 0 && (advance > natural + 0.5 || advance < natural - 0.5) ? natural / advance : 1;
    cairo_scale(pen->ink, fit * width / natural * style->width_factor, height / CELL_HEIGHT * style->height_factor);
    for (int strike = 0; strike < (style->is_emphasised ? 2 : 1); strike++) {
        cairo_move_to(pen->ink, strike, PAPER_FONT_BASELINE);
        pango_cairo_show_layout_line(pen->ink, line);
    }
}

/* A glyph of the user's, dot by dot. */
static void
draw_user_glyph(struct pen *pen, const struct cell *cell, const struct user_glyph *glyph)
{
    const struct style *style = &cell->style;
    for (unsigned x = 0; x < CELL_HEIGHT; x++) {
        for (unsigned y = 0; y < CELL_HEIGHT; y++) {
            if ((glyph->dots[x * 3 + y / 8] >> (7 - y % 8) & 1) != 0) {
                const unsigned width = style->width_factor + style->is_emphasised;
                cairo_rectangle(pen->ink, x * style->width_factor, y * style->height_factor, width,
                                style->height_factor);
            }
        }
    }
    cairo_fill(pen->ink);
}

enum { ARM_LEFT = 1, ARM_RIGHT = 2, ARM_UP = 4, ARM_DOWN = 8 };

/* Which arms a character of line graphics has; 0 for everything else. Round corners are drawn square. */
static unsigned
line_arms(uint32_t code_point)
{
    switch (code_point) {
    case 0x2500:
        return ARM_LEFT | ARM_RIGHT;
    case 0x2502:
        return ARM_UP | ARM_DOWN;
    case 0x250c:
    case 0x256d:
        return ARM_RIGHT | ARM_DOWN;
    case 0x2510:
    case 0x256e:
        return ARM_LEFT | ARM_DOWN;
    case 0x2514:
    case 0x2570:
        return ARM_RIGHT | ARM_UP;
    case 0x2518:
    case 0x256f:
        return ARM_LEFT | ARM_UP;
    case 0x251c:
        return ARM_RIGHT | ARM_UP | ARM_DOWN;
    case 0x2524:
        return ARM_LEFT | ARM_UP | ARM_DOWN;
    case 0x252c:
        return ARM_LEFT | ARM_RIGHT | ARM_DOWN;
    case 0x2534:
        return ARM_LEFT | ARM_RIGHT | ARM_UP;
    case 0x253c:
        return ARM_LEFT | ARM_RIGHT | ARM_UP | ARM_DOWN;
    default:
        return 0;
    }
}

static void
draw_arms(struct pen *pen, unsigned arms, unsigned width, unsigned height)
{
    const double x = width / 2 - RULE_DOTS / 2;
    const double y = height / 2 - RULE_DOTS / 2;
    if ((arms & (ARM_LEFT | ARM_RIGHT)) != 0) {
        const double from = (arms & ARM_LEFT) != 0 ? 0 : x;
        const double to = (arms & ARM_RIGHT) != 0 ? width : x + RULE_DOTS;
        cairo_rectangle(pen->ink, from, y, to - from, RULE_DOTS);
    }
    if ((arms & (ARM_UP | ARM_DOWN)) != 0) {
        const double from = (arms & ARM_UP) != 0 ? 0 : y;
        const double to = (arms & ARM_DOWN) != 0 ? height : y + RULE_DOTS;
        cairo_rectangle(pen->ink, x, from, RULE_DOTS, to - from);
    }
    cairo_fill(pen->ink);
}

static void
draw_cell(struct pen *pen, const struct cell *cell, unsigned bottom)
{
    const struct style *style = &cell->style;
    const unsigned height = (style->is_small ? (unsigned)SMALL_HEIGHT : CELL_HEIGHT) * style->height_factor;
    const double x = pen->left + cell->x;
    const double y = (double)bottom - height;

    cairo_save(pen->ink);
    cairo_rectangle(pen->ink, x, y, cell->width, height);
    if (style->is_inverse) {
        cairo_fill_preserve(pen->ink);
        cairo_set_operator(pen->ink, CAIRO_OPERATOR_DEST_OUT);
    }
    cairo_new_path(pen->ink);
    cairo_translate(pen->ink, x, y);
    const unsigned arms = line_arms(cell->code_point);
    const struct user_glyph *glyph = paper_glyphs_find(pen->glyphs, cell->code_point);
    if (glyph != NULL) {
        draw_user_glyph(pen, cell, glyph);
    } else if (arms != 0) {
        draw_arms(pen, arms, cell->width, height);
    } else {
        draw_glyph(pen, cell);
    }
    cairo_restore(pen->ink);

    if (style->underline_dots > 0 && !style->is_inverse) {
        cairo_rectangle(pen->ink, x, bottom, cell->width, style->underline_dots);
        cairo_fill(pen->ink);
    }
}

static void
draw_picture(struct pen *pen, const struct picture *picture, unsigned top)
{
    for (unsigned y = 0; y < picture->height; y++) {
        for (unsigned x = 0; x < picture->width; x++) {
            if (paper_picture_dot(picture, x, y)) {
                cairo_rectangle(pen->ink, pen->left + picture->x + x, top + y, 1, 1);
            }
        }
        cairo_fill(pen->ink);
    }
}

static unsigned
tallest_cell(const struct row *row)
{
    unsigned tallest = 0;
    for (size_t i = 0; i < row->cell_count; i++) {
        const struct style *style = &row->cells[i].style;
        const unsigned height = (style->is_small ? (unsigned)SMALL_HEIGHT : CELL_HEIGHT) * style->height_factor;
        tallest = height > tallest ? height : tallest;
    }
    return tallest;
}

static void
draw_sheet(struct pen *pen, const struct sheet *sheet)
{
    unsigned top = TOP_MARGIN;
    for (size_t i = 0; i < sheet->row_count; i++) {
        const struct row *row = &sheet->rows[i];
        const unsigned bottom = top + tallest_cell(row); /* characters of a line stand on one base */
        for (size_t j = 0; j < row->cell_count; j++) {
            draw_cell(pen, &row->cells[j], bottom);
        }
        for (size_t j = 0; j < row->picture_count; j++) {
            draw_picture(pen, &row->pictures[j], top);
        }
        top += row->height;
    }
}

static void
harden(cairo_surface_t *mask)
{
    cairo_surface_flush(mask);
    unsigned char *dots = cairo_image_surface_get_data(mask);
    const int stride = cairo_image_surface_get_stride(mask);
    const int height = cairo_image_surface_get_height(mask);
    for (int i = 0; i < stride * height; i++) {
        const int above = (dots[i] - INK_KNEE) * 2;
        dots[i] = (unsigned char)(above < 0 ? 0 : above > 255 ? 255 : above);
    }
    cairo_surface_mark_dirty(mask);
}

static void
lay_on_paper(cairo_surface_t *paper, cairo_surface_t *mask)
{
    cairo_t *cairo = cairo_create(paper);
    cairo_set_source_rgb(cairo, 0.988, 0.984, 0.969);
    cairo_paint(cairo);
    cairo_set_source_rgb(cairo, 0.145, 0.133, 0.157);
    cairo_mask_surface(cairo, mask, 0, 0);
    cairo_destroy(cairo);
    cairo_surface_flush(paper);
}

static cairo_status_t
append_png(void *closure, const unsigned char *bytes, unsigned length)
{
    struct buffer *out = closure;
    buffer_append(out, bytes, length);
    return out->has_failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

enum status
paper_sheet_png(const struct sheet *sheet, const struct user_glyphs *glyphs, unsigned columns, struct buffer *out,
                struct error_detail *err)
{
    const int width = (int)paper_width(columns);
    const int height = (int)(TOP_MARGIN + sheet->height + BOTTOM_MARGIN);
    cairo_surface_t *mask = cairo_image_surface_create(CAIRO_FORMAT_A8, width, height);
    cairo_surface_t *paper = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    enum status status = STATUS_OK;

    if (cairo_surface_status(mask) != CAIRO_STATUS_SUCCESS || cairo_surface_status(paper) != CAIRO_STATUS_SUCCESS) {
        error_set(err, "no_memory", "no memory to draw %d × %d dots", width, height);
        status = STATUS_NO_MEMORY;
        goto out;
    }
    struct pen pen;
    pen_init(&pen, mask, glyphs, columns);
    draw_sheet(&pen, sheet);
    pen_finish(&pen);
    harden(mask);
    lay_on_paper(paper, mask);
    if (cairo_surface_write_to_png_stream(paper, append_png, out) != CAIRO_STATUS_SUCCESS) {
        status = buffer_check(out, err);
        if (status == STATUS_OK) {
            error_set(err, "png_failed", "the picture of the paper could not be written");
            status = STATUS_IO;
        }
    }

out:
    cairo_surface_destroy(paper);
    cairo_surface_destroy(mask);
    return status;
}
