/* The third key: terminal, slip number and amount together (端末番号・伝票番号・金額), for statements of companies that
 * keep no reference at all.
 *
 * A slip number is not unique: a terminal counts to its end and begins anew, some of them each morning. So a pair is
 * made only when it is the only one possible: the sale has one line that it can be, and that line has one sale that it
 * can be, near in time, of the same brand as far as brands are known, with no reference that says otherwise. */
#include "settlement/reconciliation/match_state.h"

#include <string.h>

enum {
    SLIP_GROUP_MAX = 64 /* sales or lines of one key; more is a terminal that writes one number on every slip */
};

/* A terminal that counts from 1 each morning repeats a number after 24 hours; half of that tells its days apart. Lines
 * that name a day without a time stand at its beginning: the same day is near as well. */
#define SLIP_WINDOW_MS (INT64_C(12) * 60 * 60 * 1000)

/* One side's items that can take part, by key. */
struct slips {
    const struct match_side *side;
    uint32_t *indexes;
    size_t count;
};

/* Terminals write "000123", companies 123. Zeros alone are no number. */
static struct text_view
slip_of(const struct match_side *side, uint32_t index)
{
    struct text_view slip = side->slips[index];
    while (slip.length > 0 && slip.at[0] == '0') {
        slip.at++;
        slip.length--;
    }
    return slip;
}

