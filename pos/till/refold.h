/* Whether a till's tables are what its journal says: fold every line anew and compare row by row. */
#pragma once

#include "common/sqlite/database.h"

/* DB may be read-only and in use. STATUS_CORRUPT names the first table that differs, STATUS_INVALID the first line that
 * cannot be folded. */
enum status till_check_fold(struct database *db, struct error_detail *err) MUST_CHECK;
