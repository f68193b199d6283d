/* Names and normal forms of rows. */
#include "settlement/masters/row.h"

#include "common/json/writer.h"
#include "settlement/masters/field.h"

#include <stdio.h>

const struct table *
masters_kind(const char *kind)
{
    return strcmp(kind, masters_settings_row.key) == 0 ? &masters_settings_row : masters_table(kind);
}

size_t
masters_kind_count(void)
{
    return masters_table_count + 1;
}

const struct table *
masters_kind_at(size_t index)
{
    return index < masters_table_count ? &masters_tables[index] : &masters_settings_row;
}

const char *
masters_row_key(const struct table *table, const struct json_value *row, char out[MASTERS_ROW_KEY_SIZE])
{
    if (table == &masters_settings_row) {
        snprintf(out, MASTERS_ROW_KEY_SIZE, "%s", table->key);
        return out;
    }
    int64_t second;
    int used = snprintf(out, MASTERS_ROW_KEY_SIZE, "%.40s", text_or(row, table_code_key(table), ""));
    if (table->second_key != NULL && json_as_int(json_member(row, table->second_key), &second)) {
        used += snprintf(out + used, MASTERS_ROW_KEY_SIZE - (size_t)used, "/%lld", (long long)second);
    }
    if (table->has_validity) {
        snprintf(out + used, MASTERS_ROW_KEY_SIZE - (size_t)used, "@%.12s", text_or(row, "valid_from", ""));
    }
    return out;
}

bool
masters_member_is_silent(const struct field *field, const struct json_value *value)
{
    const char *text;
    if (json_is_null(value)) {
        return true;
    }
    if (!field->is_optional) {
        return false;
    }
    if (field->kind == FIELD_BOOLEAN) {
        return !json_is_true(value);
    }
    return json_as_text(value, &text) && text[0] == '\0';
}

static void
write_members(struct json_writer *writer, const struct field *fields, size_t count, const struct json_value *object);

static void
write_member(struct json_writer *writer, const struct field *field, const struct json_value *value)
{
    static const struct field code_name[] = {{.key = "code", .kind = FIELD_CODE}, {.key = "name", .kind = FIELD_TEXT}};
    if (field->kind == FIELD_CODE_NAME && json_is_object(value)) {
        json_begin_object(writer, field->key);
        write_members(writer, code_name, 2, value);
        json_end_object(writer);
        return;
    }
    if (field->kind != FIELD_ROWS || !json_is_array(value)) {
        json_value(writer, field->key, value);
        return;
    }
    json_begin_array(writer, field->key);
    for (const struct json_value *row = json_first(value); row != NULL; row = json_next(row)) {
        if (json_is_object(row)) {
            json_begin_object(writer, NULL);
            write_members(writer, field->fields, field->field_count, row);
            json_end_object(writer);
        } else {
            json_value(writer, NULL, row);
        }
    }
    json_end_array(writer);
}

static const struct field *
find_field(const struct field *fields, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(fields[i].key, key) == 0) {
            return &fields[i];
        }
    }
    return NULL;
}

/* Those of FIELDS, what stands in every row, then the others, so that nothing is lost before a check has seen it. */
static void
write_members(struct json_writer *writer, const struct field *fields, size_t count, const struct json_value *object)
{
    for (size_t i = 0; i < count; i++) {
        const struct json_value *value = json_member(object, fields[i].key);
        if (!masters_member_is_silent(&fields[i], value)) {
            write_member(writer, &fields[i], value);
        }
    }
    for (const struct json_value *other = json_first(object); other != NULL; other = json_next(other)) {
        const char *key = json_key(other);
        bool is_known = find_field(fields, count, key) != NULL ||
                        find_field(masters_common_fields, masters_common_field_count, key) != NULL;
        if (!is_known && !json_is_null(other)) {
            json_value(writer, key, other);
        }
    }
    for (size_t i = 0; i < masters_common_field_count; i++) {
        const struct json_value *value = json_member(object, masters_common_fields[i].key);
        if (!masters_member_is_silent(&masters_common_fields[i], value)) {
            write_member(writer, &masters_common_fields[i], value);
        }
    }
}

enum status
masters_row_normalise(const struct table *table, const struct json_value *row, struct buffer *out,
                      struct error_detail *err)
{
    if (!json_is_object(row)) {
        error_set(err, "invalid_request", "行の内容が項目の並び（{ }）になっていません。");
        return STATUS_INVALID;
    }
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    write_members(&writer, table->fields, table->field_count, row);
    json_end_object(&writer);
    enum status status = json_finish(&writer, err);
    if (status != STATUS_OK) {
        error_set(err, "invalid_request", "行の内容が大きすぎるか、整数でない数があります。");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}
