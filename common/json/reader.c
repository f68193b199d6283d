/* JSON in, over cJSON. `struct json_value` is cJSON's node under a name of our own. */
#include "common/json/reader.h"

#include "common/json/writer.h"
#include "common/text/utf8.h"

#include <cjson/cJSON.h>
#include <string.h>

#define EXACT_INTEGER_MAX 9007199254740992.0 /* 2^53 */

static const cJSON *
node(const struct json_value *value)
{
    return (const cJSON *)(const void *)value;
}

static const struct json_value *
wrap(const cJSON *value)
{
    return (const struct json_value *)(const void *)value;
}

/* Deeper input is refused before cJSON recurses into it. Brackets inside strings do not count. */
static bool
is_too_deep(const char *text, size_t length)
{
    unsigned depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < length; i++) {
        char byte = text[i];
        if (in_string) {
            if (byte == '\\') {
                i++;
            } else if (byte == '"') {
                in_string = false;
            }
        } else if (byte == '"') {
            in_string = true;
        } else if (byte == '{' || byte == '[') {
            if (++depth > JSON_DEPTH_MAX) {
                return true;
            }
        } else if ((byte == '}' || byte == ']') && depth > 0) {
            depth--;
        }
    }
    return false;
}

static void
set_place(struct error_detail *err, const char *text, size_t offset, const char *what)
{
    unsigned line = 1;
    unsigned column = 1;
    for (size_t i = 0; i < offset; i++) {
        if (text[i] == '\n') {
            line++;
            column = 1;
        } else if (((unsigned char)text[i] & 0xC0) != 0x80) {
            column++;
        }
    }
    error_set_at(err, line, column, "not_json", "line %u, column %u: %s", line, column, what);
}

/* The first key that an object anywhere below holds twice, or NULL. Objects here have few members; a hostile one with
 * many is bounded by the text's limit and by the pair count below. */
static const char *
find_duplicate_key(const cJSON *value, unsigned *pairs_left)
{
    for (const cJSON *child = value->child; child != NULL; child = child->next) {
        if (cJSON_IsObject(value)) {
            for (const cJSON *other = child->next; other != NULL; other = other->next) {
                if (*pairs_left == 0 || strcmp(child->string, other->string) == 0) {
                    return child->string;
                }
                --*pairs_left;
            }
        }
        const char *deeper = find_duplicate_key(child, pairs_left);
        if (deeper != NULL) {
            return deeper;
        }
    }
    return NULL;
}

enum {
    KEY_PAIRS_MAX = 20 * 1000 * 1000 /* comparisons; an object of 6,000 members, far beyond ours */
};

enum status
json_parse(struct json_value **out, const char *text, size_t length, struct error_detail *err)
{
    if (length == 0) {
        error_set_at(err, 1, 1, "not_json", "line 1, column 1: the text is empty");
        return STATUS_INVALID;
    }
    if (length > JSON_TEXT_MAX_BYTES) {
        error_set(err, "too_large", "the JSON text exceeds %d bytes", JSON_TEXT_MAX_BYTES);
        return STATUS_OVERFLOW;
    }
    if (!utf8_is_valid(text, length) || memchr(text, '\0', length) != NULL) {
        error_set(err, "not_json", "the JSON text is not UTF-8, or holds a NUL");
        return STATUS_INVALID;
    }
    if (is_too_deep(text, length)) {
        error_set(err, "not_json", "nested deeper than %d levels", JSON_DEPTH_MAX);
        return STATUS_INVALID;
    }
    /* cJSON_ParseWithLengthOpts with require_null_terminated wants the NUL inside the length, so trailing bytes are
     * checked here instead. */
    const char *end = NULL;
    cJSON *value = cJSON_ParseWithLengthOpts(text, length, &end, false);
    size_t offset = end != NULL && end >= text && end <= text + length ? (size_t)(end - text) : length;
    if (value == NULL) {
        set_place(err, text, offset, "this is not JSON");
        return STATUS_INVALID;
    }
    while (offset < length && strchr(" \t\r\n", text[offset]) != NULL) {
        offset++;
    }
    if (offset < length) {
        set_place(err, text, offset, "something follows the JSON value");
        cJSON_Delete(value);
        return STATUS_INVALID;
    }
    unsigned pairs_left = KEY_PAIRS_MAX;
    const char *duplicate = find_duplicate_key(value, &pairs_left);
    if (duplicate != NULL) {
        error_set(err, "duplicate_key", "the key \"%s\" stands twice in one object", duplicate);
        cJSON_Delete(value);
        return STATUS_INVALID;
    }
    *out = (struct json_value *)(void *)value;
    return STATUS_OK;
}

void
json_free(struct json_value *value)
{
    cJSON_Delete((cJSON *)(void *)value);
}

const struct json_value *
json_member(const struct json_value *value, const char *key)
{
    return json_is_object(value) ? wrap(cJSON_GetObjectItemCaseSensitive(node(value), key)) : NULL;
}

const struct json_value *
json_element(const struct json_value *value, size_t index)
{
    return json_is_array(value) && index < json_count(value) ? wrap(cJSON_GetArrayItem(node(value), (int)index)) : NULL;
}

size_t
json_count(const struct json_value *value)
{
    return json_is_array(value) || json_is_object(value) ? (size_t)cJSON_GetArraySize(node(value)) : 0;
}

const struct json_value *
json_first(const struct json_value *value)
{
    return json_is_array(value) || json_is_object(value) ? wrap(node(value)->child) : NULL;
}

const struct json_value *
json_next(const struct json_value *item)
{
    return item != NULL ? wrap(node(item)->next) : NULL;
}

const char *
json_key(const struct json_value *item)
{
    return item != NULL ? node(item)->string : NULL;
}

