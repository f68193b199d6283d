/* A paper being printed: where the walk stands, and the row under way. Inside this folder only. */
#pragma once

#include "common/receiptline/program.h"

#include "common/text/typeset.h"

enum {
    PIECES_MAX = 1200, /* a guidance of 480 line breaks and as many empty rows, and some */
    STEPS_MAX = 200000 /* nodes walked: a template that repeats itself without printing is stopped here */
};

/* A stretch of clean text in one style, or a break. `text` is NULL while it lies in `scratch` at `offset`. */
struct piece {
    const char *text;
    size_t offset, length, columns; /* columns at single width */
    struct receiptline_style style;
    bool is_break;
};

/* A cell of the row under way. */
struct content {
    size_t first_piece, piece_count;
    size_t columns; /* all of it on one row */
    bool has_break;
    enum receiptline_align align;
};

struct frame {
    bool is_open;
    unsigned left;
    size_t count;
    unsigned widths[RECEIPTLINE_CELLS_MAX];
};

struct painter {
    const struct receiptline_template *program;
    const struct receiptline_output *output;
    unsigned columns;
    const struct receiptline_value *records[RECEIPTLINE_NESTING_MAX + 1];
    size_t level;
    size_t steps, rows;
    bool is_measuring, does_fit; /* [[fit]]: nothing is printed */
    bool has_cut;                /* and printed nothing since */
    enum status status;

    struct buffer scratch; /* formatted values of the row under way */
    struct piece pieces[PIECES_MAX];
    size_t piece_count;
    struct content contents[RECEIPTLINE_CELLS_MAX];
    unsigned x; /* half columns printed of the present row */
    struct frame frame;

    struct buffer joined; /* rows that break: the cells' texts in one piece */
    struct typeset_span spans[PIECES_MAX];
    struct receiptline_style styles[PIECES_MAX];
    size_t span_count;
};

/* eval.c */
const struct receiptline_value *
painter_value(const struct painter *painter, struct reference name, struct receiptline_value *columns);
bool painter_condition(const struct painter *painter, const struct condition *condition);

/* Append the text of CELL to OUT as it is, without layout: the content of a code or a picture. */
void painter_plain_text(struct painter *painter, const struct cell *cell, struct buffer *out);

/* Fill `contents` with the cells of NODE. False when an optional field leaves the row out. */
bool painter_assemble(struct painter *painter, const struct node *node);

/* layout.c: print (or measure) the row NODE. */
void painter_row(struct painter *painter, const struct node *node);

/* The area of a line with SETTINGS, for what is not text. */
struct receiptline_area painter_area(const struct painter *painter, const struct settings *settings);

struct slot {
    unsigned left, width; /* columns; width 0: hidden */
};

/* wrap.c: print the COUNT cells of the row under way, which do not all fit on one row; of PLACES the later may be
 * empty.
 */
void painter_wrap(struct painter *painter, const struct slot *slots, size_t places, size_t count, bool is_cutting);
void painter_wrap_flow(struct painter *painter, size_t count);

/* layout.c: pieces of rows for wrap.c. */
void painter_gap_to(struct painter *painter, unsigned half_column);
void
painter_text(struct painter *painter, struct receiptline_style style, const char *text, size_t length, size_t columns);
void painter_end_row(struct painter *painter);
unsigned painter_align_gap(enum receiptline_align align, unsigned width, size_t columns); /* half columns */

/* frame.c */
void painter_frame_begin(struct painter *painter, unsigned left, const unsigned *widths, size_t count);
void painter_frame_rule(struct painter *painter, unsigned left, const unsigned *widths, size_t count);
void painter_frame_end(struct painter *painter);

/* The upright line at COLUMN of a row HEIGHT times as high; nothing when no frame is open. */
void painter_bar(struct painter *painter, unsigned column, unsigned height);
