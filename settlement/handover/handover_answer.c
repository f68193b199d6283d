/* Answers of the finance system: a row for each 調定, matched by its number. */
#include "settlement/handover/handover_deeds.h"

#include "common/signing/signing.h"
#include "settlement/masters/csv_cells.h"
#include "settlement/store/access_log_store.h"
#include "settlement/store/finance_file_store.h"
#include "settlement/store/finance_layout_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELL_MAX_BYTES = 600 /* 200 characters of a reason */ };

/* A 調定 of the file, and what the answer says of it. */
struct answered {
    int64_t assessment;
    int fiscal_year;
    int64_t serial;
    const struct csv_row *row; /* NULL: nothing */
    bool is_accepted;
};

struct answering {
    struct store_txn *txn;
    const struct actor *actor;
    const struct handover_answer_form *form;
    struct csv_file csv;
    struct answered *parts; /* by number */
    size_t count;
    size_t capacity;
    struct error_detail *err;
};

static enum status
keep_part(const struct finance_part_row *row, void *context)
{
    struct answering *answering = context;
    if (answering->count == answering->capacity) {
        size_t capacity = answering->capacity == 0 ? 256 : 2 * answering->capacity;
        struct answered *grown = realloc(answering->parts, capacity * sizeof grown[0]);
        if (grown == NULL) {
            error_set(answering->err, "no_memory", "out of memory");
            return STATUS_NO_MEMORY;
        }
        answering->parts = grown;
        answering->capacity = capacity;
    }
    answering->parts[answering->count++] =
        (struct answered){.assessment = row->assessment, .fiscal_year = row->fiscal_year, .serial = row->serial};
    return STATUS_OK;
}

static int
by_serial(const void *a, const void *b)
{
    const struct answered *left = a;
    const struct answered *right = b;
    return (left->serial > right->serial) - (left->serial < right->serial);
}

static const char *
cell(const struct csv_row *row, int64_t column)
{
    return column > 0 && (size_t)column <= row->count ? row->cells[column - 1] : "";
}

static enum status
refuse_row(const struct csv_row *row, const char *what, struct error_detail *err)
{
    error_set_at(err, row->line, 0, "answer_invalid", "回答の%u行目: %s", row->line, what);
    return STATUS_INVALID;
}

/* "2026-000012" of the file's year, or a serial alone. 0 when it is neither. */
static int64_t
serial_of(const char *text, int fiscal_year)
{
    int year = 0;
    int end = 0;
    int64_t serial = 0;
    if (sscanf(text, "%4d-%" SCNd64 "%n", &year, &serial, &end) == 2 && text[end] == '\0' && year == fiscal_year) {
        return serial > 0 ? serial : 0;
    }
    if (text[0] != '\0' && strspn(text, "0123456789") == strlen(text) && strlen(text) <= 15) {
        return strtoll(text, NULL, 10);
    }
    return 0;
}

static bool
is_accepted(const struct handover_answer_form *form, const char *result)
{
    for (size_t i = 0; i < form->accepted_count; i++) {
        if (strcmp(form->accepted[i], result) == 0) {
            return true;
        }
    }
    return false;
}

static enum status
match_row(struct answering *answering, const struct csv_row *row, struct error_detail *err)
{
    const char *number = cell(row, answering->form->number);
    const char *result = cell(row, answering->form->result);
    if (result[0] == '\0') {
        return refuse_row(row, "結果の欄が空です。", err);
    }
    const struct answered wanted = {.serial = serial_of(number, answering->parts[0].fiscal_year)};
    struct answered *part =
        wanted.serial > 0 ? bsearch(&wanted, answering->parts, answering->count, sizeof answering->parts[0], by_serial)
                          : NULL;
    if (part == NULL) {
        char what[200];
        snprintf(what, sizeof what, "「%.60s」は、このファイルで渡した調定の番号ではありません。", number);
        return refuse_row(row, what, err);
    }
    if (part->row != NULL) {
        return refuse_row(row, "同じ調定が二度あります。", err);
    }
    if (strlen(result) > CELL_MAX_BYTES || strlen(cell(row, answering->form->reason)) > CELL_MAX_BYTES) {
        return refuse_row(row, "結果か理由が長すぎます(200文字まで)。", err);
    }
    part->row = row;
    part->is_accepted = is_accepted(answering->form, result);
    return STATUS_OK;
}

static enum status
match_rows(struct answering *answering, struct error_detail *err)
{
    enum status status = STATUS_OK;
    size_t first = (size_t)answering->form->skip;
    for (size_t i = first; status == STATUS_OK && i < answering->csv.count; i++) {
        status = match_row(answering, &answering->csv.rows[i], err);
    }
    if (status == STATUS_OK && answering->csv.count <= first) {
        error_set(err, "answer_invalid", "回答に行がありません。");
        return STATUS_INVALID;
    }
    return status;
}

