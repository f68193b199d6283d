/* A paper from top to bottom: issuer and reference, title, seals, fields, the table with its head on every page, notes.
 *
 * INVARIANT of the flow: a page holds at least one row; totals never begin a page without the entry before them. */
#include "settlement/forms/form_page.h"

#include "settlement/forms/form_chart.h"
#include "settlement/forms/form_words.h"

#include <stdio.h>
#include <stdlib.h>

/* Points. The left margin leaves room for two punched holes. */
static const double margin_left = 56.7, margin_right = 42.5, margin_top = 42.5, margin_bottom = 51;
static const double padding = 3.5, thin = 0.4, thick = 0.9;
static const double seal_width = 48, seal_label_height = 13, seal_height = 44;
static const double label_share = 0.30; /* of a field that stands beside another */

static const struct pen_style title_style = {.size = 18, .is_bold = true, .align = PEN_CENTRE, .spread = 4};
static const struct pen_style small_style = {.size = 8.5}, small_right_style = {.size = 8.5, .align = PEN_RIGHT};
static const struct pen_style label_style = {.size = 8.5}, text_style = {.size = 9.5};
static const struct pen_style seal_style = {.size = 8, .align = PEN_CENTRE};
static const struct pen_style foot_style = {.size = 7.5}, foot_centre_style = {.size = 8, .align = PEN_CENTRE};

struct sheet {
    const struct form *form;
    struct pen *pen;
    bool is_drawing;
    double width, height; /* of the page */
    double y;
    int page;
    int page_total;
    double column_x[FORM_COLUMNS_MAX + 1];
    double *row_heights;
};

static double
content_width(const struct sheet *sheet)
{
    return sheet->width - margin_left - margin_right;
}

static void
write(struct sheet *sheet, const struct pen_style *style, const char *text, double x, double y, double width)
{
    if (sheet->is_drawing) {
        pen_write(sheet->pen, style, text, x, y, width);
    }
}

/* ---- head and foot ----------------------------------------------------------------------------------------------- */

static void
draw_foot(struct sheet *sheet)
{
    char pages[48];
    const double y = sheet->height - margin_bottom + 14;
    char about[512];
    snprintf(pages, sizeof pages, "%d / %d", sheet->page, sheet->page_total);
    snprintf(about, sizeof about, "%s　%s　%s", sheet->form->issuer, sheet->form->title, sheet->form->reference);
    write(sheet, &foot_style, about, margin_left, y, content_width(sheet) / 2 - 20);
    write(sheet, &foot_centre_style, pages, margin_left, y, content_width(sheet));
}

static void
draw_seals(struct sheet *sheet)
{
    const struct form *form = sheet->form;
    if (form->seal_count == 0) {
        return;
    }
    double x = sheet->width - margin_right - seal_width * (double)form->seal_count;
    for (size_t i = 0; sheet->is_drawing && i < form->seal_count; i++, x += seal_width) {
        pen_tint(sheet->pen, x, sheet->y, seal_width, seal_label_height);
        pen_box(sheet->pen, x, sheet->y, seal_width, seal_label_height + seal_height, thin);
        pen_line(sheet->pen, x, sheet->y + seal_label_height, x + seal_width, sheet->y + seal_label_height, thin);
        pen_write(sheet->pen, &seal_style, form->seals[i], x, sheet->y + 1, seal_width);
    }
    sheet->y += seal_label_height + seal_height + 10;
}

static void
draw_head(struct sheet *sheet)
{
    const struct form *form = sheet->form;
    const double width = content_width(sheet);
    sheet->y = margin_top;
    write(sheet, &text_style, form->issuer, margin_left, sheet->y, width / 2);
    write(sheet, &small_right_style, form->reference, margin_left + width / 2, sheet->y, width / 2);
    sheet->y += 14;
    write(sheet, &small_right_style, form->made_on, margin_left + width / 2, sheet->y, width / 2);
    sheet->y += 10;
    write(sheet, &title_style, form->title, margin_left, sheet->y, width);
    sheet->y += pen_height(sheet->pen, &title_style, form->title, width) + 8;
    draw_seals(sheet);
}

/* One label and its text, HEIGHT high. */
static void
draw_field(struct sheet *sheet, const struct form_field *field, double x, double width, double label_width,
           double height)
{
    if (!sheet->is_drawing) {
        return;
    }
    pen_tint(sheet->pen, x, sheet->y, label_width, height);
    pen_box(sheet->pen, x, sheet->y, width, height, thin);
    pen_line(sheet->pen, x + label_width, sheet->y, x + label_width, sheet->y + height, thin);
    pen_write(sheet->pen, &label_style, field->label, x + padding, sheet->y + padding + 0.5, label_width - 2 * padding);
    pen_write(sheet->pen, &text_style, field->text, x + label_width + padding, sheet->y + padding,
              width - label_width - 2 * padding);
}

