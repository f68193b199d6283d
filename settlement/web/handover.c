/* What the finance system was given of an export, and what it answered. */
#include "settlement/handover/handover_deeds.h"
#include "settlement/handover/handover_writer.h"
#include "settlement/store/finance_file_store.h"
#include "settlement/store/finance_layout_store.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"

#include "settlement/assessment/record.h"

#include <stdio.h>
#include <string.h>

struct page {
    struct json_writer *writer;
    struct store_txn *txn;
    struct error_detail *err;
};

static enum status
write_answer(const struct finance_answer_row *row, void *context)
{
    struct json_writer *writer = context;
    json_begin_object(writer, NULL);
    json_int(writer, "id", row->id);
    json_text(writer, "file_name", row->file_name);
    json_text(writer, "sha256", row->sha256);
    json_int(writer, "accepted_count", row->accepted_count);
    json_int(writer, "refused_count", row->refused_count);
    json_instant(writer, "taken_at", row->taken_at_ms);
    json_person(writer, "by", row->taken_by, row->taken_by_name);
    json_end_object(writer);
    return STATUS_OK;
}

/* The answers of a file follow it: its row is copied out of the cursor by the writer before. */
static enum status
write_file(const struct finance_file_row *row, void *context)
{
    const struct page *page = context;
    struct json_writer *writer = page->writer;
    json_begin_object(writer, NULL);
    json_int(writer, "id", row->id);
    json_text(writer, "layout", row->layout);
    json_int(writer, "layout_version", row->layout_version);
    json_int_or_null(writer, "after_answer", row->after_answer);
    json_instant(writer, "made_at", row->made_at_ms);
    json_person(writer, "by", row->made_by, row->made_by_name);
    json_text(writer, "file_name", row->file_name);
    json_text(writer, "sha256", row->sha256);
    json_int(writer, "byte_count", row->byte_count);
    json_int(writer, "record_count", row->record_count);
    json_int(writer, "assessment_count", row->assessment_count);
    json_int(writer, "amount_yen", row->amount_yen);
    json_int(writer, "substituted_characters", row->substituted);
    json_begin_array(writer, "answers");
    enum status status = finance_answer_each(page->txn, row->id, write_answer, writer, page->err);
    json_end_array(writer);
    json_end_object(writer);
    return status;
}

static enum status
write_part(const struct finance_part_row *row, void *context)
{
    const struct page *page = context;
    struct json_writer *writer = page->writer;
    char number[ASSESSMENT_NUMBER_SIZE];
    json_begin_object(writer, NULL);
    json_int(writer, "assessment", row->assessment);
    json_text(writer, "number", assessment_number_format(number, row->fiscal_year, row->serial));
    json_int(writer, "amount_yen", row->amount_yen);
    json_text(writer, "state", row->answer == 0 ? "unanswered" : row->is_accepted ? "accepted" : "refused");
    json_text(writer, "state_name", row->answer == 0 ? "回答なし" : row->is_accepted ? "受付済み" : "拒否");
    json_text(writer, "result", row->result);
    json_text(writer, "reason", row->reason);
    json_end_object(writer);
    return STATUS_OK;
}

static enum status
write_layout(const struct finance_layout_row *row, void *context)
{
    const struct page *page = context;
    struct error_detail ignored;
    struct handover_layout *layout = NULL;
    if (handover_layout_create(&layout, row->descriptor, strlen(row->descriptor), &ignored) == STATUS_OK) {
        json_begin_object(page->writer, NULL);
        json_text(page->writer, "layout", row->layout);
        json_int(page->writer, "version", row->version);
        json_text(page->writer, "title", layout->title);
        json_bool(page->writer, "reads_answers", layout->answer.is_given);
        json_end_object(page->writer);
    }
    handover_layout_destroy(layout);
    return STATUS_OK;
}

