/* Members of a row, one by one. */
#include "common/tariff/member.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MINUTES_PER_DAY = 24 * 60 };

void
member_begin(struct member_row *row, const struct json_value *object, const char *path, struct error_detail *err)
{
    *row = (struct member_row){.object = object, .err = err, .status = STATUS_OK};
    snprintf(row->path, sizeof row->path, "%s", path);
    if (!json_is_object(object)) {
        member_refuse(row, "", "{ } で書いてください");
    }
}

void
member_enter(struct member_row *inner, struct member_row *outer, const char *key, size_t index,
             const struct json_value *object)
{
    char path[MEMBER_PATH_SIZE];
    snprintf(path, sizeof path, "%.100s%.40s[%zu].", outer->path, key, index);
    member_begin(inner, object, path, outer->status == STATUS_OK ? outer->err : NULL);
}

void
member_enter_object(struct member_row *inner, struct member_row *outer, const char *key)
{
    char path[MEMBER_PATH_SIZE];
    bool is_given = member_is_given(outer, key);
    snprintf(path, sizeof path, "%.110s%.40s.", outer->path, key);
    member_begin(inner, is_given ? json_member(outer->object, key) : NULL, path,
                 outer->status == STATUS_OK ? outer->err : NULL);
}

void
member_leave(struct member_row *inner, struct member_row *outer)
{
    enum status status = member_finish(inner);
    if (outer->status == STATUS_OK) {
        outer->status = status;
    }
}

void
member_refuse(struct member_row *row, const char *key, const char *format, ...)
{
    if (row->status != STATUS_OK) {
        return;
    }
    char message[ERROR_MESSAGE_SIZE / 2];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    row->status = STATUS_INVALID;
    size_t length = strlen(row->path);
    bool is_whole_object = key[0] == '\0' && length > 0;
    error_set(row->err, "wrong_tariff", "%.*s%s: %s", (int)(is_whole_object ? length - 1 : length), row->path, key,
              message);
}

void
member_out_of_memory(struct member_row *row)
{
    if (row->status == STATUS_OK) {
        row->status = STATUS_NO_MEMORY;
        error_set(row->err, "no_memory", "out of memory");
    }
}

static bool
is_known(const struct member_row *row, const char *key)
{
    for (size_t i = 0; i < row->known_count; i++) {
        if (strcmp(row->known[i], key) == 0) {
            return true;
        }
    }
    return false;
}

/* The member, which is known from now on; NULL when absent or after a failure. */
static const struct json_value *
get(struct member_row *row, const char *key)
{
    if (!is_known(row, key)) {
        assert(row->known_count < MEMBERS_MAX);
        row->known[row->known_count++] = key;
    }
    const struct json_value *value = row->status == STATUS_OK ? json_member(row->object, key) : NULL;
    return json_is_null(value) ? NULL : value;
}

bool
member_is_given(struct member_row *row, const char *key)
{
    return get(row, key) != NULL;
}

enum status
member_finish(struct member_row *row)
{
    bool ignored;
    const char *note;
    if (row->status == STATUS_OK && json_get_bool_or(row->object, "sample", false, &ignored, NULL) != STATUS_OK) {
        member_refuse(row, "sample", "true か false を書いてください");
    }
    if (row->status == STATUS_OK && json_get_text_or(row->object, "note", 1000, "", &note, NULL) != STATUS_OK) {
        member_refuse(row, "note", "1000 バイトまでの文章を書いてください");
    }
    for (const struct json_value *member = json_first(row->object); member != NULL && row->status == STATUS_OK;
         member = json_next(member)) {
        const char *key = json_key(member);
        if (!is_known(row, key) && strcmp(key, "sample") != 0 && strcmp(key, "note") != 0) {
            member_refuse(row, key, "ここには書けない項目です。綴りを確かめてください");
        }
    }
    return row->status;
}

