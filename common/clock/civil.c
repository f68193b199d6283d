/* Civil dates in Japan, by integer arithmetic on days since 1970-01-01. */
#include "common/clock/civil.h"

#include <assert.h>
#include <stdio.h>

enum {
    FIRST_YEAR = 1900,
    LAST_YEAR = 2199,
    JST_OFFSET_MS = 9 * 60 * 60 * 1000,
    DAY_MS = 24 * 60 * 60 * 1000,
    FISCAL_YEAR_FIRST_MONTH = 4
};

static bool
is_leap_year(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap_year(year) ? 29 : days[month - 1];
}

bool
civil_date_is_valid(struct civil_date date)
{
    return date.year >= FIRST_YEAR && date.year <= LAST_YEAR && date.month >= 1 && date.month <= MONTHS_PER_YEAR &&
           date.day >= 1 && date.day <= days_in_month(date.year, date.month);
}

int
civil_date_compare(struct civil_date a, struct civil_date b)
{
    if (a.year != b.year) {
        return a.year < b.year ? -1 : 1;
    }
    if (a.month != b.month) {
        return a.month < b.month ? -1 : 1;
    }
    return (a.day > b.day) - (a.day < b.day);
}

/* Years are counted from March, so that the leap day is the last of its year and month lengths follow 153/5. */
int64_t
civil_date_to_days(struct civil_date date)
{
    assert(civil_date_is_valid(date));

    int year = date.month <= 2 ? date.year - 1 : date.year;
    int month_from_march = (date.month + 9) % 12;
    int day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
    int era = year / 400;
    int year_of_era = year % 400;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (int64_t)era * 146097 + day_of_era - 719468; /* 719468: days from 0000-03-01 to 1970-01-01 */
}

struct civil_date
civil_date_from_days(int64_t days)
{
    int64_t shifted = days + 719468;
    int64_t era = shifted / 146097;
    int day_of_era = (int)(shifted % 146097);
    int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int month_from_march = (5 * day_of_year + 2) / 153;
    struct civil_date date = {
        .year = (int)(era * 400) + year_of_era + (month_from_march >= 10 ? 1 : 0),
        .month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9,
        .day = day_of_year - (153 * month_from_march + 2) / 5 + 1,
    };
    assert(civil_date_is_valid(date));
    return date;
}

struct civil_date
civil_date_add_days(struct civil_date date, int days)
{
    return civil_date_from_days(civil_date_to_days(date) + days);
}

int
civil_date_weekday(struct civil_date date)
{
    int64_t days = civil_date_to_days(date);
    return (int)(((days + 4) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
}

static int64_t
floor_divide(int64_t value, int64_t divisor)
{
    int64_t quotient = value / divisor;
    return value % divisor < 0 ? quotient - 1 : quotient;
}

struct civil_date
civil_date_at(int64_t instant_ms)
{
    assert(instant_is_valid(instant_ms));

    return civil_date_from_days(floor_divide(instant_ms + JST_OFFSET_MS, DAY_MS));
}

int
fiscal_year_of(struct civil_date date)
{
    return date.month >= FISCAL_YEAR_FIRST_MONTH ? date.year : date.year - 1;
}

struct civil_date
business_date_at(int64_t instant_ms, int day_start_minutes)
{
    assert(day_start_minutes >= 0 && day_start_minutes < 12 * 60);

    return civil_date_at(instant_ms - (int64_t)day_start_minutes * 60 * 1000);
}

/* COUNT digits at TEXT as a number; −1 when one is not a digit. */
static int
digits_at(const char *text, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return -1;
        }
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

enum status
civil_date_parse(struct civil_date *out, const char *text, size_t length)
{
    if (length != 10 || text[4] != '-' || text[7] != '-') {
        return STATUS_INVALID;
    }
    struct civil_date date = {digits_at(text, 4), digits_at(text + 5, 2), digits_at(text + 8, 2)};
    if (!civil_date_is_valid(date)) {
        return STATUS_INVALID;
    }
    *out = date;
    return STATUS_OK;
}

const char *
civil_date_format(char out[CIVIL_DATE_TEXT_SIZE], struct civil_date date)
{
    assert(civil_date_is_valid(date));

    snprintf(out, CIVIL_DATE_TEXT_SIZE, "%04u-%02u-%02u", (unsigned)date.year % 10000U, (unsigned)date.month % 100U,
             (unsigned)date.day % 100U);
    return out;
}

/* First days of the eras since the solar calendar; newest first (元号法; 皇室典範附則). */
static const struct {
    const char *era;
    char letter;
    struct civil_date from;
} eras[] = {
    {"令和", 'R', {2019, 5, 1}},  {"平成", 'H', {1989, 1, 8}}, {"昭和", 'S', {1926, 12, 25}},
    {"大正", 'T', {1912, 7, 30}}, {"明治", 'M', {1900, 1, 1}}, /* 明治33; our calendar begins here */
};

enum { ERA_COUNT = sizeof eras / sizeof eras[0], MEIJI_FIRST_YEAR = 1868 };

static int
era_first_year(size_t index)
{
    return eras[index].letter == 'M' ? MEIJI_FIRST_YEAR : eras[index].from.year;
}

struct era_year
civil_date_era(struct civil_date date)
{
    assert(civil_date_is_valid(date));

    size_t index = 0;
    while (index + 1 < ERA_COUNT && civil_date_compare(date, eras[index].from) < 0) {
        index++;
    }
    return (struct era_year){eras[index].era, eras[index].letter, date.year - era_first_year(index) + 1};
}

enum status
civil_date_parse_era(struct civil_date *out, const char digits[6], struct civil_date not_after)
{
    int era_year = digits_at(digits, 2);
    int month = digits_at(digits + 2, 2);
    int day = digits_at(digits + 4, 2);
    if (era_year < 1 || month < 0 || day < 0) {
        return STATUS_INVALID;
    }
    for (size_t i = 0; i < ERA_COUNT; i++) {
        struct civil_date date = {era_first_year(i) + era_year - 1, month, day};
        bool is_in_era = civil_date_is_valid(date) && civil_date_compare(date, eras[i].from) >= 0 &&
                         (i == 0 || civil_date_compare(date, eras[i - 1].from) < 0);
        if (is_in_era && civil_date_compare(date, not_after) <= 0) {
            *out = date;
            return STATUS_OK;
        }
    }
    return STATUS_INVALID;
}
