/* 明細ファイル不完全: a file that contradicts its own trailer goes on people's list by its name, and leaves it when a
 * complete one of that name comes. */
#pragma once

#include "common/clock/civil.h"
#include "settlement/access/actor.h"
#include "settlement/store/store.h"

/* Put FILE_NAME (without folders), refused for WHY, on the list; in a transaction of its own. */
enum status
import_report_incomplete(struct store *store, const struct actor *actor, const char *file_name, int64_t now_ms,
                         const struct error_detail *why, struct error_detail *err) MUST_CHECK;

/* A complete file of this name has come. */
enum status import_report_clear(struct store_txn *txn, const struct actor *actor, const char *file_name,
                                struct civil_date today, struct error_detail *err) MUST_CHECK;
