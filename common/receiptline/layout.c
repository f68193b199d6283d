/* A row on paper: its cells side by side where they fit on one row, which is nearly always; wrap.c has the rest. */
#include "common/receiptline/painter.h"

#include "common/text/utf8.h"

#include <string.h>

void
painter_gap_to(struct painter *painter, unsigned half_column)
{
    if (half_column > painter->x) {
        painter->output->gap(painter->output->context, half_column - painter->x);
        painter->x = half_column;
    }
}

void
painter_text(struct painter *painter, struct receiptline_style style, const char *text, size_t length, size_t columns)
{
    if (length > 0) {
        painter->output->text(painter->output->context, style, text, length);
        painter->x += 2 * (unsigned)columns * style.width;
    }
}

void
painter_end_row(struct painter *painter)
{
    painter->output->end_row(painter->output->context);
    painter->x = 0;
    if (++painter->rows > RECEIPTLINE_ROWS_MAX) {
        painter->status = STATUS_OVERFLOW;
    }
}

unsigned
painter_align_gap(enum receiptline_align align, unsigned width, size_t columns)
{
    const unsigned free = columns < width ? width - (unsigned)columns : 0;
    return align == RECEIPTLINE_LEFT ? 0 : align == RECEIPTLINE_CENTER ? free : 2 * free;
}

static void
print_content(struct painter *painter, const struct content *content)
{
    for (size_t i = 0; i < content->piece_count; i++) {
        const struct piece *piece = &painter->pieces[content->first_piece + i];
        painter_text(painter, piece->style, piece->text, piece->length, piece->columns);
    }
}

/* ---- width:flow -------------------------------------------------------------------------------------------------- */

/* One cell over the whole paper, or two: the first at the left, the second at the right edge. */
static bool
flow_fits(const struct painter *painter, size_t count)
{
    const struct content *left = &painter->contents[0], *right = &painter->contents[1];
    if (left->has_break || left->columns > painter->columns) {
        return false;
    }
    if (count == 1 || right->piece_count == 0) {
        return true;
    }
    const size_t gap = left->columns > 0 && right->columns > 0;
    return !right->has_break && left->columns + gap + right->columns <= painter->columns;
}

static void
print_flow(struct painter *painter, size_t count)
{
    const struct content *left = &painter->contents[0], *right = &painter->contents[1];
    if (count == 1 && left->align == RECEIPTLINE_CENTER) {
        painter->output->center(painter->output->context);
    } else if (count == 1) {
        painter_gap_to(painter, painter_align_gap(left->align, painter->columns, left->columns));
    }
    print_content(painter, left);
    if (count == 2 && right->columns > 0) {
        painter_gap_to(painter, 2 * (painter->columns - (unsigned)right->columns));
        print_content(painter, right);
    }
    painter_end_row(painter);
}

/* ---- columns ----------------------------------------------------------------------------------------------------- */

/* The one cell of a text:nowrap row that is too long, cut where the paper ends: how templates draw lines of signs. */
static void
print_cut(struct painter *painter, const struct content *content)
{
    size_t left = painter->columns;
    for (size_t i = 0; i < content->piece_count && left > 0; i++) {
        const struct piece *piece = &painter->pieces[content->first_piece + i];
        const char *end = piece->text + piece->length;
        const char *cut = piece->text;
        size_t columns = 0;
        while (cut < end) {
            const char *next = cut;
            const size_t wanted = columns + utf8_columns(utf8_next(&next, end));
            if (wanted * piece->style.width > left) {
                break;
            }
            columns = wanted;
            cut = next;
        }
        painter_text(painter, piece->style, piece->text, (size_t)(cut - piece->text), columns);
        left = cut < end ? 0 : left - columns * piece->style.width;
    }
    painter_end_row(painter);
}

static unsigned
line_left(const struct painter *painter, const struct settings *settings, unsigned width)
{
    const unsigned free = width < painter->columns ? painter->columns - width : 0;
    return painter_align_gap(settings->align, painter->columns, painter->columns - free) / 2;
}

struct receiptline_area
painter_area(const struct painter *painter, const struct settings *settings)
{
    unsigned widths[RECEIPTLINE_CELLS_MAX];
    unsigned width = painter->columns;
    if (settings->mode == WIDTH_LIST) {
        const size_t count = program_widths(settings, 1, painter->columns, widths);
        width = program_line_width(settings, widths, count);
    }
    return (struct receiptline_area){line_left(painter, settings, width), width, RECEIPTLINE_CENTER};
}

