/* What the finance desk does with refunds: ask, approve, take back, declare paid, say where the money goes. */
#include "settlement/desk/refund_desk.h"
#include "settlement/store/access_log_store.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"

#include <stdio.h>
#include <string.h>

static struct desk
desk_of(struct http_request *request, struct service *service)
{
    return (struct desk){.store = service->store,
                         .key = service->masters_key,
                         .actor = asked_actor(request),
                         .now_ms = asked_now_ms(service)};
}

/* ASK has room for REFUND_PARTS_MAX. */
static enum status
read_parts(const struct json_value *body, struct refund_ask *ask, size_t *out_count, struct error_detail *err)
{
    const struct json_value *list = json_member(body, "lines");
    *out_count = 0;
    if (json_is_null(list)) {
        return STATUS_OK;
    }
    bool is_read = json_is_array(list) && json_count(list) >= 1 && json_count(list) <= REFUND_PARTS_MAX;
    for (const struct json_value *row = is_read ? json_first(list) : NULL; is_read && row != NULL;
         row = json_next(row)) {
        struct refund_ask *part = &ask[(*out_count)++];
        is_read = json_is_object(row) && json_get_int(row, "line", 1, INT32_MAX, &part->line, err) == STATUS_OK &&
                  json_get_int_or(row, "amount_yen", 1, INT32_MAX, 0, &part->amount_yen, err) == STATUS_OK;
    }
    if (!is_read) {
        error_set(err, "invalid_request", "還付する明細と金額(1円以上)を選んでください。");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static enum status
read_wish(const struct json_value *body, struct refund_wish *wish, struct refund_ask *ask, struct error_detail *err)
{
    wish->parts = ask;
    if (json_get_text_or(body, "sale", IDENTITY_TEXT_SIZE - 1, "", &wish->sale, err) != STATUS_OK ||
        json_get_text_or(body, "takes_over", IDENTITY_TEXT_SIZE - 1, NULL, &wish->takes_over, err) != STATUS_OK ||
        json_get_text_or(body, "means", 16, "", &wish->means, err) != STATUS_OK ||
        json_get_text_or(body, "reason", REFUND_REASON_MAX_BYTES, "", &wish->reason, err) != STATUS_OK ||
        json_get_bool_or(body, "is_by_mistake", false, &wish->is_by_mistake, err) != STATUS_OK) {
        error_set(err, "invalid_request", "売上、還付の方法と、240文字以内の理由を送ってください。");
        return STATUS_INVALID;
    }
    return read_parts(body, ask, &wish->part_count, err);
}

static void
respond_refund(struct http_request *request, struct service *service, const char *refund, unsigned http_status)
{
    struct reply reply;
    reply_begin(&reply);
    json_text(&reply.writer, "refund", refund);
    reply_send(&reply, request, http_status);
    screens_tell(service, "journal");
}

void
refund_request_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    struct refund_wish wish = {0};
    struct refund_ask ask[REFUND_PARTS_MAX];
    char refund[IDENTITY_TEXT_SIZE];
    struct desk desk = desk_of(request, service);
    enum status status = asked_body(request, &body, &err);
    if (status == STATUS_OK) {
        status = read_wish(body, &wish, ask, &err);
    }
    if (status == STATUS_OK) {
        status = desk_refund_request(&desk, &wish, refund, &err);
    }
    json_free(body);
    if (status == STATUS_OK) {
        respond_refund(request, service, refund, 201);
    } else {
        respond_failure(request, status, &err);
    }
}

/* A deed of one refund that takes at most two texts of the body. */
typedef enum status (*refund_deed)(const struct desk *desk, const char *refund, const char *first, const char *second,
                                   struct error_detail *err);

static void
act(struct http_request *request, struct service *service, const char *first_key, const char *second_key,
    refund_deed deed)
{
    struct error_detail err;
    struct json_value *body = NULL;
    const char *first = "";
    const char *second = "";
    const char *refund = http_request_parameter(request, "refund");
    struct desk desk = desk_of(request, service);
    enum status status = asked_body(request, &body, &err);
    if (status == STATUS_OK &&
        (json_get_text_or(body, first_key, REFUND_REASON_MAX_BYTES, "", &first, &err) != STATUS_OK ||
         json_get_text_or(body, second_key, REFUND_REASON_MAX_BYTES, "", &second, &err) != STATUS_OK)) {
        error_set(&err, "invalid_request", "240文字以内で書いてください。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = deed(&desk, refund, first, second, &err);
    }
    json_free(body);
    if (status == STATUS_OK) {
        respond_refund(request, service, refund, 200);
    } else {
        respond_failure(request, status, &err);
    }
}

static enum status
approve(const struct desk *desk, const char *refund, const char *reason, const char *unused, struct error_detail *err)
{
    (void)unused;
    return desk_refund_approve(desk, refund, reason, err);
}

static enum status
withdraw(const struct desk *desk, const char *refund, const char *reason, const char *unused, struct error_detail *err)
{
    (void)unused;
    return desk_refund_withdraw(desk, refund, reason, err);
}

void
refund_approve_endpoint(struct http_request *request, void *context)
{
    act(request, context, "reason", "reason", approve);
}

void
refund_withdraw_endpoint(struct http_request *request, void *context)
{
    act(request, context, "reason", "reason", withdraw);
}

void
refund_pay_endpoint(struct http_request *request, void *context)
{
    act(request, context, "paid_on", "proof", desk_refund_pay);
}

/* ---- where the money goes ---- */

static enum status
copy_member(const struct json_value *body, const char *key, char *out, size_t size, struct error_detail *err)
{
    const char *text = "";
    enum status status = json_get_text(body, key, size - 1, &text, err);
    if (status != STATUS_OK) {
        error_set(err, "invalid_request",
                  "金融機関番号、支店番号、預金種目、口座番号と、カナの口座名義を送ってください。");
        return STATUS_INVALID;
    }
    snprintf(out, size, "%s", text);
    return STATUS_OK;
}

void
refund_payee_set_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    struct refund_payee payee;
    const char *refund = http_request_parameter(request, "refund");
    struct desk desk = desk_of(request, service);
    enum status status = asked_body(request, &body, &err);
    const struct {
        const char *key;
        char *out;
        size_t size;
    } members[] = {{"bank", payee.bank, sizeof payee.bank},
                   {"branch", payee.branch, sizeof payee.branch},
                   {"account_kind", payee.account_kind, sizeof payee.account_kind},
                   {"account_number", payee.account_number, sizeof payee.account_number},
                   {"holder", payee.holder_kana, sizeof payee.holder_kana}};
    for (size_t i = 0; status == STATUS_OK && i < sizeof members / sizeof members[0]; i++) {
        status = copy_member(body, members[i].key, members[i].out, members[i].size, &err);
    }
    if (status == STATUS_OK) {
        status = desk_refund_set_payee(&desk, refund, &payee, &err);
    }
    json_free(body);
    if (status == STATUS_OK) {
        respond_refund(request, service, refund, 200);
    } else {
        respond_failure(request, status, &err);
    }
}

/* Personal data: who looks stands in the access log. */
static enum status
read_payee(struct http_request *request, struct service *service, const char *refund, struct refund_payee *out,
           bool *out_found, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    char object[IDENTITY_TEXT_SIZE + 8];
    const struct actor *actor = asked_actor(request);
    snprintf(object, sizeof object, "refund:%s", refund);
    enum status status = store_begin_write_for(service->store, actor->municipality, &txn, err);
    if (status == STATUS_OK) {
        status = refund_payee_find(txn, actor->municipality, refund, out, out_found, err);
    }
    if (status == STATUS_OK && *out_found) {
        status = access_log_append(txn, actor, asked_now_ms(service),
                                   &(struct access_entry){.what = "view_payee", .object = object}, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

void
refund_payee_endpoint(struct http_request *request, void *context)
{
    struct error_detail err;
    struct refund_payee payee;
    struct reply reply;
    bool is_found = false;
    const char *refund = http_request_parameter(request, "refund");
    enum status status = read_payee(request, context, refund, &payee, &is_found, &err);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    reply_begin(&reply);
    json_bool(&reply.writer, "is_known", is_found);
    if (is_found) {
        json_text(&reply.writer, "bank", payee.bank);
        json_text(&reply.writer, "branch", payee.branch);
        json_text(&reply.writer, "account_kind", payee.account_kind);
        json_text(&reply.writer, "account_number", payee.account_number);
        json_text(&reply.writer, "holder", payee.holder_kana);
    }
    reply_send(&reply, request, 200);
}
