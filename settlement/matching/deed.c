/* Find, check, do, record: in one transaction each. */
#include "settlement/matching/deed.h"

#include "settlement/matching/standing.h"
#include "settlement/store/staff_store.h"
#include "settlement/store/worklist_store.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* One deed being done. */
struct doing {
    struct store_txn *txn;
    const struct actor *actor;
    const struct deed *deed;
    struct standing standing;
    int64_t now_ms;
};

static enum status
record(const struct doing *doing, const char *before, const char *after, struct error_detail *err)
{
    return standing_record(doing->txn, doing->actor, doing->deed->id, deed_word(doing->deed->kind), before, after,
                           doing->deed->text, doing->now_ms, err);
}

static enum status
refuse_state(const struct standing *standing, struct error_detail *err)
{
    error_set(err, "wrong_state", "この要確認は「%s」です。開き直してください。",
              discrepancy_state_name(standing->state));
    return STATUS_REFUSED;
}

static enum status
check_state(const struct standing *standing, const char *wanted, struct error_detail *err)
{
    return strcmp(standing->state, wanted) == 0 ? STATUS_OK : refuse_state(standing, err);
}

/* The second person: an approver, and not the one who decided. */
static enum status
check_second_person(const struct doing *doing, const char *first, struct error_detail *err)
{
    if (!role_has_right(doing->actor->role, RIGHT_CONFIRM)) {
        error_set(err, "no_right", "お金の動く処置を確認できるのは承認者だけです。");
        return STATUS_UNAUTHORIZED;
    }
    if (strcmp(first, doing->actor->login) == 0) {
        error_set(err, "own_approval", "自分が決めた処置は確認できません。別の承認者に依頼してください。");
        return STATUS_UNAUTHORIZED;
    }
    return STATUS_OK;
}

