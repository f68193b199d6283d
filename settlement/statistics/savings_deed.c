/* Check, write, record: in one transaction each. */
#include "settlement/statistics/savings_deed.h"

#include "settlement/statistics/time_saved.h"
#include "settlement/store/access_log_store.h"

#include <stdio.h>
#include <string.h>

enum { FISCAL_YEAR_FIRST = 2000, FISCAL_YEAR_LAST = 2999, OBJECT_SIZE = 48, AFTER_SIZE = 512 };

static bool
is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

static enum status
refuse(const char *sentence, struct error_detail *err)
{
    error_set(err, "invalid_request", "%s", sentence);
    return STATUS_INVALID;
}

static enum status
check_row(const struct time_saving_row *row, struct error_detail *err)
{
    if (row->fiscal_year < FISCAL_YEAR_FIRST || row->fiscal_year > FISCAL_YEAR_LAST) {
        return refuse("年度を西暦で選んでください。", err);
    }
    if (is_blank(row->work) || strlen(row->work) > SAVING_WORK_MAX_BYTES) {
        return refuse("作業の名前を60文字以内で入力してください。", err);
    }
    if (row->before_seconds < 0 || row->before_seconds > TIME_SECONDS_MAX || row->after_seconds < 0 ||
        row->after_seconds > TIME_SECONDS_MAX) {
        return refuse("1件当たりの時間は、導入前・導入後とも24時間までの秒数で入力してください。", err);
    }
    if (row->cases < 1 || row->cases > TIME_CASES_MAX) {
        return refuse("年間の件数は1件以上で入力してください。", err);
    }
    if (is_blank(row->basis) || strlen(row->basis) > SAVING_BASIS_MAX_BYTES) {
        return refuse("どのように測ったかを300文字以内で入力してください。", err);
    }
    return STATUS_OK;
}

static enum status
check_is_new(struct store_txn *txn, const struct actor *actor, const struct time_saving_row *row,
             struct error_detail *err)
{
    bool is_there = false;
    enum status status = time_saving_is_there(txn, actor->municipality, row->fiscal_year, row->work, &is_there, err);
    if (status == STATUS_OK && is_there) {
        error_set(err, "is_there", "この年度の「%s」は入力済みです。直すときは、先にその記録を取り消してください。",
                  row->work);
        status = STATUS_CONFLICT;
    }
    return status;
}

static enum status
record(struct store_txn *txn, const struct actor *actor, int64_t id, const char *what, const char *after,
       const char *reason, int64_t now_ms, struct error_detail *err)
{
    char object[OBJECT_SIZE];
    snprintf(object, sizeof object, "time_saving:%lld", (long long)id);
    return access_log_append(
        txn, actor, now_ms,
        &(struct access_entry){.what = what, .object = object, .before = "", .after = after, .reason = reason}, err);
}

enum status
saving_enter(struct store *store, const struct actor *actor, const struct time_saving_row *row, int64_t now_ms,
             int64_t *out_id, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    struct time_saving_row whole = *row;
    char after[AFTER_SIZE];
    whole.at_ms = now_ms;
    whole.login = actor->login;
    enum status status = check_row(row, err);
    if (status == STATUS_OK) {
        status = store_begin_write(store, &txn, err);
    }
    if (status == STATUS_OK) {
        status = check_is_new(txn, actor, row, err);
    }
    if (status == STATUS_OK) {
        status = time_saving_add(txn, actor->municipality, &whole, out_id, err);
    }
    if (status == STATUS_OK) {
        snprintf(after, sizeof after, "%lld年度 %s: %lld秒→%lld秒, %lld件", (long long)row->fiscal_year, row->work,
                 (long long)row->before_seconds, (long long)row->after_seconds, (long long)row->cases);
        status = record(txn, actor, *out_id, "time_saving", after, row->basis, now_ms, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

enum status
saving_take_back(struct store *store, const struct actor *actor, int64_t id, const char *reason, int64_t now_ms,
                 struct error_detail *err)
{
    struct store_txn *txn = NULL;
    enum status status = is_blank(reason) ? refuse("取り消す理由を入力してください。", err) : STATUS_OK;
    if (status == STATUS_OK) {
        status = store_begin_write(store, &txn, err);
    }
    if (status == STATUS_OK) {
        status = time_saving_take_back(txn, actor->municipality, id, actor->login, reason, now_ms, err);
    }
    if (status == STATUS_OK) {
        status = record(txn, actor, id, "time_saving_undo", "", reason, now_ms, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}
