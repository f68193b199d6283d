/* A row of the masters as an edit sees it: what names it, and one way to write it down, so that two rows that say the
 * same are the same text. Pure.
 *
 * A *kind* is a table of the document, or "settings": what all tills share, as one row. */
#pragma once

#include "common/json/reader.h"
#include "settlement/masters/schema.h"
#include "settlement/store/masters_draft_store.h"

/* NULL when there is none. */
const struct table *masters_kind(const char *kind);

/* How many kinds there are, and each in the order of the document; settings last. */
size_t masters_kind_count(void);
const struct table *masters_kind_at(size_t index);

/* What names ROW among those of TABLE: "CODE", "CODE@2026-04-01", "receipt/48@2026-04-01"; "settings". Returns OUT. */
const char *masters_row_key(const struct table *table, const struct json_value *row, char out[MASTERS_ROW_KEY_SIZE]);

/* Append ROW in its normal form: canonical, members in the order of the schema (others behind them, as they come), and
 * none that says nothing. STATUS_INVALID when ROW is no object or holds a number that is not whole. */
enum status masters_row_normalise(const struct table *table, const struct json_value *row, struct buffer *out,
                                  struct error_detail *err) MUST_CHECK;

/* Whether VALUE of FIELD says nothing: null, an optional text that is empty, a flag that is false and may be left out.
 */
bool masters_member_is_silent(const struct field *field, const struct json_value *value);
