/* A corrected file in the place of an earlier one.
 *
 *   import with `supersedes` ──▶ proposed ──second person──▶ done       the later file's lines count
 *                                         ──second person──▶ refused    nothing changes
 *   a file that says the same ──▶ done                                  nothing differs, nobody need look
 *
 * Both files stay as they came. A line that both have goes on counting where it stood, with its pair and what people
 * decided about it; a line that is gone or says something else now counts no more, and the later file's does. What
 * people had decided about such a line stands in the record and comes back as 判断後の差替え. Then matching of this
 * municipality is made again from the beginning (matching/afresh.h), so that it is what it would be had the earlier
 * lines never come.
 *
 * Taking it back is the same act: the earlier file in the place of the later one. */
#pragma once

#include "settlement/access/actor.h"
#include "settlement/imports/difference.h"
#include "settlement/store/import_store.h"
#include "settlement/store/matching_store.h"
#include "settlement/store/replacement_store.h"

struct clock_source;
struct work;

enum {
    REPLACEMENT_REASON_MAX_BYTES = 3000, /* 1,000 characters */
    REPLACEABLE_SHOWN_MAX = 10
};

/* Where a proposal stands. */
struct proposal {
    int64_t id;
    bool is_done; /* nothing differs: it needed no second person */
};

/* Whether a file with LAYOUT and lines from FIRST_ON to LAST_ON may take the place of import EARLIER: STATUS_NOT_FOUND;
 * STATUS_REFUSED "other_layout", "other_period", "not_standing", "already_replaced", "replacement_waits". */
enum status replacement_check(struct store_txn *txn, const char *municipality, int64_t earlier, const char *layout,
                              const char *first_on, const char *last_on, struct error_detail *err) MUST_CHECK;

/* Propose the stored LATER in the place of EARLIER, for REASON. In the caller's write transaction. When nothing differs
 * it is carried out at once. STATUS_REFUSED also "same_file". */
enum status
replacement_propose(struct store_txn *txn, const struct actor *actor, int64_t earlier, int64_t later,
                    const char *reason, int64_t now_ms, struct proposal *out, struct error_detail *err) MUST_CHECK;

/* The same in a transaction of its own. */
enum status
replacement_put(struct store *store, const struct actor *actor, int64_t earlier, int64_t later, const char *reason,
                int64_t now_ms, struct proposal *out, struct error_detail *err) MUST_CHECK;

/* The second person agrees; then matching runs, and RUN tells of it. STATUS_UNAUTHORIZED "own_approval"; STATUS_REFUSED
 * "wrong_state". WORK: NULL, or who watches. STATUS_CANCELLED: the file stands in the place of the other, and the next
 * run matches again. */
enum status replacement_confirm(struct store *store, const struct actor *actor, int64_t id, const char *reason,
                                const struct clock_source *clock, struct work *work, struct run_row *run,
                                struct error_detail *err) MUST_CHECK;

/* Somebody does not agree, for REASON; the one who proposed it may, too. */
enum status replacement_refuse(struct store *store, const struct actor *actor, int64_t id, const char *reason,
                               int64_t now_ms, struct error_detail *err) MUST_CHECK;

/* Add every line of IMPORT, as it came, to SIDE of DIFFERENCE. */
enum status difference_add_import(struct difference *difference, struct growing *side, struct store_txn *txn,
                                  int64_t import, bool is_statement, struct error_detail *err) MUST_CHECK;

/* One import, by number. Texts are copied. STATUS_NOT_FOUND. */
struct import_facts {
    int64_t id;
    bool is_statement;
    int64_t line_count;
    char layout[65];
    char trustee[65];
    char file_name[256];
    char first_on[CIVIL_DATE_TEXT_SIZE];
    char last_on[CIVIL_DATE_TEXT_SIZE];
};
enum status import_facts_read(struct import_facts *out, struct store_txn *txn, const char *municipality, int64_t id,
                              struct error_detail *err) MUST_CHECK;

/* Make the lines of proposal ROW count, and write what follows of it, but for matching. For replacement.c. */
enum status replacement_apply(struct store_txn *txn, const struct actor *actor, const struct replacement_row *row,
                              int64_t now_ms, struct error_detail *err) MUST_CHECK;
