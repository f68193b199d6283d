/* border:line: rows inside a frame. It opens before the first such row, is divided by rules, and closes before anything
 * else is printed. */
#include "common/receiptline/painter.h"

#include <string.h>

enum { GLYPH_BYTES = 3, CELLS_SIZE = (RECEIPTLINE_COLUMNS_MAX + 1) * GLYPH_BYTES + 1 };

static void
print_horizontal(struct painter *painter, const char *first, const char *between, const char *last)
{
    char cells[CELLS_SIZE];
    const struct frame *frame = &painter->frame;
    size_t length = 0;
    bool is_first = true;
    for (size_t i = 0; i < frame->count; i++) {
        if (frame->widths[i] == 0) {
            continue;
        }
        memcpy(cells + length, is_first ? first : between, GLYPH_BYTES);
        length += GLYPH_BYTES;
        for (unsigned column = 0; column < frame->widths[i]; column++) {
            memcpy(cells + length, "─", GLYPH_BYTES);
            length += GLYPH_BYTES;
        }
        is_first = false;
    }
    memcpy(cells + length, last, GLYPH_BYTES + 1);
    painter_gap_to(painter, 2 * frame->left);
    painter->output->frame(painter->output->context, cells, 1);
    painter_end_row(painter);
}

static bool
is_same(const struct frame *frame, unsigned left, const unsigned *widths, size_t count)
{
    return frame->is_open && frame->left == left && frame->count == count &&
           memcmp(frame->widths, widths, count * sizeof *widths) == 0;
}

static bool
has_width(const unsigned *widths, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (widths[i] > 0) {
            return true;
        }
    }
    return false;
}

static void
open_frame(struct painter *painter, unsigned left, const unsigned *widths, size_t count)
{
    painter_frame_end(painter);
    if (!has_width(widths, count)) {
        return;
    }
    painter->frame = (struct frame){.is_open = true, .left = left, .count = count};
    memcpy(painter->frame.widths, widths, count * sizeof *widths);
    painter->output->join_rows(painter->output->context, true);
    print_horizontal(painter, "┌", "┬", "┐");
}

void
painter_frame_begin(struct painter *painter, unsigned left, const unsigned *widths, size_t count)
{
    if (!is_same(&painter->frame, left, widths, count)) {
        open_frame(painter, left, widths, count);
    }
}

void
painter_frame_rule(struct painter *painter, unsigned left, const unsigned *widths, size_t count)
{
    if (is_same(&painter->frame, left, widths, count)) {
        print_horizontal(painter, "├", "┼", "┤");
    } else {
        open_frame(painter, left, widths, count);
    }
}

void
painter_frame_end(struct painter *painter)
{
    if (painter->frame.is_open) {
        print_horizontal(painter, "└", "┴", "┘");
        painter->output->join_rows(painter->output->context, false);
        painter->frame.is_open = false;
    }
}

void
painter_bar(struct painter *painter, unsigned column, unsigned height)
{
    if (painter->frame.is_open) {
        painter_gap_to(painter, 2 * column);
        painter->output->frame(painter->output->context, "│", height);
        painter->x += 2;
    }
}
