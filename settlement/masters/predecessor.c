/* Which row follows which: a price change is told as "300円から350円に", not as an old row and a new one. */
#include "settlement/masters/difference.h"

#include "settlement/masters/field.h"

#include <stdlib.h>

struct dated_row {
    const char *code;
    int64_t second;
    const char *from;
    const struct overlay_row *row;
};

static int
compare_dated_rows(const void *a, const void *b)
{
    const struct dated_row *left = a;
    const struct dated_row *right = b;
    int order = strcmp(left->code, right->code);
    if (order == 0) {
        order = (left->second > right->second) - (left->second < right->second);
    }
    return order != 0 ? order : strcmp(left->from, right->from);
}

static struct dated_row
date_row(const struct table *table, const struct overlay_row *row)
{
    struct dated_row dated = {.code = text_or(row->value, table_code_key(table), ""),
                              .from = text_or(row->value, "valid_from", ""),
                              .row = row};
    if (table->second_key != NULL && !json_as_int(json_member(row->value, table->second_key), &dated.second)) {
        dated.second = 0;
    }
    return dated;
}

enum status
predecessors_find(struct predecessors *out, const struct table *table, const struct overlay_row *rows, size_t count,
                  struct error_detail *err)
{
    *out = (struct predecessors){.table = table};
    if (!table->has_validity) {
        return STATUS_OK;
    }
    out->sorted = calloc(count + 1, sizeof *out->sorted);
    if (out->sorted == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        if (rows[i].state != OVERLAY_REMOVED) {
            out->sorted[out->count++] = date_row(table, &rows[i]);
        }
    }
    qsort(out->sorted, out->count, sizeof *out->sorted, compare_dated_rows);
    return STATUS_OK;
}

void
predecessors_finish(struct predecessors *predecessors)
{
    free(predecessors->sorted);
    predecessors->sorted = NULL;
    predecessors->count = 0;
}

const struct overlay_row *
predecessor_of(const struct predecessors *predecessors, const struct overlay_row *row)
{
    struct dated_row wanted = date_row(predecessors->table, row);
    size_t low = 0;
    size_t high = predecessors->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_dated_rows(&predecessors->sorted[middle], &wanted) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const struct dated_row *before = low > 0 ? &predecessors->sorted[low - 1] : NULL;
    bool is_same_code = before != NULL && strcmp(before->code, wanted.code) == 0 && before->second == wanted.second;
    return is_same_code ? before->row : NULL;
}
