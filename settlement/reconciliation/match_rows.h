/* matches.csv: one row for each match, a million of them on an ordinary prefecture's day. */
#pragma once

#include "settlement/reconciliation/matcher.h"
#include "settlement/reconciliation/result_file.h"

/* Write header and rows into FILE, which must be empty, with up to THREAD_COUNT threads. A failure is remembered in
 * FILE. */
void match_rows_write(struct result_file *file, const struct match_input *input, const struct match_result *result,
                      unsigned thread_count);
