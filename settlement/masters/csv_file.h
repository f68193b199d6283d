/* The rows of one kind as a CSV file, and a CSV file as edits of a draft. Pure: nothing is stored here.
 *
 * What was exported and is imported again changes nothing, in UTF-8 and in CP932 (which lacks characters and maps some
 * otherwise): a cell that reads as the row's own cell leaves the row's own member alone. */
#pragma once

#include "settlement/masters/csv_columns.h"
#include "settlement/masters/draft.h"
#include "settlement/masters/overlay.h"

/* Append ROWS (without those taken out) with a head. *OUT_REPLACED counts characters that CP932 lacks, written as 〓.
 */
enum status csv_export(struct buffer *out, const struct table *table, const struct overlay_row *rows, size_t count,
                       bool is_cp932, size_t *out_replaced, struct error_detail *err) MUST_CHECK;

/* A cell that cannot be read. */
struct csv_fault {
    unsigned line;
    unsigned column; /* of cells, from 1; 0: the row */
    char title[CSV_TITLE_SIZE];
    char message[ERROR_MESSAGE_SIZE];
};

enum { CSV_FAULTS_MAX = 200 };

/* A row of the file as an edit. */
struct csv_edit {
    struct masters_edit edit; /* borrows from the rest */
    char key[MASTERS_ROW_KEY_SIZE];
    struct json_value *row;
    const struct overlay_row *known; /* the row as it is; NULL: there is none */
    unsigned line;                   /* 0: a row that the file leaves out */
};

struct csv_import {
    struct csv_edit *edits;
    size_t count;
    size_t added, changed, removed, same;
    struct csv_fault *faults;
    size_t fault_count; /* more than CSV_FAULTS_MAX are counted and not kept */
    bool is_cp932;
};

/* Read LENGTH bytes against ROWS (of overlay_rows). REPLACES: rows that the file leaves out are taken out; otherwise
 * they stay. A member whose column the file lacks stays as it is. OUT must be finished, also after a failure.
 * STATUS_INVALID with line and column when the file is no CSV or its head is wrong; faults of cells are in OUT. */
enum status csv_import(struct csv_import *out, const struct table *table, const struct overlay_row *rows, size_t count,
                       const char *bytes, size_t length, bool replaces, struct error_detail *err) MUST_CHECK;
void csv_import_finish(struct csv_import *import);
