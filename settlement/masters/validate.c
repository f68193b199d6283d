/* The whole document: its tables row by row, then what rows say about each other. Codes are sorted once per table, so
 * that 20,000 items are checked in a moment. */
#include "common/clock/civil.h"
#include "settlement/masters/field.h"
#include "settlement/masters/masters.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TABLES_MAX = 16 };

/* A row by its code and validity, with its place in the document. */
struct row {
    const char *code;
    const char *from; /* days as text sort as days */
    const char *to;
    size_t index;
};

/* INVARIANT: rows are sorted by code, then by `from`. */
struct sorted_table {
    const struct table *table;
    struct row *rows;
    size_t count;
};

struct validation {
    const struct json_value *document;
    struct sorted_table tables[TABLES_MAX];
    struct error_detail *err;
};

static int
compare_rows(const void *a, const void *b)
{
    const struct row *left = a;
    const struct row *right = b;
    int order = strcmp(left->code, right->code);
    return order != 0 ? order : strcmp(left->from, right->from);
}

static const char *
text_or(const struct json_value *object, const char *key, const char *fallback)
{
    const char *text;
    return json_as_text(json_member(object, key), &text) ? text : fallback;
}

static void
row_path(char out[80], const struct table *table, size_t index)
{
    snprintf(out, 80, "%s[%zu].", table->key, index);
}

