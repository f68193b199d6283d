/* Taking a file in from the browser: the raw bytes are the body. They are kept before the work on them begins, so that
 * it can be begun again whatever becomes of it. */
#include "settlement/imports/city_layouts.h"
#include "settlement/imports/waiting_file.h"
#include "settlement/matching/reconcile.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/import_json.h"
#include "settlement/web/replacement_json.h"
#include "settlement/web/reply.h"
#include "settlement/web/run_json.h"
#include "settlement/work/works.h"

#include "common/bytes/encoding.h"
#include "common/log/log.h"

#include <string.h>

static enum status
read_request(const struct http_request *request, const struct service *service, struct city_layout *layout_out,
             struct import_request *out, struct error_detail *err)
{
    const char *layout = asked_text(request, "layout");
    const char *file_name = asked_text(request, "file");
    int64_t is_dry_run;
    out->bytes = http_request_body(request, &out->length);
    out->file_name = file_name;
    if (layout == NULL || file_name == NULL || out->length == 0) {
        error_set(err, "invalid_request", "取り込むファイルと様式を選んでください。");
        return STATUS_INVALID;
    }
    enum status status = asked_int(request, "dry_run", 0, 0, 1, &is_dry_run, err);
    out->is_dry_run = is_dry_run != 0;
    out->reason = asked_text(request, "reason");
    if (status == STATUS_OK) {
        status = asked_int(request, "supersedes", 0, 0, INT64_MAX, &out->supersedes, err);
    }
    if (status == STATUS_OK) {
        status = city_layout_load(layout_out, service->store, asked_actor(request)->municipality, service->layouts,
                                  layout, err);
    }
    return status;
}

static enum status
write_dry_run(struct json_writer *writer, const struct service *service, const struct actor *actor,
              const struct import_request *import, const struct import_result *result, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    const char *slash = strrchr(import->file_name, '/');
    struct import_row row = {
        .layout = import->layout->name,
        .kind = layout_gives(import->layout->layout) == LAYOUT_GIVES_STATEMENT ? "statement" : "bank",
        .file_name = slash != NULL ? slash + 1 : import->file_name,
        .byte_count = (int64_t)import->length,
        .line_count = result->line_count,
        .amount_yen = result->amount_yen,
        .fee_yen = result->fee_yen,
        .first_on = result->first_on,
        .last_on = result->last_on,
    };
    if (hex_decode(row.sha256, SHA256_SIZE, result->sha256, 2 * SHA256_SIZE) != STATUS_OK) {
        memset(row.sha256, 0, SHA256_SIZE); /* cannot happen: it was written by hex_encode */
    }
    json_import(writer, "import", &row, service->layouts, -1, 0, result->fault_count);
    json_faults(writer, import->faults);
    json_bool(writer, "is_repeat", false);
    json_bool(writer, "dry_run", true);
    if (import->supersedes != 0) {
        json_difference(writer, "difference", import->difference);
        return STATUS_OK;
    }
    enum status status = store_begin_read_for(service->store, actor->municipality, &txn, err);
    if (status == STATUS_OK) {
        status = json_same_period(writer, txn, actor->municipality, row.layout, row.first_on, row.last_on, err);
    }
    store_end(txn);
    return status;
}

/* Answer with the stored import, and with RUN when there was one. */
static void
respond_import(struct http_request *request, struct service *service, const struct import_request *import,
               const struct import_result *result, const struct run_row *run)
{
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct reply reply;
    reply_begin(&reply);
    enum status status = asked_begin_read(request, service, &txn, &err);
    if (status == STATUS_OK) {
        status = json_stored_import(&reply.writer, txn, service->layouts, asked_actor(request)->municipality,
                                    result->id, &err);
    }
    store_end(txn);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    json_bool(&reply.writer, "is_repeat", result->is_repeat);
    json_int(&reply.writer, "resumed_lines", result->resumed_lines);
    if (import->supersedes != 0) {
        json_int_or_null(&reply.writer, "replacement", result->replacement);
        json_bool(&reply.writer, "is_replaced", result->is_replaced);
        json_difference(&reply.writer, "difference", import->difference);
    }
    if (result->is_repeat && import->supersedes == 0) {
        json_text(&reply.writer, "message", "同一ファイル再取込: このファイルは取込済みです。何も変わりません。");
    } else {
        json_faults(&reply.writer, import->faults);
        json_run(&reply.writer, "run", run);
    }
    reply_send(&reply, request, result->is_repeat ? 200 : 201);
}

/* Whether a status says that the file itself cannot be taken in: then nobody need begin again with it. */
static bool
is_refusal(enum status status)
{
    return status == STATUS_INVALID || status == STATUS_NOT_FOUND || status == STATUS_CONFLICT ||
           status == STATUS_REFUSED || status == STATUS_OVERFLOW;
}

