/* Putting a layout for the finance system to use, making a file by it, and taking its answer in.
 *
 *   layout: proposed ──second person──▶ done (in use until a newer one is)   ──anybody──▶ refused
 *   調定:   exported ──file made──▶ sent ──answer──▶ accepted
 *                        ▲                  └──────▶ refused ──┐
 *                        └── a file of what was refused ◀──────┘ by a mended layout, or the same one
 *
 * A 調定 itself never changes here: what is wrong with its money is corrected by 増額 and 減額. */
#pragma once

#include "common/bytes/buffer.h"
#include "settlement/access/actor.h"
#include "settlement/handover/handover_layout.h"
#include "settlement/store/store.h"

enum {
    HANDOVER_REASON_MAX_BYTES = 3000,            /* 1,000 characters */
    HANDOVER_ANSWER_MAX_BYTES = 8 * 1024 * 1024, /* some 100,000 rows of 80 bytes: more than an export has */
    HANDOVER_PREVIEW_RECORDS = 5                 /* 調定 that are shown when a layout is tried out */
};

/* Propose DESCRIPTOR as the next version of the layout that it names. STATUS_INVALID as handover_layout_create, or
 * without a reason; STATUS_CONFLICT "layout_waits". */
enum status
handover_layout_propose(struct store *store, const struct actor *actor, const char *descriptor, size_t length,
                        const char *reason, int64_t now_ms, int64_t *out_id, struct error_detail *err) MUST_CHECK;

/* The second person agrees, or somebody does not. STATUS_NOT_FOUND; STATUS_REFUSED "wrong_state"; STATUS_UNAUTHORIZED
 * "own_approval"; STATUS_INVALID without a reason. */
enum status handover_layout_decide(struct store *store, const struct actor *actor, int64_t id, bool is_agreed,
                                   const char *reason, int64_t now_ms, struct error_detail *err) MUST_CHECK;

/* Make the file of export EXPORT_ID by the layout named NAME that is in use: of the whole export, or, with
 * ONLY_REFUSED, of what was refused and not accepted since. *OUT_IS_NEW false: it was made before, and *OUT_FILE is
 * that one. STATUS_NOT_FOUND (export, layout in use, "nothing_to_send"); STATUS_INVALID "cannot_be_written". */
enum status
handover_make(struct store *store, const struct actor *actor, int64_t export_id, const char *name, bool only_refused,
              int64_t now_ms, int64_t *out_file, bool *out_is_new, struct error_detail *err) MUST_CHECK;

/* Append what LAYOUT would write of the first 調定 of export EXPORT_ID on the day MADE_ON; nothing is stored. */
enum status
handover_try(struct store_txn *txn, const char *municipality, const struct handover_layout *layout, int64_t export_id,
             const char *made_on, struct buffer *out, struct error_detail *err) MUST_CHECK;

/* What came of an answer. */
struct handover_answer_result {
    int64_t id;
    bool is_repeat; /* the same bytes were taken in before: nothing changed */
    int64_t accepted_count;
    int64_t refused_count;
    int64_t unanswered_count; /* 調定 of the file that it does not name */
};

/* Take LENGTH BYTES in as the answer to FILE, read as the layout that it was made by says. All or nothing: a row that
 * names no 調定 of the file, or one twice, is STATUS_INVALID "answer_invalid" with its line. STATUS_NOT_FOUND;
 * STATUS_REFUSED "no_answer_form" when the layout says nothing of answers; STATUS_OVERFLOW. */
enum status handover_take_answer(struct store *store, const struct actor *actor, int64_t file, const char *file_name,
                                 const void *bytes, size_t length, int64_t now_ms, struct handover_answer_result *out,
                                 struct error_detail *err) MUST_CHECK;