/* Where each cell of the row stands. Returns how many slots there are; *OUT_LEFT is the line's left edge. */
static size_t
place_cells(const struct painter *painter, const struct settings *settings, size_t cell_count,
            struct slot slots[RECEIPTLINE_CELLS_MAX], unsigned widths[RECEIPTLINE_CELLS_MAX], unsigned *out_left)
{
    const size_t count = program_widths(settings, cell_count, painter->columns, widths);
    const bool has_lines = settings->border == BORDER_LINE;
    const unsigned border = has_lines ? 1 : (unsigned)settings->border;
    *out_left = line_left(painter, settings, program_line_width(settings, widths, count));
    unsigned x = *out_left + has_lines;
    for (size_t i = 0; i < count; i++) {
        slots[i] = (struct slot){x, widths[i]};
        x += widths[i] > 0 ? widths[i] + border : 0;
    }
    return count;
}

static bool
cells_fit(const struct painter *painter, const struct slot *slots, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct content *content = &painter->contents[i];
        if (slots[i].width > 0 && (content->has_break || content->columns > slots[i].width)) {
            return false;
        }
    }
    return true;
}

static unsigned
tallest(const struct painter *painter)
{
    unsigned height = 1;
    for (size_t i = 0; i < painter->piece_count; i++) {
        height = painter->pieces[i].style.height > height ? painter->pieces[i].style.height : height;
    }
    return height;
}

static void
print_cells(struct painter *painter, const struct slot *slots, size_t places, size_t count)
{
    const unsigned height = painter->frame.is_open ? tallest(painter) : 1;
    if (places == 1 && slots[0].width == painter->columns && painter->contents[0].align == RECEIPTLINE_CENTER) {
        painter->output->center(painter->output->context);
        print_content(painter, &painter->contents[0]);
        painter_end_row(painter);
        return;
    }
    unsigned end = 0;
    for (size_t i = 0; i < places; i++) {
        if (slots[i].width == 0) {
            continue;
        }
        painter_bar(painter, slots[i].left - painter->frame.is_open, height);
        end = slots[i].left + slots[i].width;
        if (i < count && painter->contents[i].columns > 0) {
            const struct content *content = &painter->contents[i];
            const unsigned gap = painter_align_gap(content->align, slots[i].width, content->columns);
            painter_gap_to(painter, 2 * slots[i].left + gap);
            print_content(painter, content);
        }
    }
    painter_bar(painter, end, height);
    painter_end_row(painter);
}

static void
print_columns(struct painter *painter, const struct settings *settings, size_t cell_count)
{
    struct slot slots[RECEIPTLINE_CELLS_MAX];
    unsigned widths[RECEIPTLINE_CELLS_MAX];
    unsigned left;
    const size_t places = place_cells(painter, settings, cell_count, slots, widths, &left);
    const size_t count = cell_count < places ? cell_count : places;
    const bool fits = cells_fit(painter, slots, count);
    if (painter->is_measuring) {
        painter->does_fit = painter->does_fit && (fits || settings->is_cutting);
        return;
    }
    if (settings->border == BORDER_LINE) {
        painter_frame_begin(painter, left, widths, places);
    } else {
        painter_frame_end(painter);
    }
    if (fits) {
        print_cells(painter, slots, places, count);
    } else {
        painter_wrap(painter, slots, places, count, settings->is_cutting);
    }
}

void
painter_row(struct painter *painter, const struct node *node)
{
    const struct settings *settings = &painter->program->settings[node->settings];
    if (!painter_assemble(painter, node)) {
        return;
    }
    painter->has_cut = painter->has_cut && painter->is_measuring;
    if (painter->is_measuring && node->cell_count == 1) {
        return; /* what stands alone may go on in the next row; [[fit]] asks whether cells stand side by side */
    }
    if (settings->mode != WIDTH_FLOW) {
        print_columns(painter, settings, node->cell_count);
        return;
    }
    const bool fits = flow_fits(painter, node->cell_count);
    if (painter->is_measuring) {
        painter->does_fit = painter->does_fit && (fits || settings->is_cutting);
        return;
    }
    painter_frame_end(painter);
    if (fits) {
        print_flow(painter, node->cell_count);
    } else if (settings->is_cutting && node->cell_count == 1 && !painter->contents[0].has_break) {
        print_cut(painter, &painter->contents[0]);
    } else if (settings->is_cutting) {
        painter_wrap(painter, &(struct slot){0, painter->columns}, 1, 1, /* is_cutting= */ true);
    } else {
        painter_wrap_flow(painter, node->cell_count);
    }
}
