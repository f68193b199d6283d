/* What changes: a draft against the published version, or one version against another, row by row and in words. */
#include "settlement/masters/difference.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/masters_view.h"

#include <stdlib.h>
#include <string.h>

/* A page of differences. Rows are counted through all kinds; the cursor is "KIND~KEY". */
struct diff_page {
    struct json_writer *writer;
    const struct json_value *document; /* names codes */
    const char *only_kind;             /* NULL: all */
    int64_t limit;
    int64_t written;
    const char *after_kind; /* NULL: from the first */
    const char *after_key;
    bool is_behind;
    bool has_more;
    char last_kind[MASTERS_KIND_SIZE];
    char last_key[MASTERS_ROW_KEY_SIZE];
};

static const char *
text_member(const struct json_value *row, const char *key)
{
    const char *text = NULL;
    return json_as_text(json_member(row, key), &text) ? text : NULL;
}

/* What somebody else published in the place of this row meanwhile. */
static void
write_conflict(struct json_writer *writer, const struct table *table, const struct overlay_row *row,
               const struct json_value *document)
{
    if (row->change == NULL || !row->change->is_conflict) {
        json_null(writer, "conflict");
        return;
    }
    const struct json_value *now = row->change->published;
    struct overlay_row theirs = {.value = now != NULL ? now : row->change->before,
                                 .published = row->change->before,
                                 .state = now == NULL ? OVERLAY_REMOVED : OVERLAY_CHANGED};
    json_begin_object(writer, "conflict");
    difference_write(writer, table, &theirs, NULL, document);
    json_end_object(writer);
}

static void
write_difference(struct diff_page *page, const struct table *table, const struct overlay_row *row,
                 const struct predecessors *predecessors)
{
    struct json_writer *writer = page->writer;
    const struct overlay_change *change = row->change;
    json_begin_object(writer, NULL);
    json_text(writer, "kind", table->key);
    json_text(writer, "kind_name", table->title);
    json_text(writer, "key", row->key);
    json_text(writer, "code", text_member(row->value, table_code_key(table)));
    json_text(writer, "name", text_member(row->value, "name"));
    json_text(writer, "state", overlay_state_word(row->state));
    json_text(writer, "valid_from", text_member(row->value, "valid_from"));
    json_text(writer, "valid_to", text_member(row->value, "valid_to"));
    difference_write(writer, table, row, row->state == OVERLAY_ADDED ? predecessor_of(predecessors, row) : NULL,
                     page->document);
    json_int(writer, "revision", change != NULL ? change->revision : 0);
    if (change != NULL) {
        json_person(writer, "by", change->changed_by, change->changed_by_name);
        json_instant(writer, "at", change->changed_at_ms);
    }
    write_conflict(writer, table, row, page->document);
    json_end_object(writer);
}

/* The differences of one table that belong to the page. */
static enum status
write_table(struct diff_page *page, const struct table *table, const struct overlay_row *rows, size_t count,
            struct error_detail *err)
{
    struct predecessors predecessors;
    enum status status = predecessors_find(&predecessors, table, rows, count, err);
    bool is_cursor_kind = page->after_kind != NULL && strcmp(page->after_kind, table->key) == 0;
    for (size_t i = 0; status == STATUS_OK && i < count && !page->has_more; i++) {
        if (rows[i].state == OVERLAY_SAME && (rows[i].change == NULL || !rows[i].change->is_conflict)) {
            continue;
        }
        if (!page->is_behind) {
            page->is_behind = is_cursor_kind && strcmp(rows[i].key, page->after_key) == 0;
            continue;
        }
        if (page->written == page->limit) {
            page->has_more = true;
            break;
        }
        write_difference(page, table, &rows[i], &predecessors);
        page->written++;
        memcpy(page->last_kind, table->key, strlen(table->key) + 1);
        memcpy(page->last_key, rows[i].key, sizeof page->last_key);
    }
    /* A cursor that points to a row which is gone: what is behind its kind follows. */
    page->is_behind = page->is_behind || is_cursor_kind;
    predecessors_finish(&predecessors);
    return status;
}

struct kind_totals {
    int64_t states[4]; /* by overlay_state */
    int64_t conflicts;
};

static void
count_rows(struct kind_totals *totals, const struct overlay_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        totals->states[rows[i].state]++;
        totals->conflicts += rows[i].change != NULL && rows[i].change->is_conflict ? 1 : 0;
    }
}

static void
write_totals(struct json_writer *writer, const struct kind_totals *totals)
{
    json_begin_array(writer, "totals");
    for (size_t i = 0; i < masters_kind_count(); i++) {
        const struct kind_totals *kind = &totals[i];
        int64_t sum = kind->states[OVERLAY_ADDED] + kind->states[OVERLAY_CHANGED] + kind->states[OVERLAY_REMOVED];
        if (sum == 0 && kind->conflicts == 0) {
            continue;
        }
        json_begin_object(writer, NULL);
        json_text(writer, "kind", masters_kind_at(i)->key);
        json_text(writer, "kind_name", masters_kind_at(i)->title);
        json_int(writer, "added", kind->states[OVERLAY_ADDED]);
        json_int(writer, "changed", kind->states[OVERLAY_CHANGED]);
        json_int(writer, "removed", kind->states[OVERLAY_REMOVED]);
        json_int(writer, "conflicts", kind->conflicts);
        json_end_object(writer);
    }
    json_end_array(writer);
}

