/* Rows in: each line becomes a row, is matched with the row of its code and days, and compared cell by cell. */
#include "settlement/masters/csv_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A row that is there, by its own key (which is not the overlay's for new and moved rows). */
struct keyed_row {
    char key[MASTERS_ROW_KEY_SIZE];
    const struct overlay_row *row;
    bool is_met;
};

struct importing {
    const struct table *table;
    struct csv_file file;
    struct csv_column columns[CSV_CELLS_MAX];
    size_t column_count;
    size_t cell_of[CSV_CELLS_MAX]; /* per column: the index of its cell, or CSV_CELLS_MAX */
    struct keyed_row *known;
    size_t known_count;
    struct csv_import *out;
    struct error_detail *err;
};

static enum status
no_memory(struct error_detail *err)
{
    error_set(err, "no_memory", "メモリが足りません。");
    return STATUS_NO_MEMORY;
}

static int
compare_keyed_rows(const void *a, const void *b)
{
    return strcmp(((const struct keyed_row *)a)->key, ((const struct keyed_row *)b)->key);
}

static enum status
index_known(struct importing *importing, const struct overlay_row *rows, size_t count)
{
    importing->known = calloc(count + 1, sizeof *importing->known);
    if (importing->known == NULL) {
        return no_memory(importing->err);
    }
    for (size_t i = 0; i < count; i++) {
        if (rows[i].state != OVERLAY_REMOVED) {
            struct keyed_row *known = &importing->known[importing->known_count++];
            known->row = &rows[i];
            masters_row_key(importing->table, rows[i].value, known->key);
        }
    }
    qsort(importing->known, importing->known_count, sizeof *importing->known, compare_keyed_rows);
    return STATUS_OK;
}

static bool
is_identity(const struct importing *importing, const struct field *field)
{
    const struct table *table = importing->table;
    return field != NULL && (strcmp(field->key, table_code_key(table)) == 0 ||
                             (table->has_validity && strcmp(field->key, "valid_from") == 0) ||
                             (table->second_key != NULL && strcmp(field->key, table->second_key) == 0));
}

/* Which cell belongs to which column. What names a row must be there. */
static enum status
read_head(struct importing *importing)
{
    const struct csv_row *head = importing->file.count > 0 ? &importing->file.rows[0] : NULL;
    for (size_t i = 0; i < CSV_CELLS_MAX; i++) {
        importing->cell_of[i] = CSV_CELLS_MAX;
    }
    for (size_t i = 0; head != NULL && i < head->count; i++) {
        size_t column = csv_column_named(importing->columns, importing->column_count, head->cells[i]);
        if (column == importing->column_count && head->cells[i][0] != '\0') {
            error_set_at(importing->err, head->line, (unsigned)i + 1, "wrong_csv",
                         "%zu列目の見出し「%.60s」に当たる項目が、%sにはありません。", i + 1, head->cells[i],
                         importing->table->title);
            return STATUS_INVALID;
        }
        if (column < importing->column_count && importing->cell_of[column] != CSV_CELLS_MAX) {
            error_set_at(importing->err, head->line, (unsigned)i + 1, "wrong_csv", "見出し「%.60s」が二度あります。",
                         head->cells[i]);
            return STATUS_INVALID;
        }
        if (column < importing->column_count) {
            importing->cell_of[column] = i;
        }
    }
    for (size_t i = 0; i < importing->column_count; i++) {
        if (is_identity(importing, importing->columns[i].field) && importing->cell_of[i] == CSV_CELLS_MAX) {
            char title[CSV_TITLE_SIZE];
            error_set_at(importing->err, 1, 0, "wrong_csv", "見出しの行に「%s」がありません。",
                         csv_column_title(&importing->columns[i], title));
            return STATUS_INVALID;
        }
    }
    return STATUS_OK;
}

static void
add_fault(struct importing *importing, unsigned line, size_t column, const char *message)
{
    struct csv_import *out = importing->out;
    if (out->fault_count++ >= CSV_FAULTS_MAX) {
        return;
    }
    struct csv_fault *fault = &out->faults[out->fault_count - 1];
    *fault = (struct csv_fault){.line = line};
    if (column < importing->column_count) {
        fault->column = (unsigned)importing->cell_of[column] + 1;
        csv_column_title(&importing->columns[column], fault->title);
    }
    snprintf(fault->message, sizeof fault->message, "%s", message);
}

static const char *
cell_at(const struct importing *importing, const struct csv_row *line, size_t column)
{
    size_t cell = column < importing->column_count ? importing->cell_of[column] : CSV_CELLS_MAX;
    return cell < line->count ? line->cells[cell] : "";
}

