/* Prepared statements, kept by their text. */
#include "common/sqlite/connection.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static unsigned
bucket_of(const char *sql)
{
    unsigned hash = 2166136261U; /* FNV-1a */
    for (const char *at = sql; *at != '\0'; at++) {
        hash = (hash ^ (unsigned char)*at) * 16777619U;
    }
    return hash % STATEMENT_BUCKETS;
}

static void
statement_destroy(struct statement *statement)
{
    sqlite3_finalize(statement->handle);
    free(statement->sql);
    free(statement);
}

/* Compile SQL into STATEMENT: one statement, and nothing but space and comments behind it. What follows a ';' would
 * silently never run. */
static enum status
compile(struct statement *statement, const char *sql, struct error_detail *err)
{
    sqlite3 *connection = statement->db->handle;
    const char *rest;
    int code = sqlite3_prepare_v3(connection, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement->handle, &rest);
    if (code != SQLITE_OK) {
        return status_from_sqlite(statement->db, code, sql, err);
    }
    sqlite3_stmt *second = NULL;
    bool has_more = sqlite3_prepare_v3(connection, rest, -1, 0, &second, NULL) != SQLITE_OK || second != NULL;
    sqlite3_finalize(second);
    if (statement->handle == NULL || has_more) {
        error_set(err, "not_one_statement", "%s: this is not one SQL statement: %s", statement->db->path, sql);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static enum status
prepare(struct database *db, const char *sql, struct statement **out, struct error_detail *err)
{
    struct statement *statement = calloc(1, sizeof *statement);
    if (statement == NULL || (statement->sql = strdup(sql)) == NULL) {
        free(statement);
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    statement->db = db;
    enum status status = compile(statement, sql, err);
    if (status != STATUS_OK) {
        statement_destroy(statement);
        return status;
    }
    *out = statement;
    return STATUS_OK;
}

enum status
database_statement(struct database *db, const char *sql, struct statement **out, struct error_detail *err)
{
    struct statement **bucket = &db->kept[bucket_of(sql)];
    struct statement *statement = *bucket;
    while (statement != NULL && strcmp(statement->sql, sql) != 0) {
        statement = statement->next;
    }
    if (statement == NULL) {
        enum status status = prepare(db, sql, &statement, err);
        if (status != STATUS_OK) {
            return status;
        }
        statement->next = *bucket;
        *bucket = statement;
    }
    assert(!statement->is_running);
    sqlite3_clear_bindings(statement->handle);
    statement->binding_failure = SQLITE_OK;
    *out = statement;
    return STATUS_OK;
}

void
statements_finalize_all(struct database *db)
{
    for (size_t i = 0; i < STATEMENT_BUCKETS; i++) {
        while (db->kept[i] != NULL) {
            struct statement *statement = db->kept[i];
            db->kept[i] = statement->next;
            statement_destroy(statement);
        }
    }
}

static void
note_binding(struct statement *statement, int code)
{
    if (code != SQLITE_OK && statement->binding_failure == SQLITE_OK) {
        statement->binding_failure = code;
    }
}

void
statement_bind_int(struct statement *statement, int index, int64_t value)
{
    note_binding(statement, sqlite3_bind_int64(statement->handle, index, value));
}

void
statement_bind_text(struct statement *statement, int index, const char *text)
{
    note_binding(statement, sqlite3_bind_text(statement->handle, index, text, -1, SQLITE_STATIC));
}

void
statement_bind_text_n(struct statement *statement, int index, const char *text, size_t length)
{
    note_binding(statement, sqlite3_bind_text64(statement->handle, index, text, length, SQLITE_STATIC, SQLITE_UTF8));
}

void
statement_bind_blob(struct statement *statement, int index, const void *bytes, size_t length)
{
    note_binding(statement, sqlite3_bind_blob64(statement->handle, index, bytes, length, SQLITE_STATIC));
}

void
statement_bind_null(struct statement *statement, int index)
{
    note_binding(statement, sqlite3_bind_null(statement->handle, index));
}

enum status
statement_step(struct statement *statement, bool *out_has_row, struct error_detail *err)
{
    if (statement->binding_failure != SQLITE_OK) {
        return status_from_sqlite(statement->db, statement->binding_failure, statement->sql, err);
    }
    int code = sqlite3_step(statement->handle);
    if (code == SQLITE_ROW) {
        statement->is_running = true;
        *out_has_row = true;
        return STATUS_OK;
    }
    enum status status = STATUS_OK;
    if (code != SQLITE_DONE) {
        status = status_from_sqlite(statement->db, code, statement->sql, err);
    }
    statement_reset(statement);
    *out_has_row = false;
    return status;
}

enum status
statement_run(struct statement *statement, struct error_detail *err)
{
    bool has_row = false;
    enum status status = statement_step(statement, &has_row, err);
    assert(status != STATUS_OK || !has_row);
    return status;
}

void
statement_reset(struct statement *statement)
{
    sqlite3_reset(statement->handle); /* repeats the error of the step, which was reported there */
    statement->is_running = false;
}

int64_t
statement_column_int(const struct statement *statement, int index)
{
    return sqlite3_column_int64(statement->handle, index);
}

const char *
statement_column_text(const struct statement *statement, int index)
{
    const unsigned char *text = sqlite3_column_text(statement->handle, index);
    return text != NULL ? (const char *)text : "";
}

const void *
statement_column_blob(const struct statement *statement, int index, size_t *out_length)
{
    const void *bytes = sqlite3_column_blob(statement->handle, index);
    *out_length = (size_t)sqlite3_column_bytes(statement->handle, index);
    return bytes != NULL ? bytes : "";
}

bool
statement_column_is_null(const struct statement *statement, int index)
{
    return sqlite3_column_type(statement->handle, index) == SQLITE_NULL;
}