bool
json_is_object(const struct json_value *value)
{
    return value != NULL && cJSON_IsObject(node(value));
}

bool
json_is_array(const struct json_value *value)
{
    return value != NULL && cJSON_IsArray(node(value));
}

bool
json_is_null(const struct json_value *value)
{
    return value == NULL || cJSON_IsNull(node(value));
}

bool
json_as_text(const struct json_value *value, const char **out)
{
    if (value == NULL || !cJSON_IsString(node(value)) || node(value)->valuestring == NULL) {
        return false;
    }
    *out = node(value)->valuestring;
    return true;
}

bool
json_as_int(const struct json_value *value, int64_t *out)
{
    if (value == NULL || !cJSON_IsNumber(node(value))) {
        return false;
    }
    double number = node(value)->valuedouble;
    if (!(number >= -EXACT_INTEGER_MAX && number <= EXACT_INTEGER_MAX)) { /* also refuses NaN */
        return false;
    }
    int64_t whole = (int64_t)number;
    if ((double)whole != number) {
        return false;
    }
    *out = whole;
    return true;
}

static enum status
wrong_member(const struct json_value *object, const char *key, const char *wanted, struct error_detail *err)
{
    if (json_is_null(json_member(object, key))) {
        error_set(err, "missing_member", "\"%s\" is missing (%s wanted)", key, wanted);
    } else {
        error_set(err, "wrong_member", "\"%s\" must be %s", key, wanted);
    }
    return STATUS_INVALID;
}

enum status
json_get_int(const struct json_value *object, const char *key, int64_t min, int64_t max, int64_t *out,
             struct error_detail *err)
{
    int64_t value;
    if (!json_as_int(json_member(object, key), &value)) {
        return wrong_member(object, key, "a whole number", err);
    }
    if (value < min || value > max) {
        error_set(err, "out_of_range", "\"%s\" is %lld; %lld … %lld is allowed", key, (long long)value, (long long)min,
                  (long long)max);
        return STATUS_OVERFLOW;
    }
    *out = value;
    return STATUS_OK;
}

enum status
json_get_text(const struct json_value *object, const char *key, size_t max_bytes, const char **out,
              struct error_detail *err)
{
    const char *value;
    if (!json_as_text(json_member(object, key), &value)) {
        return wrong_member(object, key, "a text", err);
    }
    if (strlen(value) > max_bytes) {
        error_set(err, "too_long", "\"%s\" is longer than %zu bytes", key, max_bytes);
        return STATUS_OVERFLOW;
    }
    *out = value;
    return STATUS_OK;
}

enum status
json_get_bool(const struct json_value *object, const char *key, bool *out, struct error_detail *err)
{
    const struct json_value *member = json_member(object, key);
    if (member == NULL || !cJSON_IsBool(node(member))) {
        return wrong_member(object, key, "true or false", err);
    }
    *out = cJSON_IsTrue(node(member));
    return STATUS_OK;
}

enum status
json_get_array(const struct json_value *object, const char *key, const struct json_value **out,
               struct error_detail *err)
{
    const struct json_value *member = json_member(object, key);
    if (!json_is_array(member)) {
        return wrong_member(object, key, "an array", err);
    }
    *out = member;
    return STATUS_OK;
}

enum status
json_get_object(const struct json_value *object, const char *key, const struct json_value **out,
                struct error_detail *err)
{
    const struct json_value *member = json_member(object, key);
    if (!json_is_object(member)) {
        return wrong_member(object, key, "an object", err);
    }
    *out = member;
    return STATUS_OK;
}

enum status
json_get_int_or(const struct json_value *object, const char *key, int64_t min, int64_t max, int64_t fallback,
                int64_t *out, struct error_detail *err)
{
    if (json_is_null(json_member(object, key))) {
        *out = fallback;
        return STATUS_OK;
    }
    return json_get_int(object, key, min, max, out, err);
}

enum status
json_get_text_or(const struct json_value *object, const char *key, size_t max_bytes, const char *fallback,
                 const char **out, struct error_detail *err)
{
    if (json_is_null(json_member(object, key))) {
        *out = fallback;
        return STATUS_OK;
    }
    return json_get_text(object, key, max_bytes, out, err);
}

enum status
json_get_bool_or(const struct json_value *object, const char *key, bool fallback, bool *out, struct error_detail *err)
{
    if (json_is_null(json_member(object, key))) {
        *out = fallback;
        return STATUS_OK;
    }
    return json_get_bool(object, key, out, err);
}

static void
write_value(struct json_writer *writer, const char *key, const struct json_value *value)
{
    const cJSON *item = node(value);
    int64_t number;
    if (cJSON_IsObject(item) || cJSON_IsArray(item)) {
        bool is_object = cJSON_IsObject(item);
        (is_object ? json_begin_object : json_begin_array)(writer, key);
        for (const cJSON *child = item->child; child != NULL; child = child->next) {
            write_value(writer, is_object ? child->string : NULL, wrap(child));
        }
        (is_object ? json_end_object : json_end_array)(writer);
    } else if (cJSON_IsString(item)) {
        json_text(writer, key, item->valuestring);
    } else if (cJSON_IsBool(item)) {
        json_bool(writer, key, cJSON_IsTrue(item));
    } else if (cJSON_IsNull(item)) {
        json_null(writer, key);
    } else if (json_as_int(value, &number)) {
        json_int(writer, key, number);
    } else {
        writer->has_failed = true;
    }
}

enum status
json_write_canonical(const struct json_value *value, struct buffer *out, struct error_detail *err)
{
    struct json_writer writer;
    json_writer_init(&writer, out);
    write_value(&writer, NULL, value);
    return json_finish(&writer, err);
}
