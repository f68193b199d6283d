/* The access log: for auditors as a list, for everybody as the history of one object. */
#include "settlement/store/access_log_store.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/history.h"
#include "settlement/web/reply.h"
#include "settlement/web/viewed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HISTORY_MAX = 100,
    ASKED_SIZE = 160 /* what a view of the log asked for; a longer login is nobody's */
};

static const struct {
    const char *what;
    const char *name;
} deeds[] = {
    {"signed_in", "サインイン"},
    {"sign_in_failed", "サインイン失敗"},
    {"signed_out", "サインアウト"},
    {"password_changed", "パスワード変更"},
    {"access_log_viewed", "操作の記録の閲覧"},
    {"import_downloaded", "取込ファイルのダウンロード"},
    {"journal_line_viewed", "電子ジャーナルの行の閲覧"},
    {"user_added", "利用者の追加"},
    {"user_changed", "利用者の氏名・役割の変更"},
    {"user_scoped", "承認する所属の変更"},
    {"user_deactivated", "利用の停止"},
    {"user_reactivated", "利用の再開"},
    {"password_reset", "パスワードの再発行"},
    {"refund_request", "還付の申出"},
    {"refund_approve", "還付の承認"},
    {"refund_pay", "還付の支払"},
    {"refund_withdraw", "還付の取下げ"},
    {"refund_payee", "振込先の登録"},
    {"view_payee", "振込先の閲覧"},
    {"refund_transfer_make", "総合振込データの作成"},
    {"refund_transfer_file", "総合振込データのダウンロード"},
    {"refund_transfer_done", "総合振込の完了"},
    {"refund_transfer_discard", "総合振込データの破棄"},
    {"drafted", "調定の作成"},
    {"propose", "起案"},
    {"return", "差戻し・取下げ"},
    {"approve", "承認"},
    {"export", "出力"},
    {"content_changed", "内容変更による起案の取消"},
    {"draft_removed", "内容がなくなったため削除"},
    {"import", "取込"},
    {"import_repeated", "同一ファイル再取込"},
    {"import_discard", "取込を待つファイルの破棄"},
    {"import_replace", "ファイルの差替えの提案"},
    {"import_replace_confirm", "ファイルの差替えの承認"},
    {"import_replace_refuse", "ファイルの差替えの差戻し"},
    {"layout_save", "書式の保存"},
    {"layout_propose", "書式の使用の提案"},
    {"layout_confirm", "書式の使用の承認"},
    {"finance_layout_propose", "財務会計の書式の提案"},
    {"finance_layout_confirm", "財務会計の書式の承認"},
    {"finance_layout_refuse", "財務会計の書式の差戻し"},
    {"finance_file", "財務会計への引渡し"},
    {"finance_answer", "財務会計の回答の取込"},
    {"year_close_propose", "年度締めの提案"},
    {"year_close_approve", "年度締めの承認"},
    {"year_close_withdraw", "年度締めの取下げ"},
    {"layout_refuse", "書式の使用の差戻し・取下げ"},
    {"reconcile", "照合"},
    {"nightly", "夜間処理"},
    {"assign", "担当の変更"},
    {"resolve", "処置"},
    {"confirm", "二人目の確認"},
    {"reject", "処置の差戻し"},
    {"comment", "コメント"},
    {"expect", "待つ期限の変更"},
    {"undo", "処置の取消し"},
    {"undo_confirm", "処置の取消しの確認"},
    {"undo_stop", "処置の取消しの取下げ"},
    {"pair", "人による突合"},
    {"split", "合わせて突合"},
    {"split_undo", "合わせた突合の取消し"},
    {"credit_spread", "入金の割当て"},
    {"credit_spread_undo", "入金の割当ての取消し"},
    {"time_saving", "作業時間の入力"},
    {"remittance_prepare", "払込書の作成"},
    {"remittance_confirm", "払込の領収の確認"},
    {"remittance_undo", "払込の取消し"},
    {"time_saving_undo", "作業時間の入力の取消し"},
    {"part", "突合の切離し"},
    {"pair_undo", "人による突合の判断の取消し"},
    {"reopened", "再照合による再開"},
    {"enrolment_code", "登録コードの発行"},
    {"release", "端末の隔離の解除"},
    {"revoke", "端末の失効"},
    {"masters_create", "マスタ変更案の作成"},
    {"masters_rename", "マスタ変更案の題名"},
    {"masters_edit", "マスタの行の変更"},
    {"masters_import", "マスタのCSV取込"},
    {"masters_revert", "マスタの変更の取消"},
    {"masters_keep", "マスタの食い違いの解決"},
    {"masters_propose", "マスタ変更案の提出"},
    {"masters_return", "マスタ変更案の差戻し・取下げ"},
    {"masters_approve", "マスタの承認・公開"},
    {"masters_discard", "マスタ変更案の破棄"},
    {"masters_loaded", "マスタの読込（端末操作員）"},
};

