/* 年度締め: what stands against it, what would be declared, and the deeds. */
#include "settlement/closing/closing.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"

#include <string.h>

enum { YEAR_FIRST = 2000, YEAR_LAST = 2999 };

static const struct {
    const char *code;
    const char *name;
    const char *page;
} obstacles[CLOSING_QUESTION_COUNT] = {
    [YEAR_UNDRAFTED_DAYS] = {"undrafted_days", "起案し直していない日", "assessments"},
    [YEAR_WAITING] = {"waiting", "承認されていない調定", "assessments"},
    [YEAR_UNEXPORTED] = {"unexported", "出力していない調定", "assessments"},
    [YEAR_HELD] = {"held", "科目や受託者が決まらない売上", "held"},
    [YEAR_IN_DOUBT] = {"in_doubt", "結果の分からない支払い(締めても調定には入りません)", "held"},
    [YEAR_DISCREPANCIES] = {"discrepancies", "判断していない要確認(締めたあとも続けられます)", "discrepancies"},
    [YEAR_REMITTANCES] = {"remittances", "銀行の記録で確かめていない払込", "cash"},
    [YEAR_REFUNDS] = {"refunds", "支払っていない還付(出納閉鎖のあとは歳出になります)", "refunds"},
};

static enum status
write_closing(const struct year_closing_row *row, void *context)
{
    struct json_writer *writer = context;
    json_begin_object(writer, NULL);
    json_int(writer, "id", row->id);
    json_int(writer, "fiscal_year", row->fiscal_year);
    json_text(writer, "state", row->state);
    json_text(writer, "state_name",
              strcmp(row->state, "closed") == 0     ? "締め済み"
              : strcmp(row->state, "proposed") == 0 ? "二人目の確認待ち"
                                                    : "取下げ");
    json_int(writer, "assessed_count", row->assessed_count);
    json_int(writer, "assessed_yen", row->assessed_yen);
    json_int(writer, "received_yen", row->received_yen);
    json_int(writer, "outstanding_yen", row->outstanding_yen);
    json_text(writer, "record_sha256", row->record_sha256);
    json_person(writer, "proposed_by", row->proposed_by, row->proposed_by_name);
    json_instant(writer, "proposed_at", row->proposed_at_ms);
    json_text(writer, "reason", row->reason);
    json_person(writer, "decided_by", row->decided_by, row->decided_by_name);
    json_instant(writer, "decided_at", row->decided_at_ms);
    json_text(writer, "decided_reason", row->decided_reason);
    json_end_object(writer);
    return STATUS_OK;
}

static void
write_facts(struct json_writer *writer, const struct closing_facts *facts)
{
    json_int(writer, "fiscal_year", facts->fiscal_year);
    json_text(writer, "closing_day", facts->closing_day);
    json_bool(writer, "is_after_closing_day", facts->is_after_closing_day);
    json_bool(writer, "can_close", closing_is_possible(facts));
    json_begin_array(writer, "checks");
    for (int i = 0; i < CLOSING_QUESTION_COUNT; i++) {
        json_begin_object(writer, NULL);
        json_text(writer, "code", obstacles[i].code);
        json_text(writer, "name", obstacles[i].name);
        json_text(writer, "page", obstacles[i].page);
        json_bool(writer, "forbids", closing_is_obstacle((enum closing_question)i));
        json_int(writer, "count", facts->obstacles[i].count);
        json_int(writer, "yen", facts->obstacles[i].yen);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_int(writer, "assessed_count", facts->assessed_count);
    json_int(writer, "assessed_yen", facts->assessed_yen);
    json_int(writer, "received_yen", facts->received_yen);
    json_int(writer, "outstanding_yen", facts->outstanding_yen);
}

static void
respond_year(struct http_request *request, struct service *service, int fiscal_year)
{
    struct error_detail err;
    struct closing_facts facts;
    struct store_txn *txn = NULL;
    struct reply reply;
    const char *municipality = asked_actor(request)->municipality;
    reply_begin(&reply);
    enum status status = asked_begin_read(request, service, &txn, &err);
    if (status == STATUS_OK) {
        status = closing_facts_read(&facts, txn, municipality, fiscal_year, civil_date_at(asked_now_ms(service)), &err);
    }
    if (status == STATUS_OK) {
        write_facts(&reply.writer, &facts);
        json_begin_array(&reply.writer, "closings");
        status = year_closing_each(txn, municipality, fiscal_year, write_closing, &reply.writer, &err);
        json_end_array(&reply.writer);
    }
    store_end(txn);
    if (status == STATUS_OK) {
        reply_send(&reply, request, 200);
    } else {
        reply_fail(&reply, request, status, &err);
    }
}

void
closing_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    int64_t year = 0;
    int64_t fallback = fiscal_year_of(civil_date_at(asked_now_ms(service))) - 1;
    enum status status = asked_int(request, "fiscal_year", fallback, YEAR_FIRST, YEAR_LAST, &year, &err);
    if (status == STATUS_OK) {
        respond_year(request, service, (int)year);
    } else {
        respond_failure(request, status, &err);
    }
}

typedef enum status (*closing_deed)(struct store *store, const struct actor *actor, int fiscal_year, const char *reason,
                                    int64_t now_ms, struct error_detail *err);

static void
act(struct http_request *request, struct service *service, closing_deed deed)
{
    struct error_detail err;
    struct json_value *body = NULL;
    const char *reason = "";
    int64_t year = 0;
    enum status status = asked_body(request, &body, &err);
    if (status == STATUS_OK &&
        (json_get_int(body, "fiscal_year", YEAR_FIRST, YEAR_LAST, &year, &err) != STATUS_OK ||
         json_get_text_or(body, "reason", CLOSING_REASON_MAX_BYTES, "", &reason, &err) != STATUS_OK)) {
        error_set(&err, "invalid_request", "年度と、1000文字以内の理由を送ってください。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = deed(service->store, asked_actor(request), (int)year, reason, asked_now_ms(service), &err);
    }
    json_free(body);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    screens_tell(service, "assessments");
    respond_year(request, service, (int)year);
}

void
closing_propose_endpoint(struct http_request *request, void *context)
{
    act(request, context, closing_propose);
}

void
closing_approve_endpoint(struct http_request *request, void *context)
{
    act(request, context, closing_approve);
}

void
closing_withdraw_endpoint(struct http_request *request, void *context)
{
    act(request, context, closing_withdraw);
}
