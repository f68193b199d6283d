/* Confirming and taking back: check, write, let the bank's lines speak, record. */
#include "settlement/remittance/deed.h"

#include "common/clock/civil.h"
#include "settlement/remittance/doing.h"
#include "settlement/remittance/settling.h"
#include "settlement/store/cash_query_store.h"
#include "settlement/store/remittance_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { AFTER_SIZE = 320 };

/* What stands of a 払込 when somebody acts on it. */
struct standing_remittance {
    bool is_found;
    int64_t amount_yen;
    bool is_confirmed;
    bool is_undone;
    bool is_seen;
    bool is_prepared_by_actor;
    bool is_confirmed_by_actor;
    struct civil_date paid_on;
    char last_date[CIVIL_DATE_TEXT_SIZE]; /* the newest business date that it takes */
    const struct actor *actor;
};

static enum status
take_standing(const struct remittance_row *row, void *context, struct error_detail *err)
{
    struct standing_remittance *standing = context;
    (void)err;
    standing->is_found = true;
    standing->amount_yen = row->amount_yen;
    standing->is_confirmed = row->confirmed_by[0] != '\0';
    standing->is_undone = row->undone_by[0] != '\0';
    standing->is_seen = strcmp(row->seen, "reference") == 0 || strcmp(row->seen, "amount") == 0;
    standing->is_prepared_by_actor = strcmp(row->prepared_by, standing->actor->login) == 0;
    standing->is_confirmed_by_actor = strcmp(row->confirmed_by, standing->actor->login) == 0;
    return standing->is_confirmed ? civil_date_parse(&standing->paid_on, row->paid_on, strlen(row->paid_on))
                                  : STATUS_OK;
}

static enum status
take_last_date(const struct cash_close *close, void *context, struct error_detail *err)
{
    struct standing_remittance *standing = context;
    (void)err;
    if (strcmp(close->business_date, standing->last_date) > 0) {
        snprintf(standing->last_date, sizeof standing->last_date, "%s", close->business_date);
    }
    return STATUS_OK;
}

static enum status
find_standing(struct doing *doing, int64_t id, struct standing_remittance *out, struct error_detail *err)
{
    *out = (struct standing_remittance){.actor = doing->actor, .last_date = ""};
    const struct remittance_query query = {.municipality = doing->actor->municipality, .id = id, .limit = 1};
    const struct cash_query closes = {.municipality = doing->actor->municipality, .remittance = id};
    enum status status = remittance_each(doing->txn, &query, take_standing, out, err);
    if (status == STATUS_OK && !out->is_found) {
        error_set(err, "not_found", "払込（%" PRId64 "）はありません。", id);
        status = STATUS_NOT_FOUND;
    }
    return status == STATUS_OK ? cash_close_each(doing->txn, &closes, take_last_date, out, err) : status;
}

static enum status
check_confirmable(const struct doing *doing, const struct standing_remittance *standing, const char *paid_on,
                  struct error_detail *err)
{
    struct civil_date day;
    if (standing->is_undone || standing->is_confirmed) {
        return deed_refuse(
            STATUS_REFUSED, "wrong_state",
            standing->is_undone ? "この払込は取り消されています。" : "この払込は、もう領収が確かめられています。", err);
    }
    if (standing->is_prepared_by_actor) {
        return deed_refuse(STATUS_REFUSED, "same_person",
                           "払込書を作った本人は確かめられません。別の承認者が確かめます。", err);
    }
    if (civil_date_parse(&day, paid_on, strlen(paid_on)) != STATUS_OK || strcmp(paid_on, standing->last_date) < 0 ||
        civil_date_compare(day, civil_date_at(doing->now_ms)) > 0) {
        return deed_refuse(STATUS_INVALID, "invalid_request",
                           "領収日は、現金を受け取った日から今日までの日付で入力してください。", err);
    }
    return STATUS_OK;
}

enum status
remittance_confirm_paid(struct store *store, const struct actor *actor, int64_t id, const char *paid_on,
                        const char *receipt, int64_t now_ms, struct error_detail *err)
{
    struct doing doing = {.actor = actor, .now_ms = now_ms};
    struct standing_remittance standing;
    struct civil_date day;
    char after[AFTER_SIZE];
    if (deed_is_blank(receipt) || strlen(receipt) > REMITTANCE_RECEIPT_MAX_BYTES) {
        return deed_refuse(STATUS_INVALID, "invalid_request",
                           "領収書の番号・領収印の記号などを40文字以内で入力してください。", err);
    }
    enum status status = deed_begin(&doing, store, err);
    if (status == STATUS_OK) {
        status = find_standing(&doing, id, &standing, err);
    }
    if (status == STATUS_OK) {
        status = check_confirmable(&doing, &standing, paid_on, err);
    }
    if (status == STATUS_OK) {
        status = remittance_confirm(doing.txn, actor->municipality, id, paid_on, receipt, actor->login, now_ms, err);
    }
    if (status == STATUS_OK) {
        status = civil_date_parse(&day, paid_on, strlen(paid_on));
    }
    if (status == STATUS_OK) {
        status = remittance_settle(doing.txn, actor->municipality, doing.catalogue, doing.calendar, day, day, err);
    }
    if (status == STATUS_OK) {
        snprintf(after, sizeof after, "%s %s %" PRId64 "円", paid_on, receipt, standing.amount_yen);
        status = deed_record_and_commit(&doing, id, "remittance_confirm", after, /* reason= */ "", err);
    }
    deed_finish(&doing);
    return status;
}

static enum status
check_undoable(const struct standing_remittance *standing, struct error_detail *err)
{
    if (standing->is_undone) {
        return deed_refuse(STATUS_REFUSED, "wrong_state", "この払込は、もう取り消されています。", err);
    }
    if (standing->is_seen) {
        return deed_refuse(STATUS_REFUSED, "seen_at_bank", "銀行の記録で入金が確かめられた払込は取り消せません。", err);
    }
    if (standing->is_confirmed_by_actor) {
        return deed_refuse(STATUS_REFUSED, "same_person", "領収を確かめた本人は取り消せません。別の人が取り消します。",
                           err);
    }
    return STATUS_OK;
}

enum status
remittance_undo(struct store *store, const struct actor *actor, int64_t id, const char *reason, int64_t now_ms,
                struct error_detail *err)
{
    struct doing doing = {.actor = actor, .now_ms = now_ms};
    struct standing_remittance standing;
    if (deed_is_blank(reason) || strlen(reason) > REMITTANCE_REASON_MAX_BYTES) {
        return deed_refuse(STATUS_INVALID, "invalid_request", "取り消す理由を300文字以内で入力してください。", err);
    }
    enum status status = deed_begin(&doing, store, err);
    if (status == STATUS_OK) {
        status = find_standing(&doing, id, &standing, err);
    }
    if (status == STATUS_OK) {
        status = check_undoable(&standing, err);
    }
    if (status == STATUS_OK) {
        status = remittance_take_back(doing.txn, actor->municipality, id, reason, actor->login, now_ms, err);
    }
    if (status == STATUS_OK && standing.is_confirmed) {
        status = remittance_settle(doing.txn, actor->municipality, doing.catalogue, doing.calendar, standing.paid_on,
                                   standing.paid_on, err);
    }
    if (status == STATUS_OK) {
        status = deed_record_and_commit(&doing, id, "remittance_undo", "", reason, err);
    }
    deed_finish(&doing);
    return status;
}