static double
field_height(struct sheet *sheet, const struct form_field *field, double width, double label_width)
{
    const double label = pen_height(sheet->pen, &label_style, field->label, label_width - 2 * padding);
    const double text = pen_height(sheet->pen, &text_style, field->text, width - label_width - 2 * padding);
    return (label > text ? label : text) + 2 * padding;
}

static void
draw_fields(struct sheet *sheet)
{
    const struct form *form = sheet->form;
    const double whole = content_width(sheet), half = whole / 2, label_width = half * label_share;
    for (size_t i = 0; i < form->field_count;) {
        const struct form_field *left = &form->fields[i];
        const bool is_pair = !left->is_wide && i + 1 < form->field_count && !form->fields[i + 1].is_wide;
        const double width = is_pair ? half : whole;
        double height = field_height(sheet, left, width, label_width);
        if (is_pair) {
            const double beside = field_height(sheet, left + 1, half, label_width);
            height = beside > height ? beside : height;
            draw_field(sheet, left + 1, margin_left + half, half, label_width, height);
        }
        draw_field(sheet, left, margin_left, width, label_width, height);
        sheet->y += height;
        i += is_pair ? 2 : 1;
    }
    sheet->y += form->field_count > 0 ? 10 : 0;
}

/* ---- the table --------------------------------------------------------------------------------------------------- */

static struct pen_style
cell_style(const struct form_column *column, enum form_role role)
{
    const bool is_number = column->kind == FORM_COUNT || column->kind == FORM_YEN || column->kind == FORM_SHARE;
    return (struct pen_style){.size = 9, .is_bold = role == FORM_TOTAL, .align = is_number ? PEN_RIGHT : PEN_LEFT};
}

static double
cell_width(const struct sheet *sheet, size_t column)
{
    return sheet->column_x[column + 1] - sheet->column_x[column] - 2 * padding;
}

static double
row_height(struct sheet *sheet, size_t row)
{
    char words[FORM_WORDS_SIZE];
    double height = 0;
    for (size_t i = 0; i < sheet->form->column_count; i++) {
        const struct form_column *column = &sheet->form->columns[i];
        const struct pen_style style = cell_style(column, form_row_role(sheet->form, row));
        const char *text = form_words(words, column, form_cell_at(sheet->form, row, i));
        const double needed = pen_height(sheet->pen, &style, text, cell_width(sheet, i));
        height = needed > height ? needed : height;
    }
    return height + 2 * padding;
}

static double
table_head_height(struct sheet *sheet)
{
    double height = 0;
    for (size_t i = 0; i < sheet->form->column_count; i++) {
        const double needed = pen_height(sheet->pen, &seal_style, sheet->form->columns[i].label, cell_width(sheet, i));
        height = needed > height ? needed : height;
    }
    return height + 2 * padding;
}

/* The rules between the columns of what stands from the present y on. */
static void
draw_row_frame(struct sheet *sheet, double height, double top_rule)
{
    const size_t columns = sheet->form->column_count;
    const double left = sheet->column_x[0], right = sheet->column_x[columns];
    for (size_t i = 0; i <= columns; i++) {
        pen_line(sheet->pen, sheet->column_x[i], sheet->y, sheet->column_x[i], sheet->y + height,
                 i == 0 || i == columns ? thick : thin);
    }
    pen_line(sheet->pen, left, sheet->y, right, sheet->y, top_rule);
    pen_line(sheet->pen, left, sheet->y + height, right, sheet->y + height, thin);
}

static void
draw_table_head(struct sheet *sheet)
{
    const double height = table_head_height(sheet);
    if (sheet->is_drawing) {
        pen_tint(sheet->pen, sheet->column_x[0], sheet->y, content_width(sheet), height);
        draw_row_frame(sheet, height, thick);
        for (size_t i = 0; i < sheet->form->column_count; i++) {
            pen_write(sheet->pen, &seal_style, sheet->form->columns[i].label, sheet->column_x[i] + padding,
                      sheet->y + padding, cell_width(sheet, i));
        }
    }
    sheet->y += height;
}

