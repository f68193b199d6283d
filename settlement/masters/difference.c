/* Differences, member by member, and the sentence that sums them up. */
#include "settlement/masters/difference.h"

#include "settlement/masters/field.h"

enum { SENTENCE_MAX_BYTES = 4000 };

/* What is compared, and with what. */
struct comparison {
    struct json_writer *writer;
    const struct json_value *before; /* NULL: nothing */
    const struct json_value *after;
    const struct json_value *document;
    bool is_following; /* the days differ by nature */
    struct buffer sentence;
    size_t changes;
    size_t changes_but_end; /* without valid_to */
};

static bool
is_day(const char *key)
{
    return strcmp(key, "valid_from") == 0 || strcmp(key, "valid_to") == 0;
}

/* The text of a member that the schema does not know (a tariff's). */
static void
other_text(struct buffer *out, const struct json_value *value)
{
    const char *text;
    struct buffer whole;
    struct error_detail ignored;
    if (json_as_text(value, &text)) {
        buffer_append(out, text, utf8_prefix(text, strlen(text), MEMBER_TEXT_MAX_BYTES));
        return;
    }
    buffer_init(&whole, JSON_TEXT_MAX_BYTES);
    if (json_write_canonical(value, &whole, &ignored) == STATUS_OK) {
        buffer_append(out, buffer_text(&whole), utf8_prefix(buffer_text(&whole), whole.length, MEMBER_TEXT_MAX_BYTES));
        buffer_append_text(out, whole.length > MEMBER_TEXT_MAX_BYTES ? "…" : "");
    }
    buffer_finish(&whole);
}

static void
value_text(struct buffer *out, const struct field *field, const struct json_value *value,
           const struct json_value *document)
{
    if (field->title == NULL) {
        other_text(out, value);
    } else {
        masters_member_text(out, field, value, document);
    }
}

static bool
say_the_same(const struct json_value *a, const struct json_value *b)
{
    struct buffer left;
    struct buffer right;
    struct error_detail ignored;
    buffer_init(&left, JSON_TEXT_MAX_BYTES);
    buffer_init(&right, JSON_TEXT_MAX_BYTES);
    bool is_same = json_write_canonical(a, &left, &ignored) == STATUS_OK &&
                   json_write_canonical(b, &right, &ignored) == STATUS_OK && left.length == right.length &&
                   memcmp(buffer_text(&left), buffer_text(&right), left.length) == 0;
    buffer_finish(&left);
    buffer_finish(&right);
    return is_same;
}

/* 「単価を300円から350円に」; long texts are not repeated in the sentence. */
static void
add_to_sentence(struct comparison *comparison, const struct field *field, const struct buffer *before,
                const struct buffer *after, bool has_before, bool has_after)
{
    enum { PHRASE_MAX_BYTES = 120 };
    const char *title = field->title != NULL ? field->title : field->key;
    struct buffer *sentence = &comparison->sentence;
    buffer_append_text(sentence, comparison->changes > 0 ? "、" : "");
    if (before->length > PHRASE_MAX_BYTES || after->length > PHRASE_MAX_BYTES || field->title == NULL) {
        buffer_printf(sentence, "%sを変更", title);
    } else if (field->kind == FIELD_PIN_HASH) {
        buffer_append_text(sentence, has_before ? "PINを変更" : "PINを設定");
    } else if (!has_before) {
        buffer_printf(sentence, "%sを「%s」に", title, buffer_text(after));
    } else if (!has_after) {
        buffer_printf(sentence, "%s「%s」をなくす", title, buffer_text(before));
    } else {
        buffer_printf(sentence, "%sを「%s」から「%s」に", title, buffer_text(before), buffer_text(after));
    }
}

