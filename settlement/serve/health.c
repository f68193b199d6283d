/* GET /health. It reads the store, because a service that cannot read its store is not well. */
#include "settlement/serve/health.h"

#include "common/json/writer.h"
#include "settlement/service.h"
#include "settlement/store/ledger_store.h"

enum { ANSWER_MAX_BYTES = 1024 };

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
