/* Rows and pictures: the only place that allocates for them, and where the limits hold. */
#include "drivers/paper/sheet.h"

#include "common/bytes/encoding.h"
#include "common/text/utf8.h"

#include <stdlib.h>
#include <string.h>

bool
paper_row_add_cell(struct row *row, struct cell cell)
{
    if (row->cell_count == row->cell_capacity) {
        size_t capacity = row->cell_capacity == 0 ? 64 : row->cell_capacity * 2;
        if (capacity > ROW_CELLS_MAX) {
            return false;
        }
        struct cell *cells = realloc(row->cells, capacity * sizeof *cells);
        if (cells == NULL) {
            return false;
        }
        row->cells = cells;
        row->cell_capacity = capacity;
    }
    row->cells[row->cell_count++] = cell;
    return true;
}

bool
paper_glyphs_add(struct user_glyphs *glyphs, const uint8_t dots[USER_GLYPH_BYTES])
{
    if (glyphs->count == glyphs->capacity) {
        const size_t capacity = glyphs->capacity == 0 ? 16 : glyphs->capacity * 2;
        struct user_glyph *grown =
            glyphs->count < USER_GLYPHS_MAX ? realloc(glyphs->glyphs, capacity * sizeof *grown) : NULL;
        if (grown == NULL) {
            return false;
        }
        glyphs->glyphs = grown;
        glyphs->capacity = capacity;
    }
    struct user_glyph *glyph = &glyphs->glyphs[glyphs->count++];
    *glyph = (struct user_glyph){.name = ""};
    memcpy(glyph->dots, dots, USER_GLYPH_BYTES);
    return true;
}

const struct user_glyph *
paper_glyphs_find(const struct user_glyphs *glyphs, uint32_t code_point)
{
    const bool is_glyph = code_point >= USER_GLYPH_BASE && code_point - USER_GLYPH_BASE < glyphs->count;
    return is_glyph ? &glyphs->glyphs[code_point - USER_GLYPH_BASE] : NULL;
}

bool
paper_row_add_picture(struct row *row, struct picture *picture)
{
    struct picture *pictures = NULL;
    if (row->picture_count < ROW_PICTURES_MAX) {
        pictures = realloc(row->pictures, (row->picture_count + 1) * sizeof *pictures);
    }
    if (pictures == NULL) {
        paper_picture_finish(picture);
        return false;
    }
    row->pictures = pictures;
    row->pictures[row->picture_count++] = *picture;
    memset(picture, 0, sizeof *picture); /* now owned by the row */
    return true;
}

bool
paper_row_is_empty(const struct row *row)
{
    return row->cell_count == 0 && row->picture_count == 0;
}

unsigned
paper_row_end(const struct row *row)
{
    unsigned end = 0;
    for (size_t i = 0; i < row->cell_count; i++) {
        unsigned cell_end = row->cells[i].x + row->cells[i].width;
        end = cell_end > end ? cell_end : end;
    }
    for (size_t i = 0; i < row->picture_count; i++) {
        unsigned picture_end = row->pictures[i].x + row->pictures[i].width;
        end = picture_end > end ? picture_end : end;
    }
    return end;
}

void
paper_row_shift(struct row *row, unsigned dots)
{
    for (size_t i = 0; i < row->cell_count; i++) {
        row->cells[i].x += dots;
    }
    for (size_t i = 0; i < row->picture_count; i++) {
        row->pictures[i].x += dots;
    }
}

void
paper_row_finish(struct row *row)
{
    for (size_t i = 0; i < row->picture_count; i++) {
        paper_picture_finish(&row->pictures[i]);
    }
    free(row->pictures);
    free(row->cells);
    memset(row, 0, sizeof *row);
}

static bool
sheet_has_room(struct sheet *sheet, unsigned height)
{
    if (sheet->row_count >= SHEET_ROWS_MAX || height > SHEET_HEIGHT_MAX - sheet->height) {
        return false;
    }
    if (sheet->row_count < sheet->row_capacity) {
        return true;
    }
    size_t capacity = sheet->row_capacity == 0 ? 32 : sheet->row_capacity * 2;
    struct row *rows = realloc(sheet->rows, capacity * sizeof *rows);
    if (rows == NULL) {
        return false;
    }
    sheet->rows = rows;
    sheet->row_capacity = capacity;
    return true;
}

