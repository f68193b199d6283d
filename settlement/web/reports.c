/* 収納日報 by facility and item, with how citizens paid, refunds, visitors and tickets; and 利用料金 for operators. */
#include "settlement/catalogue/catalogue.h"
#include "settlement/store/report_store.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"

#include <stdlib.h>
#include <string.h>

enum { PERIOD_MAX_DAYS = 400 /* a fiscal year, and a month beside it */ };

struct report {
    struct json_writer *writer;
    struct store_txn *txn;
    struct catalogue *catalogue;
    const struct json_value **items; /* of the masters, by code; owned */
    size_t item_count;
    struct report_query query;
    struct civil_date last; /* of the period: names are as of then */
    int64_t count;
    int64_t amount_yen;
};

/* Code and name of a facility, and whose money it takes in; null for what belongs to none. */
static void
write_facility(struct report *report, const char *facility, const char *day)
{
    struct facility_view view = {.name = facility, .run_by = ""};
    struct civil_date date = report->last;
    if (facility[0] == '\0') {
        json_null(report->writer, "facility");
        return;
    }
    if (day[0] != '\0' && civil_date_parse(&date, day, strlen(day)) != STATUS_OK) {
        date = report->last;
    }
    bool is_known = catalogue_facility(report->catalogue, facility, date, &view);
    json_begin_object(report->writer, "facility");
    json_text(report->writer, "code", facility);
    json_text(report->writer, "name", is_known ? view.name : facility);
    json_text(report->writer, "revenue", is_known && view.is_operator_fee ? "operator_fee" : "usage_fee");
    json_text(report->writer, "revenue_name", is_known && view.is_operator_fee ? "利用料金" : "使用料");
    json_text_or_null(report->writer, "operator", view.run_by);
    json_end_object(report->writer);
}

static const char *
text_of(const struct json_value *row, const char *key)
{
    const char *text;
    return json_as_text(json_member(row, key), &text) ? text : "";
}

static int
compare_codes(const void *a, const void *b)
{
    const struct json_value *const *left = a;
    const struct json_value *const *right = b;
    return strcmp(text_of(*left, "code"), text_of(*right, "code"));
}

