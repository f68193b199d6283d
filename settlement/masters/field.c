/* Members one by one: what each may be, and the sentence for what it is instead. */
#include "settlement/masters/field.h"

#include "common/clock/civil.h"
#include "common/identity/identity.h"

#include <stdarg.h>
#include <stdio.h>

enum { CODE_BYTES = 32, BYTES_PER_KANJI = 3 };

typedef void (*add_remark)(struct remarks *remarks, struct remark_place place, const char *member, const char *format,
                           ...) PRINTF_LIKE(4, 5);

PRINTF_LIKE(4, 0)
static void
report_to(add_remark add, const struct field_report *report, const char *key, const char *format, va_list arguments)
{
    char member[REMARK_MEMBER_SIZE];
    char message[REMARK_MESSAGE_SIZE];
    snprintf(member, sizeof member, "%s%s", report->prefix, key);
    vsnprintf(message, sizeof message, format, arguments);
    add(report->remarks, report->place, member, "%s", message);
}

void
field_refuse(const struct field_report *report, const char *key, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report_to(remarks_add, report, key, format, arguments);
    va_end(arguments);
}

void
field_warn(const struct field_report *report, const char *key, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report_to(remarks_warn, report, key, format, arguments);
    va_end(arguments);
}

const char *
text_or(const struct json_value *object, const char *key, const char *fallback)
{
    const char *text;
    return json_as_text(json_member(object, key), &text) ? text : fallback;
}

