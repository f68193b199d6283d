/* Products of small numbers; nothing is rounded before it is shown. */
#include "settlement/statistics/time_saved.h"

#include "common/money/yen.h"

#include <assert.h>
#include <stdio.h>

int64_t
time_saved_seconds(int64_t before_seconds, int64_t after_seconds, int64_t cases)
{
    assert(before_seconds >= 0 && before_seconds <= TIME_SECONDS_MAX);
    assert(after_seconds >= 0 && after_seconds <= TIME_SECONDS_MAX);
    assert(cases >= 1 && cases <= TIME_CASES_MAX);
    return (before_seconds - after_seconds) * cases;
}

const char *
time_saved_words(char out[TIME_TEXT_SIZE], int64_t seconds)
{
    char hours[YEN_TEXT_SIZE];
    const int64_t minutes = (seconds < 0 ? -seconds : seconds) / 60;
    snprintf(out, TIME_TEXT_SIZE, "%s%s時間%lld分", seconds < 0 && minutes > 0 ? "△" : "",
             yen_format(hours, minutes / 60), (long long)(minutes % 60));
    return out;
}
