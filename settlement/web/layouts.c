/* The formats that files can have: the program's and the city's own; one with its versions; saving a new version. */
#include "settlement/imports/city_layouts.h"
#include "settlement/store/access_log_store.h"
#include "settlement/store/layout_store.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"

#include <stdio.h>
#include <string.h>

enum { REASON_MAX_BYTES = 1000 };

static void
write_layout(struct json_writer *writer, const char *name, const struct layout *layout, const struct layout_row *row)
{
    json_begin_object(writer, NULL);
    json_text(writer, "layout", name);
    json_text(writer, "name", layout_title(layout));
    json_text(writer, "kind", layout_gives(layout) == LAYOUT_GIVES_STATEMENT ? "statement" : "bank");
    json_text(writer, "encoding", layout_encoding(layout));
    json_int(writer, "version", row != NULL ? row->version : 0);
    if (row != NULL) {
        json_instant(writer, "saved_at", row->saved_at_ms);
        json_person(writer, "saved_by", row->saved_by, row->saved_by_name);
        json_text(writer, "reason", row->reason);
    }
    json_end_object(writer);
}

/* The city's newest versions, while they are written: the program's of the same name is left out then. */
struct listing {
    struct json_writer *writer;
    const struct layouts *layouts;
    bool is_replaced[LAYOUTS_MAX];
    struct error_detail *err;
};

static enum status
write_own(const struct layout_row *row, void *context)
{
    struct listing *listing = context;
    struct layout *layout = NULL;
    enum status status = layout_create(&layout, row->descriptor, strlen(row->descriptor), listing->err);
    if (status != STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < layouts_count(listing->layouts); i++) {
        bool is_it = strcmp(layouts_at(listing->layouts, i)->name, row->name) == 0;
        listing->is_replaced[i] = listing->is_replaced[i] || is_it;
    }
    write_layout(listing->writer, row->name, layout, row);
    layout_destroy(layout);
    return STATUS_OK;
}

void
layouts_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct reply reply;
    reply_begin(&reply);
    struct listing listing = {.writer = &reply.writer, .layouts = service->layouts, .err = &err};
    enum status status = asked_begin_read(request, service, &txn, &err);
    json_begin_array(&reply.writer, "rows");
    if (status == STATUS_OK) {
        status = layout_each(txn, asked_actor(request)->municipality, NULL, write_own, &listing, &err);
    }
    store_end(txn);
    for (size_t i = 0; status == STATUS_OK && i < layouts_count(service->layouts); i++) {
        const struct layout_entry *entry = layouts_at(service->layouts, i);
        if (!listing.is_replaced[i]) {
            write_layout(&reply.writer, entry->name, entry->layout, NULL);
        }
    }
    json_end_array(&reply.writer);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    reply_send(&reply, request, 200);
}

static enum status
write_version(const struct layout_row *row, void *context)
{
    struct json_writer *writer = context;
    json_begin_object(writer, NULL);
    json_int(writer, "version", row->version);
    json_instant(writer, "saved_at", row->saved_at_ms);
    json_person(writer, "saved_by", row->saved_by, row->saved_by_name);
    json_text(writer, "reason", row->reason);
    json_text(writer, "descriptor", row->descriptor);
    json_end_object(writer);
    return STATUS_OK;
}

void
layout_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct reply reply;
    reply_begin(&reply);
    const char *name = http_request_parameter(request, "layout");
    const char *shipped = layouts_shipped_text(name);
    json_text(&reply.writer, "layout", name);
    json_text_or_null(&reply.writer, "shipped", shipped != NULL ? shipped : "");
    json_begin_array(&reply.writer, "versions");
    enum status status = asked_begin_read(request, service, &txn, &err);
    if (status == STATUS_OK) {
        status = layout_each(txn, asked_actor(request)->municipality, name, write_version, &reply.writer, &err);
    }
    store_end(txn);
    json_end_array(&reply.writer);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    reply_send(&reply, request, 200);
}

static enum status
save(struct store *store, const struct actor *actor, const struct layout_row *row, int64_t *out_version,
     struct error_detail *err)
{
    struct store_txn *txn = NULL;
    char object[LOGIN_SIZE + 64];
    char after[32];
    snprintf(object, sizeof object, "layout:%s", row->name);
    enum status status = store_begin_write_for(store, actor->municipality, &txn, err);
    if (status == STATUS_OK) {
        status = layout_add(txn, actor->municipality, row, out_version, err);
    }
    if (status == STATUS_OK) {
        snprintf(after, sizeof after, "第%lld版", (long long)*out_version);
        const struct access_entry entry = {
            .what = "layout_save", .object = object, .after = after, .reason = row->reason};
        status = access_log_append(txn, actor, row->saved_at_ms, &entry, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

void
layout_save_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    struct layout *layout = NULL;
    const char *descriptor = NULL;
    const char *reason = NULL;
    int64_t version = 0;
    enum status status = asked_body(request, &body, &err);
    if (status == STATUS_OK) {
        status = json_get_text(body, "descriptor", LAYOUT_MAX_BYTES, &descriptor, &err);
    }
    if (status == STATUS_OK) {
        status = json_get_text(body, "reason", REASON_MAX_BYTES, &reason, &err);
    }
    if (status == STATUS_OK && reason[0] == '\0') {
        error_set(&err, "invalid_request", "保存する理由（どのファイルで確かめたか）を書いてください。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = layout_create(&layout, descriptor, strlen(descriptor), &err);
    }
    if (status == STATUS_OK) {
        const struct actor *actor = asked_actor(request);
        const struct layout_row row = {.name = layout_name(layout),
                                       .descriptor = descriptor,
                                       .saved_at_ms = asked_now_ms(service),
                                       .saved_by = actor->login,
                                       .reason = reason};
        status = save(service->store, actor, &row, &version, &err);
    }
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
    } else {
        struct reply reply;
        reply_begin(&reply);
        json_text(&reply.writer, "layout", layout_name(layout));
        json_int(&reply.writer, "version", version);
        reply_send(&reply, request, 201);
        screens_tell(service, "imports");
    }
    layout_destroy(layout);
    json_free(body);
}
