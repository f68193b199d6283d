/* JSON in, over cJSON. `struct json_value` is cJSON's node under a name of our own. */
#include "common/json/reader.h"

#include "common/json/place.h"
#include "common/json/syntax.h"
#include "common/json/writer.h"
#include "common/text/utf8.h"

#include <cjson/cJSON.h>
#include <string.h>

#define EXACT_INTEGER_MAX 9007199254740991.0 /* 2^53 − 1: 2^53 itself cannot be told from 2^53 + 1 */

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

static void
set_place(struct error_detail *err, const char *text, size_t offset, const char *what)
{
    unsigned line;
    unsigned column;
    json_place_of_offset(text, offset, &line, &column);
    error_set_at(err, line, column, "not_json", "line %u, column %u: %s", line, column, what);
}

/* Where the first byte stands that is not UTF-8; LENGTH when there is none. */
static size_t
utf8_fault(const char *text, size_t length)
{
    const char *cursor = text;
    const char *end = text + length;
    while (cursor < end) {
        const char *start = cursor;
        if (utf8_next(&cursor, end) == UTF8_REPLACEMENT && cursor - start == 1) {
            return (size_t)(start - text);
        }
    }
    return length;
}

enum status
json_text_check(const char *text, size_t length, struct error_detail *err)
{
    size_t offset;
    const char *what;
    if (length > JSON_TEXT_MAX_BYTES) {
        error_set(err, "too_large", "the JSON text exceeds %d bytes", JSON_TEXT_MAX_BYTES);
        return STATUS_OVERFLOW;
    }
    if (length == 0) {
        set_place(err, text, 0, "the text is empty");
        return STATUS_INVALID;
    }
    if (!utf8_is_valid(text, length)) {
        set_place(err, text, utf8_fault(text, length), "the text is not UTF-8");
        return STATUS_INVALID;
    }
    if (!json_syntax_is_right(text, length, JSON_DEPTH_MAX, &offset, &what)) {
        set_place(err, text, offset, what);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

enum {
    KEY_PAIRS_MAX = 20 * 1000 * 1000 /* comparisons; an object of 6,000 members, far beyond ours */
};

/* Look for an object anywhere below that holds a key twice. Objects here have few members; a hostile one with many is
 * bounded by the text's limit and by the pair count. */
static enum status
check_keys(const cJSON *value, unsigned *pairs_left, const cJSON **out_twice, struct error_detail *err)
{
    for (const cJSON *child = value->child; child != NULL; child = child->next) {
        for (const cJSON *other = cJSON_IsObject(value) ? child->next : NULL; other != NULL; other = other->next) {
            if (strcmp(child->string, other->string) == 0) {
                error_set(err, "duplicate_key", "the key \"%s\" stands twice in one object", child->string);
                *out_twice = other;
                return STATUS_INVALID;
            }
            if (--*pairs_left == 0) {
                error_set(err, "too_many_keys", "an object holds too many members");
                return STATUS_INVALID;
            }
        }
        enum status status = check_keys(child, pairs_left, out_twice, err);
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

/* How many keys stand before WANTED below VALUE, in the text's order; *OUT_IS_FOUND stays false when it is not there.
 */
static size_t
keys_before(const cJSON *value, const cJSON *wanted, bool *out_is_found)
{
    size_t count = 0;
    for (const cJSON *child = value->child; child != NULL && !*out_is_found; child = child->next) {
        *out_is_found = child == wanted;
        if (!*out_is_found) {
            count += (cJSON_IsObject(value) ? 1 : 0) + keys_before(child, wanted, out_is_found);
        }
    }
    return count;
}

/* Add to ERR where the key of TWICE stands. */
static void
set_key_place(struct error_detail *err, const cJSON *root, const cJSON *twice, const char *text, size_t length)
{
    unsigned line;
    unsigned column;
    bool is_found = false;
    size_t number = keys_before(root, twice, &is_found);
    if (err != NULL && is_found && json_place_of_key(text, length, number, &line, &column)) {
        error_prefix(err, "line %u, column %u: ", line, column);
        err->line = line;
        err->column = column;
    }
}

enum status
json_parse(struct json_value **out, const char *text, size_t length, struct error_detail *err)
{
    enum status status = json_text_check(text, length, err);
    if (status != STATUS_OK) {
        return status;
    }
    cJSON *value = cJSON_ParseWithLength(text, length);
    if (value == NULL) {
        /* The text is right, so only memory can have failed. */
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    unsigned pairs_left = KEY_PAIRS_MAX;
    const cJSON *twice = NULL;
    status = check_keys(value, &pairs_left, &twice, err);
    if (status != STATUS_OK) {
        if (twice != NULL) {
            set_key_place(err, value, twice, text, length);
        }
        cJSON_Delete(value);
        return status;
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
json_is_true(const struct json_value *value)
{
    return value != NULL && cJSON_IsTrue(node(value));
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

void
json_value(struct json_writer *writer, const char *key, const struct json_value *value)
{
    const cJSON *item = node(value);
    int64_t number;
    if (cJSON_IsObject(item) || cJSON_IsArray(item)) {
        bool is_object = cJSON_IsObject(item);
        (is_object ? json_begin_object : json_begin_array)(writer, key);
        for (const cJSON *child = item->child; child != NULL; child = child->next) {
            json_value(writer, is_object ? child->string : NULL, wrap(child));
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
    json_value(&writer, NULL, value);
    return json_finish(&writer, err);
}
