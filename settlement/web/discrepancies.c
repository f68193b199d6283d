/* What does not agree: the list, and one with its evidence side by side. */
#include "settlement/matching/discrepancy_class.h"
#include "settlement/matching/reconcile.h"
#include "settlement/store/payout_store.h"
#include "settlement/web/asked.h"
#include "settlement/web/discrepancy_json.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/evidence.h"
#include "settlement/web/history.h"
#include "settlement/web/partners.h"
#include "settlement/web/reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One row more than `limit` is read; it tells whether there is a next page. */
struct page {
    struct json_writer *writer;
    const struct catalogue *catalogue;
    struct civil_date today;
    int64_t limit;
    int64_t written;
    bool has_more;
    char last_key[32]; /* day or amount */
    char last_id[24];
    enum discrepancy_order order;
};

static enum status
write_row(const struct discrepancy_row *row, void *context)
{
    struct page *page = context;
    if (page->written == page->limit) {
        page->has_more = true;
        return STATUS_OK;
    }
    json_begin_object(page->writer, NULL);
    json_discrepancy_members(page->writer, row, page->catalogue, page->today);
    json_end_object(page->writer);
    page->written++;
    if (page->order == DISCREPANCY_LARGEST) {
        int64_t size = row->amount_yen < 0 ? -row->amount_yen : row->amount_yen;
        snprintf(page->last_key, sizeof page->last_key, "%lld", (long long)size);
    } else {
        snprintf(page->last_key, sizeof page->last_key, "%s", row->happened_on);
    }
    snprintf(page->last_id, sizeof page->last_id, "%lld", (long long)row->id);
    return STATUS_OK;
}

static enum discrepancy_order
asked_order(const struct http_request *request)
{
    const char *order = asked_text(request, "order");
    if (order != NULL && strcmp(order, "newest") == 0) {
        return DISCREPANCY_NEWEST;
    }
    return order != NULL && strcmp(order, "amount") == 0 ? DISCREPANCY_LARGEST : DISCREPANCY_OLDEST;
}

static enum status
read_query(const struct http_request *request, const char *today, struct discrepancy_query *query,
           struct cursor *cursor, struct error_detail *err)
{
    int64_t overdue = 0;
    query->municipality = asked_actor(request)->municipality;
    query->state = asked_text(request, "state");
    query->state = query->state != NULL ? query->state : "open";
    query->class = asked_text(request, "class");
    query->brand = asked_text(request, "brand");
    query->terminal = asked_text(request, "terminal");
    query->owner = asked_text(request, "owner");
    query->resolution = asked_text(request, "resolution");
    query->search = asked_text(request, "search");
    query->expected = asked_text(request, "expected");
    query->order = asked_order(request);
    enum status status = asked_limit(request, &query->limit, err);
    if (status == STATUS_OK) {
        status = asked_int(request, "overdue", 0, 0, 1, &overdue, err);
    }
    if (status == STATUS_OK) {
        status = asked_day(request, "from", &query->from, err);
    }
    if (status == STATUS_OK) {
        status = asked_day(request, "to", &query->to, err);
    }
    if (status == STATUS_OK) {
        status = asked_cursor(request, 2, cursor, &query->has_after, err);
    }
    query->overdue_from = overdue != 0 ? today : NULL;
    if (status == STATUS_OK && query->search != NULL && strlen(query->search) > DISCREPANCY_SEARCH_MAX_BYTES) {
        error_set(err, "invalid_request", "探す言葉が長すぎます。短くしてください。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK && query->has_after) {
        query->after_day = cursor->parts[0];
        query->after_yen = strtoll(cursor->parts[0], NULL, 10);
        query->after_id = strtoll(cursor->parts[1], NULL, 10);
    }
    return status;
}

static enum status
write_total(const char *class, int64_t count, int64_t amount_yen, void *context)
{
    struct json_writer *writer = context;
    json_begin_object(writer, NULL);
    json_text(writer, "class", class);
    json_text(writer, "class_name", discrepancy_class_name(class));
    json_int(writer, "count", count);
    json_int(writer, "amount_yen", amount_yen);
    json_end_object(writer);
    return STATUS_OK;
}

static enum status
write_list(struct json_writer *writer, struct store_txn *txn, struct discrepancy_query *query, struct page *page,
           struct error_detail *err)
{
    json_begin_array(writer, "totals");
    enum status status = discrepancy_totals(txn, query, write_total, writer, err);
    json_end_array(writer);
    query->limit++;
    json_begin_array(writer, "rows");
    if (status == STATUS_OK) {
        status = discrepancy_each(txn, query, write_row, page, err);
    }
    json_end_array(writer);
    return status;
}

void
discrepancies_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct cursor cursor;
    struct discrepancy_query query = {0};
    struct store_txn *txn = NULL;
    struct catalogue *catalogue = NULL;
    char today[CIVIL_DATE_TEXT_SIZE];
    bool has_run;
    struct reply reply;
    reply_begin(&reply);
    struct page page = {.writer = &reply.writer, .today = civil_date_at(asked_now_ms(service))};
    civil_date_format(today, page.today);
    enum status status = read_query(request, today, &query, &cursor, &err);
    if (status == STATUS_OK) {
        status = reconcile_when_day_changed(service->store, query.municipality, &service->clock, &has_run, &err);
    }
    if (status == STATUS_OK) {
        status = asked_begin_read(request, service, &txn, &err);
    }
    if (status == STATUS_OK) {
        status = catalogue_load(&catalogue, txn, query.municipality, &err);
    }
    page.catalogue = catalogue;
    page.order = query.order;
    page.limit = query.limit;
    if (status == STATUS_OK) {
        status = write_list(&reply.writer, txn, &query, &page, &err);
    }
    store_end(txn);
    catalogue_destroy(catalogue);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    if (page.has_more) {
        json_cursor(&reply.writer, (const char *const[]){page.last_key, page.last_id}, 2);
    } else {
        json_null(&reply.writer, "next");
    }
    reply_send(&reply, request, 200);
}

