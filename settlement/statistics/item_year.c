/* Two years side by side, filled from one walk over both. */
#include "settlement/statistics/item_year.h"

#include <stdio.h>
#include <string.h>

void
item_year_init(struct item_year *year, int fiscal_year)
{
    *year = (struct item_year){.fiscal_year = fiscal_year};
    growing_init(&year->rows, sizeof(struct item_year_row), ITEM_YEAR_ROWS_MAX, 0);
}

void
item_year_finish(struct item_year *year)
{
    growing_finish(&year->rows);
}

static void
add(struct item_year_row *row, int which, int index, int64_t quantity, int64_t zero_quantity, int64_t amount_yen)
{
    row->months[which][index].count += quantity;
    row->months[which][index].amount_yen += amount_yen;
    row->total[which].count += quantity;
    row->total[which].amount_yen += amount_yen;
    row->zero_quantity += which == 0 ? zero_quantity : 0;
}

enum status
item_year_add(struct item_year *year, const char *item, const char *month, int64_t quantity, int64_t zero_quantity,
              int64_t amount_yen, struct error_detail *err)
{
    int which = 0, index = usage_month_index(year->fiscal_year, month);
    if (index < 0) {
        which = 1;
        index = usage_month_index(year->fiscal_year - 1, month);
    }
    if (index < 0 || strlen(item) >= ITEM_CODE_SIZE) {
        error_set(err, "corrupt", "statistics: item \"%s\" of month \"%s\" has no place", item, month);
        return STATUS_INVALID;
    }
    struct item_year_row *row =
        year->rows.count > 0 ? (struct item_year_row *)year->rows.elements + year->rows.count - 1 : NULL;
    if (row == NULL || strcmp(row->item, item) != 0) {
        row = growing_add(&year->rows);
        if (row == NULL) {
            error_set(err, "too_many_items", "品目が多すぎて集計できません（%d品目まで）。", ITEM_YEAR_ROWS_MAX);
            return STATUS_OVERFLOW;
        }
        *row = (struct item_year_row){0};
        snprintf(row->item, sizeof row->item, "%s", item);
    }
    add(row, which, index, quantity, zero_quantity, amount_yen);
    add(&year->all, which, index, quantity, zero_quantity, amount_yen);
    return STATUS_OK;
}
