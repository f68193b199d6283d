/* Drafts of masters and what they change. Triggers keep what was proposed, published or discarded as it is (migration
 * 0007); the verbs here are called in the order of settlement/masters/draft.h. */
#pragma once

#include "settlement/access/actor.h"
#include "settlement/store/masters_store.h"

enum {
    MASTERS_KIND_SIZE = 24,
    MASTERS_ROW_KEY_SIZE = 80 /* "CODE/48@2026-04-01" */
};

enum masters_draft_state { MASTERS_EDITING, MASTERS_PROPOSED, MASTERS_PUBLISHED, MASTERS_DISCARDED };

/* "editing" and "編集中". Static strings. */
const char *masters_draft_state_word(enum masters_draft_state state);
const char *masters_draft_state_name(enum masters_draft_state state);

/* Times 0 and texts "" where there is none. Names are those of the people; only when read. */
struct masters_draft {
    int64_t id;
    char municipality[MUNICIPALITY_CODE_SIZE];
    char title[MASTERS_TITLE_SIZE];
    enum masters_draft_state state;
    int64_t revision;
    char created_by[LOGIN_SIZE];
    char created_by_name[PERSON_NAME_SIZE];
    int64_t created_at_ms;
    int64_t changed_at_ms;
    char proposed_by[LOGIN_SIZE];
    char proposed_by_name[PERSON_NAME_SIZE];
    int64_t proposed_at_ms;
    char approved_by[LOGIN_SIZE];
    char approved_by_name[PERSON_NAME_SIZE];
    int64_t approved_at_ms;
    int64_t version; /* what it became; 0: not published */
    int64_t change_count;
};

enum status masters_draft_add(struct store_txn *txn, const struct actor *actor, const char *title, int64_t now_ms,
                              int64_t *out_id, struct error_detail *err) MUST_CHECK;

/* STATUS_NOT_FOUND, also for another municipality's. */
enum status masters_draft_find(struct store_txn *txn, const char *municipality, int64_t id, struct masters_draft *out,
                               struct error_detail *err) MUST_CHECK;

/* DRAFT is borrowed for the call; anything but STATUS_OK ends the walk and is returned. */
typedef enum status (*masters_draft_visitor)(const struct masters_draft *draft, void *context);

/* Those being edited or proposed (IS_OPEN), else those that ended; newest first, those before BEFORE (0: all). */
enum status
masters_drafts_each(struct store_txn *txn, const char *municipality, bool is_open, int64_t before, int64_t limit,
                    masters_draft_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* Steps. Each is refused by the schema (STATUS_CONFLICT) when the draft is not where it must be for it. */
enum status masters_draft_set_title(struct store_txn *txn, int64_t id, const char *title, int64_t now_ms,
                                    struct error_detail *err) MUST_CHECK;
enum status masters_draft_set_proposed(struct store_txn *txn, int64_t id, const char *login, int64_t now_ms,
                                       struct error_detail *err) MUST_CHECK;
enum status
masters_draft_set_editing(struct store_txn *txn, int64_t id, int64_t now_ms, struct error_detail *err) MUST_CHECK;
enum status
masters_draft_set_discarded(struct store_txn *txn, int64_t id, int64_t now_ms, struct error_detail *err) MUST_CHECK;
enum status masters_draft_set_published(struct store_txn *txn, int64_t id, const char *login, int64_t version,
                                        int64_t now_ms, struct error_detail *err) MUST_CHECK;

/* One row's change. BEFORE and AFTER are normalised rows (settlement/masters/row.h), NULL for none. */
struct masters_change {
    const char *kind;
    const char *key; /* of the published row; "+1", "+2" … for new ones */
    const char *before;
    const char *after;
    int64_t revision;
    const char *changed_by;
    const char *changed_by_name; /* only when read */
    int64_t changed_at_ms;
};

/* CHANGE is borrowed for the call. */
typedef enum status (*masters_change_visitor)(const struct masters_change *change, void *context);

/* Of KIND (NULL: of all kinds), sorted by kind and key. */
enum status masters_changes_each(struct store_txn *txn, int64_t draft, const char *kind, masters_change_visitor visit,
                                 void *context, struct error_detail *err) MUST_CHECK;

/* Visit the change of one row; *OUT_FOUND tells. */
enum status
masters_change_visit(struct store_txn *txn, int64_t draft, const char *kind, const char *key,
                     masters_change_visitor visit, void *context, bool *out_found, struct error_detail *err) MUST_CHECK;

/* Write or replace CHANGE with the draft's revision as it is now. */
enum status masters_change_put(struct store_txn *txn, int64_t draft, const struct masters_change *change,
                               struct error_detail *err) MUST_CHECK;
enum status masters_change_remove(struct store_txn *txn, int64_t draft, const char *kind, const char *key,
                                  struct error_detail *err) MUST_CHECK;

/* Make the draft's revision one greater, for a change of it that follows. */
enum status masters_draft_advance(struct store_txn *txn, int64_t id, int64_t now_ms, int64_t *out_revision,
                                  struct error_detail *err) MUST_CHECK;

/* The next N for the key "+N" of a new row. */
enum status masters_next_new_row(struct store_txn *txn, int64_t draft, const char *kind, int64_t *out,
                                 struct error_detail *err) MUST_CHECK;
