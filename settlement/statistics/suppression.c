/* Bridges are looked for anew after each cell that is added: tables are small, and the rule stays readable. */
#include "settlement/statistics/suppression.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static size_t
at(const struct suppression *table, size_t row, size_t column)
{
    return row * table->column_count + column;
}

enum status
suppression_init(struct suppression *table, size_t row_count, size_t column_count, int64_t threshold,
                 struct error_detail *err)
{
    *table = (struct suppression){.row_count = row_count, .column_count = column_count, .threshold = threshold};
    assert(row_count >= 2 && column_count >= 2);
    assert(threshold >= 1);
    if (row_count > SUPPRESSION_ROWS_MAX || column_count > SUPPRESSION_COLUMNS_MAX) {
        error_set(err, "too_many_rows", "公開する表が大きすぎます（%d行、%d列まで）。", SUPPRESSION_ROWS_MAX,
                  SUPPRESSION_COLUMNS_MAX);
        return STATUS_OVERFLOW;
    }
    table->counts = calloc(row_count * column_count, sizeof *table->counts);
    table->is_left_out = calloc(row_count * column_count, sizeof *table->is_left_out);
    if (table->counts == NULL || table->is_left_out == NULL) {
        error_set(err, "no_memory", "メモリが足りません。しばらくしてからもう一度行ってください。");
        return STATUS_NO_MEMORY;
    }
    return STATUS_OK;
}

void
suppression_finish(struct suppression *table)
{
    free(table->counts);
    free(table->is_left_out);
    *table = (struct suppression){0};
}

void
suppression_add(struct suppression *table, size_t row, size_t column, int64_t count)
{
    const size_t last_row = table->row_count - 1, last_column = table->column_count - 1;
    assert(row < last_row && column < last_column);
    table->counts[at(table, row, column)] += count;
    table->counts[at(table, row, last_column)] += count;
    table->counts[at(table, last_row, column)] += count;
    table->counts[at(table, last_row, last_column)] += count;
}

void
suppression_leave_out(struct suppression *table, size_t row, size_t column)
{
    table->is_left_out[at(table, row, column)] |= table->counts[at(table, row, column)] != 0;
}

bool
suppression_is_left_out(const struct suppression *table, size_t row, size_t column)
{
    return table->is_left_out[at(table, row, column)];
}

/* ---- does a cell follow from the others? ------------------------------------------------------------------------- */

/* Points are rows, then columns. Whether TO is reached from FROM over cells left out, without the cell (ROW, COLUMN).
 */
static bool
is_in_circle(const struct suppression *table, size_t row, size_t column)
{
    bool reached[SUPPRESSION_ROWS_MAX + SUPPRESSION_COLUMNS_MAX] = {false};
    size_t waiting[SUPPRESSION_ROWS_MAX + SUPPRESSION_COLUMNS_MAX];
    size_t count = 0;
    reached[row] = true;
    waiting[count++] = row;
    while (count > 0) {
        const size_t point = waiting[--count];
        const bool is_row = point < table->row_count;
        const size_t others = is_row ? table->column_count : table->row_count;
        for (size_t other = 0; other < others; other++) {
            const size_t r = is_row ? point : other, c = is_row ? other : point - table->row_count;
            const size_t next = is_row ? table->row_count + other : other;
            if ((r == row && c == column) || !suppression_is_left_out(table, r, c) || reached[next]) {
                continue;
            }
            reached[next] = true;
            waiting[count++] = next;
        }
    }
    return reached[table->row_count + column];
}

/* The cheapest circle of four cells through (ROW, COLUMN): what is left out already costs nothing. False when there is
 * none, because what could be left out with it is zero. */
