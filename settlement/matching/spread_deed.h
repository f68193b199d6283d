/* What a person says that a credit at the bank pays: several payouts, each by a portion of it, or one that its EDI does
 * not name. Matching takes it before its own rules and never undoes it.
 *
 *   credit ──spread──▶ portions that a person chose, to the yen ──undo──▶ as if it had not been said
 *
 * No money moves by it; whoever calls lets matching run afterwards. */
#pragma once

#include "settlement/access/actor.h"
#include "settlement/store/payout_store.h"

enum { SPREAD_PARTS_MAX = 100 /* a transfer for a quarter's daily payouts */ };

/* PARTS (1 … SPREAD_PARTS_MAX, each ≥ 1 yen, no payout twice) are together what bank line (IMPORT, LINE) is.
 * STATUS_INVALID "wrong_sum" says by how much they are not; STATUS_NOT_FOUND when there is no such line or payout;
 * STATUS_REFUSED "decided_already" when somebody has said so before. */
enum status spread_decide(struct store *store, const struct actor *actor, int64_t import, int64_t line,
                          const struct portion_row *parts, size_t count, const char *reason, int64_t now_ms,
                          int64_t *out_id, struct error_detail *err) MUST_CHECK;

/* Take decision ID back. STATUS_NOT_FOUND when it does not stand. */
enum status spread_undo(struct store *store, const struct actor *actor, int64_t id, const char *reason, int64_t now_ms,
                        struct error_detail *err) MUST_CHECK;
