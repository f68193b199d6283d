/* Deposits that statements announce, and what the bank's records say of them. */
#include "settlement/catalogue/catalogue.h"
#include "settlement/store/matching_query_store.h"
#include "settlement/store/spread_store.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/evidence.h"
#include "settlement/web/reply.h"

#include "common/text/utf8.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *state;
    const char *name;
} states[] = {
    {"credited", "入金済み"}, {"expected", "入金予定"}, {"late", "未入金(予定日超過)"},
    {"short", "入金不足"},    {"over", "入金過大"},     {"carried", "繰越"},
};

static const char *
state_name(const char *state)
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
    bool is_list; /* array elements, not the member "payout" */
    int64_t limit;
    int64_t written;
    bool has_more;
    char last[3][CURSOR_PART_MAX_BYTES];
};

static enum status
write_row(const struct payout_view *view, void *context)
{
    struct page *page = context;
    if (page->written == page->limit) {
        page->has_more = true;
        return STATUS_OK;
    }
    struct json_writer *writer = page->writer;
    json_begin_object(writer, page->is_list ? NULL : "payout");
    json_text(writer, "payout", view->payout);
    json_text(writer, "trustee", view->trustee);
    json_text(writer, "trustee_name",
              view->trustee[0] != '\0' ? catalogue_name(page->catalogue, "trustees", view->trustee) : "");
    json_text_or_null(writer, "due_on", view->due_on);
    json_int(writer, "line_count", view->line_count);
    json_int(writer, "amount_yen", view->amount_yen);
    json_int(writer, "fee_yen", view->fee_yen);
    json_int(writer, "expected_yen", view->expected_yen);
    json_bool(writer, "is_due_computed", view->is_due_computed);
    json_int(writer, "credited_yen", view->credited_yen);
    json_text_or_null(writer, "credited_on", view->credited_on);
    json_text(writer, "state", view->state);
    json_text(writer, "state_name", state_name(view->state));
    json_bool(writer, "misses_closing", view->misses_closing);
    json_int(writer, "carry_yen", view->carry_yen);
    json_text_or_null(writer, "carried_to", view->carried_to);
    json_int_or_null(writer, "discrepancy", view->discrepancy);
    json_end_object(writer);
    page->written++;
    snprintf(page->last[0], sizeof page->last[0], "%s", view->due_on);
    snprintf(page->last[1], sizeof page->last[1], "%s", view->trustee);
    snprintf(page->last[2], sizeof page->last[2], "%s", view->payout);
    return STATUS_OK;
}

static enum status
read_query(const struct http_request *request, struct payout_query *query, struct cursor *cursor,
           struct error_detail *err)
{
    bool has_cursor = false;
    query->municipality = asked_actor(request)->municipality;
    query->state = asked_text(request, "state");
    query->state = query->state != NULL && strcmp(query->state, "all") == 0 ? NULL : query->state;
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
        query->after_trustee = cursor->parts[1];
        query->after_payout = cursor->parts[2];
    }
    return status;
}

void
payouts_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct cursor cursor;
    struct payout_query query = {0};
    struct store_txn *txn = NULL;
    struct catalogue *catalogue = NULL;
    char today[CIVIL_DATE_TEXT_SIZE];
    struct reply reply;
    reply_begin(&reply);
    struct page page = {.writer = &reply.writer, .is_list = true};
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
        status = payout_view_each(txn, &query, write_row, &page, &err);
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

static enum status
write_evidence(struct json_writer *writer, const struct service *service, struct store_txn *txn,
               const char *municipality, const char *trustee, const char *payout, struct error_detail *err)
{
    struct evidence evidence;
    evidence_init(&evidence, writer, txn, municipality, service->layouts);
    json_begin_object(writer, "evidence");
    json_begin_array(writer, "journal");
    json_end_array(writer);
    json_begin_array(writer, "statement");
    enum status status = evidence_payout_lines(&evidence, trustee, payout, err);
    json_end_array(writer);
    json_begin_array(writer, "bank");
    if (status == STATUS_OK) {
        status = evidence_bank_lines(&evidence, trustee, payout, err);
    }
    json_end_array(writer);
    json_end_object(writer);
    if (evidence.is_truncated) {
        json_bool(writer, "truncated", true);
    }
    evidence_finish(&evidence);
    return status;
}

/* A share and the words of the masters. */
struct sharing {
    struct json_writer *writer;
    const struct catalogue *catalogue;
};