static enum status
assign(struct doing *doing, struct error_detail *err)
{
    const struct standing *standing = &doing->standing;
    const char *owner = doing->deed->owner;
    struct staff_row staff = {0};
    if (strcmp(standing->state, "resolved") == 0 || strcmp(standing->state, "cleared") == 0) {
        return refuse_state(standing, err);
    }
    enum status status = owner != NULL ? staff_find(doing->txn, owner, &staff, err) : STATUS_OK;
    if (status == STATUS_NOT_FOUND ||
        (status == STATUS_OK && owner != NULL && strcmp(staff.actor.municipality, doing->actor->municipality) != 0)) {
        error_set(err, "invalid_request", "担当にする利用者が見つかりません。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = discrepancy_set_owner(doing->txn, doing->deed->id, owner != NULL ? owner : "", err);
    }
    return status == STATUS_OK ? record(doing, standing->owner, owner, err) : status;
}

static enum status
resolve(struct doing *doing, struct error_detail *err)
{
    const struct deed *deed = doing->deed;
    enum discrepancy_class class;
    enum status status = check_state(&doing->standing, "open", err);
    if (status == STATUS_OK &&
        (!discrepancy_class_from_word(&class, doing->standing.class) || !resolution_fits(deed->resolution, class))) {
        error_set(err, "invalid_request", "「%s」には、この処置を選べません。",
                  discrepancy_class_name(doing->standing.class));
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = standing_check_text(deed->text, "理由", err);
    }
    const char *after = resolution_moves_money(deed->resolution) ? "awaiting_second" : "resolved";
    if (status == STATUS_OK) {
        status = discrepancy_set_resolution(doing->txn, deed->id, after, resolution_word(deed->resolution), deed->text,
                                            doing->actor->login, doing->now_ms, err);
    }
    char text[2 * STANDING_WORD_SIZE];
    snprintf(text, sizeof text, "%s %s", after, resolution_word(deed->resolution));
    return status == STATUS_OK ? record(doing, doing->standing.state, text, err) : status;
}

static enum status
decide_second(struct doing *doing, bool confirms, struct error_detail *err)
{
    const struct standing *standing = &doing->standing;
    int64_t id = doing->deed->id;
    enum status status = check_state(standing, "awaiting_second", err);
    if (status == STATUS_OK) {
        status = check_second_person(doing, standing->resolved_by, err);
    }
    if (status == STATUS_OK && !confirms) {
        status = standing_check_text(doing->deed->text, "差し戻す理由", err);
    }
    if (status == STATUS_OK) {
        status = confirms ? discrepancy_set_confirmed(doing->txn, id, doing->actor->login, doing->now_ms, err)
                          : discrepancy_reopen(doing->txn, id, err);
    }
    char before[2 * STANDING_WORD_SIZE];
    snprintf(before, sizeof before, "%s %s", standing->state, standing->resolution);
    return status == STATUS_OK ? record(doing, before, confirms ? "resolved" : "open", err) : status;
}

static enum status
confirm(struct doing *doing, struct error_detail *err)
{
    return decide_second(doing, true, err);
}

static enum status
reject(struct doing *doing, struct error_detail *err)
{
    return decide_second(doing, false, err);
}

static enum status
comment(struct doing *doing, struct error_detail *err)
{
    const struct comment_row row = {.at_ms = doing->now_ms, .login = doing->actor->login, .text = doing->deed->text};
    enum status status = standing_check_text(doing->deed->text, "コメント", err);
    return status == STATUS_OK ? comment_add(doing->txn, doing->actor->municipality, doing->deed->id, &row, err)
                               : status;
}

/* The day, or the sentence why it cannot be one. */
static enum status
check_expected_day(const char *on, int64_t now_ms, struct error_detail *err)
{
    struct civil_date day;
    struct civil_date today = civil_date_at(now_ms);
    if (civil_date_parse(&day, on, strlen(on)) != STATUS_OK || civil_date_compare(day, today) <= 0 ||
        civil_date_compare(day, civil_date_add_days(today, EXPECT_MAX_DAYS)) > 0) {
        error_set(err, "invalid_request", "いつまで待つかは、明日から%d日後までの日付にしてください。",
                  EXPECT_MAX_DAYS);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static enum status
expect(struct doing *doing, struct error_detail *err)
{
    const struct standing *standing = &doing->standing;
    const char *on = doing->deed->on;
    char due_on[CIVIL_DATE_TEXT_SIZE];
    struct civil_date opened = {0};
    enum discrepancy_class class = DISCREPANCY_POS_ONLY;
    enum status status = check_state(standing, "open", err);
    if (status == STATUS_OK && on != NULL) {
        status = check_expected_day(on, doing->now_ms, err);
        snprintf(due_on, sizeof due_on, "%s", on);
    } else if (status == STATUS_OK &&
               civil_date_parse(&opened, standing->opened_on, strlen(standing->opened_on)) == STATUS_OK &&
               discrepancy_class_from_word(&class, standing->class)) {
        civil_date_format(due_on, civil_date_add_days(opened, discrepancy_days(class)));
    } else {
        snprintf(due_on, sizeof due_on, "%s", standing->due_on);
    }
    if (status == STATUS_OK) {
        status = standing_check_text(doing->deed->text, "理由", err);
    }
    if (status == STATUS_OK) {
        status = discrepancy_set_expected(doing->txn, doing->deed->id, on != NULL ? on : "", due_on, err);
    }
    return status == STATUS_OK ? record(doing, standing->expected_on, on, err) : status;
}

static enum status
take_back(struct doing *doing, const char *confirmed_by, struct error_detail *err)
{
    char before[2 * STANDING_WORD_SIZE];
    snprintf(before, sizeof before, "resolved %s", doing->standing.resolution);
    enum status status = discrepancy_take_back(doing->txn, doing->deed->id, confirmed_by, err);
    return status == STATUS_OK ? record(doing, before, "open", err) : status;
}

static enum status
undo(struct doing *doing, struct error_detail *err)
{
    const struct standing *standing = &doing->standing;
    const struct deed *deed = doing->deed;
    bool moved_money = standing->confirmed_by[0] != '\0';
    enum status status = check_state(standing, "resolved", err);
    if (status == STATUS_OK && standing->undo_by[0] != '\0') {
        error_set(err, "wrong_state", "取消しは、もう頼まれています。承認者の確認を待っています。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK) {
        status = standing_check_text(deed->text, "取り消す理由", err);
    }
    if (status == STATUS_OK) {
        status = discrepancy_set_undo_asked(doing->txn, deed->id, doing->actor->login, deed->text, doing->now_ms, err);
    }
    if (status == STATUS_OK && moved_money) {
        return record(doing, standing->resolution, "asked", err);
    }
    return status == STATUS_OK ? take_back(doing, "", err) : status;
}

static enum status
check_undo_asked(const struct standing *standing, struct error_detail *err)
{
    if (strcmp(standing->state, "resolved") != 0 || standing->undo_by[0] == '\0') {
        error_set(err, "wrong_state", "この処置の取消しは頼まれていません。開き直してください。");
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

static enum status
undo_confirm(struct doing *doing, struct error_detail *err)
{
    enum status status = check_undo_asked(&doing->standing, err);
    if (status == STATUS_OK) {
        status = check_second_person(doing, doing->standing.undo_by, err);
    }
    return status == STATUS_OK ? take_back(doing, doing->actor->login, err) : status;
}

static enum status
undo_stop(struct doing *doing, struct error_detail *err)
{
    const struct actor *actor = doing->actor;
    enum status status = check_undo_asked(&doing->standing, err);
    bool is_own = strcmp(doing->standing.undo_by, actor->login) == 0;
    if (status == STATUS_OK && !is_own && !role_has_right(actor->role, RIGHT_CONFIRM)) {
        error_set(err, "no_right", "取消しの依頼を下げられるのは、頼んだ本人か承認者です。");
        status = STATUS_UNAUTHORIZED;
    }
    if (status == STATUS_OK) {
        status = discrepancy_set_undo_asked(doing->txn, doing->deed->id, "", "", 0, err);
    }
    return status == STATUS_OK ? record(doing, "asked", "resolved", err) : status;
}

static const struct {
    const char *word;
    enum status (*do_it)(struct doing *doing, struct error_detail *err);
    bool needs_version; /* what waits for a second person does not change under them */
} kinds[DEED_COUNT] = {
    [DEED_ASSIGN] = {"assign", assign, false},
    [DEED_RESOLVE] = {"resolve", resolve, true},
    [DEED_CONFIRM] = {"confirm", confirm, false},
    [DEED_REJECT] = {"reject", reject, false},
    [DEED_COMMENT] = {"comment", comment, false},
    [DEED_EXPECT] = {"expect", expect, true},
    [DEED_UNDO] = {"undo", undo, true},
    [DEED_UNDO_CONFIRM] = {"undo_confirm", undo_confirm, true},
    [DEED_UNDO_STOP] = {"undo_stop", undo_stop, true},
};

const char *
deed_word(enum deed_kind kind)
{
    return kinds[kind].word;
}

bool
deed_from_word(enum deed_kind *out, const char *word)
{
    for (int i = 0; i < DEED_COUNT; i++) {
        if (strcmp(kinds[i].word, word) == 0) {
            *out = (enum deed_kind)i;
            return true;
        }
    }
    return false;
}

/* Inside a write transaction; on failure the caller undoes it. */
static enum status
do_inside(struct store_txn *txn, const struct actor *actor, const struct deed *deed, int64_t now_ms,
          struct error_detail *err)
{
    struct doing doing = {.txn = txn, .actor = actor, .deed = deed, .now_ms = now_ms};
    enum status status = standing_find(txn, actor, deed->id, NULL, &doing.standing, err);
    if (status == STATUS_OK && kinds[deed->kind].needs_version) {
        status = standing_check_version(&doing.standing, deed->version, err);
    }
    return status == STATUS_OK ? kinds[deed->kind].do_it(&doing, err) : status;
}

enum status
deed_do(struct store *store, const struct actor *actor, const struct deed *deed, int64_t now_ms,
        struct error_detail *err)
{
    struct store_txn *txn = NULL;
    enum status status = store_begin_write_for(store, actor->municipality, &txn, err);
    if (status == STATUS_OK) {
        status = do_inside(txn, actor, deed, now_ms, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

/* Whether the transaction is good in spite of STATUS: somebody asked for what cannot be done. */
static bool
is_refusal(enum status status)
{
    return status == STATUS_NOT_FOUND || status == STATUS_REFUSED || status == STATUS_CONFLICT ||
           status == STATUS_INVALID || status == STATUS_UNAUTHORIZED;
}

static enum status
do_marked(struct store_txn *txn, const struct actor *actor, const struct deed *deed, int64_t now_ms,
          struct deed_outcome *outcome, struct error_detail *err)
{
    enum status status = store_mark(txn, err);
    if (status != STATUS_OK) {
        return status;
    }
    outcome->status = do_inside(txn, actor, deed, now_ms, &outcome->err);
    if (outcome->status == STATUS_OK) {
        return store_mark_keep(txn, err);
    }
    if (!is_refusal(outcome->status)) {
        *err = outcome->err;
        return outcome->status;
    }
    return store_mark_undo(txn, err);
}

enum status
deed_do_each(struct store *store, const struct actor *actor, const struct deed *deeds, size_t count, int64_t now_ms,
             struct deed_outcome *outcomes, struct error_detail *err)
{
    assert(count <= DEEDS_MAX);
    struct store_txn *txn = NULL;
    enum status status = store_begin_write_for(store, actor->municipality, &txn, err);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        status = do_marked(txn, actor, &deeds[i], now_ms, &outcomes[i], err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}
