/* Sorting indexes by what they point to, and the one order among equals. */
#include "settlement/reconciliation/match_state.h"

#include <string.h>

/* Merge [0 … middle) and [middle … count) of FROM into TO. */
static void
merge(const uint32_t *from, size_t middle, size_t count, uint32_t *to, match_compare *compare, const void *context)
{
    size_t left = 0;
    size_t right = middle;
    for (size_t i = 0; i < count; i++) {
        bool takes_left = right == count || (left < middle && compare(context, from[left], from[right]) <= 0);
        to[i] = takes_left ? from[left++] : from[right++];
    }
}

void
match_sort(uint32_t *indexes, size_t count, uint32_t *scratch, match_compare *compare, const void *context)
{
    size_t sorted = 1;
    while (sorted < count && compare(context, indexes[sorted - 1], indexes[sorted]) <= 0) {
        sorted++;
    }
    if (sorted >= count) {
        return; /* as usual */
    }
    uint32_t *from = indexes;
    uint32_t *to = scratch;
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t start = 0; start < count; start += 2 * width) {
            size_t length = count - start < 2 * width ? count - start : 2 * width;
            merge(from + start, length < width ? length : width, length, to + start, compare, context);
        }
        uint32_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != indexes) {
        memcpy(indexes, from, count * sizeof *indexes);
    }
}

static int
compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int
compare_texts(struct text_view a, struct text_view b)
{
    size_t common = a.length < b.length ? a.length : b.length;
    int order = common > 0 ? memcmp(a.at, b.at, common) : 0;
    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

int
match_compare_items(const void *items, uint32_t a, uint32_t b)
{
    const struct match_item *first = (const struct match_item *)items + a;
    const struct match_item *second = (const struct match_item *)items + b;
    int order = compare_numbers(first->accepted_at_ms, second->accepted_at_ms);
    if (order == 0) {
        order = compare_numbers(first->amount_yen, second->amount_yen);
    }
    if (order == 0) {
        order = compare_texts(match_item_acquirer_reference(first), match_item_acquirer_reference(second));
    }
    if (order == 0) {
        order = compare_texts(match_item_reference(first), match_item_reference(second));
    }
    return order != 0 ? order : (first->id > second->id) - (first->id < second->id);
}
