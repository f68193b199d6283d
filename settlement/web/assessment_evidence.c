/* Walking a figure back: the sales and journal lines behind a 調定, and the money that is in none. */
#include "settlement/catalogue/catalogue.h"
#include "settlement/store/assessment_query_store.h"
#include "settlement/store/assessment_store.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HELD_ROWS_MAX = 1000 /* beyond, the first thousand are enough work for today */ };

/* One row more than `limit` is read; it tells whether there is a next page. */
struct page {
    struct json_writer *writer;
    bool is_taken_out;
    int64_t limit;
    int64_t written;
    bool has_more;
    char last[4][24];
};

static enum status
write_evidence(const struct assessment_evidence *evidence, void *context)
{
    struct page *page = context;
    if (page->written == page->limit) {
        page->has_more = true;
        return STATUS_OK;
    }
    struct json_writer *writer = page->writer;
    json_begin_object(writer, NULL);
    json_text(writer, "sale", evidence->sale);
    json_text(writer, "receipt_number", evidence->receipt_number);
    json_int(writer, "line", evidence->number);
    json_text(writer, "item", evidence->item);
    json_text(writer, "name", evidence->name);
    json_int(writer, "quantity", evidence->quantity);
    json_int(writer, "amount_yen", evidence->amount_yen);
    json_int(writer, "tax_yen", evidence->tax_yen);
    json_text(writer, "method", evidence->method);
    json_text_or_null(writer, "brand", evidence->brand);
    json_begin_object(writer, "journal");
    json_text(writer, "terminal", evidence->terminal);
    json_int(writer, "sequence", evidence->sequence);
    json_end_object(writer);
    json_bool(writer, "is_taken_out", page->is_taken_out);
    json_end_object(writer);
    snprintf(page->last[0], sizeof page->last[0], "%lld", (long long)evidence->line);
    snprintf(page->last[1], sizeof page->last[1], "%s", evidence->terminal);
    snprintf(page->last[2], sizeof page->last[2], "%lld", (long long)evidence->sequence);
    snprintf(page->last[3], sizeof page->last[3], "%lld", (long long)evidence->number);
    page->written++;
    return STATUS_OK;
}

static enum status
write_page(const struct http_request *request, struct page *page, struct store_txn *txn, struct error_detail *err)
{
    int64_t id = 0;
    int64_t line = 0;
    struct cursor cursor;
    bool has_cursor = false;
    struct assessment_head head;
    enum status status = asked_id(request, "id", &id, err);
    if (status == STATUS_OK) {
        status = asked_int(request, "line", 0, 0, INT64_MAX, &line, err);
    }
    if (status == STATUS_OK) {
        status = asked_limit(request, &page->limit, err);
    }
    if (status == STATUS_OK) {
        status = asked_cursor(request, 4, &cursor, &has_cursor, err);
    }
    if (status == STATUS_OK) {
        status = assessment_head_find(txn, asked_actor(request)->municipality, id, &head, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    page->is_taken_out = head.kind == ASSESSMENT_DECREASE;
    struct assessment_place place;
    if (has_cursor) {
        place = (struct assessment_place){.line = strtoll(cursor.parts[0], NULL, 10),
                                          .terminal = cursor.parts[1],
                                          .sequence = strtoll(cursor.parts[2], NULL, 10),
                                          .number = strtoll(cursor.parts[3], NULL, 10)};
    }
    json_begin_array(page->writer, "rows");
    status =
        assessment_evidence_each(txn, id, line, has_cursor ? &place : NULL, page->limit + 1, write_evidence, page, err);
    json_end_array(page->writer);
    return status;
}

void
assessment_evidence_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct reply reply;
    reply_begin(&reply);
    struct page page = {.writer = &reply.writer};
    enum status status = asked_begin_read(request, service, &txn, &err);
    if (status == STATUS_OK) {
        status = write_page(request, &page, txn, &err);
    }
    store_end(txn);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    if (page.has_more) {
        json_cursor(&reply.writer, (const char *const[]){page.last[0], page.last[1], page.last[2], page.last[3]}, 4);
    } else {
        json_null(&reply.writer, "next");
    }
    reply_send(&reply, request, 200);
}

/* What keeps money out of every 調定, and what a person does about it. */
static const struct {
    const char *reason;
    const char *name;
    const char *what_to_do;
} reasons[] = {
    {"started", "決済中", "窓口で決済の結果を待っています。翌日になっても変わらないときは窓口に確認してください。"},
    {"unknown", "結果不明のまま", "レジが自動で照会しています。明細と入金で結果を確かめてください。"},
    {"in_doubt", "処理未了", "カードの次の利用で結果が決まります。それまで調定しません。"},
    {"held", "預り(返金が必要)", "市民に返すお金です。返金の手続きをしてください。"},
    {"no_account", "歳入科目なし", "マスタに歳入科目がありません。マスタを登録すると起案されます。"},
    {"no_trustee", "指定納付受託者なし", "マスタにこのブランドの指定納付受託者がありません。登録すると起案されます。"},
    {"closed_year_decrease", "閉鎖年度の取消", "出納閉鎖後の取消です。新年度の歳出から返金してください。"},
};

struct held_page {
    struct json_writer *writer;
    struct civil_date today;
};

static enum status
write_held(const struct held_money *held, void *context)
{
    struct held_page *page = context;
    struct json_writer *writer = page->writer;
    struct civil_date since;
    bool has_day = civil_date_parse(&since, held->business_date, strlen(held->business_date)) == STATUS_OK;
    json_begin_object(writer, NULL);
    json_text_or_null(writer, "payment", held->payment);
    json_text_or_null(writer, "sale", held->sale);
    json_text(writer, "terminal", held->terminal);
    json_int(writer, "sequence", held->sequence);
    json_text(writer, "business_date", held->business_date);
    json_text_or_null(writer, "brand", held->brand);
    json_int(writer, "amount_yen", held->amount_yen);
    json_text(writer, "state", held->reason);
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (strcmp(reasons[i].reason, held->reason) == 0) {
            json_text(writer, "state_name", reasons[i].name);
            json_text(writer, "what_to_do", reasons[i].what_to_do);
        }
    }
    json_text(writer, "since", held->business_date);
    json_int(writer, "age_days", has_day ? civil_date_to_days(page->today) - civil_date_to_days(since) : 0);
    json_end_object(writer);
    return STATUS_OK;
}

void
assessments_held_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct store_txn *txn = NULL;
    const char *municipality = asked_actor(request)->municipality;
    int64_t count = 0;
    int64_t amount_yen = 0;
    struct reply reply;
    reply_begin(&reply);
    struct held_page page = {.writer = &reply.writer, .today = civil_date_at(asked_now_ms(service))};
    enum status status = asked_begin_read(request, service, &txn, &err);
    if (status == STATUS_OK) {
        status = held_money_total(txn, municipality, &count, &amount_yen, &err);
    }
    json_int(&reply.writer, "count", count);
    json_int(&reply.writer, "amount_yen", amount_yen);
    json_begin_array(&reply.writer, "rows");
    if (status == STATUS_OK) {
        status = held_money_each(txn, municipality, HELD_ROWS_MAX, write_held, &page, &err);
    }
    json_end_array(&reply.writer);
    store_end(txn);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    reply_send(&reply, request, 200);
}
