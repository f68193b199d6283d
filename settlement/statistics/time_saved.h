/* Staff time before and after, as the city measured it. PURE. */
#pragma once

#include <stdint.h>

enum { TIME_SECONDS_MAX = 24 * 3600 /* a case that takes longer than a day is another work */ };
#define TIME_CASES_MAX INT64_C(100000000) /* more than the counters of the whole country */

/* Seconds saved in a year; negative when the work takes longer now. BEFORE and AFTER 0 … TIME_SECONDS_MAX of one case,
 * CASES 1 … TIME_CASES_MAX. */
int64_t time_saved_seconds(int64_t before_seconds, int64_t after_seconds, int64_t cases);

/* "1,234時間5分"; "△0時間5分" when longer. Rounded down to a minute (towards zero). Returns OUT. */
enum { TIME_TEXT_SIZE = 64 };
const char *time_saved_words(char out[TIME_TEXT_SIZE], int64_t seconds);
