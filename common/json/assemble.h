/* A document put together from parts of others, without copying them: a list of which one row is another, an object of
 * which one member is. */
#pragma once

#include "common/json/reader.h"

/* An empty object or array. *OUT is given: json_free, which leaves what was borrowed alone. STATUS_NO_MEMORY. */
enum status json_object_create(struct json_value **out, struct error_detail *err) MUST_CHECK;
enum status json_array_create(struct json_value **out, struct error_detail *err) MUST_CHECK;

/* Append VALUE under KEY (NULL in an array), borrowed: its document must outlive PARENT. A member of that name must not
 * be there yet. STATUS_NO_MEMORY. */
enum status json_borrow(struct json_value *parent, const char *key, const struct json_value *value,
                        struct error_detail *err) MUST_CHECK;

/* The same, but PARENT takes VALUE (also on failure). */
enum status
json_take(struct json_value *parent, const char *key, struct json_value *value, struct error_detail *err) MUST_CHECK;

/* Scalars of its own. */
enum status
json_put_int(struct json_value *parent, const char *key, int64_t value, struct error_detail *err) MUST_CHECK;
enum status
json_put_text(struct json_value *parent, const char *key, const char *value, struct error_detail *err) MUST_CHECK;
enum status json_put_bool(struct json_value *parent, const char *key, bool value, struct error_detail *err) MUST_CHECK;
