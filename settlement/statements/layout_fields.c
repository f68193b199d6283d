/* Layouts from JSON: which column or bytes hold which of our fields, and how their values are written. */
#include "settlement/statements/layout_plan.h"

#include "common/json/reader.h"

#include <stdio.h>

enum {
    VALUE_MAX_BYTES = 200, /* a value in a "values" table, or a constant */
    COLUMN_NAME_MAX_BYTES = 400
};

static const struct field_rule statement_fields[] = {
    {"merchant_reference", FIELD_TEXT, offsetof(struct statement_line, merchant_reference), false},
    {"acquirer_reference", FIELD_TEXT, offsetof(struct statement_line, acquirer_reference), false},
    {"brand", FIELD_BRAND, offsetof(struct statement_line, brand), false},
    {"terminal", FIELD_TEXT, offsetof(struct statement_line, terminal), false},
    {"accepted_at", FIELD_INSTANT, offsetof(struct statement_line, accepted_at_ms), false},
    {"kind", FIELD_STATEMENT_KIND, offsetof(struct statement_line, kind), false},
    {"amount", FIELD_YEN, offsetof(struct statement_line, amount_yen), true},
    {"fee", FIELD_YEN, offsetof(struct statement_line, fee_yen), false},
    {"pay_date", FIELD_DATE, offsetof(struct statement_line, pay_date), false},
    {"payout_id", FIELD_TEXT, offsetof(struct statement_line, payout_id), false},
    {"training", FIELD_FLAG, offsetof(struct statement_line, is_training), false},
};

static const struct field_rule bank_fields[] = {
    {"date", FIELD_DATE, offsetof(struct bank_line, date), false},
    {"value_date", FIELD_DATE, offsetof(struct bank_line, value_date), false},
    {"direction", FIELD_DIRECTION, offsetof(struct bank_line, direction), true},
    {"amount", FIELD_YEN, offsetof(struct bank_line, amount_yen), true},
    {"inquiry_number", FIELD_TEXT, offsetof(struct bank_line, inquiry_number), false},
    {"transaction", FIELD_TEXT, offsetof(struct bank_line, transaction), false},
    {"payer_code", FIELD_TEXT, offsetof(struct bank_line, payer_code), false},
    {"payer_kana", FIELD_TEXT, offsetof(struct bank_line, payer_kana), false},
    {"sending_bank", FIELD_TEXT, offsetof(struct bank_line, sending_bank), false},
    {"sending_branch", FIELD_TEXT, offsetof(struct bank_line, sending_branch), false},
    {"summary", FIELD_TEXT, offsetof(struct bank_line, summary), false},
    {"edi", FIELD_TEXT, offsetof(struct bank_line, edi), false},
    {"account_bank", FIELD_TEXT, offsetof(struct bank_line, account_bank), false},
    {"account_branch", FIELD_TEXT, offsetof(struct bank_line, account_branch), false},
    {"account_kind", FIELD_TEXT, offsetof(struct bank_line, account_kind), false},
    {"account_number", FIELD_TEXT, offsetof(struct bank_line, account_number), false},
};

const struct field_rule *
field_rules(enum layout_gives gives, size_t *out_count)
{
    bool is_bank = gives == LAYOUT_GIVES_BANK;
    if (out_count != NULL) {
        *out_count =
            is_bank ? sizeof bank_fields / sizeof bank_fields[0] : sizeof statement_fields / sizeof statement_fields[0];
    }
    return is_bank ? bank_fields : statement_fields;
}

