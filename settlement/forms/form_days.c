/* A day that cannot be read stands on paper as it was written: nothing is hidden by a form. */
#include "settlement/forms/form_days.h"

#include <string.h>

enum { HOURS_PER_DAY = 24, JAPAN_OFFSET_HOURS = 9, MS_PER_HOUR = 3600 * 1000 };

const char *
form_day_words(char out[WAREKI_TEXT_SIZE], const char *text)
{
    struct civil_date day;
    return civil_date_parse(&day, text, strlen(text)) == STATUS_OK ? wareki_day(out, day) : text;
}

int64_t
form_day_start_ms(const char *text)
{
    struct civil_date day;
    if (civil_date_parse(&day, text, strlen(text)) != STATUS_OK) {
        return 0;
    }
    return (civil_date_to_days(day) * HOURS_PER_DAY - JAPAN_OFFSET_HOURS) * MS_PER_HOUR;
}
