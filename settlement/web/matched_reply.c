/* A decision stands whether or not the run after it succeeds: the next run takes it. */
#include "settlement/web/matched_reply.h"

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
