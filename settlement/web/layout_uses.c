/* Which version of a layout reads files: proposing one with what it was tried out on, looking at it, agreeing. */
#include "settlement/imports/layout_deeds.h"
#include "settlement/imports/layouts.h"
#include "settlement/store/layout_use_store.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/layout_trial.h"
#include "settlement/web/reply.h"

#include "common/signing/signing.h"

#include <stdio.h>
#include <string.h>

enum { FILE_NAME_MAX_BYTES = 255 };

/* ---- reading ---- */

static const char *
state_name(const char *state)
{
    return strcmp(state, "proposed") == 0 ? "二人目の確認待ち"
           : strcmp(state, "done") == 0   ? "確認済み"
           : strcmp(state, "before") == 0 ? "二人目の確認を求める前の保存"
                                          : "差戻し・取下げ";
}

static void
write_members(struct json_writer *writer, const struct layout_use_row *row)
{
    json_int(writer, "id", row->id);
    json_text(writer, "layout", row->name);
    json_int(writer, "version", row->version);
    json_text(writer, "state", row->state);
    json_text(writer, "state_name", state_name(row->state));
    json_text(writer, "file_name", row->file_name);
    json_text(writer, "sha256", row->file_sha256);
    json_person(writer, "proposed_by", row->proposed_by, row->proposed_by_name);
    json_instant(writer, "proposed_at", row->proposed_at_ms);
    json_text(writer, "reason", row->reason);
    json_person(writer, "decided_by", row->decided_by, row->decided_by_name);
    json_instant(writer, "decided_at", row->decided_at_ms);
    json_text(writer, "decided_reason", row->decided_reason);
}

static enum status
write_use(const struct layout_use_row *row, void *context)
{
    struct json_writer *writer = context;
    json_begin_object(writer, NULL);
    write_members(writer, row);
    json_end_object(writer);
    return STATUS_OK;
}

void
layout_uses_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct reply reply;
    reply_begin(&reply);
    enum status status = asked_begin_read(request, service, &txn, &err);
    json_begin_array(&reply.writer, "rows");
    if (status == STATUS_OK) {
        status = layout_use_each(txn, asked_actor(request)->municipality, 0, asked_text(request, "layout"),
                                 asked_text(request, "state"), ROWS_MAX, write_use, &reply.writer, &err);
    }
    json_end_array(&reply.writer);
    store_end(txn);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    reply_send(&reply, request, 200);
}

/* One use while it is written with its trial and the two descriptors: what would read files, and what does now. */
struct one_use {
    struct json_writer *writer;
    const char *key; /* of the descriptor that is written next */
    int64_t version;
    char name[128];
    bool is_found;
    bool is_written;
};

static enum status
write_one(const struct layout_use_row *row, void *context)
{
    struct one_use *one = context;
    one->is_found = true;
    one->version = row->version;
    snprintf(one->name, sizeof one->name, "%s", row->name);
    write_members(one->writer, row);
    if (row->trial[0] != '\0') {
        json_raw(one->writer, "trial", row->trial, strlen(row->trial));
    } else {
        json_null(one->writer, "trial");
    }
    return STATUS_OK;
}

static enum status
write_descriptor(const struct layout_row *row, void *context)
{
    struct one_use *one = context;
    json_text(one->writer, one->key, row->descriptor);
    one->is_written = true;
    return STATUS_OK;
}

/* The descriptor under KEY: the city's, or else the program's, or else null. */
static void
write_program(struct one_use *one)
{
    if (!one->is_written) {
        json_text(one->writer, one->key, layouts_shipped_text(one->name));
    }
    one->is_written = false;
}

static enum status
write_whole(struct one_use *one, struct store_txn *txn, const char *municipality, int64_t id, struct error_detail *err)
{
    enum status status = layout_use_each(txn, municipality, id, NULL, NULL, 1, write_one, one, err);
    if (status == STATUS_OK && !one->is_found) {
        error_set(err, "not_found", "書式の提案(%lld)はありません。", (long long)id);
        status = STATUS_NOT_FOUND;
    }
    one->key = "descriptor";
    if (status == STATUS_OK && one->version > 0) {
        status = layout_each(txn, municipality, one->name, one->version, write_descriptor, one, err);
    }
    if (status == STATUS_OK) {
        write_program(one);
        one->key = "in_use";
        status = layout_in_use_each(txn, municipality, one->name, write_descriptor, one, err);
    }
    if (status == STATUS_OK) {
        write_program(one);
    }
    return status;
}

static void
respond_use(struct http_request *request, struct service *service, int64_t id, unsigned http_status)
{
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct reply reply;
    reply_begin(&reply);
    struct one_use one = {.writer = &reply.writer};
    enum status status = asked_begin_read(request, service, &txn, &err);
    if (status == STATUS_OK) {
        status = write_whole(&one, txn, asked_actor(request)->municipality, id, &err);
    }
    store_end(txn);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    reply_send(&reply, request, http_status);
}

void
layout_use_endpoint(struct http_request *request, void *context)
{
    struct error_detail err;
    int64_t id = 0;
    enum status status = asked_id(request, "id", &id, &err);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    respond_use(request, context, id, 200);
}

