/* Months are stepped, days are clipped to the month's end, and only then does the calendar of banks speak. */
#include "settlement/terms/terms.h"

#include "common/money/yen.h"

#include <assert.h>

enum { MIDDLE_DAY = 15, LAST_DAY = 31, RATE_UNITS = 1000000 };

static int
days_of_month(int year, int month)
{
    struct civil_date first = {year, month, 1};
    struct civil_date next =
        month == MONTHS_PER_YEAR ? (struct civil_date){year + 1, 1, 1} : (struct civil_date){year, month + 1, 1};
    return (int)(civil_date_to_days(next) - civil_date_to_days(first));
}

/* Day DAY of the month MONTHS after that of DATE, or that month's last day. */
static struct civil_date
day_of_month_after(struct civil_date date, int months, int day)
{
    int month = date.month - 1 + months;
    struct civil_date result = {date.year + month / MONTHS_PER_YEAR, month % MONTHS_PER_YEAR + 1, day};
    int last = days_of_month(result.year, result.month);
    result.day = day < last ? day : last;
    return result;
}

struct civil_date
terms_closing_of(const struct terms *terms, struct civil_date day)
{
    switch (terms->closing) {
    case TERMS_DAILY:
        return day;
    case TERMS_SEMIMONTHLY:
        return day_of_month_after(day, 0, day.day <= MIDDLE_DAY ? MIDDLE_DAY : LAST_DAY);
    case TERMS_MONTHLY:
        break;
    }
    struct civil_date closing = day_of_month_after(day, 0, terms->closing_day);
    return civil_date_compare(day, closing) <= 0 ? closing : day_of_month_after(day, 1, terms->closing_day);
}

struct civil_date
terms_pay_day(const struct terms *terms, const struct bank_calendar *calendar, struct civil_date closing)
{
    struct civil_date day = closing;
    switch (terms->closing) {
    case TERMS_DAILY:
        day = bank_calendar_add(calendar, closing, terms->pay_after);
        break;
    case TERMS_SEMIMONTHLY:
        for (int i = 0; i < terms->pay_after; i++) {
            day = terms_closing_of(terms, civil_date_add_days(day, 1));
        }
        break;
    case TERMS_MONTHLY:
        day = day_of_month_after(closing, terms->pay_after, terms->pay_day);
        break;
    }
    return bank_calendar_roll(calendar, day, terms->roll);
}

struct civil_date
terms_statement_due(const struct terms *terms, const struct bank_calendar *calendar, struct civil_date closing)
{
    return bank_calendar_add(calendar, closing, terms->statement_days);
}

struct civil_date
terms_last_reported(const struct terms *terms, const struct bank_calendar *calendar, struct civil_date today)
{
    struct civil_date day = civil_date_add_days(today, -1);
    /* A day that is its own closing; walking back ends within a month and the statement's days. */
    while (civil_date_compare(terms_closing_of(terms, day), day) != 0 ||
           civil_date_compare(terms_statement_due(terms, calendar, day), today) >= 0) {
        day = civil_date_add_days(day, -1);
    }
    return day;
}

int64_t
terms_fee(const struct terms *terms, int64_t amount_yen)
{
    assert(terms->fee_rate >= 0 && terms->fee_rate <= FEE_RATE_MAX);

    /* In two parts, because YEN_LIMIT times the rate is beyond 64 bits. */
    int64_t magnitude = amount_yen < 0 ? -amount_yen : amount_yen;
    int64_t part = magnitude % RATE_UNITS * terms->fee_rate;
    int64_t whole = magnitude / RATE_UNITS * terms->fee_rate + part / RATE_UNITS;
    int64_t rest = part % RATE_UNITS;
    bool goes_up =
        (terms->rounding == FEE_CEILING && rest > 0) || (terms->rounding == FEE_HALF_UP && 2 * rest >= RATE_UNITS);
    whole += goes_up ? 1 : 0;
    return amount_yen < 0 ? -whole : whole;
}
