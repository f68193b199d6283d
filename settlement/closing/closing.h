/* Closing a fiscal year.
 *
 *   open ──propose──▶ proposed ──another person approves──▶ closed: nothing of the year changes ever again
 *     ▲                   │
 *     └── withdraw ◀──────┘
 *
 * What is found or given back later is no change of the closed year: it is income of the year in which it is found, and
 * money that goes back is 歳出 of the new one (地方自治法施行令; docs/assessment.md). */
#pragma once

#include "settlement/access/actor.h"
#include "settlement/closing/closing_facts.h"

enum { CLOSING_REASON_MAX_BYTES = 3000 /* 1,000 characters */ };

/* Propose to close FISCAL_YEAR with the figures as they are now. STATUS_REFUSED "cannot_close" with the first thing
 * that stands against it; STATUS_CONFLICT "wrong_state" when it is proposed or closed; STATUS_INVALID without a reason.
 */
enum status closing_propose(struct store *store, const struct actor *actor, int fiscal_year, const char *reason,
                            int64_t now_ms, struct error_detail *err) MUST_CHECK;

/* The second person agrees. STATUS_CONFLICT "figures_changed" when they are not those that were proposed any more,
 * "wrong_state"; STATUS_UNAUTHORIZED "own_approval". */
enum status closing_approve(struct store *store, const struct actor *actor, int fiscal_year, const char *reason,
                            int64_t now_ms, struct error_detail *err) MUST_CHECK;

/* Take the proposal back, or not agree. STATUS_CONFLICT "wrong_state" when nothing is proposed, or it is closed. */
enum status closing_withdraw(struct store *store, const struct actor *actor, int fiscal_year, const char *reason,
                             int64_t now_ms, struct error_detail *err) MUST_CHECK;
