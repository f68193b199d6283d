/* Read once, compared by every step. */
#include "settlement/matching/standing.h"

#include "settlement/matching/deed.h"
#include "settlement/matching/discrepancy_class.h"
#include "settlement/store/access_log_store.h"

#include <stdio.h>
#include <string.h>

static enum status
copy_row(const struct discrepancy_row *row, void *context)
{
    struct standing *standing = context;
    size_t length = strlen(row->subject);
    standing->is_found = true;
    standing->version = row->version;
    standing->sequence = row->sequence;
    standing->import = row->import;
    standing->line = row->line;
    standing->is_void_part = length > 5 && strcmp(row->subject + length - 5, ":void") == 0;
    snprintf(standing->class, sizeof standing->class, "%s", row->class);
    snprintf(standing->state, sizeof standing->state, "%s", row->state);
    snprintf(standing->owner, sizeof standing->owner, "%s", row->owner);
    snprintf(standing->resolution, sizeof standing->resolution, "%s", row->resolution);
    snprintf(standing->resolved_by, sizeof standing->resolved_by, "%s", row->resolved_by);
    snprintf(standing->confirmed_by, sizeof standing->confirmed_by, "%s", row->confirmed_by);
    snprintf(standing->undo_by, sizeof standing->undo_by, "%s", row->undo_by);
    snprintf(standing->opened_on, sizeof standing->opened_on, "%s", row->opened_on);
    snprintf(standing->due_on, sizeof standing->due_on, "%s", row->due_on);
    snprintf(standing->expected_on, sizeof standing->expected_on, "%s", row->expected_on);
    snprintf(standing->terminal, sizeof standing->terminal, "%s", row->terminal);
    return STATUS_OK;
}

enum status
standing_find(struct store_txn *txn, const struct actor *actor, int64_t id, const char *wanted_state,
              struct standing *out, struct error_detail *err)
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

enum status
standing_check_version(const struct standing *standing, int64_t version, struct error_detail *err)
{
    if (standing->version != version) {
        error_set(err, "version_changed", "この要確認の内容が変わりました。開き直して、内容を確かめてください。");
        return STATUS_CONFLICT;
    }
    return STATUS_OK;
}

enum status
standing_check_text(const char *text, const char *what, struct error_detail *err)
{
    if (text == NULL || text[0] == '\0' || strlen(text) > DEED_TEXT_MAX_BYTES) {
        error_set(err, "invalid_request", "%sを1000文字以内で入力してください。", what);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

enum status
standing_record(struct store_txn *txn, const struct actor *actor, int64_t id, const char *what, const char *before,
                const char *after, const char *reason, int64_t now_ms, struct error_detail *err)
{
    char object[48];
    snprintf(object, sizeof object, "discrepancy:%lld", (long long)id);
    return access_log_append(
        txn, actor, now_ms,
        &(struct access_entry){.what = what, .object = object, .before = before, .after = after, .reason = reason},
        err);
}
