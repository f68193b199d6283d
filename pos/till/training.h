/* Training: a till of its own beside the live one, with its own database and numbers that nobody can take for live
 * ones.
 *
 * It is made anew each time: the live till's place and masters under a terminal id that begins with "TR-", which no
 * live terminal may have. It sends nothing, and pays with a simulated gateway and terminal. Only one of the two is
 * open. */
#pragma once

#include "common/clock/clock.h"
#include "pos/till/till.h"

enum { TRAINING_PATH_SIZE = 1024 };

/* Where the training till's database lies: training.db in the folder of LIVE. STATUS_INVALID when LIVE is that file or
 * the path is too long. */
enum status training_path(const char *live, char out[TRAINING_PATH_SIZE], struct error_detail *err) MUST_CHECK;

/* Make the training database anew from the live one at LIVE, which may be in use. STATUS_REFUSED when the live till is
 * not enrolled or has no masters yet. */
enum status training_prepare(const char *live, struct clock_source clock, struct error_detail *err) MUST_CHECK;

/* Whether the live till may be left for training now: a clerk stands there, no citizen is being served, every payment
 * and void is known (one in doubt at the card waits for the card, not for us). OUT_CLERK is who goes along.
 * STATUS_REFUSED with a sentence. */
enum status training_check_enter(struct till *till, char out_clerk[CODE_SIZE], struct error_detail *err) MUST_CHECK;

/* The same for going back: nothing under way in the training till matters, so that only a running payment refuses. */
enum status training_check_leave(struct till *till, struct error_detail *err) MUST_CHECK;

/* After either check has passed, nothing can be sold until the program changes over, or this takes it back. */
void training_stay(struct till *till);

/* CLERK stands at the training till without giving the PIN again. Nothing happens when the masters do not know CLERK.
 */
enum status training_adopt_clerk(struct till *till, const char *clerk, struct error_detail *err) MUST_CHECK;
