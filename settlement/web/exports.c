/* Exports: making one, listing them, and the bytes. */
#include "settlement/assessment/export_file.h"
#include "settlement/assessment/exporting.h"
#include "settlement/store/assessment_export_store.h"
#include "settlement/store/assessment_query_store.h"
#include "settlement/web/asked.h"
#include "settlement/web/assessment_json.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rows are collected before their files are read. */
struct page {
    struct json_writer *writer;
    struct store_txn *txn;
    struct civil_date today;
    struct error_detail *err;
    bool is_list; /* array elements, not the member "export" */
    int64_t limit;
    int64_t written;
    int64_t last_id;
    bool has_more;
};

static enum status
write_file(const struct export_file_row *row, void *context)
{
    struct json_writer *writer = context;
    json_begin_object(writer, NULL);
    json_text(writer, "encoding", row->encoding);
    json_text(writer, "file_name", row->file_name);
    json_text(writer, "sha256", row->sha256);
    json_int(writer, "byte_count", row->byte_count);
    json_int(writer, "replaced_characters", row->replaced);
    json_end_object(writer);
    return STATUS_OK;
}

static enum status
write_export(const struct export_row *row, void *context)
{
    struct page *page = context;
    if (page->written == page->limit) {
        page->has_more = true;
        return STATUS_OK;
    }
    struct json_writer *writer = page->writer;
    json_begin_object(writer, page->is_list ? NULL : "export");
    json_int(writer, "id", row->id);
    json_instant(writer, "created_at", row->created_at_ms);
    json_person(writer, "by", row->created_by, row->created_by_name);
    json_int(writer, "fiscal_year", row->fiscal_year);
    json_int(writer, "serial", row->serial);
    json_int(writer, "count", row->count);
    json_int(writer, "amount_yen", row->amount_yen);
    json_begin_array(writer, "files");
    enum status status = export_file_each(page->txn, row->id, write_file, writer, page->err);
    json_end_array(writer);
    json_end_object(writer);
    page->written++;
    page->last_id = row->id;
    return status;
}

static enum status
write_assessment(const struct assessment_record *record, void *context)
{
    struct page *page = context;
    json_assessment(page->writer, NULL, record, -1, page->today);
    return STATUS_OK;
}

/* Answer one export; with its 調定 when WITH_ASSESSMENTS. */
static void
respond_export(struct http_request *request, struct service *service, int64_t id, unsigned http_status,
               bool with_assessments)
{
    struct error_detail err;
    struct reply reply;
    reply_begin(&reply);
    struct page page = {
        .writer = &reply.writer, .today = civil_date_at(asked_now_ms(service)), .limit = 1, .err = &err};
    enum status status = asked_begin_read(request, service, &page.txn, &err);
    if (status == STATUS_OK) {
        status = export_each(page.txn, asked_actor(request)->municipality, id, 0, 1, write_export, &page, &err);
    }
    if (status == STATUS_OK && page.written == 0) {
        error_set(&err, "not_found", "この出力はありません。");
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK && with_assessments) {
        json_begin_array(&reply.writer, "assessments");
        status = assessment_exported_each(page.txn, id, write_assessment, &page, &err);
        json_end_array(&reply.writer);
    }
    store_end(page.txn);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    reply_send(&reply, request, http_status);
}