/* Whether CELL says what COLUMN of CURRENT says, read back the way it was written. */
static bool
cell_is_own(const struct importing *importing, size_t column, const char *cell, const struct json_value *current)
{
    struct buffer own;
    struct buffer back;
    struct error_detail ignored;
    buffer_init(&own, CSV_FILE_MAX_BYTES);
    buffer_init(&back, CSV_FILE_MAX_BYTES);
    csv_cell_text(&own, importing->table, &importing->columns[column], current);
    bool is_own = strcmp(buffer_text(&own), cell) == 0;
    if (!is_own && importing->file.is_cp932) {
        is_own =
            csv_through_cp932(buffer_text(&own), &back, &ignored) == STATUS_OK && strcmp(buffer_text(&back), cell) == 0;
    }
    buffer_finish(&own);
    buffer_finish(&back);
    return is_own;
}

/* Keep the members that the schema does not name. */
static void
keep_others(const struct importing *importing, struct json_writer *writer, const struct json_value *current)
{
    for (const struct json_value *member = json_first(current); member != NULL; member = json_next(member)) {
        if (table_field(importing->table, json_key(member)) == NULL) {
            json_value(writer, json_key(member), member);
        }
    }
}

/* Write the member(s) of COLUMN, from the line or, where the line says the same or nothing, from CURRENT (may be NULL).
 */
static enum status
write_column(struct importing *importing, struct json_writer *writer, const struct csv_row *line, size_t column,
             const struct json_value *current)
{
    const struct field *field = importing->columns[column].field;
    bool is_pair = importing->columns[column].part != NULL;
    const char *cell = cell_at(importing, line, column);
    const char *name_cell = is_pair ? cell_at(importing, line, column + 1) : "";
    bool is_absent = importing->cell_of[column] == CSV_CELLS_MAX;
    bool is_own =
        current != NULL && (is_absent || (cell_is_own(importing, column, cell, current) &&
                                          (!is_pair || cell_is_own(importing, column + 1, name_cell, current))));
    if (is_own && field == NULL) {
        keep_others(importing, writer, current);
        return STATUS_OK;
    }
    if (is_own) {
        const struct json_value *value = json_member(current, field->key);
        if (value != NULL) {
            json_value(writer, field->key, value);
        }
        return STATUS_OK;
    }
    return field == NULL ? csv_write_others(writer, importing->table, cell, importing->err)
                         : csv_write_member(writer, field, cell, name_cell, importing->err);
}

/* The whole row that LINE says. *OUT_IS_READ false when a cell could not be read (said). *OUT is given: json_free. */
static enum status
read_row(struct importing *importing, const struct csv_row *line, const struct json_value *current,
         struct json_value **out, bool *out_is_read)
{
    struct buffer text;
    struct json_writer writer;
    enum status status = STATUS_OK;
    *out_is_read = true;
    buffer_init(&text, CSV_FILE_MAX_BYTES);
    json_writer_init(&writer, &text);
    json_begin_object(&writer, NULL);
    for (size_t i = 0; i < importing->column_count && (status == STATUS_OK || status == STATUS_INVALID); i++) {
        bool is_second_half = importing->columns[i].part != NULL && strcmp(importing->columns[i].part, "name") == 0;
        status = is_second_half ? STATUS_OK : write_column(importing, &writer, line, i, current);
        if (status == STATUS_INVALID) {
            add_fault(importing, line->line, i, importing->err->message);
            *out_is_read = false;
        }
    }
    json_end_object(&writer);
    if (status == STATUS_OK || status == STATUS_INVALID) {
        status = *out_is_read ? json_finish(&writer, importing->err) : STATUS_OK;
    }
    if (status == STATUS_OK && *out_is_read) {
        status = json_parse(out, buffer_text(&text), text.length, importing->err);
    }
    buffer_finish(&text);
    return status;
}

/* What names the row of LINE. */
static enum status
key_of_line(struct importing *importing, const struct csv_row *line, char out[MASTERS_ROW_KEY_SIZE], bool *out_is_read)
{
    struct buffer text;
    struct json_writer writer;
    struct json_value *row = NULL;
    enum status status = STATUS_OK;
    *out_is_read = true;
    buffer_init(&text, CSV_FILE_MAX_BYTES);
    json_writer_init(&writer, &text);
    json_begin_object(&writer, NULL);
    for (size_t i = 0; i < importing->column_count && status == STATUS_OK; i++) {
        const struct field *field = importing->columns[i].field;
        if (is_identity(importing, field)) {
            status = csv_write_member(&writer, field, cell_at(importing, line, i), "", importing->err);
            *out_is_read = status == STATUS_OK;
        }
        if (status == STATUS_INVALID) {
            add_fault(importing, line->line, i, importing->err->message);
            break;
        }
    }
    json_end_object(&writer);
    if (status == STATUS_OK) {
        status = json_finish(&writer, importing->err);
    }
    if (status == STATUS_OK) {
        status = json_parse(&row, buffer_text(&text), text.length, importing->err);
    }
    if (status == STATUS_OK) {
        masters_row_key(importing->table, row, out);
    }
    json_free(row);
    buffer_finish(&text);
    return status == STATUS_INVALID ? STATUS_OK : status;
}