static int
compare_views(struct text_view a, struct text_view b)
{
    size_t common = a.length < b.length ? a.length : b.length;
    int order = common > 0 ? memcmp(a.at, b.at, common) : 0;
    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

/* <0, 0, >0 by terminal, slip and amount; the sides may differ. */
static int
compare_keys(const struct match_side *a_side, uint32_t a, const struct match_side *b_side, uint32_t b)
{
    const struct match_item *first = &a_side->items[a], *second = &b_side->items[b];
    int order = compare_views(match_item_terminal(first), match_item_terminal(second));
    if (order == 0) {
        order = compare_views(slip_of(a_side, a), slip_of(b_side, b));
    }
    return order != 0 ? order : (first->amount_yen > second->amount_yen) - (first->amount_yen < second->amount_yen);
}

static int
compare_in_side(const void *context, uint32_t a, uint32_t b)
{
    const struct match_side *side = context;
    int order = compare_keys(side, a, side, b);
    return order != 0 ? order : match_compare_items(side->items, a, b);
}

/* The open items of SIDE that have the key, in its order. A line that names a reference of ours is of that payment or
 * of none: the first key has answered for it. What is one of several for one has its answer as well. */
static enum status
list_slips(struct match_state *state, const struct match_side *side, bool is_sales, struct slips *out,
           struct error_detail *err)
{
    const uint32_t *open = is_sales ? state->open_sales : state->open_lines;
    const uint8_t *classes = is_sales ? state->sale_class : state->line_class;
    size_t open_count = is_sales ? state->open_sale_count : state->open_line_count;
    *out = (struct slips){.side = side, .indexes = arena_take_array(state->arena, open_count, sizeof *out->indexes)};
    if (out->indexes == NULL) {
        return match_refuse_memory(err);
    }
    for (size_t i = 0; i < open_count; i++) {
        const struct match_item *item = &side->items[open[i]];
        bool has_key = item->terminal_length > 0 && slip_of(side, open[i]).length > 0;
        if (has_key && classes[open[i]] != MATCH_COUNT_DIFFERS && (is_sales || item->reference_length == 0)) {
            out->indexes[out->count++] = open[i];
        }
    }
    match_sort(out->indexes, out->count, state->scratch, compare_in_side, side);
    return STATUS_OK;
}

static bool
are_near(const struct match_item *sale, const struct match_item *line)
{
    if (sale->accepted_at_ms == INSTANT_ABSENT || line->accepted_at_ms == INSTANT_ABSENT) {
        return true; /* a refund of ours has no time; then nothing else may come into question */
    }
    int64_t apart_ms = sale->accepted_at_ms - line->accepted_at_ms;
    return (apart_ms >= -SLIP_WINDOW_MS && apart_ms <= SLIP_WINDOW_MS) ||
           match_day_of(sale->accepted_at_ms) == match_day_of(line->accepted_at_ms);
}

static bool
can_be_one(const struct match_state *state, uint32_t sale, uint32_t line)
{
    const struct match_item *ours = match_sale(state, sale), *theirs = match_line(state, line);
    bool has_other_reference =
        ours->acquirer_length > 0 && theirs->acquirer_length > 0 &&
        !text_view_equals(match_item_acquirer_reference(ours), match_item_acquirer_reference(theirs));
    return !has_other_reference && are_near(ours, theirs) && !match_is_forbidden(state, sale, line) &&
           (match_verdict(state, sale, line) & (VERDICT_SIGN | VERDICT_BRAND | VERDICT_TRAINING)) == 0;
}

/* The one place of the COUNT items OTHERS that item INDEX can be one with; SLIP_GROUP_MAX when none or several. */
static size_t
find_only(const struct match_state *state, uint32_t index, bool is_sale, const uint32_t *others, size_t count)
{
    size_t found = SLIP_GROUP_MAX;
    for (size_t i = 0; i < count; i++) {
        if (is_sale ? can_be_one(state, index, others[i]) : can_be_one(state, others[i], index)) {
            if (found != SLIP_GROUP_MAX) {
                return SLIP_GROUP_MAX;
            }
            found = i;
        }
    }
    return found;
}

/* All that share one key. Who is the only one is found before any pair is made, so that order decides nothing. */
static void
pair_group(struct match_state *state, const uint32_t *sales, size_t sale_count, const uint32_t *lines,
           size_t line_count)
{
    size_t only_line[SLIP_GROUP_MAX];
    if (sale_count > SLIP_GROUP_MAX || line_count > SLIP_GROUP_MAX) {
        return;
    }
    for (size_t i = 0; i < sale_count; i++) {
        only_line[i] = find_only(state, sales[i], /* is_sale= */ true, lines, line_count);
        if (only_line[i] != SLIP_GROUP_MAX &&
            find_only(state, lines[only_line[i]], /* is_sale= */ false, sales, sale_count) != i) {
            only_line[i] = SLIP_GROUP_MAX;
        }
    }
    for (size_t i = 0; i < sale_count; i++) {
        if (only_line[i] != SLIP_GROUP_MAX) {
            uint32_t line = lines[only_line[i]];
            match_make_pair(state, sales[i], line, MATCH_BY_SLIP, match_verdict(state, sales[i], line));
        }
    }
}

/* How many items of SLIPS from START on have its key. */
static size_t
run_length(const struct slips *slips, size_t start)
{
    size_t end = start + 1;
    while (end < slips->count &&
           compare_keys(slips->side, slips->indexes[start], slips->side, slips->indexes[end]) == 0) {
        end++;
    }
    return end - start;
}

enum status
match_by_slip(struct match_state *state, struct error_detail *err)
{
    const struct match_side *sale_side = &state->input->sales, *line_side = &state->input->lines;
    struct slips sales, lines;
    if (sale_side->slips == NULL || line_side->slips == NULL) {
        return STATUS_OK;
    }
    enum status status = match_list_open(state, err);
    if (status == STATUS_OK) {
        status = list_slips(state, sale_side, /* is_sales= */ true, &sales, err);
    }
    if (status == STATUS_OK) {
        status = list_slips(state, line_side, /* is_sales= */ false, &lines, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    for (size_t i = 0, k = 0; i < sales.count && k < lines.count;) {
        int order = compare_keys(sale_side, sales.indexes[i], line_side, lines.indexes[k]);
        size_t sale_run = order <= 0 ? run_length(&sales, i) : 0;
        size_t line_run = order >= 0 ? run_length(&lines, k) : 0;
        if (order == 0) {
            pair_group(state, sales.indexes + i, sale_run, lines.indexes + k, line_run);
        }
        i += sale_run;
        k += line_run;
    }
    return STATUS_OK;
}
