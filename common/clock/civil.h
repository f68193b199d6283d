/* Civil dates and instants in Japan Standard Time (UTC+9, no summer time since 1951).
 *
 * An instant is int64_t milliseconds since 1970-01-01T00:00:00Z, named `…_ms`. A civil date is a day in JST.
 * Nothing here reads a clock: time is a parameter. */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

/* INVARIANT (civil_date_is_valid): a real day of the proleptic Gregorian calendar, 1900-01-01 … 2199-12-31. */
struct civil_date {
    int year;
    int month; /* 1 … 12 */
    int day;   /* 1 … 31 */
};

enum {
    CIVIL_DATE_TEXT_SIZE = 11, /* "2026-11-22" */
    INSTANT_TEXT_SIZE = 30,    /* "2026-11-22T10:03:11.123+09:00" */
    MONTHS_PER_YEAR = 12
};

bool civil_date_is_valid(struct civil_date date);

/* <0, 0, >0 as A is before, on, or after B. */
int civil_date_compare(struct civil_date a, struct civil_date b);

/* The day DAYS after DATE (before, when negative). The result must stay within 1900 … 2199 (asserted). */
struct civil_date civil_date_add_days(struct civil_date date, int days);

/* Days since 1970-01-01, negative before. */
int64_t civil_date_to_days(struct civil_date date);
struct civil_date civil_date_from_days(int64_t days);

/* 0 = Sunday … 6 = Saturday. */
int civil_date_weekday(struct civil_date date);

/* The day in Japan at the instant. */
struct civil_date civil_date_at(int64_t instant_ms);

/* 会計年度: April to March, named by the year of its April (地方自治法208条). 2027-03-31 → 2026. */
int fiscal_year_of(struct civil_date date);

/* The business date at the instant: the civil day, except that the hours before DAY_START_MINUTES (0 … 719, minutes
 * after midnight) still belong to the day before, for facilities open past midnight. */
struct civil_date business_date_at(int64_t instant_ms, int day_start_minutes);

/* Strict "YYYY-MM-DD". STATUS_INVALID for another form or a day that does not exist. */
enum status civil_date_parse(struct civil_date *out, const char *text, size_t length) MUST_CHECK;

/* Returns OUT. */
const char *civil_date_format(char out[CIVIL_DATE_TEXT_SIZE], struct civil_date date);

/* Japanese era year: era "令和", year 8 for 2026-11-22. Covers 明治 (from its year 33, 1900) to 令和. */
struct era_year {
    const char *era; /* static */
    char letter;     /* 'R', 'H', 'S', 'T', 'M' */
    int year;        /* 1 … */
};
struct era_year civil_date_era(struct civil_date date);

/* Read a two-digit era date YYMMDD as bank files carry it: the newest era in which the day exists and is not after
 * NOT_AFTER. STATUS_INVALID when no era fits. */
enum status civil_date_parse_era(struct civil_date *out, const char digits[6], struct civil_date not_after) MUST_CHECK;

/* Whether the instant's day in Japan is one of ours (1900 … 2199). Everything above that takes an instant asserts it,
 * so numbers from outside are asked first; instant_parse gives no others. */
bool instant_is_valid(int64_t instant_ms);

/* "2026-11-22T10:03:11.123+09:00". Returns OUT. */
const char *instant_format(char out[INSTANT_TEXT_SIZE], int64_t instant_ms);

/* Strict ISO 8601 with offset: "YYYY-MM-DDTHH:MM:SS[.mmm](Z|±HH:MM)". Fractions of 1–9 digits are cut to ms.
 * STATUS_INVALID for another form, and for an instant that is not valid. */
enum status instant_parse(int64_t *out_ms, const char *text, size_t length) MUST_CHECK;
