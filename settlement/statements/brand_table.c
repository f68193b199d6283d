/* Brands by their bytes: asked once about each, then remembered. */
#include "settlement/statements/brand_table.h"

static enum status
refuse_many(struct error_detail *err)
{
    error_set(err, "statement_field",
              "ブランドの種類が %d を超えています。書式の brand が別の列を指していないか確かめてください。",
              (int)BRANDS_MAX);
    return STATUS_OVERFLOW;
}

enum status
brand_table_name(struct brand_table *table, struct text_view name, uint16_t *out_index, struct error_detail *err)
{
    for (unsigned i = 0; i < table->count; i++) {
        if (text_view_equals(table->names[i], name)) {
            *out_index = (uint16_t)i;
            return STATUS_OK;
        }
    }
    if (table->count == BRANDS_MAX) {
        return refuse_many(err);
    }
    table->names[table->count] = name;
    *out_index = (uint16_t)table->count++;
    return STATUS_OK;
}

static enum status
add(struct brand_table *table, const struct field_plan *field, enum text_encoding encoding, struct arena *arena,
    struct brand_slot *slot, struct text_view written, struct error_detail *err)
{
    struct text_view name = {"", 0};
    bool is_known = false;
    for (unsigned i = 0; i < field->value_count && !is_known; i++) {
        is_known = text_view_equals(field->values[i].encoded, written);
        name = is_known ? text_view_of(field->values[i].name) : name;
    }
    enum status status = STATUS_OK;
    if (!is_known) {
        status = text_encoding_to_utf8(encoding, arena, written, &name, err);
    }
    if (status == STATUS_OK && !is_known && field->refuses_unknown) {
        error_set(err, "statement_field",
                  "ブランド「%.*s」は書式の values にありません。新しいブランドなら書式に加えてください。",
                  (int)(name.length < 60 ? name.length : 60), name.at);
        return STATUS_INVALID;
    }
    if (status == STATUS_OK && table->written_count == BRANDS_MAX) {
        return refuse_many(err);
    }
    if (status == STATUS_OK) {
        status = brand_table_name(table, name, &slot->index, err);
    }
    if (status == STATUS_OK) {
        slot->written = written;
        table->written_count++;
    }
    return status;
}

enum status
brand_table_find(struct brand_table *table, const struct field_plan *field, enum text_encoding encoding,
                 struct arena *arena, struct text_view written, uint16_t *out_index, struct error_detail *err)
{
    struct brand_slot *slot = &table->slots[brand_table_place(table, written)];
    if (slot->written.at == NULL) {
        enum status status = add(table, field, encoding, arena, slot, written, err);
        if (status != STATUS_OK) {
            return status;
        }
    }
    *out_index = slot->index;
    return STATUS_OK;
}
