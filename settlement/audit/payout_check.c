/* What is to come of each payout, and when, computed again from the lines of the statements and the terms of the
 * published masters. Terms that were changed since explain what was settled before: a version of the masters in which
 * all of a payout is right is enough, and what none explains is reported as the newest has it. */
#include "settlement/audit/audited_terms.h"
#include "settlement/audit/outside.h"
#include "settlement/audit/published.h"

#include "common/clock/civil.h"
#include "common/json/reader.h"
#include "settlement/arena/arena.h"
#include "settlement/arena/growing.h"
#include "settlement/store/audit_outside_store.h"

#include <stdlib.h>
#include <string.h>

enum {
    FACTS_MAX = 10000000,  /* a country's, with room */
    LAST_RESORT_DAYS = 67, /* neither statement nor terms name a day; and how long what is carried may wait */
    NOBODY = -1
};

/* A payout: its lines, and what the books say of it. Days since 1970-01-01, texts in the arena. */
struct fact {
    const char *city;
    const char *trustee;
    const char *payout;
    int64_t lines_yen;
    int64_t fee_yen;
    int64_t named_day;  /* by the statements; 0 */
    int64_t first_day;  /* of its payments, or the day it came */
    int64_t covered_to; /* by the bank's record of the city; 0 */
    int64_t expected_yen;
    int64_t carry_yen;
    int64_t credited_yen;
    int64_t blind_yen; /* of it, by credits that name no payout */
    bool is_carried;
    const char *payable_on;
    const char *carried_to;
    bool is_explained;
    /* By the version that is being tried. */
    struct audited_payment terms;
    int64_t own_yen;
    int64_t day;
    int64_t right_carry_yen;
    bool is_rightly_carried;
    int64_t taker; /* an index, or NOBODY */
};

struct payout_check {
    struct growing facts; /* struct fact */
    struct arena arena;
    size_t version_count; /* of the masters of the city that is being checked, as far as tried */
    struct findings *findings;
};

static enum status
no_room(struct error_detail *err)
{
    error_set(err, "no_memory", "out of memory while auditing deposits");
    return STATUS_NO_MEMORY;
}

static struct fact *
fact_at(const struct payout_check *check, size_t index)
{
    return &((struct fact *)check->facts.elements)[index];
}

static int64_t
day_number(const char *text)
{
    struct civil_date day;
    return civil_date_parse(&day, text, strlen(text)) == STATUS_OK ? civil_date_to_days(day) : 0;
}

static const char *
keep(struct arena *arena, const char *text)
{
    return arena_copy(arena, text, strlen(text));
}

static enum status
read_fact(struct payout_check *check, const struct audit_rows *row, struct error_detail *err)
{
    struct fact fact = {
        .city = keep(&check->arena, audit_text(row, 0)),
        .trustee = keep(&check->arena, audit_text(row, 1)),
        .payout = keep(&check->arena, audit_text(row, 2)),
        .lines_yen = audit_int(row, 3),
        .fee_yen = audit_int(row, 4),
        .named_day = day_number(audit_text(row, 5)),
        .first_day = civil_date_to_days(civil_date_at(audit_int(row, 6))),
        .covered_to = day_number(audit_text(row, 7)),
        .expected_yen = audit_int(row, 8),
        .carry_yen = audit_int(row, 9),
        .credited_yen = audit_int(row, 10),
        .is_carried = audit_int(row, 11) != 0,
        .payable_on = keep(&check->arena, audit_text(row, 12)),
        .carried_to = keep(&check->arena, audit_text(row, 13)),
        .blind_yen = audit_int(row, 14),
    };
    struct fact *place = growing_add(&check->facts);
    if (place == NULL || fact.city == NULL || fact.trustee == NULL || fact.payout == NULL || fact.payable_on == NULL ||
        fact.carried_to == NULL) {
        return no_room(err);
    }
    *place = fact;
    return STATUS_OK;
}

static enum status
read_facts(struct payout_check *check, struct store_txn *txn, struct error_detail *err)
{
    struct audit_rows *row;
    bool has_row = true;
    enum status status = outside_rows_begin(txn, OUTSIDE_PAYOUT_FACTS, NULL, &row, err);
    while (status == STATUS_OK && has_row) {
        status = audit_rows_next(row, &has_row, err);
        if (status == STATUS_OK && has_row) {
            status = read_fact(check, row, err);
            if (status != STATUS_OK) {
                audit_rows_end(row);
            }
        }
    }
    return status;
}

