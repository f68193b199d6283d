/* One group: the items of one text (a reference) that are more than one sale and one line.
 *
 * Signs are resolved apart. Within a sign the steps are tried in order, each over what the steps before left; within a
 * step items with equal keys are paired in the order among equals. */
#include "settlement/reconciliation/match_state.h"

#include <stdlib.h>

/* What must be equal in a step. */
enum step_key { STEP_ACQUIRER_AND_AMOUNT, STEP_ACQUIRER, STEP_AMOUNT, STEP_REST, STEP_COUNT };

struct ordering {
    const struct match_item *items;
    enum step_key step;
};

/* <0, 0, >0 by the step's key alone. */
static int
compare_keys(const struct match_item *a, const struct match_item *b, enum step_key step)
{
    int order = 0;
    if (step == STEP_ACQUIRER_AND_AMOUNT || step == STEP_ACQUIRER) {
        size_t common = a->acquirer_length < b->acquirer_length ? a->acquirer_length : b->acquirer_length;
        order = common > 0 ? memcmp(a->acquirer_reference, b->acquirer_reference, common) : 0;
        order = order != 0 ? order : (int)a->acquirer_length - (int)b->acquirer_length;
    }
    if (order == 0 && (step == STEP_ACQUIRER_AND_AMOUNT || step == STEP_AMOUNT)) {
        order = (a->amount_yen > b->amount_yen) - (a->amount_yen < b->amount_yen);
    }
    return order;
}

static int
compare_in_step(const void *context, uint32_t a, uint32_t b)
{
    const struct ordering *ordering = context;
    int order = compare_keys(&ordering->items[a], &ordering->items[b], ordering->step);
    return order != 0 ? order : match_compare_items(ordering->items, a, b);
}

/* Whether item INDEX waits for a partner: in no pair, and not one of several for one. */
static bool
is_free(const uint32_t *partners, const uint8_t *classes, uint32_t index)
{
    return partners[index] == MATCH_NONE && classes[index] != MATCH_COUNT_DIFFERS;
}

/* Move the items in no pair, and with a key for STEP, to the front of INDEXES and sort them; returns how many. */
static size_t
prepare_step(struct match_state *state, const struct match_side *side, const uint32_t *partners, const uint8_t *classes,
             uint32_t *indexes, size_t count, enum step_key step)
{
    bool needs_acquirer = step == STEP_ACQUIRER_AND_AMOUNT || step == STEP_ACQUIRER;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t index = indexes[i];
        bool has_key = !needs_acquirer || side->items[index].acquirer_length > 0;
        if (is_free(partners, classes, index) && has_key) {
            indexes[i] = indexes[kept];
            indexes[kept++] = index;
        }
    }
    struct ordering ordering = {.items = side->items, .step = step};
    match_sort(indexes, kept, state->scratch, compare_in_step, &ordering);
    return kept;
}

/* Pair the sales of one key with the lines of the same key, in order; a forbidden pair is stepped over. */
static void
pair_run(struct match_state *state, enum match_key key, const uint32_t *sales, size_t sale_count, const uint32_t *lines,
         size_t line_count)
{
    size_t first_free = 0;
    for (size_t i = 0; i < sale_count; i++) {
        while (first_free < line_count && state->line_partner[lines[first_free]] != MATCH_NONE) {
            first_free++;
        }
        size_t k = first_free;
        while (k < line_count &&
               (state->line_partner[lines[k]] != MATCH_NONE || match_is_forbidden(state, sales[i], lines[k]))) {
            k++;
        }
        if (k < line_count) {
            match_make_pair(state, sales[i], lines[k], key, match_verdict(state, sales[i], lines[k]));
        }
    }
}

static void
run_step(struct match_state *state, enum match_key key, enum step_key step, uint32_t *sales, size_t sale_count,
         uint32_t *lines, size_t line_count)
{
    const struct match_item *sale_items = state->input->sales.items;
    const struct match_item *line_items = state->input->lines.items;
    sale_count =
        prepare_step(state, &state->input->sales, state->sale_partner, state->sale_class, sales, sale_count, step);
    line_count =
        prepare_step(state, &state->input->lines, state->line_partner, state->line_class, lines, line_count, step);
    size_t sale = 0;
    size_t line = 0;
    while (sale < sale_count && line < line_count) {
        int order = compare_keys(&sale_items[sales[sale]], &line_items[lines[line]], step);
        size_t sale_end = sale + (order <= 0 ? 1 : 0);
        while (order <= 0 && sale_end < sale_count &&
               compare_keys(&sale_items[sales[sale]], &sale_items[sales[sale_end]], step) == 0) {
            sale_end++;
        }
        size_t line_end = line + (order >= 0 ? 1 : 0);
        while (order >= 0 && line_end < line_count &&
               compare_keys(&line_items[lines[line]], &line_items[lines[line_end]], step) == 0) {
            line_end++;
        }
        if (order == 0) {
            pair_run(state, key, sales + sale, sale_end - sale, lines + line, line_end - line);
        }
        sale = sale_end;
        line = line_end;
    }
}