static void
draw_row(struct sheet *sheet, size_t row)
{
    const enum form_role role = form_row_role(sheet->form, row);
    const double height = sheet->row_heights[row];
    char words[FORM_WORDS_SIZE];
    if (sheet->is_drawing) {
        if (role != FORM_ENTRY) {
            pen_tint(sheet->pen, sheet->column_x[0], sheet->y, content_width(sheet), height);
        }
        draw_row_frame(sheet, height, role == FORM_TOTAL ? thick : thin);
        for (size_t i = 0; i < sheet->form->column_count; i++) {
            const struct form_column *column = &sheet->form->columns[i];
            const struct pen_style style = cell_style(column, role);
            pen_write(sheet->pen, &style, form_words(words, column, form_cell_at(sheet->form, row, i)),
                      sheet->column_x[i] + padding, sheet->y + padding, cell_width(sheet, i));
        }
    }
    sheet->y += height;
}

static void
turn_page(struct sheet *sheet)
{
    draw_foot(sheet);
    if (sheet->is_drawing) {
        cairo_show_page(sheet->pen->cairo);
    }
    sheet->page++;
    sheet->y = margin_top;
}

/* What must stand on one page with ROW: itself, and the totals right behind it. */
static double
height_with_totals(const struct sheet *sheet, size_t row)
{
    double height = sheet->row_heights[row];
    const size_t count = form_row_count(sheet->form);
    for (size_t next = row + 1; next < count && form_row_role(sheet->form, next) != FORM_ENTRY; next++) {
        height += sheet->row_heights[next];
    }
    return height;
}

static void
draw_table(struct sheet *sheet)
{
    const double bottom = sheet->height - margin_bottom;
    const size_t count = form_row_count(sheet->form);
    bool is_first_of_page = true;
    if (sheet->form->column_count == 0) {
        return;
    }
    draw_table_head(sheet);
    for (size_t row = 0; row < count; row++) {
        const bool is_entry = form_row_role(sheet->form, row) == FORM_ENTRY;
        const double needed = is_entry ? height_with_totals(sheet, row) : sheet->row_heights[row];
        if (!is_first_of_page && sheet->y + needed > bottom) {
            turn_page(sheet);
            draw_table_head(sheet);
        }
        draw_row(sheet, row);
        is_first_of_page = false;
    }
    sheet->y += 8;
}

static void
draw_notes(struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->form->note_count; i++) {
        const double height = pen_height(sheet->pen, &small_style, sheet->form->notes[i], content_width(sheet));
        if (sheet->y + height > sheet->height - margin_bottom) {
            turn_page(sheet);
        }
        write(sheet, &small_style, sheet->form->notes[i], margin_left, sheet->y, content_width(sheet));
        sheet->y += height + 2;
    }
}

/* A chart is never wider or higher than the first page has room for. */
static void
draw_chart(struct sheet *sheet)
{
    const double height = form_chart_height(&sheet->form->chart);
    if (height > 0 && sheet->is_drawing) {
        form_chart_draw(&sheet->form->chart, sheet->pen, margin_left, sheet->y, content_width(sheet));
    }
    sheet->y += height > 0 ? height + 8 : 0;
}

static void
flow(struct sheet *sheet, bool is_drawing)
{
    sheet->is_drawing = is_drawing;
    sheet->page = 1;
    draw_head(sheet);
    draw_fields(sheet);
    draw_chart(sheet);
    draw_table(sheet);
    draw_notes(sheet);
    sheet->page_total = sheet->page;
    draw_foot(sheet);
    if (is_drawing) {
        cairo_show_page(sheet->pen->cairo);
    }
}

static void
place_columns(struct sheet *sheet)
{
    const struct form *form = sheet->form;
    int weights = 0;
    for (size_t i = 0; i < form->column_count; i++) {
        weights += form->columns[i].weight;
    }
    int before = 0;
    sheet->column_x[0] = margin_left;
    for (size_t i = 0; i < form->column_count; i++) {
        before += form->columns[i].weight;
        sheet->column_x[i + 1] = margin_left + content_width(sheet) * before / weights;
    }
}

enum status
form_draw(const struct form *form, struct pen *pen, struct error_detail *err)
{
    const size_t rows = form_row_count(form);
    struct sheet sheet = {.form = form,
                          .pen = pen,
                          .width = form->is_landscape ? FORM_PAGE_LONG : FORM_PAGE_SHORT,
                          .height = form->is_landscape ? FORM_PAGE_SHORT : FORM_PAGE_LONG,
                          .row_heights = calloc(rows + 1, sizeof(double))};
    if (sheet.row_heights == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    place_columns(&sheet);
    for (size_t row = 0; row < rows; row++) {
        sheet.row_heights[row] = row_height(&sheet, row);
    }
    flow(&sheet, /* is_drawing= */ false);
    flow(&sheet, /* is_drawing= */ true);
    free(sheet.row_heights);
    return STATUS_OK;
}
