/* Credits to payouts. What a credit speaks of is looked up once (names), then a credit pays the payout that it names,
 * or all of a pay day where that is proved. */
#include "common/money/yen.h"
#include "settlement/reconciliation/payout_state.h"
#include "settlement/statements/kana.h"

#include <stdlib.h>

static struct text_view
trim(struct text_view text)
{
    while (text.length > 0 && text.at[text.length - 1] == ' ') {
        text.length--;
    }
    while (text.length > 0 && text.at[0] == ' ') {
        text.at++;
        text.length--;
    }
    return text;
}

/* The first decision about CREDIT_ID, or where it would be. */
static size_t
first_decision(const struct payout_matching *matching, uint64_t credit_id)
{
    size_t low = 0;
    size_t high = matching->input->decision_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (matching->decisions[middle].credit_id < credit_id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The payout of a person's decision about CREDIT, or PAYOUT_NONE when it is not here. */
static uint32_t
payout_decided(const struct payout_matching *matching, const struct payout_decision *decision,
               const struct payout_credit *credit)
{
    return decision->trustee.length > 0 ? payout_find(matching, decision->payout_id, decision->trustee)
                                        : payout_find_for(matching, decision->payout_id, credit);
}

/* Whether a person spread CREDIT, and the payout that its EDI names, or PAYOUT_NONE. */
static bool
read_name(const struct payout_matching *matching, const struct payout_credit *credit, uint32_t *out_named)
{
    struct text_view edi = trim(credit->edi);
    bool is_decided = false;
    bool is_forbidden = false;
    *out_named = PAYOUT_NONE;
    for (size_t i = first_decision(matching, credit->id); i < matching->input->decision_count; i++) {
        const struct payout_decision *decision = &matching->decisions[i];
        if (decision->credit_id != credit->id) {
            break;
        }
        is_decided = is_decided || decision->is_pair;
        is_forbidden = is_forbidden || (!decision->is_pair && text_view_equals(trim(decision->payout_id), edi));
    }
    if (!is_decided && !is_forbidden && edi.length > 0) {
        *out_named = payout_find_for(matching, edi, credit);
    }
    return is_decided;
}

static enum status
refuse_conflict(const struct payout_credit *credit, const char *what, struct error_detail *err)
{
    error_set(err, "decision_conflict", "入金 %llu %s。どれかを取り消してください。", (unsigned long long)credit->id,
              what);
    return STATUS_INVALID;
}

/* What people said of CREDIT must fit it: no payout twice, all of it once, and no more than it is. */
static enum status
check_decisions(const struct payout_matching *matching, const struct payout_credit *credit, struct error_detail *err)
{
    int64_t sum_yen = 0;
    size_t pairs = 0;
    bool is_whole = false;
    for (size_t i = first_decision(matching, credit->id); i < matching->input->decision_count; i++) {
        const struct payout_decision *decision = &matching->decisions[i];
        if (decision->credit_id != credit->id) {
            break;
        }
        if (!decision->is_pair) {
            continue;
        }
        pairs++;
        is_whole = is_whole || decision->amount_yen == 0;
        if (decision->amount_yen < 0 || yen_add(&sum_yen, sum_yen, decision->amount_yen) != STATUS_OK) {
            return refuse_conflict(credit, "の割当ての額が正しくありません", err);
        }
        for (size_t k = first_decision(matching, credit->id); k < i; k++) {
            const struct payout_decision *earlier = &matching->decisions[k];
            if (earlier->is_pair && text_view_equals(earlier->payout_id, decision->payout_id) &&
                text_view_equals(earlier->trustee, decision->trustee)) {
                return refuse_conflict(credit, "が同じ入金番号に二度割り当てられています", err);
            }
        }
    }
    if (is_whole && pairs > 1) {
        return refuse_conflict(credit, "に二つの入金番号が決められています", err);
    }
    return sum_yen <= credit->amount_yen ? STATUS_OK
                                         : refuse_conflict(credit, "の割当ての合計が入金額を超えています", err);
}

enum status
payout_read_names(struct payout_matching *matching, struct error_detail *err)
{
    const struct payout_input *input = matching->input;
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < input->credit_count; i++) {
        const struct payout_credit *credit = &input->credits[i];
        uint32_t named;
        bool is_decided = read_name(matching, credit, &named);
        if (named != PAYOUT_NONE) {
            matching->standings[named].is_named = true;
        }
        status = check_decisions(matching, credit, err);
        for (size_t k = first_decision(matching, credit->id); is_decided && k < input->decision_count; k++) {
            const struct payout_decision *decision = &matching->decisions[k];
            if (decision->credit_id != credit->id) {
                break;
            }
            uint32_t decided = decision->is_pair ? payout_decided(matching, decision, credit) : PAYOUT_NONE;
            if (decided != PAYOUT_NONE) {
                matching->standings[decided].is_named = true;
            }
        }
    }
    return status;
}

static bool
is_same_group(const struct payout *a, const struct payout *b)
{
    return payout_compare_views(a->trustee, b->trustee) == 0 && civil_date_compare(a->pay_date, b->pay_date) == 0;
}

static int
compare_groups(const void *a, const void *b)
{
    const struct payout_group *first = a;
    const struct payout_group *second = b;
    int order = civil_date_compare(first->day, second->day);
    return order != 0 ? order : payout_compare_views(first->trustee, second->trustee);
}

/* One walk over the payouts by company and day. A day that only patience gave is nobody's pay day. */
static enum status
make_groups(struct payout_matching *matching, struct error_detail *err)
{
    size_t member_count = 0;
    const struct payout *before = NULL;
    for (size_t i = 0; i < matching->input->payout_count; i++) {
        uint32_t number = matching->by_day[i];
        const struct payout *payout = matching->payouts[number].payout;
        const struct payout_standing *standing = &matching->standings[number];
        if (standing->expected_yen <= 0 || payout->pay_date.year == 0 || payout->due_by == PAYOUT_DUE_BY_AGE) {
            continue;
        }
        if (before == NULL || !is_same_group(before, payout)) {
            matching->groups[matching->group_count++] = (struct payout_group){
                .day = payout->pay_date, .trustee = payout->trustee, .first = member_count, .is_together = true};
        }
        struct payout_group *group = &matching->groups[matching->group_count - 1];
        group->count++;
        group->is_together = group->is_together && payout->is_together;
        matching->members[member_count] = number;
        matching->member_indexes[member_count++] = matching->payouts[number].index;
        if (yen_add(&group->sum_yen, group->sum_yen, standing->expected_yen) != STATUS_OK) {
            error_set(err, "sum_too_large", "入金予定の合計が扱える範囲を超えました。");
            return STATUS_OVERFLOW;
        }
        before = payout;
    }
    if (matching->group_count > 1) {
        qsort(matching->groups, matching->group_count, sizeof *matching->groups, compare_groups);
    }
    for (size_t i = 0; i < matching->group_count; i++) {
        for (size_t k = 0; k < matching->groups[i].count; k++) {
            matching->standings[matching->members[matching->groups[i].first + k]].group = (uint32_t)i;
        }
    }
    return STATUS_OK;
}

/* The first group of DAY, or where it would be. */
static size_t
first_group(const struct payout_matching *matching, struct civil_date day)
{
    size_t low = 0;
    size_t high = matching->group_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (civil_date_compare(matching->groups[middle].day, day) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The pay day that CREDIT, whose EDI is empty, is the one transfer of by the terms: the company, the day and the sum of
 * all are right. PAYOUT_NONE when there is none, or more than one. */
static uint32_t
find_together(const struct payout_matching *matching, const struct payout_credit *credit)
{
    uint32_t found = PAYOUT_NONE;
    for (size_t i = first_group(matching, credit->date); i < matching->group_count; i++) {
        const struct payout_group *group = &matching->groups[i];
        if (civil_date_compare(group->day, credit->date) != 0) {
            break;
        }
        struct text_view kana = matching->payouts[matching->members[group->first]].payout->payer_kana;
        if (group->is_together && group->sum_yen == credit->amount_yen && kana.length > 0 &&
            bank_kana_equal(kana, credit->payer_kana)) {
            if (found != PAYOUT_NONE) {
                return PAYOUT_NONE;
            }
            found = (uint32_t)i;
        }
    }
    return found;
}

/* The group that CREDIT could pay as a whole, or PAYOUT_NONE. */
static uint32_t
whole_group_of(const struct payout_matching *matching, const struct payout_credit *credit, uint32_t named)
{
    if (named == PAYOUT_NONE) {
        return trim(credit->edi).length == 0 && credit->amount_yen > 0 ? find_together(matching, credit) : PAYOUT_NONE;
    }
    uint32_t group = matching->standings[named].group;
    bool is_all = group != PAYOUT_NONE && matching->groups[group].count > 1 &&
                  matching->groups[group].sum_yen == credit->amount_yen &&
                  matching->standings[named].expected_yen != credit->amount_yen;
    return is_all ? group : PAYOUT_NONE;
}

static void
touch(struct payout_matching *matching, uint32_t group)
{
    if (group != PAYOUT_NONE) {
        matching->groups[group].touch_count++;
    }
}

/* Which groups CREDIT speaks of: each once. */
static void
touch_groups(struct payout_matching *matching, const struct payout_credit *credit)
{
    uint32_t named;
    if (!read_name(matching, credit, &named)) {
        touch(matching,
              named != PAYOUT_NONE ? matching->standings[named].group : whole_group_of(matching, credit, PAYOUT_NONE));
        return;
    }
    for (size_t i = first_decision(matching, credit->id); i < matching->input->decision_count; i++) {
        const struct payout_decision *decision = &matching->decisions[i];
        if (decision->credit_id != credit->id) {
            break;
        }
        uint32_t payout = decision->is_pair ? payout_decided(matching, decision, credit) : PAYOUT_NONE;
        touch(matching, payout != PAYOUT_NONE ? matching->standings[payout].group : PAYOUT_NONE);
    }
}

static void
add_portion(struct payout_matching *matching, uint32_t payout, size_t credit, int64_t amount_yen)
{
    matching->portions[matching->portion_count++] =
        (struct placed_portion){payout, {.credit = (uint32_t)credit, .amount_yen = amount_yen}};
}

/* As people said; what they left is paid to nobody. */
static void
place_decided(struct payout_matching *matching, size_t index)
{
    const struct payout_credit *credit = &matching->input->credits[index];
    int64_t rest_yen = credit->amount_yen;
    for (size_t i = first_decision(matching, credit->id); i < matching->input->decision_count; i++) {
        const struct payout_decision *decision = &matching->decisions[i];
        if (decision->credit_id != credit->id) {
            break;
        }
        uint32_t payout = decision->is_pair ? payout_decided(matching, decision, credit) : PAYOUT_NONE;
        if (payout != PAYOUT_NONE) {
            int64_t amount_yen = decision->amount_yen > 0 ? decision->amount_yen : rest_yen;
            add_portion(matching, payout, index, amount_yen);
            rest_yen -= amount_yen;
        }
    }
    if (rest_yen > 0) {
        add_portion(matching, PAYOUT_NONE, index, rest_yen);
    }
}

static void
place(struct payout_matching *matching, size_t index)
{
    const struct payout_credit *credit = &matching->input->credits[index];
    uint32_t named;
    if (read_name(matching, credit, &named)) {
        place_decided(matching, index);
        return;
    }
    uint32_t whole = whole_group_of(matching, credit, named);
    if (whole == PAYOUT_NONE || matching->groups[whole].touch_count != 1) {
        add_portion(matching, named, index, credit->amount_yen);
        return;
    }
    const struct payout_group *group = &matching->groups[whole];
    for (size_t i = 0; i < group->count; i++) {
        uint32_t payout = matching->members[group->first + i];
        add_portion(matching, payout, index, matching->standings[payout].expected_yen);
    }
}

enum status
payout_place(struct payout_matching *matching, struct error_detail *err)
{
    enum status status = make_groups(matching, err);
    size_t credit_count = matching->input->credit_count;
    for (size_t i = 0; status == STATUS_OK && i < credit_count; i++) {
        touch_groups(matching, &matching->input->credits[i]);
    }
    for (size_t i = 0; status == STATUS_OK && i < credit_count; i++) {
        place(matching, i);
    }
    return status;
}