bool
paper_sheet_add_row(struct sheet *sheet, struct row *row)
{
    if (!sheet_has_room(sheet, row->height)) {
        paper_row_finish(row);
        return false;
    }
    sheet->rows[sheet->row_count++] = *row;
    sheet->height += row->height;
    memset(row, 0, sizeof *row); /* now owned by the sheet */
    return true;
}

void
paper_sheet_finish(struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->row_count; i++) {
        paper_row_finish(&sheet->rows[i]);
    }
    free(sheet->rows);
    memset(sheet, 0, sizeof *sheet);
}

bool
paper_picture_init(struct picture *picture, unsigned width, unsigned height)
{
    memset(picture, 0, sizeof *picture);
    if (width == 0 || width > PICTURE_WIDTH_MAX || height == 0 || height > PICTURE_HEIGHT_MAX) {
        return false;
    }
    const unsigned stride = (width + 7) / 8;
    picture->dots = calloc(height, stride);
    if (picture->dots == NULL) {
        return false;
    }
    picture->width = width;
    picture->height = height;
    picture->stride = stride;
    return true;
}

void
paper_picture_set(struct picture *picture, unsigned x, unsigned y)
{
    if (x < picture->width && y < picture->height) {
        picture->dots[(size_t)y * picture->stride + x / 8] |= (uint8_t)(0x80 >> x % 8);
    }
}

bool
paper_picture_dot(const struct picture *picture, unsigned x, unsigned y)
{
    return (picture->dots[(size_t)y * picture->stride + x / 8] & (0x80 >> x % 8)) != 0;
}

void
paper_picture_finish(struct picture *picture)
{
    free(picture->dots);
    free(picture->label);
    memset(picture, 0, sizeof *picture);
}

bool
paper_picture_enlarge(struct picture *picture, unsigned width_factor, unsigned height_factor)
{
    if (width_factor == 1 && height_factor == 1) {
        return true;
    }
    struct picture large;
    if (!paper_picture_init(&large, picture->width * width_factor, picture->height * height_factor)) {
        return false;
    }
    for (unsigned y = 0; y < large.height; y++) {
        for (unsigned x = 0; x < large.width; x++) {
            if (paper_picture_dot(picture, x / width_factor, y / height_factor)) {
                paper_picture_set(&large, x, y);
            }
        }
    }
    large.x = picture->x;
    large.label = picture->label;
    picture->label = NULL; /* now owned by large */
    paper_picture_finish(picture);
    *picture = large;
    return true;
}

static bool
is_one_line(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f) {
            return false;
        }
    }
    return utf8_is_valid(text, length);
}

void
paper_picture_label(struct picture *picture, const char *kind, const void *bytes, size_t length)
{
    struct buffer label;
    buffer_init(&label, 2 * PICTURE_LABEL_MAX_BYTES);
    const size_t shown = length < PICTURE_LABEL_MAX_BYTES ? length : PICTURE_LABEL_MAX_BYTES;

    buffer_printf(&label, "[%s", kind);
    if (length > 0 && is_one_line(bytes, length)) {
        buffer_append_text(&label, " ");
        buffer_append(&label, bytes, utf8_prefix(bytes, length, shown));
    } else if (length > 0) {
        buffer_append_text(&label, " 0x");
        for (size_t i = 0; i < shown && i < 64; i++) {
            char digits[3];
            hex_encode(digits, (const char *)bytes + i, 1);
            buffer_append_text(&label, digits);
        }
    }
    buffer_append_text(&label, "]");

    free(picture->label);
    size_t ignored = 0;
    picture->label = buffer_check(&label, NULL) == STATUS_OK ? buffer_take(&label, &ignored) : NULL;
    buffer_finish(&label);
}
