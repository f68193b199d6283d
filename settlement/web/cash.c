/* 現金・払込: what lies in offices, by whom and until when; the 払込 that people made; one of them with its closes. */
#include "settlement/remittance/position.h"
#include "settlement/remittance/reference.h"
#include "settlement/store/payout_store.h"
#include "settlement/terms/terms_book.h"
#include "settlement/web/asked.h"
#include "settlement/web/cash_view.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"

#include <stdio.h>
#include <string.h>

enum { HELD_ROWS_MAX = 2000 /* a month of ninety tills; more is said to be more */ };

struct writing {
    struct json_writer *writer;
    const struct cash_view *view;
    const char *section; /* only its closes; NULL: all */
    size_t count;
    size_t limit;
    int64_t last_id;
    bool has_more;
};

static void
write_close(struct json_writer *writer, const struct cash_close *close, const struct cash_view *view)
{
    json_text(writer, "terminal", close->terminal);
    json_int(writer, "sequence", close->opened_sequence);
    json_code_name(writer, "place", close->place, catalogue_name(view->catalogue, "places", close->place));
    json_text(writer, "business_date", close->business_date);
    json_int_or_null(writer, "number", close->number);
    json_instant(writer, "closed_at", close->closed_at_ms);
    json_text(writer, "closed_by", close->closed_by);
    json_int(writer, "expected_cash_yen", close->expected_cash_yen);
    json_int(writer, "counted_cash_yen", close->counted_cash_yen);
    json_int(writer, "difference_yen", close->difference_yen);
    json_text_or_null(writer, "difference_reason", close->difference_reason);
    json_int(writer, "float_yen", close->close_float_yen);
    json_int(writer, "deposit_yen", close->deposit_yen);
}

static enum status
write_held(const struct cash_close *close, const struct cash_office *office, const char *due_on, bool is_late,
           void *context, struct error_detail *err)
{
    struct writing *writing = context;
    char number[REMITTANCE_REFERENCE_SIZE];
    (void)err;
    if (writing->section != NULL && strcmp(writing->section, office->section) != 0) {
        return STATUS_OK;
    }
    if (writing->count == HELD_ROWS_MAX) {
        writing->has_more = true;
        return STATUS_OK;
    }
    writing->count++;
    json_begin_object(writing->writer, NULL);
    write_close(writing->writer, close, writing->view);
    json_code_name(writing->writer, "section", office->section, office->name);
    json_text(writing->writer, "due_on", due_on);
    json_bool(writing->writer, "is_late", is_late);
    if (close->remittance != 0) {
        json_begin_object(writing->writer, "remittance");
        json_int(writing->writer, "id", close->remittance);
        json_text(writing->writer, "number",
                  remittance_number_format(number, close->fiscal_year, close->remittance_number));
        json_end_object(writing->writer);
    } else {
        json_null(writing->writer, "remittance");
    }
    json_end_object(writing->writer);
    return STATUS_OK;
}

void
json_held_offices(struct json_writer *writer, const struct cash_position *position)
{
    json_begin_array(writer, "offices");
    for (size_t i = 0; i < position->office_count; i++) {
        const struct held_cash *held = &position->offices[i];
        const struct cash_office office = cash_office_of_section(position->catalogue, held->section);
        json_begin_object(writer, NULL);
        json_code_name(writer, "section", office.section, office.name);
        json_text_or_null(writer, "officer", office.officer);
        json_int(writer, "count", held->count);
        json_int(writer, "held_yen", held->held_yen);
        json_int(writer, "prepared_yen", held->prepared_yen);
        json_int(writer, "late_count", held->late_count);
        json_int(writer, "late_yen", held->late_yen);
        json_text(writer, "first_due_on", held->first_due_on);
        json_bool(writer, "is_over_limit", held->is_over_limit);
        json_end_object(writer);
    }
    json_end_array(writer);
}

static void
write_rule(struct json_writer *writer, const struct remittance_rule *rule)
{
    char from[CIVIL_DATE_TEXT_SIZE];
    json_begin_object(writer, "rule");
    json_int(writer, "days", rule->days);
    json_int(writer, "small_yen", rule->small_yen);
    json_int(writer, "small_days", rule->small_days);
    json_int(writer, "limit_yen", rule->limit_yen);
    json_text(writer, "from", civil_date_format(from, rule->from));
    json_end_object(writer);
}