static int
compare_facts(const void *a, const void *b)
{
    const struct fact *left = a;
    const struct fact *right = b;
    int order = strcmp(left->city, right->city);
    order = order != 0 ? order : strcmp(left->trustee, right->trustee);
    if (order != 0) {
        return order;
    }
    if (left->day != right->day) {
        return left->day < right->day ? -1 : 1;
    }
    if (left->own_yen != right->own_yen) {
        return left->own_yen < right->own_yen ? -1 : 1;
    }
    return strcmp(left->payout, right->payout);
}

static bool
is_of_one_company(const struct fact *a, const struct fact *b)
{
    return strcmp(a->city, b->city) == 0 && strcmp(a->trustee, b->trustee) == 0;
}

/* Whether DUE_YEN of FACT waits for a later payout. What was credited was not left. */
static bool
waits(const struct fact *fact, int64_t due_yen, bool is_last)
{
    if (fact->credited_yen != 0 || due_yen == 0) {
        return false;
    }
    if (due_yen < 0) {
        return fact->terms.carries_negative;
    }
    return due_yen < fact->terms.minimum_yen && !(is_last && fact->covered_to > fact->day + LAST_RESORT_DAYS);
}

/* Carry-over of the facts FIRST … END, which are one company's in their order. */
static void
carry_over(const struct payout_check *check, size_t first, size_t end)
{
    int64_t open_yen = 0;
    size_t open_from = first;
    for (size_t i = first; i < end; i++) {
        struct fact *fact = fact_at(check, i);
        int64_t due_yen = fact->own_yen + open_yen;
        fact->taker = NOBODY;
        fact->is_rightly_carried = waits(fact, due_yen, i + 1 == end);
        if (fact->is_rightly_carried) {
            fact->right_carry_yen = -fact->own_yen;
            open_yen = due_yen;
            continue;
        }
        fact->right_carry_yen = open_yen;
        for (size_t k = open_from; k < i; k++) {
            fact_at(check, k)->taker = (int64_t)i;
        }
        open_from = i + 1;
        open_yen = 0;
    }
}

static bool
is_day_right(const struct fact *fact)
{
    return fact->payable_on[0] == '\0' || day_number(fact->payable_on) == fact->day;
}

static bool
is_carry_right(const struct payout_check *check, const struct fact *fact)
{
    const char *taker = fact->taker != NOBODY ? fact_at(check, (size_t)fact->taker)->payout : "";
    return fact->is_carried == fact->is_rightly_carried && fact->carry_yen == fact->right_carry_yen &&
           strcmp(fact->carried_to, taker) == 0;
}

/* A credit that names nothing is nobody's but where the company transfers a pay day together. */
static bool
is_credit_right(const struct fact *fact)
{
    return fact->blind_yen == 0 || fact->terms.is_together;
}

/* Everything by one version of the masters of CITY. */
static void
compute(const struct payout_check *check, const char *city, const struct audited_terms *terms)
{
    size_t count = check->facts.count;
    for (size_t i = 0; i < count; i++) {
        struct fact *fact = fact_at(check, i);
        if (strcmp(fact->city, city) == 0) {
            fact->terms = audited_payment_of(terms, fact->trustee, fact->first_day);
            fact->own_yen = fact->lines_yen - (fact->terms.is_net ? fact->fee_yen : 0);
            fact->day = fact->named_day != 0    ? fact->named_day
                        : fact->terms.has_terms ? fact->terms.pay_day
                                                : fact->first_day + LAST_RESORT_DAYS;
        }
    }
    if (count > 1) {
        qsort(check->facts.elements, count, sizeof(struct fact), compare_facts);
    }
    for (size_t first = 0, end; first < count; first = end) {
        for (end = first + 1; end < count && is_of_one_company(fact_at(check, first), fact_at(check, end));) {
            end++;
        }
        carry_over(check, first, end);
    }
    for (size_t i = 0; i < count; i++) {
        struct fact *fact = fact_at(check, i);
        if (strcmp(fact->city, city) == 0) {
            fact->is_explained =
                fact->is_explained || (fact->expected_yen == fact->own_yen + fact->right_carry_yen &&
                                       is_carry_right(check, fact) && is_day_right(fact) && is_credit_right(fact));
        }
    }
}

static bool
is_all_explained(const struct payout_check *check, const char *city)
{
    for (size_t i = 0; i < check->facts.count; i++) {
        const struct fact *fact = fact_at(check, i);
        if (strcmp(fact->city, city) == 0 && !fact->is_explained) {
            return false;
        }
    }
    return true;
}

