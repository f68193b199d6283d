/* The third key is only ever mentioned: an open item of the other side at the same terminal, of the same amount, and
 * near in time. Two clerks at one terminal sell the same certificate twice in a minute; such a pair would be a guess.
 */
#include "settlement/reconciliation/match_state.h"

#include <stdlib.h>

/* INVARIANT: sorted by (key, time, id), so that the neighbours in time of a key are neighbours here. */
struct candidate {
    uint64_t key; /* of terminal and amount; equal keys are compared in full */
    int64_t accepted_at_ms;
    uint64_t id;
    uint32_t item;
};

struct candidates {
    struct candidate *sorted;
    size_t count;
};

static uint64_t
key_of(const struct match_item *item)
{
    return (uint64_t)match_hash(match_item_terminal(item)) << 32 ^ (uint64_t)item->amount_yen;
}

static bool
can_be_suggested(const struct match_item *item)
{
    return item->terminal_length > 0 && item->accepted_at_ms != INSTANT_ABSENT;
}

static int
compare_candidates(const void *a, const void *b)
{
    const struct candidate *first = a;
    const struct candidate *second = b;
    if (first->key != second->key) {
        return first->key < second->key ? -1 : 1;
    }
    if (first->accepted_at_ms != second->accepted_at_ms) {
        return first->accepted_at_ms < second->accepted_at_ms ? -1 : 1;
    }
    return (first->id > second->id) - (first->id < second->id);
}

static enum status
collect(struct match_state *state, const struct match_side *side, const uint32_t *open, size_t count,
        struct candidates *out, struct error_detail *err)
{
    struct candidate *sorted = arena_take_array(state->arena, count, sizeof *sorted);
    if (sorted == NULL) {
        return match_refuse_memory(err);
    }
    *out = (struct candidates){.sorted = sorted};
    for (size_t i = 0; i < count; i++) {
        const struct match_item *item = &side->items[open[i]];
        if (can_be_suggested(item)) {
            sorted[out->count++] = (struct candidate){key_of(item), item->accepted_at_ms, item->id, open[i]};
        }
    }
    qsort(sorted, out->count, sizeof *sorted, compare_candidates);
    return STATUS_OK;
}

/* The first candidate that is not before (KEY, TIME). */
static size_t
lower_bound(const struct candidates *candidates, uint64_t key, int64_t time_ms)
{
    size_t low = 0;
    size_t high = candidates->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct candidate *candidate = &candidates->sorted[middle];
        bool is_before = candidate->key < key || (candidate->key == key && candidate->accepted_at_ms < time_ms);
        if (is_before) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

enum {
    CANDIDATES_LOOKED_AT = 64 /* a queue at one terminal; more would tell a person nothing */
};

/* The candidate nearest in time to ITEM within the window; ties go to the earlier, then to the smaller id. */
static uint32_t
nearest(const struct match_state *state, const struct candidates *candidates, const struct match_side *side,
        const struct match_item *item, uint32_t own, bool own_is_sale)
{
    int64_t window_ms = state->options->suggestion_window_ms;
    uint64_t key = key_of(item);
    uint32_t best = MATCH_NONE;
    int64_t best_ms = window_ms + 1;
    size_t first = lower_bound(candidates, key, item->accepted_at_ms - window_ms);
    for (size_t i = first; i < candidates->count && i < first + CANDIDATES_LOOKED_AT; i++) {
        const struct candidate *candidate = &candidates->sorted[i];
        int64_t distance_ms = candidate->accepted_at_ms - item->accepted_at_ms;
        if (candidate->key != key || distance_ms > window_ms) {
            break;
        }
        distance_ms = distance_ms < 0 ? -distance_ms : distance_ms;
        const struct match_item *other = &side->items[candidate->item];
        bool is_same = other->amount_yen == item->amount_yen &&
                       text_view_equals(match_item_terminal(other), match_item_terminal(item));
        bool is_forbidden = own_is_sale ? match_is_forbidden(state, own, candidate->item)
                                        : match_is_forbidden(state, candidate->item, own);
        if (is_same && !is_forbidden && distance_ms < best_ms) {
            best = candidate->item;
            best_ms = distance_ms;
        }
    }
    return best;
}

enum status
match_suggest(struct match_state *state, struct match_discrepancy *discrepancies, size_t count,
              struct error_detail *err)
{
    const struct match_input *input = state->input;
    struct candidates sales, lines;
    enum status status = collect(state, &input->sales, state->open_sales, state->open_sale_count, &sales, err);
    if (status == STATUS_OK) {
        status = collect(state, &input->lines, state->open_lines, state->open_line_count, &lines, err);
    }
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct match_discrepancy *row = &discrepancies[i];
        bool is_sale = row->sale != MATCH_NONE && row->line == MATCH_NONE;
        bool is_line = row->line != MATCH_NONE && row->sale == MATCH_NONE;
        if (is_sale && can_be_suggested(match_sale(state, row->sale))) {
            row->suggestion = nearest(state, &lines, &input->lines, match_sale(state, row->sale), row->sale, true);
        } else if (is_line && can_be_suggested(match_line(state, row->line))) {
            row->suggestion = nearest(state, &sales, &input->sales, match_line(state, row->line), row->line, false);
        }
    }
    return status;
}
