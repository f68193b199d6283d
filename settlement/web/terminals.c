/* Tills, the places where they may stand, the codes by which they enrol, and the end of their right to send. */
#include "common/bytes/encoding.h"
#include "settlement/catalogue/catalogue.h"
#include "settlement/store/access_log_store.h"
#include "settlement/store/terminal_query_store.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"

#include <stdio.h>
#include <string.h>

enum {
    /* In bytes: 160 characters of Japanese, what the till's row holds. */
    REASON_MAX_BYTES = TERMINAL_REASON_SIZE - 1,
};

static const char *
state_name(const char *state)
{
    return strcmp(state, "active") == 0 ? "稼働中" : strcmp(state, "quarantined") == 0 ? "受付停止" : "失効";
}

/* One row more than `limit` is read; it tells whether there is a next page. */
struct page {
    struct json_writer *writer;
    const struct catalogue *catalogue;
    const char *key; /* of the object; NULL in a list */
    int64_t limit;
    int64_t written;
    bool has_more;
    char last[TERMINAL_ID_SIZE];
};

static enum status
write_terminal(const struct terminal_view *view, void *context)
{
    struct page *page = context;
    struct json_writer *writer = page->writer;
    char hash[SHA256_TEXT_SIZE];
    if (page->written == page->limit) {
        page->has_more = true;
        return STATUS_OK;
    }
    hex_encode(hash, view->head_hash, sizeof view->head_hash);
    json_begin_object(writer, page->key);
    json_text(writer, "terminal", view->terminal);
    json_text(writer, "place", view->place);
    json_text(writer, "place_name", catalogue_name(page->catalogue, "places", view->place));
    json_text(writer, "state", view->state);
    json_text(writer, "state_name", state_name(view->state));
    json_text_or_null(writer, "reason", view->reason);
    json_instant(writer, "enrolled_at", view->enrolled_at_ms);
    json_instant(writer, "last_seen_at", view->last_upload_ms);
    json_begin_object(writer, "acknowledged");
    json_int(writer, "sequence", view->head_sequence);
    json_text(writer, "hash", hash);
    json_end_object(writer);
    json_text_or_null(writer, "last_business_date", view->business_date);
    json_bool(writer, "day_is_open", view->day_is_open);
    json_int(writer, "parked_count", view->parked_count);
    json_bool(writer, "is_silent", view->is_silent);
    json_end_object(writer);
    snprintf(page->last, sizeof page->last, "%s", view->terminal);
    page->written++;
    return STATUS_OK;
}

static enum status
write_terminals(const struct http_request *request, struct store_txn *txn, struct page *page, int64_t now_ms,
                struct error_detail *err)
{
    struct cursor cursor;
    bool has_cursor = false;
    struct catalogue *catalogue = NULL;
    const char *municipality = asked_actor(request)->municipality;
    enum status status = asked_limit(request, &page->limit, err);
    if (status == STATUS_OK) {
        status = asked_cursor(request, 1, &cursor, &has_cursor, err);
    }
    if (status == STATUS_OK) {
        status = catalogue_load(&catalogue, txn, municipality, err);
    }
    json_begin_array(page->writer, "rows");
    if (status == STATUS_OK) {
        page->catalogue = catalogue;
        struct terminal_query query = {.municipality = municipality,
                                       .after = has_cursor ? cursor.parts[0] : NULL,
                                       .now_ms = now_ms,
                                       .limit = page->limit + 1};
        status = terminal_view_each(txn, &query, write_terminal, page, err);
    }
    json_end_array(page->writer);
    catalogue_destroy(catalogue);
    return status;
}

void
terminals_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct reply reply;
    reply_begin(&reply);
    struct page page = {.writer = &reply.writer};
    enum status status = asked_begin_read(request, service, &txn, &err);
    if (status == STATUS_OK) {
        status = write_terminals(request, txn, &page, asked_now_ms(service), &err);
    }
    store_end(txn);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    json_text(&reply.writer, "next", page.has_more ? page.last : NULL);
    reply_send(&reply, request, 200);
}

