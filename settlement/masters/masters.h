/* Masters: what can be sold, where and for whom (docs/masters.md). Checked before anything is stored, then published to
 * tills as one canonical document by version. */
#pragma once

#include "common/json/reader.h"
#include "settlement/masters/validate.h"
#include "settlement/store/masters_store.h"

/* Parse and check LENGTH bytes at TEXT, as of a file. What was found is added to FINDINGS; STATUS_OK although some may
 * be errors. *OUT is given: json_free. STATUS_INVALID with line and column when it is no JSON. */
enum status masters_examine(struct json_value **out, const char *text, size_t length, struct remarks *remarks,
                            struct error_detail *err) MUST_CHECK;

/* FINDING's place in TEXT as line and column from 1; 0 where it has none. */
void masters_place_in_file(const struct remark *remark, const char *text, size_t length, unsigned *out_line,
                           unsigned *out_column);

/* Check LENGTH bytes at TEXT and store them as a new version that the operator answers for (nobody approves it). The
 * same version with the same content is STATUS_OK with *OUT_IS_NEW false. STATUS_INVALID (line and column, or the JSON
 * path, in ERR), STATUS_CONFLICT ("old_version") when the version is not greater than the current one. */
enum status masters_load(struct store_txn *txn, const char *text, size_t length, int64_t now_ms,
                         struct masters_version *out, bool *out_is_new, struct error_detail *err) MUST_CHECK;

/* STATUS_OK when PLACE stands in the current masters of MUNICIPALITY, or when it has none yet. STATUS_INVALID
 * ("unknown_place"). */
enum status masters_check_place(struct store_txn *txn, const char *municipality, const char *place,
                                struct error_detail *err) MUST_CHECK;
