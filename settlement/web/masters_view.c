/* Opening what is looked at, and writing its rows. */
#include "settlement/web/masters_view.h"

#include "settlement/masters/draft_remarks.h"

#include <stdlib.h>
#include <string.h>

struct masters_desk
asked_desk(struct service *service, const struct http_request *request)
{
    return (struct masters_desk){.store = service->store,
                                 .shelf = service->shelf,
                                 .actor = asked_actor(request),
                                 .now_ms = asked_now_ms(service)};
}

const char *
asked_today(const struct service *service, char out[CIVIL_DATE_TEXT_SIZE])
{
    return civil_date_format(out, civil_date_at(asked_now_ms(service)));
}

enum status
asked_kind(const struct http_request *request, const struct table **out, struct error_detail *err)
{
    const char *kind = asked_text(request, "kind");
    *out = kind != NULL ? masters_kind(kind) : NULL;
    if (*out == NULL) {
        error_set(err, "invalid_request", "マスタの種類の指定が正しくありません。");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static enum status
open_book(struct masters_view *view, const char *municipality, int64_t version, const char *kind,
          struct error_detail *err)
{
    enum status status = masters_book_hold(view->service->shelf, view->txn, municipality, version, &view->book, err);
    if (status == STATUS_NOT_FOUND && version == 0) {
        error_set(err, "not_found", "まだマスタがありません。最初の版は masters load で読み込んでください。");
    }
    return status == STATUS_OK
               ? overlay_read(&view->overlay, view->book, view->txn, view->has_draft ? view->draft.id : 0, kind, err)
               : status;
}

enum status
masters_view_open_draft(struct masters_view *view, struct service *service, const struct http_request *request,
                        int64_t id, const char *kind, struct error_detail *err)
{
    const char *municipality = asked_actor(request)->municipality;
    *view = (struct masters_view){.service = service, .has_draft = true};
    enum status status = asked_begin_read(request, service, &view->txn, err);
    if (status == STATUS_OK) {
        status = masters_draft_find(view->txn, municipality, id, &view->draft, err);
    }
    int64_t base = status == STATUS_OK && view->draft.state == MASTERS_PUBLISHED ? view->draft.version - 1 : 0;
    return status == STATUS_OK ? open_book(view, municipality, base, kind, err) : status;
}

enum status
masters_view_open(struct masters_view *view, struct service *service, const struct http_request *request,
                  const char *kind, struct error_detail *err)
{
    int64_t draft;
    int64_t version = 0;
    *view = (struct masters_view){.service = service};
    enum status status = asked_int(request, "draft", 0, 1, INT64_MAX, &draft, err);
    if (status == STATUS_OK) {
        status = asked_int(request, "version", 0, 1, INT64_MAX, &version, err);
    }
    if (status == STATUS_OK && draft != 0) {
        return masters_view_open_draft(view, service, request, draft, kind, err);
    }
    if (status == STATUS_OK) {
        status = asked_begin_read(request, service, &view->txn, err);
    }
    return status == STATUS_OK ? open_book(view, asked_actor(request)->municipality, version, kind, err) : status;
}

void
masters_view_close(struct masters_view *view)
{
    overlay_finish(&view->overlay);
    if (view->book != NULL) {
        masters_book_release(view->service->shelf, view->book);
    }
    store_end(view->txn);
    *view = (struct masters_view){0};
}

void
json_masters_value(struct json_writer *writer, const char *key, const struct json_value *row)
{
    if (row == NULL) {
        json_null(writer, key);
        return;
    }
    json_begin_object(writer, key);
    for (const struct json_value *member = json_first(row); member != NULL; member = json_next(member)) {
        if (strcmp(json_key(member), "pin_hash") != 0) {
            json_value(writer, json_key(member), member);
        }
    }
    json_end_object(writer);
}

static const char *
text_member(const struct json_value *row, const char *key, const char *fallback)
{
    const char *text;
    return json_as_text(json_member(row, key), &text) ? text : fallback;
}

static const char *
period_of(const struct table *table, const struct json_value *row, const char *today)
{
    if (!table->has_validity) {
        return "always";
    }
    if (strcmp(text_member(row, "valid_from", ""), today) > 0) {
        return "future";
    }
    return strcmp(text_member(row, "valid_to", "9999"), today) < 0 ? "past" : "current";
}

void
json_masters_row(struct json_writer *writer, const struct table *table, const struct overlay_row *row,
                 const char *today)
{
    const struct overlay_change *change = row->change;
    json_text(writer, "key", row->key);
    json_masters_value(writer, "row", row->value);
    if (row->state == OVERLAY_CHANGED) {
        json_masters_value(writer, "published", row->published);
    }
    json_text(writer, "state", overlay_state_word(row->state));
    json_text(writer, "period", period_of(table, row->value, today));
    json_int(writer, "revision", change != NULL ? change->revision : 0);
    json_bool(writer, "is_conflict", change != NULL && change->is_conflict);
    if (change != NULL) {
        json_person(writer, "by", change->changed_by, change->changed_by_name);
        json_instant(writer, "at", change->changed_at_ms);
    }
    if (strcmp(table->key, "clerks") == 0) {
        json_bool(writer, "has_pin", text_member(row->value, "pin_hash", "")[0] != '\0');
    }
}

void
json_masters_draft(struct json_writer *writer, const char *key, const struct masters_draft *draft)
{
    json_begin_object(writer, key);
    json_int(writer, "id", draft->id);
    json_text(writer, "title", draft->title);
    json_text(writer, "state", masters_draft_state_word(draft->state));
    json_text(writer, "state_name", masters_draft_state_name(draft->state));
    json_int(writer, "revision", draft->revision);
    json_int(writer, "change_count", draft->change_count);
    json_person(writer, "created_by", draft->created_by, draft->created_by_name);
    json_instant(writer, "created_at", draft->created_at_ms);
    json_instant(writer, "changed_at", draft->changed_at_ms);
    json_person(writer, "proposed_by", draft->proposed_by, draft->proposed_by_name);
    json_instant(writer, "proposed_at", draft->proposed_at_ms);
    json_person(writer, "approved_by", draft->approved_by, draft->approved_by_name);
    json_instant(writer, "approved_at", draft->approved_at_ms);
    json_int_or_null(writer, "version", draft->version);
    json_end_object(writer);
}

/* The keys of a table's rows by their index in the merged document, made when the first remark of the table comes. */
struct key_list {
    const struct table *table;
    struct overlay_row *rows; /* without those taken out */
    size_t count;
};

static enum status
keys_of(struct masters_view *view, const struct table *table, struct key_list *list, struct error_detail *err)
{
    if (list->table == table) {
        return STATUS_OK;
    }
    free(list->rows);
    *list = (struct key_list){.table = table};
    size_t count = 0;
    enum status status = overlay_rows(&view->overlay, table, &list->rows, &count, err);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        if (list->rows[i].state != OVERLAY_REMOVED) {
            list->rows[list->count++] = list->rows[i];
        }
    }
    return status;
}

static void
write_remark(struct json_writer *writer, const struct remark *remark, const struct table *table,
             const struct overlay_row *row)
{
    char first[REMARK_MEMBER_SIZE];
    size_t length = strcspn(remark->member, ".[");
    memcpy(first, remark->member, length);
    first[length] = '\0';
    const struct field *field = table != NULL ? table_field(table, first) : NULL;
    const char *code = row != NULL ? text_member(row->value, table_code_key(table), NULL) : NULL;
    json_begin_object(writer, NULL);
    json_text(writer, "kind", table != NULL ? table->key : remark->place.table);
    json_text(writer, "kind_name", table != NULL ? table->title : "文書");
    json_text(writer, "key", row != NULL ? row->key : NULL);
    json_text(writer, "code", code);
    json_text(writer, "name", row != NULL ? text_member(row->value, "name", code) : NULL);
    json_text(writer, "member", remark->member);
    json_text(writer, "title", field != NULL && field->title != NULL ? field->title : NULL);
    json_text(writer, "message", remark->message);
    json_bool(writer, "is_warning", remark->is_warning);
    json_end_object(writer);
}

/* The schema of what REMARK is about. Root members of the settings' row count as the settings. */
static const struct table *
table_of(const struct remark *remark)
{
    if (strcmp(remark->place.table, masters_settings_row.key) == 0 ||
        (remark->place.table[0] == '\0' && table_field(&masters_settings_row, remark->member) != NULL)) {
        return &masters_settings_row;
    }
    return masters_table(remark->place.table);
}

static enum status
write_remarks(struct json_writer *writer, struct masters_view *view, const struct remarks *remarks, const char *kind,
              const char *key, struct error_detail *err)
{
    struct key_list keys = {0};
    enum status status = STATUS_OK;
    for (size_t i = 0; i < remarks->count && status == STATUS_OK; i++) {
        const struct remark *remark = &remarks->rows[i];
        const struct table *table = table_of(remark);
        const struct overlay_row *row = NULL;
        if (kind != NULL && (table == NULL || strcmp(table->key, kind) != 0)) {
            continue;
        }
        if (table != NULL && (remark->place.index != REMARK_NO_ROW || table == &masters_settings_row)) {
            size_t index = table == &masters_settings_row ? 0 : remark->place.index;
            status = keys_of(view, table, &keys, err);
            row = status == STATUS_OK && index < keys.count ? &keys.rows[index] : NULL;
        }
        if (key == NULL || (row != NULL && strcmp(row->key, key) == 0)) {
            write_remark(writer, remark, table, row);
        }
    }
    free(keys.rows);
    return status;
}

enum status
json_masters_remarks(struct json_writer *writer, struct masters_view *view, const char *kind, const char *key,
                     struct error_detail *err)
{
    struct remarks remarks;
    char today[CIVIL_DATE_TEXT_SIZE];
    remarks_init(&remarks);
    enum status status = masters_draft_remarks(&view->overlay, asked_today(view->service, today), &remarks, err);
    json_begin_array(writer, "remarks");
    if (status == STATUS_OK) {
        status = write_remarks(writer, view, &remarks, kind, key, err);
    }
    json_end_array(writer);
    json_int(writer, "error_count", (int64_t)remarks.error_count);
    json_int(writer, "warning_count", (int64_t)remarks.warning_count);
    json_bool(writer, "is_cut", remarks.error_count + remarks.warning_count > remarks.count);
    remarks_finish(&remarks);
    return status;
}
