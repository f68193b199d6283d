/* Layouts from JSON: the keys of the file as a whole. Unknown keys are refused, since a misspelt one would silently
 * mean its default. */
#include "settlement/statements/layout.h"

#include "common/json/reader.h"
#include "settlement/statements/layout_plan.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    LAYOUT_ARENA_BYTES = 4 * LAYOUT_MAX_BYTES, /* its texts, converted */
    NO_QUOTE = 0xFF,
    SKIP_LINES_MAX = 100,
    TITLE_MAX_BYTES = 400
};

int
layout_word_index(const char *text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(text, words[i]) == 0) {
            return (int)i;
        }
    }
    return -1;
}

enum status
layout_refuse(struct layout_context *context, const char *where, const char *format, ...)
{
    char sentence[ERROR_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    error_set(context->err, "layout_invalid", "書式の %s: %s", where, sentence);
    return STATUS_INVALID;
}

enum status
layout_check_keys(struct layout_context *context, const struct json_value *object, const char *where,
                  const char *const *keys)
{
    if (!json_is_object(object)) {
        return layout_refuse(context, where, "{ … } で書いてください。");
    }
    size_t count = 0;
    while (keys[count] != NULL) {
        count++;
    }
    for (const struct json_value *item = json_first(object); item != NULL; item = json_next(item)) {
        if (layout_word_index(json_key(item), keys, count) < 0) {
            return layout_refuse(context, where, "\"%s\" という項目はありません。つづりを確かめてください。",
                                 json_key(item));
        }
    }
    return STATUS_OK;
}

enum status
layout_encode(struct layout_context *context, const char *text, struct text_view *out)
{
    struct buffer encoded;
    buffer_init(&encoded, LAYOUT_MAX_BYTES);
    enum status status = text_encoding_from_utf8(context->layout->encoding, &encoded, text_view_of(text), context->err);
    if (status == STATUS_OK) {
        const char *copy = arena_copy(&context->layout->arena, buffer_text(&encoded), encoded.length);
        *out = (struct text_view){copy, encoded.length};
        status = copy != NULL ? STATUS_OK : STATUS_NO_MEMORY;
    }
    buffer_finish(&encoded);
    return status;
}

/* A required or defaulted word of a closed list; FALLBACK NULL: required. */
static enum status
read_word(struct layout_context *context, const struct json_value *root, const char *key, const char *fallback,
          const char *const *words, size_t count, unsigned *out)
{
    const char *text;
    enum status status = fallback == NULL
                             ? json_get_text(root, key, LAYOUT_NAME_SIZE, &text, context->err)
                             : json_get_text_or(root, key, LAYOUT_NAME_SIZE, fallback, &text, context->err);
    if (status != STATUS_OK) {
        return status;
    }
    int index = layout_word_index(text, words, count);
    if (index < 0) {
        char list[ERROR_MESSAGE_SIZE / 2] = "";
        for (size_t i = 0; i < count; i++) {
            size_t used = strlen(list);
            snprintf(list + used, sizeof list - used, "%s\"%s\"", i == 0 ? "" : ", ", words[i]);
        }
        return layout_refuse(context, key, "\"%s\" は使えません。%s のどれかを書いてください。", text, list);
    }
    *out = (unsigned)index;
    return STATUS_OK;
}

/* One ASCII character that can separate or quote: not a letter or digit, and below 0x40 in CP932 (see text_encoding.h).
 */
static enum status
read_mark(struct layout_context *context, const struct json_value *root, const char *key, const char *fallback,
          unsigned char *out)
{
    const char *text;
    enum status status = json_get_text_or(root, key, 1, fallback, &text, context->err);
    if (status != STATUS_OK) {
        return status;
    }
    unsigned char mark = (unsigned char)text[0];
    bool is_plain = (mark > ' ' && mark < 0x7F && strchr("-+.", mark) == NULL) || mark == '\t';
    bool is_alphanumeric = (mark >= '0' && mark <= '9') || (mark >= 'A' && mark <= 'Z') || (mark >= 'a' && mark <= 'z');
    if (!is_plain || is_alphanumeric) {
        return layout_refuse(context, key, "記号を1文字（\",\" や \"\\t\" など）で書いてください。");
    }
    if (context->layout->encoding == TEXT_CP932 && mark >= 0x40) {
        return layout_refuse(context, key, "「%c」は cp932 では漢字の2バイト目にもなるため使えません。", mark);
    }
    *out = mark;
    return STATUS_OK;
}

/* Lines of several kinds: "records" instead of "fields" and "trailer". */
static enum status
read_csv_kinds(struct layout_context *context, const struct json_value *root, const struct json_value *records)
{
    if (!json_is_null(json_member(root, "fields")) || !json_is_null(json_member(root, "trailer"))) {
        return layout_refuse(context, "records", "records を書くときは fields と trailer を書きません。");
    }
    if (!json_is_array(records)) {
        return layout_refuse(context, "records", "行の種類を配列で書いてください。");
    }
    context->layout->has_kinds = true;
    return layout_read_records(context, records);
}

static enum status
read_csv(struct layout_context *context, const struct json_value *root)
{
    struct layout *layout = context->layout;
    struct record_plan *line = &layout->records[0];
    layout->csv.encoding = layout->encoding;
    if (layout->encoding == TEXT_JIS_X_0201) {
        return layout_refuse(context, "encoding",
                             "csv では \"utf-8\", \"utf-16\", \"cp932\" のどれかを書いてください。");
    }
    enum status status = read_mark(context, root, "separator", ",", &layout->csv.separator);
    bool has_no_quote = json_member(root, "quote") != NULL && json_is_null(json_member(root, "quote"));
    layout->csv.quote = NO_QUOTE;
    if (status == STATUS_OK && !has_no_quote) {
        status = read_mark(context, root, "quote", "\"", &layout->csv.quote);
    }
    if (status == STATUS_OK && layout->csv.quote == layout->csv.separator) {
        status = layout_refuse(context, "quote", "separator と同じ記号は使えません。");
    }
    int64_t skip_lines = 0;
    if (status == STATUS_OK) {
        status = json_get_int_or(root, "skip_lines", 0, SKIP_LINES_MAX, 0, &skip_lines, context->err);
        layout->skip_lines = (unsigned)skip_lines;
    }
    if (status == STATUS_OK) {
        status = json_get_bool_or(root, "header", true, &layout->has_header, context->err);
    }
    if (status == STATUS_OK) {
        const char *prefix;
        status = json_get_text_or(root, "prefix", 8, "", &prefix, context->err);
        status = status == STATUS_OK ? layout_encode(context, prefix, &layout->prefix) : status;
    }
    const struct json_value *records = json_member(root, "records");
    if (status == STATUS_OK && !json_is_null(records)) {
        return read_csv_kinds(context, root, records);
    }
    const struct json_value *fields = NULL;
    if (status == STATUS_OK) {
        layout->record_count = 1;
        line->role = RECORD_LINE;
        status = json_get_object(root, "fields", &fields, context->err);
    }
    if (status == STATUS_OK) {
        status = layout_read_fields(context, fields, line);
    }
    if (status == STATUS_OK && !json_is_null(json_member(root, "trailer"))) {
        status = layout_read_trailer(context, json_member(root, "trailer"));
    }
    return status;
}

static enum status
read_line_ends(struct layout_context *context, const struct json_value *root)
{
    static const char *const words[] = {"crlf", "cr", "lf", "none"};
    const struct json_value *list = json_member(root, "line_ends");
    if (json_is_null(list)) {
        context->layout->line_ends = LINE_ENDS_CRLF | LINE_ENDS_CR | LINE_ENDS_LF | LINE_ENDS_NONE;
        return STATUS_OK;
    }
    for (const struct json_value *item = json_first(list); item != NULL; item = json_next(item)) {
        const char *text = "";
        int index = json_as_text(item, &text) ? layout_word_index(text, words, 4) : -1;
        if (index < 0) {
            return layout_refuse(context, "line_ends", "\"crlf\", \"cr\", \"lf\", \"none\" から選んでください。");
        }
        context->layout->line_ends |= 1U << index;
    }
    return context->layout->line_ends != 0 ? STATUS_OK
                                           : layout_refuse(context, "line_ends", "一つ以上を配列で書いてください。");
}

static enum status
read_fixed(struct layout_context *context, const struct json_value *root)
{
    int64_t length = 0;
    enum status status = json_get_int(root, "length", 1, FIXED_RECORD_MAX_BYTES, &length, context->err);
    context->layout->record_length = (uint32_t)length;
    if (status == STATUS_OK) {
        status = read_line_ends(context, root);
    }
    const struct json_value *records = NULL;
    if (status == STATUS_OK) {
        status = json_get_array(root, "records", &records, context->err);
    }
    return status == STATUS_OK ? layout_read_records(context, records) : status;
}

/* "+09:00" as minutes. */
static enum status
read_zone(struct layout_context *context, const struct json_value *root)
{
    const char *zone;
    enum status status = json_get_text_or(root, "zone", 6, "+09:00", &zone, context->err);
    if (status != STATUS_OK) {
        return status;
    }
    char probe[INSTANT_TEXT_SIZE];
    int64_t utc_ms, zone_ms;
    snprintf(probe, sizeof probe, "2000-01-01T00:00:00%s", zone);
    if (instant_parse(&zone_ms, probe, strlen(probe)) != STATUS_OK ||
        instant_parse(&utc_ms, "2000-01-01T00:00:00Z", 20) != STATUS_OK) {
        return layout_refuse(context, "zone", "\"+09:00\" のように書いてください。");
    }
    context->layout->zone_minutes = (int)((utc_ms - zone_ms) / (60 * 1000));
    return STATUS_OK;
}

static enum status
read_layout(struct layout_context *context, const struct json_value *root)
{
    static const char *const csv_keys[] = {"layout", "title",     "kind",    "gives",      "encoding",
                                           "zone",   "separator", "quote",   "skip_lines", "header",
                                           "fields", "trailer",   "records", "prefix",     NULL};
    static const char *const fixed_keys[] = {"layout", "title",  "kind",      "gives",   "encoding",
                                             "zone",   "length", "line_ends", "records", NULL};
    static const char *const xml_keys[] = {"layout", "title", "kind",    "gives",   "encoding",
                                           "zone",   "group", "line",    "header",  "fields",
                                           "checks", "skip",  "balance", "details", NULL};
    static const char *const *const keys[] = {
        [LAYOUT_CSV] = csv_keys, [LAYOUT_FIXED] = fixed_keys, [LAYOUT_XML] = xml_keys};
    static const char *const kinds[] = {"csv", "fixed", "xml"};
    static const char *const gives[] = {"statement", "bank"};
    static const char *const encodings[] = {"utf-8", "cp932", "jis-x-0201", "utf-16"};
    struct layout *layout = context->layout;
    if (!json_is_object(root)) {
        return layout_refuse(context, "全体", "{ … } で書いてください。");
    }
    const char *name;
    const char *title;
    enum status status = json_get_text(root, "layout", LAYOUT_NAME_SIZE - 1, &name, context->err);
    if (status == STATUS_OK) {
        memcpy(layout->name, name, strlen(name) + 1);
        status = json_get_text_or(root, "title", TITLE_MAX_BYTES, name, &title, context->err);
    }
    if (status == STATUS_OK) {
        layout->title = arena_copy(&layout->arena, title, strlen(title));
        status = layout->title != NULL ? STATUS_OK : STATUS_NO_MEMORY;
    }
    unsigned kind = 0, given = 0, encoding = 0;
    if (status == STATUS_OK) {
        status = read_word(context, root, "kind", NULL, kinds, 3, &kind);
    }
    if (status == STATUS_OK) {
        status = read_word(context, root, "gives", "statement", gives, 2, &given);
    }
    if (status == STATUS_OK) {
        status = read_word(context, root, "encoding", NULL, encodings, 4, &encoding);
    }
    if (status == STATUS_OK) {
        status = read_zone(context, root);
    }
    if (status == STATUS_OK) {
        status = layout_check_keys(context, root, "全体", keys[kind]);
    }
    if (status != STATUS_OK) {
        return status;
    }
    layout->kind = (enum layout_kind)kind;
    layout->gives = (enum layout_gives)given;
    layout->is_utf16 = encoding == 3;
    layout->encoding = layout->is_utf16 ? TEXT_UTF_8 : (enum text_encoding)encoding;
    switch (layout->kind) {
    case LAYOUT_CSV:
        return read_csv(context, root);
    case LAYOUT_FIXED:
        return layout->is_utf16 ? layout_refuse(context, "encoding", "fixed では utf-16 を読めません。")
                                : read_fixed(context, root);
    case LAYOUT_XML:
        return layout->encoding == TEXT_UTF_8 && !layout->is_utf16
                   ? layout_read_xml(context, root)
                   : layout_refuse(context, "encoding", "xml では \"utf-8\" を書いてください。");
    }
    return STATUS_INVALID;
}

enum status
layout_create(struct layout **out, const char *json, size_t length, struct error_detail *err)
{
    assert(out != NULL);

    if (length > LAYOUT_MAX_BYTES) {
        error_set(err, "layout_invalid", "書式のファイルが %d バイトを超えています。", (int)LAYOUT_MAX_BYTES);
        return STATUS_OVERFLOW;
    }
    struct json_value *root = NULL;
    enum status status = json_parse(&root, json, length, err);
    if (status != STATUS_OK) {
        error_prefix(err, "書式を JSON として読めません: ");
        return status;
    }
    struct layout *layout = calloc(1, sizeof *layout);
    if (layout == NULL) {
        json_free(root);
        return STATUS_NO_MEMORY;
    }
    arena_init(&layout->arena, LAYOUT_ARENA_BYTES);
    struct layout_context context = {.layout = layout, .err = err};
    status = read_layout(&context, root);
    json_free(root);
    if (status != STATUS_OK) {
        if (err != NULL && strncmp(err->message, "書式", strlen("書式")) != 0) {
            error_prefix(err, "書式: ");
        }
        layout_destroy(layout);
        return status;
    }
    *out = layout;
    return STATUS_OK;
}

enum status
layout_load(struct layout **out, const char *path, struct error_detail *err)
{
    struct buffer json;
    buffer_init(&json, LAYOUT_MAX_BYTES + 1);
    enum status status = buffer_read_file(&json, path, err);
    if (status == STATUS_OK) {
        status = layout_create(out, buffer_text(&json), json.length, err);
    }
    buffer_finish(&json);
    return status;
}

void
layout_destroy(struct layout *layout)
{
    if (layout != NULL) {
        arena_finish(&layout->arena);
        free(layout);
    }
}

const char *
layout_name(const struct layout *layout)
{
    return layout->name;
}

enum layout_gives
layout_gives(const struct layout *layout)
{
    return layout->gives;
}

bool
layout_is_converted(const struct layout *layout)
{
    return layout->is_utf16;
}

const char *
layout_title(const struct layout *layout)
{
    return layout->title;
}

const char *
layout_encoding(const struct layout *layout)
{
    if (layout->is_utf16) {
        return "UTF-16";
    }
    switch (layout->encoding) {
    case TEXT_UTF_8:
        return "UTF-8";
    case TEXT_CP932:
        return "CP932";
    case TEXT_JIS_X_0201:
        return "JIS X 0201";
    }
    return "";
}

enum text_encoding
layout_text_encoding(const struct layout *layout)
{
    return layout->encoding;
}
