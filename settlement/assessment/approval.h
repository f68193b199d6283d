/* 起案 and 承認: the steps that people take, all or none of a list, never by one person alone. */
#pragma once

#include "settlement/access/actor.h"
#include "settlement/store/store.h"

enum {
    ASSESSMENT_CHOICES_MAX = 200, /* what one screen shows; bounds the transaction */
    ASSESSMENT_SUMMARY_MAX_BYTES = 300,
    ASSESSMENT_REASON_MAX_BYTES = 3000
};

/* A record as the person saw it: another version is another content. */
struct assessment_choice {
    int64_t id;
    int64_t version;
};

/* Each of these first brings the drafts of the days concerned in step with the ledger. When that changes a chosen
 * record, the change is kept, nothing else is done, and the answer is STATUS_CONFLICT "content_changed". Otherwise:
 * STATUS_NOT_FOUND; STATUS_CONFLICT "version_changed" or "wrong_state"; nothing was done then. COUNT is 1 …
 * ASSESSMENT_CHOICES_MAX (STATUS_INVALID beyond). */

/* draft → proposed. SUMMARY (摘要) NULL keeps what is there. */
enum status assessment_propose(struct store *store, const struct actor *actor, const struct assessment_choice *choices,
                               size_t count, const char *summary, int64_t now_ms, struct error_detail *err) MUST_CHECK;

/* proposed → draft: 取下げ by the proposer, 差戻し by an approver; STATUS_UNAUTHORIZED "no_right" for others. */
enum status assessment_return(struct store *store, const struct actor *actor, const struct assessment_choice *choices,
                              size_t count, const char *reason, int64_t now_ms, struct error_detail *err) MUST_CHECK;

/* proposed → approved, numbered in the order given. STATUS_UNAUTHORIZED "own_approval" for what ACTOR proposed. */
enum status assessment_approve(struct store *store, const struct actor *actor, const struct assessment_choice *choices,
                               size_t count, int64_t now_ms, struct error_detail *err) MUST_CHECK;
