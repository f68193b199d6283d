/* Candidates are found by halving the sorted credits; counts decide, never an order. */
#include "settlement/remittance/bank_match.h"

#include <stdlib.h>

static const char *const words[REMITTANCE_STATE_COUNT] = {
    [REMITTANCE_NOT_SEEN] = "",       [REMITTANCE_BY_REFERENCE] = "reference", [REMITTANCE_BY_AMOUNT] = "amount",
    [REMITTANCE_DIFFERS] = "differs", [REMITTANCE_SEVERAL] = "several",
};

const char *
remittance_state_word(enum remittance_state state)
{
    return words[state];
}

int64_t
remittance_last_day(const struct bank_calendar *calendar, struct civil_date paid_on)
{
    return civil_date_to_days(bank_calendar_add(calendar, paid_on, REMITTANCE_BOOKED_DAYS));
}

static int
compare_int(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b ? 1 : 0;
}

static int
compare_credits(const void *a, const void *b)
{
    const struct booked_credit *left = a;
    const struct booked_credit *right = b;
    int order = compare_int(left->amount_yen, right->amount_yen);
    order = order != 0 ? order : compare_int(left->booked_on, right->booked_on);
    order = order != 0 ? order : compare_int(left->import, right->import);
    return order != 0 ? order : compare_int(left->line, right->line);
}

/* The first credit of AMOUNT_YEN that was booked on FROM or later; COUNT when there is none. */
static size_t
first_credit(const struct booked_credit *credits, size_t count, int64_t amount_yen, int64_t from)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        bool is_before = credits[middle].amount_yen < amount_yen ||
                         (credits[middle].amount_yen == amount_yen && credits[middle].booked_on < from);
        low = is_before ? middle + 1 : low;
        high = is_before ? high : middle;
    }
    return low;
}

static bool
is_candidate(const struct paid_remittance *one, const struct booked_credit *credit)
{
    return credit->amount_yen == one->amount_yen && credit->booked_on >= one->paid_on &&
           credit->booked_on <= one->last_on;
}

/* An index into an array, and what it is looked up by. */
struct place {
    int64_t key;
    int64_t day;
    size_t index;
};

static int
compare_places(const void *a, const void *b)
{
    const struct place *left = a;
    const struct place *right = b;
    int order = compare_int(left->key, right->key);
    order = order != 0 ? order : compare_int(left->day, right->day);
    return order != 0 ? order : left->index < right->index ? -1 : left->index > right->index ? 1 : 0;
}

/* The first of PLACES with KEY on DAY or later. */
static size_t
first_place(const struct place *places, size_t count, int64_t key, int64_t day)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        bool is_before = places[middle].key < key || (places[middle].key == key && places[middle].day < day);
        low = is_before ? middle + 1 : low;
        high = is_before ? high : middle;
    }
    return low;
}

struct matching {
    const struct paid_remittance *paid;
    size_t count;
    const struct booked_credit *credits;
    size_t credit_count;
    struct place *named;  /* credits by the 払込 that they name */
    struct place *amount; /* paid by amount and day */
    struct remittance_answer *answers;
};

/* What the credits that name ONE say of it; not seen when none does. */
static struct remittance_answer
by_reference(const struct matching *matching, const struct paid_remittance *one)
{
    size_t right_count = 0;
    struct remittance_answer answer = {.state = REMITTANCE_NOT_SEEN, .credit = CREDIT_NONE};
    for (size_t i =
             first_place(matching->named, matching->credit_count, one->key, one->paid_on - REMITTANCE_WINDOW_DAYS);
         i < matching->credit_count && matching->named[i].key == one->key &&
         matching->named[i].day <= one->paid_on + REMITTANCE_WINDOW_DAYS;
         i++) {
        bool is_right = is_candidate(one, &matching->credits[matching->named[i].index]);
        if ((is_right && right_count == 0) || answer.credit == CREDIT_NONE) {
            answer.credit = matching->named[i].index;
        }
        right_count += is_right ? 1 : 0;
    }
    if (answer.credit == CREDIT_NONE) {
        return answer;
    }
    answer.state = right_count == 1   ? REMITTANCE_BY_REFERENCE
                   : right_count == 0 ? REMITTANCE_DIFFERS
                                      : REMITTANCE_SEVERAL;
    answer.credit = right_count > 1 ? CREDIT_NONE : answer.credit;
    return answer;
}

