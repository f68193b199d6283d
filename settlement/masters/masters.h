/* Masters: what can be sold, where and for whom (docs/masters.md). Checked before anything is stored, then published to
 * tills as one canonical document by version. */
#pragma once

#include "common/json/reader.h"
#include "settlement/store/masters_store.h"

/* Check DOCUMENT against docs/masters.md: members, ranges, references between tables, rows that overlap in time.
 * STATUS_INVALID; the message begins with the place, e.g. "items[3].price_yen: ". */
enum status masters_validate(const struct json_value *document, struct error_detail *err) MUST_CHECK;

/* Check LENGTH bytes at TEXT and store them as a new version. The same version with the same content is STATUS_OK with
 * *OUT_IS_NEW false. STATUS_INVALID (line and column, or the JSON path, in ERR), STATUS_CONFLICT ("old_version") when
 * the version is not greater than the current one. */
enum status masters_load(struct store_txn *txn, const char *text, size_t length, int64_t now_ms,
                         struct masters_version *out, bool *out_is_new, struct error_detail *err) MUST_CHECK;

/* STATUS_OK when PLACE stands in the current masters of MUNICIPALITY, or when it has none yet. STATUS_INVALID
 * ("unknown_place"). */
enum status masters_check_place(struct store_txn *txn, const char *municipality, const char *place,
                                struct error_detail *err) MUST_CHECK;