static bool
close_circle(struct suppression *table, size_t row, size_t column)
{
    int64_t best = -1;
    size_t best_row = 0, best_column = 0;
    for (size_t r = 0; r < table->row_count; r++) {
        for (size_t c = 0; c < table->column_count; c++) {
            const size_t cells[3] = {at(table, r, column), at(table, row, c), at(table, r, c)};
            int64_t cost = 0;
            bool is_possible = r != row && c != column;
            for (size_t i = 0; is_possible && i < 3; i++) {
                is_possible = table->counts[cells[i]] != 0;
                cost += table->is_left_out[cells[i]] ? 0 : table->counts[cells[i]];
            }
            if (is_possible && (best < 0 || cost < best)) {
                best = cost;
                best_row = r;
                best_column = c;
            }
        }
    }
    if (best >= 0) {
        suppression_leave_out(table, best_row, column);
        suppression_leave_out(table, row, best_column);
        suppression_leave_out(table, best_row, best_column);
    }
    return best >= 0;
}

/* ---- is the sum of what is left out a secret? -------------------------------------------------------------------- */

/* A row or a column. */
struct line {
    bool is_row;
    size_t index;
};

static size_t
cell_of(const struct suppression *table, struct line line, size_t place)
{
    return line.is_row ? at(table, line.index, place) : at(table, place, line.index);
}

/* What a reader learns of the cells left out of LINE: their sum, when its total stands. False when it is no secret. */
static bool
is_sum_safe(const struct suppression *table, struct line line, size_t *out_smallest)
{
    const size_t count = line.is_row ? table->column_count : table->row_count;
    int64_t sum = 0;
    bool has_any = false, has_more = false;
    for (size_t place = 0; place + 1 < count; place++) {
        const size_t cell = cell_of(table, line, place);
        if (table->is_left_out[cell]) {
            sum += table->counts[cell];
            has_any = true;
        } else if (table->counts[cell] != 0 &&
                   (!has_more || table->counts[cell] < table->counts[cell_of(table, line, *out_smallest)])) {
            *out_smallest = place;
            has_more = true;
        }
    }
    *out_smallest = has_more ? *out_smallest : count - 1; /* nothing else is there: the total goes */
    return !has_any || table->is_left_out[cell_of(table, line, count - 1)] || sum >= table->threshold;
}

static bool
widen_lines(struct suppression *table)
{
    bool has_changed = false;
    for (size_t i = 0; i < table->row_count + table->column_count; i++) {
        const bool is_row = i < table->row_count;
        const struct line line = {.is_row = is_row, .index = is_row ? i : i - table->row_count};
        size_t smallest = 0;
        if (!is_sum_safe(table, line, &smallest)) {
            table->is_left_out[cell_of(table, line, smallest)] = true;
            has_changed = true;
        }
    }
    return has_changed;
}

static bool
close_circles(struct suppression *table)
{
    bool has_changed = false;
    for (size_t row = 0; row < table->row_count; row++) {
        for (size_t column = 0; column < table->column_count; column++) {
            if (!suppression_is_left_out(table, row, column) || is_in_circle(table, row, column)) {
                continue;
            }
            if (!close_circle(table, row, column)) {
                /* Its row or column has nothing else: it is its own total. Leave out everything that is not zero. */
                for (size_t i = 0; i < table->row_count * table->column_count; i++) {
                    table->is_left_out[i] = table->counts[i] != 0;
                }
                return false;
            }
            has_changed = true;
        }
    }
    return has_changed;
}

void
suppression_choose(struct suppression *table)
{
    for (size_t i = 0; i < table->row_count * table->column_count; i++) {
        table->is_left_out[i] |= table->counts[i] > 0 && table->counts[i] < table->threshold;
    }
    /* Each turn leaves out one cell more, or ends. */
    while (widen_lines(table) || close_circles(table)) {
    }
}

bool
suppression_is_safe(const struct suppression *table)
{
    size_t unused = 0;
    for (size_t row = 0; row < table->row_count; row++) {
        for (size_t column = 0; column < table->column_count; column++) {
            const int64_t count = table->counts[at(table, row, column)];
            const bool is_out = suppression_is_left_out(table, row, column);
            if ((count > 0 && count < table->threshold && !is_out) || (is_out && !is_in_circle(table, row, column))) {
                return false;
            }
        }
    }
    for (size_t i = 0; i < table->row_count + table->column_count; i++) {
        const bool is_row = i < table->row_count;
        if (!is_sum_safe(table, (struct line){is_row, is_row ? i : i - table->row_count}, &unused)) {
            return false;
        }
    }
    return true;
}
