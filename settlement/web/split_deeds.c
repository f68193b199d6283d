/* What people say of a payment in several pieces; matching runs at once, so that the answer shows what follows. And
 * what the pieces may be. */
#include "common/json/reader.h"
#include "settlement/matching/deed.h"
#include "settlement/matching/split_deed.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/matched_reply.h"
#include "settlement/web/partners.h"
#include "settlement/web/reply.h"

#include <string.h>

static enum status
say_wrong_request(struct error_detail *err)
{
    error_set(err, "invalid_request",
              "決済と明細の行（合わせて%d件まで）を選び、理由を1000文字以内で入力してください。", SPLIT_PIECES_MAX);
    return STATUS_INVALID;
}

/* The payment that ROW names, into PART. */
static bool
read_payment(const struct json_value *row, struct split_part *part, struct error_detail *err)
{
    const char *word = NULL;
    bool is_read = json_get_text(row, "terminal", TERMINAL_ID_SIZE - 1, &part->terminal, err) == STATUS_OK &&
                   json_get_int(row, "sequence", 1, INT64_MAX, &part->sequence, err) == STATUS_OK &&
                   json_get_text_or(row, "part", 8, "sale", &word, err) == STATUS_OK &&
                   (strcmp(word, "sale") == 0 || strcmp(word, "void") == 0);
    part->part = is_read && strcmp(word, "void") == 0 ? BOOK_VOID : BOOK_SALE;
    return is_read;
}

static bool
read_line(const struct json_value *row, struct split_part *part, struct error_detail *err)
{
    return json_get_int(row, "import", 1, INT64_MAX, &part->import, err) == STATUS_OK &&
           json_get_int(row, "line", 1, UINT32_MAX, &part->line, err) == STATUS_OK;
}

/* One payment and "lines", or one line and "payments". PARTS has room for SPLIT_PIECES_MAX; texts are BODY's. */
static enum status
read_parts(const struct json_value *body, struct split_part *parts, size_t *out_count, struct error_detail *err)
{
    struct split_part one = {0};
    const struct json_value *list = NULL;
    bool has_lines = json_get_array(body, "lines", &list, err) == STATUS_OK;
    bool is_read = has_lines ? read_payment(body, &one, err)
                             : json_get_array(body, "payments", &list, err) == STATUS_OK && read_line(body, &one, err);
    if (!is_read || json_count(list) < 2 || json_count(list) > SPLIT_PIECES_MAX) {
        return say_wrong_request(err);
    }
    *out_count = 0;
    for (const struct json_value *row = json_first(list); row != NULL; row = json_next(row)) {
        struct split_part *part = &parts[(*out_count)++];
        *part = one;
        if (!(has_lines ? read_line(row, part, err) : read_payment(row, part, err))) {
            return say_wrong_request(err);
        }
    }
    return STATUS_OK;
}

void
split_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    struct split_part parts[SPLIT_PIECES_MAX];
    size_t count = 0;
    const char *reason = NULL;
    int64_t id = 0;
    enum status status = asked_body(request, &body, &err);
    if (status == STATUS_OK && json_get_text(body, "reason", DEED_TEXT_MAX_BYTES, &reason, &err) != STATUS_OK) {
        status = say_wrong_request(&err);
    }
    if (status == STATUS_OK) {
        status = read_parts(body, parts, &count, &err);
    }
    if (status == STATUS_OK) {
        status =
            split_decide(service->store, asked_actor(request), parts, count, reason, asked_now_ms(service), &id, &err);
    }
    json_free(body);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    respond_matched(request, service, id);
}

void
split_undo_endpoint(struct http_request *request, void *context)
{
    respond_taken_back(request, context, split_undo);
}

/* ?terminal=&sequence=&part= or ?import=&line= */
static enum status
read_key(const struct http_request *request, struct partner_row *key, struct error_detail *err)
{
    const char *terminal = asked_text(request, "terminal");
    const char *part = asked_text(request, "part");
    int64_t import = 0;
    int64_t line = 0;
    int64_t sequence = 0;
    enum status status = asked_int(request, "sequence", 0, 0, INT64_MAX, &sequence, err);
    if (status == STATUS_OK) {
        status = asked_int(request, "import", 0, 0, INT64_MAX, &import, err);
    }
    if (status == STATUS_OK) {
        status = asked_int(request, "line", 0, 0, UINT32_MAX, &line, err);
    }
    if (status == STATUS_OK && (sequence == 0) == (import == 0)) {
        error_set(err, "invalid_request", "決済か明細の行のどちらか一つを指定してください。");
        status = STATUS_INVALID;
    }
    *key = (struct partner_row){.terminal = terminal != NULL ? terminal : "",
                                .sequence = sequence,
                                .part = part != NULL && strcmp(part, "void") == 0 ? BOOK_VOID : BOOK_SALE,
                                .import = import,
                                .line = line};
    return status;
}

void
pieces_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct partner_row key;
    struct reply reply;
    reply_begin(&reply);
    enum status status = read_key(request, &key, &err);
    if (status == STATUS_OK) {
        status = asked_begin_read(request, service, &txn, &err);
    }
    if (status == STATUS_OK) {
        status = json_pieces(&reply.writer, txn, asked_actor(request)->municipality, &key, &err);
    }
    store_end(txn);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    reply_send(&reply, request, 200);
}
