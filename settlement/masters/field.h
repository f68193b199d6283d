/* One member against its row in the schema; for this folder only. */
#pragma once

#include "common/json/reader.h"
#include "settlement/masters/schema.h"

/* Check member FIELD of OBJECT by itself (references are checked by `validate`, which knows the tables). PATH names the
 * object and ends with '.' or is empty. STATUS_INVALID, message "PATHkey: …". */
enum status field_check(const struct field *field, const struct json_value *object, const char *path,
                        struct error_detail *err) MUST_CHECK;

/* Check all of OBJECT's members: each of FIELDS, and nothing else but "sample" (true or false) and "note" (a text). */
enum status object_check(const struct field *fields, size_t count, const struct json_value *object, const char *path,
                         struct error_detail *err) MUST_CHECK;

/* Write "PATHKEY: MESSAGE" to ERR; returns STATUS_INVALID. */
enum status
field_refuse(struct error_detail *err, const char *path, const char *key, const char *format, ...) PRINTF_LIKE(4, 5);
