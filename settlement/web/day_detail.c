/* One day of a drawer: its figures, what moved its cash, every count by denomination, and the lines that prove it. */
#include "settlement/web/asked.h"
#include "settlement/web/day_json.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/journal_line_json.h"
#include "settlement/web/reply.h"

#include <stdio.h>
#include <string.h>

/* The one day of a detail page. */
struct detail {
    struct json_writer *writer;
    struct store_txn *txn;
    struct error_detail *err;
    struct catalogue *catalogue;
    char terminal[TERMINAL_ID_SIZE];
    int64_t opened_sequence; /* 0: not found */
    int64_t closed_sequence; /* 0: open */
};

static enum status
write_day(const struct day_view *view, void *context)
{
    struct detail *detail = context;
    detail->opened_sequence = view->opened_sequence;
    detail->closed_sequence = view->closed_sequence;
    json_begin_object(detail->writer, "day");
    json_day_members(detail->writer, view, detail->catalogue);
    json_end_object(detail->writer);
    return STATUS_OK;
}

static const struct {
    const char *what;
    const char *name;
} events[] = {
    {"float_lent", "つり銭の追加"},
    {"float_returned", "つり銭の返納"},
    {"cash_in", "入金"},
    {"cash_out", "出金"},
    {"refund", "現金の還付"},
    {"count_open", "営業開始の計数"},
    {"count_inspection", "点検の計数"},
    {"count_handover", "引継ぎの計数"},
    {"count_close", "精算の計数"},
    {"handover", "引継ぎ"},
    {"inspection", "点検"},
};

static enum status
write_piece(int64_t yen, int64_t pieces, void *context)
{
    struct json_writer *writer = context;
    json_begin_object(writer, NULL);
    json_int(writer, "yen", yen);
    json_int(writer, "count", pieces);
    json_end_object(writer);
    return STATUS_OK;
}

static enum status
write_counts(struct detail *detail, int64_t sequence)
{
    json_begin_array(detail->writer, "counts");
    enum status status =
        cash_tally_each(detail->txn, detail->terminal, sequence, write_piece, detail->writer, detail->err);
    json_end_array(detail->writer);
    return status;
}

static enum status
write_event(const struct day_event *event, void *context)
{
    struct detail *detail = context;
    struct json_writer *writer = detail->writer;
    json_begin_object(writer, NULL);
    json_int(writer, "sequence", event->sequence);
    json_instant(writer, "at", event->at_ms);
    json_text(writer, "what", event->what);
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        if (strcmp(events[i].what, event->what) == 0) {
            json_text(writer, "what_name", events[i].name);
        }
    }
    bool is_check = strncmp(event->what, "count_", 6) == 0 || strcmp(event->what, "handover") == 0 ||
                    strcmp(event->what, "inspection") == 0;
    json_int(writer, "amount_yen", event->amount_yen);
    if (is_check) {
        json_int(writer, "expected_yen", event->expected_yen);
    } else {
        json_null(writer, "expected_yen");
    }
    json_text(writer, "clerk", event->clerk);
    json_text_or_null(writer, "other", event->other);
    json_text_or_null(writer, "reason", event->reason);
    enum status status = write_counts(detail, event->sequence);
    json_end_object(writer);
    return status;
}

static enum status
write_total(const struct day_total_view *total, void *context)
{
    struct detail *detail = context;
    struct json_writer *writer = detail->writer;
    json_begin_object(writer, NULL);
    json_text(writer, "method", total->method);
    json_text_or_null(writer, "brand", total->brand);
    json_text_or_null(writer, "brand_name",
                      total->brand[0] != '\0' ? catalogue_name(detail->catalogue, "brands", total->brand) : "");
    json_int(writer, "count", total->count);
    json_int(writer, "amount_yen", total->amount_yen);
    json_int(writer, "void_count", total->void_count);
    json_int(writer, "void_yen", total->void_yen);
    json_end_object(writer);
    return STATUS_OK;
}

static enum status
write_opening(const struct opening_view *opening, void *context)
{
    struct json_writer *writer = context;
    json_begin_object(writer, NULL);
    json_int(writer, "sequence", opening->sequence);
    json_instant(writer, "at", opening->at_ms);
    json_text(writer, "clerk", opening->clerk);
    json_text_or_null(writer, "note", opening->note);
    json_end_object(writer);
    return STATUS_OK;
}

/* The lines that the day begins and ends with. */
static enum status
write_journal(struct detail *detail)
{
    json_begin_array(detail->writer, "journal");
    enum status status = json_journal_line(detail->writer, detail->txn, detail->catalogue, detail->terminal,
                                           detail->opened_sequence, detail->err);
    if (status == STATUS_OK && detail->closed_sequence != 0) {
        status = json_journal_line(detail->writer, detail->txn, detail->catalogue, detail->terminal,
                                   detail->closed_sequence, detail->err);
    }
    json_end_array(detail->writer);
    return status;
}

static enum status
write_parts(struct detail *detail)
{
    int64_t last = detail->closed_sequence != 0 ? detail->closed_sequence : INT64_MAX;
    /* A count of the float comes with the opening, some lines before or behind it. */
    int64_t first = detail->opened_sequence;
    enum status status = STATUS_OK;
    if (detail->closed_sequence != 0) {
        status = write_counts(detail, detail->closed_sequence);
    } else {
        json_begin_array(detail->writer, "counts");
        json_end_array(detail->writer);
    }
    json_begin_array(detail->writer, "events");
    if (status == STATUS_OK) {
        status = day_event_each(detail->txn, detail->terminal, first, last, write_event, detail, detail->err);
    }
    json_end_array(detail->writer);
    json_begin_array(detail->writer, "totals");
    if (status == STATUS_OK) {
        status =
            day_total_each(detail->txn, detail->terminal, detail->closed_sequence, write_total, detail, detail->err);
    }
    json_end_array(detail->writer);
    json_begin_array(detail->writer, "no_sale_openings");
    if (status == STATUS_OK) {
        status = no_sale_each(detail->txn, detail->terminal, first, last, write_opening, detail->writer, detail->err);
    }
    json_end_array(detail->writer);
    return status == STATUS_OK ? write_journal(detail) : status;
}

static enum status
write_detail(const struct http_request *request, struct detail *detail)
{
    struct day_query query = {.municipality = asked_actor(request)->municipality,
                              .terminal = http_request_parameter(request, "terminal"),
                              .limit = 1};
    enum status status = asked_id(request, "sequence", &query.opened_sequence, detail->err);
    if (status == STATUS_OK) {
        status = catalogue_load(&detail->catalogue, detail->txn, query.municipality, detail->err);
    }
    if (status == STATUS_OK) {
        status = day_view_each(detail->txn, &query, write_day, detail, detail->err);
    }
    if (status == STATUS_OK && detail->opened_sequence == 0) {
        error_set(detail->err, "not_found", "この営業日はありません。");
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        snprintf(detail->terminal, sizeof detail->terminal, "%s", query.terminal);
        status = write_parts(detail);
    }
    return status;
}

void
day_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct reply reply;
    reply_begin(&reply);
    struct detail detail = {.writer = &reply.writer, .err = &err};
    enum status status = asked_begin_read(request, service, &detail.txn, &err);
    if (status == STATUS_OK) {
        status = write_detail(request, &detail);
    }
    store_end(detail.txn);
    catalogue_destroy(detail.catalogue);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    reply_send(&reply, request, 200);
}
