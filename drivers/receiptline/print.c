/* Rows and codes as ESC/POS. The one idea: the printer's settings are remembered, and a command is sent only when they
 * must change; most rows are nothing but text and spaces. */
#include "drivers/receiptline/print.h"

#include "common/bytes/encoding.h"
#include "drivers/escpos/codes.h"
#include "drivers/escpos/encoder.h"
#include "drivers/paper/draw.h"
#include "drivers/paper/paper.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMN_DOTS = 12, HALF_COLUMN_DOTS = 6 };

_Static_assert((int)ESCPOS_GLYPH_BYTES == (int)PAPER_GLYPH_BYTES, "one shape of glyph");

/* INVARIANT: `style` and `is_centered` are what the printer was last told. */
struct printing {
    struct escpos printer;
    struct escpos_glyphs glyphs;
    unsigned columns;
    struct receiptline_style style;
    bool is_centered;
    bool wants_center, has_begun; /* the present row */
    size_t line_start;            /* where it begins in the bytes */
    struct error_detail first_error;
};

static const struct receiptline_style plain = {.width = 1, .height = 1};

static void
set_style(struct printing *self, struct receiptline_style style)
{
    if (style.width != self->style.width || style.height != self->style.height) {
        escpos_size(&self->printer, style.width, style.height);
    }
    if (style.is_emphasised != self->style.is_emphasised) {
        escpos_emphasised(&self->printer, style.is_emphasised);
    }
    if (style.is_underlined != self->style.is_underlined) {
        escpos_underlined(&self->printer, style.is_underlined);
    }
    if (style.is_inverse != self->style.is_inverse) {
        escpos_inverse(&self->printer, style.is_inverse);
    }
    self->style = style;
}

static void
begin_row(struct printing *self)
{
    if (self->has_begun) {
        return;
    }
    self->has_begun = true;
    if (self->wants_center != self->is_centered) {
        escpos_align(&self->printer, self->wants_center ? ESCPOS_CENTER : ESCPOS_LEFT);
        self->is_centered = self->wants_center;
    }
    self->line_start = self->printer.out->length;
}

static void
print_text(void *context, struct receiptline_style style, const char *text, size_t length)
{
    struct printing *self = context;
    begin_row(self);
    set_style(self, style);
    if (!escpos_codes_append(self->printer.out, &self->line_start, text, length, &self->glyphs)) {
        self->printer.has_failed = true;
    }
}

static void
print_gap(void *context, unsigned half_columns)
{
    static const char spaces[] = "                                                                ";
    struct printing *self = context;
    begin_row(self);
    struct receiptline_style style = self->style;
    style.width = 1;
    /* Spaces at the beginning of a row, as high as the row above was, would make this one as high. */
    style.height = self->printer.out->length == self->line_start ? 1 : style.height;
    style.is_underlined = style.is_inverse = false;
    set_style(self, style);
    for (size_t columns = half_columns / 2; columns > 0;) {
        const size_t count = columns < sizeof spaces - 1 ? columns : sizeof spaces - 1;
        buffer_append(self->printer.out, spaces, count);
        columns -= count;
    }
    if (half_columns % 2 != 0) {
        escpos_step(&self->printer, HALF_COLUMN_DOTS);
    }
}

static void
center_row(void *context)
{
    struct printing *self = context;
    self->wants_center = true;
}

static void
end_row(void *context)
{
    struct printing *self = context;
    buffer_append_byte(self->printer.out, '\n');
    self->has_begun = self->wants_center = false;
}

static void
print_rule(void *context, struct receiptline_area area)
{
#define EIGHT "\x84\x9f\x84\x9f\x84\x9f\x84\x9f" /* ─ in CP932 */
    static const char rule[] = EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT;
#undef EIGHT
    _Static_assert(sizeof rule > RECEIPTLINE_COLUMNS_MAX, "a byte is a column");
    struct printing *self = context;
    begin_row(self);
    set_style(self, plain);
    if (area.left > 0) {
        print_gap(self, 2 * area.left);
    }
    buffer_append(self->printer.out, rule, area.width / 2 * 2);
    if (area.width % 2 != 0) {
        escpos_line_graphics(&self->printer, "─");
    }
    end_row(self);
}

