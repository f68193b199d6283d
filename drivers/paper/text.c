/* A sheet as plain text: one line a printed line, gaps as spaces on the 12-dot grid, pictures as their labels. Enlarged
 * characters are written once, so that a test reads the words and not the layout. */
#include "drivers/paper/sheet.h"

#include <string.h>

static void
append_code_point(struct buffer *out, uint32_t c)
{
    char utf8[4];
    size_t length;
    if (c < 0x80) {
        utf8[0] = (char)c;
        length = 1;
    } else if (c < 0x800) {
        utf8[0] = (char)(0xc0 | c >> 6);
        utf8[1] = (char)(0x80 | (c & 0x3f));
        length = 2;
    } else if (c < 0x10000) {
        utf8[0] = (char)(0xe0 | c >> 12);
        utf8[1] = (char)(0x80 | (c >> 6 & 0x3f));
        utf8[2] = (char)(0x80 | (c & 0x3f));
        length = 3;
    } else {
        utf8[0] = (char)(0xf0 | c >> 18);
        utf8[1] = (char)(0x80 | (c >> 12 & 0x3f));
        utf8[2] = (char)(0x80 | (c >> 6 & 0x3f));
        utf8[3] = (char)(0x80 | (c & 0x3f));
        length = 4;
    }
    buffer_append(out, utf8, length);
}

static void
append_gap(struct buffer *out, unsigned from, unsigned to)
{
    for (unsigned x = from; x + CELL_WIDTH <= to; x += CELL_WIDTH) {
        buffer_append_byte(out, ' ');
    }
}

static void
trim_spaces(struct buffer *out, size_t start)
{
    while (out->length > start && out->data[out->length - 1] == ' ') {
        out->data[--out->length] = '\0';
    }
}

/* The cells of ROW from left to right: a printer may fill a line in any order. Insertion sort, as they nearly always
 * come in order, and keeps the order of what was printed over. */
static size_t
sort_cells(const struct row *row, const struct cell *sorted[ROW_CELLS_MAX])
{
    for (size_t i = 0; i < row->cell_count; i++) {
        size_t place = i;
        for (; place > 0 && sorted[place - 1]->x > row->cells[i].x; place--) {
            sorted[place] = sorted[place - 1];
        }
        sorted[place] = &row->cells[i];
    }
    return row->cell_count;
}

static void
append_cell(struct buffer *out, const struct cell *cell, const struct user_glyphs *glyphs)
{
    const struct user_glyph *glyph = paper_glyphs_find(glyphs, cell->code_point);
    if (glyph != NULL) {
        buffer_append_text(out, glyph->name[0] != '\0' ? glyph->name : "〓");
    } else {
        append_code_point(out, cell->code_point);
    }
}

static void
append_row(struct buffer *out, const struct row *row, const struct user_glyphs *glyphs)
{
    const size_t start = out->length;
    unsigned end = 0;
    for (size_t i = 0; i < row->picture_count; i++) {
        if (row->pictures[i].label != NULL) {
            append_gap(out, end, row->pictures[i].x);
            buffer_append_text(out, row->pictures[i].label);
            end = row->pictures[i].x + row->pictures[i].width;
        }
    }
    const struct cell *cells[ROW_CELLS_MAX];
    const size_t count = sort_cells(row, cells);
    for (size_t i = 0; i < count; i++) {
        append_gap(out, end, cells[i]->x);
        append_cell(out, cells[i], glyphs);
        end = cells[i]->x + cells[i]->width;
    }
    if (!out->has_failed) {
        trim_spaces(out, start);
    }
}

enum status
paper_sheet_text(const struct sheet *sheet, const struct user_glyphs *glyphs, struct buffer *out,
                 struct error_detail *err)
{
    for (size_t i = 0; i < sheet->row_count; i++) {
        const struct row *row = &sheet->rows[i];
        if (row->is_blank_run) {
            for (unsigned line = 0; line < row->blank_lines; line++) {
                buffer_append_byte(out, '\n');
            }
        } else {
            append_row(out, row, glyphs);
            buffer_append_byte(out, '\n');
        }
    }
    return buffer_check(out, err);
}
