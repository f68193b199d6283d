/* Editing one row of a draft. The answer says how the row stands now, and what is wrong with it; when somebody else was
 * faster, the refusal carries their row, so that nothing that was typed is lost. */
#include "common/json/assemble.h"
#include "settlement/masters/pin.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/masters_view.h"

#include <string.h>

/* What the browser sent. Borrowed from the body. */
struct row_request {
    const struct table *table;
    const char *key; /* NULL: a new row */
    int64_t seen;
    const struct json_value *row; /* NULL: take it out */
    const char *from;
};

static enum status
read_request(const struct json_value *body, struct row_request *out, struct error_detail *err)
{
    const char *kind = "";
    enum status status = json_get_text(body, "kind", MASTERS_KIND_SIZE - 1, &kind, err);
    if (status == STATUS_OK) {
        status = json_get_text_or(body, "key", MASTERS_ROW_KEY_SIZE - 1, NULL, &out->key, err);
    }
    if (status == STATUS_OK) {
        status = json_get_int_or(body, "revision", 0, INT64_MAX, 0, &out->seen, err);
    }
    if (status == STATUS_OK) {
        status = json_get_text_or(body, "from", CIVIL_DATE_TEXT_SIZE, NULL, &out->from, err);
    }
    out->table = masters_kind(kind);
    out->row = json_is_null(json_member(body, "row")) ? NULL : json_member(body, "row");
    if (status != STATUS_OK || out->table == NULL || (out->row != NULL && !json_is_object(out->row))) {
        error_set(err, "invalid_request", "送られた内容を読めませんでした。画面を再読み込みしてください。");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

/* A clerk's row as it is stored: the hash of `pin` when one was typed, and never a hash that a browser sent. Other rows
 * stay as they are. *OUT is given, borrowing from ROW. */
static enum status
hide_pin(const struct table *table, const struct json_value *row, struct json_value **out, struct error_detail *err)
{
    bool is_clerk = strcmp(table->key, "clerks") == 0;
    struct json_value *hidden = NULL;
    enum status status = json_object_create(&hidden, err);
    for (const struct json_value *member = json_first(row); member != NULL && status == STATUS_OK;
         member = json_next(member)) {
        const char *key = json_key(member);
        const char *pin;
        if (is_clerk && strcmp(key, "pin") == 0) {
            char hash[PASSWORD_HASH_TEXT_SIZE];
            if (json_as_text(member, &pin) && pin[0] != '\0') {
                status = masters_hash_pin(hash, pin, err);
                status = status == STATUS_OK ? json_put_text(hidden, "pin_hash", hash, err) : status;
            }
        } else if (!is_clerk || strcmp(key, "pin_hash") != 0) {
            status = json_borrow(hidden, key, member, err);
        }
    }
    if (status != STATUS_OK) {
        json_free(hidden);
        return status;
    }
    *out = hidden;
    return STATUS_OK;
}

/* Write row KEY of draft ID as "row" members, the draft, and when WITH_REMARKS what is said about the row. */
static enum status
write_row(struct json_writer *writer, struct service *service, const struct http_request *request, int64_t id,
          const struct table *table, const char *key, bool with_remarks, struct error_detail *err)
{
    struct masters_view view = {0};
    struct overlay_row row;
    char today[CIVIL_DATE_TEXT_SIZE];
    enum status status = masters_view_open_draft(&view, service, request, id, NULL, err);
    if (status == STATUS_OK) {
        json_masters_draft(writer, "draft", &view.draft);
        status = overlay_find(&view.overlay, table, key, &row, err);
    }
    if (status == STATUS_OK) {
        json_begin_object(writer, "saved");
        json_masters_row(writer, table, &row, asked_today(service, today));
        json_end_object(writer);
    } else if (status == STATUS_NOT_FOUND) {
        json_null(writer, "saved"); /* a new row that was taken out again */
        status = STATUS_OK;
    }
    if (status == STATUS_OK && with_remarks) {
        status = json_masters_remarks(writer, &view, table->key, key, err);
    }
    masters_view_close(&view);
    return status;
}

/* 409 with the newest row beside the error. */
static void
respond_row_changed(struct http_request *request, struct service *service, int64_t id, const struct row_request *asked,
                    const struct error_detail *failure)
{
    struct error_detail err;
    struct reply reply;
    reply_begin(&reply);
    json_begin_object(&reply.writer, "error");
    json_text(&reply.writer, "code", failure->code);
    json_text(&reply.writer, "message", failure->message);
    json_end_object(&reply.writer);
    enum status status = write_row(&reply.writer, service, request, id, asked->table, asked->key, false, &err);
    if (status == STATUS_OK) {
        reply_send(&reply, request, 409);
    } else {
        reply_fail(&reply, request, status, &err);
    }
}

static void
respond_row(struct http_request *request, struct service *service, int64_t id, const struct table *table,
            const char *key)
{
    struct error_detail err;
    struct reply reply;
    reply_begin(&reply);
    enum status status = write_row(&reply.writer, service, request, id, table, key, true, &err);
    if (status == STATUS_OK) {
        reply_send(&reply, request, 200);
    } else {
        reply_fail(&reply, request, status, &err);
    }
}

static enum status
save(const struct masters_desk *desk, int64_t id, const struct row_request *asked, char key[MASTERS_ROW_KEY_SIZE],
     struct error_detail *err)
{
    struct json_value *hidden = NULL;
    enum status status = asked->row != NULL ? hide_pin(asked->table, asked->row, &hidden, err) : STATUS_OK;
    if (status == STATUS_OK) {
        struct masters_edit edit = {
            .kind = asked->table->key, .key = asked->key, .seen = asked->seen, .row = hidden, .from = asked->from};
        status = masters_draft_edit(desk, id, &edit, 1, NULL, key, err);
    }
    json_free(hidden);
    return status;
}

void
masters_row_save_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    struct row_request asked = {0};
    struct masters_desk desk = asked_desk(service, request);
    char key[MASTERS_ROW_KEY_SIZE] = "";
    int64_t id = 0;
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        status = asked_body(request, &body, &err);
    }
    if (status == STATUS_OK) {
        status = read_request(body, &asked, &err);
    }
    if (status == STATUS_OK) {
        status = save(&desk, id, &asked, key, &err);
    }
    if (status == STATUS_OK) {
        screens_tell(service, "masters");
        respond_row(request, service, id, asked.table, key);
    } else if (strcmp(err.code, "row_changed") == 0) {
        respond_row_changed(request, service, id, &asked, &err);
    } else {
        respond_failure(request, status, &err);
    }
    json_free(body);
}

