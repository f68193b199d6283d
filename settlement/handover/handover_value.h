/* What can stand in a field of a handed-over file: every column of the standard file (assessment-export.md) under its
 * own name, some that finance systems want otherwise, and sums for headers and trailers. Pure. */
#pragma once

#include "common/bytes/buffer.h"
#include "settlement/assessment/record.h"

#include <stdint.h>

enum handover_kind { HANDOVER_IS_TEXT, HANDOVER_IS_NUMBER, HANDOVER_IS_DATE, HANDOVER_IS_YEAR };

/* The whole file, for headers and trailers. Yen: 減額 negative. */
struct handover_totals {
    int fiscal_year;
    int64_t serial; /* of the export, within the year */
    char made_on[11];
    int64_t record_count; /* records between header and trailer */
    int64_t assessment_count;
    int64_t amount_yen;
    int64_t increase_yen; /* 当初 and 増額 */
    int64_t decrease_yen; /* 減額, as a positive number */
};

/* The number of the source NAME; −1 when there is none. With IS_SUM only the sources of header and trailer are looked
 * through, else only those of records. */
int handover_source_find(const char *name, bool is_sum);
const char *handover_source_name(int source);
enum handover_kind handover_source_kind(int source);
/* Whether it is of a line of the breakdown, so that a file with one record for each 調定 has none. */
bool handover_source_is_of_line(int source);

/* Append the plain value: text, "-1234", "2026-11-22", "2026". LINE is NULL in files with one record for each 調定. */
void handover_record_value(struct buffer *out, int source, const struct assessment_record *record, int64_t number,
                           const struct assessment_line *line);
void handover_sum_value(struct buffer *out, int source, const struct handover_totals *totals);