static void
respond_handover(struct http_request *request, struct service *service, int64_t export_id, int64_t file,
                 unsigned http_status)
{
    struct error_detail err;
    struct reply reply;
    const char *municipality = asked_actor(request)->municipality;
    reply_begin(&reply);
    struct page page = {.writer = &reply.writer, .err = &err};
    json_int_or_null(&reply.writer, "file", file);
    enum status status = asked_begin_read(request, service, &page.txn, &err);
    json_begin_array(&reply.writer, "layouts");
    if (status == STATUS_OK) {
        status = finance_layout_each(page.txn, municipality, 0, NULL, /* in_use= */ true, ROWS_MAX, write_layout, &page,
                                     &err);
    }
    json_end_array(&reply.writer);
    json_begin_array(&reply.writer, "files");
    if (status == STATUS_OK) {
        status = finance_file_each(page.txn, municipality, export_id, 0, write_file, &page, &err);
    }
    json_end_array(&reply.writer);
    json_begin_array(&reply.writer, "assessments");
    if (status == STATUS_OK) {
        status = finance_part_each(page.txn, export_id, 0, write_part, &page, &err);
    }
    json_end_array(&reply.writer);
    store_end(page.txn);
    if (status == STATUS_OK) {
        reply_send(&reply, request, http_status);
    } else {
        reply_fail(&reply, request, status, &err);
    }
}

void
handover_endpoint(struct http_request *request, void *context)
{
    struct error_detail err;
    int64_t id = 0;
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        respond_handover(request, context, id, 0, 200);
    } else {
        respond_failure(request, status, &err);
    }
}

void
handover_make_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    const char *layout = "";
    bool only_refused = false;
    bool is_new = false;
    int64_t export_id = 0;
    int64_t file = 0;
    enum status status = asked_id(request, "id", &export_id, &err);
    if (status == STATUS_OK) {
        status = asked_body(request, &body, &err);
    }
    if (status == STATUS_OK && (json_get_text(body, "layout", HANDOVER_NAME_SIZE - 1, &layout, &err) != STATUS_OK ||
                                json_get_bool_or(body, "only_refused", false, &only_refused, &err) != STATUS_OK)) {
        error_set(&err, "invalid_request", "財務会計の書式を選んでください。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = handover_make(service->store, asked_actor(request), export_id, layout, only_refused,
                               asked_now_ms(service), &file, &is_new, &err);
    }
    json_free(body);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    screens_tell(service, "exports");
    respond_handover(request, service, export_id, file, is_new ? 201 : 200);
}

/* The row of a file, for its name and its export. */
struct found_file {
    int64_t export_id;
    char name[HANDOVER_TEXT_SIZE + 32];
};

static enum status
keep_file(const struct finance_file_row *row, void *context)
{
    struct found_file *file = context;
    file->export_id = row->export_id;
    snprintf(file->name, sizeof file->name, "%s", row->file_name);
    return STATUS_OK;
}

void
handover_file_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct buffer bytes;
    struct found_file file = {0};
    int64_t id = 0;
    const char *municipality = asked_actor(request)->municipality;
    buffer_init(&bytes, HANDOVER_FILE_MAX_BYTES);
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        status = asked_begin_read(request, service, &txn, &err);
    }
    if (status == STATUS_OK) {
        status = finance_file_bytes(txn, municipality, id, &bytes, &err);
    }
    if (status == STATUS_OK) {
        status = finance_file_each(txn, municipality, 0, id, keep_file, &file, &err);
    }
    store_end(txn);
    if (status == STATUS_OK) {
        char disposition[HANDOVER_TEXT_SIZE + 96];
        snprintf(disposition, sizeof disposition, "attachment; filename=\"%s\"", file.name);
        http_respond_header(request, "Content-Disposition", disposition);
        http_respond(request, 200, "application/octet-stream", bytes.data, bytes.length);
    } else {
        respond_failure(request, status, &err);
    }
    buffer_finish(&bytes);
}

void
handover_answer_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct handover_answer_result result;
    const char *file_name = asked_text(request, "file");
    int64_t id = 0;
    size_t length = 0;
    const void *bytes = http_request_body(request, &length);
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        status = handover_take_answer(service->store, asked_actor(request), id, file_name != NULL ? file_name : "",
                                      bytes, length, asked_now_ms(service), &result, &err);
    }
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    screens_tell(service, "exports");
    struct reply reply;
    reply_begin(&reply);
    json_int(&reply.writer, "answer", result.id);
    json_bool(&reply.writer, "is_repeat", result.is_repeat);
    json_int(&reply.writer, "accepted_count", result.accepted_count);
    json_int(&reply.writer, "refused_count", result.refused_count);
    json_int(&reply.writer, "unanswered_count", result.unanswered_count);
    reply_send(&reply, request, result.is_repeat ? 200 : 201);
}
