/* The lines of a judged file become those of its import. */
#pragma once

#include "settlement/imports/staging.h"

/* Add the lines of FILE to IMPORT in the caller's transaction: those that STAGED says were written before, when they
 * still stand as they were, else all of them from the file. STATUS_CONFLICT "file_changed" when they are not
 * LINE_COUNT; STATUS_CANCELLED; STATUS_CORRUPT. */
enum status import_lines_add(struct store_txn *txn, int64_t import, const struct walked_file *file, int64_t line_count,
                             const struct staged *staged, struct error_detail *err) MUST_CHECK;
