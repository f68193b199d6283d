/* 売上: the list. */
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"
#include "settlement/web/sale_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One row more than `limit` is read; it tells whether there is a next page. */
struct page {
    struct json_writer *writer;
    int64_t limit;
    int64_t written;
    bool has_more;
    char last_day[CIVIL_DATE_TEXT_SIZE];
    char last_terminal[TERMINAL_ID_SIZE];
    char last_sequence[24];
};

void
json_sale_members(struct json_writer *writer, const struct sold_row *row)
{
    json_text(writer, "sale", row->sale);
    json_text(writer, "receipt_number", row->receipt_number);
    json_text(writer, "terminal", row->terminal);
    json_text(writer, "business_date", row->business_date);
    json_text(writer, "received_on", row->received_on);
    json_text(writer, "method", row->method);
    json_text_or_null(writer, "brand", row->brand);
    json_int(writer, "amount_yen", row->amount_yen);
    json_int(writer, "cash_yen", row->cash_yen);
    json_bool(writer, "is_mixed", row->cash_yen > 0 && row->cash_yen < row->amount_yen);
    json_bool(writer, "is_void", row->is_void);
    json_bool(writer, "is_zero", row->amount_yen == 0);
    json_int(writer, "sequence", row->sequence);
}

static enum status
write_row(const struct sold_row *row, void *context)
{
    struct page *page = context;
    if (page->written == page->limit) {
        page->has_more = true;
        return STATUS_OK;
    }
    json_begin_object(page->writer, NULL);
    json_sale_members(page->writer, row);
    json_end_object(page->writer);
    snprintf(page->last_day, sizeof page->last_day, "%s", row->received_on);
    snprintf(page->last_terminal, sizeof page->last_terminal, "%s", row->terminal);
    snprintf(page->last_sequence, sizeof page->last_sequence, "%lld", (long long)row->sequence);
    page->written++;
    return STATUS_OK;
}

static enum status
read_query(const struct http_request *request, struct sold_query *query, struct cursor *cursor,
           struct error_detail *err)
{
    bool has_cursor = false;
    query->municipality = asked_actor(request)->municipality;
    query->terminal = asked_text(request, "terminal");
    query->method = asked_text(request, "method");
    query->search = asked_text(request, "search");
    enum status status = asked_limit(request, &query->limit, err);
    if (status == STATUS_OK) {
        status = asked_day(request, "date", &query->date, err);
    }
    if (status == STATUS_OK) {
        status = asked_cursor(request, 3, cursor, &has_cursor, err);
    }
    if (status == STATUS_OK && has_cursor) {
        query->after_day = cursor->parts[0];
        query->after_terminal = cursor->parts[1];
        query->after_sequence = strtoll(cursor->parts[2], NULL, 10);
    }
    return status;
}

void
sales_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct sold_query query = {0};
    struct cursor cursor;
    struct store_txn *txn = NULL;
    struct reply reply;
    reply_begin(&reply);
    struct page page = {.writer = &reply.writer};
    enum status status = read_query(request, &query, &cursor, &err);
    if (status == STATUS_OK) {
        status = asked_begin_read(request, service, &txn, &err);
    }
    page.limit = query.limit;
    query.limit++;
    json_begin_array(&reply.writer, "rows");
    if (status == STATUS_OK) {
        status = sold_each(txn, &query, write_row, &page, &err);
    }
    json_end_array(&reply.writer);
    store_end(txn);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    if (page.has_more) {
        json_cursor(&reply.writer, (const char *const[]){page.last_day, page.last_terminal, page.last_sequence}, 3);
    } else {
        json_null(&reply.writer, "next");
    }
    reply_send(&reply, request, 200);
}
