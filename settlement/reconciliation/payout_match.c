/* Credits to payouts. Both are sorted once; everything after is a walk or a binary search. */
#include "common/money/yen.h"
#include "settlement/reconciliation/payout.h"
#include "settlement/statements/kana.h"

#include <assert.h>
#include <stdlib.h>

/* A credit on its way. INVARIANT: payout is an index into `payouts` of the matching, or PAYOUT_NONE. */
struct placed_credit {
    const struct payout_credit *credit;
    uint32_t index; /* in the input */
    uint32_t payout;
};

struct indexed_payout {
    const struct payout *payout;
    uint32_t index; /* in the input */
};

struct matching {
    const struct payout_input *input;
    const struct payout_options *options;
    struct indexed_payout *payouts; /* by id */
    struct placed_credit *credits;  /* by payout, date, id */
    uint32_t *credit_indexes;       /* of `credits`, which outcomes point into */
    struct placed_credit **unknown; /* by amount, date, id */
    size_t unknown_count;
    uint32_t *suggested_for;           /* by credit of the input: the first payout (of it) that suggests it */
    struct payout_decision *decisions; /* by credit */
};

struct payout_options
payout_options_default(struct arena *arena)
{
    return (struct payout_options){
        .arena = arena,
        .transfer_fee_max_yen = PAYOUT_TRANSFER_FEE_MAX_YEN,
        .suggestion_days = PAYOUT_SUGGESTION_DAYS,
    };
}

static enum status
refuse_memory(struct error_detail *err)
{
    error_set(err, "out_of_memory", "照合に使うメモリーが足りません。期間を分けて照合してください。");
    return STATUS_OVERFLOW;
}

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

static int
compare_views(struct text_view a, struct text_view b)
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
    int order = compare_views(first->payout->id, second->payout->id);
    return order != 0 ? order : compare_views(first->payout->trustee, second->payout->trustee);
}

static int
compare_credits(const struct payout_credit *a, const struct payout_credit *b)
{
    int order = civil_date_compare(a->date, b->date);
    return order != 0 ? order : (a->id > b->id) - (a->id < b->id);
}

static int
compare_placed(const void *a, const void *b)
{
    const struct placed_credit *first = a;
    const struct placed_credit *second = b;
    if (first->payout != second->payout) {
        return first->payout < second->payout ? -1 : 1;
    }
    return compare_credits(first->credit, second->credit);
}

static int
compare_unknown(const void *a, const void *b)
{
    const struct placed_credit *const *first = a;
    const struct placed_credit *const *second = b;
    if ((*first)->credit->amount_yen != (*second)->credit->amount_yen) {
        return (*first)->credit->amount_yen < (*second)->credit->amount_yen ? -1 : 1;
    }
    return compare_credits((*first)->credit, (*second)->credit);
}

/* The payout of ID and TRUSTEE as an index into matching->payouts, or PAYOUT_NONE. */
static uint32_t
find_exactly(const struct matching *matching, struct text_view id, struct text_view trustee)
{
    struct payout wanted_payout = {.id = id, .trustee = trustee};
    struct indexed_payout wanted = {.payout = &wanted_payout};
    const struct indexed_payout *found =
        bsearch(&wanted, matching->payouts, matching->input->payout_count, sizeof *matching->payouts, compare_payouts);
    return found != NULL ? (uint32_t)(found - matching->payouts) : PAYOUT_NONE;
}

