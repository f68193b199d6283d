/* Matching from the beginning: what machines wrote is emptied and made again from journals, imports and what people
 * decided, as on the day of each municipality's last run. It must come to the same; the audit's tests demand it.
 *
 * Emptied in one transaction, made in one per municipality: when the program ends in between, the next run of the
 * service does what is missing, because it then begins from nothing as well. */
#pragma once

#include "settlement/access/actor.h"
#include "settlement/store/store.h"
#include "settlement/work/work.h"

struct clock_source;

struct afresh_result {
    int64_t municipalities;
    int64_t matched_count;
};

/* ACTOR is who asks; its municipality is not looked at. WORK: NULL, or who watches. STATUS_CANCELLED between two
 * municipalities, or in one: what is missing is done by the next run of each, judged as on that run's day. */
enum status matching_rebuild(struct store *store, const struct actor *actor, const struct clock_source *clock,
                             struct work *work, struct afresh_result *out, struct error_detail *err) MUST_CHECK;
