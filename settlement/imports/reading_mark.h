/* What the lines of a file said up to some line, as one number: whoever goes on behind lines that somebody wrote
 * earlier must have read the same lines, or the import would be of two readings (another program version, another
 * layout). It protects against mistakes, not against an enemy: the audit compares every line with the file's bytes. */
#pragma once

#include "settlement/statements/statement_line.h"

#include <stdint.h>

/* Of no line. */
uint64_t reading_mark_of_nothing(void);

/* MARK, and then COUNT lines; one of the pointers is NULL. Only what is stored of a line counts. */
uint64_t
reading_mark_add(uint64_t mark, const struct statement_line *statements, const struct bank_line *banks, size_t count);
