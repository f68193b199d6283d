/* From positions of sales to 調定: the pure heart of this folder. No I/O, no clock but a parameter.
 *
 * What the ledger says now (`struct assessment_source`, one per line of a sale and way of payment) is compared with
 * what approved 調定 already hold (`struct assessment_claim`), line by line by (sale, line number, paid in cash or
 * not):
 *
 *   in the ledger only   → a new 調定: 当初, or 増額 when the group already has an approved 当初
 *   in both              → nothing, where the claim holds what the line is less what was refunded of it; 減額 where it
 *                          holds more, 増額 where less. The group is that of the claim, whatever the masters say today
 *   in a claim only      → 減額 citing the 当初 (the sale was voided after the approval)
 *
 * What is in the ledger only is assessed gross, also when some of it was refunded before anybody approved it: the 減額
 * follows once it is approved (歳入還付 of a later day is never netted).
 *
 * Nothing is netted: a group can get a 増額 and a 減額 at once. Amounts are differences by construction, never typed.
 * The same input in any order gives the same output: groups and their lines are sorted. */
#pragma once

#include "common/bytes/buffer.h"
#include "common/clock/civil.h"

enum assessment_kind { ASSESSMENT_ORIGINAL, ASSESSMENT_INCREASE, ASSESSMENT_DECREASE };

/* What one 調定票 is about. Texts are borrowed. */
struct assessment_key {
    struct civil_date received_on; /* 調定年月日 */
    int fiscal_year;
    const char *account; /* 会計 and 款項目節細節, by the code of the masters */
    const char *section; /* 所属 */
    const char *route;   /* "cash" or a trustee's code: cleared (消込) apart */
    const char *tax;     /* "exempt", "standard10" */
};

/* One line of a sale that counts as received, and the journal line (terminal, sequence) that says so. INVARIANT:
 * amount_yen ≥ 0, 0 ≤ tax_yen ≤ amount_yen, quantity ≥ 1. A line of 0円 is counted and never assessed. A line with
 * `held_for` cannot be drafted yet, but it is there: a claim of it stands. */
struct assessment_source {
    struct assessment_key key;
    const char *terminal;
    int64_t sequence;
    const char *sale;
    int line;
    bool is_cash; /* the part that was paid in cash; a line has one part, or two */
    const char *item;
    const char *name;
    int64_t quantity;
    int64_t unit_price_yen;
    int64_t amount_yen;
    int64_t tax_yen;
    int64_t refunded_yen; /* of amount_yen, given back on a later day while the year's books were open */
    const char *held_for; /* NULL, or why it waits */
    const char *facility; /* "" when none was used */
    const char *run_by;   /* of "operator_revenue": whose money it is; NULL otherwise */
};

/* One line that approved 調定 of a group speak of, with what they hold of it: 当初 and 増額 less 減額. 0 yen when all
 * of it was taken out again. `original` is the 当初 of the group. */
struct assessment_claim {
    struct assessment_source source;
    int64_t original;
};

/* An approved 当初 and its key: tells 当初 from 増額. */
struct assessment_original {
    struct assessment_key key;
    int64_t original;
};

struct assessment_input {
    struct assessment_source *sources; /* reordered */
    size_t source_count;
    struct assessment_claim *claims; /* reordered */
    size_t claim_count;
    struct assessment_original *originals; /* reordered */
    size_t original_count;
};

/* One line of the 集合調定内訳. */
struct assessment_line {
    const char *item;
    const char *name;
    int64_t count;
    int64_t unit_price_yen;
    int64_t amount_yen;
    int64_t tax_yen;
};

/* One 調定 to be drafted. INVARIANT: amount_yen = Σ lines = Σ sources > 0; count = Σ quantities of sources with money;
 * sale_count = distinct sales among them ≥ 1. Sources are sorted by (sale, line); lines by (item, name, unit price). */
struct assessment_draft {
    enum assessment_kind kind;
    struct assessment_key key;
    int64_t original; /* 0 for 当初 */
    int64_t count;
    int64_t zero_count; /* issues at 0円 in the same group; not in `sources` */
    int64_t sale_count;
    int64_t amount_yen;
    int64_t tax_yen;
    const struct assessment_source *sources;
    size_t source_count;
    const struct assessment_line *lines;
    size_t line_count;
};

/* The drafts of one run; texts are borrowed from the input, which must outlive it. */
struct assessment_drafts {
    struct assessment_draft *drafts;
    size_t count;
    const struct assessment_source **held; /* lines with `held_for` that no claim holds */
    size_t held_count;
    struct assessment_source *sources; /* storage behind drafts[].sources */
    struct assessment_line *lines;     /* storage behind drafts[].lines */
};

/* Make the drafts. STATUS_OVERFLOW when a sum leaves the range of yen, STATUS_INVALID when a line breaks its invariant
 * or stands twice in the input (a sale would be assessed twice), STATUS_NO_MEMORY. */
enum status assessment_draft_all(struct assessment_input *input, struct assessment_drafts *out,
                                 struct error_detail *err) MUST_CHECK;
void assessment_drafts_finish(struct assessment_drafts *drafts);

/* The index of the breakdown line that SOURCE of DRAFT is summed in. */
size_t assessment_line_of(const struct assessment_draft *draft, const struct assessment_source *source);

/* <0, 0, >0: by fiscal year, day, account, section, route, tax. */
int assessment_key_compare(const struct assessment_key *a, const struct assessment_key *b);
