/* Pairs one by one: how two sides compare. */
#include "settlement/reconciliation/match_state.h"

#include <assert.h>

static bool
is_negative(const struct match_item *item)
{
    return item->amount_yen < 0;
}

static bool
days_differ(const struct match_item *sale, const struct match_item *line)
{
    const int64_t day_ms = INT64_C(24) * 60 * 60 * 1000;
    if (sale->accepted_at_ms == INSTANT_ABSENT || line->accepted_at_ms == INSTANT_ABSENT) {
        return false;
    }
    int64_t midnight_ms = match_day_of(sale->accepted_at_ms) * day_ms - INT64_C(9) * 60 * 60 * 1000;
    return line->accepted_at_ms < midnight_ms || line->accepted_at_ms >= midnight_ms + day_ms;
}

static bool
brands_differ(const struct match_state *state, const struct match_item *sale, const struct match_item *line)
{
    const struct match_side *sales = &state->input->sales;
    if (line->brand >= state->input->lines.brand_count || sale->brand >= sales->brand_count) {
        return false;
    }
    uint16_t of_line = state->brand_of_line[line->brand];
    return of_line != sale->brand && of_line != BRAND_UNKNOWN && sales->brands[sale->brand].length > 0;
}

uint8_t
match_verdict(const struct match_state *state, uint32_t sale_index, uint32_t line_index)
{
    const struct match_item *sale = match_sale(state, sale_index);
    const struct match_item *line = match_line(state, line_index);
    unsigned verdict = 0;
    verdict |= is_negative(sale) != is_negative(line) ? VERDICT_SIGN : 0U;
    verdict |= sale->amount_yen != line->amount_yen ? VERDICT_AMOUNT : 0U;
    verdict |= brands_differ(state, sale, line) ? VERDICT_BRAND : 0U;
    verdict |= days_differ(sale, line) ? VERDICT_DAY : 0U;
    verdict |= sale->is_training || line->is_training ? VERDICT_TRAINING : 0U;
    return (uint8_t)verdict;
}

void
match_make_pair(struct match_state *state, uint32_t sale, uint32_t line, enum match_key key, uint8_t verdict)
{
    assert(state->sale_partner[sale] == MATCH_NONE);
    assert(state->line_partner[line] == MATCH_NONE);

    state->sale_partner[sale] = line;
    state->line_partner[line] = sale;
    state->keys[line] = (uint8_t)key;
    state->verdicts[line] = verdict;
}
