/* What payer, amount and a few days' distance make likely, and nothing more: people look at it. */
#include "settlement/reconciliation/payout_state.h"
#include "settlement/statements/kana.h"

static bool
is_near(const struct payout_matching *matching, struct civil_date a, struct civil_date b)
{
    if (a.year == 0 || b.year == 0) {
        return false;
    }
    int64_t days = civil_date_to_days(a) - civil_date_to_days(b);
    return days <= matching->options->suggestion_days && -days <= matching->options->suggestion_days;
}

static const struct payout_credit *
credit_of(const struct payout_matching *matching, size_t unknown)
{
    return &matching->input->credits[matching->unknown[unknown]->portion.credit];
}

static bool
could_come_from(const struct payout *payout, const struct payout_credit *credit)
{
    return payout->payer_kana.length == 0 || bank_kana_equal(payout->payer_kana, credit->payer_kana);
}

/* The first unknown portion that exceeds YEN. */
static size_t
first_above(const struct payout_matching *matching, int64_t yen)
{
    size_t low = 0;
    size_t high = matching->unknown_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (matching->unknown[middle]->portion.amount_yen <= yen) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

uint32_t
payout_suggest_credit(const struct payout_matching *matching, const struct payout *payout, int64_t missing_yen)
{
    for (size_t i = first_above(matching, missing_yen); i-- > 0;) { /* the largest that does not exceed it */
        const struct payout_credit *credit = credit_of(matching, i);
        if (missing_yen - matching->unknown[i]->portion.amount_yen > matching->options->transfer_fee_max_yen) {
            break;
        }
        if (could_come_from(payout, credit) && is_near(matching, payout->pay_date, credit->date)) {
            return matching->unknown[i]->portion.credit;
        }
    }
    return PAYOUT_NONE;
}

void
payout_suggest_groups(struct payout_matching *matching)
{
    for (size_t i = 0; i < matching->group_count; i++) {
        const struct payout_group *group = &matching->groups[i];
        const struct payout *payout = matching->payouts[matching->members[group->first]].payout;
        for (size_t k = first_above(matching, group->sum_yen); group->count > 1 && k-- > 0;) {
            const struct payout_credit *credit = credit_of(matching, k);
            if (matching->unknown[k]->portion.amount_yen != group->sum_yen) {
                break;
            }
            uint32_t *place = &matching->suggested_all[matching->unknown[k]->portion.credit];
            if (*place == PAYOUT_NONE && could_come_from(payout, credit) &&
                is_near(matching, group->day, credit->date)) {
                *place = (uint32_t)i;
            }
        }
    }
}

uint32_t
payout_suggest_whole(const struct payout_matching *matching, uint32_t group)
{
    if (group == PAYOUT_NONE) {
        return PAYOUT_NONE;
    }
    for (size_t i = first_above(matching, matching->groups[group].sum_yen); i-- > 0;) {
        if (matching->unknown[i]->portion.amount_yen != matching->groups[group].sum_yen) {
            break;
        }
        if (matching->suggested_all[matching->unknown[i]->portion.credit] == group) {
            return matching->unknown[i]->portion.credit;
        }
    }
    return PAYOUT_NONE;
}
