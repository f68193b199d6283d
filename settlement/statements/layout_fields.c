/* Layouts from JSON: which column or bytes hold which of our fields, and how their values are written. */
#include "settlement/statements/layout_plan.h"

#include "common/json/reader.h"

#include <stdio.h>

enum { COLUMN_NAME_MAX_BYTES = 400 };

static const struct field_rule statement_fields[] = {
    {"merchant_reference", FIELD_TEXT, offsetof(struct statement_line, merchant_reference), false},
    {"acquirer_reference", FIELD_TEXT, offsetof(struct statement_line, acquirer_reference), false},
    {"brand", FIELD_BRAND, offsetof(struct statement_line, brand), false},
    {"terminal", FIELD_TEXT, offsetof(struct statement_line, terminal), false},
    {"slip", FIELD_TEXT, offsetof(struct statement_line, slip), false},
    {"accepted_at", FIELD_INSTANT, offsetof(struct statement_line, accepted_at_ms), false},
    {"kind", FIELD_STATEMENT_KIND, offsetof(struct statement_line, kind), false},
    {"amount", FIELD_YEN, offsetof(struct statement_line, amount_yen), true},
    {"fee", FIELD_YEN, offsetof(struct statement_line, fee_yen), false},
    {"pay_date", FIELD_DATE, offsetof(struct statement_line, pay_date), false},
    {"payout_id", FIELD_TEXT, offsetof(struct statement_line, payout_id), false},
    {"training", FIELD_FLAG, offsetof(struct statement_line, is_training), false},
    {"currency", FIELD_CURRENCY, 0, false},
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
    {"covers_from", FIELD_DATE, offsetof(struct bank_line, covers_from), false},
    {"covers_to", FIELD_DATE, offsetof(struct bank_line, covers_to), false},
    {"currency", FIELD_CURRENCY, 0, false},
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

/* A text of the layout for messages and paths. */
static const char *
keep(struct layout_context *context, const char *text)
{
    return arena_copy(&context->layout->arena, text, strlen(text));
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
        out->shown = keep(context, header);
        return out->shown != NULL ? layout_encode(context, header, &out->header) : STATUS_NO_MEMORY;
    }
    if (json_as_int(value, &number) && number >= 1 && number <= CSV_COLUMNS_MAX) {
        out->column = (uint32_t)number - 1;
        out->shown = keep(context, shown);
        return out->shown != NULL ? STATUS_OK : STATUS_NO_MEMORY;
    }
    return layout_refuse(context, shown, "column に見出しの名前か、1から %d までの列番号を書いてください。",
                         (int)CSV_COLUMNS_MAX);
}

/* "Amt/@Ccy": names of elements, the last perhaps an attribute. */
static enum status
read_path(struct layout_context *context, const struct json_value *value, const char *shown, struct place *out)
{
    const char *path = "";
    if (!json_as_text(value, &path) || !layout_is_path(path, /* may_end_in_attribute= */ true)) {
        return layout_refuse(context, shown, "path に要素名を \"A/B\"（属性は \"A/@b\"）の形で書いてください。");
    }
    out->path = keep(context, path);
    out->shown = out->path;
    return out->path != NULL ? STATUS_OK : STATUS_NO_MEMORY;
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

bool
layout_is_path(const char *path, bool may_end_in_attribute)
{
    bool is_start = true;
    size_t length = strlen(path);
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)path[i];
        bool is_name = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                       byte == '_' || byte == '-' || byte == '.' || byte >= 0x80;
        bool is_attribute = byte == '@' && is_start && may_end_in_attribute && strchr(path + i, '/') == NULL;
        if ((byte == '/' && is_start) || (!is_name && byte != '/' && !is_attribute)) {
            return false;
        }
        is_start = byte == '/';
    }
    return length > 0 && length <= LAYOUT_PATH_MAX_BYTES && !is_start;
}

enum status
layout_read_one_place(struct layout_context *context, const struct json_value *value, const char *shown,
                      struct place *out)
{
    switch (context->layout->kind) {
    case LAYOUT_FIXED:
        return read_bytes(context, value, shown, out);
    case LAYOUT_XML:
        return read_path(context, value, shown, out);
    case LAYOUT_CSV:
        return read_column(context, value, shown, out);
    }
    return STATUS_INVALID;
}

enum status
layout_read_place(struct layout_context *context, const struct json_value *object, const char *shown, struct place *out)
{
    const char *const keys[] = {[LAYOUT_CSV] = "column", [LAYOUT_FIXED] = NULL, [LAYOUT_XML] = "path"};
    const char *key = keys[context->layout->kind];
    return layout_read_one_place(context, key != NULL ? json_member(object, key) : object, shown, out);
}

