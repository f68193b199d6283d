/* What a connection is made of; for this folder only. */
#pragma once

#include "common/sqlite/database.h"

#include <sqlite3.h>

/* INVARIANT: `kept` holds each SQL text once, hashed by the text; a statement that has given a row has `is_running` set
 * until it is reset. */
struct statement {
    struct database *db;
    sqlite3_stmt *handle;
    char *sql;           /* as the caller gave it; sqlite3_sql(handle) ends at the ';' */
    int binding_failure; /* first SQLite code of a failed bind, SQLITE_OK otherwise */
    bool is_running;
    struct statement *next;
};

enum {
    STATEMENT_BUCKETS = 256 /* a program has a few hundred statements */
};

struct database {
    sqlite3 *handle;
    char *path;
    struct statement *kept[STATEMENT_BUCKETS];
    unsigned wal_pages; /* after the last commit; counted since database_keep_wal */
    uint64_t commits;
    bool is_unsynced; /* commits are not synced now: database_begin_unsynced */
};

/* The one translation of a SQLite result, with its message in ERR. */
enum status status_from_sqlite(struct database *db, int code, const char *doing, struct error_detail *err);

void statements_finalize_all(struct database *db);
