/* Records from JSON, by the schema: what a sample is. Everything is checked, so that a sample cannot show what no paper
 * could. */
#include "common/papers/papers.h"

#include "common/json/reader.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 1000, BLOCKS_MAX = 4096, TEXT_MAX_BYTES = 4096 };

#define NUMBER_LIMIT INT64_C(9007199254740991)

/* INVARIANT: texts lie in `root`, rows in `blocks`. */
struct papers_record {
    struct json_value *root;
    struct receiptline_value *values;
    void *blocks[BLOCKS_MAX];
    size_t block_count;
    uint32_t scope;
};

void
papers_record_destroy(struct papers_record *record)
{
    if (record == NULL) {
        return;
    }
    for (size_t i = 0; i < record->block_count; i++) {
        free(record->blocks[i]);
    }
    free(record->values);
    json_free(record->root);
    free(record);
}

const struct receiptline_value *
papers_record_values(const struct papers_record *record)
{
    return record->values;
}

static const struct receiptline_name *
find_name(const struct receiptline_schema *schema, const char *key, uint32_t scope)
{
    for (size_t i = 0; i < schema->count; i++) {
        if (strcmp(schema->names[i].name, key) == 0 && (schema->names[i].scope & scope) != 0) {
            return &schema->names[i];
        }
    }
    return NULL;
}

static enum status
read_object(struct papers_record *record, const struct receiptline_schema *schema, const struct json_value *object,
            struct receiptline_value *out, struct error_detail *err);

static enum status
read_list(struct papers_record *record, const struct receiptline_name *name, const struct json_value *object,
          struct receiptline_value *out, struct error_detail *err)
{
    const struct json_value *array;
    enum status status = json_get_array(object, name->name, &array, err);
    if (status != STATUS_OK) {
        return status;
    }
    const size_t count = json_count(array);
    if (count > ROWS_MAX || record->block_count == BLOCKS_MAX) {
        error_set(err, "too_many", "\"%s\" has too many rows", name->name);
        return STATUS_OVERFLOW;
    }
    struct receiptline_value *rows = calloc(count + 1, name->rows->count * sizeof *rows);
    if (rows == NULL) {
        error_set(err, "no_memory", "no memory for a sample");
        return STATUS_NO_MEMORY;
    }
    record->blocks[record->block_count++] = rows;
    out->rows.first = rows;
    for (const struct json_value *item = json_first(array); item != NULL; item = json_next(item)) {
        status = read_object(record, name->rows, item, rows, err);
        if (status != STATUS_OK) {
            error_prefix(err, "%s[%zu]: ", name->name, out->rows.count);
            return status;
        }
        rows += name->rows->count;
        out->rows.count++;
    }
    return STATUS_OK;
}

static enum status
read_time(const struct receiptline_name *name, const struct json_value *object, struct receiptline_value *out,
          struct error_detail *err)
{
    const char *text;
    enum status status = json_get_text(object, name->name, TEXT_MAX_BYTES, &text, err);
    if (status != STATUS_OK) {
        return status;
    }
    status = name->kind == RECEIPTLINE_DATE ? civil_date_parse(&out->date, text, strlen(text))
                                            : instant_parse(&out->number, text, strlen(text));
    if (status != STATUS_OK) {
        error_set(err, "wrong_member", "\"%s\" is \"%s\", which is no %s", name->name, text,
                  name->kind == RECEIPTLINE_DATE ? "date" : "moment");
    }
    return status;
}

static enum status
read_value(struct papers_record *record, const struct receiptline_name *name, const struct json_value *object,
           struct receiptline_value *out, struct error_detail *err)
{
    bool flag;
    enum status status = STATUS_OK;
    switch (name->kind) {
    case RECEIPTLINE_TEXT:
    case RECEIPTLINE_PARAGRAPH:
        return json_get_text(object, name->name, TEXT_MAX_BYTES, &out->text, err);
    case RECEIPTLINE_YEN:
    case RECEIPTLINE_NUMBER:
        return json_get_int(object, name->name, -NUMBER_LIMIT, NUMBER_LIMIT, &out->number, err);
    case RECEIPTLINE_DATE:
    case RECEIPTLINE_MOMENT:
        return read_time(name, object, out, err);
    case RECEIPTLINE_FLAG:
        status = json_get_bool(object, name->name, &flag, err);
        out->number = status == STATUS_OK && flag;
        return status;
    case RECEIPTLINE_LIST:
        return read_list(record, name, object, out, err);
    }
    return status;
}

static enum status
read_object(struct papers_record *record, const struct receiptline_schema *schema, const struct json_value *object,
            struct receiptline_value *out, struct error_detail *err)
{
    if (!json_is_object(object)) {
        error_set(err, "wrong_member", "a record must be an object");
        return STATUS_INVALID;
    }
    for (const struct json_value *member = json_first(object); member != NULL; member = json_next(member)) {
        const struct receiptline_name *name = find_name(schema, json_key(member), record->scope);
        if (name == NULL) {
            error_set(err, "unknown_member", "\"%s\" is no name of this paper", json_key(member));
            return STATUS_INVALID;
        }
        enum status status = read_value(record, name, object, &out[name - schema->names], err);
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

enum status
papers_record_read(struct papers_record **out, enum papers_form form, const char *json, size_t length,
                   struct error_detail *err)
{
    struct papers_record *record = calloc(1, sizeof *record);
    if (record != NULL) {
        record->values = calloc(papers_schema()->count, sizeof *record->values);
        record->scope = papers_form_scope(form);
    }
    if (record == NULL || record->values == NULL) {
        papers_record_destroy(record);
        error_set(err, "no_memory", "no memory for a sample");
        return STATUS_NO_MEMORY;
    }
    enum status status = json_parse(&record->root, json, length, err);
    if (status == STATUS_OK) {
        status = read_object(record, papers_schema(), record->root, record->values, err);
    }
    if (status != STATUS_OK) {
        papers_record_destroy(record);
        return status;
    }
    *out = record;
    return STATUS_OK;
}
