/* Exporting approved 調定: a pair of files (UTF-8 with a mark, CP932) made once and kept as bytes. */
#pragma once

#include "settlement/access/actor.h"
#include "settlement/store/store.h"

enum {
    EXPORT_RECORDS_MAX = 20000 /* a year's backlog of a small city, or a day of a large one */
};

/* Export the approved records IDS (COUNT, of one fiscal year), in the order of their numbers; or, with COUNT 0, all of
 * FISCAL_YEAR that are approved and not exported. *OUT_IS_NEW false: exactly these were exported together before, and
 * *OUT_ID is that export. STATUS_CONFLICT "wrong_state" when one is not approved or went out with others,
 * STATUS_NOT_FOUND "nothing_to_export". */
enum status
assessment_export(struct store *store, const struct actor *actor, const int64_t *ids, size_t count, int fiscal_year,
                  int64_t now_ms, int64_t *out_id, bool *out_is_new, struct error_detail *err) MUST_CHECK;
