/* Prepared statements. */
#include "common/sqlite/connection.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* SQLite takes `$1` for a name and numbers names by where they first stand. */
static void
map_parameters(struct sqlite_statement *statement)
{
    int count = sqlite3_bind_parameter_count(statement->handle);
    assert(count <= PARAMETERS_MAX);
    for (int place = 1; place <= count; place++) {
        const char *name = sqlite3_bind_parameter_name(statement->handle, place);
        if (name != NULL && name[0] == '$') {
            long number = strtol(name + 1, NULL, 10);
            assert(number >= 1 && number <= PARAMETERS_MAX);
            statement->is_mapped = true;
            statement->place_of[number] = (uint8_t)place;
        }
    }
}

/* Compile SQL into STATEMENT: one statement, and nothing but space and comments behind it. What follows a ';' would
 * silently never run. */
static enum status
compile(struct sqlite_database *db, struct sqlite_statement *statement, const char *sql, struct error_detail *err)
{
    const char *rest;
    int code = sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement->handle, &rest);
    if (code != SQLITE_OK) {
        return status_from_sqlite(db, code, sql, err);
    }
    sqlite3_stmt *second = NULL;
    bool has_more = sqlite3_prepare_v3(db->handle, rest, -1, 0, &second, NULL) != SQLITE_OK || second != NULL;
    sqlite3_finalize(second);
    if (statement->handle == NULL || has_more) {
        error_set(err, "not_one_statement", "%s: this is not one SQL statement: %s", db->base.name, sql);
        return STATUS_INVALID;
    }
    map_parameters(statement);
    return STATUS_OK;
}

enum status
sqlite_prepare(struct database *db, const char *sql, struct statement **out, struct error_detail *err)
{
    struct sqlite_statement *statement = calloc(1, sizeof *statement);
    if (statement == NULL || (statement->base.sql = strdup(sql)) == NULL) {
        free(statement);
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    statement->base.engine = db->engine;
    statement->base.db = db;
    enum status status = compile(sqlite_database(db), statement, sql, err);
    if (status != STATUS_OK) {
        sqlite_finalize(&statement->base);
        return status;
    }
    *out = &statement->base;
    return STATUS_OK;
}

void
sqlite_finalize(struct statement *statement)
{
    sqlite3_finalize(sqlite_statement(statement)->handle);
    free(statement->sql);
    free(statement);
}

void
sqlite_clear(struct statement *base)
{
    struct sqlite_statement *statement = sqlite_statement(base);
    sqlite3_clear_bindings(statement->handle);
    statement->binding_failure = SQLITE_OK;
}

static void
note_binding(struct sqlite_statement *statement, int code)
{
    if (code != SQLITE_OK && statement->binding_failure == SQLITE_OK) {
        statement->binding_failure = code;
    }
}

/* Where parameter INDEX stands; 0, which SQLite refuses, when it stands nowhere. */
static int
place_of(const struct sqlite_statement *statement, int index)
{
    if (!statement->is_mapped) {
        return index;
    }
    return index >= 1 && index <= PARAMETERS_MAX ? statement->place_of[index] : 0;
}

void
sqlite_bind_int(struct statement *base, int index, int64_t value)
{
    struct sqlite_statement *statement = sqlite_statement(base);
    note_binding(statement, sqlite3_bind_int64(statement->handle, place_of(statement, index), value));
}

void
sqlite_bind_text(struct statement *base, int index, const char *text, size_t length)
{
    struct sqlite_statement *statement = sqlite_statement(base);
    note_binding(statement, sqlite3_bind_text64(statement->handle, place_of(statement, index), text, length,
                                                SQLITE_STATIC, SQLITE_UTF8));
}

void
sqlite_bind_blob(struct statement *base, int index, const void *bytes, size_t length)
{
    struct sqlite_statement *statement = sqlite_statement(base);
    note_binding(statement,
                 sqlite3_bind_blob64(statement->handle, place_of(statement, index), bytes, length, SQLITE_STATIC));
}

void
sqlite_bind_null(struct statement *base, int index)
{
    struct sqlite_statement *statement = sqlite_statement(base);
    note_binding(statement, sqlite3_bind_null(statement->handle, place_of(statement, index)));
}

enum status
sqlite_step(struct statement *base, bool *out_has_row, struct error_detail *err)
{
    struct sqlite_statement *statement = sqlite_statement(base);
    struct sqlite_database *db = sqlite_database(base->db);
    *out_has_row = false;
    if (statement->binding_failure != SQLITE_OK) {
        return status_from_sqlite(db, statement->binding_failure, base->sql, err);
    }
    int code = sqlite3_step(statement->handle);
    *out_has_row = code == SQLITE_ROW;
    return code == SQLITE_ROW || code == SQLITE_DONE ? STATUS_OK : status_from_sqlite(db, code, base->sql, err);
}

void
sqlite_reset(struct statement *statement)
{
    sqlite3_reset(sqlite_statement(statement)->handle); /* repeats the error of the step, which was reported there */
}

int64_t
sqlite_column_int(const struct statement *statement, int index)
{
    return sqlite3_column_int64(sqlite_statement(statement)->handle, index);
}

const char *
sqlite_column_text(const struct statement *statement, int index)
{
    const unsigned char *text = sqlite3_column_text(sqlite_statement(statement)->handle, index);
    return text != NULL ? (const char *)text : "";
}

const void *
sqlite_column_blob(const struct statement *statement, int index, size_t *out_length)
{
    const void *bytes = sqlite3_column_blob(sqlite_statement(statement)->handle, index);
    *out_length = (size_t)sqlite3_column_bytes(sqlite_statement(statement)->handle, index);
    return bytes != NULL ? bytes : "";
}

bool
sqlite_column_is_null(const struct statement *statement, int index)
{
    return sqlite3_column_type(sqlite_statement(statement)->handle, index) == SQLITE_NULL;
}