static void
print_frame(void *context, const char *cells, unsigned height)
{
    struct printing *self = context;
    begin_row(self);
    set_style(self, (struct receiptline_style){.width = 1, .height = (uint8_t)height});
    escpos_line_graphics(&self->printer, cells);
}

static void
join_rows(void *context, bool has_frame)
{
    struct printing *self = context;
    escpos_join_rows(&self->printer, has_frame);
}

/* ---- codes and pictures ------------------------------------------------------------------------------------------ */

static unsigned
width_of_columns(unsigned columns)
{
    return columns == 42 ? 512 : columns * COLUMN_DOTS; /* 42 columns stand on a head of 512 dots */
}

static void
set_area(struct printing *self, struct receiptline_area area)
{
    static const enum escpos_alignment alignments[] = {
        [RECEIPTLINE_LEFT] = ESCPOS_LEFT, [RECEIPTLINE_CENTER] = ESCPOS_CENTER, [RECEIPTLINE_RIGHT] = ESCPOS_RIGHT};
    if (area.width < self->columns) {
        escpos_area(&self->printer, area.left * COLUMN_DOTS, area.width * COLUMN_DOTS);
    }
    escpos_align(&self->printer, alignments[area.align]);
    self->is_centered = area.align == RECEIPTLINE_CENTER;
}

static void
end_area(struct printing *self, struct receiptline_area area)
{
    if (area.width < self->columns) {
        escpos_area(&self->printer, 0, width_of_columns(self->columns));
    }
    if (area.align == RECEIPTLINE_RIGHT) {
        escpos_align(&self->printer, ESCPOS_LEFT);
    }
}

static void
print_qr(struct printing *self, const struct receiptline_code *code)
{
    static const char levels[] = "lmqh";
    const char *level = strchr(levels, code->level);
    escpos_qr(&self->printer, code->text, strlen(code->text), code->cell_dots,
              (enum escpos_correction)(ESCPOS_QR_L + (level != NULL ? level - levels : 0)));
}

static void
print_barcode(struct printing *self, const struct receiptline_code *code)
{
    const size_t length = strlen(code->text);
    enum escpos_barcode kind = ESCPOS_CODE39;
    switch (code->kind) {
    case RECEIPTLINE_UPC:
        kind = length > 8 ? ESCPOS_UPC_A : ESCPOS_UPC_E;
        break;
    case RECEIPTLINE_EAN:
        kind = length > 8 ? ESCPOS_EAN13 : ESCPOS_EAN8;
        break;
    case RECEIPTLINE_ITF:
        kind = ESCPOS_ITF;
        break;
    case RECEIPTLINE_CODABAR:
        kind = ESCPOS_CODABAR;
        break;
    case RECEIPTLINE_CODE93:
        kind = ESCPOS_CODE93;
        break;
    case RECEIPTLINE_CODE39:
    case RECEIPTLINE_CODE128:
    case RECEIPTLINE_QR:
        break;
    }
    escpos_barcode(&self->printer, kind, code->text, code->height_dots, code->module_dots, code->has_text);
}

static void
print_code(void *context, struct receiptline_area area, const struct receiptline_code *code)
{
    struct printing *self = context;
    set_area(self, area);
    set_style(self, plain);
    if (code->kind == RECEIPTLINE_QR) {
        print_qr(self, code);
    } else if (code->kind == RECEIPTLINE_CODE128) {
        escpos_code128(&self->printer, code->text, code->height_dots, code->module_dots, code->has_text);
    } else {
        print_barcode(self, code);
    }
    end_area(self, area);
}

