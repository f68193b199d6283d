/* Layouts of files for the finance system: the list, trying one out on an export, proposing it, deciding. */
#include "settlement/handover/handover_deeds.h"
#include "settlement/handover/handover_writer.h"
#include "settlement/store/finance_layout_store.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"

#include "common/text/cp932.h"

#include <string.h>

enum { PREVIEW_MAX_BYTES = 1024 * 1024 };

static const char *
state_name(const char *state)
{
    return strcmp(state, "proposed") == 0 ? "二人目の確認待ち"
           : strcmp(state, "done") == 0   ? "確認済み"
                                          : "差戻し・取下げ";
}

/* A page of rows, or the one with its descriptor. */
struct page {
    struct json_writer *writer;
    bool is_whole;
    bool is_found;
    struct error_detail *err;
};

/* What the descriptor says of itself; one that an earlier program saved may not compile any more. */
static void
write_title(struct json_writer *writer, const char *descriptor)
{
    struct error_detail err;
    struct handover_layout *layout = NULL;
    enum status status = handover_layout_create(&layout, descriptor, strlen(descriptor), &err);
    json_text(writer, "title", status == STATUS_OK ? layout->title : "");
    json_bool(writer, "reads_answers", status == STATUS_OK && layout->answer.is_given);
    json_text_or_null(writer, "problem", status == STATUS_OK ? "" : err.message);
    handover_layout_destroy(layout);
}

static enum status
write_layout(const struct finance_layout_row *row, void *context)
{
    struct page *page = context;
    struct json_writer *writer = page->writer;
    page->is_found = true;
    json_begin_object(writer, page->is_whole ? "layout" : NULL);
    json_int(writer, "id", row->id);
    json_text(writer, "layout", row->layout);
    json_int(writer, "version", row->version);
    write_title(writer, row->descriptor);
    json_text(writer, "state", row->state);
    json_text(writer, "state_name", row->is_in_use ? "使用中" : state_name(row->state));
    json_bool(writer, "is_in_use", row->is_in_use);
    json_person(writer, "proposed_by", row->proposed_by, row->proposed_by_name);
    json_instant(writer, "proposed_at", row->proposed_at_ms);
    json_text(writer, "reason", row->reason);
    json_person(writer, "decided_by", row->decided_by, row->decided_by_name);
    json_instant(writer, "decided_at", row->decided_at_ms);
    json_text(writer, "decided_reason", row->decided_reason);
    if (page->is_whole) {
        json_text(writer, "descriptor", row->descriptor);
    }
    json_end_object(writer);
    return STATUS_OK;
}

void
finance_layouts_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct reply reply;
    reply_begin(&reply);
    struct page page = {.writer = &reply.writer, .err = &err};
    enum status status = asked_begin_read(request, service, &txn, &err);
    json_begin_array(&reply.writer, "rows");
    if (status == STATUS_OK) {
        status = finance_layout_each(txn, asked_actor(request)->municipality, 0, asked_text(request, "layout"),
                                     /* in_use= */ false, ROWS_MAX, write_layout, &page, &err);
    }
    json_end_array(&reply.writer);
    store_end(txn);
    if (status == STATUS_OK) {
        reply_send(&reply, request, 200);
    } else {
        reply_fail(&reply, request, status, &err);
    }
}

static void
respond_layout(struct http_request *request, struct service *service, int64_t id, unsigned http_status)
{
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct reply reply;
    reply_begin(&reply);
    struct page page = {.writer = &reply.writer, .is_whole = true, .err = &err};
    enum status status = asked_begin_read(request, service, &txn, &err);
    if (status == STATUS_OK) {
        status = finance_layout_each(txn, asked_actor(request)->municipality, id, NULL, /* in_use= */ false, 1,
                                     write_layout, &page, &err);
    }
    store_end(txn);
    if (status == STATUS_OK && !page.is_found) {
        error_set(&err, "not_found", "財務会計の書式の提案はありません。");
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        reply_send(&reply, request, http_status);
    } else {
        reply_fail(&reply, request, status, &err);
    }
}

void
finance_layout_endpoint(struct http_request *request, void *context)
{
    struct error_detail err;
    int64_t id = 0;
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        respond_layout(request, context, id, 200);
    } else {
        respond_failure(request, status, &err);
    }
}

/* The text members of a body; "" where one is absent. */
static enum status
read_texts(const struct json_value *body, const char **descriptor, const char **reason, struct error_detail *err)
{
    enum status status = json_get_text_or(body, "descriptor", HANDOVER_DESCRIPTOR_MAX_BYTES, "", descriptor, err);
    if (status == STATUS_OK) {
        status = json_get_text_or(body, "reason", HANDOVER_REASON_MAX_BYTES, "", reason, err);
    }
    if (status != STATUS_OK) {
        error_set(err, "invalid_request", "書式は%dKBまで、理由は1000文字以内の文字で送ってください。",
                  HANDOVER_DESCRIPTOR_MAX_BYTES / 1024);
    }
    return status;
}

