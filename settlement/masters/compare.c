/* Rows of two documents beside each other. Both sides are sorted once: by key, then what is left by code and day. */
#include "settlement/masters/difference.h"

#include "settlement/masters/field.h"

#include <stdlib.h>

/* One side's row. `partner` is set once it is paired. */
struct side_row {
    char key[MASTERS_ROW_KEY_SIZE];
    const char *code;
    const char *from;
    const struct json_value *value;
    size_t index;
    struct side_row *partner;
};

static int
compare_keys(const void *a, const void *b)
{
    const struct side_row *const *left = a;
    const struct side_row *const *right = b;
    int order = strcmp((*left)->key, (*right)->key);
    return order != 0 ? order : ((*left)->index > (*right)->index) - ((*left)->index < (*right)->index);
}

static int
compare_codes_and_days(const void *a, const void *b)
{
    const struct side_row *const *left = a;
    const struct side_row *const *right = b;
    int order = strcmp((*left)->code, (*right)->code);
    return order != 0 ? order : strcmp((*left)->from, (*right)->from);
}

struct side {
    struct side_row *rows;
    struct side_row **sorted;
    size_t count;
};

static bool
read_side(struct side *side, const struct table *table, const struct overlay *overlay)
{
    bool is_settings = table == &masters_settings_row;
    const struct json_value *list = json_member(overlay->book->document, table->key);
    size_t count = is_settings ? 1 : json_count(list);
    side->rows = calloc(count + 1, sizeof *side->rows);
    side->sorted = calloc(count + 1, sizeof *side->sorted);
    if (side->rows == NULL || side->sorted == NULL) {
        return false;
    }
    for (const struct json_value *value = is_settings ? overlay->settings : json_first(list); value != NULL;
         value = is_settings ? NULL : json_next(value)) {
        struct side_row *row = &side->rows[side->count];
        masters_row_key(table, value, row->key);
        row->code = text_or(value, table_code_key(table), "");
        row->from = text_or(value, "valid_from", "");
        row->value = value;
        row->index = side->count;
        side->sorted[side->count++] = row;
    }
    return true;
}

/* Walk both sides in the order of COMPARE and pair what is equal by EQUAL and not paired yet. */
static void
pair_sides(struct side *older, struct side *newer, int (*compare)(const void *, const void *), bool by_key)
{
    qsort(older->sorted, older->count, sizeof *older->sorted, compare);
    qsort(newer->sorted, newer->count, sizeof *newer->sorted, compare);
    size_t i = 0;
    size_t k = 0;
    while (i < older->count && k < newer->count) {
        struct side_row *left = older->sorted[i];
        struct side_row *right = newer->sorted[k];
        if (left->partner != NULL) {
            i++;
            continue;
        }
        if (right->partner != NULL) {
            k++;
            continue;
        }
        int order = by_key ? strcmp(left->key, right->key) : strcmp(left->code, right->code);
        if (order == 0) {
            left->partner = right;
            right->partner = left;
        }
        i += order <= 0 ? 1 : 0;
        k += order >= 0 ? 1 : 0;
    }
}

/* Whether two rows say the same. */
static enum status
are_equal(const struct table *table, const struct json_value *a, const struct json_value *b, bool *out,
          struct error_detail *err)
{
    struct buffer left;
    struct buffer right;
    buffer_init(&left, JSON_TEXT_MAX_BYTES);
    buffer_init(&right, JSON_TEXT_MAX_BYTES);
    enum status status = masters_row_normalise(table, a, &left, err);
    if (status == STATUS_OK) {
        status = masters_row_normalise(table, b, &right, err);
    }
    *out = status == STATUS_OK && left.length == right.length &&
           memcmp(buffer_text(&left), buffer_text(&right), left.length) == 0;
    buffer_finish(&left);
    buffer_finish(&right);
    return status;
}

/* The newer side's rows in its order, then what is gone. */
static enum status
write_rows(const struct table *table, const struct side *older, const struct side *newer, struct overlay_row *rows,
           size_t *out_count, struct error_detail *err)
{
    enum status status = STATUS_OK;
    size_t count = 0;
    for (size_t i = 0; i < newer->count && status == STATUS_OK; i++) {
        const struct side_row *row = &newer->rows[i];
        struct overlay_row *out = &rows[count++];
        *out = (struct overlay_row){.value = row->value, .state = OVERLAY_ADDED};
        memcpy(out->key, row->key, sizeof out->key);
        if (row->partner != NULL) {
            bool is_same;
            out->published = row->partner->value;
            status = are_equal(table, row->partner->value, row->value, &is_same, err);
            out->state = is_same ? OVERLAY_SAME : OVERLAY_CHANGED;
        }
    }
    for (size_t i = 0; i < older->count && status == STATUS_OK; i++) {
        const struct side_row *row = &older->rows[i];
        if (row->partner == NULL) {
            struct overlay_row *out = &rows[count++];
            *out = (struct overlay_row){.value = row->value, .published = row->value, .state = OVERLAY_REMOVED};
            memcpy(out->key, row->key, sizeof out->key);
        }
    }
    *out_count = count;
    return status;
}

enum status
masters_compare(const struct table *table, const struct overlay *older, const struct overlay *newer,
                struct overlay_row **out, size_t *out_count, struct error_detail *err)
{
    struct side left = {0};
    struct side right = {0};
    struct overlay_row *rows = NULL;
    enum status status = STATUS_OK;
    if (!read_side(&left, table, older) || !read_side(&right, table, newer) ||
        (rows = calloc(left.count + right.count + 1, sizeof *rows)) == NULL) {
        error_set(err, "no_memory", "out of memory");
        status = STATUS_NO_MEMORY;
    }
    if (status == STATUS_OK) {
        pair_sides(&left, &right, compare_keys, /* by_key = */ true);
        pair_sides(&left, &right, compare_codes_and_days, /* by_key = */ false);
        status = write_rows(table, &left, &right, rows, out_count, err);
    }
    free(left.rows);
    free(left.sorted);
    free(right.rows);
    free(right.sorted);
    if (status != STATUS_OK) {
        free(rows);
        return status;
    }
    *out = rows;
    return STATUS_OK;
}
