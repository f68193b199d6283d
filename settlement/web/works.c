/* Long work of this service, and the files that wait for it. */
#include "settlement/work/works.h"
#include "settlement/imports/waiting_file.h"
#include "settlement/store/staging_store.h"
#include "settlement/store/waiting_store.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"

#include "common/bytes/encoding.h"
#include "common/log/log.h"

#include <stdlib.h>

enum { WAITING_SHOWN_MAX = 200 /* a person gives some; more are those that nobody cares for */ };

static void
write_work(struct json_writer *writer, const struct work_row *row)
{
    json_begin_object(writer, NULL);
    json_int(writer, "id", row->id);
    json_text(writer, "kind", work_kind_word(row->kind));
    json_text(writer, "kind_name", work_kind_name(row->kind));
    json_text(writer, "state", work_state_word(row->state));
    json_text(writer, "state_name", work_state_name(row->state));
    json_text(writer, "step", work_step_word(row->step));
    json_text(writer, "step_name", work_step_name(row->step));
    json_int(writer, "done", row->done);
    json_int_or_null(writer, "total", row->total);
    if (row->percent >= 0) {
        json_int(writer, "percent", row->percent);
    } else {
        json_null(writer, "percent");
    }
    json_text(writer, "text", row->text);
    json_bool(writer, "is_cancelled", row->is_cancelled);
    json_text_or_null(writer, "subject", row->subject);
    json_int_or_null(writer, "waiting", row->waiting);
    json_text_or_null(writer, "by", row->by);
    json_instant(writer, "began_at", row->began_ms);
    json_instant(writer, "ended_at", row->ended_ms);
    json_text_or_null(writer, "message", row->sentence);
    json_end_object(writer);
}

struct waiting_page {
    struct json_writer *writer;
    const struct layouts *layouts;
    const struct work_row *works;
    size_t work_count;
    struct store_txn *txn;
    const char *municipality;
};

static bool
is_worked_on(const struct waiting_page *page, int64_t waiting)
{
    for (size_t i = 0; i < page->work_count; i++) {
        if (page->works[i].waiting == waiting && page->works[i].state == WORK_RUNNING) {
            return true;
        }
    }
    return false;
}

static enum status
write_waiting(const struct waiting_row *row, void *context)
{
    struct error_detail err;
    int64_t staged = 0;
    const struct waiting_page *page = context;
    struct json_writer *writer = page->writer;
    enum status status = staging_lines_of(page->txn, page->municipality, row->sha256, &staged, &err);
    if (status != STATUS_OK) {
        log_failure(LOG_LEVEL_ERROR, "works", "how far a waiting file is", status, &err);
        return status;
    }
    char digest[SHA256_TEXT_SIZE];
    const struct layout_entry *entry = layouts_find(page->layouts, row->layout);
    hex_encode(digest, row->sha256, SHA256_SIZE);
    json_begin_object(writer, NULL);
    json_int(writer, "id", row->id);
    json_text(writer, "file_name", row->file_name);
    json_text(writer, "layout", row->layout);
    json_text(writer, "layout_name", entry != NULL ? entry->title : row->layout);
    json_int(writer, "byte_count", row->byte_count);
    json_text(writer, "sha256", digest);
    json_int_or_null(writer, "supersedes", row->supersedes);
    json_instant(writer, "given_at", row->given_at_ms);
    json_text_or_null(writer, "by", row->given_by);
    json_int(writer, "staged_lines", staged);
    json_bool(writer, "is_running", is_worked_on(page, row->id));
    json_end_object(writer);
    return STATUS_OK;
}

void
works_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    const char *municipality = asked_actor(request)->municipality;
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct reply reply;
    struct work_row *works = calloc(WORKS_MAX, sizeof *works);
    reply_begin(&reply);
    if (works == NULL) {
        error_set(&err, "no_memory", "out of memory");
        reply_fail(&reply, request, STATUS_NO_MEMORY, &err);
        return;
    }
    size_t count = works_list(service->works, municipality, works, WORKS_MAX);
    json_begin_array(&reply.writer, "rows");
    for (size_t i = 0; i < count; i++) {
        write_work(&reply.writer, &works[i]);
    }
    json_end_array(&reply.writer);
    struct waiting_page page = {.writer = &reply.writer,
                                .layouts = service->layouts,
                                .works = works,
                                .work_count = count,
                                .municipality = municipality};
    json_begin_array(&reply.writer, "waiting");
    enum status status = asked_begin_read(request, service, &txn, &err);
    if (status == STATUS_OK) {
        page.txn = txn;
        status = waiting_each(txn, municipality, 0, WAITING_SHOWN_MAX, write_waiting, &page, &err);
    }
    json_end_array(&reply.writer);
    store_end(txn);
    free(works);
    if (status == STATUS_OK) {
        reply_send(&reply, request, 200);
    } else {
        reply_fail(&reply, request, status, &err);
    }
}

void
work_cancel_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    int64_t id = 0;
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        status = works_cancel(service->works, asked_actor(request)->municipality, id, &err);
    }
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    screens_tell(service, "works");
    struct reply reply;
    reply_begin(&reply);
    json_int(&reply.writer, "id", id);
    json_bool(&reply.writer, "is_cancelled", true);
    reply_send(&reply, request, 200);
}

void
import_discard_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    int64_t id = 0;
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        status = waiting_file_discard(service->store, asked_actor(request), id, "import_discard", asked_now_ms(service),
                                      &err);
    }
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    screens_tell(service, "works");
    struct reply reply;
    reply_begin(&reply);
    json_int(&reply.writer, "id", id);
    reply_send(&reply, request, 200);
}
