/* A draft over the published document: each row as it is, as it was, and what stands in the way of publishing it.
 *
 * A change carries the published row that its editor had in view. While that row is still published, the change
 * applies; when somebody else published another row in its place meanwhile, the two *conflict*, and a person decides.
 */
#pragma once

#include "settlement/masters/book.h"
#include "settlement/masters/row.h"

enum overlay_state { OVERLAY_SAME, OVERLAY_ADDED, OVERLAY_CHANGED, OVERLAY_REMOVED };
const char *overlay_state_word(enum overlay_state state); /* "same" … */

/* One change, with its rows parsed. Texts are its own. */
struct overlay_change {
    char *kind;
    char *key;
    char *before_text; /* normal form; NULL: the row is new */
    char *after_text;  /* NULL: the row is taken out */
    struct json_value *before;
    struct json_value *after;
    struct json_value *tried_over; /* what `after` was before overlay_try */
    int64_t revision;
    char changed_by[LOGIN_SIZE];
    char changed_by_name[PERSON_NAME_SIZE];
    int64_t changed_at_ms;
    bool is_conflict;                   /* set by overlay_rows of its kind */
    const struct json_value *published; /* what stands there now; NULL: nothing. Set likewise */
};

struct overlay {
    const struct masters_book *book; /* borrowed */
    struct overlay_change *changes;  /* sorted by kind, then key */
    size_t change_count;
    size_t settled_count; /* changes before that are sorted; behind them stand those of overlay_try */
    size_t capacity;
    struct json_value *settings; /* the settings as one row */
};

/* Read draft DRAFT (0: none, then the document as it is) over BOOK. OUT must be finished, also after a failure. KIND
 * limits it to changes of one kind; NULL reads all. */
enum status overlay_read(struct overlay *out, const struct masters_book *book, struct store_txn *txn, int64_t draft,
                         const char *kind, struct error_detail *err) MUST_CHECK;
void overlay_finish(struct overlay *overlay);

/* Lay an edit over OVERLAY in memory, to look at what it would do: ROW becomes the row known as KEY (NULL: a new one;
 * the key that it gets is written to OUT_KEY), NULL takes it out. Call overlay_settle after the last one, before
 * anything else.
 */
enum status
overlay_try(struct overlay *overlay, const struct table *table, const char *key, const struct json_value *published,
            const struct json_value *row, char out_key[MASTERS_ROW_KEY_SIZE], struct error_detail *err) MUST_CHECK;
void overlay_settle(struct overlay *overlay);

/* A row of one kind. `value` is what the draft says (for a row that is taken out, what it was); `change` NULL for rows
 * that it leaves alone. */
struct overlay_row {
    char key[MASTERS_ROW_KEY_SIZE];
    const struct json_value *value;
    const struct json_value *published;
    struct overlay_change *change;
    enum overlay_state state;
};

/* The rows of TABLE in the order of the document; a new row stands behind the last one of its code, or at the end. *OUT
 * is given: free(). Removed rows are among them. */
enum status overlay_rows(struct overlay *overlay, const struct table *table, struct overlay_row **out,
                         size_t *out_count, struct error_detail *err) MUST_CHECK;

/* The row known as KEY (of the published document or of a change). STATUS_NOT_FOUND. */
enum status overlay_find(struct overlay *overlay, const struct table *table, const char *key, struct overlay_row *out,
                         struct error_detail *err) MUST_CHECK;

/* The document as it would be published as VERSION. It borrows from the overlay and its book. *OUT is given: json_free.
 * Conflicts are in it as the draft has them; *OUT_CONFLICTS counts them. */
enum status overlay_merge(struct overlay *overlay, int64_t version, struct json_value **out, size_t *out_conflicts,
                          struct error_detail *err) MUST_CHECK;
