/* One shape for three deeds: refresh the drafts, check every choice, then do it to every choice. */
#include "settlement/assessment/approval.h"

#include "settlement/assessment/drafting.h"
#include "settlement/store/access_log_store.h"
#include "settlement/store/assessment_ledger_store.h"
#include "settlement/store/assessment_store.h"
#include "settlement/store/staff_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct deed;

/* How the deeds differ. `check` judges one record; `perform` does it and logs it. */
struct deed_kind {
    enum assessment_state from;
    enum status (*check)(const struct deed *deed, const struct assessment_head *head, struct error_detail *err);
    enum status (*perform)(const struct deed *deed, const struct assessment_head *head, struct error_detail *err);
};

struct deed {
    const struct deed_kind *kind;
    struct store_txn *txn;
    const struct actor *actor;
    const struct assessment_choice *choices;
    size_t count;
    const char *text; /* summary or reason */
    int64_t now_ms;
};

static enum status
log_deed(const struct deed *deed, const struct assessment_head *head, const char *what, const char *after,
         const char *reason, struct error_detail *err)
{
    char object[48];
    char before[64];
    snprintf(object, sizeof object, "assessment:%lld", (long long)head->id);
    snprintf(before, sizeof before, "%s %lld円", assessment_state_word(head->state), (long long)head->amount_yen);
    return access_log_append(
        deed->txn, deed->actor, deed->now_ms,
        &(struct access_entry){.what = what, .object = object, .before = before, .after = after, .reason = reason},
        err);
}

static enum status
check_nothing(const struct deed *deed, const struct assessment_head *head, struct error_detail *err)
{
    (void)deed;
    (void)head;
    (void)err;
    return STATUS_OK;
}

static enum status
check_return(const struct deed *deed, const struct assessment_head *head, struct error_detail *err)
{
    if (strcmp(head->proposed_by, deed->actor->login) != 0 && !role_has_right(deed->actor->role, RIGHT_APPROVE)) {
        error_set(err, "no_right", "差し戻せるのは承認者、取り下げられるのは起案した本人です。");
        return STATUS_UNAUTHORIZED;
    }
    return STATUS_OK;
}

