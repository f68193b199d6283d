/* Texts go through the one writer of cells that guards against formulas (masters/csv_cells.h). */
#include "settlement/forms/form_csv.h"

#include "common/money/yen.h"
#include "common/text/cp932.h"
#include "settlement/masters/csv_cells.h"

static void
append_cell(struct buffer *out, const struct form_column *column, const struct form_cell *cell, bool is_first)
{
    char number[YEN_TEXT_SIZE];
    if (column->kind == FORM_TEXT || column->kind == FORM_DAY || cell->is_blank) {
        csv_append_cell(out, cell->text, is_first);
        return;
    }
    if (!is_first) {
        buffer_append_byte(out, ',');
    }
    if (column->kind == FORM_SHARE) {
        buffer_printf(out, "%lld.%lld", (long long)(cell->number / 10), (long long)(cell->number % 10));
        return;
    }
    buffer_append_text(out, yen_format_plain(number, cell->number));
}

static void
append_table(struct buffer *out, const struct form *form)
{
    for (size_t column = 0; column < form->column_count; column++) {
        csv_append_cell(out, form->columns[column].label, column == 0);
    }
    csv_append_end(out);
    for (size_t row = 0; row < form_row_count(form); row++) {
        if (form_row_role(form, row) != FORM_ENTRY) {
            continue;
        }
        for (size_t column = 0; column < form->column_count; column++) {
            append_cell(out, &form->columns[column], form_cell_at(form, row, column), column == 0);
        }
        csv_append_end(out);
    }
}

void
form_to_csv(struct buffer *out, const struct form *form)
{
    buffer_append(out, "\xEF\xBB\xBF", 3);
    append_table(out, form);
}

enum status
form_to_csv_cp932(struct buffer *out, const struct form *form, size_t *out_replaced, struct error_detail *err)
{
    struct buffer utf8;
    buffer_init(&utf8, FORM_FILE_MAX_BYTES);
    append_table(&utf8, form);
    enum status status = buffer_check(&utf8, err);
    if (status == STATUS_OK) {
        status = cp932_from_utf8(out, buffer_text(&utf8), utf8.length, out_replaced, err);
    }
    buffer_finish(&utf8);
    return status == STATUS_OK ? buffer_check(out, err) : status;
}