static enum status
keep_answer(struct answering *answering, struct finance_answer_row *row, const void *bytes, size_t length,
            struct handover_answer_result *out, struct error_detail *err)
{
    for (size_t i = 0; i < answering->count; i++) {
        const struct answered *part = &answering->parts[i];
        row->accepted_count += part->row != NULL && part->is_accepted ? 1 : 0;
        row->refused_count += part->row != NULL && !part->is_accepted ? 1 : 0;
        out->unanswered_count += part->row == NULL ? 1 : 0;
    }
    enum status status = finance_answer_add(answering->txn, answering->actor->municipality, row, bytes, length, err);
    for (size_t i = 0; status == STATUS_OK && i < answering->count; i++) {
        const struct answered *part = &answering->parts[i];
        if (part->row != NULL) {
            status = finance_answer_line_add(answering->txn, row->id, part->assessment, part->is_accepted,
                                             cell(part->row, answering->form->result),
                                             cell(part->row, answering->form->reason), err);
        }
    }
    out->id = row->id;
    out->accepted_count = row->accepted_count;
    out->refused_count = row->refused_count;
    return status;
}

static enum status
record(const struct answering *answering, const struct finance_answer_row *row, struct error_detail *err)
{
    char object[48];
    char after[64];
    snprintf(object, sizeof object, "finance_answer:%lld", (long long)row->id);
    snprintf(after, sizeof after, "受付%lld 拒否%lld", (long long)row->accepted_count, (long long)row->refused_count);
    return access_log_append(
        answering->txn, answering->actor, row->taken_at_ms,
        &(struct access_entry){.what = "finance_answer", .object = object, .after = after, .reason = row->file_name},
        err);
}

/* The file that is answered, and the layout that it was made by. */
struct answered_file {
    int64_t id;
    int64_t export_id;
    int64_t layout_id;
    struct handover_layout *layout;
    struct error_detail *err;
};

static enum status
keep_file(const struct finance_file_row *row, void *context)
{
    struct answered_file *file = context;
    file->id = row->id;
    file->export_id = row->export_id;
    file->layout_id = row->layout_id;
    return STATUS_OK;
}

static enum status
compile(const struct finance_layout_row *row, void *context)
{
    struct answered_file *file = context;
    return handover_layout_create(&file->layout, row->descriptor, strlen(row->descriptor), file->err);
}

static enum status
find_file(struct answered_file *out, struct store_txn *txn, const char *municipality, int64_t id,
          struct error_detail *err)
{
    *out = (struct answered_file){.err = err};
    enum status status = finance_file_each(txn, municipality, 0, id, keep_file, out, err);
    if (status == STATUS_OK && out->id == 0) {
        error_set(err, "not_found", "このファイルはありません。");
        return STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        status =
            finance_layout_each(txn, municipality, out->layout_id, NULL, /* in_use= */ false, 1, compile, out, err);
    }
    if (status == STATUS_OK && (out->layout == NULL || !out->layout->answer.is_given)) {
        error_set(err, "no_answer_form",
                  "この書式には回答の読み方(answer)がありません。書式に加えて提案してください。");
        return STATUS_REFUSED;
    }
    return status;
}

static enum status
take(struct answering *answering, const struct answered_file *file, struct finance_answer_row *row, const void *bytes,
     size_t length, struct handover_answer_result *out, struct error_detail *err)
{
    answering->form = &file->layout->answer;
    enum status status = csv_file_read(&answering->csv, bytes, length, err);
    if (status == STATUS_OK) {
        status = finance_part_each(answering->txn, file->export_id, file->id, keep_part, answering, err);
    }
    if (status == STATUS_OK && answering->count == 0) {
        error_set(err, "not_found", "このファイルに調定がありません。");
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        status = match_rows(answering, err);
    }
    if (status == STATUS_OK) {
        status = keep_answer(answering, row, bytes, length, out, err);
    }
    return status == STATUS_OK ? record(answering, row, err) : status;
}

enum status
handover_take_answer(struct store *store, const struct actor *actor, int64_t file_id, const char *file_name,
                     const void *bytes, size_t length, int64_t now_ms, struct handover_answer_result *out,
                     struct error_detail *err)
{
    char digest[SHA256_TEXT_SIZE];
    struct answered_file file = {0};
    struct answering answering = {.actor = actor, .err = err};
    struct finance_answer_row row = {
        .file = file_id, .file_name = file_name, .sha256 = digest, .taken_at_ms = now_ms, .taken_by = actor->login};
    *out = (struct handover_answer_result){0};
    if (length == 0 || length > HANDOVER_ANSWER_MAX_BYTES || file_name[0] == '\0') {
        error_set(err, "invalid_request", "回答のファイルを選んでください(%dMBまで)。",
                  HANDOVER_ANSWER_MAX_BYTES / 1024 / 1024);
        return STATUS_INVALID;
    }
    sha256_text(digest, bytes, length);
    enum status status = store_begin_write_for(store, actor->municipality, &answering.txn, err);
    if (status == STATUS_OK) {
        status = find_file(&file, answering.txn, actor->municipality, file_id, err);
    }
    if (status == STATUS_OK) {
        status = finance_answer_find(answering.txn, file_id, digest, &out->id, err);
    }
    out->is_repeat = out->id != 0;
    if (status == STATUS_OK && !out->is_repeat) {
        status = take(&answering, &file, &row, bytes, length, out, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(answering.txn, err);
    }
    store_end(answering.txn);
    csv_file_finish(&answering.csv);
    free(answering.parts);
    handover_layout_destroy(file.layout);
    return status;
}