static bool
is_code(const char *text)
{
    size_t length = strlen(text);
    return length >= 1 && length <= CODE_BYTES &&
           strspn(text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-") == length;
}

/* 法人番号 (法人番号の指定等に関する省令2条): the first digit is 9 minus (Σ digit × weight mod 9), the weights being 1
 * and 2 in turn from the right. */
static bool
is_registration_number(const char *text)
{
    if (strlen(text) != 14 || text[0] != 'T' || strspn(text + 1, "0123456789") != 13) {
        return false;
    }
    int sum = 0;
    for (int i = 0; i < 12; i++) {
        sum += (text[13 - i] - '0') * (i % 2 + 1);
    }
    return text[1] - '0' == 9 - sum % 9;
}

static void
check_word(const struct field *field, const char *text, const struct field_report *report)
{
    char words[240] = "";
    for (const struct field_word *word = field->words; word->word != NULL; word++) {
        if (strcmp(word->word, text) == 0) {
            return;
        }
        size_t used = strlen(words);
        snprintf(words + used, sizeof words - used, "%s%s", used > 0 ? "、" : "", word->word);
    }
    field_refuse(report, field->key, "「%.*s」は使えません。次のどれかにしてください: %s", SHOWN(text), words);
}

static void
check_length(const struct field *field, const char *text, int64_t minimum, const struct field_report *report)
{
    int64_t length = (int64_t)strlen(text);
    if (length < minimum) {
        field_refuse(report, field->key, "空です。入力してください。");
    } else if (length > field->maximum) {
        field_refuse(report, field->key, "長すぎます。漢字で%lld文字（%lldバイト）までにしてください。",
                     (long long)field->maximum / BYTES_PER_KANJI, (long long)field->maximum);
    }
}

static void
check_text(const struct field *field, const char *text, const struct field_report *report)
{
    struct civil_date date;
    switch (field->kind) {
    case FIELD_CODE:
    case FIELD_REFERENCE:
    case FIELD_REFERENCES:
        if (!is_code(text)) {
            field_refuse(report, field->key,
                         "「%.*s」はコードになりません。半角の英数字と「_」「-」で、1〜32文字にしてください。",
                         SHOWN(text));
        }
        break;
    case FIELD_TEXT:
        check_length(field, text, field->minimum, report);
        break;
    case FIELD_TEXTS:
        check_length(field, text, 1, report);
        break;
    case FIELD_DATE:
        if (civil_date_parse(&date, text, strlen(text)) != STATUS_OK) {
            field_refuse(report, field->key, "「%.*s」という日はありません。2027-04-01 のように入力してください。",
                         SHOWN(text));
        }
        break;
    case FIELD_WORD:
    case FIELD_WORDS:
        check_word(field, text, report);
        break;
    case FIELD_REGISTRATION_NUMBER:
        if (text[0] != '\0' && !is_registration_number(text)) {
            field_refuse(
                report, field->key,
                "「%.*s」は登録番号ではありません。T と13桁の法人番号（検査数字の合うもの）を入力してください。",
                SHOWN(text));
        }
        break;
    case FIELD_TERMINAL:
        if (!terminal_id_is_valid(text)) {
            field_refuse(report, field->key,
                         "「%.*s」は端末の番号ではありません。KO-01 のように、英大文字・数字・「-」で16文字までです。",
                         SHOWN(text));
        }
        break;
    case FIELD_PIN_HASH:
        if (strncmp(text, "scrypt$", 7) != 0 || strlen(text) >= 160) {
            field_refuse(report, field->key, "PINを設定してください（ファイルでは pin-hash の出力を書きます）。");
        }
        break;
    case FIELD_INTEGER:
    case FIELD_INTEGERS:
    case FIELD_BOOLEAN:
    case FIELD_CODE_NAME:
    case FIELD_ROWS:
        break;
    }
}

static void
check_integer(const struct field *field, const struct json_value *value, const struct field_report *report)
{
    int64_t number;
    if (!json_as_int(value, &number) || number < field->minimum || number > field->maximum) {
        field_refuse(report, field->key, "%lldから%lldまでの整数にしてください。", (long long)field->minimum,
                     (long long)field->maximum);
    }
}

static void
check_scalar(const struct field *field, const struct json_value *value, const struct field_report *report)
{
    const char *text;
    if (!json_as_text(value, &text)) {
        field_refuse(report, field->key, "文字列にしてください。");
    } else {
        check_text(field, text, report);
    }
}

static void
check_rows(const struct field *field, const struct json_value *list, const struct field_report *report)
{
    size_t index = 0;
    for (const struct json_value *row = json_first(list); row != NULL; row = json_next(row)) {
        char prefix[REMARK_MEMBER_SIZE];
        snprintf(prefix, sizeof prefix, "%s%s[%zu].", report->prefix, field->key, index++);
        struct field_report inner = {.remarks = report->remarks, .place = report->place, .prefix = prefix};
        object_check(field->fields, field->field_count, /* may_have_others = */ false, row, &inner);
    }
}

static bool
stands_before(const struct json_value *list, const struct json_value *item)
{
    const char *text;
    const char *other;
    if (!json_as_text(item, &text)) {
        return false;
    }
    for (const struct json_value *at = json_first(list); at != item; at = json_next(at)) {
        if (json_as_text(at, &other) && strcmp(text, other) == 0) {
            return true;
        }
    }
    return false;
}

static void
check_list(const struct field *field, const struct json_value *list, const struct field_report *report)
{
    if (!json_is_array(list) || json_count(list) > field->most) {
        field_refuse(report, field->key, "%zu個までの並び（[ ]）にしてください。", field->most);
        return;
    }
    if (json_count(list) < field->least) {
        field_refuse(report, field->key, "少なくとも%zu個が必要です。", field->least);
    }
    if (field->kind == FIELD_ROWS) {
        check_rows(field, list, report);
        return;
    }
    for (const struct json_value *item = json_first(list); item != NULL; item = json_next(item)) {
        if (field->kind == FIELD_INTEGERS) {
            check_integer(field, item, report);
        } else {
            check_scalar(field, item, report);
        }
        /* Lists of words are a handful; those of codes may be thousands, where a repetition does no harm. */
        if (field->kind == FIELD_WORDS && stands_before(list, item)) {
            field_refuse(report, field->key, "同じものが二度書かれています。");
        }
    }
}

static void
check_code_name(const struct field *field, const struct json_value *value, const struct field_report *report)
{
    static const struct field fields[] = {
        {.key = "code", .kind = FIELD_CODE},
        {.key = "name", .kind = FIELD_TEXT, .minimum = 1, .maximum = 120},
    };
    char prefix[REMARK_MEMBER_SIZE];
    snprintf(prefix, sizeof prefix, "%s%s.", report->prefix, field->key);
    struct field_report inner = {.remarks = report->remarks, .place = report->place, .prefix = prefix};
    object_check(fields, 2, /* may_have_others = */ false, value, &inner);
}

void
field_check(const struct field *field, const struct json_value *object, const struct field_report *report)
{
    const struct json_value *value = json_member(object, field->key);
    if (json_is_null(value)) {
        if (!field->is_optional) {
            field_refuse(report, field->key, "ありません。必ず必要です。");
        }
        return;
    }
    bool ignored;
    switch (field->kind) {
    case FIELD_INTEGER:
        check_integer(field, value, report);
        break;
    case FIELD_BOOLEAN:
        if (json_get_bool(object, field->key, &ignored, NULL) != STATUS_OK) {
            field_refuse(report, field->key, "true か false にしてください。");
        }
        break;
    case FIELD_TEXTS:
    case FIELD_REFERENCES:
    case FIELD_INTEGERS:
    case FIELD_WORDS:
    case FIELD_ROWS:
        check_list(field, value, report);
        break;
    case FIELD_CODE_NAME:
        check_code_name(field, value, report);
        break;
    case FIELD_CODE:
    case FIELD_TEXT:
    case FIELD_DATE:
    case FIELD_WORD:
    case FIELD_REFERENCE:
    case FIELD_REGISTRATION_NUMBER:
    case FIELD_TERMINAL:
    case FIELD_PIN_HASH:
        check_scalar(field, value, report);
        break;
    }
}

static bool
is_known_key(const struct field *fields, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(fields[i].key, key) == 0) {
            return true;
        }
    }
    return false;
}

bool
object_check(const struct field *fields, size_t count, bool may_have_others, const struct json_value *object,
             const struct field_report *report)
{
    if (!json_is_object(object)) {
        field_refuse(report, "", "項目の並び（{ }）にしてください。");
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        field_check(&fields[i], object, report);
    }
    for (size_t i = 0; i < masters_common_field_count; i++) {
        field_check(&masters_common_fields[i], object, report);
    }
    for (const struct json_value *member = json_first(object); member != NULL && !may_have_others;
         member = json_next(member)) {
        const char *key = json_key(member);
        if (!is_known_key(fields, count, key) &&
            !is_known_key(masters_common_fields, masters_common_field_count, key)) {
            field_refuse(report, key, "この名前の項目はありません。つづりを確かめてください。");
        }
    }
    return true;
}
