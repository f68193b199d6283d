/* Dates that date_format.h cannot describe by offsets: parts of one or two digits, era names, 年月日.
 *
 * Letters: YYYY, YY (20YY), GG (令和, 平成 …), G (R, H …; small or large), E (year of the era, 1–2 digits or 元), EE,
 * M, D, h, m, s (1–2 digits), MM, DD, hh, mm, ss (2 digits); everything else stands for itself. */
#pragma once

#include "common/clock/civil.h"
#include "settlement/statements/text_view.h"

enum {
    LOOSE_PATTERN_MAX_BYTES = 80,
    LOOSE_TEXT_MAX_BYTES = 120 /* a longer value is no date */
};

struct loose_date {
    char pattern[LOOSE_PATTERN_MAX_BYTES]; /* UTF-8 */
    bool has_era_name;                     /* G or GG */
};

/* STATUS_INVALID: a part that is missing, twice, or of no known kind. */
enum status loose_date_parse(struct loose_date *out, const char *pattern) MUST_CHECK;

/* What TEXT (UTF-8) says. *OUT_TIME_MS: since midnight, 0 without a time. NOT_AFTER: as for date_reader, when the
 * pattern has no era's name. STATUS_INVALID when TEXT has another form or the day does not exist. */
enum status loose_date_read(const struct loose_date *format, struct text_view text, struct civil_date not_after,
                            struct civil_date *out_date, int64_t *out_time_ms) MUST_CHECK;
