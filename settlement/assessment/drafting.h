/* Keeps the drafts in step with the ledger: reads a day, makes what should be there, and changes only what differs. */
#pragma once

#include "settlement/access/actor.h"
#include "settlement/catalogue/catalogue.h"
#include "settlement/store/store.h"

/* What a run did. */
struct drafting_result {
    int64_t created;
    int64_t remade;  /* followed the ledger; a proposed one became a draft again */
    int64_t removed; /* nothing of it is left in the ledger */
    int64_t held_count;
    int64_t held_yen; /* money that the masters have no account or trustee for */
    int64_t operator_count;
    int64_t operator_yen; /* 利用料金: kept out for good, listed for its operator */
};

/* Draft every marked day up to TO, a transaction per day, so that intake waits for one day's work at most. The result
 * counts what was done even when a later day fails. */
enum status assessment_draft_until(struct store *store, const struct actor *actor, struct civil_date to, int64_t now_ms,
                                   struct drafting_result *out, struct error_detail *err) MUST_CHECK;

/* Draft DAY inside TXN and take its mark away. */
enum status assessment_draft_day(struct store_txn *txn, const struct actor *actor, const struct catalogue *catalogue,
                                 const char *day, int64_t now_ms, struct drafting_result *result,
                                 struct error_detail *err) MUST_CHECK;
