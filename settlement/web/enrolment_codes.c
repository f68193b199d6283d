/* The one-time codes by which tills join: made here, shown once, listed without the code. */
#include "settlement/enrolment/enrolment.h"
#include "settlement/store/access_log_store.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"

#include <stdio.h>
#include <string.h>

enum {
    CODES_SHOWN_MAX = ROWS_MAX, /* codes live for a day: the newest are what anybody looks for */
    ASKED_TEXT_MAX_BYTES = 256  /* longer than any id or place; the verb checks it exactly */
};

struct list {
    struct json_writer *writer;
    int written;
};

static enum status
write_code(const struct enrolment_code *code, void *context)
{
    struct list *list = context;
    if (list->written == CODES_SHOWN_MAX) {
        return STATUS_OK;
    }
    struct json_writer *writer = list->writer;
    json_begin_object(writer, NULL);
    json_text(writer, "terminal", code->terminal);
    json_text(writer, "place", code->place);
    json_instant(writer, "created_at", code->created_at_ms);
    json_text(writer, "by", code->created_by);
    json_instant(writer, "expires_at", code->expires_at_ms);
    json_instant(writer, "used_at", code->used_at_ms);
    json_end_object(writer);
    list->written++;
    return STATUS_OK;
}

void
enrolment_codes_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct reply reply;
    reply_begin(&reply);
    struct list list = {.writer = &reply.writer};
    enum status status = asked_begin_read(request, service, &txn, &err);
    json_begin_array(&reply.writer, "rows");
    if (status == STATUS_OK) {
        status = enrolment_code_each(txn, asked_actor(request)->municipality, write_code, &list, &err);
    }
    json_end_array(&reply.writer);
    json_null(&reply.writer, "next");
    store_end(txn);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    reply_send(&reply, request, 200);
}

/* What enrolment refuses, in the words of the screen; it speaks to the operator at the console too. */
static void
explain(struct error_detail *err, const char *terminal, const char *place)
{
    if (strcmp(err->code, "wrong_terminal") == 0) {
        error_set(err, "invalid_request",
                  "端末番号「%s」は使えません。英大文字・数字・ハイフンの1文字以上16文字以下で入力してください。",
                  terminal);
    } else if (strcmp(err->code, "wrong_place") == 0 || strcmp(err->code, "unknown_place") == 0) {
        error_set(err, "invalid_request", "窓口「%s」はマスタにありません。窓口を選び直してください。", place);
    } else if (strcmp(err->code, "terminal_in_use") == 0) {
        error_set(err, "wrong_state", "端末番号 %s は使われています。新しい端末には新しい番号を付けてください。",
                  terminal);
    }
}

static enum status
make_code(struct store_txn *txn, const struct actor *actor, const struct enrolment_offer *offer,
          char out[ENROLMENT_CODE_TEXT_SIZE], int64_t *out_expires_at_ms, struct error_detail *err)
{
    char object[32 + TERMINAL_ID_SIZE];
    enum status status = enrolment_make_code(txn, offer, out, out_expires_at_ms, err);
    if (status != STATUS_OK) {
        explain(err, offer->terminal, offer->place);
        return status;
    }
    snprintf(object, sizeof object, "terminal:%s", offer->terminal);
    struct access_entry entry = {.what = "enrolment_code", .object = object, .after = offer->place};
    return access_log_append(txn, actor, offer->now_ms, &entry, err);
}

static enum status
read_offer(const struct json_value *body, struct enrolment_offer *out, struct error_detail *err)
{
    enum status status = json_get_text(body, "terminal", ASKED_TEXT_MAX_BYTES, &out->terminal, err);
    if (status == STATUS_OK) {
        status = json_get_text(body, "place", ASKED_TEXT_MAX_BYTES, &out->place, err);
    }
    if (status != STATUS_OK) {
        error_set(err, "invalid_request", "端末番号と窓口を指定してください。");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

void
enrolment_code_create_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    struct store_txn *txn = NULL;
    char code[ENROLMENT_CODE_TEXT_SIZE] = "";
    int64_t expires_at_ms = 0;
    const struct actor *actor = asked_actor(request);
    struct enrolment_offer offer = {
        .municipality = actor->municipality, .created_by = actor->login, .now_ms = asked_now_ms(service)};
    struct reply reply;
    reply_begin(&reply);
    enum status status = asked_body(request, &body, &err);
    if (status == STATUS_OK) {
        status = read_offer(body, &offer, &err);
    }
    if (status == STATUS_OK) {
        status = store_begin_write_for(service->store, actor->municipality, &txn, &err);
    }
    if (status == STATUS_OK) {
        status = make_code(txn, actor, &offer, code, &expires_at_ms, &err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, &err);
    }
    store_end(txn);
    if (status == STATUS_OK) {
        json_text(&reply.writer, "code", code);
        json_text(&reply.writer, "terminal", offer.terminal);
        json_text(&reply.writer, "place", offer.place);
        json_instant(&reply.writer, "expires_at", expires_at_ms);
    }
    secret_wipe(code, sizeof code);
    json_free(body);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    screens_tell(service, "terminals");
    reply_send(&reply, request, 201);
}
