/* What people do with a discrepancy. */
#include "common/json/reader.h"
#include "settlement/matching/resolution.h"
#include "settlement/web/asked.h"
#include "settlement/web/discrepancy_json.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"

#include <string.h>

static void
end_deed(struct http_request *request, struct service *service, int64_t id, enum status status,
         const struct error_detail *err)
{
    if (status != STATUS_OK) {
        respond_failure(request, status, err);
        return;
    }
    screens_tell(service, "discrepancies");
    respond_discrepancy(request, service, id);
}

/* Body and id of a deed. *OUT_BODY is given even on failure (NULL then). */
static enum status
begin_deed(const struct http_request *request, int64_t *out_id, struct json_value **out_body, struct error_detail *err)
{
    *out_body = NULL;
    enum status status = asked_id(request, "id", out_id, err);
    return status == STATUS_OK ? asked_body(request, out_body, err) : status;
}

void
discrepancy_assign_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body;
    const char *owner = NULL;
    int64_t id;
    enum status status = begin_deed(request, &id, &body, &err);
    if (status == STATUS_OK) {
        status = json_get_text_or(body, "owner", LOGIN_SIZE - 1, NULL, &owner, &err);
    }
    if (status == STATUS_OK) {
        status = discrepancy_assign(service->store, asked_actor(request), id, owner, asked_now_ms(service), &err);
    }
    json_free(body);
    end_deed(request, service, id, status, &err);
}

void
discrepancy_resolve_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body;
    const char *kind = NULL;
    const char *reason = NULL;
    int64_t version = 0;
    enum resolution resolution = RESOLUTION_EXPLAINED;
    int64_t id;
    enum status status = begin_deed(request, &id, &body, &err);
    bool is_read = status == STATUS_OK && json_get_text(body, "kind", 64, &kind, &err) == STATUS_OK &&
                   json_get_text(body, "reason", RESOLUTION_REASON_MAX_BYTES, &reason, &err) == STATUS_OK &&
                   json_get_int(body, "version", 1, INT64_MAX, &version, &err) == STATUS_OK &&
                   resolution_from_word(&resolution, kind);
    if (status == STATUS_OK && !is_read) {
        error_set(&err, "invalid_request", "処置と理由を入力してください(理由は1000文字以内)。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = discrepancy_resolve(service->store, asked_actor(request), id, resolution, reason, version,
                                     asked_now_ms(service), &err);
    }
    json_free(body);
    end_deed(request, service, id, status, &err);
}

void
discrepancy_confirm_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body;
    const char *decision = NULL;
    const char *reason = NULL;
    int64_t id;
    enum status status = begin_deed(request, &id, &body, &err);
    bool is_read = status == STATUS_OK && json_get_text(body, "decision", 16, &decision, &err) == STATUS_OK &&
                   json_get_text_or(body, "reason", RESOLUTION_REASON_MAX_BYTES, NULL, &reason, &err) == STATUS_OK &&
                   (strcmp(decision, "confirm") == 0 || strcmp(decision, "reject") == 0);
    if (status == STATUS_OK && !is_read) {
        error_set(&err, "invalid_request", "確認か差戻しかを選んでください。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        bool confirms = strcmp(decision, "confirm") == 0;
        status = discrepancy_confirm(service->store, asked_actor(request), id, confirms, reason, asked_now_ms(service),
                                     &err);
    }
    json_free(body);
    end_deed(request, service, id, status, &err);
}
