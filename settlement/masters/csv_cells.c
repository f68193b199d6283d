/* Cells in and out. The whole file is turned into UTF-8 first; cells are then cut in place, since a cell without its
 * quotes is never longer than with them. */
#include "settlement/masters/csv_cells.h"

#include "common/text/cp932.h"
#include "common/text/utf8.h"

#include <stdlib.h>
#include <string.h>

static bool
begins_like_formula(const char *text)
{
    return text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
}

void
csv_append_cell(struct buffer *out, const char *text, bool is_first)
{
    buffer_append_text(out, is_first ? "\"" : ",\"");
    /* An apostrophe of one's own before such a text is doubled, so that exactly one is taken off again. */
    if (begins_like_formula(text) || (text[0] == '\'' && (begins_like_formula(text + 1) || text[1] == '\''))) {
        buffer_append_byte(out, '\'');
    }
    for (; *text != '\0'; text++) {
        if (*text == '"') {
            buffer_append_byte(out, '"');
        }
        buffer_append_byte(out, (unsigned char)*text);
    }
    buffer_append_byte(out, '"');
}

void
csv_append_end(struct buffer *out)
{
    buffer_append_text(out, "\r\n");
}

static char *
without_apostrophe(char *cell)
{
    bool is_guard = cell[0] == '\'' && (begins_like_formula(cell + 1) || cell[1] == '\'');
    return is_guard ? cell + 1 : cell;
}

/* Where a reader stands. */
struct reader {
    struct csv_file *file;
    char *at;
    char *end;
    unsigned line;
    const char *line_start;
};

static enum status
refuse(const struct reader *reader, const char *at, const char *message, struct error_detail *err)
{
    unsigned column = 1;
    for (const char *byte = reader->line_start; byte < at; byte++) {
        column += ((unsigned char)*byte & 0xC0) != 0x80 ? 1 : 0;
    }
    error_set_at(err, reader->line, column, "wrong_csv", "%u行目 %u文字目: %s", reader->line, column, message);
    return STATUS_INVALID;
}

static void
step_line(struct reader *reader, const char *line_feed)
{
    reader->line++;
    reader->line_start = line_feed + 1;
}

/* Cut a quoted cell in place; the cursor comes to stand behind the closing quote. */
static enum status
cut_quoted(struct reader *reader, char **out, struct error_detail *err)
{
    struct reader opening = *reader;
    char *source = reader->at + 1;
    char *target = reader->at;
    *out = target;
    for (;; source++) {
        if (source >= reader->end) {
            return refuse(&opening, opening.at, "引用符（\"）が閉じていません。", err);
        }
        if (*source == '"' && source + 1 < reader->end && source[1] == '"') {
            source++;
        } else if (*source == '"') {
            break;
        } else if (*source == '\n') {
            step_line(reader, source);
        }
        *target++ = *source;
    }
    reader->at = source + 1;
    bool is_at_end = reader->at >= reader->end || strchr(",\r\n", *reader->at) != NULL;
    if (!is_at_end) {
        return refuse(reader, reader->at, "引用符（\"）の後には、区切り（,）か改行だけが書けます。", err);
    }
    *target = '\0';
    return STATUS_OK;
}

/* Cut a plain cell: up to the next comma or line end, which the caller overwrites. */
static enum status
cut_plain(struct reader *reader, char **out, struct error_detail *err)
{
    *out = reader->at;
    while (reader->at < reader->end && strchr(",\r\n", *reader->at) == NULL) {
        if (*reader->at == '"') {
            return refuse(reader, reader->at, "引用符（\"）は、セルの先頭にだけ書けます。", err);
        }
        reader->at++;
    }
    return STATUS_OK;
}

static enum status
no_memory(struct error_detail *err)
{
    error_set(err, "no_memory", "メモリが足りません。");
    return STATUS_NO_MEMORY;
}

static enum status
add_row(struct csv_file *file, const char *const *cells, size_t count, unsigned line, struct error_detail *err)
{
    if (file->count == CSV_ROWS_MAX) {
        error_set(err, "too_large", "行が多すぎます（%d行まで）。", CSV_ROWS_MAX);
        return STATUS_OVERFLOW;
    }
    if (file->count == file->capacity) {
        size_t capacity = file->capacity == 0 ? 64 : 2 * file->capacity;
        struct csv_row *rows = realloc(file->rows, capacity * sizeof *rows);
        if (rows == NULL) {
            return no_memory(err);
        }
        file->rows = rows;
        file->capacity = capacity;
    }
    const char **own = calloc(count, sizeof *own);
    if (own == NULL) {
        return no_memory(err);
    }
    memcpy(own, cells, count * sizeof *own);
    file->rows[file->count++] = (struct csv_row){.cells = own, .count = count, .line = line};
    return STATUS_OK;
}

