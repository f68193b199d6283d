/* One kind as a CSV file: out, and in. An import first says what it would do, row by row and with the line of
 * everything that is wrong; only the same file sent again without `dry_run` is taken, all of it or nothing. */
#include "settlement/masters/csv_file.h"
#include "settlement/masters/difference.h"
#include "settlement/masters/draft_remarks.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/masters_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_ROWS_MAX = 300 /* of what an import would do; its sums are whole */ };

static void
send_file(struct http_request *request, const struct table *table, const struct buffer *bytes, bool is_cp932,
          size_t replaced)
{
    char disposition[128];
    char count[32];
    snprintf(disposition, sizeof disposition, "attachment; filename=\"masters-%s-%s.csv\"", table->key,
             is_cp932 ? "cp932" : "utf8");
    snprintf(count, sizeof count, "%zu", replaced);
    http_respond_header(request, "Content-Disposition", disposition);
    http_respond_header(request, "Madoguchi-Replaced-Characters", count);
    http_respond(request, 200, is_cp932 ? "text/csv; charset=Shift_JIS" : "text/csv; charset=utf-8", buffer_text(bytes),
                 bytes->length);
}

void
masters_csv_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct masters_view view = {0};
    const struct table *table = NULL;
    struct overlay_row *rows = NULL;
    size_t count = 0;
    size_t replaced = 0;
    struct buffer bytes;
    const char *encoding = asked_text(request, "encoding");
    bool is_cp932 = encoding != NULL && strcmp(encoding, "cp932") == 0;
    buffer_init(&bytes, 2 * CSV_FILE_MAX_BYTES);
    enum status status = asked_kind(request, &table, &err);
    if (status == STATUS_OK) {
        status = masters_view_open(&view, service, request, table->key, &err);
    }
    if (status == STATUS_OK) {
        status = overlay_rows(&view.overlay, table, &rows, &count, &err);
    }
    if (status == STATUS_OK) {
        status = csv_export(&bytes, table, rows, count, is_cp932, &replaced, &err);
    }
    if (status == STATUS_OK) {
        send_file(request, table, &bytes, is_cp932, replaced);
    } else {
        respond_failure(request, status, &err);
    }
    buffer_finish(&bytes);
    free(rows);
    masters_view_close(&view);
}

/* What is asked, and what came of it. */
struct csv_request {
    int64_t draft;
    const struct table *table;
    bool replaces;
    bool is_dry_run;
    int64_t seen; /* revision of the draft that the person saw; 0: any */
    const char *file_name;
};

static enum status
read_request(const struct http_request *request, struct csv_request *out, struct error_detail *err)
{
    const char *mode = asked_text(request, "mode");
    int64_t dry_run = 0;
    enum status status = asked_id(request, "id", &out->draft, err);
    if (status == STATUS_OK) {
        status = asked_kind(request, &out->table, err);
    }
    if (status == STATUS_OK) {
        status = asked_int(request, "dry_run", 0, 0, 1, &dry_run, err);
    }
    if (status == STATUS_OK) {
        status = asked_int(request, "revision", 0, 0, INT64_MAX, &out->seen, err);
    }
    out->is_dry_run = dry_run != 0;
    out->replaces = mode != NULL && strcmp(mode, "replace") == 0;
    out->file_name = asked_text(request, "file");
    return status;
}

