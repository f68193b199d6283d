/* Cashless payments: which have their statement line, and what proves it. */
#include "settlement/catalogue/catalogue.h"
#include "settlement/matching/reconcile.h"
#include "settlement/store/payment_query_store.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/evidence.h"
#include "settlement/web/payment_words.h"
#include "settlement/web/reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *state;
    const char *name;
} states[] = {
    {"matched", "合意"},
    {"waiting", "明細待ち"},
    {"overdue", "POSのみ"},
    {"unknown", "結果不明のまま"},
    {"in_doubt", "処理未了"},
    {"differs", "相違あり"},
    {"void", "取消済み"},
    {"held", "返金待ち"},
    {"none", "決済なし"},
    {"closed", "処理済み"},
    {"disproved", "引き落としなし(売上の取消が必要)"},
};

const char *
payment_state_name(const char *state)
{
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (strcmp(states[i].state, state) == 0) {
            return states[i].name;
        }
    }
    return state;
}

/* One row more than `limit` is read; it tells whether there is a next page. */
struct page {
    struct json_writer *writer;
    const struct catalogue *catalogue;
    int64_t limit;
    int64_t written;
    bool has_more;
    char last[3][CURSOR_PART_MAX_BYTES];
};

static void
write_members(struct json_writer *writer, const struct catalogue *catalogue, const struct payment_view *view)
{
    json_text(writer, "payment", view->payment);
    json_text_or_null(writer, "sale", view->sale_sequence != 0 ? view->sale : NULL);
    json_text(writer, "terminal", view->terminal);
    json_text(writer, "business_date", view->business_date);
    json_text_or_null(writer, "received_on", view->received_on);
    json_text_or_null(writer, "receipt_number", view->receipt_number);
    json_text(writer, "method", view->method);
    json_text(writer, "brand", view->brand);
    json_text(writer, "brand_name", catalogue_name(catalogue, "brands", view->brand));
    json_int(writer, "amount_yen", view->amount_yen);
    json_text(writer, "state", view->state);
    json_text(writer, "state_name", payment_state_name(view->state));
    json_text_or_null(writer, "due_on", view->due_on);
    json_text_or_null(writer, "acquirer_reference", view->acquirer_reference);
    if (view->import != 0) {
        json_begin_object(writer, "statement");
        json_int(writer, "import", view->import);
        json_int(writer, "line", view->line);
        json_int(writer, "amount_yen", view->line_amount_yen);
        json_int(writer, "fee_yen", view->line_fee_yen);
        json_text_or_null(writer, "payout", view->payout);
        json_text(writer, "trustee", view->payout_trustee);
        json_end_object(writer);
    } else {
        json_null(writer, "statement");
    }
    json_int_or_null(writer, "discrepancy", view->discrepancy);
}

static enum status
write_row(const struct payment_view *view, void *context)
{
    struct page *page = context;
    if (page->written == page->limit) {
        page->has_more = true;
        return STATUS_OK;
    }
    json_begin_object(page->writer, NULL);
    write_members(page->writer, page->catalogue, view);
    json_end_object(page->writer);
    page->written++;
    snprintf(page->last[0], sizeof page->last[0], "%s", view->business_date);
    snprintf(page->last[1], sizeof page->last[1], "%s", view->terminal);
    snprintf(page->last[2], sizeof page->last[2], "%lld", (long long)view->started_sequence);
    return STATUS_OK;
}

