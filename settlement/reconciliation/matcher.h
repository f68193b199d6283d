/* Which of our sales are which lines of the statement, and what does not agree. docs/reconciliation.md defines every
 * class for people; this says how they are found.
 *
 * PURE: no I/O, no clock, no state; memory only from the caller's arena. The same items in any order give the same
 * result, because everything that is picked among equals is picked by (time, amount, acquirer's reference, id), and the
 * result is sorted by id.
 *
 * ALGORITHM, n items in all:
 *   1. Human decisions: pairs are made first and never undone; pairs that were forbidden are never made.
 *   2. Our reference: a hash table over the sales, looked up by every line. Items of one reference and one sign are a
 *      group: a sale (+) and its void (−) share a reference and never meet. Nearly every group is one sale and one
 * line, which is a pair at once. In larger groups, in this order: the acquirer's reference and amount equal; when then
 * the sums are equal and the counts are not, the rest is one 件数相違 (a payment in two lines, two payments in one
 * line); the acquirer's reference equal, the amount equal, and then, for sales, the rest in order; for refunds, of
 * which one sale may have several, only when one is left on each side.
 *   3. The acquirer's reference, in the same way, among what is left.
 *   4. Terminal, slip number and amount together, among what is left of lines without a reference of ours: only where
 * no other pair is possible (match_slip).
 *   5. What is left has a class; so have pairs whose sides differ. Same terminal, same amount and near in time is only
 *      ever mentioned in the evidence, never a match.
 * O(n) expected; O(g log g) within a group of g items, among what is left for slips and for suggestions.
 *
 * INVARIANTS: no item is in two pairs. Every sale and every line is in exactly one match or in exactly one discrepancy
 * that is not a remark. A match has equal amounts to the yen. */
#pragma once

#include "settlement/arena/arena.h"
#include "settlement/reconciliation/match_item.h"

enum match_key { MATCH_BY_REFERENCE, MATCH_BY_ACQUIRER_REFERENCE, MATCH_BY_DECISION, MATCH_BY_SLIP, MATCH_KEY_COUNT };

/* The words for files: "reference", "acquirer_reference", "decision", "slip". Static. */
const char *match_key_word(enum match_key key);

/* INVARIANT: remarks are made about a pair besides what else it is: it stays in the matches (or in the discrepancy of
 * its amounts). All other classes are about items that are in no match. */
enum match_class {
    MATCH_POS_ONLY,         /* POSのみ */
    MATCH_STATEMENT_ONLY,   /* 明細のみ */
    MATCH_AMOUNT_DIFFERS,   /* 金額相違: a pair */
    MATCH_COUNT_DIFFERS,    /* 件数相違: several for one, of the same sum */
    MATCH_BRAND_DIFFERS,    /* ブランド相違: a remark */
    MATCH_DUPLICATE,        /* 重複 */
    MATCH_REVERSAL_ONLY,    /* 取消のみ */
    MATCH_PAID_THOUGH_VOID, /* 取消済みなのに入金 */
    MATCH_CUT_OFF,          /* 期ずれ: a sale that the statement does not reach yet */
    MATCH_CUT_OFF_REMARK,   /* 期ずれ: a remark, the sides name different days */
    MATCH_TRAINING,         /* 訓練取引の混入: a pair, or one side */
    MATCH_CLASS_COUNT
};

/* "POSのみ" … Static UTF-8. Both 期ずれ have one name. */
const char *match_class_name(enum match_class class);
bool match_class_is_remark(enum match_class class);

#define MATCH_NONE UINT32_MAX

/* Indexes into the two sides, and what they share, in eight bytes: there are as many pairs as lines. */
struct match_pair {
    uint32_t sale;
    uint32_t line : 30;
    uint32_t key : 2; /* enum match_key */
};

enum {
    MATCH_ITEMS_MAX = (1 << 30) - 1 /* of either side */
};

/* INVARIANT: `sale` or `line` or both are what the row is about (MATCH_NONE otherwise). `related` is what the evidence
 * points to: for a duplicate the item of the same side that is the first, for MATCH_PAID_THOUGH_VOID the line that was
 * paid, for MATCH_COUNT_DIFFERS the first item of the other side. `suggestion` is an item of the other side with the
 * same terminal and amount, near in time. */
struct match_discrepancy {
    enum match_class class;
    uint32_t sale;
    uint32_t line;
    uint32_t related;
    uint32_t suggestion;
};

/* What a person decided: that the two are one payment, or that they are not. Decisions about items that are not among
 * the inputs have no effect. */
struct match_decision {
    uint64_t sale_id;
    uint64_t line_id;
    bool is_pair;
};

struct match_index;

struct match_input {
    struct match_side sales;
    struct match_side lines; /* without fees: they have no sale */
    const struct match_decision *decisions;
    size_t decision_count;
    const struct match_index *sale_index; /* of `sales` by reference, or NULL: it is made here */
    const uint32_t *line_heads; /* what match_index_find_all finds there for the lines, or NULL: looked up here */
};

/* ARENA holds the result and what is needed meanwhile: about 45 bytes per sale and line. */
struct match_options {
    struct arena *arena;
    unsigned thread_count;        /* 1 … MATCH_THREADS_MAX; the result does not depend on it */
    int64_t suggestion_window_ms; /* how near in time a suggestion is */
    int cut_off_minutes;          /* before midnight: a sale so late may be in the next statement */
};

enum {
    MATCH_THREADS_MAX = 8,
    MATCH_SUGGESTION_WINDOW_MS = 10 * 60 * 1000, /* clocks of terminals and acquirers drift by minutes */
    MATCH_CUT_OFF_MINUTES = 30                   /* acquirers close their day between 23:30 and 00:15 */
};

struct match_options match_options_default(struct arena *arena);

struct match_totals {
    uint64_t count;
    int64_t sale_yen;      /* Σ of `sale` of the rows */
    int64_t statement_yen; /* Σ of `line` of the rows */
};

/* INVARIANT: over matches and classes that are no remarks, sale_yen and statement_yen add up to the two sides' sums.
 * Matches are sorted by the line's id, discrepancies by class, then by the line's id, then (without line) the sale's.
 */
struct match_result {
    struct match_pair *matches;
    size_t match_count;
    struct match_discrepancy *discrepancies;
    size_t discrepancy_count;
    struct match_totals matched;
    struct match_totals classes[MATCH_CLASS_COUNT];
};

/* Fill *OUT, whose arrays live in the options' arena. STATUS_OVERFLOW: too many items, the arena is full, or a sum
 * leaves the range of money. STATUS_INVALID: decisions that contradict each other. */
enum status match_run(struct match_result *out, const struct match_input *input, const struct match_options *options,
                      struct error_detail *err) MUST_CHECK;

/* The sentence that goes with DISCREPANCY: both sides' facts, in Japanese, appended to OUT. */
struct buffer;
void match_explain(struct buffer *out, const struct match_input *input, const struct match_discrepancy *discrepancy);