void
cash_endpoint(struct http_request *request, void *context)
{
    struct error_detail err;
    struct cash_view view;
    struct reply reply;
    struct cash_position position = {.offices = NULL};
    char bank[REMITTANCE_BANK_SIZE] = "", due_on[CIVIL_DATE_TEXT_SIZE];
    reply_begin(&reply);
    struct writing writing = {.writer = &reply.writer, .view = &view, .section = asked_text(request, "section")};
    enum status status = cash_view_begin(&view, request, context, &err);
    json_text(&reply.writer, "today", view.today);
    json_begin_array(&reply.writer, "rows");
    if (status == STATUS_OK) {
        status = cash_position_read(&position, view.txn, view.municipality, view.catalogue, view.calendar,
                                    view.today_date, write_held, &writing, &err);
    }
    json_end_array(&reply.writer);
    if (status == STATUS_OK) {
        status = remittance_last_bank(view.txn, view.municipality, bank, &err);
    }
    if (status == STATUS_OK) {
        json_bool(&reply.writer, "has_more", writing.has_more);
        json_held_offices(&reply.writer, &position);
        write_rule(&reply.writer, &position.rule);
        json_text(&reply.writer, "bank", bank);
        json_text(&reply.writer, "next_bank_day",
                  civil_date_format(due_on, bank_calendar_roll(view.calendar, view.today_date, BANK_ROLL_AFTER)));
    }
    cash_position_finish(&position);
    cash_view_finish(&view);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    reply_send(&reply, request, 200);
}

/* ---- 払込 -------------------------------------------------------------------------------------------------------- */

static void
write_bank(struct json_writer *writer, const struct remittance_row *row, const struct cash_view *view)
{
    enum bank_standing standing = bank_standing_of(row, view->calendar, view->covers_to);
    json_begin_object(writer, "bank_record");
    json_text(writer, "state", bank_standing_word(standing));
    json_text(writer, "state_name", bank_standing_name(standing));
    json_bool(writer, "is_open", bank_standing_is_open(standing));
    json_int_or_null(writer, "import", row->import);
    json_int_or_null(writer, "line", row->line);
    json_text_or_null(writer, "booked_on", row->booked_on);
    json_int_or_null(writer, "booked_yen", row->booked_yen);
    json_end_object(writer);
}

static void
write_states(struct json_writer *writer, const struct remittance_row *row, const struct cash_view *view)
{
    bool is_undone = row->undone_by[0] != '\0';
    bool is_confirmed = row->confirmed_by[0] != '\0';
    json_text(writer, "state", is_undone ? "undone" : is_confirmed ? "confirmed" : "prepared");
    json_text(writer, "state_name", is_undone ? "取消済み" : is_confirmed ? "領収済み" : "領収待ち");
    json_person(writer, "prepared_by", row->prepared_by, row->prepared_name);
    json_instant(writer, "prepared_at", row->prepared_at_ms);
    json_person(writer, "confirmed_by", row->confirmed_by, row->confirmed_name);
    json_instant(writer, "confirmed_at", row->confirmed_at_ms);
    json_text_or_null(writer, "paid_on", row->paid_on);
    json_text_or_null(writer, "receipt", row->receipt);
    json_person(writer, "undone_by", row->undone_by, row->undone_name);
    json_instant(writer, "undone_at", row->undone_at_ms);
    json_text_or_null(writer, "undone_reason", row->undone_reason);
    json_bool(writer, "is_overdue", !is_undone && !is_confirmed && strcmp(row->pay_on, view->today) < 0);
    if (is_confirmed && !is_undone) {
        write_bank(writer, row, view);
    } else {
        json_null(writer, "bank_record");
    }
}

