/* The lines of an imported file that could not be read. */
#include "settlement/imports/faults.h"
#include "settlement/store/import_store.h"
#include "settlement/store/layout_store.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/import_json.h"
#include "settlement/web/reply.h"

static void
write_fault(struct json_writer *writer, int64_t line, int64_t column, const char *sentence, const char *raw)
{
    json_begin_object(writer, NULL);
    json_int(writer, "line", line);
    json_int(writer, "column", column);
    json_text(writer, "message", sentence);
    json_text(writer, "raw", raw);
    json_end_object(writer);
}

void
json_faults(struct json_writer *writer, const struct faults *faults)
{
    json_int(writer, "fault_count", (int64_t)faults->list.count);
    json_begin_array(writer, "faults");
    for (size_t i = 0; i < faults->list.count && i < FAULTS_SHOWN_MAX; i++) {
        const struct fault *fault = (const struct fault *)faults->list.elements + i;
        write_fault(writer, fault->line, fault->column, fault->sentence, fault->raw);
    }
    json_end_array(writer);
}

static enum status
write_stored_fault(const struct import_fault_row *fault, void *context)
{
    write_fault(context, fault->line, fault->column, fault->sentence, fault->raw);
    return STATUS_OK;
}

static enum status
see_import(const struct import_row *row, void *context)
{
    *(bool *)context = row->id > 0;
    return STATUS_OK;
}

void
import_faults_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    int64_t id = 0;
    bool is_there = false;
    struct store_txn *txn = NULL;
    struct reply reply;
    reply_begin(&reply);
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        status = asked_begin_read(request, service, &txn, &err);
    }
    if (status == STATUS_OK) {
        status = import_each(txn, asked_actor(request)->municipality, id, 0, 1, see_import, &is_there, &err);
    }
    if (status == STATUS_OK && !is_there) {
        error_set(&err, "not_found", "取込(%lld)はありません。", (long long)id);
        status = STATUS_NOT_FOUND;
    }
    json_begin_array(&reply.writer, "rows");
    if (status == STATUS_OK) {
        status = import_fault_each(txn, id, write_stored_fault, &reply.writer, &err);
    }
    json_end_array(&reply.writer);
    store_end(txn);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    reply_send(&reply, request, 200);
}
