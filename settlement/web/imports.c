/* Imported files: the list, one with its lines, and its very bytes. */
#include "settlement/imports/import_file.h"
#include "settlement/store/layout_store.h"
#include "settlement/store/matching_query_store.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/evidence.h"
#include "settlement/web/import_json.h"
#include "settlement/web/replacement_json.h"
#include "settlement/web/reply.h"
#include "settlement/web/viewed.h"

#include "common/bytes/encoding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
json_import_members(struct json_writer *writer, const struct import_row *row, const struct layouts *layouts,
                    int64_t matched_count, int64_t open_count, int64_t fault_count)
{
    bool is_dry_run = matched_count < 0;
    char digest[SHA256_TEXT_SIZE];
    const struct layout_entry *entry = layouts_find(layouts, row->layout);
    json_int_or_null(writer, "id", is_dry_run ? 0 : row->id);
    json_text(writer, "layout", row->layout);
    json_text(writer, "layout_name", entry != NULL ? entry->title : row->layout);
    json_text(writer, "kind", row->kind);
    json_text_or_null(writer, "trustee", row->trustee);
    json_text(writer, "file_name", row->file_name);
    hex_encode(digest, row->sha256, SHA256_SIZE);
    json_text(writer, "sha256", digest);
    json_int(writer, "byte_count", row->byte_count);
    json_instant(writer, "imported_at", row->imported_at_ms);
    json_text_or_null(writer, "by", row->imported_by);
    json_int(writer, "line_count", row->line_count);
    json_int(writer, "amount_yen", row->amount_yen);
    json_int(writer, "fee_yen", row->fee_yen);
    json_text_or_null(writer, "from", row->first_on);
    json_text_or_null(writer, "to", row->last_on);
    json_int(writer, "fault_count", fault_count);
    json_int(writer, "matched_count", is_dry_run ? 0 : matched_count);
    json_int(writer, "open_count", is_dry_run ? 0 : open_count);
}

void
json_import(struct json_writer *writer, const char *key, const struct import_row *row, const struct layouts *layouts,
            int64_t matched_count, int64_t open_count, int64_t fault_count)
{
    json_begin_object(writer, key);
    json_import_members(writer, row, layouts, matched_count, open_count, fault_count);
    json_end_object(writer);
}

/* One row more than `limit` is read; it tells whether there is a next page. */
struct page {
    struct json_writer *writer;
    struct store_txn *txn;
    const struct layouts *layouts;
    const char *municipality;
    struct error_detail *err;
    bool is_list; /* array elements, not the member "import" */
    int64_t limit;
    int64_t written;
    int64_t last_id;
    bool has_more;
};

static enum status
write_row(const struct import_row *row, void *context)
{
    struct page *page = context;
    if (page->written == page->limit) {
        page->has_more = true;
        return STATUS_OK;
    }
    int64_t matched = 0;
    int64_t open = 0;
    int64_t faults = 0;
    enum status status = import_line_counts(page->txn, row->id, &matched, &open, page->err);
    if (status == STATUS_OK) {
        status = import_fault_count(page->txn, row->id, &faults, page->err);
    }
    if (status == STATUS_OK) {
        json_begin_object(page->writer, page->is_list ? NULL : "import");
        json_import_members(page->writer, row, page->layouts, matched, open, faults);
        status = json_import_standing(page->writer, page->txn, page->municipality, row->id, page->err);
        json_end_object(page->writer);
    }
    page->written++;
    page->last_id = row->id;
    return status;
}

enum status
json_stored_import(struct json_writer *writer, struct store_txn *txn, const struct layouts *layouts,
                   const char *municipality, int64_t id, struct error_detail *err)
{
    struct page page = {
        .writer = writer, .txn = txn, .layouts = layouts, .municipality = municipality, .err = err, .limit = 1};
    enum status status = import_each(txn, municipality, id, 0, 1, write_row, &page, err);
    if (status == STATUS_OK && page.written == 0) {
        error_set(err, "not_found", "取込(%lld)はありません。", (long long)id);
        return STATUS_NOT_FOUND;
    }
    return status;
}

void
imports_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct cursor cursor;
    bool has_cursor = false;
    struct reply reply;
    reply_begin(&reply);
    struct page page = {.writer = &reply.writer,
                        .layouts = service->layouts,
                        .municipality = asked_actor(request)->municipality,
                        .err = &err,
                        .is_list = true};
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
        status = import_each(page.txn, asked_actor(request)->municipality, 0, before, page.limit + 1, write_row, &page,
                             &err);
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
import_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    int64_t id;
    struct store_txn *txn = NULL;
    struct reply reply;
    reply_begin(&reply);
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        status = asked_begin_read(request, service, &txn, &err);
    }
    if (status == STATUS_OK) {
        status = json_stored_import(&reply.writer, txn, service->layouts, asked_actor(request)->municipality, id, &err);
    }
    store_end(txn);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    reply_send(&reply, request, 200);
}

void
import_file_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    int64_t id;
    struct store_txn *txn = NULL;
    struct buffer bytes;
    buffer_init(&bytes, IMPORT_MAX_BYTES);
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        status = asked_begin_read(request, service, &txn, &err);
    }
    if (status == STATUS_OK) {
        status = import_bytes(txn, asked_actor(request)->municipality, id, &bytes, &err);
    }
    store_end(txn);
    if (status == STATUS_OK) {
        char object[48];
        snprintf(object, sizeof object, "import_file:%lld", (long long)id);
        status = viewed_note(request, service, "import_downloaded", object, "", &err);
    }
    if (status == STATUS_OK) {
        char disposition[64];
        snprintf(disposition, sizeof disposition, "attachment; filename=\"import-%lld\"", (long long)id);
        http_respond_header(request, "Content-Disposition", disposition);
        http_respond(request, 200, "application/octet-stream", buffer_text(&bytes), bytes.length);
    } else {
        respond_failure(request, status, &err);
    }
    buffer_finish(&bytes);
}