static void
decide(struct http_request *request, struct service *service, bool keeps)
{
    struct error_detail err;
    struct json_value *body = NULL;
    struct row_request asked = {0};
    struct masters_desk desk = asked_desk(service, request);
    int64_t id = 0;
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        status = asked_body(request, &body, &err);
    }
    if (status == STATUS_OK) {
        status = read_request(body, &asked, &err);
    }
    if (status == STATUS_OK) {
        const char *key = asked.key != NULL ? asked.key : "";
        status = keeps ? masters_draft_keep(&desk, id, asked.table->key, key, asked.seen, &err)
                       : masters_draft_revert(&desk, id, asked.table->key, key, asked.seen, &err);
    }
    if (status == STATUS_OK) {
        screens_tell(service, "masters");
        respond_row(request, service, id, asked.table, asked.key);
    } else if (strcmp(err.code, "row_changed") == 0) {
        respond_row_changed(request, service, id, &asked, &err);
    } else {
        respond_failure(request, status, &err);
    }
    json_free(body);
}

void
masters_row_revert_endpoint(struct http_request *request, void *context)
{
    decide(request, context, /* keeps= */ false);
}

void
masters_row_keep_endpoint(struct http_request *request, void *context)
{
    decide(request, context, /* keeps= */ true);
}
