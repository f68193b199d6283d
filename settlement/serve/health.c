/* The addresses for monitoring. /health and /readyz read the store, because a service that cannot is not well. */
#include "settlement/serve/health.h"

#include "common/json/writer.h"
#include "settlement/serve/condition.h"
#include "settlement/serve/watching.h"
#include "settlement/service.h"
#include "settlement/store/ledger_store.h"

#include <stdio.h>

enum { ANSWER_MAX_BYTES = 4096 };

void
healthz_endpoint(struct http_request *request, void *context)
{
    (void)context;
    static const char answer[] = "{\"health\":\"ok\"}";
    http_respond(request, 200, "application/json; charset=utf-8", answer, sizeof answer - 1);
}

/* One check; returns IS_OK. */
static bool
write_check(struct json_writer *writer, const char *check, bool is_ok, const char *detail)
{
    json_begin_object(writer, NULL);
    json_text(writer, "check", check);
    json_bool(writer, "ok", is_ok);
    json_text(writer, "detail", detail);
    json_end_object(writer);
    return is_ok;
}

static bool
write_checks(struct service *service, struct json_writer *writer)
{
    struct condition condition;
    struct error_detail err;
    char detail[200];
    condition_find(service, &condition, &err);
    bool is_ready = write_check(writer, "database", condition.store_answers, err.message);
    snprintf(detail, sizeof detail, "%lld uploads wait, the oldest for %lld s; %lld s are allowed",
             (long long)condition.waiting_runs, (long long)condition.ledger_lag_ms / 1000,
             (long long)service->ready_lag_ms / 1000);
    is_ready &= write_check(writer, "ledger", condition.ledger_lag_ms <= service->ready_lag_ms, detail);
    snprintf(detail, sizeof detail, "%lld MiB are free; %lld are wanted", (long long)condition.disk_free_bytes >> 20,
             (long long)service->ready_disk_bytes >> 20);
    bool has_room = !condition.knows_disk || condition.disk_free_bytes >= service->ready_disk_bytes;
    is_ready &= write_check(writer, "disk", has_room, condition.knows_disk ? detail : "the database is no file here");
    bool is_running = !atomic_load(&service->watching->is_stopping);
    return write_check(writer, "running", is_running, is_running ? "" : "the program is stopping") && is_ready;
}

void
readyz_endpoint(struct http_request *request, void *context)
{
    struct error_detail err;
    struct buffer json;
    buffer_init(&json, ANSWER_MAX_BYTES);
    struct json_writer writer;
    json_writer_init(&writer, &json);
    json_begin_object(&writer, NULL);
    json_begin_array(&writer, "checks");
    bool is_ready = write_checks(context, &writer);
    json_end_array(&writer);
    json_bool(&writer, "ready", is_ready);
    json_end_object(&writer);
    enum status status = json_finish(&writer, &err);
    if (status == STATUS_OK) {
        http_respond_json(request, is_ready ? 200 : 503, &json);
    } else {
        http_respond_error(request, status, &err);
    }
    buffer_finish(&json);
}

void
health_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct store_txn *txn = NULL;
    int64_t waiting_runs = 0;
    enum status status = store_begin_read(service->store, &txn, &err);
    if (status == STATUS_OK) {
        status = ledger_waiting_runs(txn, &waiting_runs, &err);
    }
    store_end(txn);
    if (status != STATUS_OK) {
        http_respond_error(request, STATUS_BUSY, &err);
        return;
    }
    struct buffer json;
    buffer_init(&json, ANSWER_MAX_BYTES);
    struct json_writer writer;
    json_writer_init(&writer, &json);
    json_begin_object(&writer, NULL);
    json_text(&writer, "health", "ok");
    json_text(&writer, "software", "madoguchi-settlement " MADOGUCHI_VERSION);
    json_int(&writer, "now_ms", clock_now_ms(&service->clock));
    json_int(&writer, "waiting_runs", waiting_runs);
    json_end_object(&writer);
    status = json_finish(&writer, &err);
    if (status == STATUS_OK) {
        http_respond_json(request, 200, &json);
    } else {
        http_respond_error(request, status, &err);
    }
    buffer_finish(&json);
}
