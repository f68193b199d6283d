/* The good city with everything that lies beyond its ledger, made by the program itself: two files taken in, matched,
 * judged by people, and a 調定 exported.
 *
 *   statement (import 1)   line 2: 400 by our reference · 3: 600 that lost its references, paired by sato · 4: 999 that
 *                          nobody knows, put in suspense by sato, confirmed by ito · 5: 1,010 for the held 1,000 ·
 *                          6: 200 by the acquirer's reference, which we voided
 *   bank (import 2)        line 2: 1,999 for P1 (lines 2, 3, 4) · 3: 770 for P2 (lines 5, 6: 1,210)
 *   調定 2026-000001       1,350 of KO-02, exported
 */
#pragma once

#include "settlement/access/actor.h"
#include "settlement/work/work.h"
#include "tests/unit/settlement/core/store_bench.h"

/* Fill the store of BENCH, which must be empty. What goes wrong ends the test program. */
void good_books_make(struct bench *bench);

/* PERSON, who may sign in, as the console adds them, but with a password that nobody waits for. */
void good_books_add_person(struct bench *bench, const struct actor *person);

/* A run of matching as on the last day of the books; must succeed. */
void good_books_reconcile(struct bench *bench);

/* The same, watched by WORK. */
void good_books_reconcile_watched(struct bench *bench, struct work *work);

/* The ledger and matching emptied and made again, as on that day; must succeed. */
void good_books_rebuild(struct bench *bench);

/* Take the triggers away that would refuse what a test breaks. */
void good_books_unlock(struct bench *bench);

/* Import a file by the layout of the program named LAYOUT. */
void good_books_take_in(struct bench *bench, const char *layout, const char *name, const void *bytes, size_t length);
