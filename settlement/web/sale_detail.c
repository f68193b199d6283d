/* One sale: its lines and how their prices came about, its payment in parts, its refunds, its 調定, and the journal
 * lines that prove it. */
#include "settlement/assessment/record.h"
#include "settlement/catalogue/catalogue.h"
#include "settlement/store/journal_store.h"
#include "settlement/store/sale_store.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/journal_line_json.h"
#include "settlement/web/refund_json.h"
#include "settlement/web/reply.h"
#include "settlement/web/sale_json.h"
#include "settlement/web/sale_way.h"

#include <stdio.h>
#include <string.h>

enum { REFUNDS_MAX = 100 /* of one sale; each is a yen or more and a person's doing */ };

/* The one sale of a detail page. */
struct detail {
    struct json_writer *writer;
    struct store_txn *txn;
    struct error_detail *err;
    const char *sale;
    struct catalogue *catalogue;
    struct civil_date today;
    struct civil_date received_on;
    struct json_value *recorded; /* the body of its line: the words of tariffs are there alone; owned */
    char terminal[TERMINAL_ID_SIZE];
    int64_t sequence; /* 0: not found */
    char receipt_number[RECEIPT_NUMBER_TEXT_SIZE];
};

/* What a tariff says of line NUMBER, from the journal; null for a fixed price. */
static enum status
write_pricing(struct detail *detail, int64_t number)
{
    const struct json_value *line = json_element(json_member(detail->recorded, "lines"), (size_t)number - 1);
    const struct json_value *pricing = json_member(line, "pricing");
    struct buffer text;
    if (json_is_null(pricing)) {
        json_null(detail->writer, "pricing");
        return STATUS_OK;
    }
    buffer_init(&text, JOURNAL_LINE_MAX_BYTES);
    enum status status = json_write_canonical(pricing, &text, detail->err);
    if (status == STATUS_OK) {
        json_raw(detail->writer, "pricing", buffer_text(&text), text.length);
    }
    buffer_finish(&text);
    return status;
}

static void
write_facility(struct detail *detail, const char *facility)
{
    struct facility_view view = {.name = facility};
    if (facility[0] == '\0') {
        json_null(detail->writer, "facility");
        return;
    }
    bool is_known = catalogue_facility(detail->catalogue, facility, detail->received_on, &view);
    json_begin_object(detail->writer, "facility");
    json_text(detail->writer, "code", facility);
    json_text(detail->writer, "name", view.name);
    json_bool(detail->writer, "is_operator_fee", is_known && view.is_operator_fee);
    json_end_object(detail->writer);
}

static void
write_reduction(struct json_writer *writer, const struct sold_line *line)
{
    if (line->reduction_yen == 0) {
        json_null(writer, "reduction");
        return;
    }
    json_begin_object(writer, "reduction");
    json_text(writer, "rule", line->reduction);
    json_text(writer, "name", line->reduction_name);
    json_text(writer, "granter", line->reduction_granter);
    json_int(writer, "yen", line->reduction_yen);
    json_end_object(writer);
}

static void
write_override(struct json_writer *writer, const struct sold_line *line)
{
    if (!line->is_overridden) {
        json_null(writer, "override");
        return;
    }
    json_begin_object(writer, "override");
    json_int(writer, "list_price_yen", line->list_price_yen);
    json_text(writer, "reason", line->override_reason);
    json_text(writer, "approved_by", line->override_by);
    json_end_object(writer);
}

static void
write_exemption(struct json_writer *writer, const struct sold_line *line)
{
    if (line->exemption[0] == '\0') {
        json_null(writer, "exemption");
        return;
    }
    json_begin_object(writer, "exemption");
    json_text(writer, "rule", line->exemption);
    json_text(writer, "name", line->exemption_name);
    json_text(writer, "reason", line->exemption_reason);
    json_end_object(writer);
}

