/* The whole: names, carry-over, portions, and the judgement. All is sorted once; everything after is a walk or a binary
 * search. */
#include "common/money/yen.h"
#include "settlement/reconciliation/payout_state.h"
#include "settlement/statements/kana.h"

#include <assert.h>
#include <stdlib.h>

struct payout_options
payout_options_default(struct arena *arena)
{
    return (struct payout_options){
        .arena = arena,
        .transfer_fee_max_yen = PAYOUT_TRANSFER_FEE_MAX_YEN,
        .suggestion_days = PAYOUT_SUGGESTION_DAYS,
    };
}

enum status
payout_refuse_memory(struct error_detail *err)
{
    error_set(err, "out_of_memory", "照合に使うメモリーが足りません。期間を分けて照合してください。");
    return STATUS_OVERFLOW;
}

int
payout_compare_views(struct text_view a, struct text_view b)
{
    size_t common = a.length < b.length ? a.length : b.length;
    int order = common > 0 ? memcmp(a.at, b.at, common) : 0;
    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

static int
compare_payouts(const void *a, const void *b)
{
    const struct indexed_payout *first = a;
    const struct indexed_payout *second = b;
    int order = payout_compare_views(first->payout->id, second->payout->id);
    return order != 0 ? order : payout_compare_views(first->payout->trustee, second->payout->trustee);
}

int
payout_compare_credits(const struct payout_credit *a, const struct payout_credit *b)
{
    int order = civil_date_compare(a->date, b->date);
    return order != 0 ? order : (a->id > b->id) - (a->id < b->id);
}

/* A portion with its credit, for sorting. */
struct sorted_portion {
    struct placed_portion placed;
    const struct payout_credit *credit;
};

static int
compare_sorted(const void *a, const void *b)
{
    const struct sorted_portion *first = a;
    const struct sorted_portion *second = b;
    if (first->placed.payout != second->placed.payout) {
        return first->placed.payout < second->placed.payout ? -1 : 1;
    }
    return payout_compare_credits(first->credit, second->credit);
}

uint32_t
payout_find(const struct payout_matching *matching, struct text_view id, struct text_view trustee)
{
    struct payout wanted_payout = {.id = id, .trustee = trustee};
    struct indexed_payout wanted = {.payout = &wanted_payout};
    const struct indexed_payout *found =
        bsearch(&wanted, matching->payouts, matching->input->payout_count, sizeof *matching->payouts, compare_payouts);
    return found != NULL ? (uint32_t)(found - matching->payouts) : PAYOUT_NONE;
}

/* The first payout of ID, or where it would be. */
static size_t
first_of_id(const struct payout_matching *matching, struct text_view id)
{
    size_t low = 0;
    size_t high = matching->input->payout_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (payout_compare_views(matching->payouts[middle].payout->id, id) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Whether CREDIT comes from a company that is known, and is not the one that pays PAYOUT. */
static bool
is_of_another(const struct payout_matching *matching, const struct payout *payout, const struct payout_credit *credit)
{
    if (payout->payer_kana.length == 0 || bank_kana_equal(payout->payer_kana, credit->payer_kana)) {
        return false;
    }
    for (size_t i = 0; i < matching->input->payer_count; i++) {
        if (bank_kana_equal(matching->input->payers[i], credit->payer_kana)) {
            return true;
        }
    }
    return false;
}

/* Several companies may use one id: then the payer tells them apart, and when it fits none or several of them, only a
 * person can. */
uint32_t
payout_find_for(const struct payout_matching *matching, struct text_view id, const struct payout_credit *credit)
{
    uint32_t possible = PAYOUT_NONE;
    uint32_t named = PAYOUT_NONE;
    size_t possible_count = 0;
    size_t named_count = 0;
    for (size_t i = first_of_id(matching, id); i < matching->input->payout_count; i++) {
        const struct payout *payout = matching->payouts[i].payout;
        if (payout_compare_views(payout->id, id) != 0) {
            break;
        }
        if (is_of_another(matching, payout, credit)) {
            continue;
        }
        possible = (uint32_t)i;
        possible_count++;
        if (payout->payer_kana.length > 0 && bank_kana_equal(payout->payer_kana, credit->payer_kana)) {
            named = (uint32_t)i;
            named_count++;
        }
    }
    if (possible_count == 1) {
        return possible;
    }
    return named_count == 1 ? named : PAYOUT_NONE;
}

static enum payout_class
classify(const struct payout_matching *matching, const struct payout *payout, const struct payout_outcome *outcome)
{
    int64_t missing_yen = outcome->expected_yen - outcome->received_yen;
    if (outcome->portion_count == 0 && outcome->expected_yen == 0 && outcome->taken_count > 0) {
        return PAYOUT_SETTLED; /* what it took over is exactly what it is short of */
    }
    if (outcome->portion_count == 0 && outcome->expected_yen <= 0) {
        return PAYOUT_CARRIED;
    }
    if (outcome->portion_count == 0) {
        bool is_due = payout->pay_date.year != 0 && civil_date_compare(payout->pay_date, matching->input->as_of) > 0;
        return is_due ? PAYOUT_DUE : PAYOUT_MISSING;
    }
    if (missing_yen < 0) {
        return PAYOUT_OVER;
    }
    if (missing_yen == 0) {
        return PAYOUT_SETTLED;
    }
    return missing_yen <= matching->options->transfer_fee_max_yen ? PAYOUT_TRANSFER_FEE : PAYOUT_SHORT;
}

/* The carry-over of NUMBER as the input names payouts. */
static enum status
tell_carry(const struct payout_matching *matching, uint32_t number, struct payout_outcome *out)
{
    const struct payout_standing *standing = &matching->standings[number];
    uint32_t *taken = arena_take_array(matching->options->arena, standing->taken_count, sizeof *taken);
    if (taken == NULL) {
        return STATUS_OVERFLOW;
    }
    for (size_t i = 0; i < standing->taken_count; i++) {
        taken[i] = matching->payouts[matching->chain[standing->taken_first + i]].index;
    }
    out->expected_yen = standing->expected_yen;
    out->carry_yen = standing->carry_yen;
    out->is_carried = standing->is_carried;
    out->carried_to = standing->carried_to != PAYOUT_NONE ? matching->payouts[standing->carried_to].index : PAYOUT_NONE;
    out->taken = taken;
    out->taken_count = standing->taken_count;
    return STATUS_OK;
}

static void
tell_group(const struct payout_matching *matching, uint32_t group, struct payout_outcome *out)
{
    out->suggested = matching->member_indexes + matching->groups[group].first;
    out->suggested_count = matching->groups[group].count;
}

static void
suggest(const struct payout_matching *matching, uint32_t number, struct payout_outcome *out)
{
    const struct payout *payout = matching->payouts[number].payout;
    out->suggestion = payout_suggest_credit(matching, payout, out->expected_yen - out->received_yen);
    if (out->suggestion != PAYOUT_NONE) {
        if (matching->suggested_for[out->suggestion] == PAYOUT_NONE) {
            matching->suggested_for[out->suggestion] = out->payout;
        }
    } else if (out->class == PAYOUT_MISSING) {
        out->suggestion = payout_suggest_whole(matching, matching->standings[number].group);
        if (out->suggestion != PAYOUT_NONE) {
            tell_group(matching, matching->standings[number].group, out);
        }
    }
}

/* The outcome of payout NUMBER, whose portions begin at FIRST. */
static enum status
judge(const struct payout_matching *matching, uint32_t number, size_t first, struct payout_outcome *out)
{
    *out = (struct payout_outcome){
        .payout = matching->payouts[number].index,
        .portions = matching->out + first,
        .suggestion = PAYOUT_NONE,
    };
    enum status status = tell_carry(matching, number, out);
    size_t end = first;
    while (end < matching->portion_count && matching->portions[end].payout == number && status == STATUS_OK) {
        status = yen_add(&out->received_yen, out->received_yen, matching->out[end].amount_yen);
        end++;
    }
    out->portion_count = end - first;
    out->class = classify(matching, matching->payouts[number].payout, out);
    bool is_open = out->class == PAYOUT_SHORT || out->class == PAYOUT_MISSING || out->class == PAYOUT_TRANSFER_FEE;
    if (status == STATUS_OK && is_open) {
        suggest(matching, number, out);
    }
    return status;
}

/* What pays no payout, from FIRST on: PAYOUT_NONE sorts last. */
static void
tell_unknown(const struct payout_matching *matching, size_t first, struct payout_outcome *outcomes)
{
    for (; first < matching->portion_count; first++, outcomes++) {
        uint32_t credit = matching->out[first].credit;
        *outcomes = (struct payout_outcome){
            .class = PAYOUT_UNKNOWN_CREDIT,
            .payout = PAYOUT_NONE,
            .portions = matching->out + first,
            .portion_count = 1,
            .received_yen = matching->out[first].amount_yen,
            .carried_to = PAYOUT_NONE,
            .suggestion = matching->suggested_for[credit],
        };
        if (outcomes->suggestion == PAYOUT_NONE && matching->suggested_all[credit] != PAYOUT_NONE) {
            tell_group(matching, matching->suggested_all[credit], outcomes);
            outcomes->suggestion = outcomes->suggested[0];
        }
    }
}

static enum status
build_result(const struct payout_matching *matching, struct payout_result *out, struct error_detail *err)
{
    const struct payout_input *input = matching->input;
    struct payout_outcome *outcomes =
        arena_take_array(matching->options->arena, input->payout_count + matching->unknown_count, sizeof *outcomes);
    if (outcomes == NULL) {
        return payout_refuse_memory(err);
    }
    size_t first = 0;
    for (uint32_t number = 0; number < input->payout_count; number++) {
        if (judge(matching, number, first, &outcomes[number]) != STATUS_OK) {
            error_set(err, "sum_too_large", "入金の合計が扱える範囲を超えました。");
            return STATUS_OVERFLOW;
        }
        first += outcomes[number].portion_count;
    }
    tell_unknown(matching, first, outcomes + input->payout_count);
    *out = (struct payout_result){.outcomes = outcomes, .outcome_count = input->payout_count + matching->unknown_count};
    return STATUS_OK;
}

static int
compare_unknown(const void *a, const void *b)
{
    const struct sorted_portion *first = a;
    const struct sorted_portion *second = b;
    if (first->placed.portion.amount_yen != second->placed.portion.amount_yen) {
        return first->placed.portion.amount_yen < second->placed.portion.amount_yen ? -1 : 1;
    }
    return payout_compare_credits(first->credit, second->credit);
}

/* Portions by payout, and those of none by amount besides. */
static enum status
sort_portions(struct payout_matching *matching, struct error_detail *err)
{
    size_t count = matching->portion_count;
    struct arena *arena = matching->options->arena;
    struct sorted_portion *sorted = arena_take_array(arena, count, sizeof *sorted);
    matching->out = arena_take_array(arena, count, sizeof *matching->out);
    matching->unknown = arena_take_array(arena, count, sizeof *matching->unknown);
    struct placed_portion *unknown = arena_take_array(arena, count, sizeof *unknown);
    if (sorted == NULL || matching->out == NULL || matching->unknown == NULL || unknown == NULL) {
        return payout_refuse_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        sorted[i] = (struct sorted_portion){matching->portions[i],
                                            &matching->input->credits[matching->portions[i].portion.credit]};
    }
    if (count > 1) {
        qsort(sorted, count, sizeof *sorted, compare_sorted);
    }
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        matching->portions[i] = sorted[i].placed;
        matching->out[i] = sorted[i].placed.portion;
        known += sorted[i].placed.payout != PAYOUT_NONE ? 1 : 0;
    }
    matching->unknown_count = count - known;
    if (matching->unknown_count > 1) {
        qsort(sorted + known, matching->unknown_count, sizeof *sorted, compare_unknown);
    }
    for (size_t i = 0; i < matching->unknown_count; i++) {
        unknown[i] = sorted[known + i].placed;
        matching->unknown[i] = &unknown[i];
    }
    return STATUS_OK;
}

static int
compare_decisions(const void *a, const void *b)
{
    const struct payout_decision *first = a;
    const struct payout_decision *second = b;
    if (first->credit_id != second->credit_id) {
        return first->credit_id < second->credit_id ? -1 : 1;
    }
    int order = payout_compare_views(first->payout_id, second->payout_id);
    return order != 0 ? order : payout_compare_views(first->trustee, second->trustee);
}

static bool
take_arrays(struct payout_matching *matching)
{
    const struct payout_input *input = matching->input;
    struct arena *arena = matching->options->arena;
    size_t payouts = input->payout_count;
    /* Each credit has a portion of its own or a rest, each decision one, each payout is in one whole pay day. */
    size_t portions = input->credit_count + input->decision_count + payouts;
    matching->payouts = arena_take_array(arena, payouts, sizeof *matching->payouts);
    matching->standings = arena_take_array(arena, payouts, sizeof *matching->standings);
    matching->by_day = arena_take_array(arena, payouts, sizeof *matching->by_day);
    matching->chain = arena_take_array(arena, payouts, sizeof *matching->chain);
    matching->groups = arena_take_array(arena, payouts, sizeof *matching->groups);
    matching->members = arena_take_array(arena, payouts, sizeof *matching->members);
    matching->member_indexes = arena_take_array(arena, payouts, sizeof *matching->member_indexes);
    matching->decisions = arena_take_array(arena, input->decision_count, sizeof *matching->decisions);
    matching->portions = arena_take_array(arena, portions, sizeof *matching->portions);
    matching->suggested_for = arena_take_array(arena, input->credit_count, sizeof *matching->suggested_for);
    matching->suggested_all = arena_take_array(arena, input->credit_count, sizeof *matching->suggested_all);
    return matching->payouts != NULL && matching->standings != NULL && matching->by_day != NULL &&
           matching->chain != NULL && matching->groups != NULL && matching->members != NULL &&
           matching->member_indexes != NULL && matching->decisions != NULL && matching->portions != NULL &&
           matching->suggested_for != NULL && matching->suggested_all != NULL && portions < PAYOUT_NONE;
}

static void
sort_input(struct payout_matching *matching)
{
    const struct payout_input *input = matching->input;
    for (size_t i = 0; i < input->credit_count; i++) {
        matching->suggested_for[i] = PAYOUT_NONE;
        matching->suggested_all[i] = PAYOUT_NONE;
    }
    for (size_t i = 0; i < input->decision_count; i++) {
        matching->decisions[i] = input->decisions[i];
    }
    if (input->decision_count > 1) {
        qsort(matching->decisions, input->decision_count, sizeof *matching->decisions, compare_decisions);
    }
    for (size_t i = 0; i < input->payout_count; i++) {
        matching->payouts[i] = (struct indexed_payout){&input->payouts[i], (uint32_t)i};
        matching->standings[i] = (struct payout_standing){.carried_to = PAYOUT_NONE, .group = PAYOUT_NONE};
    }
    if (input->payout_count > 1) {
        qsort(matching->payouts, input->payout_count, sizeof *matching->payouts, compare_payouts);
    }
    for (size_t i = 1; i < input->payout_count; i++) {
        assert(compare_payouts(&matching->payouts[i - 1], &matching->payouts[i]) != 0);
    }
}

enum status
payout_match(struct payout_result *out, const struct payout_input *input, const struct payout_options *options,
             struct error_detail *err)
{
    struct payout_matching matching = {.input = input, .options = options};
    if (!take_arrays(&matching)) {
        return payout_refuse_memory(err);
    }
    sort_input(&matching);
    enum status status = payout_read_names(&matching, err);
    if (status == STATUS_OK) {
        status = payout_carry(&matching, err);
    }
    if (status == STATUS_OK) {
        status = payout_place(&matching, err);
    }
    if (status == STATUS_OK) {
        status = sort_portions(&matching, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    payout_suggest_groups(&matching);
    return build_result(&matching, out, err);
}
