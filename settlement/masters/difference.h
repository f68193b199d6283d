/* What differs between rows, in words: member by member, with names instead of codes, and a sentence. Pure. */
#pragma once

#include "common/json/writer.h"
#include "settlement/masters/overlay.h"

enum {
    MEMBER_TEXT_MAX_BYTES = 2000 /* a longer one (a template) is cut and marked; the row itself stands beside it */
};

/* Append VALUE of FIELD as a person reads it: "350円", "市民課（shimin）", "はい", "なし". DOCUMENT names the codes
 * that it refers to. A PIN is "設定済み", never its hash. */
void masters_member_text(struct buffer *out, const struct field *field, const struct json_value *value,
                         const struct json_value *document);

/* The name of CODE in table KIND of DOCUMENT: of its last row; NULL when there is none. */
const char *masters_name_of(const struct json_value *document, const char *kind, const char *code);

/* The rows of TABLE in two versions (overlays without a draft), laid over each other by key, and where the key differs,
 * by code in the order of days. As overlay_rows; `change` is NULL everywhere. *OUT is given: free(); it borrows from
 * both. */
enum status masters_compare(const struct table *table, const struct overlay *older, const struct overlay *newer,
                            struct overlay_row **out, size_t *out_count, struct error_detail *err) MUST_CHECK;

/* Tells of each of some rows which one it follows: the row of the same code that ends before it begins. */
struct dated_row;
struct predecessors {
    struct dated_row *sorted; /* by code and first day; rows that are taken out are not among them */
    size_t count;
    const struct table *table;
};
enum status predecessors_find(struct predecessors *out, const struct table *table, const struct overlay_row *rows,
                              size_t count, struct error_detail *err) MUST_CHECK;
void predecessors_finish(struct predecessors *predecessors);

/* NULL: ROW follows none. */
const struct overlay_row *predecessor_of(const struct predecessors *predecessors, const struct overlay_row *row);

/* Write the members of ROW's difference: "members":[{"member","title","before"?,"after"?}] and "sentence". A row that
 * is new and follows BEFORE is compared with it ("since" is its first day); BEFORE may be NULL. */
void difference_write(struct json_writer *writer, const struct table *table, const struct overlay_row *row,
                      const struct overlay_row *before, const struct json_value *document);
