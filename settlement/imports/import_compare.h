/* What a corrected file would change. */
#pragma once

#include "settlement/imports/file_walk.h"
#include "settlement/imports/import_file.h"

/* Whether FILE, judged as RESULT says, may take the place that REQUEST means for it, and what it would change there,
 * into the difference of REQUEST (may be NULL). The refusals are those of replacement_check. */
enum status
import_compare(struct store_txn *txn, const char *municipality, const struct import_request *request,
               const struct walked_file *file, const struct import_result *result, struct error_detail *err) MUST_CHECK;
