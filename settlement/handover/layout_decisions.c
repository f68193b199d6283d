/* Layouts: every deed is one transaction with its entry in the access log. */
#include "settlement/handover/handover_deeds.h"

#include "settlement/store/access_log_store.h"
#include "settlement/store/finance_layout_store.h"

#include <stdio.h>
#include <string.h>

static enum status
check_reason(const char *reason, const char *otherwise, struct error_detail *err)
{
    if (reason == NULL || reason[0] == '\0' || strlen(reason) > HANDOVER_REASON_MAX_BYTES) {
        error_set(err, "invalid_request", "%s", otherwise);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static enum status
record(struct store_txn *txn, const struct actor *actor, const char *what, int64_t id, const char *name,
       int64_t version, const char *reason, int64_t now_ms, struct error_detail *err)
{
    char object[48];
    char after[HANDOVER_NAME_SIZE + 64];
    snprintf(object, sizeof object, "finance_layout:%lld", (long long)id);
    snprintf(after, sizeof after, "%s 第%lld版", name, (long long)version);
    return access_log_append(txn, actor, now_ms,
                             &(struct access_entry){.what = what, .object = object, .after = after, .reason = reason},
                             err);
}

enum status
handover_layout_propose(struct store *store, const struct actor *actor, const char *descriptor, size_t length,
                        const char *reason, int64_t now_ms, int64_t *out_id, struct error_detail *err)
{
    struct handover_layout *layout = NULL;
    struct store_txn *txn = NULL;
    struct finance_layout_row row = {
        .descriptor = descriptor, .proposed_by = actor->login, .proposed_at_ms = now_ms, .reason = reason};
    enum status status = handover_layout_create(&layout, descriptor, length, err);
    if (status == STATUS_OK) {
        status = check_reason(
            reason, "提案する理由（どのシステムの、どの仕様書によるか）を1000文字以内で書いてください。", err);
    }
    if (status == STATUS_OK) {
        row.layout = layout->name;
        status = store_begin_write_for(store, actor->municipality, &txn, err);
    }
    if (status == STATUS_OK) {
        status = finance_layout_add(txn, actor->municipality, &row, err);
    }
    if (status == STATUS_OK) {
        status = record(txn, actor, "finance_layout_propose", row.id, row.layout, row.version, row.reason, now_ms, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    handover_layout_destroy(layout);
    if (status == STATUS_OK) {
        *out_id = row.id;
    }
    return status;
}

/* A layout while it is decided. */
struct waiting_layout {
    int64_t version;
    char name[HANDOVER_NAME_SIZE];
    char proposed_by[LOGIN_SIZE];
    bool is_found;
    bool is_waiting;
};

static enum status
keep_layout(const struct finance_layout_row *row, void *context)
{
    struct waiting_layout *layout = context;
    layout->version = row->version;
    snprintf(layout->name, sizeof layout->name, "%s", row->layout);
    snprintf(layout->proposed_by, sizeof layout->proposed_by, "%s", row->proposed_by);
    layout->is_found = true;
    layout->is_waiting = strcmp(row->state, "proposed") == 0;
    return STATUS_OK;
}

static enum status
find_waiting(struct waiting_layout *out, struct store_txn *txn, const struct actor *actor, int64_t id,
             struct error_detail *err)
{
    *out = (struct waiting_layout){0};
    enum status status =
        finance_layout_each(txn, actor->municipality, id, NULL, /* in_use= */ false, 1, keep_layout, out, err);
    if (status == STATUS_OK && !out->is_found) {
        error_set(err, "not_found", "財務会計の書式の提案(%lld)はありません。", (long long)id);
        return STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK && !out->is_waiting) {
        error_set(err, "wrong_state", "この提案はもう決まっています。開き直してください。");
        return STATUS_REFUSED;
    }
    return status;
}

enum status
handover_layout_decide(struct store *store, const struct actor *actor, int64_t id, bool is_agreed, const char *reason,
                       int64_t now_ms, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    struct waiting_layout layout;
    enum status status = check_reason(reason, "確認した内容、または差し戻す理由を1000文字以内で書いてください。", err);
    if (status == STATUS_OK) {
        status = store_begin_write_for(store, actor->municipality, &txn, err);
    }
    if (status == STATUS_OK) {
        status = find_waiting(&layout, txn, actor, id, err);
    }
    if (status == STATUS_OK && is_agreed && strcmp(layout.proposed_by, actor->login) == 0) {
        error_set(err, "own_approval", "自分が提案した書式は承認できません。別の承認者が確認してください。");
        status = STATUS_UNAUTHORIZED;
    }
    if (status == STATUS_OK) {
        status = finance_layout_decide(txn, id, is_agreed ? "done" : "refused", actor->login, now_ms, reason, err);
    }
    if (status == STATUS_OK) {
        status = record(txn, actor, is_agreed ? "finance_layout_confirm" : "finance_layout_refuse", id, layout.name,
                        layout.version, reason, now_ms, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}
