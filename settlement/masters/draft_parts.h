/* What the steps of a draft share; for this folder only. */
#pragma once

#include "settlement/masters/draft.h"
#include "settlement/masters/overlay.h"

/* Find draft ID of the actor's municipality; STATUS_CONFLICT "wrong_state" when it is not in STATE. */
enum status
draft_in_state(struct store_txn *txn, const struct masters_desk *desk, int64_t id, enum masters_draft_state state,
               struct masters_draft *out, struct error_detail *err) MUST_CHECK;

/* Write to the access log what was done to draft ID. Texts may be NULL. */
enum status draft_log(struct store_txn *txn, const struct masters_desk *desk, int64_t id, const char *what,
                      const char *before, const char *after, const char *reason, struct error_detail *err) MUST_CHECK;

/* A step inside one write transaction: commit when STEP says STATUS_OK. */
typedef enum status (*draft_step)(struct store_txn *txn, const struct masters_desk *desk, void *context,
                                  struct error_detail *err);
enum status
draft_run(const struct masters_desk *desk, draft_step step, void *context, struct error_detail *err) MUST_CHECK;
