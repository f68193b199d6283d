/* Fill both, choose in each, look at what they share. */
#include "settlement/statistics/open_data.h"

#include <stdlib.h>

static enum status
table_begin(struct open_table *table, size_t rows, size_t columns, int64_t threshold, struct error_detail *err)
{
    *table = (struct open_table){0};
    enum status status = suppression_init(&table->choice, rows + 1, columns + 1, threshold, err);
    if (status != STATUS_OK) {
        return status;
    }
    table->row_count = rows + 1;
    table->column_count = columns + 1;
    table->cells = calloc(table->row_count * table->column_count, sizeof *table->cells);
    if (table->cells == NULL) {
        error_set(err, "no_memory", "メモリが足りません。しばらくしてからもう一度行ってください。");
        return STATUS_NO_MEMORY;
    }
    return STATUS_OK;
}

static void
table_finish(struct open_table *table)
{
    suppression_finish(&table->choice);
    free(table->cells);
    *table = (struct open_table){0};
}

static void
add(struct usage_sum *to, struct usage_sum sum)
{
    to->count += sum.count;
    to->amount_yen += sum.amount_yen;
}

/* Yen without a count (cash beside a card) are as telling as one sale. */
static void
table_add(struct open_table *table, size_t row, size_t column, struct usage_sum sum)
{
    const size_t last_row = table->row_count - 1, last_column = table->column_count - 1;
    add(&table->cells[row * table->column_count + column], sum);
    add(&table->cells[row * table->column_count + last_column], sum);
    add(&table->cells[last_row * table->column_count + column], sum);
    add(&table->cells[last_row * table->column_count + last_column], sum);
    suppression_add(&table->choice, row, column, sum.count == 0 && sum.amount_yen != 0 ? 1 : sum.count);
}

static void
table_choose(struct open_table *table, int64_t threshold)
{
    for (size_t row = 0; row < table->row_count; row++) {
        for (size_t column = 0; column < table->column_count; column++) {
            const int64_t count = table->cells[row * table->column_count + column].count;
            if (count > 0 && count < threshold) { /* also where yen without a count made it look larger */
                suppression_leave_out(&table->choice, row, column);
            }
        }
    }
    suppression_choose(&table->choice);
}

static enum status
fill_months(struct open_table *table, const struct usage_year *year, int64_t threshold, struct error_detail *err)
{
    if (year->brand_count == 0) {
        return STATUS_OK;
    }
    enum status status = table_begin(table, USAGE_MONTHS, year->brand_count, threshold, err);
    for (size_t month = 0; status == STATUS_OK && month < USAGE_MONTHS; month++) {
        for (size_t brand = 0; brand < year->brand_count; brand++) {
            table_add(table, month, brand, year->brands[brand].months[month]);
        }
    }
    return status;
}

static enum status
fill_facilities(struct open_table *table, const struct growing *facilities, int64_t threshold, struct error_detail *err)
{
    const struct facility_sum *sums = facilities->elements;
    if (facilities->count == 0) {
        return STATUS_OK;
    }
    enum status status = table_begin(table, facilities->count, OPEN_FACILITY_COLUMNS, threshold, err);
    for (size_t i = 0; status == STATUS_OK && i < facilities->count; i++) {
        table_add(table, i, OPEN_CASH, sums[i].cash);
        table_add(table, i, OPEN_CASHLESS, sums[i].cashless);
    }
    return status;
}

/* Whether one of the totals that both tables have is left out in either. */
static bool
shares_a_secret(const struct open_data *data, const struct usage_year *year)
{
    const struct open_table *months = &data->months, *facilities = &data->facilities;
    bool is_secret = false;
    if (months->row_count > 0) {
        const size_t last = months->row_count - 1;
        is_secret = open_table_cell(months, last, months->column_count - 1) == NULL;
        for (size_t brand = 0; brand < year->brand_count; brand++) {
            is_secret |= year->brands[brand].method == USAGE_CASH && open_table_cell(months, last, brand) == NULL;
        }
    }
    for (size_t column = 0; facilities->row_count > 0 && column < facilities->column_count; column++) {
        is_secret |= open_table_cell(facilities, facilities->row_count - 1, column) == NULL;
    }
    return is_secret;
}

enum status
open_data_make(struct open_data *out, const struct usage_year *year, const struct growing *facilities,
               int64_t threshold, struct error_detail *err)
{
    *out = (struct open_data){0};
    enum status status = fill_months(&out->months, year, threshold, err);
    if (status == STATUS_OK) {
        status = fill_facilities(&out->facilities, facilities, threshold, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (out->months.row_count > 0) {
        table_choose(&out->months, threshold);
    }
    if (out->facilities.row_count > 0) {
        table_choose(&out->facilities, threshold);
    }
    out->is_withheld = shares_a_secret(out, year);
    return STATUS_OK;
}

void
open_data_finish(struct open_data *data)
{
    table_finish(&data->months);
    table_finish(&data->facilities);
}

const struct usage_sum *
open_table_cell(const struct open_table *table, size_t row, size_t column)
{
    return suppression_is_left_out(&table->choice, row, column) ? NULL
                                                                : &table->cells[row * table->column_count + column];
}
