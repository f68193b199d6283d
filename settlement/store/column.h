/* Columns into fixed fields; for this folder only. */
#pragma once

#include "common/database/database.h"

#include <stdint.h>

/* Copy the text of COLUMN, cut at a character to fit SIZE. */
void column_copy_text(char *out, size_t size, const struct statement *statement, int column);

/* Copy the blob of COLUMN. STATUS_CORRUPT when it is not exactly SIZE bytes. */
enum status column_copy_blob(void *out, size_t size, const struct statement *statement, int column,
                             struct error_detail *err) MUST_CHECK;