/* {"ids":[…]} into *OUT_IDS (caller frees) or {"fiscal_year":…}. */
static enum status
read_choice(const struct json_value *body, int64_t **out_ids, size_t *out_count, int64_t *out_year,
            struct error_detail *err)
{
    const struct json_value *ids = json_member(body, "ids");
    size_t count = json_count(ids);
    *out_count = count;
    if (json_is_null(ids)) {
        enum status status = json_get_int(body, "fiscal_year", 1900, 2199, out_year, err);
        if (status != STATUS_OK) {
            error_set(err, "invalid_request", "出力する調定か会計年度を指定してください。");
        }
        return status;
    }
    if (!json_is_array(ids) || count == 0 || count > EXPORT_RECORDS_MAX) {
        error_set(err, "invalid_request", "出力する調定は1件以上%d件以下で選んでください。", EXPORT_RECORDS_MAX);
        return STATUS_INVALID;
    }
    *out_ids = calloc(count, sizeof **out_ids);
    if (*out_ids == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    size_t i = 0;
    for (const struct json_value *row = json_first(ids); row != NULL; row = json_next(row)) {
        if (!json_as_int(row, &(*out_ids)[i++])) {
            error_set(err, "invalid_request", "出力する調定の指定が正しくありません。");
            return STATUS_INVALID;
        }
    }
    return STATUS_OK;
}

void
exports_create_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    int64_t *ids = NULL;
    size_t count = 0;
    int64_t year = 0;
    int64_t export_id = 0;
    bool is_new = false;
    enum status status = asked_body(request, &body, &err);
    if (status == STATUS_OK) {
        status = read_choice(body, &ids, &count, &year, &err);
    }
    if (status == STATUS_OK) {
        status = assessment_export(service->store, asked_actor(request), ids, count, (int)year, asked_now_ms(service),
                                   &export_id, &is_new, &err);
    }
    json_free(body);
    free(ids);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    screens_tell(service, "exports");
    screens_tell(service, "assessments");
    respond_export(request, service, export_id, is_new ? 201 : 200, /* with_assessments= */ false);
}

void
exports_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct cursor cursor;
    bool has_cursor = false;
    struct reply reply;
    reply_begin(&reply);
    struct page page = {.writer = &reply.writer, .is_list = true, .err = &err};
    enum status status = asked_limit(request, &page.limit, &err);
    if (status == STATUS_OK) {
        status = asked_cursor(request, 1, &cursor, &has_cursor, &err);
    }
    int64_t before = status == STATUS_OK && has_cursor ? strtoll(cursor.parts[0], NULL, 10) : 0;
    if (status == STATUS_OK) {
        status = asked_begin_read(request, service, &page.txn, &err);
    }
    json_begin_array(&reply.writer, "rows");
    if (status == STATUS_OK) {
        status = export_each(page.txn, asked_actor(request)->municipality, 0, before, page.limit + 1, write_export,
                             &page, &err);
    }
    json_end_array(&reply.writer);
    store_end(page.txn);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    char last[24];
    snprintf(last, sizeof last, "%lld", (long long)page.last_id);
    if (page.has_more) {
        json_cursor(&reply.writer, (const char *const[]){last}, 1);
    } else {
        json_null(&reply.writer, "next");
    }
    reply_send(&reply, request, 200);
}

void
export_endpoint(struct http_request *request, void *context)
{
    struct error_detail err;
    int64_t id;
    enum status status = asked_id(request, "id", &id, &err);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    respond_export(request, context, id, 200, /* with_assessments= */ true);
}

void
export_file_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    int64_t id;
    struct store_txn *txn = NULL;
    struct buffer bytes;
    char file_name[64] = "";
    const char *encoding = asked_text(request, "encoding");
    buffer_init(&bytes, EXPORT_FILE_MAX_BYTES);
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        status = asked_begin_read(request, service, &txn, &err);
    }
    if (status == STATUS_OK) {
        status = export_file_read(txn, asked_actor(request)->municipality, id, encoding != NULL ? encoding : "utf8",
                                  &bytes, file_name, sizeof file_name, &err);
    }
    store_end(txn);
    if (status == STATUS_OK) {
        char disposition[128];
        snprintf(disposition, sizeof disposition, "attachment; filename=\"%s\"", file_name);
        http_respond_header(request, "Content-Disposition", disposition);
        http_respond(request, 200,
                     strcmp(encoding != NULL ? encoding : "utf8", "utf8") == 0 ? "text/csv; charset=utf-8"
                                                                               : "text/csv; charset=Shift_JIS",
                     bytes.data, bytes.length);
    } else {
        respond_failure(request, status, &err);
    }
    buffer_finish(&bytes);
}