const char *
deed_name(const char *what)
{
    for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++) {
        if (strcmp(deeds[i].what, what) == 0) {
            return deeds[i].name;
        }
    }
    return what;
}

static enum status
write_history_entry(const struct access_entry *entry, void *context)
{
    struct json_writer *writer = context;
    json_begin_object(writer, NULL);
    json_instant(writer, "at", entry->at_ms);
    json_person(writer, "by", entry->login, entry->name);
    json_text(writer, "what", entry->what);
    json_text(writer, "what_name", deed_name(entry->what));
    json_text_or_null(writer, "before", entry->before);
    json_text_or_null(writer, "after", entry->after);
    json_text_or_null(writer, "reason", entry->reason);
    json_end_object(writer);
    return STATUS_OK;
}

enum status
json_history(struct json_writer *writer, const char *key, struct store_txn *txn, const char *municipality,
             const char *object, struct error_detail *err)
{
    struct access_log_query query = {.municipality = municipality, .object = object, .limit = HISTORY_MAX};
    json_begin_array(writer, key);
    enum status status = access_log_each(txn, &query, write_history_entry, writer, err);
    json_end_array(writer);
    return status;
}

/* A page of the log: one row more than asked for tells whether there is a next page. */
struct page {
    struct json_writer *writer;
    int64_t limit;
    int64_t written;
    int64_t last_id;
    bool has_more;
};

static enum status
write_entry(const struct access_entry *entry, void *context)
{
    struct page *page = context;
    if (page->written == page->limit) {
        page->has_more = true;
        return STATUS_OK;
    }
    struct json_writer *writer = page->writer;
    json_begin_object(writer, NULL);
    json_int(writer, "id", entry->id);
    json_instant(writer, "at", entry->at_ms);
    json_person(writer, "by", entry->login, entry->name);
    json_text(writer, "what", entry->what);
    json_text(writer, "what_name", deed_name(entry->what));
    json_text_or_null(writer, "object", entry->object);
    json_text_or_null(writer, "before", entry->before);
    json_text_or_null(writer, "after", entry->after);
    json_text_or_null(writer, "reason", entry->reason);
    json_text(writer, "address", entry->address);
    json_end_object(writer);
    page->written++;
    page->last_id = entry->id;
    return STATUS_OK;
}

/* Midnight in Japan at the beginning of DAY, DAYS later; 0 for no day. */
static int64_t
midnight_ms(const char *day, int days)
{
    struct civil_date date;
    if (day == NULL || civil_date_parse(&date, day, strlen(day)) != STATUS_OK) {
        return 0;
    }
    const int64_t ms_per_day = INT64_C(86400000);
    const int64_t japan_ms = INT64_C(9) * 3600 * 1000;
    return (civil_date_to_days(date) + days) * ms_per_day - japan_ms;
}

static enum status
read_query(const struct http_request *request, struct access_log_query *query, char asked[ASKED_SIZE],
           struct error_detail *err)
{
    const char *from;
    const char *to;
    struct cursor cursor;
    bool has_cursor;
    query->municipality = asked_actor(request)->municipality;
    query->login = asked_text(request, "login");
    enum status status = asked_limit(request, &query->limit, err);
    if (status == STATUS_OK) {
        status = asked_day(request, "from", &from, err);
    }
    if (status == STATUS_OK) {
        status = asked_day(request, "to", &to, err);
    }
    if (status == STATUS_OK) {
        status = asked_cursor(request, 1, &cursor, &has_cursor, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    snprintf(asked, ASKED_SIZE, "from=%s to=%s login=%s", from != NULL ? from : "", to != NULL ? to : "",
             query->login != NULL ? query->login : "");
    query->from_ms = midnight_ms(from, 0);
    query->to_ms = midnight_ms(to, 1);
    query->before_id = has_cursor ? strtoll(cursor.parts[0], NULL, 10) : 0;
    return STATUS_OK;
}

void
access_log_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct access_log_query query = {0};
    struct store_txn *txn = NULL;
    struct reply reply;
    char asked[ASKED_SIZE];
    reply_begin(&reply);
    enum status status = read_query(request, &query, asked, &err);
    if (status == STATUS_OK) {
        status = asked_begin_read(request, service, &txn, &err);
    }
    struct page page = {.writer = &reply.writer, .limit = query.limit};
    query.limit++;
    json_begin_array(&reply.writer, "rows");
    if (status == STATUS_OK) {
        status = access_log_each(txn, &query, write_entry, &page, &err);
    }
    json_end_array(&reply.writer);
    store_end(txn);
    if (status == STATUS_OK && query.before_id == 0) {
        /* The first page is an opening; the further ones belong to it. */
        status = viewed_note(request, service, "access_log_viewed", "access_log", asked, &err);
    }
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    char last[24];
    snprintf(last, sizeof last, "%lld", (long long)page.last_id);
    if (page.has_more) {
        json_cursor(&reply.writer, (const char *const[]){last}, 1);
    } else {
        json_null(&reply.writer, "next");
    }
    reply_send(&reply, request, 200);
}