static void
add_edit(struct importing *importing, const struct overlay_row *known, struct json_value *row, unsigned line)
{
    struct csv_edit *edit = &importing->out->edits[importing->out->count++];
    *edit = (struct csv_edit){.row = row, .known = known, .line = line};
    edit->edit = (struct masters_edit){.kind = importing->table->key, .row = row};
    if (known != NULL) {
        snprintf(edit->key, sizeof edit->key, "%s", known->key);
        edit->edit.key = edit->key;
        edit->edit.seen = known->change != NULL ? known->change->revision : 0;
    }
}

/* Whether ROW says what KNOWN says. */
static enum status
says_the_same(const struct importing *importing, const struct json_value *row, const struct json_value *known,
              bool *out)
{
    struct buffer left;
    struct buffer right;
    buffer_init(&left, JSON_TEXT_MAX_BYTES);
    buffer_init(&right, JSON_TEXT_MAX_BYTES);
    enum status status = masters_row_normalise(importing->table, row, &left, importing->err);
    if (status == STATUS_OK) {
        status = masters_row_normalise(importing->table, known, &right, importing->err);
    }
    *out = status == STATUS_OK && strcmp(buffer_text(&left), buffer_text(&right)) == 0;
    buffer_finish(&left);
    buffer_finish(&right);
    return status;
}

static enum status
take_line(struct importing *importing, const struct csv_row *line)
{
    char key[MASTERS_ROW_KEY_SIZE] = "";
    bool is_read;
    struct json_value *row = NULL;
    enum status status = key_of_line(importing, line, key, &is_read);
    if (status != STATUS_OK || !is_read) {
        return status;
    }
    struct keyed_row wanted;
    memcpy(wanted.key, key, sizeof wanted.key);
    struct keyed_row *known =
        bsearch(&wanted, importing->known, importing->known_count, sizeof *importing->known, compare_keyed_rows);
    if (known != NULL && known->is_met) {
        add_fault(importing, line->line, CSV_CELLS_MAX,
                  "同じコード（と適用開始日）の行が、ファイルの中に二度あります。");
        return STATUS_OK;
    }
    const struct json_value *current = known != NULL ? known->row->value : NULL;
    status = read_row(importing, line, current, &row, &is_read);
    if (status != STATUS_OK || !is_read) {
        return status;
    }
    bool is_same = false;
    if (known != NULL) {
        known->is_met = true;
        status = says_the_same(importing, row, current, &is_same);
    }
    if (status != STATUS_OK || is_same) {
        importing->out->same += is_same ? 1 : 0;
        json_free(row);
        return status;
    }
    *(known != NULL ? &importing->out->changed : &importing->out->added) += 1;
    add_edit(importing, known != NULL ? known->row : NULL, row, line->line);
    return STATUS_OK;
}

static enum status
import_lines(struct importing *importing, const struct overlay_row *rows, size_t count, bool replaces)
{
    enum status status = index_known(importing, rows, count);
    struct csv_import *out = importing->out;
    out->edits = calloc(importing->file.count + count + 1, sizeof *out->edits);
    out->faults = calloc(CSV_FAULTS_MAX, sizeof *out->faults);
    if (status == STATUS_OK && (out->edits == NULL || out->faults == NULL)) {
        status = no_memory(importing->err);
    }
    for (size_t i = 1; i < importing->file.count && status == STATUS_OK; i++) {
        status = take_line(importing, &importing->file.rows[i]);
    }
    for (size_t i = 0; status == STATUS_OK && replaces && i < importing->known_count; i++) {
        if (!importing->known[i].is_met) {
            add_edit(importing, importing->known[i].row, NULL, 0);
            out->removed++;
        }
    }
    return status;
}

enum status
csv_import(struct csv_import *out, const struct table *table, const struct overlay_row *rows, size_t count,
           const char *bytes, size_t length, bool replaces, struct error_detail *err)
{
    struct importing *importing = calloc(1, sizeof *importing);
    *out = (struct csv_import){0};
    if (importing == NULL) {
        return no_memory(err);
    }
    *importing = (struct importing){.table = table, .out = out, .err = err};
    importing->column_count = csv_columns_of(table, importing->columns);
    enum status status = csv_file_read(&importing->file, bytes, length, err);
    out->is_cp932 = importing->file.is_cp932;
    if (status == STATUS_OK) {
        status = read_head(importing);
    }
    if (status == STATUS_OK) {
        status = import_lines(importing, rows, count, replaces);
    }
    csv_file_finish(&importing->file);
    free(importing->known);
    free(importing);
    return status;
}

void
csv_import_finish(struct csv_import *import)
{
    for (size_t i = 0; i < import->count; i++) {
        json_free(import->edits[i].row);
    }
    free(import->edits);
    free(import->faults);
    *import = (struct csv_import){0};
}
