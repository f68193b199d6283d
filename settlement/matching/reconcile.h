/* The daily reconciliation, from store to store.
 *
 *   read (a snapshot) ──▶ pair (pure) ──▶ write (one transaction)
 *
 * Reading and pairing hold no write lock, so selling never waits for them. Writing checks that no other run has written
 * meanwhile; otherwise the run is thrown away and begun again, in the end with the write lock held. A run costs what is
 * open and new, not the history; what is not paired stays open and is looked at by the next run. What a person resolved
 * is never opened again. */
#pragma once

#include "settlement/access/actor.h"
#include "settlement/store/matching_store.h"
#include "settlement/work/work.h"

struct clock_source;

enum {
    RECONCILE_ATTEMPTS_MAX = 2 /* crossed so often, a run takes the write lock before it reads */
};

/* Reconcile ACTOR's municipality. OUT->login is borrowed from ACTOR. */
enum status reconcile(struct store *store, const struct actor *actor, const struct clock_source *clock,
                      struct run_row *out, struct error_detail *err) MUST_CHECK;

/* The same, watched (work.h). STATUS_CANCELLED: nothing of this run is there, and the next does what it would have
 * done. */
enum status reconcile_watched(struct store *store, const struct actor *actor, const struct clock_source *clock,
                              struct work *work, struct run_row *out, struct error_detail *err) MUST_CHECK;

/* The same, judging what is due as on DAY: a nightly run that was missed is caught up day by day, and what it finds has
 * the age that it would have had. STATUS_REFUSED for a day after today or before that of the last run, whose rows would
 * be taken back. */
enum status
reconcile_on(struct store *store, const struct actor *actor, const struct clock_source *clock, struct civil_date day,
             struct work *work, struct run_row *out, struct error_detail *err) MUST_CHECK;

/* Whether a run has looked at IMPORT: one that was taken in just before the program ended may still wait for it. */
enum status reconcile_has_seen(struct store *store, const char *municipality, int64_t import, bool *out,
                               struct error_detail *err) MUST_CHECK;

/* Reconcile when the day has changed since the last run: what was due yesterday is missing today, although nothing came
 * in. *OUT_HAS_RUN tells. The actor is nobody. */
enum status reconcile_when_day_changed(struct store *store, const char *municipality, const struct clock_source *clock,
                                       bool *out_has_run, struct error_detail *err) MUST_CHECK;