/* Match what was taken in. A repeat may be of a file that came just before the program ended, and was never matched. */
static enum status
match(struct service *service, const struct actor *actor, struct work *work, const struct import_result *taken,
      struct run_row *run, struct error_detail *err)
{
    bool is_seen = false;
    enum status status = STATUS_OK;
    if (taken->is_repeat && !taken->is_replaced) {
        status = reconcile_has_seen(service->store, actor->municipality, taken->id, &is_seen, err);
    }
    if (status == STATUS_OK && !is_seen) {
        status = reconcile_watched(service->store, actor, &service->clock, work, run, err);
    }
    if (status == STATUS_CANCELLED) {
        error_set(err, "cancelled",
                  "取込は済みました(取込%lld)。照合は中止しました: 「今すぐ照合する」か、次の照合で続きを行います。",
                  (long long)taken->id);
    }
    return status;
}

/* The long part, watched. WAITING: the number of the file among those that wait, 0 to keep it first. */
static enum status
import_watched(struct service *service, const struct actor *actor, struct import_request *import, int64_t waiting,
               struct import_result *result, struct run_row *run, struct error_detail *err)
{
    struct error_detail ignored;
    int64_t now_ms = asked_now_ms(service);
    import->work = works_begin(service->works, WORK_IMPORT, actor, import->file_name, now_ms);
    enum status status =
        waiting == 0 ? waiting_file_keep(service->store, actor, import, now_ms, &waiting, err) : STATUS_OK;
    works_set_waiting(service->works, import->work, waiting);
    screens_tell(service, "works");
    if (status == STATUS_OK) {
        status = import_file(service->store, actor, import, now_ms, result, err);
        if (status == STATUS_CANCELLED) {
            error_set(err, "cancelled",
                      "取込を中止しました。一行も入っていません。ファイルは預かってあり、「再開する」で取り込めます。");
        } else if (is_refusal(status) &&
                   waiting_file_discard(service->store, actor, waiting, NULL, now_ms, &ignored) != STATUS_OK) {
            log_failure(LOG_LEVEL_WARNING, "imports", "taking a refused file off the list", STATUS_IO, &ignored);
        }
    }
    if (status == STATUS_OK) {
        status = match(service, actor, import->work, result, run, err);
    }
    works_end(service->works, import->work, status, err, asked_now_ms(service));
    import->work = NULL;
    screens_tell(service, "works");
    screens_tell(service, "imports");
    screens_tell(service, "discrepancies");
    return status;
}

static void
take(struct http_request *request, struct service *service, struct import_request *import, int64_t waiting)
{
    struct error_detail err;
    struct import_result result;
    struct run_row run = {0};
    const struct actor *actor = asked_actor(request);
    enum status status = import->is_dry_run
                             ? import_file(service->store, actor, import, asked_now_ms(service), &result, &err)
                             : import_watched(service, actor, import, waiting, &result, &run, &err);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    if (import->is_dry_run && (!result.is_repeat || import->supersedes != 0)) {
        struct reply reply;
        reply_begin(&reply);
        status = write_dry_run(&reply.writer, service, actor, import, &result, &err);
        if (status == STATUS_OK) {
            reply_send(&reply, request, 200);
        } else {
            reply_fail(&reply, request, status, &err);
        }
        return;
    }
    respond_import(request, service, import, &result, &run);
}

/* IMPORT of LAYOUT, with what it reports into. */
static void
take_by_layout(struct http_request *request, struct service *service, struct import_request *import,
               const struct city_layout *layout, int64_t waiting)
{
    struct faults faults;
    struct difference difference;
    faults_init(&faults, layout_text_encoding(layout->entry.layout));
    difference_init(&difference);
    import->layout = &layout->entry;
    import->layout_version = layout->version;
    import->faults = &faults;
    import->difference = &difference;
    take(request, service, import, waiting);
    difference_finish(&difference);
    faults_finish(&faults);
}

void
import_upload_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct import_request import = {0};
    struct city_layout layout = {0};
    enum status status = read_request(request, service, &layout, &import, &err);
    if (status == STATUS_OK) {
        take_by_layout(request, service, &import, &layout, /* waiting= */ 0);
    } else {
        respond_failure(request, status, &err);
    }
    city_layout_finish(&layout);
}

void
import_resume_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    const char *municipality = asked_actor(request)->municipality;
    struct waiting_file file = {.bytes = {.descriptor = -1}};
    struct city_layout layout = {0};
    int64_t id = 0;
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        status = waiting_file_open(&file, service->store, municipality, id, &err);
    }
    if (status == STATUS_OK) {
        status = city_layout_load(&layout, service->store, municipality, service->layouts, file.layout, &err);
    }
    if (status == STATUS_OK) {
        struct import_request import = {.file_name = file.file_name,
                                        .bytes = file.bytes.bytes,
                                        .length = file.bytes.length,
                                        .is_mapped = true,
                                        .supersedes = file.supersedes,
                                        .reason = file.reason[0] != '\0' ? file.reason : NULL};
        take_by_layout(request, service, &import, &layout, id);
    } else {
        respond_failure(request, status, &err);
    }
    city_layout_finish(&layout);
    waiting_file_close(&file);
}