/* A column by its header or by its number from 1. */
static enum status
read_column(struct layout_context *context, const struct json_value *value, const char *shown, struct place *out)
{
    const char *header;
    int64_t number;
    if (json_as_text(value, &header) && header[0] != '\0' && strlen(header) <= COLUMN_NAME_MAX_BYTES) {
        if (!context->layout->has_header) {
            return layout_refuse(context, shown, "header が false のときは column を番号（1から）で書いてください。");
        }
        out->column = PLACE_BY_HEADER;
        out->shown = arena_copy(&context->layout->arena, header, strlen(header));
        return out->shown != NULL ? layout_encode(context, header, &out->header) : STATUS_NO_MEMORY;
    }
    if (json_as_int(value, &number) && number >= 1 && number <= CSV_COLUMNS_MAX) {
        out->column = (uint32_t)number - 1;
        out->shown = arena_copy(&context->layout->arena, shown, strlen(shown));
        return out->shown != NULL ? STATUS_OK : STATUS_NO_MEMORY;
    }
    return layout_refuse(context, shown, "column に見出しの名前か、1から %d までの列番号を書いてください。",
                         (int)CSV_COLUMNS_MAX);
}

static enum status
read_bytes(struct layout_context *context, const struct json_value *object, const char *shown, struct place *out)
{
    int64_t record_length = context->layout->record_length;
    int64_t offset = 0, length = 0;
    enum status status = json_get_int(object, "offset", 0, record_length - 1, &offset, context->err);
    if (status == STATUS_OK) {
        status = json_get_int(object, "length", 1, record_length, &length, context->err);
    }
    if (status != STATUS_OK) {
        error_prefix(context->err, "書式の %s: ", shown);
        return status;
    }
    if (offset + length > record_length) {
        return layout_refuse(context, shown, "offset + length がレコード長 %lld を超えています。",
                             (long long)record_length);
    }
    out->offset = (uint32_t)offset;
    out->length = (uint32_t)length;
    out->shown = arena_copy(&context->layout->arena, shown, strlen(shown));
    return out->shown != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status
layout_read_place(struct layout_context *context, const struct json_value *object, const char *shown, struct place *out)
{
    if (context->layout->kind == LAYOUT_FIXED) {
        return read_bytes(context, object, shown, out);
    }
    return read_column(context, json_member(object, "column"), shown, out);
}

/* What MEANING (of a values table, or a constant) is for a field of TYPE; false when it is nothing. */
static bool
read_meaning(enum field_type type, const char *meaning, unsigned *out_code)
{
    static const char *const kinds[] = {"sale", "reversal", "refund", "fee", "ignore"};
    static const char *const directions[] = {"in", "out"};
    static const char *const flags[] = {"no", "yes"};
    int index = 0;
    if (type == FIELD_STATEMENT_KIND) {
        index = layout_word_index(meaning, kinds, 5);
    } else if (type == FIELD_DIRECTION) {
        index = layout_word_index(meaning, directions, 2);
    } else if (type == FIELD_FLAG) {
        index = layout_word_index(meaning, flags, 2);
    }
    *out_code = index < 0 ? 0 : (unsigned)index;
    return index >= 0;
}

static bool
has_values(enum field_type type)
{
    return type == FIELD_STATEMENT_KIND || type == FIELD_DIRECTION || type == FIELD_FLAG || type == FIELD_BRAND;
}

static enum status
read_values(struct layout_context *context, const struct json_value *table, struct field_plan *field)
{
    const char *shown = field->rule->name;
    size_t count = json_count(table);
    if (!has_values(field->rule->type) || !json_is_object(table) || count == 0 || count > LAYOUT_VALUES_MAX) {
        return layout_refuse(context, shown,
                             "values は brand, kind, direction, training に、1〜%d 件の対応で書きます。",
                             (int)LAYOUT_VALUES_MAX);
    }
    field->values = arena_take_array(&context->layout->arena, count, sizeof *field->values);
    if (field->values == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (const struct json_value *item = json_first(table); item != NULL; item = json_next(item)) {
        struct value_meaning *value = &field->values[field->value_count];
        const char *meaning;
        if (!json_as_text(item, &meaning) || !read_meaning(field->rule->type, meaning, &value->code) ||
            strlen(meaning) > VALUE_MAX_BYTES) {
            return layout_refuse(context, shown, "values の \"%s\" の意味が使えない語です。", json_key(item));
        }
        value->name = arena_copy(&context->layout->arena, meaning, strlen(meaning));
        enum status status = layout_encode(context, json_key(item), &value->encoded);
        if (status != STATUS_OK || value->name == NULL) {
            return status != STATUS_OK ? status : STATUS_NO_MEMORY;
        }
        field->value_count++;
    }
    return STATUS_OK;
}

/* How the values of the field are written: format, values, sign. */
static enum status
read_writing(struct layout_context *context, const struct json_value *object, struct field_plan *field)
{
    enum field_type type = field->rule->type;
    const char *shown = field->rule->name;
    const char *text;
    enum status status = json_get_text_or(object, "format", DATE_FORMAT_MAX_BYTES, NULL, &text, context->err);
    if (status != STATUS_OK) {
        return status;
    }
    bool is_date = type == FIELD_DATE || type == FIELD_INSTANT;
    if (is_date != (text != NULL)) {
        return layout_refuse(context, shown,
                             is_date ? "format に日付の形（例 \"YYYY/MM/DD\"）を書いてください。"
                                     : "format は日付の項目にだけ書けます。");
    }
    status = is_date ? date_format_parse(&field->format, text, context->err) : STATUS_OK;
    if (status == STATUS_OK && !json_is_null(json_member(object, "values"))) {
        status = read_values(context, json_member(object, "values"), field);
    }
    bool needs_values = has_values(type) && type != FIELD_BRAND;
    if (status == STATUS_OK && needs_values && field->value_count == 0) {
        return layout_refuse(context, shown, "values に、ファイルの値と意味の対応を書いてください。");
    }
    if (status == STATUS_OK) {
        status =
            json_get_text_or(object, "other", VALUE_MAX_BYTES, needs_values ? "refuse" : "keep", &text, context->err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    field->refuses_unknown = strcmp(text, "refuse") == 0;
    if ((!field->refuses_unknown && strcmp(text, "keep") != 0) || (needs_values && !field->refuses_unknown)) {
        return layout_refuse(context, shown, "other は \"keep\"（brand のみ）か \"refuse\" です。");
    }
    status = json_get_text_or(object, "sign", VALUE_MAX_BYTES, "signed", &text, context->err);
    field->sign = status == STATUS_OK && strcmp(text, "by_kind") == 0 ? SIGN_BY_KIND : SIGN_AS_WRITTEN;
    if (status == STATUS_OK && field->sign == SIGN_AS_WRITTEN && strcmp(text, "signed") != 0) {
        return layout_refuse(context, shown, "sign は \"signed\" か \"by_kind\" です。");
    }
    return status;
}

static enum status
read_constant(struct layout_context *context, const char *text, struct field_plan *field)
{
    bool is_legal = field->rule->type == FIELD_TEXT || has_values(field->rule->type);
    bool is_meant = read_meaning(field->rule->type, text, &field->constant_code);
    bool is_ignored = field->rule->type == FIELD_STATEMENT_KIND && field->constant_code == KIND_IGNORED;
    if (!is_legal || !is_meant || is_ignored) {
        return layout_refuse(context, field->rule->name, "constant の \"%s\" はこの項目の値になりません。", text);
    }
    const char *copy = arena_copy(&context->layout->arena, text, strlen(text));
    field->constant = (struct text_view){copy, strlen(text)};
    return copy != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

/* One column, or two for the date and the time of an instant. */
static enum status
read_places(struct layout_context *context, const struct json_value *object, struct field_plan *field)
{
    const char *shown = field->rule->name;
    const struct json_value *column = json_member(object, "column");
    if (context->layout->kind == LAYOUT_CSV && json_is_array(column)) {
        if (field->rule->type != FIELD_INSTANT || json_count(column) != 2) {
            return layout_refuse(context, shown, "column を二つ書けるのは accepted_at（日付と時刻）だけです。");
        }
        field->place_count = 2;
        enum status status = read_column(context, json_element(column, 0), shown, &field->places[0]);
        return status == STATUS_OK ? read_column(context, json_element(column, 1), shown, &field->places[1]) : status;
    }
    field->place_count = 1;
    return layout_read_place(context, object, shown, &field->places[0]);
}

static enum status
read_field(struct layout_context *context, const struct json_value *object, struct field_plan *field)
{
    static const char *const csv_keys[] = {"column",   "format",   "values",          "other", "sign",
                                           "constant", "optional", "column_optional", NULL};
    static const char *const fixed_keys[] = {"offset", "length",   "format",   "values", "other",
                                             "sign",   "constant", "optional", NULL};
    bool is_csv = context->layout->kind == LAYOUT_CSV;
    enum status status = layout_check_keys(context, object, field->rule->name, is_csv ? csv_keys : fixed_keys);
    const char *constant = NULL;
    if (status == STATUS_OK) {
        status = json_get_text_or(object, "constant", VALUE_MAX_BYTES, NULL, &constant, context->err);
    }
    if (status == STATUS_OK && constant != NULL) {
        return read_constant(context, constant, field);
    }
    if (status == STATUS_OK) {
        status = json_get_bool_or(object, "optional", false, &field->may_be_empty, context->err);
    }
    if (status == STATUS_OK && is_csv) {
        status = json_get_bool_or(object, "column_optional", false, &field->may_lack_column, context->err);
    }
    if (status == STATUS_OK) {
        status = read_places(context, object, field);
    }
    return status == STATUS_OK ? read_writing(context, object, field) : status;
}

static bool
has_field(const struct record_plan *record, const char *name)
{
    for (unsigned i = 0; i < record->field_count; i++) {
        if (strcmp(record->fields[i].rule->name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* The fields without which a line of this kind means nothing. */
static enum status
check_required(struct layout_context *context, const struct record_plan *record)
{
    size_t rule_count;
    const struct field_rule *rules = field_rules(context->layout->gives, &rule_count);
    for (size_t i = 0; i < rule_count; i++) {
        if (rules[i].is_required && !has_field(record, rules[i].name)) {
            return layout_refuse(context, "fields", "\"%s\" は必ず書いてください。", rules[i].name);
        }
    }
    bool can_match = has_field(record, "merchant_reference") || has_field(record, "acquirer_reference");
    if (context->layout->gives == LAYOUT_GIVES_STATEMENT && !can_match) {
        return layout_refuse(context, "fields",
                             "\"merchant_reference\" か \"acquirer_reference\" のどちらかは必ず書いてください。");
    }
    for (unsigned i = 0; i < record->field_count; i++) {
        if (record->fields[i].sign == SIGN_BY_KIND && !has_field(record, "kind")) {
            return layout_refuse(context, record->fields[i].rule->name, "sign が \"by_kind\" なら kind も必要です。");
        }
    }
    return STATUS_OK;
}

/* The sign of an amount may depend on the kind, and an ignored line is not read any further: the decoder relies on it.
 */
static void
put_kind_first(struct record_plan *record)
{
    for (unsigned i = 1; i < record->field_count; i++) {
        if (record->fields[i].rule->type == FIELD_STATEMENT_KIND) {
            struct field_plan kind = record->fields[i];
            record->fields[i] = record->fields[0];
            record->fields[0] = kind;
        }
    }
    record->has_kind = record->field_count > 0 && record->fields[0].rule->type == FIELD_STATEMENT_KIND;
}

enum status
layout_read_fields(struct layout_context *context, const struct json_value *fields, struct record_plan *record)
{
    size_t rule_count;
    const struct field_rule *rules = field_rules(context->layout->gives, &rule_count);
    for (const struct json_value *item = json_first(fields); item != NULL; item = json_next(item)) {
        size_t rule = 0;
        while (rule < rule_count && strcmp(rules[rule].name, json_key(item)) != 0) {
            rule++;
        }
        if (rule == rule_count) {
            return layout_refuse(context, "fields", "\"%s\" という項目はありません。", json_key(item));
        }
        struct field_plan *field = &record->fields[record->field_count++];
        field->rule = &rules[rule];
        enum status status = read_field(context, item, field);
        if (status != STATUS_OK) {
            return status;
        }
    }
    put_kind_first(record);
    return record->role == RECORD_LINE ? check_required(context, record) : STATUS_OK;
}
