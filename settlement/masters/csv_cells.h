/* A CSV file as rows of cells, each with its place, and cells as a CSV file (RFC 4180). Pure.
 *
 * Every cell is quoted on the way out. A text that a spreadsheet would take for a formula gets an apostrophe before it,
 * which is taken off on the way in. */
#pragma once

#include "common/bytes/buffer.h"

enum {
    CSV_FILE_MAX_BYTES = 16 * 1024 * 1024, /* 20,000 rows with room */
    CSV_CELLS_MAX = 64,                    /* columns of a file */
    CSV_ROWS_MAX = 20001                   /* those of the largest table, and the head */
};

/* A cell: NUL-terminated UTF-8 inside the file's text. */
struct csv_row {
    const char **cells;
    size_t count;
    unsigned line; /* in which it begins, from 1 */
};

struct csv_file {
    char *text; /* cells point into it */
    struct csv_row *rows;
    size_t count;
    size_t capacity;
    bool is_cp932; /* UTF-8 otherwise, with or without a byte order mark */
};

/* Read LENGTH bytes. Empty lines are left out. OUT must be finished, also after a failure. STATUS_INVALID with line and
 * column (in characters) for bytes that are neither UTF-8 nor CP932, and for quotes that do not pair; STATUS_OVERFLOW
 * beyond the limits above. */
enum status csv_file_read(struct csv_file *out, const char *bytes, size_t length, struct error_detail *err) MUST_CHECK;
void csv_file_finish(struct csv_file *file);

/* Append one cell, with a comma before it unless IS_FIRST. */
void csv_append_cell(struct buffer *out, const char *text, bool is_first);
void csv_append_end(struct buffer *out);

/* TEXT as it comes back from a CP932 file: characters that it lacks or maps otherwise are those of the way back. */
enum status csv_through_cp932(const char *text, struct buffer *out, struct error_detail *err) MUST_CHECK;
