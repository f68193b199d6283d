/* Descriptors from JSON. Unknown keys are refused, since a misspelt one would silently mean its default. */
#include "settlement/handover/handover_layout.h"

#include "common/json/reader.h"
#include "common/text/utf8.h"
#include "settlement/handover/handover_value.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WHERE_SIZE = 64 };

/* What is being read, for messages. */
struct reading {
    struct handover_layout *layout;
    struct error_detail *err;
};

static enum status refuse(const struct reading *reading, const char *where, const char *format, ...) PRINTF_LIKE(3, 4);

static enum status
refuse(const struct reading *reading, const char *where, const char *format, ...)
{
    char sentence[ERROR_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    error_set(reading->err, "layout_invalid", "書式の %s: %s", where, sentence);
    return STATUS_INVALID;
}

static enum status
check_keys(const struct reading *reading, const struct json_value *object, const char *where, const char *const *keys)
{
    if (!json_is_object(object)) {
        return refuse(reading, where, "{ … } で書いてください。");
    }
    for (const struct json_value *member = json_first(object); member != NULL; member = json_next(member)) {
        size_t i = 0;
        while (keys[i] != NULL && strcmp(keys[i], json_key(member)) != 0) {
            i++;
        }
        if (keys[i] == NULL) {
            return refuse(reading, where, "「%.60s」という項目はありません。つづりを確かめてください。",
                          json_key(member));
        }
    }
    return STATUS_OK;
}

/* Member KEY into OUT; OTHERWISE when it is absent, or NULL where it must be there. */
static enum status
read_text(const struct reading *reading, const struct json_value *object, const char *where, const char *key,
          const char *otherwise, char *out, size_t size)
{
    const char *text = otherwise;
    const struct json_value *member = json_member(object, key);
    if (!json_is_null(member) && !json_as_text(member, &text)) {
        return refuse(reading, where, "%s は \"…\" で書いてください。", key);
    }
    if (text == NULL) {
        return refuse(reading, where, "%s がありません。", key);
    }
    if (strlen(text) >= size) {
        return refuse(reading, where, "%s が長すぎます(%zuバイトまで)。", key, size - 1);
    }
    snprintf(out, size, "%s", text);
    return STATUS_OK;
}

static enum status
read_int(const struct reading *reading, const struct json_value *object, const char *where, const char *key,
         int64_t min, int64_t max, int64_t otherwise, int64_t *out)
{
    const struct json_value *member = json_member(object, key);
    *out = otherwise;
    if (json_is_null(member)) {
        return STATUS_OK;
    }
    if (!json_as_int(member, out) || *out < min || *out > max) {
        return refuse(reading, where, "%s は %lld から %lld までの整数で書いてください。", key, (long long)min,
                      (long long)max);
    }
    return STATUS_OK;
}

/* Member KEY as one of WORDS; the first when it is absent. */
static enum status
read_word(const struct reading *reading, const struct json_value *object, const char *where, const char *key,
          const char *const *words, size_t count, size_t *out)
{
    char text[HANDOVER_TEXT_SIZE];
    enum status status = read_text(reading, object, where, key, words[0], text, sizeof text);
    for (*out = 0; status == STATUS_OK && *out < count; (*out)++) {
        if (strcmp(text, words[*out]) == 0) {
            return STATUS_OK;
        }
    }
    return status == STATUS_OK ? refuse(reading, where, "%s に「%.40s」は書けません。", key, text) : status;
}

static enum status
read_bool(const struct reading *reading, const struct json_value *object, const char *where, const char *key, bool *out)
{
    struct error_detail ignored;
    if (json_get_bool_or(object, key, false, out, &ignored) != STATUS_OK) {
        return refuse(reading, where, "%s は true か false で書いてください。", key);
    }
    return STATUS_OK;
}

/* ---- tables of codes ---- */

static enum status
read_code_table(const struct reading *reading, const struct json_value *table, int number, size_t capacity)
{
    struct handover_layout *layout = reading->layout;
    char where[WHERE_SIZE + HANDOVER_TEXT_SIZE];
    snprintf(where, sizeof where, "codes.%s", layout->tables[number]);
    if (!json_is_object(table) || json_count(table) == 0) {
        return refuse(reading, where, "{\"こちらのコード\": \"財務会計のコード\"} を1つ以上書いてください。");
    }
    for (const struct json_value *row = json_first(table); row != NULL; row = json_next(row)) {
        const char *theirs = NULL;
        if (!json_as_text(row, &theirs) || strlen(theirs) >= HANDOVER_TEXT_SIZE ||
            strlen(json_key(row)) >= HANDOVER_TEXT_SIZE) {
            return refuse(reading, where, "「%.60s」の値は127バイトまでの \"…\" で書いてください。", json_key(row));
        }
        if (layout->code_count == capacity) {
            return refuse(reading, where, "コードの行は全部で%d行までです。", HANDOVER_CODES_MAX);
        }
        struct handover_code *code = &layout->codes[layout->code_count++];
        code->table = number;
        snprintf(code->ours, sizeof code->ours, "%s", json_key(row));
        snprintf(code->theirs, sizeof code->theirs, "%s", theirs);
    }
    return STATUS_OK;
}

static size_t
count_codes(const struct json_value *tables)
{
    size_t count = 0;
    for (const struct json_value *table = json_first(tables); table != NULL; table = json_next(table)) {
        count += json_count(table);
    }
    return count < HANDOVER_CODES_MAX ? count : HANDOVER_CODES_MAX;
}

static enum status
read_codes(const struct reading *reading, const struct json_value *tables)
{
    struct handover_layout *layout = reading->layout;
    enum status status = STATUS_OK;
    if (json_is_null(tables)) {
        return STATUS_OK;
    }
    if (!json_is_object(tables) || json_count(tables) == 0) {
        return refuse(reading, "codes", "{\"表の名前\": {…}} で書いてください。");
    }
    size_t capacity = count_codes(tables);
    layout->codes = calloc(capacity + 1, sizeof layout->codes[0]);
    layout->tables = calloc(json_count(tables), sizeof layout->tables[0]);
    if (layout->codes == NULL || layout->tables == NULL) {
        error_set(reading->err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    for (const struct json_value *table = json_first(tables); status == STATUS_OK && table != NULL;
         table = json_next(table)) {
        if (strlen(json_key(table)) >= HANDOVER_TEXT_SIZE) {
            return refuse(reading, "codes", "表の名前は127バイトまでです。");
        }
        int number = (int)layout->table_count++;
        snprintf(layout->tables[number], sizeof layout->tables[0], "%s", json_key(table));
        status = read_code_table(reading, table, number, capacity);
    }
    return status;
}

/* ---- fields ---- */

/* Tokens of a date: YYYY MM DD, EE (two digits of the era's year), N (its number: 昭和 3, 平成 4, 令和 5), G (its
 * letter). Of a fiscal year: YYYY, EE, N, G. Anything between is taken as it is. */
static bool
format_is_right(const char *format, bool is_year)
{
    return format[0] == '\0' || (strpbrk(format, "YEDMNG") != NULL && (!is_year || strpbrk(format, "MD") == NULL));
}

static enum status
find_table(const struct reading *reading, const char *where, const char *name, struct handover_field *field)
{
    field->codes = -1;
    for (size_t i = 0; name[0] != '\0' && field->codes < 0; i++) {
        if (i == reading->layout->table_count) {
            return refuse(reading, where, "codes に「%.60s」という表がありません。", name);
        }
        field->codes = strcmp(reading->layout->tables[i], name) == 0 ? (int)i : -1;
    }
    return STATUS_OK;
}

static enum status
read_source(const struct reading *reading, const struct json_value *object, const char *where, bool is_sum,
            struct handover_field *field)
{
    bool has_text = !json_is_null(json_member(object, "text"));
    bool has_from = !json_is_null(json_member(object, "from"));
    if (has_text == has_from) {
        return refuse(reading, where, "from (元の項目) か text (決まった文字) の一方を書いてください。");
    }
    field->source = -1;
    if (has_text) {
        enum status status = read_text(reading, object, where, "text", NULL, field->text, sizeof field->text);
        snprintf(field->name, sizeof field->name, "%s", field->text);
        return status;
    }
    enum status status = read_text(reading, object, where, "from", NULL, field->name, sizeof field->name);
    if (status != STATUS_OK) {
        return status;
    }
    field->source = handover_source_find(field->name, is_sum);
    if (field->source < 0) {
        return refuse(reading, where, "「%.60s」という項目は%sにはありません。", field->name,
                      is_sum ? "見出し・末尾の行" : "調定の行");
    }
    if (!is_sum && !reading->layout->is_per_line && handover_source_is_of_line(field->source)) {
        return refuse(reading, where, "「%.60s」は内訳の項目です。per を line にしてください。", field->name);
    }
    return STATUS_OK;
}

static enum status
read_shape(const struct reading *reading, const struct json_value *object, const char *where,
           struct handover_field *field)
{
    static const char *const aligns[] = {"left", "right"};
    const enum handover_kind kind = field->source < 0 ? HANDOVER_IS_TEXT : handover_source_kind(field->source);
    const bool is_number = kind == HANDOVER_IS_NUMBER;
    char pad[8];
    int64_t width = 0;
    size_t align = 0;
    enum status status = read_int(reading, object, where, "width", 1, HANDOVER_WIDTH_MAX, 0, &width);
    if (status == STATUS_OK && reading->layout->is_fixed != (width > 0)) {
        return refuse(reading, where,
                      reading->layout->is_fixed ? "width (バイト数) がありません。"
                                                : "width は固定長の書式だけに書きます。");
    }
    field->width = (size_t)width;
    field->align = is_number ? HANDOVER_RIGHT : HANDOVER_LEFT;
    if (status == STATUS_OK && !json_is_null(json_member(object, "align"))) {
        status = read_word(reading, object, where, "align", aligns, 2, &align);
        field->align = align == 0 ? HANDOVER_LEFT : HANDOVER_RIGHT;
    }
    if (status == STATUS_OK) {
        status = read_text(reading, object, where, "pad", is_number ? "0" : " ", pad, sizeof pad);
    }
    if (status == STATUS_OK && (strlen(pad) != 1 || pad[0] < ' ' || pad[0] > '~')) {
        return refuse(reading, where, "pad は半角1文字で書いてください。");
    }
    field->pad = pad[0];
    if (status == STATUS_OK && field->align == HANDOVER_LEFT && field->pad == '0' && is_number) {
        return refuse(reading, where, "数字を左に寄せて 0 で埋めると、別の数になります。");
    }
    return status == STATUS_OK ? read_bool(reading, object, where, "cut", &field->may_cut) : status;
}

static enum status
read_field(const struct reading *reading, const struct json_value *object, const char *where, bool is_sum,
           struct handover_field *field)
{
    static const char *const keys[] = {"from", "text", "width", "align", "pad", "format", "codes", "cut", NULL};
    char table[HANDOVER_TEXT_SIZE];
    enum status status = check_keys(reading, object, where, keys);
    if (status == STATUS_OK) {
        status = read_source(reading, object, where, is_sum, field);
    }
    if (status == STATUS_OK) {
        status = read_shape(reading, object, where, field);
    }
    if (status == STATUS_OK) {
        status = read_text(reading, object, where, "format", "", field->format, sizeof field->format);
    }
    if (status == STATUS_OK) {
        status = read_text(reading, object, where, "codes", "", table, sizeof table);
    }
    if (status != STATUS_OK) {
        return status;
    }
    enum handover_kind kind = field->source < 0 ? HANDOVER_IS_TEXT : handover_source_kind(field->source);
    bool has_format = field->format[0] != '\0';
    if (has_format && kind != HANDOVER_IS_DATE && kind != HANDOVER_IS_YEAR) {
        return refuse(reading, where, "format は日付と会計年度だけに書けます。");
    }
    if (!format_is_right(field->format, kind == HANDOVER_IS_YEAR)) {
        return refuse(reading, where, "format は YYYY EE N G と、日付では MM DD で書いてください。");
    }
    if (field->may_cut && kind != HANDOVER_IS_TEXT) {
        return refuse(reading, where, "cut は文字の項目だけに書けます。");
    }
    return find_table(reading, where, table, field);
}

static enum status
read_record(const struct reading *reading, const struct json_value *root, const char *key, bool is_sum,
            struct handover_record *out)
{
    const struct json_value *fields = json_member(root, key);
    enum status status = STATUS_OK;
    if (json_is_null(fields)) {
        return STATUS_OK;
    }
    if (!json_is_array(fields) || json_count(fields) == 0 || json_count(fields) > HANDOVER_FIELDS_MAX) {
        return refuse(reading, key, "項目を [ … ] に1つから%dまで並べてください。", HANDOVER_FIELDS_MAX);
    }
    out->fields = calloc(json_count(fields), sizeof out->fields[0]);
    if (out->fields == NULL) {
        error_set(reading->err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    for (const struct json_value *field = json_first(fields); status == STATUS_OK && field != NULL;
         field = json_next(field)) {
        char where[WHERE_SIZE];
        snprintf(where, sizeof where, "%s[%zu]", key, out->count);
        status = read_field(reading, field, where, is_sum, &out->fields[out->count++]);
    }
    return status;
}

/* ---- their answer ---- */

static enum status
read_answer(const struct reading *reading, const struct json_value *object)
{
    static const char *const keys[] = {"skip", "number", "result", "reason", "accepted", NULL};
    enum { COLUMNS_MAX = 64 };
    struct handover_answer_form *form = &reading->layout->answer;
    if (json_is_null(object)) {
        return STATUS_OK;
    }
    form->is_given = true;
    enum status status = check_keys(reading, object, "answer", keys);
    if (status == STATUS_OK) {
        status = read_int(reading, object, "answer", "skip", 0, 100, 0, &form->skip);
    }
    if (status == STATUS_OK) {
        status = read_int(reading, object, "answer", "number", 1, COLUMNS_MAX, 0, &form->number);
    }
    if (status == STATUS_OK) {
        status = read_int(reading, object, "answer", "result", 1, COLUMNS_MAX, 0, &form->result);
    }
    if (status == STATUS_OK) {
        status = read_int(reading, object, "answer", "reason", 1, COLUMNS_MAX, 0, &form->reason);
    }
    const struct json_value *accepted = json_member(object, "accepted");
    if (status == STATUS_OK &&
        (form->number == 0 || form->result == 0 || !json_is_array(accepted) || json_count(accepted) == 0 ||
         json_count(accepted) > sizeof form->accepted / sizeof form->accepted[0])) {
        return refuse(reading, "answer",
                      "number と result の列の番号、accepted (受け付けたことを表す値) を1つから8つ"
                      "書いてください。");
    }
    for (const struct json_value *one = json_first(accepted); status == STATUS_OK && one != NULL;
         one = json_next(one)) {
        const char *text = NULL;
        if (!json_as_text(one, &text) || strlen(text) >= HANDOVER_TEXT_SIZE) {
            return refuse(reading, "answer", "accepted は \"…\" を並べてください。");
        }
        snprintf(form->accepted[form->accepted_count++], HANDOVER_TEXT_SIZE, "%s", text);
    }
    return status;
}

/* ---- the whole ---- */

static bool
name_is_right(const char *name)
{
    return name[0] != '\0' && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(name);
}

/* Placeholders are {year} and {serial}; nothing that leads into another folder. */
static bool
file_name_is_right(const char *name)
{
    char plain[HANDOVER_TEXT_SIZE];
    size_t length = 0;
    for (const char *at = name; *at != '\0';) {
        if (strncmp(at, "{year}", 6) == 0) {
            at += 6;
        } else if (strncmp(at, "{serial}", 8) == 0) {
            at += 8;
        } else {
            plain[length++] = *at++;
        }
    }
    plain[length] = '\0';
    return length > 0 && plain[0] != '.' &&
           strspn(plain, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == length;
}

static enum status
read_form(const struct reading *reading, const struct json_value *root)
{
    static const char *const encodings[] = {"cp932", "utf-8", "utf-8-bom"};
    static const char *const kinds[] = {"csv", "fixed"};
    static const char *const quotes[] = {"always", "needed"};
    static const char *const ends[] = {"crlf", "lf", "none"};
    static const char *const end_bytes[] = {"\r\n", "\n", ""};
    static const char *const pers[] = {"assessment", "line"};
    static const char *const substitutes[] = {"", "〓"};
    struct handover_layout *layout = reading->layout;
    size_t encoding = 0, kind = 0, quote = 0, end = 0, per = 0, substitute = 0;
    char separator[8];
    enum status status = read_word(reading, root, "全体", "encoding", encodings, 3, &encoding);
    if (status == STATUS_OK) {
        status = read_word(reading, root, "全体", "kind", kinds, 2, &kind);
    }
    if (status == STATUS_OK) {
        status = read_word(reading, root, "全体", "quote", quotes, 2, &quote);
    }
    if (status == STATUS_OK) {
        status = read_word(reading, root, "全体", "line_end", ends, 3, &end);
    }
    if (status == STATUS_OK) {
        status = read_word(reading, root, "全体", "per", pers, 2, &per);
    }
    if (status == STATUS_OK) {
        status = read_word(reading, root, "全体", "substitute", substitutes, 2, &substitute);
    }
    if (status == STATUS_OK) {
        status = read_text(reading, root, "全体", "separator", ",", separator, sizeof separator);
    }
    if (status != STATUS_OK) {
        return status;
    }
    layout->encoding = (enum handover_encoding)encoding;
    layout->is_fixed = kind == 1;
    layout->quotes_always = quote == 0;
    layout->separator = separator[0];
    layout->line_end = end_bytes[end];
    layout->is_per_line = per == 1;
    layout->may_substitute = substitute == 1;
    if (strlen(separator) != 1 || strpbrk(separator, ",\t;|") == NULL) {
        return refuse(reading, "全体", "separator は , ; | かタブで書いてください。");
    }
    return !layout->is_fixed && end == 2 ? refuse(reading, "全体", "line_end が none なのは固定長だけです。")
                                         : STATUS_OK;
}

static size_t
record_width(const struct handover_record *record)
{
    size_t width = 0;
    for (size_t i = 0; i < record->count; i++) {
        width += record->fields[i].width;
    }
    return width;
}

/* Every record of a fixed file is as long as it is said to be. */
static enum status
check_length(const struct reading *reading, const struct json_value *root)
{
    const struct handover_layout *layout = reading->layout;
    const struct handover_record *const records[] = {&layout->header, &layout->body, &layout->trailer};
    static const char *const names[] = {"header", "records", "trailer"};
    int64_t wanted = 0;
    enum status status = read_int(reading, root, "全体", "record_length", 1, INT64_C(100000), 0, &wanted);
    if (status == STATUS_OK && layout->is_fixed != (wanted > 0)) {
        return refuse(reading, "全体",
                      layout->is_fixed ? "record_length (1行のバイト数) がありません。"
                                       : "record_length は固定長の書式だけに書きます。");
    }
    for (size_t i = 0; status == STATUS_OK && wanted > 0 && i < 3; i++) {
        size_t width = record_width(records[i]);
        if (records[i]->count > 0 && width != (size_t)wanted) {
            return refuse(reading, names[i], "width の合計が%zuバイトで、record_length の%lldバイトと合いません。",
                          width, (long long)wanted);
        }
    }
    return status;
}

static enum status
read_whole(const struct reading *reading, const struct json_value *root)
{
    static const char *const keys[] = {
        "layout",    "title",         "encoding", "kind",   "quote",   "separator", "line_end", "per", "substitute",
        "file_name", "record_length", "codes",    "header", "records", "trailer",   "answer",   NULL};
    struct handover_layout *layout = reading->layout;
    enum status status = check_keys(reading, root, "全体", keys);
    if (status == STATUS_OK) {
        status = read_text(reading, root, "全体", "layout", NULL, layout->name, sizeof layout->name);
    }
    if (status == STATUS_OK && !name_is_right(layout->name)) {
        return refuse(reading, "全体", "layout は半角の小文字、数字、- で書いてください。");
    }
    if (status == STATUS_OK) {
        status = read_text(reading, root, "全体", "title", NULL, layout->title, sizeof layout->title);
    }
    if (status == STATUS_OK) {
        status = read_text(reading, root, "全体", "file_name", NULL, layout->file_name, sizeof layout->file_name);
    }
    if (status == STATUS_OK && !file_name_is_right(layout->file_name)) {
        return refuse(reading, "全体", "file_name は半角の英数字と - _ . と {year} {serial} で書いてください。");
    }
    if (status == STATUS_OK) {
        status = read_form(reading, root);
    }
    if (status == STATUS_OK) {
        status = read_codes(reading, json_member(root, "codes"));
    }
    if (status == STATUS_OK) {
        status = read_record(reading, root, "header", /* is_sum= */ true, &layout->header);
    }
    if (status == STATUS_OK) {
        status = read_record(reading, root, "records", /* is_sum= */ false, &layout->body);
    }
    if (status == STATUS_OK && layout->body.count == 0) {
        return refuse(reading, "全体", "records がありません。");
    }
    if (status == STATUS_OK) {
        status = read_record(reading, root, "trailer", /* is_sum= */ true, &layout->trailer);
    }
    if (status == STATUS_OK) {
        status = check_length(reading, root);
    }
    return status == STATUS_OK ? read_answer(reading, json_member(root, "answer")) : status;
}

enum status
handover_layout_create(struct handover_layout **out, const char *text, size_t length, struct error_detail *err)
{
    struct json_value *root = NULL;
    struct handover_layout *layout = NULL;
    *out = NULL;
    if (length > HANDOVER_DESCRIPTOR_MAX_BYTES) {
        error_set(err, "layout_invalid", "書式が大きすぎます(%dKBまで)。", HANDOVER_DESCRIPTOR_MAX_BYTES / 1024);
        return STATUS_OVERFLOW;
    }
    enum status status = json_parse(&root, text, length, err);
    if (status == STATUS_INVALID) {
        error_set_at(err, err->line, err->column, "layout_invalid",
                     "書式をJSONとして読めません(%u行目%u文字目)。括弧、引用符、コンマを確かめてください。", err->line,
                     err->column);
    }
    if (status == STATUS_OK && (layout = calloc(1, sizeof *layout)) == NULL) {
        error_set(err, "no_memory", "out of memory");
        status = STATUS_NO_MEMORY;
    }
    if (status == STATUS_OK) {
        const struct reading reading = {.layout = layout, .err = err};
        status = read_whole(&reading, root);
    }
    json_free(root);
    if (status != STATUS_OK) {
        handover_layout_destroy(layout);
        return status;
    }
    *out = layout;
    return STATUS_OK;
}

void
handover_layout_destroy(struct handover_layout *layout)
{
    if (layout == NULL) {
        return;
    }
    free(layout->header.fields);
    free(layout->body.fields);
    free(layout->trailer.fields);
    free(layout->codes);
    free(layout->tables);
    free(layout);
}