/* The rows of TABLE with what they were before: of VIEW's draft, or of OLDER (NULL) against it. */
static enum status
rows_of(struct masters_view *view, const struct overlay *older, const struct table *table, struct overlay_row **out,
        size_t *out_count, struct error_detail *err)
{
    return older != NULL ? masters_compare(table, older, &view->overlay, out, out_count, err)
                         : overlay_rows(&view->overlay, table, out, out_count, err);
}

static enum status
write_all(struct diff_page *page, struct masters_view *view, const struct overlay *older, struct error_detail *err)
{
    struct kind_totals *totals = calloc(masters_kind_count(), sizeof *totals);
    enum status status = STATUS_OK;
    if (totals == NULL) {
        error_set(err, "no_memory", "メモリが足りません。");
        return STATUS_NO_MEMORY;
    }
    json_begin_array(page->writer, "rows");
    for (size_t i = 0; i < masters_kind_count() && status == STATUS_OK; i++) {
        const struct table *table = masters_kind_at(i);
        struct overlay_row *rows = NULL;
        size_t count = 0;
        status = rows_of(view, older, table, &rows, &count, err);
        if (status == STATUS_OK) {
            count_rows(&totals[i], rows, count);
        }
        if (status == STATUS_OK && (page->only_kind == NULL || strcmp(page->only_kind, table->key) == 0)) {
            status = write_table(page, table, rows, count, err);
        }
        free(rows);
    }
    json_end_array(page->writer);
    write_totals(page->writer, totals);
    free(totals);
    return status;
}

/* The merged document of VIEW's draft names codes that the draft brings; a version names its own. */
static enum status
naming_document(struct masters_view *view, struct json_value **out_owned, const struct json_value **out,
                struct error_detail *err)
{
    size_t ignored;
    *out = view->book->document;
    if (!view->has_draft) {
        return STATUS_OK;
    }
    enum status status = overlay_merge(&view->overlay, 1, out_owned, &ignored, err);
    if (status == STATUS_OK) {
        *out = *out_owned;
    }
    return status;
}

static enum status
read_page(const struct http_request *request, struct diff_page *page, struct cursor *cursor, struct error_detail *err)
{
    bool has_cursor = false;
    const char *kind = asked_text(request, "kind");
    enum status status = asked_limit(request, &page->limit, err);
    if (status == STATUS_OK) {
        status = asked_cursor(request, 2, cursor, &has_cursor, err);
    }
    if (status == STATUS_OK && kind != NULL && masters_kind(kind) == NULL) {
        error_set(err, "invalid_request", "マスタの種類の指定が正しくありません。");
        status = STATUS_INVALID;
    }
    page->only_kind = kind;
    page->after_kind = status == STATUS_OK && has_cursor ? cursor->parts[0] : NULL;
    page->after_key = status == STATUS_OK && has_cursor ? cursor->parts[1] : NULL;
    page->is_behind = page->after_kind == NULL;
    return status;
}

static void
respond_diff(struct http_request *request, struct masters_view *view, const struct overlay *older)
{
    struct error_detail err;
    struct reply reply;
    struct cursor cursor;
    struct json_value *owned = NULL;
    reply_begin(&reply);
    struct diff_page page = {.writer = &reply.writer};
    enum status status = read_page(request, &page, &cursor, &err);
    if (status == STATUS_OK) {
        status = naming_document(view, &owned, &page.document, &err);
    }
    if (status == STATUS_OK) {
        json_int(&reply.writer, "version", view->book->version.version);
        status = write_all(&page, view, older, &err);
    }
    json_free(owned);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    if (page.has_more) {
        json_cursor(&reply.writer, (const char *const[]){page.last_kind, page.last_key}, 2);
    } else {
        json_null(&reply.writer, "next");
    }
    reply_send(&reply, request, 200);
}

/* `from` and `version`: one version against another. */
static enum status
open_older(struct masters_view *view, const struct http_request *request, int64_t from,
           const struct masters_book **out_book, struct overlay *out, struct error_detail *err)
{
    enum status status =
        masters_book_hold(view->service->shelf, view->txn, asked_actor(request)->municipality, from, out_book, err);
    return status == STATUS_OK ? overlay_read(out, *out_book, view->txn, 0, NULL, err) : status;
}

void
masters_diff_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct masters_view view = {0};
    struct overlay older = {0};
    const struct masters_book *older_book = NULL;
    int64_t from = 0;
    enum status status = asked_int(request, "from", 0, 1, INT64_MAX, &from, &err);
    if (status == STATUS_OK) {
        status = masters_view_open(&view, service, request, NULL, &err);
    }
    if (status == STATUS_OK && !view.has_draft) {
        status = open_older(&view, request, from, &older_book, &older, &err);
    }
    if (status == STATUS_OK) {
        respond_diff(request, &view, view.has_draft ? NULL : &older);
    } else {
        respond_failure(request, status, &err);
    }
    overlay_finish(&older);
    if (older_book != NULL) {
        masters_book_release(service->shelf, older_book);
    }
    masters_view_close(&view);
}
