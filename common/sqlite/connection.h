/* What a connection is made of; for this folder only. */
#pragma once

#include "common/database/engine.h"
#include "common/sqlite/database.h"

#include <sqlite3.h>

enum {
    PARAMETERS_MAX = 64 /* more than any statement of ours has */
};

struct sqlite_statement {
    struct statement base;
    sqlite3_stmt *handle;
    int binding_failure; /* first SQLite code of a failed bind, SQLITE_OK otherwise */
    bool is_mapped;      /* written with $1, $2 …, which SQLite numbers by where they first stand */
    uint8_t place_of[PARAMETERS_MAX + 1];
};

struct sqlite_database {
    struct database base;
    sqlite3 *handle;
    unsigned wal_pages; /* after the last commit; counted since database_keep_wal */
    uint64_t commits;
    bool is_unsynced; /* commits are not synced now: database_begin_unsynced */
};

static inline struct sqlite_database *
sqlite_database(const struct database *db)
{
    return (struct sqlite_database *)(uintptr_t)db;
}

static inline struct sqlite_statement *
sqlite_statement(const struct statement *statement)
{
    return (struct sqlite_statement *)(uintptr_t)statement;
}

/* The one translation of a SQLite result, with its message in ERR. */
enum status status_from_sqlite(struct sqlite_database *db, int code, const char *doing, struct error_detail *err);

/* ---- statement.c: the table's functions for statements ---- */

enum status sqlite_prepare(struct database *db, const char *sql, struct statement **out, struct error_detail *err);
void sqlite_finalize(struct statement *statement);
void sqlite_clear(struct statement *statement);
void sqlite_reset(struct statement *statement);
enum status sqlite_step(struct statement *statement, bool *out_has_row, struct error_detail *err);
void sqlite_bind_int(struct statement *statement, int index, int64_t value);
void sqlite_bind_text(struct statement *statement, int index, const char *text, size_t length);
void sqlite_bind_blob(struct statement *statement, int index, const void *bytes, size_t length);
void sqlite_bind_null(struct statement *statement, int index);
int64_t sqlite_column_int(const struct statement *statement, int index);
const char *sqlite_column_text(const struct statement *statement, int index);
const void *sqlite_column_blob(const struct statement *statement, int index, size_t *out_length);
bool sqlite_column_is_null(const struct statement *statement, int index);