void
finance_layout_propose_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    const char *descriptor = "";
    const char *reason = "";
    int64_t id = 0;
    enum status status = asked_body(request, &body, &err);
    if (status == STATUS_OK) {
        status = read_texts(body, &descriptor, &reason, &err);
    }
    if (status == STATUS_OK) {
        status = handover_layout_propose(service->store, asked_actor(request), descriptor, strlen(descriptor), reason,
                                         asked_now_ms(service), &id, &err);
    }
    json_free(body);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    screens_tell(service, "exports");
    respond_layout(request, service, id, 201);
}

static void
decide(struct http_request *request, struct service *service, bool is_agreed)
{
    struct error_detail err;
    struct json_value *body = NULL;
    const char *ignored = "";
    const char *reason = "";
    int64_t id = 0;
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        status = asked_body(request, &body, &err);
    }
    if (status == STATUS_OK) {
        status = read_texts(body, &ignored, &reason, &err);
    }
    if (status == STATUS_OK) {
        status = handover_layout_decide(service->store, asked_actor(request), id, is_agreed, reason,
                                        asked_now_ms(service), &err);
    }
    json_free(body);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    screens_tell(service, "exports");
    respond_layout(request, service, id, 200);
}

void
finance_layout_confirm_endpoint(struct http_request *request, void *context)
{
    decide(request, context, /* is_agreed= */ true);
}

void
finance_layout_refuse_endpoint(struct http_request *request, void *context)
{
    decide(request, context, /* is_agreed= */ false);
}

/* The bytes as text for people: each record a line. Widths are of the file's own bytes. */
static enum status
write_preview(struct json_writer *writer, const struct handover_layout *layout, const struct buffer *bytes,
              struct error_detail *err)
{
    struct buffer text;
    buffer_init(&text, 4 * PREVIEW_MAX_BYTES);
    enum status status = STATUS_OK;
    if (layout->encoding == HANDOVER_CP932) {
        status = cp932_to_utf8(&text, buffer_text(bytes), bytes->length, err);
    } else {
        size_t mark = layout->encoding == HANDOVER_UTF8_MARKED ? 3 : 0;
        buffer_append(&text, buffer_text(bytes) + mark, bytes->length - mark);
    }
    if (status == STATUS_OK) {
        status = buffer_check(&text, err);
    }
    if (status == STATUS_OK) {
        json_text(writer, "title", layout->title);
        json_int(writer, "byte_count", (int64_t)bytes->length);
        json_bool(writer, "is_fixed", layout->is_fixed);
        json_text(writer, "text", buffer_text(&text));
        json_begin_array(writer, "fields");
        for (size_t i = 0; i < layout->body.count; i++) {
            json_begin_object(writer, NULL);
            json_text(writer, "name", layout->body.fields[i].name);
            json_int(writer, "width", (int64_t)layout->body.fields[i].width);
            json_end_object(writer);
        }
        json_end_array(writer);
    }
    buffer_finish(&text);
    return status;
}

void
finance_layout_try_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    struct handover_layout *layout = NULL;
    struct store_txn *txn = NULL;
    const char *descriptor = "";
    const char *ignored = "";
    char day[CIVIL_DATE_TEXT_SIZE];
    int64_t export_id = 0;
    struct buffer bytes;
    struct reply reply;
    reply_begin(&reply);
    buffer_init(&bytes, PREVIEW_MAX_BYTES);
    civil_date_format(day, civil_date_at(asked_now_ms(service)));
    enum status status = asked_body(request, &body, &err);
    if (status == STATUS_OK) {
        status = read_texts(body, &descriptor, &ignored, &err);
    }
    if (status == STATUS_OK && json_get_int(body, "export", 1, INT64_C(1) << 53, &export_id, &err) != STATUS_OK) {
        error_set(&err, "invalid_request", "試す出力を選んでください。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = handover_layout_create(&layout, descriptor, strlen(descriptor), &err);
    }
    if (status == STATUS_OK) {
        status = asked_begin_read(request, service, &txn, &err);
    }
    if (status == STATUS_OK) {
        status = handover_try(txn, asked_actor(request)->municipality, layout, export_id, day, &bytes, &err);
    }
    store_end(txn);
    if (status == STATUS_OK) {
        status = write_preview(&reply.writer, layout, &bytes, &err);
    }
    handover_layout_destroy(layout);
    json_free(body);
    buffer_finish(&bytes);
    if (status == STATUS_OK) {
        reply_send(&reply, request, 200);
    } else {
        reply_fail(&reply, request, status, &err);
    }
}
