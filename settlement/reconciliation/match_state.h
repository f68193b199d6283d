/* What the steps of a match share. For the files of this folder only. */
#pragma once

#include "settlement/reconciliation/match_index.h"
#include "settlement/reconciliation/matcher.h"

/* How the two sides of a pair compare; bits of match_state.verdicts. */
enum {
    VERDICT_SIGN = 1,     /* one is a refund, the other is not: no pair */
    VERDICT_AMOUNT = 2,   /* the amounts differ */
    VERDICT_BRAND = 4,    /* both brands are known and differ */
    VERDICT_DAY = 8,      /* both times are known and on different days in Japan */
    VERDICT_TRAINING = 16 /* one is marked as training */
};

enum match_state_class {
    CLASS_UNDECIDED = MATCH_CLASS_COUNT /* of an item: none yet */
};

/* INVARIANT: sale_partner and line_partner mirror each other (MATCH_NONE: in no pair). For a line in a pair, `verdicts`
 * and `keys` are the pair's; `sale_class`, `line_class`, `sale_related`, `line_related` matter for items in no pair. */
struct match_state {
    const struct match_input *input;
    const struct match_options *options;
    struct arena *arena;
    uint32_t *sale_partner;
    uint32_t *line_partner;
    uint32_t *sale_related;
    uint32_t *line_related;
    uint8_t *sale_class;
    uint8_t *line_class;
    uint8_t *verdicts;       /* by line */
    uint8_t *keys;           /* by line */
    uint16_t *brand_of_line; /* the sales' index of each brand of the lines, or BRAND_UNKNOWN, BRAND_FOREIGN */
    const struct match_decision *forbidden; /* sorted by sale, line */
    size_t forbidden_count;
    int64_t lines_yen;    /* Σ of all lines, known after the first pass */
    int64_t last_line_ms; /* the last instant that the statement knows of, or INSTANT_ABSENT; likewise */
    uint32_t *open_sales; /* in no pair, ascending, as of the last match_list_open; NULL before */
    uint32_t *open_lines;
    size_t open_sale_count;
    size_t open_line_count;
    uint32_t *scratch;     /* for sorting; room for the larger side */
    uint32_t *group_sales; /* the group that is being resolved */
    uint32_t *group_lines;
};

enum {
    BRAND_UNKNOWN = UINT16_MAX,
    BRAND_FOREIGN = UINT16_MAX - 1 /* a brand that no sale has */
};

static inline const struct match_item *
match_sale(const struct match_state *state, uint32_t sale)
{
    return &state->input->sales.items[sale];
}

static inline const struct match_item *
match_line(const struct match_state *state, uint32_t line)
{
    return &state->input->lines.items[line];
}

/* VERDICT_… bits of SALE and LINE as a pair. */
uint8_t match_verdict(const struct match_state *state, uint32_t sale, uint32_t line);

/* Whether a person said that SALE is not LINE. */
bool match_is_forbidden(const struct match_state *state, uint32_t sale, uint32_t line);

/* Make the pair. Neither may be in one (asserted). */
void match_make_pair(struct match_state *state, uint32_t sale, uint32_t line, enum match_key key, uint8_t verdict);

/* Step 1: make the pairs that people decided, and know the ones they forbade. */
enum status match_apply_decisions(struct match_state *state, struct error_detail *err) MUST_CHECK;

/* Steps 2 and 3: pair SALES (MEMBERS of index) with the lines that LINE_SUBSET lists (all when NULL), by the index's
 * text. */
enum status match_by_text(struct match_state *state, const struct match_index *index, const uint32_t *line_subset,
                          size_t line_count, struct error_detail *err) MUST_CHECK;

/* Pair what can be paired within one group: items of one text and not of one sign alone. KEY is what they share. The
 * arrays are reordered. Leftovers get a class where the group tells it. */
void match_resolve_group(struct match_state *state, enum match_key key, uint32_t *sales, size_t sale_count,
                         uint32_t *lines, size_t line_count);

/* Step 4: pair by terminal, slip number and amount. */
enum status match_by_slip(struct match_state *state, struct error_detail *err) MUST_CHECK;

/* Step 5: a class for every item in no pair. */
enum status match_classify_open(struct match_state *state, struct error_detail *err) MUST_CHECK;

/* List the items in no pair; when they were listed before, only look through that list. */
enum status match_list_open(struct match_state *state, struct error_detail *err) MUST_CHECK;

/* Fill `suggestion` of the discrepancies about one side alone. */
enum status match_suggest(struct match_state *state, struct match_discrepancy *discrepancies, size_t count,
                          struct error_detail *err) MUST_CHECK;

/* <0, 0, >0 as A comes before B; CONTEXT as given to match_sort. */
typedef int match_compare(const void *context, uint32_t a, uint32_t b);

/* Sort INDEXES, stable, in O(n log n) at worst; SCRATCH has room for COUNT. */
void match_sort(uint32_t *indexes, size_t count, uint32_t *scratch, match_compare *compare, const void *context);

/* The order among equals: (time, amount, acquirer's reference, reference, id). CONTEXT is the items. */
int match_compare_items(const void *items, uint32_t a, uint32_t b);

/* Set the error for a full arena. Always STATUS_OVERFLOW. */
enum status match_refuse_memory(struct error_detail *err);
