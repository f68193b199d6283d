/* A person says that a payment stands on the other side in several pieces: one payment of ours is several lines of the
 * statement, or several payments are one line. Matching takes it before its own rules and never undoes it.
 *
 *   open pieces ──split──▶ one payment, to the yen ──undo──▶ open pieces
 *
 * INVARIANT: on one side stands exactly one, on the other at least two; all are of one sign; what the sides add up to
 * is the same yen. The lines are in one deposit: what a deposit pays for is told by its lines. No money moves by it;
 * whoever calls lets matching run afterwards. */
#pragma once

#include "settlement/access/actor.h"
#include "settlement/store/split_store.h"

enum { SPLIT_PIECES_MAX = 50 /* a payment in more pieces is no payment but a list */ };

/* PARTS (2 … SPLIT_PIECES_MAX; `split` is ignored) are each a piece with the one that it belongs to: all have the same
 * payment, or all the same line. STATUS_INVALID "wrong_sum" says by how much the sides differ, "wrong_pieces" what is
 * wrong with them; STATUS_NOT_FOUND when there is no such payment or line; STATUS_REFUSED "not_open" when one of them
 * is in a pair already, "decided_already" when somebody has said something else of one of them. */
enum status split_decide(struct store *store, const struct actor *actor, const struct split_part *parts, size_t count,
                         const char *reason, int64_t now_ms, int64_t *out_id, struct error_detail *err) MUST_CHECK;

/* Take decision ID back. STATUS_NOT_FOUND when it does not stand. */
enum status split_undo(struct store *store, const struct actor *actor, int64_t id, const char *reason, int64_t now_ms,
                       struct error_detail *err) MUST_CHECK;

/* STATUS_REFUSED "decided_already" when a standing decision says that the payment or the line is in several pieces: a
 * pair cannot be said of it, nor taken apart. */
enum status split_check_none(struct store_txn *txn, const struct actor *actor, const char *terminal, int64_t sequence,
                             int64_t import, int64_t line, struct error_detail *err) MUST_CHECK;