static enum status
write_remittance(const struct remittance_row *row, void *context, struct error_detail *err)
{
    struct writing *writing = context;
    struct json_writer *writer = writing->writer;
    char number[REMITTANCE_REFERENCE_SIZE];
    (void)err;
    if (writing->count == writing->limit) {
        writing->has_more = true;
        return STATUS_OK;
    }
    writing->count++;
    writing->last_id = row->id;
    json_begin_object(writer, NULL);
    json_int(writer, "id", row->id);
    json_text(writer, "number", remittance_number_format(number, row->fiscal_year, row->number));
    json_text(writer, "reference", remittance_reference_format(number, row->fiscal_year, row->number));
    json_int(writer, "fiscal_year", row->fiscal_year);
    json_code_name(writer, "section", row->section,
                   cash_office_of_section(writing->view->catalogue, row->section).name);
    json_text_or_null(writer, "officer", row->officer);
    json_text(writer, "bank", row->bank);
    json_text(writer, "pay_on", row->pay_on);
    json_int(writer, "close_count", row->close_count);
    json_int(writer, "amount_yen", row->amount_yen);
    json_int(writer, "difference_yen", row->difference_yen);
    write_states(writer, row, writing->view);
    json_end_object(writer);
    return STATUS_OK;
}

static enum status
read_query(const struct http_request *request, struct remittance_query *query, struct error_detail *err)
{
    query->state = asked_text(request, "state");
    enum status status = asked_limit(request, &query->limit, err);
    if (status == STATUS_OK) {
        status = asked_day(request, "from", &query->from, err);
    }
    if (status == STATUS_OK) {
        status = asked_day(request, "to", &query->to, err);
    }
    return status == STATUS_OK ? asked_int(request, "after", 0, 1, INT64_MAX, &query->after_id, err) : status;
}

void
remittances_endpoint(struct http_request *request, void *context)
{
    struct error_detail err;
    struct cash_view view;
    struct reply reply;
    struct remittance_query query = {.limit = 0};
    reply_begin(&reply);
    struct writing writing = {.writer = &reply.writer, .view = &view};
    enum status status = cash_view_begin(&view, request, context, &err);
    if (status == STATUS_OK) {
        status = read_query(request, &query, &err);
    }
    json_begin_array(&reply.writer, "rows");
    if (status == STATUS_OK) {
        query.municipality = view.municipality;
        writing.limit = (size_t)query.limit++;
        status = remittance_each(view.txn, &query, write_remittance, &writing, &err);
    }
    json_end_array(&reply.writer);
    cash_view_finish(&view);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    json_int_or_null(&reply.writer, "next", writing.has_more ? writing.last_id : 0);
    reply_send(&reply, request, 200);
}

static enum status
write_taken(const struct cash_close *close, void *context, struct error_detail *err)
{
    struct writing *writing = context;
    (void)err;
    json_begin_object(writing->writer, NULL);
    write_close(writing->writer, close, writing->view);
    json_end_object(writing->writer);
    return STATUS_OK;
}

void
remittance_endpoint(struct http_request *request, void *context)
{
    struct error_detail err;
    struct cash_view view;
    struct reply reply;
    struct remittance_query query = {.limit = 1};
    reply_begin(&reply);
    struct writing writing = {.writer = &reply.writer, .view = &view, .limit = 1};
    enum status status = cash_view_begin(&view, request, context, &err);
    if (status == STATUS_OK) {
        status = asked_id(request, "id", &query.id, &err);
    }
    query.municipality = view.municipality;
    json_begin_array(&reply.writer, "rows");
    if (status == STATUS_OK) {
        status = remittance_each(view.txn, &query, write_remittance, &writing, &err);
    }
    json_end_array(&reply.writer);
    if (status == STATUS_OK && writing.count == 0) {
        error_set(&err, "not_found", "払込（%lld）はありません。", (long long)query.id);
        status = STATUS_NOT_FOUND;
    }
    json_begin_array(&reply.writer, "closes");
    if (status == STATUS_OK) {
        const struct cash_query closes = {.municipality = view.municipality, .remittance = query.id};
        status = cash_close_each(view.txn, &closes, write_taken, &writing, &err);
    }
    json_end_array(&reply.writer);
    cash_view_finish(&view);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    reply_send(&reply, request, 200);
}