bool
member_is_code(const char *text)
{
    size_t length = strlen(text);
    return length >= 1 && length < TARIFF_CODE_SIZE &&
           strspn(text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-") == length;
}

/* The text KEY; NULL after a failure, which an absent one is. */
static const char *
required_text(struct member_row *row, const char *key)
{
    const struct json_value *value = get(row, key);
    const char *text;
    if (value == NULL) {
        member_refuse(row, key, "必要な項目がありません");
        return NULL;
    }
    if (!json_as_text(value, &text)) {
        member_refuse(row, key, "\" \" で囲んだ文字を書いてください");
        return NULL;
    }
    return text;
}

void
member_code(struct member_row *row, const char *key, char out[TARIFF_CODE_SIZE])
{
    const char *text = required_text(row, key);
    if (text != NULL && !member_is_code(text)) {
        member_refuse(row, key, "コードは半角英数字と _ - で 1 から 32 文字です");
        text = NULL;
    }
    snprintf(out, TARIFF_CODE_SIZE, "%s", text != NULL ? text : "");
}

void
member_text(struct member_row *row, const char *key, char out[TARIFF_TEXT_SIZE])
{
    const char *text = required_text(row, key);
    if (text != NULL && (text[0] == '\0' || strlen(text) >= TARIFF_TEXT_SIZE)) {
        member_refuse(row, key, "1 から 120 バイト(漢字 40 字)で書いてください");
        text = NULL;
    }
    snprintf(out, TARIFF_TEXT_SIZE, "%s", text != NULL ? text : "");
}

void
member_text_or(struct member_row *row, const char *key, const char *fallback, char out[TARIFF_TEXT_SIZE])
{
    if (member_is_given(row, key)) {
        member_text(row, key, out);
    } else {
        snprintf(out, TARIFF_TEXT_SIZE, "%s", fallback);
    }
}

int64_t
member_int(struct member_row *row, const char *key, int64_t min, int64_t max)
{
    const struct json_value *value = get(row, key);
    int64_t number;
    if (value == NULL) {
        member_refuse(row, key, "必要な項目がありません");
        return 0;
    }
    if (!json_as_int(value, &number) || number < min || number > max) {
        member_refuse(row, key, "%lld から %lld の整数を書いてください", (long long)min, (long long)max);
        return 0;
    }
    return number;
}

int64_t
member_int_or(struct member_row *row, const char *key, int64_t min, int64_t max, int64_t fallback)
{
    return member_is_given(row, key) ? member_int(row, key, min, max) : fallback;
}

bool
member_flag_or(struct member_row *row, const char *key, bool fallback)
{
    bool value = fallback;
    if (member_is_given(row, key) && json_get_bool(row->object, key, &value, NULL) != STATUS_OK) {
        member_refuse(row, key, "true か false を書いてください");
    }
    return value;
}

struct civil_date
member_date(struct member_row *row, const char *key)
{
    struct civil_date date = {0};
    const char *text = required_text(row, key);
    if (text != NULL && civil_date_parse(&date, text, strlen(text)) != STATUS_OK) {
        member_refuse(row, key, "実在する日を 2026-04-01 の形で書いてください");
    }
    return date;
}

struct civil_date
member_date_or_none(struct member_row *row, const char *key)
{
    return member_is_given(row, key) ? member_date(row, key) : (struct civil_date){0};
}

int
member_word(struct member_row *row, const char *key, const char *const *words, int fallback)
{
    if (!member_is_given(row, key) && fallback >= 0) {
        return fallback;
    }
    char all[160] = "";
    const char *text = required_text(row, key);
    for (int i = 0; words[i] != NULL; i++) {
        if (text != NULL && strcmp(words[i], text) == 0) {
            return i;
        }
        size_t length = strlen(all);
        snprintf(all + length, sizeof all - length, "%s%s", i == 0 ? "" : ", ", words[i]);
    }
    if (text != NULL) {
        member_refuse(row, key, "次のどれかを書いてください: %s", all);
    }
    return fallback >= 0 ? fallback : 0;
}

int
member_time(struct member_row *row, const char *key)
{
    const char *text = required_text(row, key);
    if (text == NULL) {
        return 0;
    }
    bool has_form =
        strlen(text) == 5 && text[2] == ':' && strspn(text, "0123456789") == 2 && strspn(text + 3, "0123456789") == 2;
    int minutes = has_form ? ((text[0] - '0') * 10 + text[1] - '0') * 60 + (text[3] - '0') * 10 + text[4] - '0' : -1;
    if (minutes < 0 || minutes > MINUTES_PER_DAY || text[3] > '5') {
        member_refuse(row, key, "時刻を 09:00 の形で、00:00 から 24:00 で書いてください");
        return 0;
    }
    return minutes;
}

const struct json_value *
member_list(struct member_row *row, const char *key, size_t least, size_t most)
{
    const struct json_value *value = get(row, key);
    if (value == NULL) {
        if (least > 0) {
            member_refuse(row, key, "必要な項目がありません");
        }
        return NULL;
    }
    if (!json_is_array(value) || json_count(value) < least || json_count(value) > most) {
        member_refuse(row, key, "[ ] の中に %zu から %zu 件を書いてください", least, most);
        return NULL;
    }
    return value;
}

char (*member_codes(struct member_row *row, const char *key, size_t most, size_t *out_count))[TARIFF_CODE_SIZE]
{
    const struct json_value *list = member_list(row, key, 0, most);
    *out_count = 0;
    if (json_count(list) == 0) {
        return NULL;
    }
    char(*codes)[TARIFF_CODE_SIZE] = calloc(json_count(list), sizeof *codes);
    if (codes == NULL) {
        member_out_of_memory(row);
        return NULL;
    }
    for (const struct json_value *item = json_first(list); item != NULL; item = json_next(item)) {
        const char *text;
        if (!json_as_text(item, &text) || !member_is_code(text)) {
            member_refuse(row, key, "コード(半角英数字と _ - で 1 から 32 文字)を並べてください");
            break;
        }
        snprintf(codes[*out_count], TARIFF_CODE_SIZE, "%s", text);
        ++*out_count;
    }
    return codes;
}
