/* The list and the bytes, always together. */
#include "settlement/imports/waiting_file.h"

#include "settlement/imports/kept_file.h"
#include "settlement/imports/staging.h"
#include "settlement/store/access_log_store.h"
#include "settlement/store/waiting_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum status
waiting_file_keep(struct store *store, const struct actor *actor, const struct import_request *request, int64_t now_ms,
                  int64_t *out_id, struct error_detail *err)
{
    const struct walked_file file = {.layout = request->layout->layout,
                                     .bytes = request->bytes,
                                     .length = request->length,
                                     .is_mapped = request->is_mapped};
    struct waiting_row row = {.layout = request->layout->name,
                              .file_name = request->file_name,
                              .byte_count = (int64_t)request->length,
                              .supersedes = request->supersedes,
                              .reason = request->reason != NULL ? request->reason : "",
                              .given_at_ms = now_ms,
                              .given_by = actor->login};
    struct store_txn *txn = NULL;
    sha256(row.sha256, request->bytes, request->length);
    enum status status = store_begin_write_for(store, actor->municipality, &txn, err);
    if (status == STATUS_OK) {
        status = file_keep(txn, actor->municipality, row.sha256, &file, err);
    }
    if (status == STATUS_OK) {
        status = waiting_put(txn, actor->municipality, &row, out_id, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

/* The row, copied. */
struct finding_row {
    struct waiting_file *file;
    bool is_found;
    bool has_failed;
};

static enum status
copy_row(const struct waiting_row *row, void *context)
{
    struct finding_row *finding = context;
    struct waiting_file *file = finding->file;
    finding->is_found = true;
    file->id = row->id;
    file->supersedes = row->supersedes;
    memcpy(file->sha256, row->sha256, SHA256_SIZE);
    snprintf(file->layout, sizeof file->layout, "%s", row->layout);
    snprintf(file->file_name, sizeof file->file_name, "%s", row->file_name);
    size_t size = strlen(row->reason) + 1;
    file->reason = malloc(size);
    if (file->reason == NULL) {
        finding->has_failed = true;
    } else {
        memcpy(file->reason, row->reason, size);
    }
    return STATUS_OK;
}

static enum status
find(struct waiting_file *out, struct store_txn *txn, const char *municipality, int64_t id, struct error_detail *err)
{
    struct finding_row finding = {.file = out};
    enum status status = waiting_each(txn, municipality, id, 1, copy_row, &finding, err);
    if (status == STATUS_OK && !finding.is_found) {
        error_set(err, "not_found", "このファイルは待っていません。取り込まれたか、破棄されています。");
        return STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK && finding.has_failed) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    return status;
}

static enum status
append_part(const void *bytes, size_t length, void *context, struct error_detail *err)
{
    return scratch_file_append(context, bytes, length, err);
}

enum status
waiting_file_open(struct waiting_file *out, struct store *store, const char *municipality, int64_t id,
                  struct error_detail *err)
{
    struct waiting_file file = {.bytes = {.descriptor = -1}};
    struct store_txn *txn = NULL;
    enum status status = store_begin_read_for(store, municipality, &txn, err);
    if (status == STATUS_OK) {
        status = find(&file, txn, municipality, id, err);
    }
    if (status == STATUS_OK) {
        status = scratch_file_open(&file.bytes, err);
    }
    if (status == STATUS_OK) {
        status = file_part_each(txn, municipality, file.sha256, append_part, &file.bytes, err);
    }
    store_end(txn);
    if (status == STATUS_OK) {
        status = scratch_file_map(&file.bytes, err);
    }
    if (status != STATUS_OK) {
        waiting_file_close(&file);
        return status;
    }
    *out = file;
    return STATUS_OK;
}

void
waiting_file_close(struct waiting_file *file)
{
    scratch_file_close(&file->bytes);
    free(file->reason);
    file->reason = NULL;
}

enum status
waiting_file_discard(struct store *store, const struct actor *actor, int64_t id, const char *what, int64_t now_ms,
                     struct error_detail *err)
{
    struct waiting_file file = {.bytes = {.descriptor = -1}};
    struct store_txn *txn = NULL;
    enum status status = store_begin_write_for(store, actor->municipality, &txn, err);
    if (status == STATUS_OK) {
        status = find(&file, txn, actor->municipality, id, err);
    }
    if (status == STATUS_OK) {
        status = waiting_remove(txn, actor->municipality, file.sha256, err);
    }
    if (status == STATUS_OK) {
        status = file_drop(txn, actor->municipality, file.sha256, err);
    }
    if (status == STATUS_OK) {
        status = staging_end_file(txn, actor->municipality, file.sha256, err); /* the next sweep removes its lines */
    }
    if (status == STATUS_OK && what != NULL) {
        status =
            access_log_append(txn, actor, now_ms,
                              &(struct access_entry){.what = what, .object = "waiting", .after = file.file_name}, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    waiting_file_close(&file);
    return status;
}
