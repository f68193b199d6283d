/* A day is asked by itself: no table of years to fill or to run out of. */
#include "settlement/terms/bank_calendar.h"

#include <assert.h>

enum { SUNDAY = 0, SATURDAY = 6, JANUARY = 1, DECEMBER = 12, NEW_YEAR_LAST = 3, NEW_YEAR_EVE = 31 };

static bool
is_holiday(const struct bank_calendar *calendar, int64_t day)
{
    size_t low = 0;
    size_t high = calendar->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (calendar->holidays[middle] == day) {
            return true;
        }
        low = calendar->holidays[middle] < day ? middle + 1 : low;
        high = calendar->holidays[middle] < day ? high : middle;
    }
    return false;
}

bool
bank_calendar_is_open(const struct bank_calendar *calendar, struct civil_date day)
{
    int weekday = civil_date_weekday(day);
    bool is_new_year =
        (day.month == JANUARY && day.day <= NEW_YEAR_LAST) || (day.month == DECEMBER && day.day == NEW_YEAR_EVE);
    return weekday != SUNDAY && weekday != SATURDAY && !is_new_year && !is_holiday(calendar, civil_date_to_days(day));
}

struct civil_date
bank_calendar_roll(const struct bank_calendar *calendar, struct civil_date day, enum bank_roll roll)
{
    while (roll != BANK_ROLL_NONE && !bank_calendar_is_open(calendar, day)) {
        day = civil_date_add_days(day, roll == BANK_ROLL_BEFORE ? -1 : 1);
    }
    return day;
}

struct civil_date
bank_calendar_add(const struct bank_calendar *calendar, struct civil_date day, int count)
{
    assert(count >= 0 && count <= BANK_DAYS_MAX);

    for (int i = 0; i < count; i++) {
        day = bank_calendar_roll(calendar, civil_date_add_days(day, 1), BANK_ROLL_AFTER);
    }
    return day;
}
