/* Two walks by primary key, side by side, as one merges sorted lists. Keys are in the same order on both: SQLite and a
 * PostgreSQL of locale C both sort by bytes. */
#include "settlement/store/move/store_move.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SQL_MAX_BYTES = 16 * 1024, KEY_TEXT_SIZE = 300, KEY_PART_SHOWN = 60 };

struct side {
    struct database *db;
    struct statement *row;
    bool has_row;
};

struct comparing {
    const struct moved_table *table;
    struct side sides[2];
    int keys[MOVED_COLUMNS_MAX]; /* columns of the primary key, in its order */
    move_difference difference;
    void *context;
    int64_t rows;
    int64_t differing;
};

static void
find_keys(struct comparing *comparing)
{
    const struct moved_table *table = comparing->table;
    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].key > 0) {
            comparing->keys[table->columns[i].key - 1] = (int)i;
        }
    }
}

static enum status
open_side(const struct comparing *comparing, struct side *side, struct error_detail *err)
{
    const struct moved_table *table = comparing->table;
    struct buffer sql;
    buffer_init(&sql, SQL_MAX_BYTES);
    for (size_t i = 0; i < table->column_count; i++) {
        buffer_append_text(&sql, i > 0 ? ", \"" : "SELECT \"");
        buffer_append_text(&sql, table->columns[i].name);
        buffer_append_text(&sql, "\"");
    }
    buffer_append_text(&sql, " FROM ");
    buffer_append_text(&sql, table->name);
    for (size_t i = 0; i < table->key_count; i++) {
        buffer_append_text(&sql, i > 0 ? ", \"" : " ORDER BY \"");
        buffer_append_text(&sql, table->columns[comparing->keys[i]].name);
        buffer_append_text(&sql, "\"");
    }
    enum status status = buffer_check(&sql, err);
    if (status == STATUS_OK) {
        status = database_statement(side->db, buffer_text(&sql), &side->row, err);
    }
    buffer_finish(&sql);
    return status == STATUS_OK ? statement_step(side->row, &side->has_row, err) : status;
}

static int
compare_bytes(const void *a, size_t a_length, const void *b, size_t b_length)
{
    const size_t common = a_length < b_length ? a_length : b_length;
    const int order = common > 0 ? memcmp(a, b, common) : 0;
    return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}

static int
compare_column(const struct comparing *comparing, int index)
{
    const struct statement *left = comparing->sides[0].row;
    const struct statement *right = comparing->sides[1].row;
    const bool left_is_null = statement_column_is_null(left, index);
    const bool right_is_null = statement_column_is_null(right, index);
    if (left_is_null || right_is_null) {
        return (int)right_is_null - (int)left_is_null;
    }
    switch (comparing->table->columns[index].type) {
    case MOVED_INTEGER: {
        const int64_t a = statement_column_int(left, index);
        const int64_t b = statement_column_int(right, index);
        return (a > b) - (a < b);
    }
    case MOVED_TEXT:
        return strcmp(statement_column_text(left, index), statement_column_text(right, index));
    case MOVED_BLOB:
        break;
    }
    size_t a_length = 0, b_length = 0;
    const void *a = statement_column_blob(left, index, &a_length);
    const void *b = statement_column_blob(right, index, &b_length);
    return compare_bytes(a, a_length, b, b_length);
}

/* Which side is behind: < 0 the left, > 0 the right, 0: both stand on the same row. */
static int
compare_keys(const struct comparing *comparing)
{
    if (!comparing->sides[0].has_row || !comparing->sides[1].has_row) {
        return comparing->sides[0].has_row ? -1 : 1;
    }
    int order = 0;
    for (size_t i = 0; order == 0 && i < comparing->table->key_count; i++) {
        order = compare_column(comparing, comparing->keys[i]);
    }
    return order;
}

/* "terminal KO-01, sequence 12". */
static const char *
key_text(const struct comparing *comparing, const struct side *side, char out[KEY_TEXT_SIZE])
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < comparing->table->key_count && used < KEY_TEXT_SIZE; i++) {
        const struct moved_column *column = &comparing->table->columns[comparing->keys[i]];
        const int index = comparing->keys[i];
        const char *before = i > 0 ? ", " : "";
        int written = 0;
        if (column->type == MOVED_INTEGER) {
            written = snprintf(out + used, KEY_TEXT_SIZE - used, "%s%s %" PRId64, before, column->name,
                               statement_column_int(side->row, index));
        } else {
            const char *text = column->type == MOVED_TEXT ? statement_column_text(side->row, index) : "(bytes)";
            written =
                snprintf(out + used, KEY_TEXT_SIZE - used, "%s%s %.*s", before, column->name, KEY_PART_SHOWN, text);
        }
        used += written > 0 ? (size_t)written : 0;
    }
    return out;
}

static void
report(struct comparing *comparing, const struct side *side, const char *column)
{
    char key[KEY_TEXT_SIZE];
    comparing->differing++;
    if (comparing->difference != NULL) {
        comparing->difference(comparing->table->name, key_text(comparing, side, key), column,
                              side == &comparing->sides[0], comparing->context);
    }
}

static void
compare_rows(struct comparing *comparing)
{
    for (size_t i = 0; i < comparing->table->column_count; i++) {
        if (compare_column(comparing, (int)i) != 0) {
            report(comparing, &comparing->sides[0], comparing->table->columns[i].name);
            return;
        }
    }
}

static enum status
compare_table(struct comparing *comparing, struct error_detail *err)
{
    struct side *left = &comparing->sides[0];
    struct side *right = &comparing->sides[1];
    find_keys(comparing);
    enum status status = open_side(comparing, left, err);
    if (status == STATUS_OK) {
        status = open_side(comparing, right, err);
    }
    while (status == STATUS_OK && (left->has_row || right->has_row)) {
        const int order = compare_keys(comparing);
        if (order == 0) {
            compare_rows(comparing);
        } else {
            report(comparing, order < 0 ? left : right, "");
        }
        comparing->rows++;
        if (order <= 0) {
            status = statement_step(left->row, &left->has_row, err);
        }
        if (status == STATUS_OK && order >= 0) {
            status = statement_step(right->row, &right->has_row, err);
        }
    }
    return status;
}

enum status
store_compare(struct database *left, struct database *right, move_progress progress, move_difference difference,
              void *context, int64_t *out_count, struct error_detail *err)
{
    struct table_list *list = malloc(sizeof *list);
    *out_count = 0;
    if (list == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    enum status status = database_begin_read(left, err);
    if (status == STATUS_OK) {
        status = table_list_read(list, left, err);
    }
    if (status == STATUS_OK) {
        status = database_begin_read(right, err);
    }
    for (size_t i = 0; status == STATUS_OK && i < list->count; i++) {
        struct comparing comparing = {.table = &list->tables[i],
                                      .sides = {{.db = left}, {.db = right}},
                                      .difference = difference,
                                      .context = context};
        status = compare_table(&comparing, err);
        *out_count += comparing.differing;
        if (status == STATUS_OK && progress != NULL) {
            progress(list->tables[i].name, comparing.rows, context);
        }
    }
    database_rollback(right);
    database_rollback(left);
    free(list);
    return status;
}
