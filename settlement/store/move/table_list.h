/* The tables of a store in SQLite, with their columns, in an order in which a row's parents are there before it. */
#pragma once

#include "common/database/database.h"

enum {
    MOVED_TABLES_MAX = 128, /* twice what there is */
    MOVED_COLUMNS_MAX = 64, /* likewise */
    MOVED_NAME_SIZE = 64    /* PostgreSQL's own limit */
};

enum moved_type { MOVED_INTEGER, MOVED_TEXT, MOVED_BLOB };

struct moved_column {
    char name[MOVED_NAME_SIZE];
    enum moved_type type;
    int key; /* place in the primary key from 1; 0: not in it */
};

struct moved_table {
    char name[MOVED_NAME_SIZE];
    struct moved_column columns[MOVED_COLUMNS_MAX];
    size_t column_count;
    size_t key_count;
};

struct table_list {
    struct moved_table tables[MOVED_TABLES_MAX];
    size_t count;
};

/* Read the schema of DB, an SQLite store. STATUS_OVERFLOW: more tables or columns than there is room for;
 * STATUS_CORRUPT: a table without primary key, or tables that refer to each other in a circle. */
enum status table_list_read(struct table_list *out, struct database *db, struct error_detail *err) MUST_CHECK;