static size_t
count_free(const uint32_t *partners, const uint8_t *classes, const uint32_t *indexes, size_t count)
{
    size_t free_count = 0;
    for (size_t i = 0; i < count; i++) {
        free_count += is_free(partners, classes, indexes[i]) ? 1 : 0;
    }
    return free_count;
}

/* What waits of one side of a group. */
struct waiting {
    size_t count;
    int64_t sum_yen;
    uint32_t first; /* in the order among equals */
    bool has_training;
    bool is_too_large;
};

static struct waiting
add_up(const struct match_side *side, const uint32_t *partners, const uint8_t *classes, const uint32_t *indexes,
       size_t count)
{
    struct waiting waiting = {.first = MATCH_NONE};
    for (size_t i = 0; i < count; i++) {
        uint32_t index = indexes[i];
        if (!is_free(partners, classes, index)) {
            continue;
        }
        waiting.count++;
        waiting.is_too_large |=
            __builtin_add_overflow(waiting.sum_yen, side->items[index].amount_yen, &waiting.sum_yen);
        waiting.has_training |= side->items[index].is_training != 0;
        if (waiting.first == MATCH_NONE || match_compare_items(side->items, index, waiting.first) < 0) {
            waiting.first = index;
        }
    }
    return waiting;
}

static void
mark_split(const uint32_t *partners, uint8_t *classes, uint32_t *related, const uint32_t *indexes, size_t count,
           uint32_t other)
{
    for (size_t i = 0; i < count; i++) {
        if (is_free(partners, classes, indexes[i])) {
            classes[indexes[i]] = MATCH_COUNT_DIFFERS;
            related[indexes[i]] = other;
        }
    }
}

/* Whether a person forbade a pair of SALES and LINES. Of a group too large to ask about each, it is said to be so. */
static bool
has_forbidden(const struct match_state *state, const uint32_t *sales, size_t sale_count, const uint32_t *lines,
              size_t line_count)
{
    enum { PAIRS_ASKED_MAX = 10000 }; /* one payment is not split a hundredfold */
    if (sale_count * line_count > PAIRS_ASKED_MAX) {
        return true;
    }
    for (size_t i = 0; i < sale_count * line_count; i++) {
        if (match_is_forbidden(state, sales[i / line_count], lines[i % line_count])) {
            return true;
        }
    }
    return false;
}

/* Several for one: what waits on both sides is the same yen in another number of pieces. No pair is made, because a
 * pair has two sides; but nothing of it is a wrong amount or a duplicate either. Where a person forbade one of the
 * pairs, it is not one payment. */
static void
find_split(struct match_state *state, const uint32_t *sales, size_t sale_count, const uint32_t *lines,
           size_t line_count)
{
    struct waiting ours = add_up(&state->input->sales, state->sale_partner, state->sale_class, sales, sale_count);
    struct waiting theirs = add_up(&state->input->lines, state->line_partner, state->line_class, lines, line_count);
    bool is_split = ours.count > 0 && theirs.count > 0 && ours.count != theirs.count &&
                    ours.sum_yen == theirs.sum_yen && ours.sum_yen != 0 && !ours.is_too_large && !theirs.is_too_large &&
                    !ours.has_training && !theirs.has_training;
    if (is_split && state->forbidden_count > 0) {
        is_split = !has_forbidden(state, sales, sale_count, lines, line_count);
    }
    if (is_split) {
        mark_split(state->sale_partner, state->sale_class, state->sale_related, sales, sale_count, theirs.first);
        mark_split(state->line_partner, state->line_class, state->line_related, lines, line_count, ours.first);
    }
}

static void
resolve_sign(struct match_state *state, enum match_key key, bool is_negative, uint32_t *sales, size_t sale_count,
             uint32_t *lines, size_t line_count)
{
    for (int step = 0; step < STEP_COUNT; step++) {
        size_t free_sales = count_free(state->sale_partner, state->sale_class, sales, sale_count);
        size_t free_lines = count_free(state->line_partner, state->line_class, lines, line_count);
        bool is_guess = step == STEP_REST && is_negative && (free_sales != 1 || free_lines != 1);
        if (free_sales > 0 && free_lines > 0 && !is_guess) {
            run_step(state, key, (enum step_key)step, sales, sale_count, lines, line_count);
        }
        if (step == STEP_ACQUIRER_AND_AMOUNT) {
            find_split(state, sales, sale_count, lines, line_count);
        }
    }
}

/* Move the negative items of INDEXES behind the others; returns how many are not negative. */
static size_t
split_signs(const struct match_item *items, uint32_t *indexes, size_t count)
{
    size_t positive = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t index = indexes[i];
        if (items[index].amount_yen >= 0) {
            indexes[i] = indexes[positive];
            indexes[positive++] = index;
        }
    }
    return positive;
}