/* ---- proposing ---- */

/* The whole trial as JSON in OUT. What the file as a whole is refused for, a proposal is refused for, too. */
static enum status
run_trial(struct buffer *out, const struct layout_trial_request *asked, int64_t now_ms, struct error_detail *err)
{
    struct json_writer writer;
    struct layout_trial trial;
    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    layout_trial_write(&writer, asked->layout, asked->bytes, asked->length, now_ms, &trial);
    json_end_object(&writer);
    if (trial.status != STATUS_OK) {
        *err = trial.err;
        return trial.status;
    }
    if (trial.line_count == 0) {
        error_set(err, "no_readable_line", "読めた行がありません。この書式で読めるファイルで試してください。");
        return STATUS_INVALID;
    }
    return json_finish(&writer, err);
}

static enum status
propose(const struct http_request *request, struct service *service, const struct layout_trial_request *asked,
        const char *descriptor, int64_t *out_version, int64_t *out_use, struct error_detail *err)
{
    struct buffer trial;
    char sha256[SHA256_TEXT_SIZE];
    const char *file_name = asked_text(request, "file");
    if (file_name == NULL || strlen(file_name) > FILE_NAME_MAX_BYTES) {
        error_set(err, "invalid_request", "試したファイルの名前がありません。");
        return STATUS_INVALID;
    }
    buffer_init(&trial, REPLY_MAX_BYTES);
    enum status status = run_trial(&trial, asked, asked_now_ms(service), err);
    if (status == STATUS_OK) {
        sha256_text(sha256, asked->bytes, asked->length);
        const struct layout_proposal proposal = {.name = layout_name(asked->layout),
                                                 .descriptor = descriptor,
                                                 .file_name = file_name,
                                                 .file_sha256 = sha256,
                                                 .trial = buffer_text(&trial),
                                                 .reason = asked_text(request, "reason")};
        status = layout_use_propose(service->store, asked_actor(request), &proposal, asked_now_ms(service), out_version,
                                    out_use, err);
    }
    buffer_finish(&trial);
    return status;
}

void
layout_propose_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct layout_trial_request asked;
    struct buffer descriptor;
    int64_t version = 0;
    int64_t use = 0;
    buffer_init(&descriptor, LAYOUT_MAX_BYTES + 1);
    enum status status = layout_trial_asked(&asked, request, &err);
    if (status == STATUS_OK) {
        buffer_append(&descriptor, asked.descriptor, asked.descriptor_length);
        status = propose(request, service, &asked, buffer_text(&descriptor), &version, &use, &err);
    }
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
    } else {
        struct reply reply;
        reply_begin(&reply);
        json_text(&reply.writer, "layout", layout_name(asked.layout));
        json_int(&reply.writer, "version", version);
        json_int(&reply.writer, "use", use);
        reply_send(&reply, request, 201);
        screens_tell(service, "imports");
    }
    buffer_finish(&descriptor);
    layout_destroy(asked.layout);
}

/* The body's "reason", borrowed from *OUT_BODY. */
static enum status
read_reason(struct http_request *request, struct json_value **out_body, const char **out, struct error_detail *err)
{
    enum status status = asked_body(request, out_body, err);
    if (status == STATUS_OK &&
        json_get_text_or(*out_body, "reason", LAYOUT_REASON_MAX_BYTES, "", out, err) != STATUS_OK) {
        error_set(err, "invalid_request", "理由を1000文字以内で入力してください。");
        status = STATUS_INVALID;
    }
    return status;
}

void
layout_propose_again_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    const char *reason = NULL;
    int64_t version = 0;
    int64_t use = 0;
    enum status status = read_reason(request, &body, &reason, &err);
    if (status == STATUS_OK) {
        status = json_get_int(body, "version", 0, INT32_MAX, &version, &err);
    }
    if (status == STATUS_OK) {
        status =
            layout_use_propose_again(service->store, asked_actor(request), http_request_parameter(request, "layout"),
                                     version, reason, asked_now_ms(service), &use, &err);
    }
    json_free(body);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    screens_tell(service, "imports");
    respond_use(request, service, use, 201);
}

/* ---- deciding ---- */

typedef enum status (*decision)(struct store *store, const struct actor *actor, int64_t id, const char *reason,
                                int64_t now_ms, struct error_detail *err);

static void
respond_decision(struct http_request *request, struct service *service, decision decide)
{
    struct error_detail err;
    struct json_value *body = NULL;
    const char *reason = NULL;
    int64_t id = 0;
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        status = read_reason(request, &body, &reason, &err);
    }
    if (status == STATUS_OK) {
        status = decide(service->store, asked_actor(request), id, reason, asked_now_ms(service), &err);
    }
    json_free(body);
    screens_tell(service, "imports");
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    respond_use(request, service, id, 200);
}

void
layout_confirm_endpoint(struct http_request *request, void *context)
{
    respond_decision(request, context, layout_use_confirm);
}

void
layout_refuse_endpoint(struct http_request *request, void *context)
{
    respond_decision(request, context, layout_use_refuse);
}
