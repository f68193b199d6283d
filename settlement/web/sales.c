/* 売上: the list, and one sale with its lines, its 調定 and the journal lines that prove it. */
#include "settlement/assessment/record.h"
#include "settlement/store/sale_query_store.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/journal_line_json.h"
#include "settlement/web/reply.h"

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

static void
write_sale_members(struct json_writer *writer, const struct sold_row *row)
{
    json_text(writer, "sale", row->sale);
    json_text(writer, "receipt_number", row->receipt_number);
    json_text(writer, "terminal", row->terminal);
    json_text(writer, "business_date", row->business_date);
    json_text(writer, "received_on", row->received_on);
    json_text(writer, "method", row->method);
    json_text_or_null(writer, "brand", row->brand);
    json_int(writer, "amount_yen", row->amount_yen);
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
    write_sale_members(page->writer, row);
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
        status = store_begin_read(service->store, &txn, &err);
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

/* The one sale of a detail page. */
struct detail {
    struct json_writer *writer;
    struct store_txn *txn;
    struct error_detail *err;
    const char *sale;
    char terminal[TERMINAL_ID_SIZE];
    int64_t sequence; /* 0: not found */
};

static enum status
write_line(const struct sold_line *line, void *context)
{
    struct json_writer *writer = context;
    json_begin_object(writer, NULL);
    json_int(writer, "line", line->number);
    json_text(writer, "item", line->item);
    json_text(writer, "name", line->name);
    json_int(writer, "unit_price_yen", line->unit_price_yen);
    json_int(writer, "quantity", line->quantity);
    json_int(writer, "amount_yen", line->amount_yen);
    json_text(writer, "tax", line->tax);
    json_text(writer, "account", line->account);
    json_text(writer, "section", line->section);
    json_text(writer, "issuer", line->issuer);
    if (line->exemption[0] != '\0') {
        json_begin_object(writer, "exemption");
        json_text(writer, "rule", line->exemption);
        json_text(writer, "name", line->exemption_name);
        json_text(writer, "reason", line->exemption_reason);
        json_end_object(writer);
    } else {
        json_null(writer, "exemption");
    }
    json_end_object(writer);
    return STATUS_OK;
}

static enum status
write_tax(const struct sold_tax *tax, void *context)
{
    struct json_writer *writer = context;
    json_begin_object(writer, NULL);
    json_text(writer, "tax", tax->tax);
    json_text(writer, "issuer", tax->issuer);
    json_int(writer, "subject_yen", tax->subject_yen);
    json_int(writer, "tax_yen", tax->tax_yen);
    json_end_object(writer);
    return STATUS_OK;
}

static enum status
write_sale(const struct sold_row *row, void *context)
{
    struct detail *detail = context;
    struct json_writer *writer = detail->writer;
    if (detail->sequence != 0 || strcmp(row->sale, detail->sale) != 0) {
        return STATUS_OK;
    }
    snprintf(detail->terminal, sizeof detail->terminal, "%s", row->terminal);
    detail->sequence = row->sequence;
    json_begin_object(writer, "sale");
    write_sale_members(writer, row);
    json_begin_array(writer, "lines");
    enum status status = sold_line_each(detail->txn, row->terminal, row->sequence, write_line, writer, detail->err);
    json_end_array(writer);
    json_begin_array(writer, "taxes");
    if (status == STATUS_OK) {
        status = sold_tax_each(detail->txn, row->terminal, row->sequence, write_tax, writer, detail->err);
    }
    json_end_array(writer);
    json_end_object(writer);
    return status;
}

static enum status
write_journal(int64_t sequence, void *context)
{
    struct detail *detail = context;
    return json_journal_line(detail->writer, detail->txn, detail->terminal, sequence, detail->err);
}

static enum status
write_assessment(const struct sold_assessment *assessment, void *context)
{
    struct json_writer *writer = context;
    char text[ASSESSMENT_NUMBER_SIZE];
    json_begin_object(writer, NULL);
    json_int(writer, "id", assessment->id);
    json_text(writer, "number",
              assessment->serial != 0 ? assessment_number_format(text, (int)assessment->fiscal_year, assessment->serial)
                                      : NULL);
    json_text(writer, "kind", assessment->kind);
    json_text(writer, "state", assessment->state);
    json_end_object(writer);
    return STATUS_OK;
}

static enum status
write_detail(struct detail *detail, const char *municipality, const char *sale, struct error_detail *err)
{
    struct sold_query query = {.municipality = municipality, .search = sale};
    detail->sale = sale;
    enum status status = sold_each(detail->txn, &query, write_sale, detail, err);
    if (status == STATUS_OK && detail->sequence == 0) {
        error_set(err, "not_found", "この売上はありません。");
        status = STATUS_NOT_FOUND;
    }
    json_begin_array(detail->writer, "journal");
    if (status == STATUS_OK) {
        status = sold_journal_each(detail->txn, detail->terminal, detail->sequence, write_journal, detail, err);
    }
    json_end_array(detail->writer);
    json_begin_array(detail->writer, "assessments");
    if (status == STATUS_OK) {
        status = sold_assessment_each(detail->txn, municipality, detail->terminal, detail->sequence, write_assessment,
                                      detail->writer, err);
    }
    json_end_array(detail->writer);
    return status;
}

void
sale_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct reply reply;
    reply_begin(&reply);
    struct detail detail = {.writer = &reply.writer, .err = &err};
    enum status status = store_begin_read(service->store, &detail.txn, &err);
    if (status == STATUS_OK) {
        status =
            write_detail(&detail, asked_actor(request)->municipality, http_request_parameter(request, "sale"), &err);
    }
    store_end(detail.txn);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    reply_send(&reply, request, 200);
}
