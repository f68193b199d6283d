/* 営業日と精算: the list of drawers' days. */
#include "settlement/web/asked.h"
#include "settlement/web/day_json.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One row more than `limit` is read; it tells whether there is a next page. */
struct page {
    struct json_writer *writer;
    struct catalogue *catalogue;
    int64_t limit;
    int64_t written;
    bool has_more;
    char last_day[CIVIL_DATE_TEXT_SIZE];
    char last_terminal[TERMINAL_ID_SIZE];
    char last_sequence[24];
};

/* A figure of the till beside ours; `is_right` tells whether they are the same. */
static void
write_pair(struct json_writer *writer, const char *key, int64_t said_yen, int64_t ours_yen)
{
    json_begin_object(writer, key);
    json_int(writer, "said_yen", said_yen);
    json_int(writer, "ours_yen", ours_yen);
    json_bool(writer, "is_right", said_yen == ours_yen);
    json_end_object(writer);
}

/* Whether a figure of a closed day is not what the till's lines say: a finding, never argued away. */
static bool
contradicts_its_lines(const struct day_view *view)
{
    return view->closed_sequence != 0 &&
           (view->expected_cash_yen != view->ledger_cash_yen || view->float_yen != view->ledger_float_yen ||
            view->cash_in_yen != view->ledger_in_yen || view->cash_out_yen != view->ledger_out_yen ||
            view->refund_cash_yen != view->ledger_refund_yen);
}

static void
write_closing(struct json_writer *writer, const struct day_view *view)
{
    json_begin_object(writer, "closing");
    json_instant(writer, "at", view->closed_at_ms);
    json_text(writer, "by", view->closed_by);
    json_int_or_null(writer, "number", view->number);
    write_pair(writer, "float", view->float_yen, view->ledger_float_yen);
    write_pair(writer, "cash_in", view->cash_in_yen, view->ledger_in_yen);
    write_pair(writer, "cash_out", view->cash_out_yen, view->ledger_out_yen);
    write_pair(writer, "refund_cash", view->refund_cash_yen, view->ledger_refund_yen);
    write_pair(writer, "expected_cash", view->expected_cash_yen, view->ledger_cash_yen);
    json_int(writer, "counted_cash_yen", view->counted_cash_yen);
    json_int(writer, "difference_yen", view->difference_yen);
    json_text_or_null(writer, "difference_reason", view->difference_reason);
    json_int(writer, "float_returned_yen", view->float_returned_yen);
    json_int(writer, "deposit_yen", view->deposit_yen);
    json_int(writer, "zero_count", view->zero_count);
    json_int(writer, "sequence", view->closed_sequence);
    json_end_object(writer);
}

void
json_day_members(struct json_writer *writer, const struct day_view *view, const struct catalogue *catalogue)
{
    bool is_closed = view->closed_sequence != 0;
    json_text(writer, "terminal", view->terminal);
    json_int(writer, "sequence", view->opened_sequence);
    json_code_name(writer, "place", view->place, catalogue_name(catalogue, "places", view->place));
    json_text(writer, "business_date", view->business_date);
    json_text(writer, "state", is_closed ? "closed" : "open");
    json_text(writer, "state_name", is_closed ? "精算済み" : "営業中");
    json_instant(writer, "opened_at", view->opened_at_ms);
    json_text(writer, "opened_by", view->opened_by);
    json_int(writer, "opening_float_yen", view->opening_float_yen);
    json_text_or_null(writer, "shared_with", view->shared_with);
    json_bool(writer, "contradicts_its_lines", contradicts_its_lines(view));
    if (is_closed) {
        write_closing(writer, view);
    } else {
        json_null(writer, "closing");
    }
}

static enum status
write_row(const struct day_view *view, void *context)
{
    struct page *page = context;
    if (page->written == page->limit) {
        page->has_more = true;
        return STATUS_OK;
    }
    json_begin_object(page->writer, NULL);
    json_day_members(page->writer, view, page->catalogue);
    json_end_object(page->writer);
    snprintf(page->last_day, sizeof page->last_day, "%s", view->business_date);
    snprintf(page->last_terminal, sizeof page->last_terminal, "%s", view->terminal);
    snprintf(page->last_sequence, sizeof page->last_sequence, "%lld", (long long)view->opened_sequence);
    page->written++;
    return STATUS_OK;
}

static enum status
read_query(const struct http_request *request, struct day_query *query, struct cursor *cursor, struct error_detail *err)
{
    bool has_cursor = false;
    query->municipality = asked_actor(request)->municipality;
    query->terminal = asked_text(request, "terminal");
    query->state = asked_text(request, "state");
    enum status status = asked_limit(request, &query->limit, err);
    if (status == STATUS_OK) {
        status = asked_day(request, "from", &query->from, err);
    }
    if (status == STATUS_OK) {
        status = asked_day(request, "to", &query->to, err);
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

static enum status
write_list(const struct http_request *request, struct page *page, struct store_txn *txn, struct error_detail *err)
{
    struct day_query query = {0};
    struct cursor cursor;
    enum status status = read_query(request, &query, &cursor, err);
    if (status == STATUS_OK) {
        status = catalogue_load(&page->catalogue, txn, query.municipality, err);
    }
    json_begin_array(page->writer, "rows");
    if (status == STATUS_OK) {
        page->limit = query.limit++;
        status = day_view_each(txn, &query, write_row, page, err);
    }
    json_end_array(page->writer);
    return status;
}

void
days_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct reply reply;
    reply_begin(&reply);
    struct page page = {.writer = &reply.writer};
    enum status status = asked_begin_read(request, service, &txn, &err);
    if (status == STATUS_OK) {
        status = write_list(request, &page, txn, &err);
    }
    store_end(txn);
    catalogue_destroy(page.catalogue);
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
