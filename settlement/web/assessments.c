/* Reading 調定: the list, one with its breakdown, the sales behind a line, and money that is kept out. */
#include "common/clock/civil.h"
#include "settlement/access/staff.h"
#include "settlement/catalogue/catalogue.h"
#include "settlement/store/assessment_query_store.h"
#include "settlement/store/payout_store.h"
#include "settlement/web/asked.h"
#include "settlement/web/assessment_json.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/history.h"
#include "settlement/web/reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One answer being written. One row more than `limit` is read; it tells whether there is a next page. */
struct page {
    struct json_writer *writer;
    struct civil_date today;
    int64_t limit;
    int64_t written;
    bool has_more;
    char last_day[CIVIL_DATE_TEXT_SIZE];
    char last_id[24];
};

static enum status
write_row(const struct assessment_record *record, void *context)
{
    struct page *page = context;
    if (page->written == page->limit) {
        page->has_more = true;
        return STATUS_OK;
    }
    json_assessment(page->writer, NULL, record, -1, page->today);
    snprintf(page->last_day, sizeof page->last_day, "%s", record->assessed_on);
    snprintf(page->last_id, sizeof page->last_id, "%lld", (long long)record->id);
    page->written++;
    return STATUS_OK;
}

static enum status
read_query(const struct http_request *request, struct assessment_query *query, struct cursor *cursor,
           struct error_detail *err)
{
    bool has_cursor = false;
    query->municipality = asked_actor(request)->municipality;
    query->state = asked_text(request, "state");
    query->section = asked_text(request, "section");
    query->account = asked_text(request, "account");
    query->route = asked_text(request, "route");
    query->kind = asked_text(request, "kind");
    enum status status = asked_limit(request, &query->limit, err);
    if (status == STATUS_OK) {
        status = asked_int(request, "fiscal_year", 0, 0, 9999, &query->fiscal_year, err);
    }
    if (status == STATUS_OK) {
        status = asked_day(request, "from", &query->from, err);
    }
    if (status == STATUS_OK) {
        status = asked_day(request, "to", &query->to, err);
    }
    if (status == STATUS_OK) {
        status = asked_cursor(request, 2, cursor, &has_cursor, err);
    }
    if (status == STATUS_OK && has_cursor) {
        query->after_day = cursor->parts[0];
        query->after_id = strtoll(cursor->parts[1], NULL, 10);
    }
    return status;
}

static enum status
write_totals(struct json_writer *writer, struct store_txn *txn, const struct assessment_query *query,
             struct error_detail *err)
{
    struct assessment_total totals[ASSESSMENT_STATE_COUNT];
    enum status status = assessment_totals(txn, query, totals, err);
    json_begin_array(writer, "totals");
    for (int i = 0; status == STATUS_OK && i < ASSESSMENT_STATE_COUNT; i++) {
        json_begin_object(writer, NULL);
        json_text(writer, "state", assessment_state_word(totals[i].state));
        json_text(writer, "state_name", assessment_state_name(totals[i].state));
        json_int(writer, "count", totals[i].count);
        json_int(writer, "amount_yen", totals[i].amount_yen);
        json_end_object(writer);
    }
    json_end_array(writer);
    return status;
}

void
assessments_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct assessment_query query = {0};
    struct cursor cursor;
    struct store_txn *txn = NULL;
    struct reply reply;
    reply_begin(&reply);
    struct page page = {.writer = &reply.writer, .today = civil_date_at(asked_now_ms(service))};
    enum status status = read_query(request, &query, &cursor, &err);
    if (status == STATUS_OK) {
        status = asked_begin_read(request, service, &txn, &err);
    }
    if (status == STATUS_OK) {
        status = write_totals(&reply.writer, txn, &query, &err);
    }
    page.limit = query.limit;
    query.limit++;
    json_begin_array(&reply.writer, "rows");
    if (status == STATUS_OK) {
        status = assessment_each(txn, &query, write_row, &page, &err);
    }
    json_end_array(&reply.writer);
    store_end(txn);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    if (page.has_more) {
        json_cursor(&reply.writer, (const char *const[]){page.last_day, page.last_id}, 2);
    } else {
        json_null(&reply.writer, "next");
    }
    reply_send(&reply, request, 200);
}

/* The one record of a detail page, and what may be done with it. */
struct detail {
    struct json_writer *writer;
    const struct actor *actor;
    const char *sections; /* that they approve for; "" for all */
    struct civil_date today;
    int64_t received_yen;
    bool is_found;
    bool can_propose, can_return, can_approve, can_export;
};

