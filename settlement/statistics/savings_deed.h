/* Entering a measured time, and taking it back. */
#pragma once

#include "settlement/access/actor.h"
#include "settlement/store/statistics_store.h"

enum {
    SAVING_WORK_MAX_BYTES = 200,  /* a line of a table */
    SAVING_BASIS_MAX_BYTES = 1000 /* how it was measured: a paragraph */
};

/* Enter ROW (its id, time and person are set here) for ACTOR's municipality, with an entry in the log.
 * STATUS_INVALID "invalid_request" for values out of range, STATUS_CONFLICT "is_there" when the work has an entry of
 * that year. */
enum status saving_enter(struct store *store, const struct actor *actor, const struct time_saving_row *row,
                         int64_t now_ms, int64_t *out_id, struct error_detail *err) MUST_CHECK;

/* Take entry ID back for REASON. STATUS_NOT_FOUND when it does not stand. */
enum status saving_take_back(struct store *store, const struct actor *actor, int64_t id, const char *reason,
                             int64_t now_ms, struct error_detail *err) MUST_CHECK;