/* Read one line of cells; a line without any text is left out. */
static enum status
read_row(struct reader *reader, struct error_detail *err)
{
    const char *cells[CSV_CELLS_MAX];
    size_t count = 0;
    bool has_text = false;
    unsigned line = reader->line;
    for (bool is_more = true; is_more;) {
        char *cell;
        if (count == CSV_CELLS_MAX) {
            return refuse(reader, reader->at, "列が多すぎます。", err);
        }
        bool is_quoted = reader->at < reader->end && *reader->at == '"';
        enum status status = is_quoted ? cut_quoted(reader, &cell, err) : cut_plain(reader, &cell, err);
        if (status != STATUS_OK) {
            return status;
        }
        char separator = reader->at < reader->end ? *reader->at : '\0';
        *reader->at = '\0';
        cells[count++] = without_apostrophe(cell);
        has_text = has_text || cell[0] != '\0';
        is_more = separator == ',';
        reader->at += separator != '\0' ? 1 : 0;
        if (separator == '\r' && reader->at < reader->end && *reader->at == '\n') {
            reader->at++;
        }
        if (separator == '\r' || separator == '\n') {
            step_line(reader, reader->at - 1);
        }
    }
    return has_text ? add_row(reader->file, cells, count, line, err) : STATUS_OK;
}

/* LENGTH bytes as UTF-8 in OUT. */
static enum status
decode(const char *bytes, size_t length, struct buffer *out, bool *out_is_cp932, struct error_detail *err)
{
    static const char mark[] = "\xEF\xBB\xBF";
    bool has_mark = length >= 3 && memcmp(bytes, mark, 3) == 0;
    *out_is_cp932 = false;
    if (utf8_is_valid(bytes, length)) {
        buffer_append(out, bytes + (has_mark ? 3 : 0), length - (has_mark ? 3 : 0));
        return buffer_check(out, err);
    }
    enum status status = has_mark ? STATUS_INVALID : cp932_to_utf8(out, bytes, length, err);
    if (status == STATUS_INVALID) {
        size_t offset = !has_mark && err->column > 0 ? err->column - 1 : 0;
        unsigned line = 1;
        for (size_t i = 0; i < offset && i < length; i++) {
            line += bytes[i] == '\n' ? 1 : 0;
        }
        error_set_at(err, line, 0, "wrong_csv",
                     "%u行目あたりに、UTF-8でもCP932（Shift_JIS）でもない文字があります。保存し直してください。", line);
    }
    *out_is_cp932 = true;
    return status;
}

enum status
csv_file_read(struct csv_file *out, const char *bytes, size_t length, struct error_detail *err)
{
    *out = (struct csv_file){0};
    if (length > CSV_FILE_MAX_BYTES) {
        error_set(err, "too_large", "ファイルが大きすぎます（%d MBまで）。", CSV_FILE_MAX_BYTES / 1024 / 1024);
        return STATUS_OVERFLOW;
    }
    if (memchr(bytes, '\0', length) != NULL) {
        error_set(err, "wrong_csv", "CSVファイルではありません（文字でないものが入っています）。");
        return STATUS_INVALID;
    }
    struct buffer text;
    buffer_init(&text, 2 * CSV_FILE_MAX_BYTES);
    enum status status = decode(bytes, length, &text, &out->is_cp932, err);
    size_t text_length = 0;
    if (status == STATUS_OK && text.length > 0) {
        out->text = buffer_take(&text, &text_length); /* NUL-terminated, as the buffer was */
    }
    buffer_finish(&text);
    struct reader reader = {
        .file = out, .at = out->text, .end = out->text + text_length, .line = 1, .line_start = out->text};
    while (status == STATUS_OK && reader.at < reader.end) {
        status = read_row(&reader, err);
    }
    return status;
}

void
csv_file_finish(struct csv_file *file)
{
    for (size_t i = 0; i < file->count; i++) {
        free(file->rows[i].cells);
    }
    free(file->rows);
    free(file->text);
    *file = (struct csv_file){0};
}

enum status
csv_through_cp932(const char *text, struct buffer *out, struct error_detail *err)
{
    struct buffer there;
    buffer_init(&there, CSV_FILE_MAX_BYTES);
    enum status status = cp932_from_utf8(&there, text, strlen(text), NULL, err);
    if (status == STATUS_OK) {
        status = cp932_to_utf8(out, buffer_text(&there), there.length, err);
    }
    buffer_finish(&there);
    return status;
}