static void
report(const struct payout_check *check, const struct fact *fact)
{
    int64_t right_yen = fact->own_yen + fact->right_carry_yen;
    char day[CIVIL_DATE_TEXT_SIZE];
    if (fact->expected_yen != right_yen) {
        finding_add(
            check->findings, "payout_expectation_differs", NULL, 0, right_yen, fact->expected_yen,
            "入金%s(%s)の予定額が、明細の合計%lld円・手数料%lld円と取決め(%s)・繰越%lld円から計算した額と異なります。",
            fact->payout, fact->trustee, (long long)fact->lines_yen, (long long)fact->fee_yen,
            fact->terms.is_net ? "差引払い" : "総額払い", (long long)fact->right_carry_yen);
    }
    if (!is_carry_right(check, fact)) {
        finding_add(check->findings, "carry_over_differs", NULL, 0, fact->right_carry_yen, fact->carry_yen,
                    "入金%s(%s)の繰越が、取決めから計算した繰越(%s)と異なります。帳簿では%s%s。", fact->payout,
                    fact->trustee,
                    fact->taker != NOBODY      ? fact_at(check, (size_t)fact->taker)->payout
                    : fact->is_rightly_carried ? "次の入金を待つ"
                                               : "この入金では繰り越さない",
                    fact->is_carried ? "繰越" : "繰越でない", fact->carried_to);
    }
    if (!is_day_right(fact)) {
        finding_add(check->findings, "payout_day_differs", NULL, 0, right_yen, fact->expected_yen,
                    "入金%s(%s)の予定日%sが、明細と取決めから計算した%sと異なります。", fact->payout, fact->trustee,
                    fact->payable_on, civil_date_format(day, civil_date_from_days(fact->day)));
    }
    if (!is_credit_right(fact)) {
        finding_add(check->findings, "credit_without_terms", NULL, 0, 0, fact->blind_yen,
                    "入金%s(%s)に、EDIに入金番号のない入金を充てていますが、まとめて振り込む取決めがありません。",
                    fact->payout, fact->trustee);
    }
}

static enum status
try_version(struct store_txn *txn, const char *city, const struct json_value *document, bool is_newest, void *context,
            bool *out_is_done, struct error_detail *err)
{
    (void)txn;
    (void)is_newest;
    (void)err;
    struct payout_check *check = context;
    struct audited_terms terms = audited_terms_of(document);
    check->version_count++;
    compute(check, city, &terms);
    *out_is_done = is_all_explained(check, city);
    return STATUS_OK;
}

static enum status
try_newest(struct store_txn *txn, const char *city, const struct json_value *document, bool is_newest, void *context,
           bool *out_is_done, struct error_detail *err)
{
    enum status status = try_version(txn, city, document, is_newest, context, out_is_done, err);
    *out_is_done = true;
    return status;
}

/* The newest version first, since most is right by it, and last, since it is what the findings say. */
static enum status
check_city(struct payout_check *check, struct store_txn *txn, const char *city, struct error_detail *err)
{
    check->version_count = 0;
    enum status status = published_each(txn, city, try_version, check, err);
    if (status == STATUS_OK && check->version_count == 0) { /* no masters: nothing was agreed */
        compute(check, city, &(struct audited_terms){.rows = NULL});
    }
    if (status == STATUS_OK && !is_all_explained(check, city)) {
        status = published_each(txn, city, try_newest, check, err);
    }
    for (size_t i = 0; status == STATUS_OK && i < check->facts.count; i++) {
        const struct fact *fact = fact_at(check, i);
        if (strcmp(fact->city, city) == 0 && !fact->is_explained) {
            report(check, fact);
        }
    }
    return status;
}

enum status
audit_payouts(struct store_txn *txn, struct findings *findings, struct error_detail *err)
{
    struct payout_check check = {.findings = findings};
    growing_init(&check.facts, sizeof(struct fact), FACTS_MAX, 0);
    arena_init(&check.arena, SIZE_MAX / 4);
    enum status status = read_facts(&check, txn, err);
    const char *done = NULL;
    while (status == STATUS_OK) { /* cities in their order: facts are sorted by them, before and after */
        const char *next = NULL;
        for (size_t i = 0; i < check.facts.count; i++) {
            const char *city = fact_at(&check, i)->city;
            bool is_later = done == NULL || strcmp(city, done) > 0;
            next = is_later && (next == NULL || strcmp(city, next) < 0) ? city : next;
        }
        if (next == NULL) {
            break;
        }
        status = check_city(&check, txn, next, err);
        done = next;
    }
    growing_finish(&check.facts);
    arena_finish(&check.arena);
    return status;
}
