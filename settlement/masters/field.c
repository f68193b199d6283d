/* Members one by one. */
#include "settlement/masters/field.h"

#include "common/clock/civil.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { CODE_BYTES = 32 };

enum status
field_refuse(struct error_detail *err, const char *path, const char *key, const char *format, ...)
{
    char message[240];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    error_set(err, "wrong_masters", "%s%s: %s", path, key, message);
    return STATUS_INVALID;
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

static bool
is_word(const char *text, const char *const *words)
{
    while (*words != NULL && strcmp(*words, text) != 0) {
        words++;
    }
    return *words != NULL;
}

/* Why TEXT does not fit FIELD, or NULL. */
static const char *
check_text(const struct field *field, const char *text)
{
    int64_t length = (int64_t)strlen(text);
    struct civil_date date;
    switch (field->kind) {
    case FIELD_CODE:
    case FIELD_REFERENCE:
    case FIELD_REFERENCES:
        return is_code(text) ? NULL : "must be a code: 1 to 32 letters, digits, '_' and '-'";
    case FIELD_TEXT:
        return length >= field->minimum && length <= field->maximum ? NULL : "is too long, or empty";
    case FIELD_TEXTS:
        return length >= 1 && length <= field->maximum ? NULL : "is too long, or empty";
    case FIELD_DATE:
        return civil_date_parse(&date, text, (size_t)length) == STATUS_OK ? NULL : "must be a day as YYYY-MM-DD";
    case FIELD_WORD:
        return is_word(text, field->words) ? NULL : "is none of the words that may stand here";
    case FIELD_REGISTRATION_NUMBER:
        return length == 0 || is_registration_number(text) ? NULL : "must be T and a 法人番号 with a right check digit";
    case FIELD_PIN_HASH:
        return strncmp(text, "scrypt$", 7) == 0 && length < 160 ? NULL : "must be a hash as pin-hash prints it";
    case FIELD_INTEGER:
    case FIELD_INTEGERS:
    case FIELD_BOOLEAN:
    case FIELD_CODE_NAME:
        break;
    }
    return "must not be a text";
}

static enum status
check_integer(const struct field *field, const struct json_value *value, const char *path, struct error_detail *err)
{
    int64_t number;
    if (!json_as_int(value, &number) || number < field->minimum || number > field->maximum) {
        return field_refuse(err, path, field->key, "must be a whole number from %lld to %lld",
                            (long long)field->minimum, (long long)field->maximum);
    }
    return STATUS_OK;
}

static enum status
check_scalar(const struct field *field, const struct json_value *value, const char *path, struct error_detail *err)
{
    const char *text;
    if (!json_as_text(value, &text)) {
        return field_refuse(err, path, field->key, "must be a text");
    }
    const char *wrong = check_text(field, text);
    return wrong == NULL ? STATUS_OK : field_refuse(err, path, field->key, "\"%.40s\" %s", text, wrong);
}

static enum status
check_list(const struct field *field, const struct json_value *value, const char *path, struct error_detail *err)
{
    if (!json_is_array(value) || json_count(value) > field->most) {
        return field_refuse(err, path, field->key, "must be an array of at most %zu elements", field->most);
    }
    enum status status = STATUS_OK;
    for (const struct json_value *item = json_first(value); item != NULL && status == STATUS_OK;
         item = json_next(item)) {
        status = field->kind == FIELD_INTEGERS ? check_integer(field, item, path, err)
                                               : check_scalar(field, item, path, err);
    }
    return status;
}

static enum status
check_code_name(const struct field *field, const struct json_value *value, const char *path, struct error_detail *err)
{
    static const struct field fields[] = {
        {.key = "code", .kind = FIELD_CODE},
        {.key = "name", .kind = FIELD_TEXT, .minimum = 1, .maximum = 120},
    };
    char inner[160];
    snprintf(inner, sizeof inner, "%s%s.", path, field->key);
    return object_check(fields, 2, value, inner, err);
}

enum status
field_check(const struct field *field, const struct json_value *object, const char *path, struct error_detail *err)
{
    const struct json_value *value = json_member(object, field->key);
    if (json_is_null(value)) {
        return field->is_optional ? STATUS_OK : field_refuse(err, path, field->key, "is missing");
    }
    bool ignored;
    switch (field->kind) {
    case FIELD_INTEGER:
        return check_integer(field, value, path, err);
    case FIELD_BOOLEAN:
        return json_get_bool(object, field->key, &ignored, NULL) == STATUS_OK
                   ? STATUS_OK
                   : field_refuse(err, path, field->key, "must be true or false");
    case FIELD_TEXTS:
    case FIELD_REFERENCES:
    case FIELD_INTEGERS:
        return check_list(field, value, path, err);
    case FIELD_CODE_NAME:
        return check_code_name(field, value, path, err);
    case FIELD_CODE:
    case FIELD_TEXT:
    case FIELD_DATE:
    case FIELD_WORD:
    case FIELD_REFERENCE:
    case FIELD_REGISTRATION_NUMBER:
    case FIELD_PIN_HASH:
        return check_scalar(field, value, path, err);
    }
    return STATUS_OK;
}

static bool
is_known_key(const struct field *fields, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(fields[i].key, key) == 0) {
            return true;
        }
    }
    return strcmp(key, "sample") == 0 || strcmp(key, "note") == 0;
}

enum status
object_check(const struct field *fields, size_t count, const struct json_value *object, const char *path,
             struct error_detail *err)
{
    if (!json_is_object(object)) {
        return field_refuse(err, path, "", "must be an object");
    }
    for (size_t i = 0; i < count; i++) {
        enum status status = field_check(&fields[i], object, path, err);
        if (status != STATUS_OK) {
            return status;
        }
    }
    for (const struct json_value *member = json_first(object); member != NULL; member = json_next(member)) {
        if (!is_known_key(fields, count, json_key(member))) {
            return field_refuse(err, path, json_key(member), "is not a member that masters have");
        }
    }
    bool ignored;
    const char *note;
    if (json_get_bool_or(object, "sample", false, &ignored, NULL) != STATUS_OK) {
        return field_refuse(err, path, "sample", "must be true or false");
    }
    if (json_get_text_or(object, "note", 1000, "", &note, NULL) != STATUS_OK) {
        return field_refuse(err, path, "note", "must be a text of at most 1000 bytes");
    }
    return STATUS_OK;
}