static enum status
write_detail(const struct assessment_record *record, void *context)
{
    struct detail *detail = context;
    const struct actor *actor = detail->actor;
    json_assessment(detail->writer, "assessment", record, detail->received_yen, detail->today);
    bool is_own = strcmp(record->proposed_by, actor->login) == 0;
    bool is_proposed = record->state == ASSESSMENT_PROPOSED;
    detail->is_found = true;
    detail->can_propose = record->state == ASSESSMENT_DRAFT && role_has_right(actor->role, RIGHT_PROPOSE);
    detail->can_approve = is_proposed && !is_own && role_has_right(actor->role, RIGHT_APPROVE) &&
                          staff_sections_hold(detail->sections, record->section);
    detail->can_return = is_proposed && (is_own || role_has_right(actor->role, RIGHT_APPROVE));
    detail->can_export = record->state == ASSESSMENT_APPROVED && role_has_right(actor->role, RIGHT_EXPORT);
    return STATUS_OK;
}

static enum status
write_line(int64_t number, const struct assessment_line *line, void *context)
{
    struct json_writer *writer = context;
    json_begin_object(writer, NULL);
    json_int(writer, "line", number);
    json_text(writer, "item", line->item);
    json_text(writer, "name", line->name);
    json_int(writer, "count", line->count);
    json_int(writer, "unit_price_yen", line->unit_price_yen);
    json_int(writer, "amount_yen", line->amount_yen);
    json_int(writer, "tax_yen", line->tax_yen);
    json_end_object(writer);
    return STATUS_OK;
}

static enum status
write_correction(const struct assessment_record *record, void *context)
{
    struct json_writer *writer = context;
    char text[ASSESSMENT_NUMBER_SIZE];
    json_begin_object(writer, NULL);
    json_int(writer, "id", record->id);
    json_text(writer, "number",
              record->serial != 0 ? assessment_number_format(text, record->fiscal_year, record->serial) : NULL);
    json_text(writer, "kind", assessment_kind_word(record->kind));
    json_text(writer, "kind_name", assessment_kind_name(record->kind));
    json_text(writer, "state", assessment_state_word(record->state));
    json_text(writer, "state_name", assessment_state_name(record->state));
    json_int(writer, "amount_yen", record->amount_yen);
    json_end_object(writer);
    return STATUS_OK;
}

static enum status
write_details(struct detail *detail, struct store_txn *txn, int64_t id, struct error_detail *err)
{
    struct json_writer *writer = detail->writer;
    struct assessment_query query = {.municipality = detail->actor->municipality, .id = id, .limit = 1};
    enum status status = assessment_received(txn, id, &detail->received_yen, err);
    if (status == STATUS_OK) {
        status = assessment_each(txn, &query, write_detail, detail, err);
    }
    if (status == STATUS_OK && !detail->is_found) {
        error_set(err, "not_found", "調定(%lld)はありません。", (long long)id);
        return STATUS_NOT_FOUND;
    }
    json_begin_array(writer, "lines");
    if (status == STATUS_OK) {
        status = assessment_line_each(txn, id, write_line, writer, err);
    }
    json_end_array(writer);
    json_begin_array(writer, "corrections");
    if (status == STATUS_OK) {
        status = assessment_corrections_each(txn, id, write_correction, writer, err);
    }
    json_end_array(writer);
    char object[48];
    snprintf(object, sizeof object, "assessment:%lld", (long long)id);
    if (status == STATUS_OK) {
        status = json_history(writer, "history", txn, detail->actor->municipality, object, err);
    }
    return status;
}

void
assessment_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    int64_t id;
    struct store_txn *txn = NULL;
    struct reply reply;
    reply_begin(&reply);
    struct detail detail = {.writer = &reply.writer,
                            .actor = asked_actor(request),
                            .sections = asked_session(request)->sections,
                            .today = civil_date_at(asked_now_ms(service))};
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        status = asked_begin_read(request, service, &txn, &err);
    }
    if (status == STATUS_OK) {
        status = write_details(&detail, txn, id, &err);
    }
    store_end(txn);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    const struct {
        bool is_possible;
        const char *word;
    } actions[] = {{detail.can_propose, "propose"},
                   {detail.can_return, "return"},
                   {detail.can_approve, "approve"},
                   {detail.can_export, "export"}};
    json_begin_array(&reply.writer, "actions");
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (actions[i].is_possible) {
            json_text(&reply.writer, NULL, actions[i].word);
        }
    }
    json_end_array(&reply.writer);
    reply_send(&reply, request, 200);
}
