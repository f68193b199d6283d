/* Whether a document says what docs/masters.md asks for. Pure. */
#pragma once

#include "common/json/reader.h"
#include "settlement/masters/remark.h"

/* Check DOCUMENT: members, ranges, references between tables, rows that overlap in time, rules that span rows.
 * Everything that was found is added to FINDINGS; the sentences are for the people who keep the masters.
 * STATUS_NO_MEMORY. */
enum status
masters_check(const struct json_value *document, struct remarks *remarks, struct error_detail *err) MUST_CHECK;

/* The same as a yes or no: STATUS_INVALID with the first error; the message begins with the place,
 * e.g. "items[3].price_yen: ". */
enum status masters_validate(const struct json_value *document, struct error_detail *err) MUST_CHECK;
