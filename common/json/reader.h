/* Reads JSON at our borders, over cJSON, with the checks that cJSON leaves to its caller: size, depth, duplicate keys,
 * integers that are integers. cJSON's own types appear nowhere else in the program. */
#pragma once

#include "common/bytes/buffer.h"

struct json_value; /* a value inside a document; borrowed from it */

enum {
    JSON_TEXT_MAX_BYTES = 8 * 1024 * 1024 /* masters of a large city; anything larger is not ours */
};

/* Parse LENGTH bytes as exactly one value, strictly by RFC 8259. *OUT is given: free with json_free. STATUS_INVALID
 * names line and column, also of malformed UTF-8, a NUL (written as \u0000 too) and nesting over JSON_DEPTH_MAX; for a
 * duplicate it names the key too, and the place of the second. STATUS_OVERFLOW beyond JSON_TEXT_MAX_BYTES, STATUS_NO_MEMORY. */
enum status json_parse(struct json_value **out, const char *text, size_t length, struct error_detail *err) MUST_CHECK;
void json_free(struct json_value *value);

/* Member KEY of an object, element INDEX of an array; NULL when absent (or VALUE is NULL or of another kind). */
const struct json_value *json_member(const struct json_value *value, const char *key);
const struct json_value *json_element(const struct json_value *value, size_t index);

/* Elements of an array or members of an object; 0 for anything else. */
size_t json_count(const struct json_value *value);

/* Walk members in order: json_first(v), then json_next(item); the key of a member by json_key (NULL in arrays). */
const struct json_value *json_first(const struct json_value *value);
const struct json_value *json_next(const struct json_value *item);
const char *json_key(const struct json_value *item);

bool json_is_object(const struct json_value *value);
bool json_is_array(const struct json_value *value);
bool json_is_null(const struct json_value *value); /* absent (NULL) counts as null */
bool json_is_true(const struct json_value *value);

/* Required members. STATUS_INVALID names the key when it is absent or of another kind; integers must be whole (1e3 and
 * 450.0 are; read as doubles, so that a fraction below their precision is not seen) and within [MIN, MAX]
 * (STATUS_OVERFLOW otherwise; beyond ±(2^53 − 1) STATUS_INVALID). Texts are borrowed from the document, without NULs
 * inside; longer than MAX_BYTES is STATUS_OVERFLOW. */
enum status json_get_int(const struct json_value *object, const char *key, int64_t min, int64_t max, int64_t *out,
                         struct error_detail *err) MUST_CHECK;
enum status json_get_text(const struct json_value *object, const char *key, size_t max_bytes, const char **out,
                          struct error_detail *err) MUST_CHECK;
enum status
json_get_bool(const struct json_value *object, const char *key, bool *out, struct error_detail *err) MUST_CHECK;
enum status json_get_array(const struct json_value *object, const char *key, const struct json_value **out,
                           struct error_detail *err) MUST_CHECK;
enum status json_get_object(const struct json_value *object, const char *key, const struct json_value **out,
                            struct error_detail *err) MUST_CHECK;

/* Optional members: the fallback when absent or null, STATUS_INVALID when of another kind. */
enum status json_get_int_or(const struct json_value *object, const char *key, int64_t min, int64_t max,
                            int64_t fallback, int64_t *out, struct error_detail *err) MUST_CHECK;
enum status json_get_text_or(const struct json_value *object, const char *key, size_t max_bytes, const char *fallback,
                             const char **out, struct error_detail *err) MUST_CHECK;
enum status json_get_bool_or(const struct json_value *object, const char *key, bool fallback, bool *out,
                             struct error_detail *err) MUST_CHECK;

/* The value itself as text or integer (array elements): false when of another kind or, for integers, not whole or
 * outside ±(2^53 − 1). */
bool json_as_text(const struct json_value *value, const char **out);
bool json_as_int(const struct json_value *value, int64_t *out);

struct json_writer;

/* Write VALUE in canonical form under KEY of what WRITER writes (see writer.h). A number that is not an integer is
 * reported by json_finish. */
void json_value(struct json_writer *writer, const char *key, const struct json_value *value);

/* Append VALUE in canonical form (see writer.h). STATUS_INVALID when it holds a number that is not an integer. */
enum status
json_write_canonical(const struct json_value *value, struct buffer *out, struct error_detail *err) MUST_CHECK;
