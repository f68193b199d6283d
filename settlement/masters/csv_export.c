/* Rows out. */
#include "settlement/masters/csv_file.h"

#include "common/text/cp932.h"

static void
append_head(struct buffer *out, const struct csv_column *columns, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char title[CSV_TITLE_SIZE];
        csv_append_cell(out, csv_column_title(&columns[i], title), i == 0);
    }
    csv_append_end(out);
}

static enum status
append_row(struct buffer *out, const struct table *table, const struct csv_column *columns, size_t count,
           const struct json_value *row, struct error_detail *err)
{
    struct buffer cell;
    buffer_init(&cell, CSV_FILE_MAX_BYTES);
    for (size_t i = 0; i < count; i++) {
        buffer_clear(&cell);
        csv_cell_text(&cell, table, &columns[i], row);
        csv_append_cell(out, buffer_text(&cell), i == 0);
    }
    enum status status = buffer_check(&cell, err);
    csv_append_end(out);
    buffer_finish(&cell);
    return status;
}

enum status
csv_export(struct buffer *out, const struct table *table, const struct overlay_row *rows, size_t count, bool is_cp932,
           size_t *out_replaced, struct error_detail *err)
{
    struct csv_column columns[CSV_CELLS_MAX];
    size_t column_count = csv_columns_of(table, columns);
    struct buffer text;
    enum status status = STATUS_OK;
    *out_replaced = 0;
    buffer_init(&text, 2 * CSV_FILE_MAX_BYTES);
    append_head(&text, columns, column_count);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        if (rows[i].state != OVERLAY_REMOVED) {
            status = append_row(&text, table, columns, column_count, rows[i].value, err);
        }
    }
    if (status == STATUS_OK) {
        status = buffer_check(&text, err);
    }
    if (status == STATUS_OK && is_cp932) {
        status = cp932_from_utf8(out, buffer_text(&text), text.length, out_replaced, err);
    } else if (status == STATUS_OK) {
        buffer_append_text(out, "\xEF\xBB\xBF"); /* without the mark, a spreadsheet takes it for CP932 */
        buffer_append(out, buffer_text(&text), text.length);
        status = buffer_check(out, err);
    }
    buffer_finish(&text);
    return status;
}