/* One discrepancy being shown. Places are copied, because the row is gone when the evidence is written. */
struct detail {
    struct json_writer *writer;
    const struct catalogue *catalogue;
    const struct actor *actor;
    struct civil_date today;
    bool is_found;
    enum discrepancy_class class;
    char state[32];
    char resolved_by[LOGIN_SIZE];
    char terminal[TERMINAL_ID_SIZE];
    int64_t sequence;
    char payment[IDENTITY_TEXT_SIZE];
    char trustee[65];
    char payout[129];
    bool is_bank_line;
    bool is_payout;
    int64_t places[2][2]; /* import, line of its line and of the related one */
    bool is_payment;      /* it is about a payment, or its cancellation (`is_void`), and not about a line alone */
    bool is_void;
    bool is_undo_asked;
    char undo_by[LOGIN_SIZE];
};

static enum status
write_detail(const struct discrepancy_row *row, void *context)
{
    struct detail *detail = context;
    struct json_writer *writer = detail->writer;
    detail->is_found = true;
    if (!discrepancy_class_from_word(&detail->class, row->class)) {
        detail->class = DISCREPANCY_STATEMENT_ONLY;
    }
    snprintf(detail->state, sizeof detail->state, "%s", row->state);
    snprintf(detail->resolved_by, sizeof detail->resolved_by, "%s", row->resolved_by);
    snprintf(detail->terminal, sizeof detail->terminal, "%s", row->terminal);
    snprintf(detail->payment, sizeof detail->payment, "%s", row->payment);
    snprintf(detail->trustee, sizeof detail->trustee, "%s", row->trustee);
    snprintf(detail->payout, sizeof detail->payout, "%s", row->payout);
    detail->sequence = row->sequence;
    detail->is_bank_line = strncmp(row->subject, "bank:", 5) == 0;
    detail->is_payout = strncmp(row->subject, "payout:", 7) == 0;
    detail->is_payment = strncmp(row->subject, "payment:", 8) == 0;
    size_t subject_length = strlen(row->subject);
    detail->is_void = subject_length > 5 && strcmp(row->subject + subject_length - 5, ":void") == 0;
    detail->is_undo_asked = row->undo_by[0] != '\0';
    snprintf(detail->undo_by, sizeof detail->undo_by, "%s", row->undo_by);
    detail->places[0][0] = row->import;
    detail->places[0][1] = row->line;
    detail->places[1][0] = row->related_import;
    detail->places[1][1] = row->related_line;
    json_begin_object(writer, "discrepancy");
    json_discrepancy_members(writer, row, detail->catalogue, detail->today);
    json_text_or_null(writer, "cleared_on", row->cleared_on);
    json_discrepancy_resolution(writer, row);
    json_discrepancy_undo(writer, row);
    json_end_object(writer);
    return STATUS_OK;
}

