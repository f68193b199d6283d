/* 還付: what tills were asked for, what was paid, what was taken back. */
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/refund_json.h"
#include "settlement/web/reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One row more than `limit` is read; it tells whether there is a next page. */
struct page {
    struct json_writer *writer;
    struct catalogue *catalogue;
    struct civil_date today;
    int64_t limit;
    int64_t written;
    bool has_more;
    char last_day[CIVIL_DATE_TEXT_SIZE];
    char last_terminal[TERMINAL_ID_SIZE];
    char last_sequence[24];
};

static enum status
write_row(const struct refund_view *view, void *context)
{
    struct page *page = context;
    if (page->written == page->limit) {
        page->has_more = true;
        return STATUS_OK;
    }
    json_refund(page->writer, view, page->catalogue, page->today);
    snprintf(page->last_day, sizeof page->last_day, "%s", view->business_date);
    snprintf(page->last_terminal, sizeof page->last_terminal, "%s", view->terminal);
    snprintf(page->last_sequence, sizeof page->last_sequence, "%lld", (long long)view->requested_sequence);
    page->written++;
    return STATUS_OK;
}

/* `state`: requested (default), paid, withdrawn, all. */
static enum status
read_state(const struct http_request *request, const char **out, struct error_detail *err)
{
    static const char *const states[] = {"requested", "paid", "withdrawn"};
    const char *state = asked_text(request, "state");
    *out = "requested";
    if (state == NULL) {
        return STATUS_OK;
    }
    if (strcmp(state, "all") == 0) {
        *out = NULL;
        return STATUS_OK;
    }
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (strcmp(states[i], state) == 0) {
            *out = states[i];
            return STATUS_OK;
        }
    }
    error_set(err, "invalid_request", "stateの値「%s」を知りません。", state);
    return STATUS_INVALID;
}

static enum status
read_query(const struct http_request *request, struct refund_query *query, struct cursor *cursor,
           struct error_detail *err)
{
    bool has_cursor = false;
    query->municipality = asked_actor(request)->municipality;
    query->means = asked_text(request, "means");
    query->terminal = asked_text(request, "terminal");
    query->sale = asked_text(request, "sale");
    query->refund = asked_text(request, "refund");
    enum status status = read_state(request, &query->state, err);
    if (status == STATUS_OK) {
        status = asked_limit(request, &query->limit, err);
    }
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
    struct refund_query query = {0};
    struct cursor cursor;
    int64_t count = 0;
    int64_t amount_yen = 0;
    enum status status = read_query(request, &query, &cursor, err);
    if (status == STATUS_OK) {
        status = refund_waiting(txn, query.municipality, &count, &amount_yen, err);
    }
    if (status == STATUS_OK) {
        status = catalogue_load(&page->catalogue, txn, query.municipality, err);
    }
    json_int(page->writer, "waiting_count", count);
    json_int(page->writer, "waiting_yen", amount_yen);
    json_begin_array(page->writer, "rows");
    if (status == STATUS_OK) {
        page->limit = query.limit++;
        status = refund_view_each(txn, &query, write_row, page, err);
    }
    json_end_array(page->writer);
    return status;
}

void
refunds_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct reply reply;
    reply_begin(&reply);
    struct page page = {.writer = &reply.writer, .today = civil_date_at(asked_now_ms(service))};
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
