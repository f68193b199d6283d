/* How masters change: a draft is edited row by row, proposed by one person, approved by another, and published as the
 * next version, which tills fetch.
 *
 *   EDITING ──masters_propose──▶ PROPOSED ──masters_approve (another person)──▶ PUBLISHED
 *      ▲  │                         │  │
 *      │  └──masters_discard──▶ DISCARDED ◀──masters_discard
 *      └────────masters_return──────┘
 *
 * Several drafts may be open at once (April's prices are prepared for months while a name is corrected today). What
 * holds: only an EDITING draft changes; a PROPOSED one is published as it was proposed or not at all; nothing that was
 * published or discarded changes again (triggers of migration 0007 refuse it, whoever asks). Two people in one draft:
 * an edit says which state of the row it saw, and is refused when that is not the newest (STATUS_CONFLICT
 * "row_changed"): nobody's work is overwritten unseen. Two drafts that change one row: the one published second has a
 * conflict, which a person decides.
 *
 * Every step is written to the access log in its own transaction. All functions begin and end their transaction. */
#pragma once

#include "common/json/reader.h"
#include "settlement/access/actor.h"
#include "settlement/masters/book.h"
#include "settlement/masters/row.h"
#include "settlement/masters/validate.h"

enum {
    MASTERS_REASON_MAX_BYTES = 1000,
    MASTERS_EDITS_MAX = 20000 /* rows of one import */
};

/* Who acts on what, for all functions below. Borrowed. */
struct masters_desk {
    struct store *store;
    struct masters_shelf *shelf;
    const struct actor *actor;
    int64_t now_ms;
};

/* One row's edit. */
struct masters_edit {
    const char *kind;
    const char *key;              /* as overlay_rows names it; NULL: a new row */
    int64_t seen;                 /* `revision` of the row's change as the editor saw it; 0: it had none */
    const struct json_value *row; /* the whole row as it shall be; NULL: take it out */
    const char *from; /* 「この日から変更」 (YYYY-MM-DD): the row ends the day before, and `row` follows it.
                         NULL: the row itself changes */
};

/* TITLE: 1 to 240 bytes. STATUS_INVALID. */
enum status masters_draft_create(const struct masters_desk *desk, const char *title, int64_t *out_id,
                                 struct error_detail *err) MUST_CHECK;
enum status masters_draft_rename(const struct masters_desk *desk, int64_t id, const char *title,
                                 struct error_detail *err) MUST_CHECK;

/* Carry out COUNT edits, all or none. A row may still be wrong afterwards: it is kept as it is, and only proposing asks
 * for a right document. SOURCE says where they come from when not from the screen ("shinryo.csv", for the log; NULL).
 * STATUS_CONFLICT "row_changed", "wrong_state"; STATUS_INVALID; STATUS_NOT_FOUND. *OUT_KEY (may be NULL) receives the
 * key of the row that the last edit left. */
enum status
masters_draft_edit(const struct masters_desk *desk, int64_t id, const struct masters_edit *edits, size_t count,
                   const char *source, char out_key[MASTERS_ROW_KEY_SIZE], struct error_detail *err) MUST_CHECK;

/* Give a change up: the row is as published again. */
enum status masters_draft_revert(const struct masters_desk *desk, int64_t id, const char *kind, const char *key,
                                 int64_t seen, struct error_detail *err) MUST_CHECK;

/* Decide a conflict for the draft: what is published now has been seen, and is to be replaced. (Deciding against it is
 * masters_draft_revert.) */
enum status masters_draft_keep(const struct masters_desk *desk, int64_t id, const char *kind, const char *key,
                               int64_t seen, struct error_detail *err) MUST_CHECK;

/* Steps. SEEN is the draft's revision that the person had in view; STATUS_CONFLICT "version_changed" when it is another
 * now. masters_propose and masters_approve check the whole document as it would be published: STATUS_CONFLICT
 * "masters_conflict", "nothing_changed"; STATUS_INVALID "wrong_masters" (the first error). */
enum status
masters_propose(const struct masters_desk *desk, int64_t id, int64_t seen, struct error_detail *err) MUST_CHECK;

/* Back to editing, by its proposer (取下げ) or by one who may approve (差戻し). REASON is required. */
enum status
masters_return(const struct masters_desk *desk, int64_t id, const char *reason, struct error_detail *err) MUST_CHECK;

/* STATUS_UNAUTHORIZED "own_approval" for its proposer, "no_right". */
enum status masters_approve(const struct masters_desk *desk, int64_t id, int64_t seen, int64_t *out_version,
                            struct error_detail *err) MUST_CHECK;
enum status
masters_discard(const struct masters_desk *desk, int64_t id, const char *reason, struct error_detail *err) MUST_CHECK;
