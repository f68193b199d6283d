/* What no key could pair: every such item gets its class. */
#include "settlement/reconciliation/match_state.h"

#include <string.h>

enum { JST_OFFSET_MS = 9 * 60 * 60 * 1000, DAY_MS = 24 * 60 * 60 * 1000, MINUTE_MS = 60 * 1000 };

/* The first list of a side: every item in no pair. */
static bool
list_all(struct arena *arena, const uint32_t *partners, size_t item_count, uint32_t **out, size_t *out_count)
{
    size_t count = 0;
    for (size_t i = 0; i < item_count; i++) {
        count += partners[i] == MATCH_NONE ? 1 : 0;
    }
    uint32_t *open = arena_take_array(arena, count, sizeof *open);
    if (open == NULL) {
        return false;
    }
    size_t filled = 0;
    for (size_t i = 0; filled < count; i++) {
        if (partners[i] == MATCH_NONE) {
            open[filled++] = (uint32_t)i;
        }
    }
    *out = open;
    *out_count = count;
    return true;
}

static size_t
keep_open(const uint32_t *partners, uint32_t *open, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (partners[open[i]] == MATCH_NONE) {
            open[kept++] = open[i];
        }
    }
    return kept;
}

enum status
match_list_open(struct match_state *state, struct error_detail *err)
{
    const struct match_input *input = state->input;
    if (state->open_sales != NULL) {
        state->open_sale_count = keep_open(state->sale_partner, state->open_sales, state->open_sale_count);
        state->open_line_count = keep_open(state->line_partner, state->open_lines, state->open_line_count);
        return STATUS_OK;
    }
    bool is_listed =
        list_all(state->arena, state->sale_partner, input->sales.count, &state->open_sales, &state->open_sale_count) &&
        list_all(state->arena, state->line_partner, input->lines.count, &state->open_lines, &state->open_line_count);
    return is_listed ? STATUS_OK : match_refuse_memory(err);
}

/* The chain of INDEX from HEAD on into OUT as items; returns how many. */
static size_t
gather(const struct match_index *index, uint32_t head, uint32_t *out)
{
    size_t count = 0;
    for (uint32_t member = head; member != MATCH_NONE; member = index->next[member]) {
        out[count++] = match_index_item(index, member);
    }
    return count;
}

/* References that only one side has can still stand there twice. */
static enum status
mark_one_sided_duplicates(struct match_state *state, const struct match_side *side, bool is_sale, const uint32_t *open,
                          size_t open_count, struct error_detail *err)
{
    struct match_index *index = NULL;
    enum status status = match_index_create(&index, side, MATCH_TEXT_REFERENCE, open, open_count, state->arena, err);
    uint32_t *group = is_sale ? state->group_sales : state->group_lines;
    for (uint32_t member = 0; status == STATUS_OK && member < open_count; member++) {
        bool has_others = index->next[member] != MATCH_NONE;
        if (has_others && match_index_find(index, &side->items[open[member]]) == member) {
            size_t count = gather(index, member, group);
            match_resolve_group(state, MATCH_BY_REFERENCE, group, is_sale ? count : 0, group, is_sale ? 0 : count);
        }
    }
    return status;
}

/* By acquirer's reference and amount; among equals those in pairs first, then those with a reference of ours. */
static int
compare_repeats(const void *context, uint32_t a, uint32_t b)
{
    const struct match_state *state = context;
    const struct match_item *first = match_line(state, a);
    const struct match_item *second = match_line(state, b);
    size_t common = first->acquirer_length < second->acquirer_length ? first->acquirer_length : second->acquirer_length;
    int order = memcmp(first->acquirer_reference, second->acquirer_reference, common);
    if (order == 0) {
        order = (int)first->acquirer_length - (int)second->acquirer_length;
    }
    if (order == 0) {
        order = (first->amount_yen > second->amount_yen) - (first->amount_yen < second->amount_yen);
    }
    if (order == 0) {
        order = (state->line_partner[a] == MATCH_NONE) - (state->line_partner[b] == MATCH_NONE);
    }
    if (order == 0) {
        order = (first->reference_length == 0) - (second->reference_length == 0);
    }
    return order != 0 ? order : match_compare_items(state->input->lines.items, a, b);
}

static bool
is_repeat(const struct match_item *a, const struct match_item *b)
{
    return a->amount_yen == b->amount_yen &&
           text_view_equals(match_item_acquirer_reference(a), match_item_acquirer_reference(b));
}

/* An open line without reference of ours repeats another line when the acquirer's reference and the amount are the
 * same. LOST are these lines. The table holds only them, so that asking it about every line costs little. */
