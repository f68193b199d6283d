/* Drafts and versions as lists, and one draft. */
#include "settlement/web/endpoints.h"
#include "settlement/web/history.h"
#include "settlement/web/masters_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPEN_DRAFTS_MAX = 200 /* more changes at once nobody keeps in mind */ };

/* A page: one row more than `limit` is read; it tells whether there is a next one. */
struct page {
    struct json_writer *writer;
    int64_t limit;
    int64_t written;
    int64_t last;
    bool has_more;
};

static bool
page_is_full(struct page *page)
{
    page->has_more = page->has_more || page->written == page->limit;
    return page->has_more;
}

static void
write_next(const struct page *page)
{
    char last[24];
    snprintf(last, sizeof last, "%lld", (long long)page->last);
    if (page->has_more) {
        json_cursor(page->writer, (const char *const[]){last}, 1);
    } else {
        json_null(page->writer, "next");
    }
}

static enum status
write_draft(const struct masters_draft *draft, void *context)
{
    struct page *page = context;
    if (!page_is_full(page)) {
        json_masters_draft(page->writer, NULL, draft);
        page->written++;
        page->last = draft->id;
    }
    return STATUS_OK;
}

static enum status
read_page(const struct http_request *request, struct page *page, int64_t *out_before, struct error_detail *err)
{
    struct cursor cursor;
    bool has_cursor = false;
    enum status status = asked_limit(request, &page->limit, err);
    if (status == STATUS_OK) {
        status = asked_cursor(request, 1, &cursor, &has_cursor, err);
    }
    *out_before = status == STATUS_OK && has_cursor ? strtoll(cursor.parts[0], NULL, 10) : 0;
    return status;
}

void
masters_drafts_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct reply reply;
    int64_t before = 0;
    const char *state = asked_text(request, "state");
    bool is_open = state == NULL || strcmp(state, "ended") != 0;
    reply_begin(&reply);
    struct page page = {.writer = &reply.writer};
    enum status status = read_page(request, &page, &before, &err);
    page.limit = is_open ? OPEN_DRAFTS_MAX : page.limit;
    if (status == STATUS_OK) {
        status = asked_begin_read(request, service, &txn, &err);
    }
    json_begin_array(&reply.writer, "rows");
    if (status == STATUS_OK) {
        status = masters_drafts_each(txn, asked_actor(request)->municipality, is_open, before, page.limit + 1,
                                     write_draft, &page, &err);
    }
    json_end_array(&reply.writer);
    store_end(txn);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    write_next(&page);
    reply_send(&reply, request, 200);
}

static enum status
write_version(const struct masters_version *version, void *context)
{
    struct page *page = context;
    if (page_is_full(page)) {
        return STATUS_OK;
    }
    json_begin_object(page->writer, NULL);
    json_int(page->writer, "version", version->version);
    json_instant(page->writer, "published_at", version->loaded_at_ms);
    json_text_or_null(page->writer, "title", version->title);
    json_text(page->writer, "proposed_by", version->proposed_by);
    json_text_or_null(page->writer, "approved_by", version->approved_by);
    json_text(page->writer, "sha256", version->sha256);
    json_end_object(page->writer);
    page->written++;
    page->last = version->version;
    return STATUS_OK;
}

void
masters_versions_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct reply reply;
    int64_t before = 0;
    reply_begin(&reply);
    struct page page = {.writer = &reply.writer};
    enum status status = read_page(request, &page, &before, &err);
    if (status == STATUS_OK) {
        status = asked_begin_read(request, service, &txn, &err);
    }
    json_begin_array(&reply.writer, "rows");
    if (status == STATUS_OK) {
        status = masters_versions_each(txn, asked_actor(request)->municipality, before, page.limit + 1, write_version,
                                       &page, &err);
    }
    json_end_array(&reply.writer);
    store_end(txn);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    write_next(&page);
    reply_send(&reply, request, 200);
}

/* What this user may do with the draft now. */
static void
write_actions(struct json_writer *writer, const struct actor *actor, const struct masters_draft *draft)
{
    bool may_edit = role_has_right(actor->role, RIGHT_EDIT_MASTERS);
    bool may_approve = role_has_right(actor->role, RIGHT_APPROVE_MASTERS);
    bool is_own = strcmp(draft->proposed_by, actor->login) == 0;
    json_begin_array(writer, "actions");
    if (draft->state == MASTERS_EDITING && may_edit) {
        json_text(writer, NULL, "edit");
        json_text(writer, NULL, "propose");
        json_text(writer, NULL, "discard");
    }
    if (draft->state == MASTERS_PROPOSED && may_approve && !is_own) {
        json_text(writer, NULL, "approve");
    }
    if (draft->state == MASTERS_PROPOSED && (may_approve || is_own)) {
        json_text(writer, NULL, "return");
    }
    json_end_array(writer);
}

void
masters_draft_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct masters_draft draft;
    struct masters_version current;
    struct reply reply;
    int64_t id;
    const char *municipality = asked_actor(request)->municipality;
    reply_begin(&reply);
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        status = asked_begin_read(request, service, &txn, &err);
    }
    if (status == STATUS_OK) {
        status = masters_draft_find(txn, municipality, id, &draft, &err);
    }
    if (status == STATUS_OK) {
        status = masters_current(txn, municipality, &current, NULL, &err);
    }
    if (status == STATUS_OK) {
        char object[48];
        snprintf(object, sizeof object, "masters_draft:%lld", (long long)id);
        json_masters_draft(&reply.writer, "draft", &draft);
        json_int(&reply.writer, "current_version", current.version);
        write_actions(&reply.writer, asked_actor(request), &draft);
        status = json_history(&reply.writer, "history", txn, municipality, object, &err);
    }
    store_end(txn);
    if (status == STATUS_OK) {
        reply_send(&reply, request, 200);
    } else {
        reply_fail(&reply, request, status, &err);
    }
}