/* A city has 20,000 items, and a report asks for each of its rows: they are put in order once. */
static enum status
index_items(struct report *report, struct error_detail *err)
{
    const struct json_value *items = catalogue_table(report->catalogue, "items");
    report->items = calloc(json_count(items) + 1, sizeof(struct json_value *));
    if (report->items == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    for (const struct json_value *row = json_first(items); row != NULL; row = json_next(row)) {
        report->items[report->item_count++] = row;
    }
    qsort(report->items, report->item_count, sizeof(struct json_value *), compare_codes);
    return STATUS_OK;
}

/* Member KEY of the item CODE, "" when the masters do not know it. */
static const char *
item_text(const struct report *report, const char *code, const char *key)
{
    size_t low = 0;
    size_t high = report->item_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(text_of(report->items[middle], "code"), code) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool is_found = low < report->item_count && strcmp(text_of(report->items[low], "code"), code) == 0;
    return is_found ? text_of(report->items[low], key) : "";
}

static void
write_item_name(struct report *report, const char *code)
{
    const char *name = item_text(report, code, "name");
    json_code_name(report->writer, "item", code, name[0] != '\0' ? name : code);
}

static enum status
write_item(const struct item_sum *sum, void *context)
{
    struct report *report = context;
    struct json_writer *writer = report->writer;
    json_begin_object(writer, NULL);
    write_facility(report, sum->facility, sum->received_on);
    json_code_name(writer, "place", sum->place, catalogue_name(report->catalogue, "places", sum->place));
    json_text_or_null(writer, "category", item_text(report, sum->item, "category"));
    write_item_name(report, sum->item);
    json_int(writer, "unit_price_yen", sum->unit_price_yen);
    json_int(writer, "quantity", sum->quantity);
    json_int(writer, "zero_quantity", sum->zero_quantity);
    json_int(writer, "amount_yen", sum->amount_yen);
    json_int(writer, "cash_yen", sum->cash_yen);
    json_int(writer, "cashless_yen", sum->amount_yen - sum->cash_yen);
    json_int(writer, "reduction_yen", sum->reduction_yen);
    json_int(writer, "void_quantity", sum->void_quantity);
    json_int(writer, "void_yen", sum->void_yen);
    json_end_object(writer);
    report->count += sum->quantity;
    report->amount_yen += sum->amount_yen;
    return STATUS_OK;
}

static enum status
write_brand(const struct brand_sum *sum, void *context)
{
    struct report *report = context;
    json_begin_object(report->writer, NULL);
    json_text(report->writer, "method", sum->method);
    json_text_or_null(report->writer, "brand", sum->brand);
    json_text_or_null(report->writer, "brand_name",
                      sum->brand[0] != '\0' ? catalogue_name(report->catalogue, "brands", sum->brand) : "");
    json_int(report->writer, "count", sum->count);
    json_int(report->writer, "amount_yen", sum->amount_yen);
    json_end_object(report->writer);
    return STATUS_OK;
}

static enum status
write_entry(const struct entry_sum *sum, void *context)
{
    struct report *report = context;
    json_begin_object(report->writer, NULL);
    write_facility(report, sum->facility, "");
    json_text(report->writer, "category", sum->category);
    json_int(report->writer, "count", sum->count);
    json_end_object(report->writer);
    return STATUS_OK;
}

static enum status
write_ticket(const struct ticket_sum *sum, void *context)
{
    struct report *report = context;
    json_begin_object(report->writer, NULL);
    write_facility(report, sum->facility, "");
    write_item_name(report, sum->item);
    json_int(report->writer, "issued", sum->issued);
    json_int(report->writer, "paid", sum->paid);
    json_int(report->writer, "left", sum->left);
    json_int(report->writer, "voided", sum->voided);
    json_int(report->writer, "open", sum->issued - sum->paid - sum->left - sum->voided);
    json_end_object(report->writer);
    return STATUS_OK;
}

static enum status
write_refund(const struct refund_sum *sum, void *context)
{
    struct report *report = context;
    json_begin_object(report->writer, NULL);
    json_text(report->writer, "means", sum->means);
    json_int(report->writer, "count", sum->count);
    json_int(report->writer, "amount_yen", sum->amount_yen);
    json_end_object(report->writer);
    return STATUS_OK;
}

/* `from` and `to`, or `date` for both; at most PERIOD_MAX_DAYS. Default: today. */
static enum status
read_period(const struct http_request *request, const char *today, struct report *report, struct error_detail *err)
{
    const char *date = NULL;
    struct civil_date first;
    struct report_query *query = &report->query;
    enum status status = asked_day(request, "date", &date, err);
    if (status == STATUS_OK) {
        status = asked_day(request, "from", &query->from, err);
    }
    if (status == STATUS_OK) {
        status = asked_day(request, "to", &query->to, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    date = date != NULL ? date : today;
    query->from = query->from != NULL ? query->from : query->to != NULL ? query->to : date;
    query->to = query->to != NULL ? query->to : query->from;
    status = civil_date_parse(&first, query->from, strlen(query->from));
    if (status == STATUS_OK) {
        status = civil_date_parse(&report->last, query->to, strlen(query->to));
    }
    if (status != STATUS_OK || civil_date_compare(first, report->last) > 0 ||
        civil_date_to_days(report->last) - civil_date_to_days(first) >= PERIOD_MAX_DAYS) {
        error_set(err, "invalid_request", "期間は%d日までで、始まりを終わりより前にしてください。", PERIOD_MAX_DAYS);
        return STATUS_INVALID;
    }
    query->municipality = asked_actor(request)->municipality;
    query->place = asked_text(request, "place");
    query->facility = asked_text(request, "facility");
    if (query->facility != NULL && strcmp(query->facility, "none") == 0) {
        query->facility = ""; /* what belongs to no facility */
    }
    return STATUS_OK;
}

static enum status
write_receipts(struct report *report, struct error_detail *err)
{
    struct json_writer *writer = report->writer;
    json_begin_array(writer, "rows");
    enum status status = item_sum_each(report->txn, &report->query, write_item, report, err);
    json_end_array(writer);
    json_int(writer, "quantity", report->count);
    json_int(writer, "amount_yen", report->amount_yen);
    json_begin_array(writer, "by_brand");
    if (status == STATUS_OK) {
        status = brand_sum_each(report->txn, &report->query, write_brand, report, err);
    }
    json_end_array(writer);
    json_begin_array(writer, "refunds");
    if (status == STATUS_OK) {
        status = refund_sum_each(report->txn, &report->query, write_refund, report, err);
    }
    json_end_array(writer);
    json_begin_array(writer, "entries");
    if (status == STATUS_OK) {
        status = entry_sum_each(report->txn, &report->query, write_entry, report, err);
    }
    json_end_array(writer);
    json_begin_array(writer, "tickets");
    if (status == STATUS_OK) {
        status = ticket_sum_each(report->txn, &report->query, write_ticket, report, err);
    }
    json_end_array(writer);
    return status;
}

static enum status
write_operator(const struct operator_sum *sum, void *context)
{
    struct report *report = context;
    struct json_writer *writer = report->writer;
    bool is_cash = strcmp(sum->route, "cash") == 0;
    json_begin_object(writer, NULL);
    write_facility(report, sum->facility, sum->received_on);
    json_text(writer, "operator", sum->operator_name);
    json_text(writer, "received_on", sum->received_on);
    json_text_or_null(writer, "route", sum->route);
    json_text(writer, "route_name",
              is_cash                 ? "現金"
              : sum->route[0] == '\0' ? "指定納付受託者なし"
                                      : catalogue_name(report->catalogue, "trustees", sum->route));
    json_int(writer, "count", sum->count);
    json_int(writer, "quantity", sum->quantity);
    json_int(writer, "amount_yen", sum->amount_yen);
    json_int(writer, "tax_yen", sum->tax_yen);
    json_end_object(writer);
    report->count += sum->count;
    report->amount_yen += sum->amount_yen;
    return STATUS_OK;
}

static enum status
write_operators(struct report *report, struct error_detail *err)
{
    json_begin_array(report->writer, "rows");
    enum status status = operator_sum_each(report->txn, &report->query, write_operator, report, err);
    json_end_array(report->writer);
    json_int(report->writer, "count", report->count);
    json_int(report->writer, "amount_yen", report->amount_yen);
    return status;
}

static void
answer(struct http_request *request, struct service *service,
       enum status (*write)(struct report *report, struct error_detail *err))
{
    struct error_detail err;
    char today[CIVIL_DATE_TEXT_SIZE];
    struct reply reply;
    reply_begin(&reply);
    struct report report = {.writer = &reply.writer};
    civil_date_format(today, civil_date_at(asked_now_ms(service)));
    enum status status = read_period(request, today, &report, &err);
    if (status == STATUS_OK) {
        status = asked_begin_read(request, service, &report.txn, &err);
    }
    if (status == STATUS_OK) {
        status = catalogue_load(&report.catalogue, report.txn, report.query.municipality, &err);
    }
    if (status == STATUS_OK) {
        status = index_items(&report, &err);
    }
    if (status == STATUS_OK) {
        json_text(&reply.writer, "from", report.query.from);
        json_text(&reply.writer, "to", report.query.to);
        status = write(&report, &err);
    }
    store_end(report.txn);
    free(report.items);
    catalogue_destroy(report.catalogue);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    reply_send(&reply, request, 200);
}

void
receipts_report_endpoint(struct http_request *request, void *context)
{
    answer(request, context, write_receipts);
}

void
operator_revenue_endpoint(struct http_request *request, void *context)
{
    answer(request, context, write_operators);
}
