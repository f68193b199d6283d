/* The formats that files can have: the program's and the city's own that are in use; one with its versions. What is
 * proposed stands in layout_uses.c. */
#include "settlement/imports/city_layouts.h"
#include "settlement/store/layout_use_store.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"

#include <string.h>

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

/* The city's versions in use, while they are written: the program's of the same name is left out then. */
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
        status = layout_in_use_each(txn, asked_actor(request)->municipality, NULL, write_own, &listing, &err);
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
    int64_t waiting = 0;
    int64_t in_use = 0;
    bool has_version = false;
    const char *name = http_request_parameter(request, "layout");
    const char *shipped = layouts_shipped_text(name);
    json_text(&reply.writer, "layout", name);
    json_text_or_null(&reply.writer, "shipped", shipped != NULL ? shipped : "");
    json_begin_array(&reply.writer, "versions");
    enum status status = asked_begin_read(request, service, &txn, &err);
    if (status == STATUS_OK) {
        status = layout_each(txn, asked_actor(request)->municipality, name, 0, write_version, &reply.writer, &err);
    }
    json_end_array(&reply.writer);
    if (status == STATUS_OK) {
        status =
            layout_use_stand(txn, asked_actor(request)->municipality, name, 0, &waiting, &in_use, &has_version, &err);
        json_int(&reply.writer, "in_use", in_use);
        json_int_or_null(&reply.writer, "waiting", waiting);
    }
    store_end(txn);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    reply_send(&reply, request, 200);
}