static enum status
read_constant(struct layout_context *context, const char *text, struct field_plan *field)
{
    bool is_legal = field->rule->type == FIELD_TEXT || layout_has_values(field->rule->type);
    bool is_meant = layout_read_meaning(field->rule->type, text, &field->constant_code);
    bool is_ignored = field->rule->type == FIELD_STATEMENT_KIND && field->constant_code == KIND_IGNORED;
    if (!is_legal || !is_meant || is_ignored) {
        return layout_refuse(context, field->rule->name, "constant の \"%s\" はこの項目の値になりません。", text);
    }
    const char *copy = arena_copy(&context->layout->arena, text, strlen(text));
    field->constant = (struct text_view){copy, strlen(text)};
    return copy != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status
add_place(struct layout_context *context, const struct json_value *value, struct field_plan *field)
{
    if (field->place_count == LAYOUT_PLACES_MAX) {
        return layout_refuse(context, field->rule->name, "一つの項目に使える列は %d までです。",
                             (int)LAYOUT_PLACES_MAX);
    }
    return layout_read_one_place(context, value, field->rule->name, &field->places[field->place_count++]);
}

/* "plus" and "minus": further places of an amount. */
static enum status
read_sum(struct layout_context *context, const struct json_value *object, struct field_plan *field)
{
    static const char *const keys[] = {"plus", "minus"};
    enum status status = STATUS_OK;
    for (size_t i = 0; i < 2 && status == STATUS_OK; i++) {
        const struct json_value *list = json_member(object, keys[i]);
        field->minus_from = i == 1 ? field->place_count : field->minus_from;
        if (json_is_null(list)) {
            continue;
        }
        if (!json_is_array(list) || json_count(list) == 0 || field->rule->type != FIELD_YEN) {
            return layout_refuse(context, field->rule->name, "%s は金額の項目に、場所の配列で書きます。", keys[i]);
        }
        field->is_sum = true;
        for (const struct json_value *item = json_first(list); item != NULL && status == STATUS_OK;
             item = json_next(item)) {
            status = add_place(context, item, field);
        }
    }
    return status;
}

/* Several columns as one text: the parts of a reference, or the date and the time of an instant. */
static enum status
read_joined(struct layout_context *context, const struct json_value *object, const struct json_value *list,
            struct field_plan *field)
{
    bool is_instant = field->rule->type == FIELD_INSTANT;
    size_t count = json_count(list);
    if (!(is_instant && count == 2) && !(field->rule->type == FIELD_TEXT && count >= 2 && count <= LAYOUT_PLACES_MAX)) {
        return layout_refuse(context, field->rule->name,
                             "場所を複数書けるのは、accepted_at（日付と時刻の二つ）と文字の項目（%d まで）だけです。",
                             (int)LAYOUT_PLACES_MAX);
    }
    const char *joiner = " ";
    enum status status =
        is_instant ? STATUS_OK : json_get_text_or(object, "join", LAYOUT_VALUE_MAX_BYTES, "", &joiner, context->err);
    struct text_view encoded = {NULL, 0};
    if (status == STATUS_OK) {
        status = layout_encode(context, joiner, &encoded);
        field->joiner = encoded.at;
    }
    for (const struct json_value *item = json_first(list); item != NULL && status == STATUS_OK;
         item = json_next(item)) {
        status = add_place(context, item, field);
    }
    return status;
}

static enum status
read_aliases(struct layout_context *context, const struct json_value *list, struct field_plan *field)
{
    struct place *place = &field->places[0];
    if (json_is_null(list)) {
        return STATUS_OK;
    }
    if (!json_is_array(list) || json_count(list) > LAYOUT_ALIASES_MAX || field->place_count != 1 ||
        (context->layout->kind == LAYOUT_CSV && place->column != PLACE_BY_HEADER)) {
        return layout_refuse(context, field->rule->name,
                             "also_called は見出しで書いた column に、%d 件までの配列で書きます。",
                             (int)LAYOUT_ALIASES_MAX);
    }
    for (const struct json_value *item = json_first(list); item != NULL; item = json_next(item)) {
        const char *header;
        if (!json_as_text(item, &header) || header[0] == '\0') {
            return layout_refuse(context, field->rule->name, "also_called に見出しの名前を書いてください。");
        }
        enum status status = layout_encode(context, header, &place->aliases[place->alias_count++]);
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

static enum status
read_places(struct layout_context *context, const struct json_value *object, struct field_plan *field)
{
    const char *key = context->layout->kind == LAYOUT_XML ? "path" : "column";
    const struct json_value *column = json_member(object, key);
    if (context->layout->kind != LAYOUT_FIXED && json_is_array(column)) {
        return read_joined(context, object, column, field);
    }
    bool is_sum_alone = field->rule->type == FIELD_YEN && json_is_null(column) &&
                        json_is_null(json_member(object, "offset")) &&
                        !(json_is_null(json_member(object, "plus")) && json_is_null(json_member(object, "minus")));
    enum status status = STATUS_OK;
    if (!is_sum_alone) {
        field->place_count = 1;
        status = layout_read_place(context, object, field->rule->name, &field->places[0]);
    }
    if (status == STATUS_OK) {
        status = read_sum(context, object, field);
    }
    return status == STATUS_OK ? read_aliases(context, json_member(object, "also_called"), field) : status;
}

static enum status
read_field(struct layout_context *context, const struct json_value *object, struct field_plan *field)
{
    static const char *const csv_keys[] = {"column",   "format",      "values", "other",    "sign",
                                           "constant", "plus",        "minus",  "optional", "column_optional",
                                           "number",   "also_called", "join",   NULL};
    static const char *const fixed_keys[] = {"offset",   "length", "format", "values",   "other",  "sign",
                                             "constant", "plus",   "minus",  "optional", "number", NULL};
    static const char *const xml_keys[] = {"path",  "format",   "values", "other", "sign",        "constant", "plus",
                                           "minus", "optional", "number", "join",  "also_called", NULL};
    const char *const *const keys[] = {[LAYOUT_CSV] = csv_keys, [LAYOUT_FIXED] = fixed_keys, [LAYOUT_XML] = xml_keys};
    bool is_csv = context->layout->kind == LAYOUT_CSV;
    enum status status = layout_check_keys(context, object, field->rule->name, keys[context->layout->kind]);
    const char *constant = NULL;
    if (status == STATUS_OK) {
        status = json_get_text_or(object, "constant", LAYOUT_VALUE_MAX_BYTES, NULL, &constant, context->err);
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
    if (status == STATUS_OK) {
        status = layout_read_writing(context, object, field);
    }
    field->is_plain = field->place_count == 1 && !field->is_loose && !field->has_number &&
                      field->rule->type != FIELD_CURRENCY && context->layout->prefix.length == 0;
    return status;
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

/* Whether the amount is a sum, whose sign tells a bank line's direction. */
static bool
has_sum(const struct record_plan *record)
{
    for (unsigned i = 0; i < record->field_count; i++) {
        if (record->fields[i].rule->type == FIELD_YEN && record->fields[i].is_sum) {
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
        bool is_told_by_sign = rules[i].type == FIELD_DIRECTION && has_sum(record);
        if (rules[i].is_required && !is_told_by_sign && !has_field(record, rules[i].name)) {
            return layout_refuse(context, "fields", "\"%s\" は必ず書いてください。", rules[i].name);
        }
    }
    bool can_match = has_field(record, "merchant_reference") || has_field(record, "acquirer_reference") ||
                     (has_field(record, "terminal") && has_field(record, "slip"));
    if (context->layout->gives == LAYOUT_GIVES_STATEMENT && !can_match) {
        return layout_refuse(context, "fields",
                             "\"merchant_reference\" か \"acquirer_reference\" のどちらか、なければ \"terminal\" と "
                             "\"slip\" を必ず書いてください。");
    }
    for (unsigned i = 0; i < record->field_count; i++) {
        if (record->fields[i].sign == SIGN_BY_KIND && context->layout->gives == LAYOUT_GIVES_STATEMENT &&
            !has_field(record, "kind")) {
            return layout_refuse(context, record->fields[i].rule->name, "sign が \"by_kind\" なら kind も必要です。");
        }
    }
    return STATUS_OK;
}

static bool
is_kind(const struct field_plan *field)
{
    return field->rule->type == FIELD_STATEMENT_KIND || field->rule->type == FIELD_DIRECTION;
}

/* The sign of an amount may depend on the kind, and an ignored line is not read any further: the decoder relies on it.
 */
static void
put_kind_first(struct record_plan *record)
{
    for (unsigned i = 1; i < record->field_count; i++) {
        if (is_kind(&record->fields[i])) {
            struct field_plan kind = record->fields[i];
            record->fields[i] = record->fields[0];
            record->fields[0] = kind;
        }
    }
    record->has_kind = record->field_count > 0 && is_kind(&record->fields[0]);
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
