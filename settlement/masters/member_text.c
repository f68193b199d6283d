/* Values in words. */
#include "settlement/masters/difference.h"

#include "common/money/yen.h"
#include "settlement/masters/field.h"

const char *
masters_name_of(const struct json_value *document, const char *kind, const char *code)
{
    const struct table *table = masters_table(kind);
    const char *name = NULL;
    for (const struct json_value *row = json_first(json_member(document, kind)); row != NULL; row = json_next(row)) {
        if (table != NULL && strcmp(text_or(row, table_code_key(table), ""), code) == 0) {
            name = text_or(row, "name", text_or(json_member(row, "setsu"), "name", NULL));
        }
    }
    return name;
}

static void
append_number(struct buffer *out, const struct field *field, const struct json_value *value)
{
    int64_t number;
    if (!json_as_int(value, &number)) {
        buffer_append_text(out, "（数ではありません）");
    } else if (field->is_yen) {
        char yen[YEN_TEXT_SIZE];
        buffer_printf(out, "%s円", yen_format(yen, number));
    } else {
        buffer_printf(out, "%lld", (long long)number);
    }
}

static void
append_text(struct buffer *out, const struct field *field, const char *text, const struct json_value *document)
{
    const struct field_word *word = field->words;
    while (word != NULL && word->word != NULL && strcmp(word->word, text) != 0) {
        word++;
    }
    const char *name = field->refers_to != NULL ? masters_name_of(document, field->refers_to, text) : NULL;
    if (word != NULL && word->word != NULL) {
        buffer_append_text(out, word->name);
    } else if (name != NULL) {
        buffer_printf(out, "%s（%s）", name, text);
    } else {
        buffer_append(out, text, utf8_prefix(text, strlen(text), MEMBER_TEXT_MAX_BYTES));
        buffer_append_text(out, strlen(text) > MEMBER_TEXT_MAX_BYTES ? "…" : "");
    }
}

/* "部屋 80%" of {"part":"room","percent":80}: the members' values side by side. */
static void
append_inner_row(struct buffer *out, const struct field *field, const struct json_value *row,
                 const struct json_value *document)
{
    bool is_first = true;
    for (size_t i = 0; i < field->field_count; i++) {
        const struct json_value *value = json_member(row, field->fields[i].key);
        if (!json_is_null(value)) {
            buffer_append_text(out, is_first ? "" : " ");
            masters_member_text(out, &field->fields[i], value, document);
            buffer_append_text(out, strcmp(field->fields[i].key, "percent") == 0 ? "%" : "");
            is_first = false;
        }
    }
}

static void
append_list(struct buffer *out, const struct field *field, const struct json_value *list,
            const struct json_value *document)
{
    enum { SHOWN_MAX = 30 };
    size_t count = json_count(list);
    size_t shown = 0;
    buffer_append_text(out, count == 0 ? "なし" : "");
    for (const struct json_value *item = json_first(list); item != NULL && shown < SHOWN_MAX; item = json_next(item)) {
        const char *text;
        buffer_append_text(out, shown++ > 0 ? "、" : "");
        if (field->kind == FIELD_ROWS) {
            append_inner_row(out, field, item, document);
        } else if (json_as_text(item, &text)) {
            append_text(out, field, text, document);
        } else {
            append_number(out, field, item);
        }
    }
    if (count > shown) {
        buffer_printf(out, " ほか%zu件", count - shown);
    }
}

void
masters_member_text(struct buffer *out, const struct field *field, const struct json_value *value,
                    const struct json_value *document)
{
    const char *text;
    if (field->kind == FIELD_PIN_HASH) {
        buffer_append_text(out, "設定済み");
    } else if (field->kind == FIELD_BOOLEAN) {
        buffer_append_text(out, json_is_true(value) ? "はい" : "いいえ");
    } else if (field->kind == FIELD_CODE_NAME) {
        buffer_printf(out, "%s %s", text_or(value, "code", ""), text_or(value, "name", ""));
    } else if (json_is_array(value)) {
        append_list(out, field, value, document);
    } else if (json_as_text(value, &text)) {
        append_text(out, field, text, document);
    } else {
        append_number(out, field, value);
    }
}
