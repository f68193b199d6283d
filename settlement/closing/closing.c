/* Every deed is one transaction with its entry in the access log. */
#include "settlement/closing/closing.h"

#include "settlement/store/access_log_store.h"
#include "settlement/store/assessment_ledger_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static enum status
check_reason(const char *reason, const char *otherwise, struct error_detail *err)
{
    if (reason == NULL || reason[0] == '\0' || strlen(reason) > CLOSING_REASON_MAX_BYTES) {
        error_set(err, "invalid_request", "%s", otherwise);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

/* The closing that stands, proposed or closed. */
struct standing {
    int64_t id; /* 0: none */
    bool is_closed;
    struct year_closing_row row; /* year and figures only; its digest is the one below */
    char record_sha256[SHA256_TEXT_SIZE];
    char proposed_by[LOGIN_SIZE];
};

static enum status
keep_standing(const struct year_closing_row *row, void *context)
{
    struct standing *standing = context;
    if (standing->id == 0 && strcmp(row->state, "withdrawn") != 0) {
        standing->id = row->id;
        standing->is_closed = strcmp(row->state, "closed") == 0;
        snprintf(standing->record_sha256, sizeof standing->record_sha256, "%s", row->record_sha256);
        standing->row = (struct year_closing_row){.fiscal_year = row->fiscal_year,
                                                  .assessed_count = row->assessed_count,
                                                  .assessed_yen = row->assessed_yen,
                                                  .received_yen = row->received_yen,
                                                  .outstanding_yen = row->outstanding_yen,
                                                  .record_sha256 = standing->record_sha256};
        snprintf(standing->proposed_by, sizeof standing->proposed_by, "%s", row->proposed_by);
    }
    return STATUS_OK;
}

static enum status
wrong_state(const struct standing *standing, int fiscal_year, struct error_detail *err)
{
    error_set(err, "wrong_state", "%d年度は%s。開き直してください。", fiscal_year,
              standing->is_closed ? "締めてあり、変えられません"
              : standing->id != 0 ? "締めることが提案されています"
                                  : "締めることが提案されていません");
    return STATUS_CONFLICT;
}

enum { FIGURES_MAX_BYTES = 256 };

/* The log says all that is declared, so that the audit can tell from it what the closing was. */
static enum status
record(struct store_txn *txn, const struct actor *actor, const char *what, const struct year_closing_row *row,
       const char *reason, int64_t now_ms, struct error_detail *err)
{
    char object[48];
    char after[FIGURES_MAX_BYTES];
    snprintf(object, sizeof object, "year:%d", row->fiscal_year);
    snprintf(after, sizeof after,
             "調定%" PRId64 "件 %" PRId64 "円 収入済%" PRId64 "円 収入未済%" PRId64 "円 SHA-256 %s",
             row->assessed_count, row->assessed_yen, row->received_yen, row->outstanding_yen, row->record_sha256);
    return access_log_append(txn, actor, now_ms,
                             &(struct access_entry){.what = what, .object = object, .after = after, .reason = reason},
                             err);
}

/* The first thing that stands against it, in words. */
static enum status
refuse(const struct closing_facts *facts, struct error_detail *err)
{
    static const char *const sentences[CLOSING_QUESTION_COUNT] = {
        [YEAR_UNDRAFTED_DAYS] = "起案し直していない日が%lld日あります。「調定の案をつくる」を押してください。",
        [YEAR_WAITING] = "承認されていない調定が%lld件あります。承認するか、案をつくり直してください。",
        [YEAR_UNEXPORTED] = "出力していない調定が%lld件あります。出力してください。",
        [YEAR_HELD] = "科目や受託者が決まらない売上が%lld件あります。「調定を止めているもの」で確かめてください。",
    };
    if (!facts->is_after_closing_day) {
        error_set(err, "cannot_close", "%d年度は、出納閉鎖(%s)の翌日から締められます。", facts->fiscal_year,
                  facts->closing_day);
        return STATUS_REFUSED;
    }
    for (int i = 0; i < CLOSING_QUESTION_COUNT; i++) {
        if (closing_is_obstacle((enum closing_question)i) && facts->obstacles[i].count > 0) {
            char sentence[ERROR_MESSAGE_SIZE];
            const char *at = strstr(sentences[i], "%lld");
            snprintf(sentence, sizeof sentence, "%.*s%" PRId64 "%s", (int)(at - sentences[i]), sentences[i],
                     facts->obstacles[i].count, at + strlen("%lld"));
            error_set(err, "cannot_close", "%s", sentence);
            return STATUS_REFUSED;
        }
    }
    return STATUS_OK;
}

/* Begin, look at everything that came in, and compute. */
static enum status
begin(struct store *store, const struct actor *actor, int fiscal_year, int64_t now_ms, struct store_txn **out_txn,
      struct standing *standing, struct closing_facts *facts, struct error_detail *err)
{
    char today[CIVIL_DATE_TEXT_SIZE];
    *standing = (struct standing){0};
    civil_date_format(today, civil_date_at(now_ms));
    enum status status = store_begin_write_for(store, actor->municipality, out_txn, err);
    if (status == STATUS_OK) {
        status = assessment_mark_days(*out_txn, actor->municipality, today, err);
    }
    if (status == STATUS_OK) {
        status = year_closing_each(*out_txn, actor->municipality, fiscal_year, keep_standing, standing, err);
    }
    if (status == STATUS_OK) {
        status = closing_facts_read(facts, *out_txn, actor->municipality, fiscal_year, civil_date_at(now_ms), err);
    }
    return status;
}

enum status
closing_propose(struct store *store, const struct actor *actor, int fiscal_year, const char *reason, int64_t now_ms,
                struct error_detail *err)
{
    struct store_txn *txn = NULL;
    struct standing standing;
    struct closing_facts facts;
    int64_t id = 0;
    enum status status = check_reason(reason, "提案する理由を1000文字以内で書いてください。", err);
    if (status == STATUS_OK) {
        status = begin(store, actor, fiscal_year, now_ms, &txn, &standing, &facts, err);
    }
    if (status == STATUS_OK && standing.id != 0) {
        status = wrong_state(&standing, fiscal_year, err);
    }
    if (status == STATUS_OK) {
        status = refuse(&facts, err);
    }
    if (status == STATUS_OK) {
        const struct year_closing_row row = {.fiscal_year = fiscal_year,
                                             .assessed_count = facts.assessed_count,
                                             .assessed_yen = facts.assessed_yen,
                                             .received_yen = facts.received_yen,
                                             .outstanding_yen = facts.outstanding_yen,
                                             .record_sha256 = facts.record_sha256,
                                             .proposed_by = actor->login,
                                             .proposed_at_ms = now_ms,
                                             .reason = reason};
        status = year_closing_add(txn, actor->municipality, &row, &id, err);
        if (status == STATUS_OK) {
            status = record(txn, actor, "year_close_propose", &row, reason, now_ms, err);
        }
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

static bool
is_same(const struct standing *standing, const struct closing_facts *facts)
{
    return standing->row.assessed_count == facts->assessed_count && standing->row.assessed_yen == facts->assessed_yen &&
           standing->row.received_yen == facts->received_yen &&
           standing->row.outstanding_yen == facts->outstanding_yen &&
           strcmp(standing->record_sha256, facts->record_sha256) == 0;
}

enum status
closing_approve(struct store *store, const struct actor *actor, int fiscal_year, const char *reason, int64_t now_ms,
                struct error_detail *err)
{
    struct store_txn *txn = NULL;
    struct standing standing;
    struct closing_facts facts;
    enum status status = check_reason(reason, "確認した内容を1000文字以内で書いてください。", err);
    if (status == STATUS_OK) {
        status = begin(store, actor, fiscal_year, now_ms, &txn, &standing, &facts, err);
    }
    if (status == STATUS_OK && (standing.id == 0 || standing.is_closed)) {
        status = wrong_state(&standing, fiscal_year, err);
    }
    if (status == STATUS_OK && strcmp(standing.proposed_by, actor->login) == 0) {
        error_set(err, "own_approval", "自分が提案した締めは承認できません。別の承認者が確認してください。");
        status = STATUS_UNAUTHORIZED;
    }
    if (status == STATUS_OK) {
        status = refuse(&facts, err);
    }
    if (status == STATUS_OK && !is_same(&standing, &facts)) {
        error_set(err, "figures_changed",
                  "提案のあとで金額が変わりました(収入済額が%" PRId64 "円から%" PRId64
                  "円など)。提案を取り下げて、提案し直してください。",
                  standing.row.received_yen, facts.received_yen);
        status = STATUS_CONFLICT;
    }
    if (status == STATUS_OK) {
        status = year_closing_decide(txn, standing.id, "closed", actor->login, now_ms, reason, err);
    }
    if (status == STATUS_OK) {
        status = record(txn, actor, "year_close_approve", &standing.row, reason, now_ms, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

enum status
closing_withdraw(struct store *store, const struct actor *actor, int fiscal_year, const char *reason, int64_t now_ms,
                 struct error_detail *err)
{
    struct store_txn *txn = NULL;
    struct standing standing = {0};
    enum status status = check_reason(reason, "取り下げる理由を1000文字以内で書いてください。", err);
    if (status == STATUS_OK) {
        status = store_begin_write_for(store, actor->municipality, &txn, err);
    }
    if (status == STATUS_OK) {
        status = year_closing_each(txn, actor->municipality, fiscal_year, keep_standing, &standing, err);
    }
    if (status == STATUS_OK && (standing.id == 0 || standing.is_closed)) {
        status = wrong_state(&standing, fiscal_year, err);
    }
    if (status == STATUS_OK) {
        status = year_closing_decide(txn, standing.id, "withdrawn", actor->login, now_ms, reason, err);
    }
    if (status == STATUS_OK) {
        status = record(txn, actor, "year_close_withdraw", &standing.row, reason, now_ms, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}
