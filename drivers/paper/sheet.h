/* The page model: a sheet is rows from top to bottom, a row is characters and pictures at their dots. Inside this
 * folder only. */
#pragma once

#include "common/bytes/buffer.h"

#include <stdint.h>

enum {
    CELL_WIDTH = 12, /* dots of a half-width character of font A */
    CELL_HEIGHT = 24,
    SMALL_WIDTH = 9, /* font B */
    SMALL_HEIGHT = 17,
    ROW_CELLS_MAX = 512,       /* overprinting aside, a line takes 64; bounds what bytes can make us keep */
    ROW_PICTURES_MAX = 16,     /* strips beside each other */
    SHEET_ROWS_MAX = 2000,     /* a day's report has a few hundred lines */
    SHEET_HEIGHT_MAX = 24000,  /* dots: three metres of paper */
    PICTURE_WIDTH_MAX = 1024,  /* dots: no head here is wider than 576 */
    PICTURE_HEIGHT_MAX = 2400, /* dots: 30 cm */
    PICTURE_LABEL_MAX_BYTES = 1200,
    USER_GLYPH_BYTES = 72,     /* 24 columns of 24 dots, top dot in the highest bit */
    USER_GLYPHS_MAX = 2000,    /* definitions in all, of 94 codes: bounds what bytes can make us keep */
    USER_GLYPH_BASE = 0xF0000, /* code point of the first: private use, beyond what any byte can mean */
    USER_GLYPH_NAME_SIZE = 16
};

/* Glyphs that were defined by FS 2, in that order; cells name them by USER_GLYPH_BASE + index. */
struct user_glyph {
    uint8_t dots[USER_GLYPH_BYTES];
    char name[USER_GLYPH_NAME_SIZE]; /* what stands for it in text; "": 〓 */
};
struct user_glyphs {
    struct user_glyph *glyphs;
    size_t count, capacity;
};

/* False when memory or the limit did not suffice. */
bool paper_glyphs_add(struct user_glyphs *glyphs, const uint8_t dots[USER_GLYPH_BYTES]);

/* The glyph that CODE_POINT names; NULL for a character. */
const struct user_glyph *paper_glyphs_find(const struct user_glyphs *glyphs, uint32_t code_point);

struct style {
    uint8_t width_factor, height_factor; /* 1 … 8 */
    uint8_t underline_dots;              /* 0 … 2 */
    bool is_emphasised;
    bool is_inverse;
    bool is_small; /* font B */
};

struct cell {
    uint32_t code_point;
    unsigned x, width; /* dots from the left end of the printable area */
    struct style style;
};

/* 1-bit dots in rows of `stride` bytes, leftmost in the highest bit. `label` stands for it in text. Both owned. */
struct picture {
    unsigned x, width, height, stride;
    uint8_t *dots;
    char *label;
};

struct row {
    unsigned height;
    bool is_blank_run; /* paper fed without a line: `blank_lines` lines in text */
    unsigned blank_lines;
    struct cell *cells;
    size_t cell_count, cell_capacity;
    struct picture *pictures;
    size_t picture_count;
};

struct sheet {
    struct row *rows;
    size_t row_count, row_capacity;
    unsigned height;
};

/* False when memory or a limit did not suffice; nothing changed then. */
bool paper_row_add_cell(struct row *row, struct cell cell);

/* Takes PICTURE's dots and label, even on failure. */
bool paper_row_add_picture(struct row *row, struct picture *picture);
bool paper_row_is_empty(const struct row *row);
unsigned paper_row_end(const struct row *row); /* rightmost dot used */
void paper_row_shift(struct row *row, unsigned dots);
void paper_row_finish(struct row *row);

/* Takes ROW, even on failure, and leaves it empty. */
bool paper_sheet_add_row(struct sheet *sheet, struct row *row);
void paper_sheet_finish(struct sheet *sheet);

bool paper_picture_init(struct picture *picture, unsigned width, unsigned height);
void paper_picture_set(struct picture *picture, unsigned x, unsigned y);
bool paper_picture_dot(const struct picture *picture, unsigned x, unsigned y);
void paper_picture_finish(struct picture *picture);

/* The same picture with every dot WIDTH_FACTOR × HEIGHT_FACTOR dots, in place; false leaves it as it was. */
bool paper_picture_enlarge(struct picture *picture, unsigned width_factor, unsigned height_factor);

/* "[KIND text]" as the picture's label; bytes that are not UTF-8 text become hexadecimal. */
void paper_picture_label(struct picture *picture, const char *kind, const void *bytes, size_t length);

enum status paper_sheet_text(const struct sheet *sheet, const struct user_glyphs *glyphs, struct buffer *out,
                             struct error_detail *err) MUST_CHECK;
enum status paper_sheet_png(const struct sheet *sheet, const struct user_glyphs *glyphs, unsigned columns,
                            struct buffer *out, struct error_detail *err) MUST_CHECK;
