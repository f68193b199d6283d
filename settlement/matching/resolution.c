/* Find, check, do, record: in one transaction each. */
#include "settlement/matching/resolution.h"

#include "settlement/store/access_log_store.h"
#include "settlement/store/discrepancy_store.h"
#include "settlement/store/staff_store.h"

#include <stdio.h>
#include <string.h>

enum { WORD_SIZE = 32, CLASS_SIZE = 32 };

/* What the steps need to know of a row. */
struct standing {
    bool is_found;
    char class[CLASS_SIZE];
    char state[WORD_SIZE];
    int64_t version;
    char owner[LOGIN_SIZE];
    char resolution[WORD_SIZE];
    char resolved_by[LOGIN_SIZE];
};

static enum status
copy_row(const struct discrepancy_row *row, void *context)
{
    struct standing *standing = context;
    standing->is_found = true;
    standing->version = row->version;
    snprintf(standing->class, sizeof standing->class, "%s", row->class);
    snprintf(standing->state, sizeof standing->state, "%s", row->state);
    snprintf(standing->owner, sizeof standing->owner, "%s", row->owner);
    snprintf(standing->resolution, sizeof standing->resolution, "%s", row->resolution);
    snprintf(standing->resolved_by, sizeof standing->resolved_by, "%s", row->resolved_by);
    return STATUS_OK;
}

static enum status
find(struct store_txn *txn, const struct actor *actor, int64_t id, const char *wanted_state, struct standing *out,
     struct error_detail *err)
{
    *out = (struct standing){0};
    struct discrepancy_query query = {.municipality = actor->municipality, .id = id, .state = "all", .limit = 1};
    enum status status = discrepancy_each(txn, &query, copy_row, out, err);
    if (status == STATUS_OK && !out->is_found) {
        error_set(err, "not_found", "要確認(%lld)はありません。", (long long)id);
        return STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK && wanted_state != NULL && strcmp(out->state, wanted_state) != 0) {
        error_set(err, "wrong_state", "この要確認は「%s」です。開き直してください。",
                  discrepancy_state_name(out->state));
        return STATUS_REFUSED;
    }
    return status;
}

static enum status
record(struct store_txn *txn, const struct actor *actor, int64_t id, const char *what, const char *before,
       const char *after, const char *reason, int64_t now_ms, struct error_detail *err)
{
    char object[48];
    snprintf(object, sizeof object, "discrepancy:%lld", (long long)id);
    return access_log_append(
        txn, actor, now_ms,
        &(struct access_entry){.what = what, .object = object, .before = before, .after = after, .reason = reason},
        err);
}

enum status
discrepancy_assign(struct store *store, const struct actor *actor, int64_t id, const char *owner, int64_t now_ms,
                   struct error_detail *err)
{
    struct store_txn *txn = NULL;
    struct standing standing;
    struct staff_row staff = {0};
    enum status status = store_begin_write(store, &txn, err);
    if (status == STATUS_OK) {
        status = find(txn, actor, id, NULL, &standing, err);
    }
    if (status == STATUS_OK && (strcmp(standing.state, "resolved") == 0 || strcmp(standing.state, "cleared") == 0)) {
        error_set(err, "wrong_state", "この要確認は「%s」です。開き直してください。",
                  discrepancy_state_name(standing.state));
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK && owner != NULL) {
        status = staff_find(txn, owner, &staff, err);
        if (status == STATUS_NOT_FOUND ||
            (status == STATUS_OK && strcmp(staff.actor.municipality, actor->municipality) != 0)) {
            error_set(err, "invalid_request", "担当にする利用者が見つかりません。");
            status = STATUS_INVALID;
        }
    }
    if (status == STATUS_OK) {
        status = discrepancy_set_owner(txn, id, owner != NULL ? owner : "", err);
    }
    if (status == STATUS_OK) {
        status = record(txn, actor, id, "assign", standing.owner, owner, NULL, now_ms, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

static enum status
check_resolution(const struct standing *standing, enum resolution resolution, int64_t version, const char *reason,
                 struct error_detail *err)
{
    enum discrepancy_class class;
    if (standing->version != version) {
        error_set(err, "version_changed", "この要確認の内容が変わりました。開き直して、内容を確かめてください。");
        return STATUS_CONFLICT;
    }
    if (!discrepancy_class_from_word(&class, standing->class) || !resolution_fits(resolution, class)) {
        error_set(err, "invalid_request", "「%s」には、この処置を選べません。",
                  discrepancy_class_name(standing->class));
        return STATUS_INVALID;
    }
    if (reason == NULL || reason[0] == '\0' || strlen(reason) > RESOLUTION_REASON_MAX_BYTES) {
        error_set(err, "invalid_request", "理由を1000文字以内で入力してください。");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

enum status
discrepancy_resolve(struct store *store, const struct actor *actor, int64_t id, enum resolution resolution,
                    const char *reason, int64_t version, int64_t now_ms, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    struct standing standing;
    const char *after = resolution_moves_money(resolution) ? "awaiting_second" : "resolved";
    enum status status = store_begin_write(store, &txn, err);
    if (status == STATUS_OK) {
        status = find(txn, actor, id, "open", &standing, err);
    }
    if (status == STATUS_OK) {
        status = check_resolution(&standing, resolution, version, reason, err);
    }
    if (status == STATUS_OK) {
        status =
            discrepancy_set_resolution(txn, id, after, resolution_word(resolution), reason, actor->login, now_ms, err);
    }
    char text[2 * WORD_SIZE];
    snprintf(text, sizeof text, "%s %s", after, resolution_word(resolution));
    if (status == STATUS_OK) {
        status = record(txn, actor, id, "resolve", standing.state, text, reason, now_ms, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

static enum status
check_confirmation(const struct standing *standing, const struct actor *actor, bool confirms, const char *reason,
                   struct error_detail *err)
{
    if (!role_has_right(actor->role, RIGHT_CONFIRM)) {
        error_set(err, "no_right", "お金の動く処置を確認できるのは承認者だけです。");
        return STATUS_UNAUTHORIZED;
    }
    if (strcmp(standing->resolved_by, actor->login) == 0) {
        error_set(err, "own_approval", "自分が決めた処置は確認できません。別の承認者に依頼してください。");
        return STATUS_UNAUTHORIZED;
    }
    if (!confirms && (reason == NULL || reason[0] == '\0')) {
        error_set(err, "invalid_request", "差し戻す理由を入力してください。");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

enum status
discrepancy_confirm(struct store *store, const struct actor *actor, int64_t id, bool confirms, const char *reason,
                    int64_t now_ms, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    struct standing standing;
    enum status status = store_begin_write(store, &txn, err);
    if (status == STATUS_OK) {
        status = find(txn, actor, id, "awaiting_second", &standing, err);
    }
    if (status == STATUS_OK) {
        status = check_confirmation(&standing, actor, confirms, reason, err);
    }
    if (status == STATUS_OK) {
        status =
            confirms ? discrepancy_set_confirmed(txn, id, actor->login, now_ms, err) : discrepancy_reopen(txn, id, err);
    }
    char before[2 * WORD_SIZE];
    snprintf(before, sizeof before, "%s %s", standing.state, standing.resolution);
    if (status == STATUS_OK) {
        status = record(txn, actor, id, confirms ? "confirm" : "reject", before, confirms ? "resolved" : "open", reason,
                        now_ms, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}
