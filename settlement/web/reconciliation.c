/* Running the reconciliation, and the runs there were. */
#include "settlement/matching/reconcile.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"
#include "settlement/web/run_json.h"
#include "settlement/work/works.h"

#include <stdio.h>
#include <stdlib.h>

void
json_run(struct json_writer *writer, const char *key, const struct run_row *run)
{
    json_begin_object(writer, key);
    json_int(writer, "id", run->id);
    json_instant(writer, "at", run->at_ms);
    json_text_or_null(writer, "by", run->login);
    json_int(writer, "sale_count", run->sale_count);
    json_int(writer, "statement_line_count", run->line_count);
    json_int(writer, "bank_line_count", run->bank_line_count);
    json_int(writer, "matched_count", run->matched_count);
    json_int(writer, "matched_yen", run->matched_yen);
    json_int(writer, "credited_count", run->credited_count);
    json_int(writer, "opened_count", run->opened_count);
    json_int(writer, "cleared_count", run->cleared_count);
    json_int(writer, "open_count", run->open_count);
    json_int(writer, "milliseconds", run->milliseconds);
    json_end_object(writer);
}

void
reconcile_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct run_row run = {0};
    struct work *work = works_begin(service->works, WORK_RECONCILE, asked_actor(request), NULL, asked_now_ms(service));
    screens_tell(service, "works");
    enum status status = reconcile_watched(service->store, asked_actor(request), &service->clock, work, &run, &err);
    if (status == STATUS_CANCELLED) {
        error_set(&err, "cancelled", "照合を中止しました。何も変わっていません。もう一度行うと、最初から照合します。");
    }
    works_end(service->works, work, status, &err, asked_now_ms(service));
    screens_tell(service, "works");
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    screens_tell(service, "discrepancies");
    struct reply reply;
    reply_begin(&reply);
    json_run(&reply.writer, "run", &run);
    reply_send(&reply, request, 200);
}

/* One row more than `limit` is read; it tells whether there is a next page. */
struct page {
    struct json_writer *writer;
    int64_t limit;
    int64_t written;
    int64_t last_id;
    bool has_more;
};

static enum status
write_run(const struct run_row *run, void *context)
{
    struct page *page = context;
    if (page->written == page->limit) {
        page->has_more = true;
        return STATUS_OK;
    }
    json_run(page->writer, NULL, run);
    page->written++;
    page->last_id = run->id;
    return STATUS_OK;
}

void
runs_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct cursor cursor;
    bool has_cursor = false;
    struct store_txn *txn = NULL;
    struct reply reply;
    reply_begin(&reply);
    struct page page = {.writer = &reply.writer};
    enum status status = asked_limit(request, &page.limit, &err);
    if (status == STATUS_OK) {
        status = asked_cursor(request, 1, &cursor, &has_cursor, &err);
    }
    int64_t before = status == STATUS_OK && has_cursor ? strtoll(cursor.parts[0], NULL, 10) : 0;
    if (status == STATUS_OK) {
        status = asked_begin_read(request, service, &txn, &err);
    }
    json_begin_array(&reply.writer, "rows");
    if (status == STATUS_OK) {
        status = run_each(txn, asked_actor(request)->municipality, before, page.limit + 1, write_run, &page, &err);
    }
    json_end_array(&reply.writer);
    store_end(txn);
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
