/* Days as papers say them, and the date that a file of them carries. Pure. */
#pragma once

#include "settlement/forms/wareki.h"

#include <stdint.h>

/* "令和8年11月22日" of "2026-11-22"; the text itself when it is no day. */
const char *form_day_words(char out[WAREKI_TEXT_SIZE], const char *text);

/* The first instant of the day in Japan; 1970 when the text is no day. */
int64_t form_day_start_ms(const char *text);
