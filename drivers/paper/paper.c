/* The paper path: characters fill a line, lines become rows, rows a sheet, a cut ends the sheet. */
#include "drivers/paper/machine.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static unsigned
width_of_columns(unsigned columns)
{
    return columns == 42 ? 512 : columns * CELL_WIDTH; /* 42 columns stand on a 512-dot head */
}

enum status
paper_create(struct paper **out, unsigned columns, struct error_detail *err)
{
    assert(columns == 32 || columns == 42 || columns == 48);
    struct paper *paper = calloc(1, sizeof *paper);
    if (paper == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    paper->columns = columns;
    paper->width_dots = width_of_columns(columns);
    buffer_init(&paper->pending, PENDING_MAX_BYTES);
    buffer_init(&paper->symbol, SYMBOL_DATA_MAX_BYTES);
    machine_reset(paper);
    *out = paper;
    return STATUS_OK;
}

void
paper_destroy(struct paper *paper)
{
    if (paper == NULL) {
        return;
    }
    for (size_t i = 0; i < paper->sheet_count; i++) {
        paper_sheet_finish(&paper->sheets[i]);
    }
    paper_sheet_finish(&paper->current);
    paper_row_finish(&paper->line);
    paper_picture_finish(&paper->stored);
    buffer_finish(&paper->pending);
    buffer_finish(&paper->symbol);
    free(paper->glyphs.glyphs);
    free(paper);
}

unsigned
paper_width_dots(const struct paper *paper)
{
    return paper->width_dots;
}

void
machine_reset(struct paper *paper)
{
    paper->now = (struct settings){
        .style = {.width_factor = 1, .height_factor = 1},
        .line_spacing = LINE_SPACING_DEFAULT,
        .area_width = paper->width_dots,
        .barcode_height = 162,
        .module_dots = 3,
        .qr_module_dots = 3,
        .qr_correction = 48,
    };
    paper_row_finish(&paper->line);
    paper->x = 0;
    buffer_clear(&paper->symbol);
    paper_picture_finish(&paper->stored);
    memset(paper->user_codes, 0, sizeof paper->user_codes);
}

void
machine_unknown(struct paper *paper, const char *family, unsigned char code)
{
    struct paper_report *report = &paper->report;
    report->unknown_commands++;
    if (report->first_unknown[0] == '\0') {
        struct buffer name;
        buffer_init(&name, PAPER_COMMAND_NAME_SIZE - 1);
        buffer_printf(&name, code > 0x20 && code < 0x7f ? "%s %c" : "%s 0x%02x", family, code);
        memcpy(report->first_unknown, buffer_text(&name), name.length + (name.length > 0));
        buffer_finish(&name);
    }
}

static void
add_row(struct paper *paper, struct row *row)
{
    if (!paper_sheet_add_row(&paper->current, row)) {
        paper->report.dropped++;
    }
}

/* Where content of WIDTH dots begins, from the left end of the paper. */
static unsigned
aligned_start(const struct paper *paper, unsigned width)
{
    const unsigned area = paper->now.area_width;
    const unsigned room = width < area ? area - width : 0;
    switch (paper->now.alignment) {
    case ALIGN_CENTER:
        return paper->now.left_margin + room / 2;
    case ALIGN_RIGHT:
        return paper->now.left_margin + room;
    case ALIGN_LEFT:
        break;
    }
    return paper->now.left_margin;
}

static unsigned
content_height(const struct row *row)
{
    unsigned height = 0;
    for (size_t i = 0; i < row->cell_count; i++) {
        const struct style *style = &row->cells[i].style;
        unsigned cell = (style->is_small ? (unsigned)SMALL_HEIGHT : CELL_HEIGHT) * style->height_factor;
        height = cell > height ? cell : height;
    }
    for (size_t i = 0; i < row->picture_count; i++) {
        height = row->pictures[i].height > height ? row->pictures[i].height : height;
    }
    return height;
}

void
machine_flush(struct paper *paper, unsigned height)
{
    paper->x = 0;
    if (paper_row_is_empty(&paper->line)) {
        return;
    }
    unsigned content = content_height(&paper->line);
    paper->line.height = content > height ? content : height;
    paper_row_shift(&paper->line, aligned_start(paper, paper_row_end(&paper->line)));
    add_row(paper, &paper->line);
}

static void
add_blank(struct paper *paper, unsigned lines, unsigned height)
{
    /* Paper that is fed before anything stands on it is the tail of the sheet before. */
    if (height == 0 || paper->current.row_count == 0) {
        return;
    }
    struct row blank = {.is_blank_run = true, .blank_lines = lines, .height = height};
    add_row(paper, &blank);
}

static unsigned
blank_line_height(const struct paper *paper)
{
    return paper->now.line_spacing > CELL_HEIGHT ? paper->now.line_spacing : CELL_HEIGHT;
}

void
machine_line_feed(struct paper *paper)
{
    if (paper_row_is_empty(&paper->line)) {
        add_blank(paper, 1, blank_line_height(paper));
    }
    machine_flush(paper, paper->now.line_spacing);
}

void
machine_feed_lines(struct paper *paper, unsigned lines)
{
    if (lines > 0) {
        const bool had_line = !paper_row_is_empty(&paper->line);
        machine_flush(paper, paper->now.line_spacing);
        lines = had_line ? lines - 1 : lines;
        add_blank(paper, lines, lines * blank_line_height(paper));
    } else {
        machine_flush(paper, 0);
    }
}

void
machine_feed_dots(struct paper *paper, unsigned dots)
{
    const bool had_line = !paper_row_is_empty(&paper->line);
    machine_flush(paper, had_line ? dots : 0);
    if (!had_line) {
        add_blank(paper, dots / blank_line_height(paper), dots);
    }
}

void
machine_move_to(struct paper *paper, unsigned x)
{
    if (x <= paper->now.area_width) {
        paper->x = x;
    }
}

void
machine_put(struct paper *paper, uint32_t code_point, unsigned half_columns)
{
    const struct settings *now = &paper->now;
    const bool is_wide = half_columns == 2;
    const unsigned half = now->style.is_small && !is_wide ? SMALL_WIDTH : CELL_WIDTH;
    const unsigned factor = now->style.width_factor;
    const unsigned before = is_wide ? now->kanji_left * factor : 0;
    const unsigned width = half * half_columns * factor;
    const unsigned after = (is_wide ? now->kanji_right : now->character_spacing) * factor;

    if (paper->x + before + width > now->area_width && !paper_row_is_empty(&paper->line)) {
        machine_flush(paper, now->line_spacing);
    }
    struct cell cell = {.code_point = code_point, .x = paper->x + before, .width = width, .style = now->style};
    if (is_wide) {
        cell.style.is_small = false;
        cell.style.underline_dots = now->kanji_underline_dots;
    }
    if (!paper_row_add_cell(&paper->line, cell)) {
        paper->report.dropped++;
        machine_flush(paper, now->line_spacing);
        return;
    }
    paper->x += before + width + after;
}

void
machine_put_inline(struct paper *paper, struct picture *picture)
{
    const unsigned width = picture->width;
    picture->x = paper->x;
    if (!paper_row_add_picture(&paper->line, picture)) {
        paper->report.dropped++;
        return;
    }
    paper->x += width;
}

void
machine_put_picture(struct paper *paper, struct picture *picture)
{
    machine_flush(paper, paper->now.line_spacing);
    machine_put_inline(paper, picture);
    machine_flush(paper, 0);
}

void
machine_cut(struct paper *paper)
{
    machine_flush(paper, paper->now.line_spacing);
    paper->report.cuts++;
    if (paper->current.row_count == 0) {
        return;
    }
    if (paper->sheet_count == PAPER_SHEETS_MAX) {
        paper_sheet_finish(&paper->sheets[0]);
        memmove(paper->sheets, paper->sheets + 1, (PAPER_SHEETS_MAX - 1) * sizeof *paper->sheets);
        paper->sheet_count--;
        paper->report.sheets_thrown_away++;
    }
    paper->sheets[paper->sheet_count++] = paper->current;
    memset(&paper->current, 0, sizeof paper->current);
}

void
paper_tear(struct paper *paper)
{
    const size_t cuts = paper->report.cuts;
    machine_cut(paper);
    paper->report.cuts = cuts; /* a torn edge is no cut */
    buffer_clear(&paper->pending);
    paper->skip = 0;
    machine_reset(paper);
}

size_t
paper_sheet_count(const struct paper *paper)
{
    return paper->sheet_count + (paper->current.row_count > 0);
}

static const struct sheet *
find_sheet(const struct paper *paper, size_t index)
{
    const size_t count = paper_sheet_count(paper);
    if (index == PAPER_LAST_SHEET && count > 0) {
        index = count - 1;
    }
    if (index >= count) {
        return NULL;
    }
    return index < paper->sheet_count ? &paper->sheets[index] : &paper->current;
}

enum status
paper_text(const struct paper *paper, size_t index, struct buffer *out, struct error_detail *err)
{
    const struct sheet *sheet = find_sheet(paper, index);
    if (sheet == NULL) {
        error_set(err, "no_such_sheet", "there is no such sheet of paper");
        return STATUS_NOT_FOUND;
    }
    return paper_sheet_text(sheet, &paper->glyphs, out, err);
}

enum status
paper_png(const struct paper *paper, size_t index, struct buffer *out, struct error_detail *err)
{
    const struct sheet *sheet = find_sheet(paper, index);
    if (sheet == NULL) {
        error_set(err, "no_such_sheet", "there is no such sheet of paper");
        return STATUS_NOT_FOUND;
    }
    return paper_sheet_png(sheet, &paper->glyphs, paper->columns, out, err);
}

const struct paper_report *
paper_report(const struct paper *paper)
{
    return &paper->report;
}