static enum status
write_comment(const struct comment_row *row, void *context)
{
    struct json_writer *writer = context;
    json_begin_object(writer, NULL);
    json_person(writer, "by", row->login, row->name);
    json_instant(writer, "at", row->at_ms);
    json_text(writer, "text", row->text);
    json_end_object(writer);
    return STATUS_OK;
}

/* What people said of it, and what may belong to it. */
static enum status
write_talk(struct detail *detail, struct store_txn *txn, int64_t id, struct error_detail *err)
{
    struct json_writer *writer = detail->writer;
    struct partner_row key = {.terminal = detail->terminal};
    if (detail->is_payment) {
        key.sequence = detail->sequence;
        key.part = detail->is_void ? BOOK_VOID : BOOK_SALE;
    } else if (!detail->is_bank_line && !detail->is_payout) {
        key.import = detail->places[0][0];
        key.line = detail->places[0][1];
    }
    json_begin_array(writer, "comments");
    enum status status = comment_each(txn, id, write_comment, writer, err);
    json_end_array(writer);
    if (status == STATUS_OK) {
        status = json_partners(writer, txn, detail->actor->municipality, &key, err);
    }
    if (status == STATUS_OK) {
        status = json_decisions(writer, txn, detail->actor->municipality, &key, err);
    }
    return status == STATUS_OK ? json_splits(writer, txn, detail->actor->municipality, &key, err) : status;
}

static void
write_actions(struct json_writer *writer, const struct detail *detail)
{
    const struct actor *actor = detail->actor;
    bool is_open = strcmp(detail->state, "open") == 0;
    bool is_awaiting = strcmp(detail->state, "awaiting_second") == 0;
    bool may_resolve = role_has_right(actor->role, RIGHT_RESOLVE);
    bool may_confirm =
        is_awaiting && role_has_right(actor->role, RIGHT_CONFIRM) && strcmp(detail->resolved_by, actor->login) != 0;
    bool is_resolved = strcmp(detail->state, "resolved") == 0;
    bool is_own_undo = strcmp(detail->undo_by, actor->login) == 0;
    bool may_confirm_undo =
        is_resolved && detail->is_undo_asked && role_has_right(actor->role, RIGHT_CONFIRM) && !is_own_undo;
    const struct {
        bool is_possible;
        const char *word;
    } actions[] = {{(is_open || is_awaiting) && may_resolve, "assign"},
                   {is_open && may_resolve, "resolve"},
                   {may_confirm, "confirm"},
                   {may_confirm, "reject"},
                   {may_resolve, "comment"},
                   {is_open && may_resolve, "expect"},
                   {is_open && may_resolve && !detail->is_bank_line && !detail->is_payout, "pair"},
                   {may_resolve && !detail->is_bank_line && !detail->is_payout, "unpair"},
                   {is_resolved && !detail->is_undo_asked && may_resolve, "undo"},
                   {may_confirm_undo, "undo_confirm"},
                   {is_resolved && detail->is_undo_asked && (is_own_undo || may_confirm_undo), "undo_stop"}};
    json_begin_array(writer, "actions");
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (actions[i].is_possible) {
            json_text(writer, NULL, actions[i].word);
        }
    }
    json_end_array(writer);
    json_begin_array(writer, "resolutions");
    for (int i = 0; i < RESOLUTION_COUNT; i++) {
        enum resolution resolution = (enum resolution)i;
        if (resolution_fits(resolution, detail->class)) {
            json_begin_object(writer, NULL);
            json_text(writer, "kind", resolution_word(resolution));
            json_text(writer, "kind_name", resolution_name(resolution_word(resolution)));
            json_bool(writer, "moves_money", resolution_moves_money(resolution));
            json_end_object(writer);
        }
    }
    json_end_array(writer);
}

