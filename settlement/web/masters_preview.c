/* 「4/1に何が変わるか」: what a place sells on two days, side by side. */
#include "settlement/masters/difference.h"
#include "settlement/masters/offer.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/masters_view.h"

#include <stdlib.h>
#include <string.h>

static const char *
text_member(const struct json_value *row, const char *key)
{
    const char *text = NULL;
    return json_as_text(json_member(row, key), &text) ? text : NULL;
}

/* What an item costs: a price, or the tariff of that day. */
static void
write_side(struct json_writer *writer, const char *key, const struct json_value *item, const struct json_value *tariff)
{
    int64_t yen;
    if (item == NULL) {
        json_null(writer, key);
        return;
    }
    json_begin_object(writer, key);
    json_text(writer, "name", text_member(item, "name"));
    json_text(writer, "valid_from", text_member(item, "valid_from"));
    json_text(writer, "valid_to", text_member(item, "valid_to"));
    if (json_as_int(json_member(item, "price_yen"), &yen)) {
        json_int(writer, "price_yen", yen);
    } else {
        json_null(writer, "price_yen");
    }
    json_text(writer, "tariff", text_member(item, "tariff"));
    json_text(writer, "tariff_name", text_member(tariff, "name"));
    json_text(writer, "tariff_from", text_member(tariff, "valid_from"));
    json_bool(writer, "has_no_price", text_member(item, "tariff") != NULL && tariff == NULL);
    json_end_object(writer);
}

/* What a row that follows another says differently; nothing when they are the same row. */
static void
write_change(struct json_writer *writer, const char *key, const struct table *table, const struct json_value *before,
             const struct json_value *after, const struct json_value *document)
{
    if (before == NULL || after == NULL || before == after) {
        return;
    }
    struct overlay_row old = {.value = before, .state = OVERLAY_SAME};
    struct overlay_row row = {.value = after, .state = OVERLAY_ADDED};
    json_begin_object(writer, key);
    difference_write(writer, table, &row, &old, document);
    json_end_object(writer);
}

/* The members that differ, of the item and of its tariff. */
static void
write_changes(struct json_writer *writer, const struct offer *offer, const struct json_value *document)
{
    write_change(writer, "item_change", masters_table("items"), offer->on_first, offer->on_second, document);
    write_change(writer, "tariff_change", masters_table("tariffs"), offer->tariff_first, offer->tariff_second,
                 document);
}

static const char *
change_of(const struct offer *offer)
{
    if (offer->on_first == NULL) {
        return "begins";
    }
    if (offer->on_second == NULL) {
        return "ends";
    }
    return offer->has_changed ? "changes" : "same";
}

static void
write_offer(struct json_writer *writer, const struct offer *offer, const struct json_value *document)
{
    const struct json_value *item = offer->on_second != NULL ? offer->on_second : offer->on_first;
    json_begin_object(writer, NULL);
    json_text(writer, "code", offer->code);
    json_text(writer, "name", text_member(item, "name"));
    json_text(writer, "category", text_member(item, "category"));
    json_text(writer, "facility", text_member(item, "facility"));
    json_text(writer, "change", change_of(offer));
    write_side(writer, "first", offer->on_first, offer->tariff_first);
    write_side(writer, "second", offer->on_second, offer->tariff_second);
    write_changes(writer, offer, document);
    json_end_object(writer);
}

/* What narrows the preview. */
struct preview_request {
    const char *place;
    const char *first;
    const char *second;
    bool only_changes;
    int64_t limit;
    bool has_cursor;
    struct cursor cursor;
};

static enum status
read_request(const struct http_request *request, struct preview_request *out, struct error_detail *err)
{
    int64_t changed = 0;
    out->place = asked_text(request, "place");
    enum status status = asked_day(request, "first", &out->first, err);
    if (status == STATUS_OK) {
        status = asked_day(request, "second", &out->second, err);
    }
    if (status == STATUS_OK) {
        status = asked_int(request, "changed", 0, 0, 1, &changed, err);
    }
    if (status == STATUS_OK) {
        status = asked_limit(request, &out->limit, err);
    }
    if (status == STATUS_OK) {
        status = asked_cursor(request, 1, &out->cursor, &out->has_cursor, err);
    }
    out->only_changes = changed != 0;
    if (status == STATUS_OK && (out->first == NULL || out->second == NULL)) {
        error_set(err, "invalid_request", "比べる二つの日を選んでください。");
        status = STATUS_INVALID;
    }
    return status;
}

static void
write_preview(struct reply *reply, const struct preview_request *asked, const struct offer *offers, size_t count,
              const struct json_value *document)
{
    struct json_writer *writer = &reply->writer;
    int64_t totals[4] = {0};
    static const char *const words[] = {"same", "changes", "begins", "ends"};
    bool is_behind = !asked->has_cursor;
    bool has_more = false;
    const char *last = NULL;
    int64_t written = 0;
    json_begin_array(writer, "rows");
    for (size_t i = 0; i < count; i++) {
        const char *change = change_of(&offers[i]);
        for (size_t k = 0; k < 4; k++) {
            totals[k] += strcmp(words[k], change) == 0 ? 1 : 0;
        }
        bool is_wanted = !asked->only_changes || strcmp(change, "same") != 0;
        if (is_behind && is_wanted && written < asked->limit) {
            write_offer(writer, &offers[i], document);
            last = offers[i].code;
            written++;
        } else if (is_behind && is_wanted) {
            has_more = true;
        }
        is_behind = is_behind || strcmp(offers[i].code, asked->cursor.parts[0]) == 0;
    }
    json_end_array(writer);
    json_begin_object(writer, "totals");
    for (size_t k = 0; k < 4; k++) {
        json_int(writer, words[k], totals[k]);
    }
    json_end_object(writer);
    if (has_more) {
        json_cursor(writer, &last, 1);
    } else {
        json_null(writer, "next");
    }
}

void
masters_preview_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct masters_view view = {0};
    struct preview_request asked = {0};
    struct json_value *document = NULL;
    struct offer *offers = NULL;
    size_t count = 0;
    size_t ignored;
    enum status status = read_request(request, &asked, &err);
    if (status == STATUS_OK) {
        status = masters_view_open(&view, service, request, NULL, &err);
    }
    if (status == STATUS_OK) {
        status = overlay_merge(&view.overlay, view.book->version.version, &document, &ignored, &err);
    }
    if (status == STATUS_OK) {
        status = masters_offers(document, asked.place, asked.first, asked.second, &offers, &count, &err);
    }
    if (status == STATUS_OK) {
        struct reply reply;
        reply_begin(&reply);
        write_preview(&reply, &asked, offers, count, document);
        reply_send(&reply, request, 200);
    } else {
        respond_failure(request, status, &err);
    }
    free(offers);
    json_free(document);
    masters_view_close(&view);
}