static enum status
mark_acquirer_duplicates(struct match_state *state, const uint32_t *lost, size_t lost_count, struct error_detail *err)
{
    const struct match_side *lines = &state->input->lines;
    struct match_index *index = NULL;
    enum status status = match_index_create(&index, lines, MATCH_TEXT_ACQUIRER, lost, lost_count, state->arena, err);
    if (status != STATUS_OK || lost_count == 0) {
        return status;
    }
    size_t count = 0;
    for (uint32_t line = 0; line < lines->count; line++) {
        if (match_index_find(index, &lines->items[line]) != MATCH_NONE) {
            state->group_lines[count++] = line;
        }
    }
    match_sort(state->group_lines, count, state->scratch, compare_repeats, state);
    uint32_t original = MATCH_NONE;
    for (size_t i = 0; i < count; i++) {
        uint32_t line = state->group_lines[i];
        if (original == MATCH_NONE || !is_repeat(&lines->items[original], &lines->items[line])) {
            original = line;
        } else if (state->line_partner[line] == MATCH_NONE && lines->items[line].reference_length == 0 &&
                   state->line_class[line] == CLASS_UNDECIDED) {
            state->line_class[line] = MATCH_DUPLICATE;
            state->line_related[line] = original;
        }
    }
    return STATUS_OK;
}

/* Whether the statement, whose last line is of LAST_MS, may not reach SALE yet: the sale is later than every line, and
 * on a later day or within the last minutes of its day. */
static bool
is_cut_off(const struct match_item *sale, int64_t last_ms, int cut_off_minutes)
{
    if (last_ms == INSTANT_ABSENT || sale->accepted_at_ms <= last_ms) {
        return false;
    }
    int64_t day = match_day_of(sale->accepted_at_ms);
    int64_t midnight_after_ms = (day + 1) * DAY_MS - JST_OFFSET_MS;
    return day > match_day_of(last_ms) ||
           sale->accepted_at_ms >= midnight_after_ms - cut_off_minutes * (int64_t)MINUTE_MS;
}

static void
classify_sales(struct match_state *state, const uint32_t *open, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct match_item *sale = match_sale(state, open[i]);
        uint8_t *class = &state->sale_class[open[i]];
        if (sale->is_training) {
            *class = MATCH_TRAINING;
        } else if (*class != MATCH_DUPLICATE && *class != MATCH_COUNT_DIFFERS &&
                   is_cut_off(sale, state->last_line_ms, state->options->cut_off_minutes)) {
            *class = MATCH_CUT_OFF; /* the next statement may have it: also a void of a payment in this one */
        } else if (*class == CLASS_UNDECIDED) {
            *class = MATCH_POS_ONLY;
        }
    }
}

static void
classify_lines(struct match_state *state, const uint32_t *open, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct match_item *line = match_line(state, open[i]);
        uint8_t *class = &state->line_class[open[i]];
        if (line->is_training) {
            *class = MATCH_TRAINING;
        } else if (*class == CLASS_UNDECIDED) {
            *class = line->amount_yen < 0 ? MATCH_REVERSAL_ONLY : MATCH_STATEMENT_ONLY;
        }
    }
}

enum status
match_classify_open(struct match_state *state, struct error_detail *err)
{
    const struct match_input *input = state->input;
    enum status status = match_list_open(state, err);
    const uint32_t *sales = state->open_sales;
    const uint32_t *lines = state->open_lines;
    const size_t sale_count = state->open_sale_count;
    const size_t line_count = state->open_line_count;
    if (status == STATUS_OK) {
        status = mark_one_sided_duplicates(state, &input->sales, /* is_sale= */ true, sales, sale_count, err);
    }
    if (status == STATUS_OK) {
        status = mark_one_sided_duplicates(state, &input->lines, /* is_sale= */ false, lines, line_count, err);
    }
    size_t lost_count = 0;
    uint32_t *lost = status == STATUS_OK ? arena_take_array(state->arena, line_count, sizeof *lost) : NULL;
    if (status == STATUS_OK && lost == NULL) {
        status = match_refuse_memory(err);
    }
    for (size_t i = 0; status == STATUS_OK && i < line_count; i++) {
        if (match_line(state, lines[i])->reference_length == 0) {
            lost[lost_count++] = lines[i];
        }
    }
    if (status == STATUS_OK) {
        status = mark_acquirer_duplicates(state, lost, lost_count, err);
    }
    if (status == STATUS_OK) {
        classify_sales(state, sales, sale_count);
        classify_lines(state, lines, line_count);
    }
    return status;
}