static enum status
write_line(const struct sold_line *line, void *context)
{
    struct detail *detail = context;
    struct json_writer *writer = detail->writer;
    json_begin_object(writer, NULL);
    json_int(writer, "line", line->number);
    json_text(writer, "item", line->item);
    json_text(writer, "name", line->name);
    json_int(writer, "unit_price_yen", line->unit_price_yen);
    json_int(writer, "quantity", line->quantity);
    json_int(writer, "amount_yen", line->amount_yen);
    json_int(writer, "cash_yen", line->cash_yen);
    json_text(writer, "tax", line->tax);
    json_text(writer, "account", line->account);
    json_text(writer, "section", line->section);
    json_text(writer, "issuer", line->issuer);
    write_exemption(writer, line);
    write_facility(detail, line->facility);
    write_reduction(writer, line);
    write_override(writer, line);
    enum status status = write_pricing(detail, line->number);
    json_text_or_null(writer, "ticket", line->ticket);
    json_end_object(writer);
    return status;
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

static void
write_part(struct json_writer *writer, const char *method, const char *brand, int64_t amount_yen)
{
    json_begin_object(writer, NULL);
    json_text(writer, "method", method);
    json_text_or_null(writer, "brand", brand);
    json_int(writer, "amount_yen", amount_yen);
    json_end_object(writer);
}

/* How it was paid, part by part. */
static void
write_parts(struct json_writer *writer, const struct sold_row *row)
{
    json_begin_array(writer, "parts");
    if (row->cash_yen > 0) {
        write_part(writer, "cash", "", row->cash_yen);
    }
    if (row->cash_yen < row->amount_yen) {
        write_part(writer, row->method, row->brand, row->amount_yen - row->cash_yen);
    }
    json_end_array(writer);
}

static void
write_reference(struct json_writer *writer, const struct sold_row *row)
{
    static const struct {
        const char *kind;
        const char *name;
    } kinds[] = {{"reservation", "予約"}, {"application", "申請書"}, {"slip", "納付書"}};
    if (row->reference_kind[0] == '\0') {
        json_null(writer, "reference");
        return;
    }
    json_begin_object(writer, "reference");
    json_text(writer, "kind", row->reference_kind);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].kind, row->reference_kind) == 0) {
            json_text(writer, "kind_name", kinds[i].name);
        }
    }
    json_text(writer, "number", row->reference_number);
    json_end_object(writer);
}

/* The body of the sale's own line. */
static enum status
read_recorded(struct detail *detail)
{
    int64_t received_at_ms;
    struct buffer bytes;
    struct journal_line line;
    buffer_init(&bytes, JOURNAL_LINE_MAX_BYTES + 1);
    enum status status =
        journal_line_of(detail->txn, detail->terminal, detail->sequence, &bytes, &received_at_ms, detail->err);
    if (status == STATUS_OK) {
        status = journal_line_read(&line, buffer_text(&bytes), bytes.length, detail->err);
    }
    if (status == STATUS_OK) {
        status = json_parse(&detail->recorded, line.body, line.body_length, detail->err);
    }
    buffer_finish(&bytes);
    return status;
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
    snprintf(detail->receipt_number, sizeof detail->receipt_number, "%s", row->receipt_number);
    detail->sequence = row->sequence;
    enum status status = read_recorded(detail);
    if (civil_date_parse(&detail->received_on, row->received_on, strlen(row->received_on)) != STATUS_OK) {
        detail->received_on = detail->today;
    }
    json_begin_object(writer, "sale");
    json_sale_members(writer, row);
    write_parts(writer, row);
    write_reference(writer, row);
    json_begin_array(writer, "lines");
    if (status == STATUS_OK) {
        status = sold_line_each(detail->txn, row->terminal, row->sequence, write_line, detail, detail->err);
    }
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
    return json_journal_line(detail->writer, detail->txn, detail->catalogue, detail->terminal, sequence, detail->err);
}

static enum status
write_refund(const struct refund_view *view, void *context)
{
    struct detail *detail = context;
    json_refund(detail->writer, view, detail->catalogue, detail->today);
    return STATUS_OK;
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
    json_begin_array(detail->writer, "refunds");
    if (status == STATUS_OK) {
        struct refund_query refunds = {.municipality = municipality, .sale = sale, .limit = REFUNDS_MAX};
        status = refund_view_each(detail->txn, &refunds, write_refund, detail, err);
    }
    json_end_array(detail->writer);
    json_begin_array(detail->writer, "assessments");
    if (status == STATUS_OK) {
        status = sold_assessment_each(detail->txn, municipality, detail->terminal, detail->sequence, write_assessment,
                                      detail->writer, err);
    }
    json_end_array(detail->writer);
    if (status == STATUS_OK) {
        char today[CIVIL_DATE_TEXT_SIZE];
        status = json_sale_way(detail->writer, detail->txn, detail->catalogue, municipality, sale,
                               detail->receipt_number, civil_date_format(today, detail->today), err);
    }
    return status;
}

void
sale_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct reply reply;
    reply_begin(&reply);
    struct detail detail = {.writer = &reply.writer, .err = &err, .today = civil_date_at(asked_now_ms(service))};
    enum status status = asked_begin_read(request, service, &detail.txn, &err);
    if (status == STATUS_OK) {
        status = catalogue_load(&detail.catalogue, detail.txn, asked_actor(request)->municipality, &err);
    }
    if (status == STATUS_OK) {
        status =
            write_detail(&detail, asked_actor(request)->municipality, http_request_parameter(request, "sale"), &err);
    }
    store_end(detail.txn);
    json_free(detail.recorded);
    catalogue_destroy(detail.catalogue);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    reply_send(&reply, request, 200);
}
