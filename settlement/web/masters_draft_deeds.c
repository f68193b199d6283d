/* What people do to a draft as a whole: begin, rename, propose, return, approve, discard. Each answers with the draft.
 */
#include "settlement/web/endpoints.h"
#include "settlement/web/masters_view.h"

static void
respond_draft(struct http_request *request, struct service *service, int64_t id, unsigned http_status)
{
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct masters_draft draft;
    enum status status = asked_begin_read(request, service, &txn, &err);
    if (status == STATUS_OK) {
        status = masters_draft_find(txn, asked_actor(request)->municipality, id, &draft, &err);
    }
    store_end(txn);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    struct reply reply;
    reply_begin(&reply);
    json_masters_draft(&reply.writer, "draft", &draft);
    reply_send(&reply, request, http_status);
}

/* A deed on draft ID with the request's body. */
typedef enum status (*draft_deed)(const struct masters_desk *desk, int64_t id, const struct json_value *body,
                                  struct error_detail *err);

static void
do_deed(struct http_request *request, struct service *service, draft_deed deed)
{
    struct error_detail err;
    struct json_value *body = NULL;
    struct masters_desk desk = asked_desk(service, request);
    int64_t id = 0;
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        status = asked_body(request, &body, &err);
    }
    if (status == STATUS_OK) {
        status = deed(&desk, id, body, &err);
    }
    json_free(body);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    screens_tell(service, "masters");
    respond_draft(request, service, id, 200);
}

static const char *
text_of(const struct json_value *body, const char *key)
{
    const char *text = "";
    return json_as_text(json_member(body, key), &text) ? text : "";
}

void
masters_draft_create_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    struct masters_desk desk = asked_desk(service, request);
    int64_t id = 0;
    enum status status = asked_body(request, &body, &err);
    if (status == STATUS_OK) {
        status = masters_draft_create(&desk, text_of(body, "title"), &id, &err);
    }
    json_free(body);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    screens_tell(service, "masters");
    respond_draft(request, service, id, 201);
}

static enum status
rename_it(const struct masters_desk *desk, int64_t id, const struct json_value *body, struct error_detail *err)
{
    return masters_draft_rename(desk, id, text_of(body, "title"), err);
}

static enum status
seen_revision(const struct json_value *body, int64_t *out, struct error_detail *err)
{
    if (json_get_int(body, "revision", 1, INT64_MAX, out, err) != STATUS_OK) {
        error_set(err, "invalid_request", "画面が古くなっています。再読み込みしてから、もう一度操作してください。");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static enum status
propose_it(const struct masters_desk *desk, int64_t id, const struct json_value *body, struct error_detail *err)
{
    int64_t seen;
    enum status status = seen_revision(body, &seen, err);
    return status == STATUS_OK ? masters_propose(desk, id, seen, err) : status;
}

static enum status
return_it(const struct masters_desk *desk, int64_t id, const struct json_value *body, struct error_detail *err)
{
    return masters_return(desk, id, text_of(body, "reason"), err);
}

static enum status
approve_it(const struct masters_desk *desk, int64_t id, const struct json_value *body, struct error_detail *err)
{
    int64_t seen;
    int64_t version;
    enum status status = seen_revision(body, &seen, err);
    return status == STATUS_OK ? masters_approve(desk, id, seen, &version, err) : status;
}

static enum status
discard_it(const struct masters_desk *desk, int64_t id, const struct json_value *body, struct error_detail *err)
{
    return masters_discard(desk, id, text_of(body, "reason"), err);
}

void
masters_draft_rename_endpoint(struct http_request *request, void *context)
{
    do_deed(request, context, rename_it);
}

void
masters_draft_propose_endpoint(struct http_request *request, void *context)
{
    do_deed(request, context, propose_it);
}

void
masters_draft_return_endpoint(struct http_request *request, void *context)
{
    do_deed(request, context, return_it);
}

void
masters_draft_approve_endpoint(struct http_request *request, void *context)
{
    do_deed(request, context, approve_it);
}

void
masters_draft_discard_endpoint(struct http_request *request, void *context)
{
    do_deed(request, context, discard_it);
}