static void
write_faults(struct json_writer *writer, const struct csv_import *import)
{
    size_t kept = import->fault_count < CSV_FAULTS_MAX ? import->fault_count : CSV_FAULTS_MAX;
    json_begin_array(writer, "faults");
    for (size_t i = 0; i < kept; i++) {
        json_begin_object(writer, NULL);
        json_int(writer, "line", import->faults[i].line);
        json_int(writer, "column", import->faults[i].column);
        json_text_or_null(writer, "title", import->faults[i].title);
        json_text(writer, "message", import->faults[i].message);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_int(writer, "fault_count", (int64_t)import->fault_count);
}

static const char *
text_member(const struct json_value *row, const char *key)
{
    const char *text = NULL;
    return json_as_text(json_member(row, key), &text) ? text : NULL;
}

static void
write_edit(struct json_writer *writer, const struct table *table, const struct csv_edit *edit,
           const struct predecessors *predecessors, const struct json_value *document)
{
    struct overlay_row row = {.value = edit->row != NULL ? edit->row : edit->known->value,
                              .published = edit->known != NULL ? edit->known->value : NULL,
                              .state = edit->known == NULL ? OVERLAY_ADDED
                                       : edit->row == NULL ? OVERLAY_REMOVED
                                                           : OVERLAY_CHANGED};
    const struct overlay_row *before = row.state == OVERLAY_ADDED ? predecessor_of(predecessors, &row) : NULL;
    json_begin_object(writer, NULL);
    json_int_or_null(writer, "line", edit->line);
    json_text(writer, "kind", table->key);
    json_text(writer, "key", edit->key);
    json_text(writer, "code", text_member(row.value, table_code_key(table)));
    json_text(writer, "name", text_member(row.value, "name"));
    json_text(writer, "state", overlay_state_word(row.state));
    difference_write(writer, table, &row, before, document);
    json_end_object(writer);
}

/* What the import would do to each row, as differences from the draft as it is. */
static enum status
write_edits(struct json_writer *writer, struct masters_view *view, const struct table *table,
            const struct csv_import *import, struct error_detail *err)
{
    struct overlay_row *rows = NULL;
    size_t count = 0;
    size_t ignored;
    struct predecessors predecessors = {0};
    struct json_value *document = NULL;
    enum status status = overlay_rows(&view->overlay, table, &rows, &count, err);
    if (status == STATUS_OK) {
        status = predecessors_find(&predecessors, table, rows, count, err);
    }
    if (status == STATUS_OK) {
        status = overlay_merge(&view->overlay, 1, &document, &ignored, err);
    }
    json_begin_array(writer, "rows");
    for (size_t i = 0; status == STATUS_OK && i < import->count && i < SHOWN_ROWS_MAX; i++) {
        write_edit(writer, table, &import->edits[i], &predecessors, document);
    }
    json_end_array(writer);
    json_bool(writer, "is_cut", import->count > SHOWN_ROWS_MAX);
    json_free(document);
    predecessors_finish(&predecessors);
    free(rows);
    return status;
}

static const struct csv_edit *
edit_of(const struct csv_import *import, const char *key)
{
    for (size_t i = 0; i < import->count; i++) {
        if (strcmp(import->edits[i].key, key) == 0) {
            return &import->edits[i];
        }
    }
    return NULL;
}

/* What would be wrong with the rows that the file brings, with their lines. */
static enum status
write_remarks(struct json_writer *writer, struct masters_view *view, const struct table *table,
              const struct csv_import *import, struct error_detail *err)
{
    struct remarks remarks;
    struct overlay_row *rows = NULL;
    size_t count = 0;
    int64_t errors = 0;
    char today[CIVIL_DATE_TEXT_SIZE];
    remarks_init(&remarks);
    enum status status = masters_draft_remarks(&view->overlay, asked_today(view->service, today), &remarks, err);
    if (status == STATUS_OK) {
        status = overlay_rows(&view->overlay, table, &rows, &count, err);
    }
    size_t kept = 0;
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        if (rows[i].state != OVERLAY_REMOVED) {
            rows[kept++] = rows[i];
        }
    }
    json_begin_array(writer, "remarks");
    for (size_t i = 0; status == STATUS_OK && i < remarks.count; i++) {
        const struct remark *remark = &remarks.rows[i];
        bool is_ours = strcmp(remark->place.table, table->key) == 0 && remark->place.index < kept;
        const struct csv_edit *edit = is_ours ? edit_of(import, rows[remark->place.index].key) : NULL;
        const struct field *field = table_field(table, remark->member);
        if (edit == NULL) {
            continue;
        }
        errors += remark->is_warning ? 0 : 1;
        json_begin_object(writer, NULL);
        json_int_or_null(writer, "line", edit->line);
        json_text(writer, "member", remark->member);
        json_text(writer, "title", field != NULL ? field->title : NULL);
        json_text(writer, "message", remark->message);
        json_bool(writer, "is_warning", remark->is_warning);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_int(writer, "error_count", errors);
    remarks_finish(&remarks);
    free(rows);
    return status;
}

/* Lay the edits over the view, in memory. */
static enum status
try_edits(struct masters_view *view, const struct table *table, struct csv_import *import, struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < import->count && status == STATUS_OK; i++) {
        struct csv_edit *edit = &import->edits[i];
        char key[MASTERS_ROW_KEY_SIZE];
        status = overlay_try(&view->overlay, table, edit->edit.key, edit->known != NULL ? edit->known->published : NULL,
                             edit->row, key, err);
        memcpy(edit->key, key, sizeof key);
    }
    overlay_settle(&view->overlay);
    return status;
}

