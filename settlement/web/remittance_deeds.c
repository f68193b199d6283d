/* What people do with a 払込: prepare, confirm, take back. */
#include "common/json/reader.h"
#include "settlement/remittance/deed.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"

/* CLOSES has room for REMITTANCE_CLOSES_MAX; texts are BODY's. */
static enum status
read_closes(const struct json_value *body, struct close_key *closes, size_t *out_count, struct error_detail *err)
{
    const struct json_value *list = NULL;
    bool is_read = json_get_array(body, "closes", &list, err) == STATUS_OK && json_count(list) >= 1 &&
                   json_count(list) <= REMITTANCE_CLOSES_MAX;
    *out_count = 0;
    for (const struct json_value *row = is_read ? json_first(list) : NULL; is_read && row != NULL;
         row = json_next(row)) {
        struct close_key *close = &closes[(*out_count)++];
        is_read = json_is_object(row) &&
                  json_get_text(row, "terminal", TERMINAL_ID_SIZE - 1, &close->terminal, err) == STATUS_OK &&
                  json_get_int(row, "sequence", 1, INT64_MAX, &close->opened_sequence, err) == STATUS_OK;
    }
    if (!is_read) {
        error_set(err, "invalid_request", "払い込む精算を1件から%d件まで選んでください。", REMITTANCE_CLOSES_MAX);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static enum status
read_texts(const struct json_value *body, const char *const keys[2], const char **out_first, const char **out_second,
           const char *sentence, struct error_detail *err)
{
    if (json_get_text(body, keys[0], CIVIL_DATE_TEXT_SIZE - 1, out_first, err) != STATUS_OK ||
        json_get_text(body, keys[1], REMITTANCE_BANK_MAX_BYTES, out_second, err) != STATUS_OK) {
        error_set(err, "invalid_request", "%s", sentence);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static void
respond_done(struct http_request *request, struct service *service, enum status status, int64_t id,
             const struct error_detail *err)
{
    struct reply reply;
    if (status != STATUS_OK) {
        respond_failure(request, status, err);
        return;
    }
    reply_begin(&reply);
    json_int(&reply.writer, "id", id);
    reply_send(&reply, request, 200);
    screens_tell(service, "remittances");
}

void
remittance_prepare_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    struct close_key closes[REMITTANCE_CLOSES_MAX];
    size_t count = 0;
    const char *pay_on = NULL, *bank = NULL;
    int64_t id = 0;
    enum status status = asked_body(request, &body, &err);
    if (status == STATUS_OK) {
        status = read_closes(body, closes, &count, &err);
    }
    if (status == STATUS_OK) {
        status = read_texts(body, (const char *const[]){"pay_on", "bank"}, &pay_on, &bank,
                            "払込日（YYYY-MM-DD）と、払込先の金融機関を40文字以内で入力してください。", &err);
    }
    if (status == STATUS_OK) {
        status = remittance_prepare(service->store, asked_actor(request), closes, count, pay_on, bank,
                                    asked_now_ms(service), &id, &err);
    }
    json_free(body);
    respond_done(request, service, status, id, &err);
}

void
remittance_confirm_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    const char *paid_on = NULL, *receipt = NULL;
    int64_t id = 0;
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        status = asked_body(request, &body, &err);
    }
    if (status == STATUS_OK) {
        status =
            read_texts(body, (const char *const[]){"paid_on", "receipt"}, &paid_on, &receipt,
                       "領収日（YYYY-MM-DD）と、領収書の番号・領収印の記号などを40文字以内で入力してください。", &err);
    }
    if (status == STATUS_OK) {
        status = remittance_confirm_paid(service->store, asked_actor(request), id, paid_on, receipt,
                                         asked_now_ms(service), &err);
    }
    json_free(body);
    respond_done(request, service, status, id, &err);
}

void
remittance_undo_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    const char *reason = NULL;
    int64_t id = 0;
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        status = asked_body(request, &body, &err);
    }
    if (status == STATUS_OK && json_get_text(body, "reason", REMITTANCE_REASON_MAX_BYTES, &reason, &err) != STATUS_OK) {
        error_set(&err, "invalid_request", "取り消す理由を300文字以内で入力してください。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = remittance_undo(service->store, asked_actor(request), id, reason, asked_now_ms(service), &err);
    }
    json_free(body);
    respond_done(request, service, status, id, &err);
}
