/* Rows are read where they are needed: there are few of them, and nothing is kept that could be out of step. */
#include "settlement/audit/audited_terms.h"

#include "common/clock/civil.h"

#include <string.h>

enum { MIDDLE_OF_MONTH = 15, END_OF_MONTH = 31, LAST_MONTH = 12 };

struct audited_terms
audited_terms_of(const struct json_value *document)
{
    return (struct audited_terms){.rows = json_member(document, "terms"),
                                  .holidays = json_member(document, "bank_holidays"),
                                  .brands = json_member(document, "brands")};
}

static const char *
word(const struct json_value *row, const char *key)
{
    const char *text = NULL;
    return json_as_text(json_member(row, key), &text) ? text : "";
}

static int64_t
number(const struct json_value *row, const char *key, int64_t otherwise)
{
    int64_t value;
    return json_as_int(json_member(row, key), &value) ? value : otherwise;
}

static bool
is_word(const struct json_value *row, const char *key, const char *wanted)
{
    return strcmp(word(row, key), wanted) == 0;
}

static bool
is_bank_open(const struct audited_terms *terms, int64_t day)
{
    char text[CIVIL_DATE_TEXT_SIZE];
    struct civil_date date = civil_date_from_days(day);
    int64_t since_thursday = (day % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
    if (since_thursday == 2 || since_thursday == 3 || (date.month == 1 && date.day <= 3) ||
        (date.month == LAST_MONTH && date.day == END_OF_MONTH)) {
        return false;
    }
    civil_date_format(text, date);
    for (const struct json_value *row = json_first(terms->holidays); row != NULL; row = json_next(row)) {
        if (is_word(row, "code", text)) {
            return false;
        }
    }
    return true;
}

/* Day WANTED of the month that is MONTHS after that of DAY, or its last. */
static int64_t
in_month(int64_t day, int64_t months, int64_t wanted)
{
    struct civil_date date = civil_date_from_days(day);
    int64_t month = (int64_t)date.year * LAST_MONTH + date.month - 1 + months;
    struct civil_date first = {(int)(month / LAST_MONTH), (int)(month % LAST_MONTH) + 1, 1};
    struct civil_date after = {(int)((month + 1) / LAST_MONTH), (int)((month + 1) % LAST_MONTH) + 1, 1};
    int64_t begins = civil_date_to_days(first);
    int64_t ends = civil_date_to_days(after) - 1;
    return begins + wanted - 1 < ends ? begins + wanted - 1 : ends;
}

/* The end of the period that DAY is in. */
static int64_t
closing(const struct json_value *row, int64_t day)
{
    if (is_word(row, "closing", "daily")) {
        return day;
    }
    if (is_word(row, "closing", "semimonthly")) {
        int64_t middle = in_month(day, 0, MIDDLE_OF_MONTH);
        return day <= middle ? middle : in_month(day, 0, END_OF_MONTH);
    }
    int64_t wanted = number(row, "closing_day", END_OF_MONTH);
    int64_t here = in_month(day, 0, wanted);
    return day <= here ? here : in_month(day, 1, wanted);
}

static int64_t
pay_day(const struct audited_terms *terms, const struct json_value *row, int64_t day)
{
    int64_t after = number(row, "pay_after", 1);
    int64_t paid = closing(row, day);
    if (is_word(row, "closing", "daily")) {
        for (int64_t open = 0; open < after; open += is_bank_open(terms, paid) ? 1 : 0) {
            paid++;
        }
    } else if (is_word(row, "closing", "semimonthly")) {
        for (int64_t i = 0; i < after; i++) {
            paid = closing(row, paid + 1);
        }
    } else {
        paid = in_month(paid, after, number(row, "pay_day", END_OF_MONTH));
    }
    int64_t step = is_word(row, "holiday", "before") ? -1 : is_word(row, "holiday", "after") ? 1 : 0;
    while (step != 0 && !is_bank_open(terms, paid)) {
        paid += step;
    }
    return paid;
}

static bool
holds_on(const struct json_value *row, const char *day)
{
    const char *ends = word(row, "valid_to");
    return strcmp(word(row, "valid_from"), day) <= 0 && (ends[0] == '\0' || strcmp(day, ends) <= 0);
}

struct audited_payment
audited_payment_of(const struct audited_terms *terms, const char *trustee, int64_t day)
{
    char text[CIVIL_DATE_TEXT_SIZE];
    civil_date_format(text, civil_date_from_days(day));
    struct audited_payment payment = {.is_net = true, .is_together = true, .carries_negative = true};
    bool agree_on_minimum = true;
    for (const struct json_value *row = json_first(terms->rows); row != NULL; row = json_next(row)) {
        if (!is_word(row, "trustee", trustee) || !holds_on(row, text)) {
            continue;
        }
        int64_t paid = pay_day(terms, row, day);
        int64_t minimum_yen = number(row, "minimum_yen", 0);
        agree_on_minimum = agree_on_minimum && (!payment.has_terms || payment.minimum_yen == minimum_yen);
        payment.minimum_yen = minimum_yen;
        payment.pay_day = !payment.has_terms || paid > payment.pay_day ? paid : payment.pay_day;
        payment.is_net = payment.is_net && is_word(row, "deposit", "net");
        payment.is_together = payment.is_together && json_is_true(json_member(row, "together"));
        payment.carries_negative = payment.carries_negative && json_is_true(json_member(row, "carry_negative"));
        payment.has_terms = true;
    }
    payment.minimum_yen = agree_on_minimum ? payment.minimum_yen : 0;
    return payment.has_terms ? payment : (struct audited_payment){0};
}

bool
audited_fee_of(const struct audited_terms *terms, const char *brand, int64_t day, struct audited_fee *out)
{
    char text[CIVIL_DATE_TEXT_SIZE];
    const char *trustee = "";
    const struct json_value *agreed = NULL;
    civil_date_format(text, civil_date_from_days(day));
    for (const struct json_value *row = json_first(terms->brands); row != NULL && trustee[0] == '\0';
         row = json_next(row)) {
        trustee = is_word(row, "code", brand) && holds_on(row, text) ? word(row, "trustee") : "";
    }
    for (const struct json_value *row = json_first(terms->rows); row != NULL; row = json_next(row)) {
        if (trustee[0] == '\0' || !is_word(row, "trustee", trustee) || !holds_on(row, text)) {
            continue;
        }
        if (is_word(row, "brand", brand)) { /* terms of the brand go before those of all */
            agreed = row;
            break;
        }
        agreed = agreed == NULL && is_word(row, "brand", "") ? row : agreed;
    }
    enum { NO_RATE = -1 };
    int64_t rate = agreed != NULL ? number(agreed, "fee_rate", NO_RATE) : NO_RATE;
    if (rate == NO_RATE) {
        return false;
    }
    *out = (struct audited_fee){.row = agreed, .rate = rate, .is_per_line = !is_word(agreed, "fee_unit", "payout")};
    return true;
}

int64_t
audited_fee_yen(const struct audited_fee *fee, int64_t yen)
{
    enum { WHOLE = 1000000 };
    int64_t size = yen < 0 ? -yen : yen;
    /* YEN times the rate may be beyond 64 bits; its millions are not. */
    int64_t result = size / WHOLE * fee->rate;
    int64_t rest = size % WHOLE * fee->rate;
    result += rest / WHOLE;
    rest %= WHOLE;
    if (is_word(fee->row, "fee_rounding", "ceiling")) {
        result += rest != 0 ? 1 : 0;
    } else if (is_word(fee->row, "fee_rounding", "half_up")) {
        result += rest >= WHOLE - rest ? 1 : 0;
    }
    return yen < 0 ? -result : result;
}
