/* Layouts from JSON: how the values of a field are written. */
#include "common/json/reader.h"
#include "settlement/statements/layout_plan.h"

/* What MEANING (of a values table, or a constant) is for a field of TYPE; false when it is nothing. */
bool
layout_read_meaning(enum field_type type, const char *meaning, unsigned *out_code)
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

bool
layout_has_values(enum field_type type)
{
    return type == FIELD_STATEMENT_KIND || type == FIELD_DIRECTION || type == FIELD_FLAG || type == FIELD_BRAND;
}

static enum status
read_values(struct layout_context *context, const struct json_value *table, struct field_plan *field)
{
    const char *shown = field->rule->name;
    size_t count = json_count(table);
    if (!layout_has_values(field->rule->type) || !json_is_object(table) || count == 0 || count > LAYOUT_VALUES_MAX) {
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
        if (!json_as_text(item, &meaning) || !layout_read_meaning(field->rule->type, meaning, &value->code) ||
            strlen(meaning) > LAYOUT_VALUE_MAX_BYTES) {
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

/* "divide": the file counts in minor units of the yen's price: a power of ten. */
static enum status
read_divisor(struct layout_context *context, const struct json_value *object, const char *shown, int64_t *out)
{
    enum status status = json_get_int_or(object, "divide", 1, 1000000, 1, out, context->err);
    int64_t rest = status == STATUS_OK ? *out : 1;
    while (rest % 10 == 0) {
        rest /= 10;
    }
    return status == STATUS_OK && rest != 1 ? layout_refuse(context, shown, "divide は 1, 10, 100 … のどれかです。")
                                            : status;
}

static enum status
read_negatives(struct layout_context *context, const struct json_value *list, const char *shown,
               struct number_form *out)
{
    if (json_is_null(list)) {
        return STATUS_OK;
    }
    if (!json_is_array(list) || json_count(list) > NUMBER_NEGATIVES_MAX) {
        return layout_refuse(context, shown, "negative は %d 件までの配列で書いてください。",
                             (int)NUMBER_NEGATIVES_MAX);
    }
    for (const struct json_value *item = json_first(list); item != NULL; item = json_next(item)) {
        const char *mark = "";
        if (!json_as_text(item, &mark) || mark[0] == '\0' || strlen(mark) > 8) {
            return layout_refuse(context, shown, "negative に「▲」「()」「後-」などの記号を書いてください。");
        }
        enum status status = STATUS_OK;
        if (strcmp(mark, "()") == 0) {
            out->allows_parentheses = true;
        } else if (strcmp(mark, "後-") == 0) {
            out->allows_trailing_minus = true;
        } else {
            status = layout_encode(context, mark, &out->negatives[out->negative_count++]);
        }
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

enum status
layout_read_number(struct layout_context *context, const struct json_value *object, const char *shown,
                   struct number_form *out)
{
    static const char *const keys[] = {"decimals", "divide", "group", "plus", "spaces",
                                       "negative", "unit",   "round", NULL};
    static const char *const roundings[] = {"refuse", "down", "half_up", "up"};
    int64_t decimals = 0;
    const char *group = "", *unit = "", *rounding = "";
    enum status status = layout_check_keys(context, object, shown, keys);
    if (status == STATUS_OK) {
        status = json_get_int_or(object, "decimals", 0, NUMBER_DECIMALS_MAX, 0, &decimals, context->err);
    }
    if (status == STATUS_OK) {
        status = read_divisor(context, object, shown, &out->divide_by);
    }
    if (status == STATUS_OK) {
        status = json_get_text_or(object, "group", 1, "", &group, context->err);
    }
    if (status == STATUS_OK) {
        status = json_get_bool_or(object, "plus", false, &out->allows_plus, context->err);
    }
    if (status == STATUS_OK) {
        status = json_get_bool_or(object, "spaces", false, &out->allows_spaces, context->err);
    }
    if (status == STATUS_OK) {
        status = read_negatives(context, json_member(object, "negative"), shown, out);
    }
    if (status == STATUS_OK) {
        status = json_get_text_or(object, "unit", 16, "", &unit, context->err);
    }
    if (status == STATUS_OK) {
        status = layout_encode(context, unit, &out->unit);
    }
    if (status == STATUS_OK) {
        status = json_get_text_or(object, "round", LAYOUT_VALUE_MAX_BYTES, "refuse", &rounding, context->err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    int index = layout_word_index(rounding, roundings, 4);
    bool is_legal_group = group[0] == '\0' || strchr(",' _", group[0]) != NULL;
    if (index < 0 || !is_legal_group) {
        return layout_refuse(context, shown,
                             "number の round は refuse, down, half_up, up、group は「,」「'」「_」か空白です。");
    }
    out->decimals = (unsigned)decimals;
    out->group = group[0];
    out->rounding = (enum number_rounding)index;
    return STATUS_OK;
}

/* "format": by offsets when it can be, loosely otherwise. */
static enum status
read_format(struct layout_context *context, const char *text, struct field_plan *field)
{
    struct error_detail err = {0};
    enum status status = date_format_parse(&field->format, text, &err);
    if (status != STATUS_OK && loose_date_parse(&field->loose, text) == STATUS_OK) {
        field->is_loose = true;
        return STATUS_OK;
    }
    if (status != STATUS_OK && context->err != NULL) {
        *context->err = err;
    }
    return status;
}

/* How the values of the field are written: format, values, sign, number. */
enum status
layout_read_writing(struct layout_context *context, const struct json_value *object, struct field_plan *field)
{
    enum field_type type = field->rule->type;
    const char *shown = field->rule->name;
    const char *text;
    enum status status = json_get_text_or(object, "format", LOOSE_PATTERN_MAX_BYTES - 1, NULL, &text, context->err);
    if (status != STATUS_OK) {
        return status;
    }
    bool is_date = type == FIELD_DATE || type == FIELD_INSTANT;
    if (is_date != (text != NULL)) {
        return layout_refuse(context, shown,
                             is_date ? "format に日付の形（例 \"YYYY/MM/DD\"）を書いてください。"
                                     : "format は日付の項目にだけ書けます。");
    }
    status = is_date ? read_format(context, text, field) : STATUS_OK;
    if (status == STATUS_OK && !json_is_null(json_member(object, "values"))) {
        status = read_values(context, json_member(object, "values"), field);
    }
    bool needs_values = layout_has_values(type) && type != FIELD_BRAND;
    if (status == STATUS_OK && needs_values && field->value_count == 0) {
        return layout_refuse(context, shown, "values に、ファイルの値と意味の対応を書いてください。");
    }
    if (status == STATUS_OK) {
        status = json_get_text_or(object, "other", LAYOUT_VALUE_MAX_BYTES, needs_values ? "refuse" : "keep", &text,
                                  context->err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    field->refuses_unknown = strcmp(text, "refuse") == 0;
    if ((!field->refuses_unknown && strcmp(text, "keep") != 0) || (needs_values && !field->refuses_unknown)) {
        return layout_refuse(context, shown, "other は \"keep\"（brand のみ）か \"refuse\" です。");
    }
    status = json_get_text_or(object, "sign", LAYOUT_VALUE_MAX_BYTES, "signed", &text, context->err);
    field->sign = status == STATUS_OK && strcmp(text, "by_kind") == 0 ? SIGN_BY_KIND : SIGN_AS_WRITTEN;
    if (status == STATUS_OK && field->sign == SIGN_AS_WRITTEN && strcmp(text, "signed") != 0) {
        return layout_refuse(context, shown, "sign は \"signed\" か \"by_kind\" です。");
    }
    const struct json_value *number = json_member(object, "number");
    if (status == STATUS_OK && !json_is_null(number)) {
        field->has_number = true;
        return type == FIELD_YEN ? layout_read_number(context, number, shown, &field->number)
                                 : layout_refuse(context, shown, "number は金額の項目にだけ書けます。");
    }
    return status;
}
