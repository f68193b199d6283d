/* What people do with a discrepancy. Every deed is on record with its reason; where money moves, two people decide.
 *
 *   open ──resolve──▶ resolved                            moves no money
 *   open ──resolve──▶ awaiting_second ──confirm──▶ resolved
 *                     awaiting_second ──reject───▶ open
 *   resolved ──undo──▶ open                               moved no money
 *   resolved ──undo──▶ (asked) ──undo_confirm──▶ open     the approver is not the one who asks
 *                      (asked) ──undo_stop─────▶ resolved
 *   open ──expect──▶ open until a day: it should clear by itself, and is overdue when it has not
 *
 * A run of matching clears what is open and agrees by itself; it never touches what a person resolved. */
#pragma once

#include "settlement/access/actor.h"
#include "settlement/matching/discrepancy_class.h"
#include "settlement/store/store.h"

enum {
    DEED_TEXT_MAX_BYTES = 3000, /* 1,000 characters of a reason or a comment */
    DEEDS_MAX = 1000,           /* of one bulk: a transaction that others wait for well under a second */
    EXPECT_MAX_DAYS = 400       /* a fiscal year and its 出納整理期間 */
};

enum deed_kind {
    DEED_ASSIGN,       /* to `owner`, a login of the municipality; NULL gives it back */
    DEED_RESOLVE,      /* by `resolution`, with `text` as reason */
    DEED_CONFIRM,      /* the second person agrees; `text` may say what was looked at */
    DEED_REJECT,       /* the second person does not, for the reason `text` */
    DEED_COMMENT,      /* `text` */
    DEED_EXPECT,       /* clears by itself until `on`, for the reason `text`; NULL: expected no more */
    DEED_UNDO,         /* take a resolution back, for the reason `text` */
    DEED_UNDO_CONFIRM, /* the second person agrees to that */
    DEED_UNDO_STOP,    /* the one who asked, or an approver, lets it stand */
    DEED_COUNT
};

/* VERSION is the one that the person saw; not looked at for assign, comment, confirm
 * and reject, which do not depend on facts that a run may change. */
struct deed {
    enum deed_kind kind;
    int64_t id;
    int64_t version;
    enum resolution resolution;
    const char *owner;
    const char *text;
    const char *on; /* YYYY-MM-DD */
};

const char *deed_word(enum deed_kind kind); /* "assign", "undo_confirm" … */
bool deed_from_word(enum deed_kind *out, const char *word);

/* Do DEED in a transaction of its own. STATUS_NOT_FOUND; STATUS_REFUSED "wrong_state"; STATUS_CONFLICT
 * "version_changed"; STATUS_INVALID for a text, an owner, a day or a resolution that does not fit; STATUS_UNAUTHORIZED
 * "no_right", "own_approval". Nothing is done then. */
enum status deed_do(struct store *store, const struct actor *actor, const struct deed *deed, int64_t now_ms,
                    struct error_detail *err) MUST_CHECK;

/* What became of one of many. */
struct deed_outcome {
    enum status status;
    struct error_detail err; /* why not, unless STATUS_OK */
};

/* Do COUNT (≤ DEEDS_MAX) deeds in one transaction. Those that are refused change nothing and hold nobody up: OUTCOMES
 * tells of each. Anything but STATUS_OK: nothing at all was done. */
enum status deed_do_each(struct store *store, const struct actor *actor, const struct deed *deeds, size_t count,
                         int64_t now_ms, struct deed_outcome *outcomes, struct error_detail *err) MUST_CHECK;
