/* Staff time as the city measured it: the list, an entry, and taking one back. */
#include "settlement/statistics/savings_deed.h"
#include "settlement/statistics/time_saved.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"
#include "settlement/web/statistics_view.h"

enum { REASON_MAX_BYTES = 1000, SECONDS_LIMIT = 1000000000 /* what is too much, the deed says in its words */ };

struct savings {
    struct json_writer *writer;
    int64_t seconds;
};

static enum status
write_saving(const struct time_saving_row *row, void *context, struct error_detail *err)
{
    struct savings *savings = context;
    struct json_writer *writer = savings->writer;
    const int64_t seconds = time_saved_seconds(row->before_seconds, row->after_seconds, row->cases);
    (void)err;
    json_begin_object(writer, NULL);
    json_int(writer, "id", row->id);
    json_int(writer, "fiscal_year", row->fiscal_year);
    json_text(writer, "work", row->work);
    json_int(writer, "before_seconds", row->before_seconds);
    json_int(writer, "after_seconds", row->after_seconds);
    json_int(writer, "cases", row->cases);
    json_int(writer, "saved_seconds", seconds);
    json_text(writer, "basis", row->basis);
    json_instant(writer, "at", row->at_ms);
    json_person(writer, "by", row->login, row->name);
    json_end_object(writer);
    savings->seconds += seconds;
    return STATUS_OK;
}

void
statistics_savings_endpoint(struct http_request *request, void *context)
{
    struct error_detail err;
    struct statistics_view view;
    struct reply reply;
    reply_begin(&reply);
    struct savings savings = {.writer = &reply.writer};
    enum status status = statistics_view_begin(&view, request, context, &err);
    if (status == STATUS_OK) {
        json_int(&reply.writer, "fiscal_year", view.fiscal_year);
        statistics_write_definitions(&reply.writer, STATISTICS_SAVINGS);
        json_begin_array(&reply.writer, "rows");
        status = time_saving_each(view.txn, view.municipality, view.fiscal_year, write_saving, &savings, &err);
        json_end_array(&reply.writer);
        json_int(&reply.writer, "saved_seconds", savings.seconds);
    }
    statistics_view_finish(&view);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    reply_send(&reply, request, 200);
}

static enum status
read_entry(const struct json_value *body, struct time_saving_row *row, struct error_detail *err)
{
    if (json_get_int(body, "fiscal_year", 0, SECONDS_LIMIT, &row->fiscal_year, err) != STATUS_OK ||
        json_get_text(body, "work", SAVING_BASIS_MAX_BYTES, &row->work, err) != STATUS_OK ||
        json_get_int(body, "before_seconds", -1, SECONDS_LIMIT, &row->before_seconds, err) != STATUS_OK ||
        json_get_int(body, "after_seconds", -1, SECONDS_LIMIT, &row->after_seconds, err) != STATUS_OK ||
        json_get_int(body, "cases", -1, SECONDS_LIMIT, &row->cases, err) != STATUS_OK ||
        json_get_text(body, "basis", SAVING_BASIS_MAX_BYTES, &row->basis, err) != STATUS_OK) {
        error_set(err, "invalid_request",
                  "年度、作業、導入前と導入後の1件当たりの秒数、年間の件数、測り方（300文字以内）を入力してください。");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static void
respond_done(struct http_request *request, struct service *service, int64_t id)
{
    struct reply reply;
    reply_begin(&reply);
    json_int(&reply.writer, "id", id);
    reply_send(&reply, request, 200);
    screens_tell(service, "statistics");
}

void
statistics_saving_create_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    struct time_saving_row row = {0};
    int64_t id = 0;
    enum status status = asked_body(request, &body, &err);
    if (status == STATUS_OK) {
        status = read_entry(body, &row, &err);
    }
    if (status == STATUS_OK) {
        status = saving_enter(service->store, asked_actor(request), &row, asked_now_ms(service), &id, &err);
    }
    json_free(body);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    respond_done(request, service, id);
}

void
statistics_saving_undo_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    const char *reason = NULL;
    int64_t id = 0;
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        status = asked_body(request, &body, &err);
    }
    if (status == STATUS_OK && json_get_text(body, "reason", REASON_MAX_BYTES, &reason, &err) != STATUS_OK) {
        error_set(&err, "invalid_request", "取り消す理由を300文字以内で入力してください。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = saving_take_back(service->store, asked_actor(request), id, reason, asked_now_ms(service), &err);
    }
    json_free(body);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    respond_done(request, service, id);
}