/* How many 払込 that no credit names could be meant by CREDIT. */
static size_t
takers_of(const struct matching *matching, const struct booked_credit *credit)
{
    size_t takers = 0;
    for (size_t i = first_place(matching->amount, matching->count, credit->amount_yen,
                                credit->booked_on - REMITTANCE_WINDOW_DAYS);
         i < matching->count && matching->amount[i].key == credit->amount_yen &&
         matching->amount[i].day <= credit->booked_on;
         i++) {
        size_t index = matching->amount[i].index;
        bool is_named = matching->answers[index].state == REMITTANCE_BY_REFERENCE;
        takers += !is_named && is_candidate(&matching->paid[index], credit) ? 1 : 0;
    }
    return takers;
}

static struct remittance_answer
by_amount(const struct matching *matching, const struct paid_remittance *one)
{
    struct remittance_answer answer = {.state = REMITTANCE_NOT_SEEN, .credit = CREDIT_NONE};
    size_t candidates = 0;
    for (size_t i = first_credit(matching->credits, matching->credit_count, one->amount_yen, one->paid_on);
         i < matching->credit_count && is_candidate(one, &matching->credits[i]); i++) {
        if (matching->credits[i].key == 0) {
            candidates++;
            answer.credit = i;
        }
    }
    if (candidates == 0) {
        return answer;
    }
    bool is_unique = candidates == 1 && takers_of(matching, &matching->credits[answer.credit]) == 1;
    return (struct remittance_answer){.state = is_unique ? REMITTANCE_BY_AMOUNT : REMITTANCE_SEVERAL,
                                      .credit = is_unique ? answer.credit : CREDIT_NONE};
}

static void
make_places(struct matching *matching)
{
    for (size_t i = 0; i < matching->credit_count; i++) {
        matching->named[i] =
            (struct place){.key = matching->credits[i].key, .day = matching->credits[i].booked_on, .index = i};
    }
    for (size_t i = 0; i < matching->count; i++) {
        matching->amount[i] =
            (struct place){.key = matching->paid[i].amount_yen, .day = matching->paid[i].paid_on, .index = i};
    }
    if (matching->credit_count > 1) {
        qsort(matching->named, matching->credit_count, sizeof *matching->named, compare_places);
    }
    if (matching->count > 1) {
        qsort(matching->amount, matching->count, sizeof *matching->amount, compare_places);
    }
}

enum status
remittance_match(struct remittance_answer *out, const struct paid_remittance *paid, size_t count,
                 struct booked_credit *credits, size_t credit_count, struct error_detail *err)
{
    struct matching matching = {.paid = paid,
                                .count = count,
                                .credits = credits,
                                .credit_count = credit_count,
                                .named = calloc(credit_count + 1, sizeof(struct place)),
                                .amount = calloc(count + 1, sizeof(struct place)),
                                .answers = out};
    enum status status = STATUS_OK;
    if (matching.named == NULL || matching.amount == NULL) {
        error_set(err, "no_memory", "メモリが足りません。しばらくしてからもう一度行ってください。");
        status = STATUS_NO_MEMORY;
    } else {
        if (credit_count > 1) {
            qsort(credits, credit_count, sizeof *credits, compare_credits);
        }
        make_places(&matching);
        for (size_t i = 0; i < count; i++) {
            out[i] = by_reference(&matching, &paid[i]);
        }
        for (size_t i = 0; i < count; i++) {
            out[i] = out[i].state == REMITTANCE_NOT_SEEN ? by_amount(&matching, &paid[i]) : out[i];
        }
    }
    free(matching.named);
    free(matching.amount);
    return status;
}
