/* One member against its row in the schema; for this folder only. */
#pragma once

#include "common/json/reader.h"
#include "common/text/utf8.h"
#include "settlement/masters/remark.h"
#include "settlement/masters/schema.h"

#include <string.h>

/* TEXT as "%.*s" takes it, short enough to stand inside a sentence. */
#define SHOWN(text) (int)utf8_prefix((text), strlen(text), 60), (text)

/* Where remarks about an object go. `prefix` stands before its members: "" or "rates[0].". */
struct field_report {
    struct remarks *remarks;
    struct remark_place place;
    const char *prefix;
};

/* Check member FIELD of OBJECT by itself (references are checked by `validate`, which knows the tables). */
void field_check(const struct field *field, const struct json_value *object, const struct field_report *report);

/* Check all of OBJECT's members: each of FIELDS and, unless MAY_HAVE_OTHERS, nothing else but what stands in every row
 * ("sample", "note"). False when it is no object at all. */
bool object_check(const struct field *fields, size_t count, bool may_have_others, const struct json_value *object,
                  const struct field_report *report);

/* Add a remark about KEY; field_warn one that does not keep it from being published. */
void field_refuse(const struct field_report *report, const char *key, const char *format, ...) PRINTF_LIKE(3, 4);
void field_warn(const struct field_report *report, const char *key, const char *format, ...) PRINTF_LIKE(3, 4);

/* A text member, or FALLBACK. */
const char *text_or(const struct json_value *object, const char *key, const char *fallback);
