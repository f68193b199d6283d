/* A document under examination: its rows sorted by code, so that references and overlaps are found in a moment among
 * 20,000 items. For this folder only. */
#pragma once

#include "settlement/masters/field.h"

enum { TABLES_MAX = 24 };

/* A row by its identity and validity. Texts are borrowed from the document. */
struct indexed_row {
    const struct json_value *value;
    const char *code;
    int64_t second;   /* the integer `second_key`, 0 when absent or when the table has none */
    const char *from; /* days as text sort as days; "" without validity */
    const char *to;   /* "9999-99-99" for no end */
    size_t index;     /* in the document */
    bool is_wrong;    /* a member by itself was refused */
};

/* INVARIANT: rows are sorted by code, second, `from`. */
struct row_index {
    const struct table *table;
    struct indexed_row *rows;
    size_t count;
};

struct validation {
    const struct json_value *document;
    struct row_index tables[TABLES_MAX]; /* in the order of masters_tables */
    struct remarks *remarks;
};

/* Rows of CODE in table KEY: the first, and *OUT_COUNT how many follow each other; NULL and 0 when there is none. */
const struct indexed_row *
rows_of_code(const struct validation *validation, const char *key, const char *code, size_t *out_count);
const struct row_index *rows_of_table(const struct validation *validation, const char *key);

/* What is said about one row. */
struct field_report row_report(const struct validation *validation, const struct row_index *table, size_t index);

/* What rows say about each other, and what no single member can show (rules.c, scan_rules.c). */
void check_rules(const struct validation *validation);
void check_scan_rules(const struct validation *validation);
