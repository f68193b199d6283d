/* What people say that a credit at the bank pays; matching runs at once, so that the answer shows what follows. */
#include "common/json/reader.h"
#include "settlement/matching/deed.h"
#include "settlement/matching/spread_deed.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/matched_reply.h"
#include "settlement/web/reply.h"

enum { CODE_MAX_BYTES = 64 };

static enum status
say_wrong_request(struct error_detail *err)
{
    error_set(err, "invalid_request", "銀行の入金と、割り当てる入金番号・金額（%d件まで）、理由を入力してください。",
              SPREAD_PARTS_MAX);
    return STATUS_INVALID;
}

/* PARTS has room for SPREAD_PARTS_MAX; its texts are BODY's. */
static enum status
read_parts(const struct json_value *body, struct portion_row *parts, size_t *out_count, struct error_detail *err)
{
    const struct json_value *list = NULL;
    size_t count = 0;
    if (json_get_array(body, "portions", &list, err) != STATUS_OK || json_count(list) == 0 ||
        json_count(list) > SPREAD_PARTS_MAX) {
        return say_wrong_request(err);
    }
    for (const struct json_value *row = json_first(list); row != NULL; row = json_next(row)) {
        struct portion_row *part = &parts[count++];
        *part = (struct portion_row){0};
        if (json_get_text(row, "trustee", CODE_MAX_BYTES, &part->trustee, err) != STATUS_OK ||
            json_get_text(row, "payout", CODE_MAX_BYTES, &part->payout, err) != STATUS_OK ||
            json_get_int(row, "amount_yen", 1, INT64_C(10000000000), &part->amount_yen, err) != STATUS_OK) {
            return say_wrong_request(err);
        }
    }
    *out_count = count;
    return STATUS_OK;
}

void
credit_spread_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    struct portion_row parts[SPREAD_PARTS_MAX];
    size_t count = 0;
    const char *reason = NULL;
    int64_t import = 0, line = 0, id = 0;
    enum status status = asked_body(request, &body, &err);
    if (status == STATUS_OK && (json_get_int(body, "import", 1, INT64_MAX, &import, &err) != STATUS_OK ||
                                json_get_int(body, "line", 1, UINT32_MAX, &line, &err) != STATUS_OK ||
                                json_get_text(body, "reason", DEED_TEXT_MAX_BYTES, &reason, &err) != STATUS_OK)) {
        status = say_wrong_request(&err);
    }
    if (status == STATUS_OK) {
        status = read_parts(body, parts, &count, &err);
    }
    if (status == STATUS_OK) {
        status = spread_decide(service->store, asked_actor(request), import, line, parts, count, reason,
                               asked_now_ms(service), &id, &err);
    }
    json_free(body);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    respond_matched(request, service, id);
}

void
credit_spread_undo_endpoint(struct http_request *request, void *context)
{
    respond_taken_back(request, context, spread_undo);
}