/* Check the rows of one table by themselves and remember them sorted. */
static enum status
read_table(struct validation *validation, struct sorted_table *sorted, const struct table *table)
{
    const struct json_value *list = json_member(validation->document, table->key);
    sorted->table = table;
    if (!json_is_array(list) || json_count(list) > table->rows_max) {
        return field_refuse(validation->err, "", table->key, "must be an array of at most %zu rows", table->rows_max);
    }
    sorted->rows = calloc(json_count(list) + 1, sizeof *sorted->rows);
    if (sorted->rows == NULL) {
        error_set(validation->err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    for (const struct json_value *item = json_first(list); item != NULL; item = json_next(item)) {
        char path[80];
        row_path(path, table, sorted->count);
        enum status status = object_check(table->fields, table->field_count, item, path, validation->err);
        if (status != STATUS_OK) {
            return status;
        }
        sorted->rows[sorted->count] = (struct row){
            .code = text_or(item, "code", ""),
            .from = text_or(item, "valid_from", ""),
            .to = text_or(item, "valid_to", "9999-99-99"),
            .index = sorted->count,
        };
        sorted->count++;
    }
    qsort(sorted->rows, sorted->count, sizeof *sorted->rows, compare_rows);
    return STATUS_OK;
}

static enum status
check_codes(const struct sorted_table *sorted, struct error_detail *err)
{
    char path[80];
    for (size_t i = 0; i < sorted->count; i++) {
        const struct row *row = &sorted->rows[i];
        row_path(path, sorted->table, row->index);
        if (sorted->table->has_validity && strcmp(row->to, row->from) < 0) {
            return field_refuse(err, path, "valid_to", "lies before valid_from");
        }
        if (i == 0 || strcmp(row->code, sorted->rows[i - 1].code) != 0) {
            continue;
        }
        const struct row *before = &sorted->rows[i - 1];
        if (!sorted->table->has_validity) {
            return field_refuse(err, path, "code", "\"%s\" also stands in row %zu", row->code, before->index);
        }
        if (strcmp(row->from, before->to) <= 0) {
            return field_refuse(err, path, "valid_from", "\"%s\" overlaps in time with row %zu", row->code,
                                before->index);
        }
    }
    return STATUS_OK;
}

static bool
table_has(const struct validation *validation, const char *key, const char *code)
{
    for (size_t i = 0; i < masters_table_count; i++) {
        const struct sorted_table *sorted = &validation->tables[i];
        if (strcmp(sorted->table->key, key) != 0) {
            continue;
        }
        size_t low = 0;
        size_t high = sorted->count;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            int order = strcmp(sorted->rows[middle].code, code);
            if (order == 0) {
                return true;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return false;
    }
    assert(!"the schema refers to a table that exists");
    return false;
}

static enum status
check_reference(const struct validation *validation, const struct field *field, const struct json_value *value,
                const char *path)
{
    const char *code;
    if (!json_as_text(value, &code) || table_has(validation, field->refers_to, code)) {
        return STATUS_OK; /* what is no text was refused before */
    }
    return field_refuse(validation->err, path, field->key, "\"%s\" does not stand in %s", code, field->refers_to);
}

/* The references of one row. */
static enum status
check_references(const struct validation *validation, const struct table *table, const struct json_value *row,
                 const char *path)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < table->field_count && status == STATUS_OK; i++) {
        const struct field *field = &table->fields[i];
        const struct json_value *value = json_member(row, field->key);
        if (field->kind == FIELD_REFERENCE) {
            status = check_reference(validation, field, value, path);
        } else if (field->kind == FIELD_REFERENCES) {
            for (const struct json_value *item = json_first(value); item != NULL && status == STATUS_OK;
                 item = json_next(item)) {
                status = check_reference(validation, field, item, path);
            }
        }
    }
    return status;
}

static enum status
check_tables(struct validation *validation)
{
    assert(masters_table_count <= TABLES_MAX);

    enum status status = STATUS_OK;
    for (size_t i = 0; i < masters_table_count && status == STATUS_OK; i++) {
        status = read_table(validation, &validation->tables[i], &masters_tables[i]);
        if (status == STATUS_OK) {
            status = check_codes(&validation->tables[i], validation->err);
        }
    }
    for (size_t i = 0; i < masters_table_count && status == STATUS_OK; i++) {
        size_t index = 0;
        for (const struct json_value *row = json_first(json_member(validation->document, masters_tables[i].key));
             row != NULL && status == STATUS_OK; row = json_next(row)) {
            char path[80];
            row_path(path, &masters_tables[i], index++);
            status = check_references(validation, &masters_tables[i], row, path);
        }
    }
    return status;
}

/* Members of the document itself: tables, the fields beside them, and two objects. */
static enum status
check_root_keys(const struct validation *validation)
{
    for (const struct json_value *member = json_first(validation->document); member != NULL;
         member = json_next(member)) {
        const char *key = json_key(member);
        bool is_known = strcmp(key, "municipality") == 0 || strcmp(key, "settings") == 0 ||
                        strcmp(key, "sample") == 0 || strcmp(key, "note") == 0;
        for (size_t i = 0; i < masters_table_count && !is_known; i++) {
            is_known = strcmp(key, masters_tables[i].key) == 0;
        }
        for (size_t i = 0; i < masters_root_field_count && !is_known; i++) {
            is_known = strcmp(key, masters_root_fields[i].key) == 0;
        }
        if (!is_known) {
            return field_refuse(validation->err, "", key, "is not a member that masters have");
        }
    }
    return STATUS_OK;
}

static enum status
check_root(const struct validation *validation)
{
    const struct json_value *document = validation->document;
    if (!json_is_object(document)) {
        return field_refuse(validation->err, "", "the document", "must be an object");
    }
    enum status status = check_root_keys(validation);
    for (size_t i = 0; i < masters_root_field_count && status == STATUS_OK; i++) {
        status = field_check(&masters_root_fields[i], document, "", validation->err);
    }
    const struct json_value *municipality = json_member(document, "municipality");
    if (status == STATUS_OK) {
        status = object_check(masters_municipality_fields, masters_municipality_field_count, municipality,
                              "municipality.", validation->err);
    }
    if (status == STATUS_OK && !municipality_code_is_valid(text_or(municipality, "code", ""))) {
        status = field_refuse(validation->err, "municipality.", "code",
                              "is not a 全国地方公共団体コード of six digits with a right check digit");
    }
    if (status == STATUS_OK) {
        status = object_check(masters_settings_fields, masters_settings_field_count, json_member(document, "settings"),
                              "settings.", validation->err);
    }
    return status;
}

enum status
masters_validate(const struct json_value *document, struct error_detail *err)
{
    struct validation validation = {.document = document, .err = err};
    enum status status = check_root(&validation);
    if (status == STATUS_OK) {
        status = check_tables(&validation);
    }
    for (size_t i = 0; i < TABLES_MAX; i++) {
        free(validation.tables[i].rows);
    }
    return status;
}