static void
print_image(void *context, struct receiptline_area area, const char *base64, size_t length)
{
    struct printing *self = context;
    unsigned char *png = malloc(length + 1);
    size_t count = 0;
    struct paper_dots dots = {0};
    enum status status = png == NULL ? STATUS_NO_MEMORY : base64_decode(png, length + 1, &count, base64, length);
    if (status == STATUS_OK) {
        status = paper_read_png(png, count, area.width * COLUMN_DOTS, &dots, &self->first_error);
    } else {
        error_set(&self->first_error, "not_a_picture", "a picture that is not base64");
    }
    if (status == STATUS_OK) {
        set_area(self, area);
        escpos_raster(&self->printer, dots.dots, dots.width_bytes, dots.height);
        end_area(self, area);
        paper_dots_finish(&dots);
    } else {
        self->printer.has_failed = true;
    }
    free(png);
}

static void
cut_paper(void *context)
{
    struct printing *self = context;
    escpos_cut(&self->printer);
}

/* ---- whole papers ------------------------------------------------------------------------------------------------ */

static enum status
print_paper(struct printing *self, const struct receiptline_template *template, const struct receiptline_value *values,
            struct buffer *out, struct error_detail *err)
{
    const struct receiptline_output output = {.context = self,
                                              .text = print_text,
                                              .gap = print_gap,
                                              .center = center_row,
                                              .end_row = end_row,
                                              .rule = print_rule,
                                              .frame = print_frame,
                                              .join_rows = join_rows,
                                              .code = print_code,
                                              .image = print_image,
                                              .cut = cut_paper};
    escpos_init(&self->printer, out, self->columns);
    escpos_begin(&self->printer);
    enum status status = receiptline_render(template, values, self->columns, &output, err);
    if (status == STATUS_OK) {
        status = escpos_finish(&self->printer, err);
    }
    if (status != STATUS_OK && self->first_error.message[0] != '\0' && err != NULL) {
        *err = self->first_error;
    }
    return status;
}

static void
begin(struct printing *self, unsigned columns)
{
    self->glyphs.draw = paper_draw_glyph;
    self->glyphs.count = 0;
    self->columns = columns;
    self->style = plain;
    self->is_centered = self->wants_center = self->has_begun = false;
    self->line_start = 0;
    self->first_error.message[0] = '\0';
}

enum status
receiptline_print(const struct receiptline_template *template, const struct receiptline_value *values, unsigned columns,
                  struct buffer *out, struct error_detail *err)
{
    struct printing self;
    begin(&self, columns);
    return print_paper(&self, template, values, out, err);
}

static enum status
draw_paper(const struct printing *self, const struct buffer *bytes, enum receiptline_medium medium, struct buffer *out,
           struct error_detail *err)
{
    struct paper *paper = NULL;
    enum status status = paper_create(&paper, self->columns, err);
    if (status != STATUS_OK) {
        return status;
    }
    paper_feed(paper, buffer_text(bytes), bytes->length);
    for (size_t i = 0; i < self->glyphs.count; i++) {
        paper_name_glyph(paper, i, self->glyphs.known[i]);
    }
    /* A template may cut in the middle: texts hold every sheet, a picture the last. */
    const size_t sheets = paper_sheet_count(paper);
    if (medium == RECEIPTLINE_AS_TEXT) {
        for (size_t i = 0; i < sheets && status == STATUS_OK; i++) {
            status = paper_text(paper, i, out, err);
        }
    } else if (sheets > 0) {
        status = paper_png(paper, PAPER_LAST_SHEET, out, err);
    }
    paper_destroy(paper);
    return status;
}

enum status
receiptline_preview(const struct receiptline_template *template, const struct receiptline_value *values,
                    unsigned columns, enum receiptline_medium medium, struct buffer *out, struct error_detail *err)
{
    if (medium == RECEIPTLINE_AS_ESCPOS) {
        return receiptline_print(template, values, columns, out, err);
    }
    struct printing self;
    struct buffer bytes;
    buffer_init(&bytes, RECEIPTLINE_PAPER_MAX_BYTES);
    begin(&self, columns);
    enum status status = print_paper(&self, template, values, &bytes, err);
    if (status == STATUS_OK) {
        status = draw_paper(&self, &bytes, medium, out, err);
    }
    buffer_finish(&bytes);
    return status;
}
