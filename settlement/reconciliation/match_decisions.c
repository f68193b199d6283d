/* What people decided comes before every key, and nothing later undoes it. */
#include "settlement/reconciliation/match_state.h"

#include <stdlib.h>
#include <string.h>

static int
compare_ids(uint64_t a_sale, uint64_t a_line, uint64_t b_sale, uint64_t b_line)
{
    if (a_sale != b_sale) {
        return a_sale < b_sale ? -1 : 1;
    }
    return (a_line > b_line) - (a_line < b_line);
}

static int
compare_decisions(const void *a, const void *b)
{
    const struct match_decision *first = a;
    const struct match_decision *second = b;
    int order = compare_ids(first->sale_id, first->line_id, second->sale_id, second->line_id);
    return order != 0 ? order : (int)first->is_pair - (int)second->is_pair;
}

/* Where the decision (SALE_ID, LINE_ID) is or would be in SORTED. */
static size_t
lower_bound(const struct match_decision *sorted, size_t count, uint64_t sale_id, uint64_t line_id)
{
    size_t low = 0;
    while (low < count) {
        size_t middle = low + (count - low) / 2;
        if (compare_ids(sorted[middle].sale_id, sorted[middle].line_id, sale_id, line_id) < 0) {
            low = middle + 1;
        } else {
            count = middle;
        }
    }
    return low;
}

bool
match_is_forbidden(const struct match_state *state, uint32_t sale, uint32_t line)
{
    if (state->forbidden_count == 0) {
        return false;
    }
    uint64_t sale_id = match_sale(state, sale)->id;
    uint64_t line_id = match_line(state, line)->id;
    size_t at = lower_bound(state->forbidden, state->forbidden_count, sale_id, line_id);
    return at < state->forbidden_count && state->forbidden[at].sale_id == sale_id &&
           state->forbidden[at].line_id == line_id;
}

static enum status
refuse_decision(const struct match_decision *decision, struct error_detail *err)
{
    error_set(err, "decision_conflict",
              "人の判断が矛盾しています（売上 %llu、明細 %llu）。どちらかの判断を取り消してください。",
              (unsigned long long)decision->sale_id, (unsigned long long)decision->line_id);
    return STATUS_INVALID;
}

/* One position of an id among the ids that decisions name. */
struct named_item {
    uint64_t id;
    uint32_t item; /* MATCH_NONE: not among the inputs */
    bool is_paired;
};

static int
compare_named(const void *a, const void *b)
{
    const struct named_item *first = a;
    const struct named_item *second = b;
    return (first->id > second->id) - (first->id < second->id);
}

/* INVARIANT: sorted by id, each id once. */
struct named_items {
    struct named_item *names;
    size_t count;
};

static struct named_item *
find_named(const struct named_items *named, uint64_t id)
{
    struct named_item wanted = {.id = id};
    return bsearch(&wanted, named->names, named->count, sizeof *named->names, compare_named);
}

/* The ids of DECISIONS' sales or lines, and where among the items of SIDE they are. */
static bool
collect_named(struct named_items *out, struct arena *arena, const struct match_decision *decisions, size_t count,
              const struct match_side *side, bool is_sale)
{
    struct named_item *names = arena_take_array(arena, count, sizeof *names);
    if (names == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        names[i] = (struct named_item){.id = is_sale ? decisions[i].sale_id : decisions[i].line_id, .item = MATCH_NONE};
    }
    qsort(names, count, sizeof *names, compare_named);
    *out = (struct named_items){.names = names};
    for (size_t i = 0; i < count; i++) {
        if (out->count == 0 || names[out->count - 1].id != names[i].id) {
            names[out->count++] = names[i];
        }
    }
    for (size_t i = 0; i < side->count; i++) {
        struct named_item *named = find_named(out, side->items[i].id);
        if (named != NULL) {
            named->item = (uint32_t)i;
        }
    }
    return true;
}

/* Make the pairs of SORTED. */
static enum status
make_decided_pairs(struct match_state *state, const struct match_decision *sorted, size_t count,
                   const struct named_items *sales, const struct named_items *lines, struct error_detail *err)
{
    for (size_t i = 0; i < count; i++) {
        bool is_said_twice = i + 1 < count && compare_ids(sorted[i].sale_id, sorted[i].line_id, sorted[i + 1].sale_id,
                                                          sorted[i + 1].line_id) == 0;
        if (is_said_twice && sorted[i].is_pair != sorted[i + 1].is_pair) {
            return refuse_decision(&sorted[i], err);
        }
        if (!sorted[i].is_pair || is_said_twice) {
            continue;
        }
        struct named_item *sale = find_named(sales, sorted[i].sale_id);
        struct named_item *line = find_named(lines, sorted[i].line_id);
        if (sale->is_paired || line->is_paired) {
            return refuse_decision(&sorted[i], err);
        }
        sale->is_paired = true;
        line->is_paired = true;
        if (sale->item != MATCH_NONE && line->item != MATCH_NONE) {
            uint8_t verdict = (uint8_t)(match_verdict(state, sale->item, line->item) & ~(unsigned)VERDICT_SIGN);
            match_make_pair(state, sale->item, line->item, MATCH_BY_DECISION, verdict);
        }
    }
    return STATUS_OK;
}

enum status
match_apply_decisions(struct match_state *state, struct error_detail *err)
{
    size_t count = state->input->decision_count;
    if (count == 0) {
        return STATUS_OK;
    }
    struct match_decision *sorted = arena_take_array(state->arena, count, sizeof *sorted);
    struct match_decision *forbidden = arena_take_array(state->arena, count, sizeof *forbidden);
    struct named_items sales, lines;
    if (sorted == NULL || forbidden == NULL) {
        return match_refuse_memory(err);
    }
    memcpy(sorted, state->input->decisions, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_decisions);
    if (!collect_named(&sales, state->arena, sorted, count, &state->input->sales, /* is_sale= */ true) ||
        !collect_named(&lines, state->arena, sorted, count, &state->input->lines, /* is_sale= */ false)) {
        return match_refuse_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        if (!sorted[i].is_pair) {
            forbidden[state->forbidden_count++] = sorted[i];
        }
    }
    state->forbidden = forbidden;
    return make_decided_pairs(state, sorted, count, &sales, &lines, err);
}
