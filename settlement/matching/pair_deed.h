/* What people say of a payment and a statement line: they are one, or they are not. Matching takes it before its own
 * rules and never undoes it; a person may, and both decisions stay on record.
 *
 *   open payment + open line ──decide──▶ pair            (other amounts: 金額相違 of the two stays to be dealt with)
 *   pair ──part──▶ open payment + open line              never paired again by a machine
 *   a decision ──undo──▶ as if it had not been made      the next run judges by its own rules
 *
 * None of them moves money; whoever calls lets matching run afterwards. */
#pragma once

#include "settlement/access/actor.h"
#include "settlement/store/worklist_store.h"

/* The payment (TERMINAL, SEQUENCE of payment.started, PART) and the line (IMPORT, LINE) are one. STATUS_REFUSED
 * "not_open" when one of them is in a pair or was judged, "decided_already" when a person has said otherwise of either;
 * STATUS_INVALID for a reason that is missing or too long. */
enum status pair_decide(struct store *store, const struct actor *actor, const struct pair_decision *pair,
                        int64_t now_ms, int64_t *out_id, struct error_detail *err) MUST_CHECK;

/* The two, which are a pair, are not one. STATUS_NOT_FOUND when they are no pair. */
enum status pair_part(struct store *store, const struct actor *actor, const struct pair_decision *pair, int64_t now_ms,
                      int64_t *out_id, struct error_detail *err) MUST_CHECK;

/* Take decision ID back; a pair that it made comes apart. STATUS_NOT_FOUND when it does not stand. */
enum status pair_undo(struct store *store, const struct actor *actor, int64_t id, const char *reason, int64_t now_ms,
                      struct error_detail *err) MUST_CHECK;