/* The first of INDEXES in the order among equals, in a pair or not as asked; MATCH_NONE when there is none. */
static uint32_t
find_first(const struct match_side *side, const uint32_t *partners, const uint32_t *indexes, size_t count, bool in_pair)
{
    uint32_t first = MATCH_NONE;
    for (size_t i = 0; i < count; i++) {
        bool is_candidate = (partners[indexes[i]] != MATCH_NONE) == in_pair;
        if (is_candidate && (first == MATCH_NONE || match_compare_items(side->items, indexes[i], first) < 0)) {
            first = indexes[i];
        }
    }
    return first;
}

/* A payment stands once on each side. Of several sales (or lines) of one reference the one in a pair, or else the
 * first, is the payment, and the others are its duplicates. */
static void
mark_duplicates(const struct match_side *side, const uint32_t *partners, const uint32_t *indexes, size_t count,
                uint8_t *classes, uint32_t *related)
{
    uint32_t original = find_first(side, partners, indexes, count, /* in_pair= */ true);
    if (original == MATCH_NONE) {
        original = find_first(side, partners, indexes, count, /* in_pair= */ false);
    }
    for (size_t i = 0; i < count; i++) {
        if (partners[indexes[i]] == MATCH_NONE && indexes[i] != original && classes[indexes[i]] == CLASS_UNDECIDED) {
            classes[indexes[i]] = MATCH_DUPLICATE;
            related[indexes[i]] = original;
        }
    }
}

/* Several refunds of one sale are legal; only the same acquirer's reference and amount once more is a duplicate.
 * INDEXES are sorted by them, those in pairs first among equals. */
static int
compare_refunds(const void *context, uint32_t a, uint32_t b)
{
    const struct match_state *state = context;
    const struct match_item *items = state->input->lines.items;
    int order = compare_keys(&items[a], &items[b], STEP_ACQUIRER_AND_AMOUNT);
    if (order == 0) {
        order = (state->line_partner[a] == MATCH_NONE) - (state->line_partner[b] == MATCH_NONE);
    }
    return order != 0 ? order : match_compare_items(items, a, b);
}

static void
mark_repeated_refunds(struct match_state *state, uint32_t *lines, size_t count)
{
    const struct match_item *items = state->input->lines.items;
    match_sort(lines, count, state->scratch, compare_refunds, state);
    size_t original = 0;
    for (size_t i = 1; i < count; i++) {
        if (compare_keys(&items[lines[original]], &items[lines[i]], STEP_ACQUIRER_AND_AMOUNT) != 0) {
            original = i;
        } else if (state->line_partner[lines[i]] == MATCH_NONE && items[lines[i]].acquirer_length > 0 &&
                   state->line_class[lines[i]] == CLASS_UNDECIDED) {
            state->line_class[lines[i]] = MATCH_DUPLICATE;
            state->line_related[lines[i]] = lines[original];
        }
    }
}

/* A void or refund of ours that the statement lacks, although it has the payment. */
static void
mark_paid_voids(struct match_state *state, const uint32_t *sales, size_t sale_count, const uint32_t *paid_lines,
                size_t paid_count)
{
    const struct match_side *lines = &state->input->lines;
    uint32_t paid = find_first(lines, state->line_partner, paid_lines, paid_count, /* in_pair= */ true);
    if (paid == MATCH_NONE) {
        paid = find_first(lines, state->line_partner, paid_lines, paid_count, /* in_pair= */ false);
    }
    for (size_t i = 0; i < sale_count && paid != MATCH_NONE; i++) {
        if (state->sale_partner[sales[i]] == MATCH_NONE && state->sale_class[sales[i]] == CLASS_UNDECIDED) {
            state->sale_class[sales[i]] = MATCH_PAID_THOUGH_VOID;
            state->sale_related[sales[i]] = paid;
        }
    }
}

void
match_resolve_group(struct match_state *state, enum match_key key, uint32_t *sales, size_t sale_count, uint32_t *lines,
                    size_t line_count)
{
    const struct match_side *sale_side = &state->input->sales;
    const struct match_side *line_side = &state->input->lines;
    size_t sold = split_signs(sale_side->items, sales, sale_count);
    size_t paid = split_signs(line_side->items, lines, line_count);
    resolve_sign(state, key, /* is_negative= */ false, sales, sold, lines, paid);
    resolve_sign(state, key, /* is_negative= */ true, sales + sold, sale_count - sold, lines + paid, line_count - paid);
    if (key != MATCH_BY_REFERENCE) {
        return; /* what an acquirer's reference tells about leftovers is decided by match_classify_open */
    }
    mark_duplicates(sale_side, state->sale_partner, sales, sold, state->sale_class, state->sale_related);
    mark_duplicates(line_side, state->line_partner, lines, paid, state->line_class, state->line_related);
    mark_repeated_refunds(state, lines + paid, line_count - paid);
    mark_paid_voids(state, sales + sold, sale_count - sold, lines, paid);
}
