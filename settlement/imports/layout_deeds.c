/* Every deed is one transaction with its entry in the access log. */
#include "settlement/imports/layout_deeds.h"

#include "settlement/statements/layout.h"
#include "settlement/store/access_log_store.h"
#include "settlement/store/layout_use_store.h"

#include <stdio.h>
#include <string.h>

enum { LAYOUT_NAME_SIZE = 64 /* of layout.h: at most 63 bytes */ };

static enum status
check_reason(const char *reason, const char *otherwise, struct error_detail *err)
{
    if (reason == NULL || reason[0] == '\0' || strlen(reason) > LAYOUT_REASON_MAX_BYTES) {
        error_set(err, "invalid_request", "%s", otherwise);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

/* The log names the layout and its version on both sides of the deed, in the words of the screen. */
static enum status
record(struct store_txn *txn, const struct actor *actor, const char *what, const char *name, int64_t use,
       int64_t version, const char *reason, int64_t now_ms, struct error_detail *err)
{
    char object[48];
    char after[LAYOUT_NAME_SIZE + 64];
    snprintf(object, sizeof object, "layout_use:%lld", (long long)use);
    if (version > 0) {
        snprintf(after, sizeof after, "layout:%s 第%lld版", name, (long long)version);
    } else {
        snprintf(after, sizeof after, "layout:%s 市の版を使わない", name);
    }
    return access_log_append(txn, actor, now_ms,
                             &(struct access_entry){.what = what, .object = object, .after = after, .reason = reason},
                             err);
}

/* How NAME stands before a proposal; refused while another one waits. */
static enum status
check_stand(struct store_txn *txn, const char *municipality, const char *name, int64_t version, int64_t *out_in_use,
            bool *out_has_version, struct error_detail *err)
{
    int64_t waiting = 0;
    enum status status = layout_use_stand(txn, municipality, name, version, &waiting, out_in_use, out_has_version, err);
    if (status == STATUS_OK && waiting != 0) {
        error_set(err, "layout_waits",
                  "この書式の別の提案が、二人目の確認を待っています。先にそちらを決めるか、取り下げてください。");
        return STATUS_REFUSED;
    }
    return status;
}

enum status
layout_use_propose(struct store *store, const struct actor *actor, const struct layout_proposal *proposal,
                   int64_t now_ms, int64_t *out_version, int64_t *out_use, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    int64_t in_use = 0;
    bool has_version = false;
    const struct layout_row saved = {.name = proposal->name,
                                     .descriptor = proposal->descriptor,
                                     .saved_at_ms = now_ms,
                                     .saved_by = actor->login,
                                     .reason = proposal->reason};
    struct layout_use_row use = {.name = proposal->name,
                                 .file_name = proposal->file_name,
                                 .file_sha256 = proposal->file_sha256,
                                 .trial = proposal->trial,
                                 .proposed_by = actor->login,
                                 .proposed_at_ms = now_ms,
                                 .reason = proposal->reason};
    enum status status =
        check_reason(proposal->reason, "提案する理由（どのファイルで確かめたか）を1000文字以内で書いてください。", err);
    if (status == STATUS_OK) {
        status = store_begin_write_for(store, actor->municipality, &txn, err);
    }
    if (status == STATUS_OK) {
        status = check_stand(txn, actor->municipality, proposal->name, 0, &in_use, &has_version, err);
    }
    if (status == STATUS_OK) {
        status = layout_add(txn, actor->municipality, &saved, &use.version, err);
    }
    if (status == STATUS_OK) {
        status = layout_use_add(txn, actor->municipality, &use, &use.id, err);
    }
    if (status == STATUS_OK) {
        status = record(txn, actor, "layout_propose", use.name, use.id, use.version, use.reason, now_ms, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    if (status == STATUS_OK) {
        *out_version = use.version;
        *out_use = use.id;
    }
    return status;
}

enum status
layout_use_propose_again(struct store *store, const struct actor *actor, const char *name, int64_t version,
                         const char *reason, int64_t now_ms, int64_t *out_use, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    int64_t in_use = 0;
    bool has_version = false;
    struct layout_use_row use = {
        .name = name, .version = version, .proposed_by = actor->login, .proposed_at_ms = now_ms, .reason = reason};
    enum status status = check_reason(reason, "この版に戻す理由を1000文字以内で書いてください。", err);
    if (status == STATUS_OK) {
        status = store_begin_write_for(store, actor->municipality, &txn, err);
    }
    if (status == STATUS_OK) {
        status = check_stand(txn, actor->municipality, name, version, &in_use, &has_version, err);
    }
    if (status == STATUS_OK && version != 0 && !has_version) {
        error_set(err, "not_found", "「%.60s」に第%lld版はありません。", name, (long long)version);
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK && version == in_use) {
        error_set(err, "wrong_state", "もうこの版で読んでいます。開き直してください。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK) {
        status = layout_use_add_again(txn, actor->municipality, &use, &use.id, err);
    }
    if (status == STATUS_OK) {
        status = record(txn, actor, "layout_propose", name, use.id, version, reason, now_ms, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    if (status == STATUS_OK) {
        *out_use = use.id;
    }
    return status;
}

/* ---- the second person ---- */

/* A use while it is decided. */
struct waiting_use {
    int64_t version;
    char name[LAYOUT_NAME_SIZE];
    char proposed_by[LOGIN_SIZE];
    bool is_found;
    bool is_waiting;
};

static enum status
keep_use(const struct layout_use_row *row, void *context)
{
    struct waiting_use *use = context;
    use->version = row->version;
    snprintf(use->name, sizeof use->name, "%s", row->name);
    snprintf(use->proposed_by, sizeof use->proposed_by, "%s", row->proposed_by);
    use->is_found = true;
    use->is_waiting = strcmp(row->state, "proposed") == 0;
    return STATUS_OK;
}

static enum status
find_waiting(struct waiting_use *out, struct store_txn *txn, const struct actor *actor, int64_t id,
             struct error_detail *err)
{
    *out = (struct waiting_use){0};
    enum status status = layout_use_each(txn, actor->municipality, id, NULL, NULL, 1, keep_use, out, err);
    if (status == STATUS_OK && !out->is_found) {
        error_set(err, "not_found", "書式の提案(%lld)はありません。", (long long)id);
        return STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK && !out->is_waiting) {
        error_set(err, "wrong_state", "この提案はもう決まっています。開き直してください。");
        return STATUS_REFUSED;
    }
    return status;
}

/* A version that an earlier program saved may say what this one does not know. */
static enum status
check_descriptor(const struct layout_row *row, void *context)
{
    struct layout *layout = NULL;
    enum status status = layout_create(&layout, row->descriptor, strlen(row->descriptor), context);
    layout_destroy(layout);
    return status;
}

static enum status
decide(struct store *store, const struct actor *actor, int64_t id, bool is_agreed, const char *reason, int64_t now_ms,
       struct error_detail *err)
{
    struct store_txn *txn = NULL;
    struct waiting_use use;
    enum status status = store_begin_write_for(store, actor->municipality, &txn, err);
    if (status == STATUS_OK) {
        status = find_waiting(&use, txn, actor, id, err);
    }
    if (status == STATUS_OK && is_agreed && strcmp(use.proposed_by, actor->login) == 0) {
        error_set(err, "own_approval", "自分が提案した書式は承認できません。別の承認者が確認してください。");
        status = STATUS_UNAUTHORIZED;
    }
    if (status == STATUS_OK && is_agreed && use.version > 0) {
        status = layout_each(txn, actor->municipality, use.name, use.version, check_descriptor, err, err);
    }
    if (status == STATUS_OK) {
        status = layout_use_decide(txn, id, is_agreed ? "done" : "refused", actor->login, now_ms, reason, err);
    }
    if (status == STATUS_OK) {
        status = record(txn, actor, is_agreed ? "layout_confirm" : "layout_refuse", use.name, id, use.version, reason,
                        now_ms, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

enum status
layout_use_confirm(struct store *store, const struct actor *actor, int64_t id, const char *reason, int64_t now_ms,
                   struct error_detail *err)
{
    enum status status = check_reason(reason, "確認した内容を1000文字以内で書いてください。", err);
    return status == STATUS_OK ? decide(store, actor, id, /* is_agreed= */ true, reason, now_ms, err) : status;
}

enum status
layout_use_refuse(struct store *store, const struct actor *actor, int64_t id, const char *reason, int64_t now_ms,
                  struct error_detail *err)
{
    enum status status = check_reason(reason, "差し戻す理由を1000文字以内で書いてください。", err);
    return status == STATUS_OK ? decide(store, actor, id, /* is_agreed= */ false, reason, now_ms, err) : status;
}