static enum status
read_query(const struct http_request *request, struct payment_query *query, struct cursor *cursor,
           struct error_detail *err)
{
    bool has_cursor = false;
    const char *date;
    query->municipality = asked_actor(request)->municipality;
    query->state = asked_text(request, "state");
    query->state = query->state != NULL && strcmp(query->state, "all") == 0 ? NULL : query->state;
    query->brand = asked_text(request, "brand");
    query->terminal = asked_text(request, "terminal");
    query->search = asked_text(request, "search");
    enum status status = asked_limit(request, &query->limit, err);
    if (status == STATUS_OK) {
        status = asked_day(request, "date", &date, err);
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
    if (status != STATUS_OK) {
        return status;
    }
    query->from = date != NULL ? date : query->from;
    query->to = date != NULL ? date : query->to;
    if (has_cursor) {
        query->after_day = cursor->parts[0];
        query->after_terminal = cursor->parts[1];
        query->after_sequence = strtoll(cursor->parts[2], NULL, 10);
    }
    return STATUS_OK;
}

void
payments_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct cursor cursor;
    struct payment_query query = {0};
    struct store_txn *txn = NULL;
    struct catalogue *catalogue = NULL;
    char today[CIVIL_DATE_TEXT_SIZE];
    struct reply reply;
    reply_begin(&reply);
    struct page page = {.writer = &reply.writer};
    query.today = civil_date_format(today, civil_date_at(asked_now_ms(service)));
    enum status status = read_query(request, &query, &cursor, &err);
    if (status == STATUS_OK) {
        status = asked_begin_read(request, service, &txn, &err);
    }
    if (status == STATUS_OK) {
        status = catalogue_load(&catalogue, txn, query.municipality, &err);
    }
    page.catalogue = catalogue;
    page.limit = query.limit;
    query.limit++;
    json_begin_array(&reply.writer, "rows");
    if (status == STATUS_OK) {
        status = payment_view_each(txn, &query, write_row, &page, &err);
    }
    json_end_array(&reply.writer);
    store_end(txn);
    catalogue_destroy(catalogue);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    if (page.has_more) {
        json_cursor(&reply.writer, (const char *const[]){page.last[0], page.last[1], page.last[2]}, 3);
    } else {
        json_null(&reply.writer, "next");
    }
    reply_send(&reply, request, 200);
}

/* The one payment of a detail, and the payout of its line. */
struct detail {
    struct json_writer *writer;
    const struct catalogue *catalogue;
    const char *payment;
    bool is_found;
};

static enum status
write_payment(const struct payment_view *view, void *context)
{
    struct detail *detail = context;
    if (detail->is_found || strcmp(view->payment, detail->payment) != 0) {
        return STATUS_OK;
    }
    detail->is_found = true;
    json_begin_object(detail->writer, "payment");
    write_members(detail->writer, detail->catalogue, view);
    json_end_object(detail->writer);
    return STATUS_OK;
}

static enum status
write_detail(struct detail *detail, const struct service *service, struct store_txn *txn,
             const struct payment_query *query, struct error_detail *err)
{
    struct json_writer *writer = detail->writer;
    enum status status = payment_view_each(txn, query, write_payment, detail, err);
    if (status == STATUS_OK && !detail->is_found) {
        error_set(err, "not_found", "この決済はありません。");
        return STATUS_NOT_FOUND;
    }
    struct evidence evidence;
    evidence_init(&evidence, writer, txn, query->municipality, service->layouts);
    json_begin_object(writer, "evidence");
    json_begin_array(writer, "journal");
    if (status == STATUS_OK) {
        status = evidence_payment_journal(&evidence, detail->payment, err);
    }
    json_end_array(writer);
    json_begin_array(writer, "statement");
    if (status == STATUS_OK) {
        status = evidence_payment_lines(&evidence, detail->payment, err);
    }
    json_end_array(writer);
    json_begin_array(writer, "bank");
    if (status == STATUS_OK) {
        status = evidence_payment_bank_lines(&evidence, detail->payment, err);
    }
    json_end_array(writer);
    json_end_object(writer);
    evidence_finish(&evidence);
    return status;
}

void
payment_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct catalogue *catalogue = NULL;
    char today[CIVIL_DATE_TEXT_SIZE];
    const char *payment = http_request_parameter(request, "payment");
    struct payment_query query = {.municipality = asked_actor(request)->municipality,
                                  .search = payment,
                                  .today = civil_date_format(today, civil_date_at(asked_now_ms(service))),
                                  .limit = ROWS_DEFAULT};
    struct reply reply;
    reply_begin(&reply);
    struct detail detail = {.writer = &reply.writer, .payment = payment};
    enum status status = asked_begin_read(request, service, &txn, &err);
    if (status == STATUS_OK) {
        status = catalogue_load(&catalogue, txn, query.municipality, &err);
    }
    detail.catalogue = catalogue;
    if (status == STATUS_OK) {
        status = write_detail(&detail, service, txn, &query, &err);
    }
    store_end(txn);
    catalogue_destroy(catalogue);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    reply_send(&reply, request, 200);
}
