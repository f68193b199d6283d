/* The steps of a draft as a whole. */
#include "settlement/masters/draft_parts.h"

#include "common/text/utf8.h"
#include "settlement/store/access_log_store.h"

#include <stdio.h>
#include <string.h>

enum status
draft_run(const struct masters_desk *desk, draft_step step, void *context, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    enum status status = store_begin_write_for(desk->store, desk->actor->municipality, &txn, err);
    if (status == STATUS_OK) {
        status = step(txn, desk, context, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

enum status
draft_in_state(struct store_txn *txn, const struct masters_desk *desk, int64_t id, enum masters_draft_state state,
               struct masters_draft *out, struct error_detail *err)
{
    enum status status = masters_draft_find(txn, desk->actor->municipality, id, out, err);
    if (status == STATUS_OK && out->state != state) {
        error_set(err, "wrong_state", "この変更案は「%s」です。画面を開き直してください。",
                  masters_draft_state_name(out->state));
        status = STATUS_CONFLICT;
    }
    return status;
}

enum status
draft_log(struct store_txn *txn, const struct masters_desk *desk, int64_t id, const char *what, const char *before,
          const char *after, const char *reason, struct error_detail *err)
{
    char object[48];
    snprintf(object, sizeof object, "masters_draft:%lld", (long long)id);
    return access_log_append(
        txn, desk->actor, desk->now_ms,
        &(struct access_entry){.what = what, .object = object, .before = before, .after = after, .reason = reason},
        err);
}

/* What the steps take. */
struct step {
    int64_t id;
    int64_t seen;
    const char *text; /* title or reason */
    int64_t out;      /* id or version */
};

static enum status
check_title(const char *title, struct error_detail *err)
{
    size_t length = strlen(title);
    if (length == 0 || length >= MASTERS_TITLE_SIZE) {
        error_set(err, "invalid_request", "変更案の題名を、80文字までで入力してください。");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static enum status
check_reason(const char *reason, struct error_detail *err)
{
    if (reason == NULL || reason[0] == '\0' || strlen(reason) > MASTERS_REASON_MAX_BYTES) {
        error_set(err, "invalid_request", "理由を入力してください（330文字まで）。");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static enum status
create(struct store_txn *txn, const struct masters_desk *desk, void *context, struct error_detail *err)
{
    struct step *step = context;
    struct masters_version current;
    enum status status = masters_current(txn, desk->actor->municipality, &current, NULL, err);
    if (status == STATUS_NOT_FOUND) {
        error_set(err, "no_masters", "まだマスタがありません。最初の版は masters load で読み込んでください。");
    }
    if (status == STATUS_OK) {
        status = masters_draft_add(txn, desk->actor, step->text, desk->now_ms, &step->out, err);
    }
    return status == STATUS_OK ? draft_log(txn, desk, step->out, "masters_create", NULL, step->text, NULL, err)
                               : status;
}

enum status
masters_draft_create(const struct masters_desk *desk, const char *title, int64_t *out_id, struct error_detail *err)
{
    struct step step = {.text = title};
    enum status status = check_title(title, err);
    if (status == STATUS_OK) {
        status = draft_run(desk, create, &step, err);
    }
    if (status == STATUS_OK) {
        *out_id = step.out;
    }
    return status;
}

static enum status
rename_draft(struct store_txn *txn, const struct masters_desk *desk, void *context, struct error_detail *err)
{
    struct step *step = context;
    struct masters_draft draft = {0};
    enum status status = draft_in_state(txn, desk, step->id, MASTERS_EDITING, &draft, err);
    if (status == STATUS_OK) {
        status = masters_draft_set_title(txn, step->id, step->text, desk->now_ms, err);
    }
    return status == STATUS_OK ? draft_log(txn, desk, step->id, "masters_rename", draft.title, step->text, NULL, err)
                               : status;
}

enum status
masters_draft_rename(const struct masters_desk *desk, int64_t id, const char *title, struct error_detail *err)
{
    struct step step = {.id = id, .text = title};
    enum status status = check_title(title, err);
    return status == STATUS_OK ? draft_run(desk, rename_draft, &step, err) : status;
}

/* The draft as the person saw it. */
static enum status
check_seen(const struct masters_draft *draft, int64_t seen, struct error_detail *err)
{
    if (draft->revision != seen) {
        error_set(err, "version_changed",
                  "ほかの人がこの変更案を変えました。差分を開き直して、内容を確かめてください。");
        return STATUS_CONFLICT;
    }
    return STATUS_OK;
}

static enum status
check_document(const struct json_value *document, size_t conflicts, struct error_detail *err)
{
    if (conflicts > 0) {
        error_set(err, "masters_conflict",
                  "公開中のマスタと食い違う行が%zu件あります。差分の画面で、どちらを残すか決めてください。", conflicts);
        return STATUS_CONFLICT;
    }
    return masters_validate(document, err);
}

/* The document that DRAFT makes, checked; its canonical text in OUT, and in VERSION what names it. */
static enum status
make_document(struct store_txn *txn, const struct masters_desk *desk, const struct masters_draft *draft,
              struct buffer *out, struct masters_version *version, struct error_detail *err)
{
    const struct masters_book *book = NULL;
    struct overlay overlay = {0};
    struct json_value *document = NULL;
    size_t conflicts = 0;
    enum status status = masters_book_hold(desk->shelf, txn, draft->municipality, 0, &book, err);
    if (status == STATUS_OK) {
        *version = (struct masters_version){.version = book->version.version + 1, .loaded_at_ms = desk->now_ms};
        memcpy(version->municipality, draft->municipality, sizeof version->municipality);
        status = overlay_read(&overlay, book, txn, draft->id, NULL, err);
    }
    if (status == STATUS_OK && overlay.change_count == 0) {
        error_set(err, "nothing_changed", "この変更案には、まだ変更がありません。");
        status = STATUS_CONFLICT;
    }
    if (status == STATUS_OK) {
        status = overlay_merge(&overlay, version->version, &document, &conflicts, err);
    }
    if (status == STATUS_OK) {
        status = check_document(document, conflicts, err);
    }
    if (status == STATUS_OK) {
        status = json_write_canonical(document, out, err);
    }
    if (status == STATUS_OK) {
        sha256_text(version->sha256, buffer_text(out), out->length);
    }
    json_free(document);
    overlay_finish(&overlay);
    masters_book_release(desk->shelf, book);
    return status;
}

static enum status
propose(struct store_txn *txn, const struct masters_desk *desk, void *context, struct error_detail *err)
{
    struct step *step = context;
    struct masters_draft draft = {0};
    struct masters_version version;
    struct buffer text;
    buffer_init(&text, JSON_TEXT_MAX_BYTES);
    enum status status = draft_in_state(txn, desk, step->id, MASTERS_EDITING, &draft, err);
    if (status == STATUS_OK) {
        status = check_seen(&draft, step->seen, err);
    }
    if (status == STATUS_OK) {
        status = make_document(txn, desk, &draft, &text, &version, err);
    }
    if (status == STATUS_OK) {
        status = masters_draft_set_proposed(txn, step->id, desk->actor->login, desk->now_ms, err);
    }
    buffer_finish(&text);
    char after[64];
    snprintf(after, sizeof after, "%lld件", (long long)draft.change_count);
    return status == STATUS_OK ? draft_log(txn, desk, step->id, "masters_propose", NULL, after, NULL, err) : status;
}

enum status
masters_propose(const struct masters_desk *desk, int64_t id, int64_t seen, struct error_detail *err)
{
    struct step step = {.id = id, .seen = seen};
    return draft_run(desk, propose, &step, err);
}

static enum status
give_back(struct store_txn *txn, const struct masters_desk *desk, void *context, struct error_detail *err)
{
    struct step *step = context;
    struct masters_draft draft = {0};
    enum status status = draft_in_state(txn, desk, step->id, MASTERS_PROPOSED, &draft, err);
    if (status == STATUS_OK && strcmp(draft.proposed_by, desk->actor->login) != 0 &&
        !role_has_right(desk->actor->role, RIGHT_APPROVE_MASTERS)) {
        error_set(err, "no_right", "差し戻せるのは承認者、取り下げられるのは提出した本人です。");
        status = STATUS_UNAUTHORIZED;
    }
    if (status == STATUS_OK) {
        status = masters_draft_set_editing(txn, step->id, desk->now_ms, err);
    }
    return status == STATUS_OK ? draft_log(txn, desk, step->id, "masters_return", NULL, NULL, step->text, err) : status;
}

enum status
masters_return(const struct masters_desk *desk, int64_t id, const char *reason, struct error_detail *err)
{
    struct step step = {.id = id, .text = reason};
    enum status status = check_reason(reason, err);
    return status == STATUS_OK ? draft_run(desk, give_back, &step, err) : status;
}

static enum status
check_approver(const struct masters_desk *desk, const struct masters_draft *draft, struct error_detail *err)
{
    if (!role_has_right(desk->actor->role, RIGHT_APPROVE_MASTERS)) {
        error_set(err, "no_right", "マスタの変更を承認できるのは承認者だけです。");
        return STATUS_UNAUTHORIZED;
    }
    if (strcmp(draft->proposed_by, desk->actor->login) == 0) {
        error_set(err, "own_approval", "自分が提出した変更は承認できません。別の承認者に依頼してください。");
        return STATUS_UNAUTHORIZED;
    }
    return STATUS_OK;
}

static enum status
approve(struct store_txn *txn, const struct masters_desk *desk, void *context, struct error_detail *err)
{
    struct step *step = context;
    struct masters_draft draft = {0};
    struct masters_version version = {0};
    struct buffer text;
    buffer_init(&text, JSON_TEXT_MAX_BYTES);
    enum status status = draft_in_state(txn, desk, step->id, MASTERS_PROPOSED, &draft, err);
    if (status == STATUS_OK) {
        status = check_approver(desk, &draft, err);
    }
    if (status == STATUS_OK) {
        status = check_seen(&draft, step->seen, err);
    }
    if (status == STATUS_OK) {
        status = make_document(txn, desk, &draft, &text, &version, err);
    }
    if (status == STATUS_OK) {
        memcpy(version.title, draft.title, sizeof version.title);
        memcpy(version.proposed_by, draft.proposed_by, sizeof version.proposed_by);
        snprintf(version.approved_by, sizeof version.approved_by, "%s", desk->actor->login);
        status = masters_put(txn, &version, buffer_text(&text), text.length, err);
    }
    if (status == STATUS_OK) {
        status = masters_draft_set_published(txn, step->id, desk->actor->login, version.version, desk->now_ms, err);
    }
    buffer_finish(&text);
    char after[SHA256_TEXT_SIZE + 32];
    snprintf(after, sizeof after, "version %lld %s", (long long)version.version, version.sha256);
    step->out = version.version;
    return status == STATUS_OK ? draft_log(txn, desk, step->id, "masters_approve", NULL, after, NULL, err) : status;
}

enum status
masters_approve(const struct masters_desk *desk, int64_t id, int64_t seen, int64_t *out_version,
                struct error_detail *err)
{
    struct step step = {.id = id, .seen = seen};
    enum status status = draft_run(desk, approve, &step, err);
    if (status == STATUS_OK) {
        *out_version = step.out;
    }
    return status;
}

static enum status
discard(struct store_txn *txn, const struct masters_desk *desk, void *context, struct error_detail *err)
{
    struct step *step = context;
    struct masters_draft draft = {0};
    enum status status = masters_draft_find(txn, desk->actor->municipality, step->id, &draft, err);
    if (status == STATUS_OK && draft.state == MASTERS_PROPOSED) {
        status = give_back(txn, desk, step, err);
        draft.state = MASTERS_EDITING;
    }
    if (status == STATUS_OK && draft.state != MASTERS_EDITING) {
        error_set(err, "wrong_state", "この変更案は「%s」です。画面を開き直してください。",
                  masters_draft_state_name(draft.state));
        status = STATUS_CONFLICT;
    }
    if (status == STATUS_OK) {
        status = masters_draft_set_discarded(txn, step->id, desk->now_ms, err);
    }
    return status == STATUS_OK ? draft_log(txn, desk, step->id, "masters_discard", NULL, NULL, step->text, err)
                               : status;
}

enum status
masters_discard(const struct masters_desk *desk, int64_t id, const char *reason, struct error_detail *err)
{
    struct step step = {.id = id, .text = reason};
    enum status status = check_reason(reason, err);
    return status == STATUS_OK ? draft_run(desk, discard, &step, err) : status;
}