static enum status
check_approval(const struct deed *deed, const struct assessment_head *head, struct error_detail *err)
{
    if (!role_has_right(deed->actor->role, RIGHT_APPROVE)) {
        error_set(err, "no_right", "調定を承認できるのは承認者だけです。");
        return STATUS_UNAUTHORIZED;
    }
    if (strcmp(head->proposed_by, deed->actor->login) == 0) {
        error_set(err, "own_approval", "自分が起案した調定は承認できません。別の承認者に依頼してください。");
        return STATUS_UNAUTHORIZED;
    }
    bool is_theirs = false;
    enum status status =
        staff_approves_section_of(deed->txn, deed->actor->municipality, deed->actor->login, head->id, &is_theirs, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (!is_theirs) {
        error_set(err, "other_section", "承認を任された所属の調定ではありません。その所属の承認者に依頼してください。");
        return STATUS_UNAUTHORIZED;
    }
    return STATUS_OK;
}

static enum status
perform_proposal(const struct deed *deed, const struct assessment_head *head, struct error_detail *err)
{
    enum status status =
        assessment_set_proposed(deed->txn, head->id, deed->actor->login, deed->now_ms, deed->text, err);
    return status == STATUS_OK ? log_deed(deed, head, "propose", "proposed", NULL, err) : status;
}

static enum status
perform_return(const struct deed *deed, const struct assessment_head *head, struct error_detail *err)
{
    enum status status = assessment_set_draft(deed->txn, head->id, err);
    return status == STATUS_OK ? log_deed(deed, head, "return", "draft", deed->text, err) : status;
}

static enum status
perform_approval(const struct deed *deed, const struct assessment_head *head, struct error_detail *err)
{
    int64_t serial;
    enum status status = assessment_set_approved(deed->txn, head, deed->actor->login, deed->now_ms, &serial, err);
    if (status == STATUS_CONFLICT) {
        error_set(err, "wrong_state", "この調定は承認できる状態にありません。一覧を開き直してください。");
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = assessment_mark_refunded(deed->txn, head->id, err);
    if (status != STATUS_OK) {
        return status;
    }
    char after[64] = "approved ";
    assessment_number_format(after + strlen(after), head->fiscal_year, serial);
    return log_deed(deed, head, "approve", after, NULL, err);
}

static const struct deed_kind proposal = {
    .from = ASSESSMENT_DRAFT, .check = check_nothing, .perform = perform_proposal};
static const struct deed_kind returning = {
    .from = ASSESSMENT_PROPOSED, .check = check_return, .perform = perform_return};
static const struct deed_kind approval = {
    .from = ASSESSMENT_PROPOSED, .check = check_approval, .perform = perform_approval};

/* Bring the drafts of the chosen records' days in step. */
static enum status
refresh(const struct deed *deed, struct error_detail *err)
{
    const char *municipality = deed->actor->municipality;
    char today[CIVIL_DATE_TEXT_SIZE];
    civil_date_format(today, civil_date_at(deed->now_ms));
    struct catalogue *catalogue = NULL;
    enum status status = assessment_mark_days(deed->txn, municipality, today, err);
    if (status == STATUS_OK) {
        status = catalogue_load(&catalogue, deed->txn, municipality, err);
    }
    struct drafting_result ignored = {0};
    for (size_t i = 0; status == STATUS_OK && i < deed->count; i++) {
        struct assessment_head head;
        bool is_marked = false;
        status = assessment_head_find(deed->txn, municipality, deed->choices[i].id, &head, err);
        if (status == STATUS_OK) {
            status = assessment_day_is_marked(deed->txn, municipality, head.assessed_on, &is_marked, err);
        } else if (status == STATUS_NOT_FOUND) {
            status = STATUS_OK; /* said by check_all: it may have gone with the refresh of another one's day */
        }
        if (status == STATUS_OK && is_marked) {
            status =
                assessment_draft_day(deed->txn, deed->actor, catalogue, head.assessed_on, deed->now_ms, &ignored, err);
        }
    }
    catalogue_destroy(catalogue);
    return status;
}

static enum status
check_one(const struct deed *deed, const struct assessment_choice *choice, const struct assessment_head *before,
          struct assessment_head *out, struct error_detail *err)
{
    enum status status = assessment_head_find(deed->txn, deed->actor->municipality, choice->id, out, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (out->version != choice->version) {
        bool was_seen = before->version == choice->version;
        error_set(err, was_seen ? "content_changed" : "version_changed",
                  was_seen ? "売上が追加または取り消されたため、調定の内容が変わりました。内容を確かめて、もう一度起案"
                             "してください。"
                           : "ほかの人がこの調定を変更しました。一覧を開き直して、内容を確かめてください。");
        return STATUS_CONFLICT;
    }
    if (out->state != deed->kind->from) {
        error_set(err, "wrong_state", "この調定は「%s」です。一覧を開き直してください。",
                  assessment_state_name(out->state));
        return STATUS_CONFLICT;
    }
    return deed->kind->check(deed, out, err);
}

/* As each choice stands before the refresh; id 0 when there is none. */
static enum status
look_before(const struct deed *deed, struct assessment_head *before, struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < deed->count; i++) {
        status = assessment_head_find(deed->txn, deed->actor->municipality, deed->choices[i].id, &before[i], err);
        for (size_t k = 0; status == STATUS_OK && k < i; k++) {
            if (deed->choices[k].id == deed->choices[i].id) {
                error_set(err, "invalid_request", "同じ調定が二度選ばれています。");
                status = STATUS_INVALID;
            }
        }
    }
    return status;
}

/* Refresh, check, perform. *OUT_KEEP: what was done must be committed although the answer is an error. */
static enum status
do_all(const struct deed *deed, struct assessment_head *before, struct assessment_head *now, bool *out_keep,
       struct error_detail *err)
{
    enum status status = look_before(deed, before, err);
    if (status == STATUS_OK) {
        status = refresh(deed, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    *out_keep = true;
    for (size_t i = 0; status == STATUS_OK && i < deed->count; i++) {
        status = check_one(deed, &deed->choices[i], &before[i], &now[i], err);
    }
    if (status == STATUS_NOT_FOUND) {
        error_set(err, "content_changed",
                  "売上が取り消されたため、この調定はなくなりました。一覧を開き直してください。");
        return STATUS_CONFLICT;
    }
    if (status != STATUS_OK) {
        return status;
    }
    *out_keep = false;
    for (size_t i = 0; status == STATUS_OK && i < deed->count; i++) {
        status = deed->kind->perform(deed, &now[i], err);
    }
    return status;
}

static enum status
run(struct store *store, struct deed *deed, struct error_detail *err)
{
    if (deed->count == 0 || deed->count > ASSESSMENT_CHOICES_MAX) {
        error_set(err, "invalid_request", "調定は1件以上%d件以下で選んでください。", ASSESSMENT_CHOICES_MAX);
        return STATUS_INVALID;
    }
    struct assessment_head *heads = calloc(2 * deed->count, sizeof *heads);
    if (heads == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    bool must_keep = false;
    enum status status = store_begin_write_for(store, deed->actor->municipality, &deed->txn, err);
    if (status == STATUS_OK) {
        status = do_all(deed, heads, heads + deed->count, &must_keep, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(deed->txn, err);
    } else if (must_keep) {
        struct error_detail commit_err;
        enum status kept = store_commit(deed->txn, &commit_err);
        if (kept != STATUS_OK) {
            status = kept;
            *err = commit_err;
        }
    }
    store_end(deed->txn);
    free(heads);
    return status;
}

enum status
assessment_propose(struct store *store, const struct actor *actor, const struct assessment_choice *choices,
                   size_t count, const char *summary, int64_t now_ms, struct error_detail *err)
{
    struct deed deed = {
        .kind = &proposal, .actor = actor, .choices = choices, .count = count, .text = summary, .now_ms = now_ms};
    return run(store, &deed, err);
}

enum status
assessment_return(struct store *store, const struct actor *actor, const struct assessment_choice *choices, size_t count,
                  const char *reason, int64_t now_ms, struct error_detail *err)
{
    struct deed deed = {
        .kind = &returning, .actor = actor, .choices = choices, .count = count, .text = reason, .now_ms = now_ms};
    return run(store, &deed, err);
}

enum status
assessment_approve(struct store *store, const struct actor *actor, const struct assessment_choice *choices,
                   size_t count, int64_t now_ms, struct error_detail *err)
{
    struct deed deed = {.kind = &approval, .actor = actor, .choices = choices, .count = count, .now_ms = now_ms};
    return run(store, &deed, err);
}
