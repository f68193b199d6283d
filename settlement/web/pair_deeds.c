/* What people say of a payment and a statement line; matching runs at once, so that the answer shows what follows. */
#include "common/json/reader.h"
#include "settlement/matching/deed.h"
#include "settlement/matching/pair_deed.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/matched_reply.h"
#include "settlement/web/reply.h"

#include <string.h>

static enum status
read_pair(const struct json_value *body, struct pair_decision *out, struct error_detail *err)
{
    const char *part = NULL;
    bool is_read = json_get_text(body, "terminal", TERMINAL_ID_SIZE - 1, &out->terminal, err) == STATUS_OK &&
                   json_get_int(body, "sequence", 1, INT64_MAX, &out->sequence, err) == STATUS_OK &&
                   json_get_text_or(body, "part", 8, "sale", &part, err) == STATUS_OK &&
                   (strcmp(part, "sale") == 0 || strcmp(part, "void") == 0) &&
                   json_get_int(body, "import", 1, INT64_MAX, &out->import, err) == STATUS_OK &&
                   json_get_int(body, "line", 1, UINT32_MAX, &out->line, err) == STATUS_OK &&
                   json_get_text(body, "reason", DEED_TEXT_MAX_BYTES, &out->reason, err) == STATUS_OK;
    if (!is_read) {
        error_set(err, "invalid_request", "決済と明細の行を選び、理由を1000文字以内で入力してください。");
        return STATUS_INVALID;
    }
    out->part = strcmp(part, "void") == 0 ? BOOK_VOID : BOOK_SALE;
    return STATUS_OK;
}

typedef enum status (*pair_deed)(struct store *store, const struct actor *actor, const struct pair_decision *pair,
                                 int64_t now_ms, int64_t *out_id, struct error_detail *err);

static void
do_pair(struct http_request *request, struct service *service, pair_deed deed)
{
    struct error_detail err;
    struct json_value *body = NULL;
    struct pair_decision pair = {0};
    int64_t id = 0;
    enum status status = asked_body(request, &body, &err);
    if (status == STATUS_OK) {
        status = read_pair(body, &pair, &err);
    }
    if (status == STATUS_OK) {
        status = deed(service->store, asked_actor(request), &pair, asked_now_ms(service), &id, &err);
    }
    json_free(body);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    respond_matched(request, service, id);
}

void
pair_endpoint(struct http_request *request, void *context)
{
    do_pair(request, context, pair_decide);
}

void
pair_part_endpoint(struct http_request *request, void *context)
{
    do_pair(request, context, pair_part);
}

void
pair_undo_endpoint(struct http_request *request, void *context)
{
    respond_taken_back(request, context, pair_undo);
}