static void
compare_member(struct comparison *comparison, const struct field *field)
{
    const struct json_value *before = json_member(comparison->before, field->key);
    const struct json_value *after = json_member(comparison->after, field->key);
    bool has_before = !masters_member_is_silent(field, before);
    bool has_after = !masters_member_is_silent(field, after);
    bool is_same = has_before == has_after && (!has_before || say_the_same(before, after));
    if (is_same || (comparison->is_following && is_day(field->key))) {
        return;
    }
    struct buffer before_text;
    struct buffer after_text;
    buffer_init(&before_text, JSON_TEXT_MAX_BYTES);
    buffer_init(&after_text, JSON_TEXT_MAX_BYTES);
    if (has_before) {
        value_text(&before_text, field, before, comparison->document);
    }
    if (has_after) {
        value_text(&after_text, field, after, comparison->document);
    }
    add_to_sentence(comparison, field, &before_text, &after_text, has_before, has_after);
    json_begin_object(comparison->writer, NULL);
    json_text(comparison->writer, "member", field->key);
    json_text(comparison->writer, "title", field->title != NULL ? field->title : field->key);
    json_text(comparison->writer, "before", has_before ? buffer_text(&before_text) : NULL);
    json_text(comparison->writer, "after", has_after ? buffer_text(&after_text) : NULL);
    json_end_object(comparison->writer);
    comparison->changes++;
    comparison->changes_but_end += strcmp(field->key, "valid_to") != 0 ? 1 : 0;
    buffer_finish(&before_text);
    buffer_finish(&after_text);
}

/* Members of ROW that the schema does not name and, when OTHER is not NULL, that do not stand there. */
static void
compare_others(struct comparison *comparison, const struct table *table, const struct json_value *row,
               const struct json_value *but_not_in)
{
    for (const struct json_value *member = json_first(row); member != NULL; member = json_next(member)) {
        const char *key = json_key(member);
        if (table_field(table, key) == NULL && json_member(but_not_in, key) == NULL) {
            struct field unknown = {.key = key, .kind = FIELD_TEXT};
            compare_member(comparison, &unknown);
        }
    }
}

static void
compare_rows(struct comparison *comparison, const struct table *table)
{
    for (size_t i = 0; i < table->field_count; i++) {
        compare_member(comparison, &table->fields[i]);
    }
    compare_others(comparison, table, comparison->before, NULL);
    compare_others(comparison, table, comparison->after, comparison->before);
    for (size_t i = 0; i < masters_common_field_count; i++) {
        compare_member(comparison, &masters_common_fields[i]);
    }
}

static void
write_sentence(const struct comparison *comparison, const struct overlay_row *row)
{
    struct buffer sentence;
    buffer_init(&sentence, 2 * SENTENCE_MAX_BYTES);
    const char *from = text_or(row->value, "valid_from", "");
    const char *to = text_or(row->value, "valid_to", NULL);
    bool is_only_end = row->state == OVERLAY_CHANGED && comparison->changes == 1 && comparison->changes_but_end == 0;
    if (row->state == OVERLAY_REMOVED) {
        buffer_append_text(&sentence, "取りやめる（行を消す）");
    } else if (row->state == OVERLAY_ADDED && !comparison->is_following) {
        buffer_printf(&sentence, "%s%s新しく加える", from, from[0] != '\0' ? "から" : "");
    } else if (is_only_end && to != NULL) {
        buffer_printf(&sentence, "%sで終わる", to);
    } else if (is_only_end) {
        buffer_append_text(&sentence, "終わりの日をなくす");
    } else {
        buffer_printf(&sentence, "%s%s%s", comparison->is_following ? from : "", comparison->is_following ? "から" : "",
                      comparison->changes > 0 ? buffer_text(&comparison->sentence) : "同じ内容で続ける");
    }
    json_text(comparison->writer, "sentence", buffer_text(&sentence));
    buffer_finish(&sentence);
}

void
difference_write(struct json_writer *writer, const struct table *table, const struct overlay_row *row,
                 const struct overlay_row *before, const struct json_value *document)
{
    struct comparison comparison = {
        .writer = writer,
        .before = row->published,
        .after = row->state == OVERLAY_REMOVED ? NULL : row->value,
        .document = document,
    };
    if (row->state == OVERLAY_ADDED && before != NULL) {
        comparison.before = before->value;
        comparison.is_following = true;
    }
    buffer_init(&comparison.sentence, SENTENCE_MAX_BYTES);
    json_text(writer, "since", comparison.is_following ? text_or(row->value, "valid_from", NULL) : NULL);
    json_begin_array(writer, "members");
    compare_rows(&comparison, table);
    json_end_array(writer);
    write_sentence(&comparison, row);
    buffer_finish(&comparison.sentence);
}
