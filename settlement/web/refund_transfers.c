/* 口座振込 of refunds: the files for the bank, their items, and what became of them. */
#include "settlement/catalogue/catalogue.h"
#include "settlement/desk/bank_transfer_file.h"
#include "settlement/desk/transfer_desk.h"
#include "settlement/store/access_log_store.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEEN_DAYS_MAX = 7 /* 振込指定日 and a week: a line out of the same sum later is another payment */ };

static struct desk
desk_of(struct http_request *request, struct service *service)
{
    return (struct desk){.store = service->store,
                         .key = service->masters_key,
                         .actor = asked_actor(request),
                         .now_ms = asked_now_ms(service)};
}

/* The bank's line that bears it out, where it is near enough; "". */
static const char *
seen_on(const struct transfer_row *row)
{
    struct civil_date booked, pay;
    bool is_near = civil_date_parse(&booked, row->booked_on, strlen(row->booked_on)) == STATUS_OK &&
                   civil_date_parse(&pay, row->pay_on, strlen(row->pay_on)) == STATUS_OK &&
                   civil_date_to_days(booked) - civil_date_to_days(pay) <= SEEN_DAYS_MAX;
    return is_near && strcmp(row->state, "done") == 0 && row->paid_yen > 0 ? row->booked_on : "";
}

static enum status
write_transfer(const struct transfer_row *row, void *context)
{
    struct json_writer *writer = context;
    json_begin_object(writer, NULL);
    json_int(writer, "id", row->id);
    json_text(writer, "pay_on", row->pay_on);
    json_int(writer, "item_count", row->item_count);
    json_int(writer, "amount_yen", row->amount_yen);
    json_text(writer, "file_name", row->file_name);
    json_text(writer, "sha256", row->sha256);
    json_text(writer, "state", row->state);
    json_text(writer, "state_name",
              strcmp(row->state, "made") == 0   ? "振込待ち"
              : strcmp(row->state, "done") == 0 ? "振込済み"
                                                : "取りやめ");
    json_person(writer, "made_by", row->made_by, row->made_by_name);
    json_instant(writer, "made_at", row->made_at_ms);
    json_person(writer, "decided_by", row->decided_by, row->decided_by_name);
    json_instant(writer, "decided_at", row->decided_at_ms);
    json_text_or_null(writer, "decided_reason", row->decided_reason);
    json_int(writer, "paid_yen", row->paid_yen);
    json_int(writer, "failed_count", row->failed_count);
    json_text_or_null(writer, "booked_on", seen_on(row));
    json_end_object(writer);
    return STATUS_OK;
}

struct payable_sum {
    int64_t count;
    int64_t yen;
};

static enum status
add_payable(const struct payable_refund *row, void *context, struct error_detail *err)
{
    struct payable_sum *sum = context;
    (void)err;
    sum->count++;
    sum->yen += row->amount_yen;
    return STATUS_OK;
}

static void
write_accounts(struct json_writer *writer, const struct catalogue *catalogue)
{
    json_begin_array(writer, "accounts");
    const struct json_value *row = json_first(catalogue_table(catalogue, "transfer_accounts"));
    for (; row != NULL; row = json_next(row)) {
        const char *code = "";
        const char *name = "";
        if (json_as_text(json_member(row, "code"), &code) && json_as_text(json_member(row, "name"), &name)) {
            json_begin_object(writer, NULL);
            json_text(writer, "code", code);
            json_text(writer, "name", name);
            json_end_object(writer);
        }
    }
    json_end_array(writer);
}

void
refund_transfers_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct catalogue *catalogue = NULL;
    struct payable_sum payable = {0};
    struct reply reply;
    const char *municipality = asked_actor(request)->municipality;
    reply_begin(&reply);
    enum status status = asked_begin_read(request, service, &txn, &err);
    if (status == STATUS_OK) {
        status = catalogue_load(&catalogue, txn, municipality, &err);
    }
    if (status == STATUS_OK) {
        write_accounts(&reply.writer, catalogue);
        status = payable_refund_each(txn, municipality, add_payable, &payable, &err);
    }
    json_int(&reply.writer, "payable_count", payable.count);
    json_int(&reply.writer, "payable_yen", payable.yen);
    json_begin_array(&reply.writer, "rows");
    if (status == STATUS_OK) {
        status = transfer_each(txn, municipality, 0, 0, ROWS_MAX, write_transfer, &reply.writer, &err);
    }
    json_end_array(&reply.writer);
    json_null(&reply.writer, "next");
    store_end(txn);
    catalogue_destroy(catalogue);
    if (status == STATUS_OK) {
        reply_send(&reply, request, 200);
    } else {
        reply_fail(&reply, request, status, &err);
    }
}

static enum status
write_item(const struct transfer_item *item, void *context)
{
    struct json_writer *writer = context;
    json_begin_object(writer, NULL);
    json_int(writer, "number", item->number);
    json_text(writer, "refund", item->refund);
    json_text(writer, "receipt_number", item->receipt_number);
    json_int(writer, "amount_yen", item->amount_yen);
    json_text(writer, "state", item->state);
    json_text(writer, "state_name",
              strcmp(item->state, "sent") == 0   ? "振込待ち"
              : strcmp(item->state, "paid") == 0 ? "振込済み"
                                                 : "振込なし");
    json_end_object(writer);
    return STATUS_OK;
}

