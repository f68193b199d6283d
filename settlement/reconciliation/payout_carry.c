/* What is carried over: one walk over the payouts of each company by their pay days. `sum` is what the payouts carried
 * so far leave to the next; the first that is paid takes all of it. */
#include "common/money/yen.h"
#include "settlement/reconciliation/payout_state.h"

#include <stdlib.h>

/* What is carried and has no taker yet. INVARIANT: its payouts are chain[first … length of the chain). */
struct carrying {
    int64_t sum_yen;
    size_t first;
    size_t count;
};

static const struct payout *
payout_of(const struct payout_matching *matching, uint32_t number)
{
    return matching->payouts[number].payout;
}

/* qsort has no context, so what is sorted says all by itself. */
struct dated_payout {
    const struct payout *payout;
    int64_t own_yen;
    uint32_t number;
};

static int
compare_dated(const void *a, const void *b)
{
    const struct dated_payout *first = a;
    const struct dated_payout *second = b;
    int order = payout_compare_views(first->payout->trustee, second->payout->trustee);
    order = order != 0 ? order : civil_date_compare(first->payout->pay_date, second->payout->pay_date);
    if (order != 0) {
        return order;
    }
    if (first->own_yen != second->own_yen) {
        return first->own_yen < second->own_yen ? -1 : 1;
    }
    return (first->number > second->number) - (first->number < second->number); /* numbers are by id */
}

static enum status
sort_by_day(struct payout_matching *matching, struct error_detail *err)
{
    size_t count = matching->input->payout_count;
    struct dated_payout *dated = arena_take_array(matching->options->arena, count, sizeof *dated);
    if (dated == NULL) {
        return payout_refuse_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        const struct payout *payout = payout_of(matching, (uint32_t)i);
        dated[i] = (struct dated_payout){payout, payout_expected_yen(payout), (uint32_t)i};
    }
    if (count > 1) {
        qsort(dated, count, sizeof *dated, compare_dated);
    }
    for (size_t i = 0; i < count; i++) {
        matching->by_day[i] = dated[i].number;
    }
    return STATUS_OK;
}

/* Whether DUE_YEN, which is PAYOUT's own and what was carried to it, is left to a later one. `has_next`: there is one.
 */
static bool
is_left(const struct payout_matching *matching, const struct payout *payout, int64_t due_yen, bool is_named,
        bool has_next)
{
    if (is_named || due_yen == 0) {
        return false;
    }
    if (due_yen < 0) {
        return payout->carries_negative;
    }
    struct civil_date last = civil_date_add_days(payout->pay_date, PAYOUT_CARRY_DAYS);
    return due_yen < payout->minimum_yen && (has_next || civil_date_compare(matching->input->as_of, last) <= 0);
}

/* NUMBER takes what is carried. */
static void
take(struct payout_matching *matching, uint32_t number, struct carrying *carrying)
{
    struct payout_standing *standing = &matching->standings[number];
    standing->carry_yen = carrying->sum_yen;
    standing->taken_first = carrying->first;
    standing->taken_count = carrying->count;
    for (size_t i = 0; i < carrying->count; i++) {
        matching->standings[matching->chain[carrying->first + i]].carried_to = number;
    }
    *carrying = (struct carrying){.first = carrying->first + carrying->count};
}

static enum status
step(struct payout_matching *matching, uint32_t number, bool has_next, struct carrying *carrying)
{
    const struct payout *payout = payout_of(matching, number);
    struct payout_standing *standing = &matching->standings[number];
    int64_t due_yen;
    if (payout->is_carry_known) {
        standing->is_carried = payout->is_known_carried;
        standing->carry_yen = payout->known_carry_yen;
        return STATUS_OK;
    }
    enum status status = yen_add(&due_yen, payout_expected_yen(payout), carrying->sum_yen);
    if (status != STATUS_OK || payout->pay_date.year == 0) {
        return status; /* without a day there is no next */
    }
    if (is_left(matching, payout, due_yen, standing->is_named, has_next)) {
        standing->is_carried = true;
        standing->carry_yen = -payout_expected_yen(payout);
        matching->chain[carrying->first + carrying->count++] = number;
        carrying->sum_yen = due_yen;
    } else if (carrying->count > 0) {
        take(matching, number, carrying);
    }
    return STATUS_OK;
}

static enum status
refuse_sum(struct error_detail *err)
{
    error_set(err, "sum_too_large", "繰越の合計が扱える範囲を超えました。");
    return STATUS_OVERFLOW;
}

enum status
payout_carry(struct payout_matching *matching, struct error_detail *err)
{
    size_t count = matching->input->payout_count;
    struct carrying carrying = {0};
    enum status status = sort_by_day(matching, err);
    if (status != STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t number = matching->by_day[i];
        struct text_view trustee = payout_of(matching, number)->trustee;
        bool has_next =
            i + 1 < count && payout_compare_views(trustee, payout_of(matching, matching->by_day[i + 1])->trustee) == 0;
        if (step(matching, number, has_next, &carrying) != STATUS_OK) {
            return refuse_sum(err);
        }
        if (!has_next) {
            carrying = (struct carrying){.first = carrying.first + carrying.count};
        }
    }
    for (size_t i = 0; i < count; i++) {
        struct payout_standing *standing = &matching->standings[i];
        int64_t own_yen = payout_expected_yen(payout_of(matching, (uint32_t)i));
        if (yen_add(&standing->expected_yen, own_yen, standing->carry_yen) != STATUS_OK) {
            return refuse_sum(err);
        }
    }
    return STATUS_OK;
}