static enum status
write_evidence(struct json_writer *writer, struct store_txn *txn, const struct service *service,
               const struct detail *detail, struct error_detail *err)
{
    const char *municipality = detail->actor->municipality;
    struct evidence evidence;
    evidence_init(&evidence, writer, txn, municipality, service->layouts);
    json_begin_object(writer, "evidence");
    json_begin_array(writer, "journal");
    enum status status = STATUS_OK;
    if (detail->sequence != 0) {
        status = json_payment_journal(writer, txn, detail->terminal, detail->sequence, err);
    } else if (detail->payment[0] != '\0') {
        status = evidence_payment_journal(&evidence, detail->payment, err);
    }
    json_end_array(writer);
    json_begin_array(writer, "statement");
    for (int i = 0; status == STATUS_OK && i < 2 && !detail->is_bank_line; i++) {
        status = evidence_line(&evidence, detail->places[i][0], detail->places[i][1], err);
    }
    if (status == STATUS_OK && detail->is_payout) {
        status = evidence_payout_lines(&evidence, detail->trustee, detail->payout, err);
    }
    json_end_array(writer);
    json_begin_array(writer, "bank");
    if (status == STATUS_OK && detail->is_bank_line) {
        status = evidence_line(&evidence, detail->places[0][0], detail->places[0][1], err);
    }
    if (status == STATUS_OK && detail->is_payout) {
        status = evidence_bank_lines(&evidence, detail->trustee, detail->payout, err);
    }
    json_end_array(writer);
    if (evidence.is_truncated) {
        json_bool(writer, "truncated", true);
    }
    json_end_object(writer);
    evidence_finish(&evidence);
    return status;
}

static enum status
write_all(struct detail *detail, struct store_txn *txn, const struct service *service, int64_t id,
          struct error_detail *err)
{
    struct discrepancy_query query = {
        .municipality = detail->actor->municipality, .id = id, .state = "all", .limit = 1};
    enum status status = discrepancy_each(txn, &query, write_detail, detail, err);
    if (status == STATUS_OK && !detail->is_found) {
        error_set(err, "not_found", "要確認(%lld)はありません。", (long long)id);
        return STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        status = write_evidence(detail->writer, txn, service, detail, err);
    }
    if (status == STATUS_OK) {
        status = write_talk(detail, txn, id, err);
    }
    char object[48];
    snprintf(object, sizeof object, "discrepancy:%lld", (long long)id);
    if (status == STATUS_OK) {
        status = json_history(detail->writer, "history", txn, detail->actor->municipality, object, err);
    }
    if (status == STATUS_OK) {
        write_actions(detail->writer, detail);
    }
    return status;
}

void
respond_discrepancy(struct http_request *request, struct service *service, int64_t id)
{
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct catalogue *catalogue = NULL;
    struct reply reply;
    reply_begin(&reply);
    struct detail detail = {
        .writer = &reply.writer, .actor = asked_actor(request), .today = civil_date_at(asked_now_ms(service))};
    enum status status = asked_begin_read(request, service, &txn, &err);
    if (status == STATUS_OK) {
        status = catalogue_load(&catalogue, txn, detail.actor->municipality, &err);
    }
    detail.catalogue = catalogue;
    if (status == STATUS_OK) {
        status = write_all(&detail, txn, service, id, &err);
    }
    store_end(txn);
    catalogue_destroy(catalogue);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    reply_send(&reply, request, 200);
}

void
discrepancy_endpoint(struct http_request *request, void *context)
{
    struct error_detail err;
    int64_t id;
    enum status status = asked_id(request, "id", &id, &err);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    respond_discrepancy(request, context, id);
}