/* The first payout of ID, or where it would be. */
static size_t
first_of_id(const struct matching *matching, struct text_view id)
{
    size_t low = 0;
    size_t high = matching->input->payout_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_views(matching->payouts[middle].payout->id, id) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Whether CREDIT comes from a company that is known, and is not the one that pays PAYOUT. */
static bool
is_of_another(const struct matching *matching, const struct payout *payout, const struct payout_credit *credit)
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

/* The payout of ID that CREDIT can pay, or PAYOUT_NONE. Several companies may use one id: then the payer tells them
 * apart, and when it fits none or several of them, only a person can. */
static uint32_t
find_payout(const struct matching *matching, struct text_view id, const struct payout_credit *credit)
{
    uint32_t possible = PAYOUT_NONE;
    uint32_t named = PAYOUT_NONE;
    size_t possible_count = 0;
    size_t named_count = 0;
    for (size_t i = first_of_id(matching, id); i < matching->input->payout_count; i++) {
        const struct payout *payout = matching->payouts[i].payout;
        if (compare_views(payout->id, id) != 0) {
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

static int
compare_decisions(const void *a, const void *b)
{
    const struct payout_decision *first = a;
    const struct payout_decision *second = b;
    return (first->credit_id > second->credit_id) - (first->credit_id < second->credit_id);
}

/* The first decision about CREDIT_ID, or where it would be. */
static size_t
first_decision(const struct matching *matching, uint64_t credit_id)
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

/* What people decided about CREDIT: *OUT_PAIR is the decision that names its payout, or NULL. STATUS_INVALID when there
 * are two that name different ones. */
static enum status
find_decisions(const struct matching *matching, const struct payout_credit *credit, struct text_view edi,
               const struct payout_decision **out_pair, bool *out_forbids_edi, struct error_detail *err)
{
    *out_pair = NULL;
    *out_forbids_edi = false;
    for (size_t i = first_decision(matching, credit->id); i < matching->input->decision_count; i++) {
        const struct payout_decision *decision = &matching->decisions[i];
        if (decision->credit_id != credit->id) {
            break;
        }
        bool is_other = *out_pair != NULL && !text_view_equals((*out_pair)->payout_id, decision->payout_id);
        if (decision->is_pair && is_other) {
            error_set(err, "decision_conflict",
                      "入金 %llu に二つの入金番号が決められています。どちらかを取り消してください。",
                      (unsigned long long)credit->id);
            return STATUS_INVALID;
        }
        *out_pair = decision->is_pair ? decision : *out_pair;
        *out_forbids_edi = *out_forbids_edi || (!decision->is_pair && text_view_equals(trim(decision->payout_id), edi));
    }
    return STATUS_OK;
}

static enum status
place_credits(struct matching *matching, struct error_detail *err)
{
    const struct payout_input *input = matching->input;
    for (size_t i = 0; i < input->credit_count; i++) {
        const struct payout_credit *credit = &input->credits[i];
        struct text_view edi = trim(credit->edi);
        const struct payout_decision *pair;
        bool forbids_edi;
        enum status status = find_decisions(matching, credit, edi, &pair, &forbids_edi, err);
        if (status != STATUS_OK) {
            return status;
        }
        uint32_t payout = PAYOUT_NONE;
        if (credit->is_settled) {
            payout = find_exactly(matching, credit->settled_id, credit->settled_trustee);
        } else if (pair != NULL) {
            payout = find_payout(matching, pair->payout_id, credit);
        } else if (edi.length > 0 && !forbids_edi) {
            payout = find_payout(matching, edi, credit);
        }
        matching->credits[i] = (struct placed_credit){credit, (uint32_t)i, payout};
    }
    qsort(matching->credits, input->credit_count, sizeof *matching->credits, compare_placed);
    for (size_t i = 0; i < input->credit_count; i++) {
        matching->credit_indexes[i] = matching->credits[i].index;
        if (matching->credits[i].payout == PAYOUT_NONE) {
            matching->unknown[matching->unknown_count++] = &matching->credits[i];
        }
    }
    qsort(matching->unknown, matching->unknown_count, sizeof *matching->unknown, compare_unknown);
    return STATUS_OK;
}

static enum payout_class
classify(const struct matching *matching, const struct payout *payout, const struct payout_outcome *outcome)
{
    int64_t missing_yen = outcome->expected_yen - outcome->received_yen;
    if (outcome->credit_count == 0 && outcome->expected_yen <= 0) {
        return PAYOUT_CARRIED;
    }
    if (outcome->credit_count == 0) {
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

static bool
is_near(const struct matching *matching, struct civil_date a, struct civil_date b)
{
    if (a.year == 0 || b.year == 0) {
        return false;
    }
    int64_t days = civil_date_to_days(a) - civil_date_to_days(b);
    return days <= matching->options->suggestion_days && -days <= matching->options->suggestion_days;
}

/* Whether the unknown CREDIT could pay what MISSING_YEN is missing of PAYOUT. */
static bool
could_pay(const struct matching *matching, const struct payout *payout, int64_t missing_yen,
          const struct payout_credit *credit)
{
    int64_t difference_yen = missing_yen - credit->amount_yen;
    bool is_payer = payout->payer_kana.length == 0 || bank_kana_equal(payout->payer_kana, credit->payer_kana);
    return difference_yen >= 0 && difference_yen <= matching->options->transfer_fee_max_yen && is_payer &&
           is_near(matching, payout->pay_date, credit->date);
}

/* The unknown credit that is nearest to what is missing: the largest that does not exceed it. */
static uint32_t
suggest_credit(const struct matching *matching, const struct payout *payout, int64_t missing_yen)
{
    size_t low = 0;
    size_t high = matching->unknown_count;
    while (low < high) { /* the first that exceeds it */
        size_t middle = low + (high - low) / 2;
        if (matching->unknown[middle]->credit->amount_yen <= missing_yen) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (size_t i = low; i-- > 0;) {
        const struct payout_credit *credit = matching->unknown[i]->credit;
        if (missing_yen - credit->amount_yen > matching->options->transfer_fee_max_yen) {
            break;
        }
        if (could_pay(matching, payout, missing_yen, credit)) {
            return matching->unknown[i]->index;
        }
    }
    return PAYOUT_NONE;
}

/* The outcome of payout NUMBER, whose credits begin at FIRST. */
static enum status
judge(const struct matching *matching, uint32_t number, size_t first, struct payout_outcome *out)
{
    const struct payout *payout = matching->payouts[number].payout;
    *out = (struct payout_outcome){
        .payout = matching->payouts[number].index,
        .credits = matching->credit_indexes + first,
        .expected_yen = payout_expected_yen(payout),
        .suggestion = PAYOUT_NONE,
    };
    enum status status = STATUS_OK;
    size_t end = first;
    while (end < matching->input->credit_count && matching->credits[end].payout == number && status == STATUS_OK) {
        status = yen_add(&out->received_yen, out->received_yen, matching->credits[end].credit->amount_yen);
        end++;
    }
    out->credit_count = end - first;
    out->class = classify(matching, payout, out);
    int64_t missing_yen = out->expected_yen - out->received_yen;
    bool is_open = out->class == PAYOUT_SHORT || out->class == PAYOUT_MISSING || out->class == PAYOUT_TRANSFER_FEE;
    if (status == STATUS_OK && is_open) {
        out->suggestion = suggest_credit(matching, payout, missing_yen);
    }
    if (out->suggestion != PAYOUT_NONE && matching->suggested_for[out->suggestion] == PAYOUT_NONE) {
        matching->suggested_for[out->suggestion] = out->payout;
    }
    return status;
}

static enum status
build_result(const struct matching *matching, struct payout_result *out, struct error_detail *err)
{
    const struct payout_input *input = matching->input;
    struct payout_outcome *outcomes =
        arena_take_array(matching->options->arena, input->payout_count + matching->unknown_count, sizeof *outcomes);
    if (outcomes == NULL) {
        return refuse_memory(err);
    }
    size_t first = 0;
    for (uint32_t number = 0; number < input->payout_count; number++) {
        if (judge(matching, number, first, &outcomes[number]) != STATUS_OK) {
            error_set(err, "sum_too_large", "入金の合計が扱える範囲を超えました。");
            return STATUS_OVERFLOW;
        }
        first += outcomes[number].credit_count;
    }
    size_t count = input->payout_count;
    for (; first < input->credit_count; first++) { /* the rest are unknown: PAYOUT_NONE sorts last */
        outcomes[count] = (struct payout_outcome){
            .class = PAYOUT_UNKNOWN_CREDIT,
            .payout = PAYOUT_NONE,
            .credits = matching->credit_indexes + first,
            .credit_count = 1,
            .received_yen = matching->credits[first].credit->amount_yen,
            .suggestion = matching->suggested_for[matching->credits[first].index],
        };
        count++;
    }
    *out = (struct payout_result){.outcomes = outcomes, .outcome_count = count};
    return STATUS_OK;
}

enum status
payout_match(struct payout_result *out, const struct payout_input *input, const struct payout_options *options,
             struct error_detail *err)
{
    struct arena *arena = options->arena;
    struct matching matching = {
        .input = input,
        .options = options,
        .payouts = arena_take_array(arena, input->payout_count, sizeof *matching.payouts),
        .credits = arena_take_array(arena, input->credit_count, sizeof *matching.credits),
        .credit_indexes = arena_take_array(arena, input->credit_count, sizeof *matching.credit_indexes),
        .unknown = arena_take_array(arena, input->credit_count, sizeof *matching.unknown),
        .suggested_for = arena_take_array(arena, input->credit_count, sizeof *matching.suggested_for),
        .decisions = arena_take_array(arena, input->decision_count, sizeof *matching.decisions),
    };
    if (matching.payouts == NULL || matching.credits == NULL || matching.credit_indexes == NULL ||
        matching.unknown == NULL || matching.suggested_for == NULL || matching.decisions == NULL ||
        input->payout_count >= PAYOUT_NONE || input->credit_count >= PAYOUT_NONE) {
        return refuse_memory(err);
    }
    memset(matching.suggested_for, 0xFF, input->credit_count * sizeof *matching.suggested_for); /* PAYOUT_NONE */
    for (size_t i = 0; i < input->decision_count; i++) {
        matching.decisions[i] = input->decisions[i];
    }
    qsort(matching.decisions, input->decision_count, sizeof *matching.decisions, compare_decisions);
    for (size_t i = 0; i < input->payout_count; i++) {
        matching.payouts[i] = (struct indexed_payout){&input->payouts[i], (uint32_t)i};
    }
    qsort(matching.payouts, input->payout_count, sizeof *matching.payouts, compare_payouts);
    for (size_t i = 1; i < input->payout_count; i++) {
        assert(compare_payouts(&matching.payouts[i - 1], &matching.payouts[i]) != 0);
    }
    enum status status = place_credits(&matching, err);
    return status == STATUS_OK ? build_result(&matching, out, err) : status;
}