/* Revoke the till named in the path and write down who did it. */
static enum status
revoke(const struct http_request *request, struct store_txn *txn, const char *reason, int64_t now_ms,
       struct error_detail *err)
{
    struct terminal terminal;
    char object[32 + TERMINAL_ID_SIZE];
    const struct actor *actor = asked_actor(request);
    enum status status = terminal_find(txn, http_request_parameter(request, "terminal"), &terminal, err);
    bool is_foreign = status == STATUS_OK && strcmp(terminal.municipality, actor->municipality) != 0;
    if (status == STATUS_NOT_FOUND || is_foreign) {
        error_set(err, "not_found", "この番号の端末は登録されていません。");
        return STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK && terminal.state == TERMINAL_REVOKED) {
        error_set(err, "wrong_state", "端末 %s の登録は取り消し済みです。", terminal.terminal);
        return STATUS_CONFLICT;
    }
    if (status == STATUS_OK) {
        status = terminal_set_state(txn, terminal.terminal, TERMINAL_REVOKED, reason, now_ms, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    snprintf(object, sizeof object, "terminal:%s", terminal.terminal);
    struct access_entry entry = {.what = "revoke",
                                 .object = object,
                                 .before = terminal_state_word(terminal.state),
                                 .after = terminal_state_word(TERMINAL_REVOKED),
                                 .reason = reason};
    return access_log_append(txn, actor, now_ms, &entry, err);
}

static enum status
read_reason(const struct json_value *body, const char **out, struct error_detail *err)
{
    enum status status = json_get_text(body, "reason", REASON_MAX_BYTES, out, err);
    if (status != STATUS_OK || (*out)[strspn(*out, " ")] == '\0') {
        error_set(err, "invalid_request", "理由を1文字以上%d文字以下で入力してください。", REASON_MAX_BYTES / 3);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

/* Write the till as it is now as member "terminal". */
static enum status
write_one_terminal(const struct http_request *request, struct store_txn *txn, struct json_writer *writer,
                   int64_t now_ms, struct error_detail *err)
{
    struct catalogue *catalogue = NULL;
    struct terminal_query query = {.municipality = asked_actor(request)->municipality,
                                   .terminal = http_request_parameter(request, "terminal"),
                                   .now_ms = now_ms,
                                   .limit = 1};
    enum status status = catalogue_load(&catalogue, txn, query.municipality, err);
    if (status == STATUS_OK) {
        struct page page = {.writer = writer, .catalogue = catalogue, .key = "terminal", .limit = 1};
        status = terminal_view_each(txn, &query, write_terminal, &page, err);
    }
    catalogue_destroy(catalogue);
    return status;
}

void
terminal_revoke_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    struct store_txn *txn = NULL;
    const char *reason;
    int64_t now_ms = asked_now_ms(service);
    struct reply reply;
    reply_begin(&reply);
    enum status status = asked_body(request, &body, &err);
    if (status == STATUS_OK) {
        status = read_reason(body, &reason, &err);
    }
    if (status == STATUS_OK) {
        status = store_begin_write_for(service->store, asked_actor(request)->municipality, &txn, &err);
    }
    if (status == STATUS_OK) {
        status = revoke(request, txn, reason, now_ms, &err);
    }
    if (status == STATUS_OK) {
        status = write_one_terminal(request, txn, &reply.writer, now_ms, &err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, &err);
    }
    store_end(txn);
    json_free(body);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    screens_tell(service, "terminals");
    reply_send(&reply, request, 200);
}

static const char *
text_member(const struct json_value *row, const char *key)
{
    const char *text = NULL;
    return json_as_text(json_member(row, key), &text) ? text : "";
}

static void
write_places(struct json_writer *writer, const struct catalogue *catalogue)
{
    const struct json_value *row = json_first(catalogue_table(catalogue, "places"));
    for (; row != NULL; row = json_next(row)) {
        const char *section = text_member(row, "section");
        json_begin_object(writer, NULL);
        json_text(writer, "place", text_member(row, "code"));
        json_text(writer, "name", text_member(row, "name"));
        json_text(writer, "section", section);
        json_text(writer, "section_name", catalogue_name(catalogue, "sections", section));
        json_end_object(writer);
    }
}

void
places_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct catalogue *catalogue = NULL;
    struct reply reply;
    reply_begin(&reply);
    enum status status = asked_begin_read(request, service, &txn, &err);
    if (status == STATUS_OK) {
        status = catalogue_load(&catalogue, txn, asked_actor(request)->municipality, &err);
    }
    store_end(txn);
    json_begin_array(&reply.writer, "rows");
    if (status == STATUS_OK) {
        write_places(&reply.writer, catalogue);
    }
    json_end_array(&reply.writer);
    json_null(&reply.writer, "next"); /* masters are small: one page */
    catalogue_destroy(catalogue);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    reply_send(&reply, request, 200);
}