static void
respond_import(struct http_request *request, struct masters_view *view, const struct csv_request *asked,
               struct csv_import *import)
{
    struct error_detail err;
    struct reply reply;
    reply_begin(&reply);
    struct json_writer *writer = &reply.writer;
    json_masters_draft(writer, "draft", &view->draft);
    json_text(writer, "encoding", import->is_cp932 ? "cp932" : "utf8");
    json_bool(writer, "dry_run", asked->is_dry_run);
    json_begin_object(writer, "totals");
    json_int(writer, "added", (int64_t)import->added);
    json_int(writer, "changed", (int64_t)import->changed);
    json_int(writer, "removed", (int64_t)import->removed);
    json_int(writer, "same", (int64_t)import->same);
    json_end_object(writer);
    write_faults(writer, import);
    enum status status = try_edits(view, asked->table, import, &err);
    if (status == STATUS_OK) {
        status = write_edits(writer, view, asked->table, import, &err);
    }
    if (status == STATUS_OK) {
        status = write_remarks(writer, view, asked->table, import, &err);
    }
    if (status == STATUS_OK) {
        reply_send(&reply, request, 200);
    } else {
        reply_fail(&reply, request, status, &err);
    }
}

/* Take the edits in. */
static enum status
take(const struct masters_desk *desk, const struct csv_request *asked, const struct csv_import *import,
     struct error_detail *err)
{
    if (import->fault_count > 0) {
        error_set_at(err, import->faults[0].line, import->faults[0].column, "wrong_csv", "%u行目 %s: %s",
                     import->faults[0].line, import->faults[0].title, import->faults[0].message);
        return STATUS_INVALID;
    }
    struct masters_edit *edits = calloc(import->count + 1, sizeof *edits);
    if (edits == NULL) {
        error_set(err, "no_memory", "メモリが足りません。");
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < import->count; i++) {
        edits[i] = import->edits[i].edit;
    }
    enum status status = import->count == 0
                             ? STATUS_OK
                             : masters_draft_edit(desk, asked->draft, edits, import->count,
                                                  asked->file_name != NULL ? asked->file_name : "CSV", NULL, err);
    free(edits);
    return status;
}

static enum status
check_draft(const struct masters_view *view, const struct csv_request *asked, struct error_detail *err)
{
    if (view->draft.state != MASTERS_EDITING) {
        error_set(err, "wrong_state", "この変更案は「%s」です。画面を開き直してください。",
                  masters_draft_state_name(view->draft.state));
        return STATUS_CONFLICT;
    }
    if (asked->seen != 0 && asked->seen != view->draft.revision) {
        error_set(err, "version_changed",
                  "ほかの人がこの変更案を変えました。もう一度ファイルを選んで、確かめてください。");
        return STATUS_CONFLICT;
    }
    return STATUS_OK;
}

void
masters_csv_import_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct masters_view view = {0};
    struct csv_request asked = {0};
    struct overlay_row *rows = NULL;
    size_t count = 0;
    struct csv_import import = {0};
    struct masters_desk desk = asked_desk(service, request);
    size_t length;
    const char *bytes = http_request_body(request, &length);
    enum status status = read_request(request, &asked, &err);
    if (status == STATUS_OK) {
        status = masters_view_open_draft(&view, service, request, asked.draft, NULL, &err);
    }
    if (status == STATUS_OK) {
        status = check_draft(&view, &asked, &err);
    }
    if (status == STATUS_OK) {
        status = overlay_rows(&view.overlay, asked.table, &rows, &count, &err);
    }
    if (status == STATUS_OK) {
        status = csv_import(&import, asked.table, rows, count, bytes, length, asked.replaces, &err);
    }
    if (status == STATUS_OK && !asked.is_dry_run) {
        status = take(&desk, &asked, &import, &err);
    }
    if (status == STATUS_OK && !asked.is_dry_run) {
        screens_tell(service, "masters");
    }
    if (status == STATUS_OK) {
        respond_import(request, &view, &asked, &import);
    } else {
        respond_failure(request, status, &err);
    }
    csv_import_finish(&import);
    free(rows);
    masters_view_close(&view);
}