static enum status
write_share(const struct payout_share *share, void *context)
{
    static const struct {
        const char *kind;
        const char *name;
    } kinds[] = {{"sale", "売上"}, {"reversal", "取消"}, {"refund", "返金"}, {"fee", "手数料その他"}};
    const struct sharing *sharing = context;
    struct json_writer *writer = sharing->writer;
    json_begin_object(writer, NULL);
    json_text(writer, "kind", share->kind);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].kind, share->kind) == 0) {
            json_text(writer, "kind_name", kinds[i].name);
        }
    }
    json_text_or_null(writer, "brand", share->brand);
    json_text_or_null(writer, "brand_name",
                      share->brand[0] != '\0' ? catalogue_name(sharing->catalogue, "brands", share->brand) : "");
    json_int(writer, "line_count", share->line_count);
    json_int(writer, "amount_yen", share->amount_yen);
    json_int(writer, "fee_yen", share->fee_yen);
    json_end_object(writer);
    return STATUS_OK;
}

/* What the payout is made of: sales, refunds and fees by brand. */
static enum status
write_shares(struct json_writer *writer, struct store_txn *txn, const struct catalogue *catalogue,
             const char *municipality, const char *trustee, const char *payout, struct error_detail *err)
{
    struct sharing sharing = {.writer = writer, .catalogue = catalogue};
    json_begin_array(writer, "shares");
    enum status status = payout_share_each(txn, municipality, trustee, payout, write_share, &sharing, err);
    json_end_array(writer);
    return status;
}

static enum status
write_spread(const struct credit_spread *spread, void *context, struct error_detail *err)
{
    (void)err;
    struct json_writer *writer = context;
    json_begin_object(writer, NULL);
    json_int(writer, "id", spread->id);
    json_int(writer, "import", spread->import);
    json_int(writer, "line", spread->line);
    json_text(writer, "by", spread->login);
    json_instant(writer, "at", spread->at_ms);
    json_text(writer, "reason", spread->reason);
    json_end_object(writer);
    return STATUS_OK;
}

/* What people said that pays it. */
static enum status
write_spreads(struct json_writer *writer, struct store_txn *txn, const char *municipality, const char *trustee,
              const char *payout, struct error_detail *err)
{
    json_begin_array(writer, "spreads");
    enum status status = spread_of_payout_each(txn, municipality, trustee, payout, write_spread, writer, err);
    json_end_array(writer);
    return status;
}

static bool
is_text(const char *text)
{
    return text == NULL || utf8_is_valid(text, strlen(text));
}

/* The one payout that QUERY names. */
static enum status
write_one(struct page *page, struct store_txn *txn, const struct payout_query *query, struct error_detail *err)
{
    enum status status = STATUS_OK;
    if (is_text(query->payout) && is_text(query->trustee)) {
        status = payout_view_each(txn, query, write_row, page, err);
    }
    if (status == STATUS_OK && page->written == 0) {
        error_set(err, "not_found", "この入金番号はありません。");
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK && page->has_more) {
        error_set(err, "ambiguous_payout", "この入金番号は複数の決済会社にあります。入金の一覧から選んでください。");
        status = STATUS_CONFLICT;
    }
    return status;
}

void
payout_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct catalogue *catalogue = NULL;
    char today[CIVIL_DATE_TEXT_SIZE];
    struct payout_query query = {.municipality = asked_actor(request)->municipality,
                                 .payout = http_request_parameter(request, "payout"),
                                 /* Not asked_text: an empty trustee is one, too. */
                                 .trustee = http_request_query(request, "trustee"),
                                 .today = civil_date_format(today, civil_date_at(asked_now_ms(service))),
                                 .limit = 2 /* the second one tells that the id alone names none */};
    struct reply reply;
    reply_begin(&reply);
    struct page page = {.writer = &reply.writer, .limit = 1};
    enum status status = asked_begin_read(request, service, &txn, &err);
    if (status == STATUS_OK) {
        status = catalogue_load(&catalogue, txn, query.municipality, &err);
    }
    page.catalogue = catalogue;
    if (status == STATUS_OK) {
        status = write_one(&page, txn, &query, &err);
    }
    if (status == STATUS_OK) {
        status = write_evidence(&reply.writer, service, txn, query.municipality, page.last[1], page.last[2], &err);
    }
    if (status == STATUS_OK) {
        status = write_shares(&reply.writer, txn, catalogue, query.municipality, page.last[1], page.last[2], &err);
    }
    if (status == STATUS_OK) {
        status = write_spreads(&reply.writer, txn, query.municipality, page.last[1], page.last[2], &err);
    }
    store_end(txn);
    catalogue_destroy(catalogue);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    reply_send(&reply, request, 200);
}
