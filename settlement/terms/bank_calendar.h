/* Days on which banks work. PURE. Closed by law (銀行法施行令5条) are Saturdays, Sundays, national holidays and 31
 * December to 3 January; the national holidays are data (`bank_holidays` in the masters), because the Diet moves them.
 */
#pragma once

#include "common/clock/civil.h"

#include <stddef.h>

/* INVARIANT: `holidays` are days since 1970-01-01, ascending. Borrowed. */
struct bank_calendar {
    const int64_t *holidays;
    size_t count;
};

/* Where a day goes on which banks are closed. */
enum bank_roll { BANK_ROLL_BEFORE, BANK_ROLL_AFTER, BANK_ROLL_NONE };

bool bank_calendar_is_open(const struct bank_calendar *calendar, struct civil_date day);

/* DAY itself when banks work on it or ROLL is BANK_ROLL_NONE, else the nearest working day before or after. */
struct civil_date bank_calendar_roll(const struct bank_calendar *calendar, struct civil_date day, enum bank_roll roll);

/* The COUNT-th working day after DAY; DAY itself for 0. COUNT is 0 … BANK_DAYS_MAX. */
enum { BANK_DAYS_MAX = 60 };
struct civil_date bank_calendar_add(const struct bank_calendar *calendar, struct civil_date day, int count);
