/* A decision stands whether or not the run after it succeeds: the next run takes it. */
#include "settlement/web/matched_reply.h"

#include "common/json/reader.h"
#include "settlement/matching/deed.h"
#include "settlement/matching/reconcile.h"
#include "settlement/web/asked.h"
#include "settlement/web/reply.h"

void
respond_matched(struct http_request *request, struct service *service, int64_t decision)
{
    struct error_detail err;
    struct run_row run;
    enum status status = reconcile(service->store, asked_actor(request), &service->clock, &run, &err);
    screens_tell(service, "discrepancies");
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    struct reply reply;
    reply_begin(&reply);
    json_int_or_null(&reply.writer, "decision", decision);
    json_int(&reply.writer, "cleared_count", run.cleared_count);
    json_int(&reply.writer, "open_count", run.open_count);
    reply_send(&reply, request, 200);
}

void
respond_taken_back(struct http_request *request, struct service *service, matched_undo undo)
{
    struct error_detail err;
    struct json_value *body = NULL;
    const char *reason = NULL;
    int64_t id = 0;
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        status = asked_body(request, &body, &err);
    }
    if (status == STATUS_OK && json_get_text(body, "reason", DEED_TEXT_MAX_BYTES, &reason, &err) != STATUS_OK) {
        error_set(&err, "invalid_request", "取り消す理由を1000文字以内で入力してください。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = undo(service->store, asked_actor(request), id, reason, asked_now_ms(service), &err);
    }
    json_free(body);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    respond_matched(request, service, 0);
}
