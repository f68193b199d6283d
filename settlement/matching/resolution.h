/* What people do with a discrepancy. Every step is on record with reason; where money moves, two people decide. */
#pragma once

#include "settlement/access/actor.h"
#include "settlement/matching/discrepancy_class.h"
#include "settlement/store/store.h"

enum { RESOLUTION_REASON_MAX_BYTES = 3000 /* 1,000 characters */ };

/* Give it to OWNER (a login of the same municipality), or to nobody (NULL). STATUS_NOT_FOUND, STATUS_REFUSED
 * "wrong_state", STATUS_INVALID for an unknown owner. */
enum status discrepancy_assign(struct store *store, const struct actor *actor, int64_t id, const char *owner,
                               int64_t now_ms, struct error_detail *err) MUST_CHECK;

/* open → resolved, or → awaiting_second when RESOLUTION moves money. VERSION is the one that the person saw.
 * STATUS_CONFLICT "version_changed", STATUS_REFUSED "wrong_state", STATUS_INVALID for a resolution that does not fit.
 */
enum status
discrepancy_resolve(struct store *store, const struct actor *actor, int64_t id, enum resolution resolution,
                    const char *reason, int64_t version, int64_t now_ms, struct error_detail *err) MUST_CHECK;

/* awaiting_second → resolved (CONFIRMS) or → open. STATUS_UNAUTHORIZED "own_approval" for the one who resolved it. */
enum status discrepancy_confirm(struct store *store, const struct actor *actor, int64_t id, bool confirms,
                                const char *reason, int64_t now_ms, struct error_detail *err) MUST_CHECK;