static void
respond_transfer(struct http_request *request, struct service *service, int64_t id, unsigned http_status)
{
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct reply reply;
    const char *municipality = asked_actor(request)->municipality;
    reply_begin(&reply);
    enum status status = asked_begin_read(request, service, &txn, &err);
    json_begin_array(&reply.writer, "rows");
    if (status == STATUS_OK) {
        status = transfer_each(txn, municipality, id, 0, 1, write_transfer, &reply.writer, &err);
    }
    json_end_array(&reply.writer);
    json_begin_array(&reply.writer, "items");
    if (status == STATUS_OK) {
        status = transfer_item_each(txn, municipality, id, write_item, &reply.writer, &err);
    }
    json_end_array(&reply.writer);
    store_end(txn);
    if (status == STATUS_OK) {
        reply_send(&reply, request, http_status);
    } else {
        reply_fail(&reply, request, status, &err);
    }
}

void
refund_transfer_endpoint(struct http_request *request, void *context)
{
    struct error_detail err;
    int64_t id = 0;
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        respond_transfer(request, context, id, 200);
    } else {
        respond_failure(request, status, &err);
    }
}

static void
respond_done(struct http_request *request, struct service *service, enum status status, int64_t id,
             unsigned http_status, const struct error_detail *err)
{
    if (status != STATUS_OK) {
        respond_failure(request, status, err);
        return;
    }
    screens_tell(service, "journal");
    respond_transfer(request, service, id, http_status);
}

void
refund_transfer_make_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    const char *pay_on = "";
    const char *account = NULL;
    int64_t id = 0;
    struct desk desk = desk_of(request, service);
    enum status status = asked_body(request, &body, &err);
    if (status == STATUS_OK && (json_get_text(body, "pay_on", CIVIL_DATE_TEXT_SIZE - 1, &pay_on, &err) != STATUS_OK ||
                                json_get_text_or(body, "account", 32, NULL, &account, &err) != STATUS_OK)) {
        error_set(&err, "invalid_request", "振込指定日(YYYY-MM-DD)を入れてください。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = transfer_make(&desk, pay_on, account, &id, &err);
    }
    json_free(body);
    respond_done(request, service, status, id, 201, &err);
}

void
refund_transfer_done_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    int64_t id = 0;
    size_t count = 0;
    struct desk desk = desk_of(request, service);
    const char **failed = calloc(TRANSFER_ITEMS_MAX, sizeof *failed);
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK && failed == NULL) {
        error_set(&err, "no_memory", "out of memory");
        status = STATUS_NO_MEMORY;
    }
    if (status == STATUS_OK) {
        status = asked_body(request, &body, &err);
    }
    const struct json_value *list = status == STATUS_OK ? json_member(body, "failed") : NULL;
    bool is_read =
        status != STATUS_OK || json_is_null(list) || (json_is_array(list) && json_count(list) <= TRANSFER_ITEMS_MAX);
    for (const struct json_value *row = is_read ? json_first(list) : NULL; is_read && row != NULL;
         row = json_next(row)) {
        is_read = json_as_text(row, &failed[count]);
        count += is_read ? 1 : 0;
    }
    if (!is_read) {
        error_set(&err, "invalid_request", "振込不能だった還付を選び直してください。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = transfer_done(&desk, id, failed, count, &err);
    }
    json_free(body);
    free(failed);
    respond_done(request, service, status, id, 200, &err);
}

void
refund_transfer_discard_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    const char *reason = "";
    int64_t id = 0;
    struct desk desk = desk_of(request, service);
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        status = asked_body(request, &body, &err);
    }
    if (status == STATUS_OK &&
        json_get_text_or(body, "reason", TRANSFER_REASON_MAX_BYTES, "", &reason, &err) != STATUS_OK) {
        error_set(&err, "invalid_request", "理由を240文字以内で書いてください。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = transfer_discard(&desk, id, reason, &err);
    }
    json_free(body);
    respond_done(request, service, status, id, 200, &err);
}

/* ---- the file ---- */

struct found_file {
    struct buffer bytes;
    char disposition[160];
};

static enum status
keep_file(const char *file_name, const void *bytes, size_t length, void *context)
{
    struct found_file *file = context;
    struct error_detail err;
    snprintf(file->disposition, sizeof file->disposition, "attachment; filename=\"%s\"", file_name);
    buffer_append(&file->bytes, bytes, length);
    return buffer_check(&file->bytes, &err);
}

/* The file has people's accounts in it: who takes it stands in the access log. */
static enum status
take_file(struct http_request *request, struct service *service, int64_t id, struct found_file *file,
          struct error_detail *err)
{
    struct store_txn *txn = NULL;
    char object[48];
    bool is_found = false;
    const struct actor *actor = asked_actor(request);
    snprintf(object, sizeof object, "refund_transfer:%" PRId64, id);
    enum status status = store_begin_write_for(service->store, actor->municipality, &txn, err);
    if (status == STATUS_OK) {
        status = transfer_file(txn, actor->municipality, id, keep_file, file, &is_found, err);
    }
    if (status == STATUS_OK && !is_found) {
        error_set(err, "not_found", "この振込データはありません。");
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        status = access_log_append(txn, actor, asked_now_ms(service),
                                   &(struct access_entry){.what = "refund_transfer_file", .object = object}, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

void
refund_transfer_file_endpoint(struct http_request *request, void *context)
{
    struct error_detail err;
    struct found_file file = {.disposition = ""};
    int64_t id = 0;
    buffer_init(&file.bytes, (size_t)(TRANSFER_RECORD_BYTES + 2) * (TRANSFER_ITEMS_MAX + 3));
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        status = take_file(request, context, id, &file, &err);
    }
    if (status == STATUS_OK) {
        http_respond_header(request, "Content-Disposition", file.disposition);
        http_respond(request, 200, "application/octet-stream", file.bytes.data, file.bytes.length);
    } else {
        respond_failure(request, status, &err);
    }
    buffer_finish(&file.bytes);
}
