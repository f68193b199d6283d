/* Statements kept by their text. */
#include "common/database/engine.h"

#include <assert.h>
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

enum status
database_statement(struct database *db, const char *sql, struct statement **out, struct error_detail *err)
{
    struct statement **bucket = &db->kept[bucket_of(sql)];
    struct statement *statement = *bucket;
    while (statement != NULL && strcmp(statement->sql, sql) != 0) {
        statement = statement->next;
    }
    if (statement == NULL) {
        enum status status = db->engine->prepare(db, sql, &statement, err);
        if (status != STATUS_OK) {
            return status;
        }
        statement->next = *bucket;
        *bucket = statement;
    }
    assert(!statement->is_running);
    statement->engine->clear(statement);
    *out = statement;
    return STATUS_OK;
}

void
database_forget_statements(struct database *db)
{
    for (size_t i = 0; i < STATEMENT_BUCKETS; i++) {
        while (db->kept[i] != NULL) {
            struct statement *statement = db->kept[i];
            db->kept[i] = statement->next;
            statement->engine->finalize(statement);
        }
    }
}

void
statement_bind_int(struct statement *statement, int index, int64_t value)
{
    statement->engine->bind_int(statement, index, value);
}

void
statement_bind_text(struct statement *statement, int index, const char *text)
{
    if (text == NULL) {
        statement->engine->bind_text(statement, index, NULL, 0);
    } else {
        statement->engine->bind_text(statement, index, text, strlen(text));
    }
}

void
statement_bind_text_n(struct statement *statement, int index, const char *text, size_t length)
{
    statement->engine->bind_text(statement, index, text, length);
}

void
statement_bind_blob(struct statement *statement, int index, const void *bytes, size_t length)
{
    statement->engine->bind_blob(statement, index, bytes, length);
}

void
statement_bind_null(struct statement *statement, int index)
{
    statement->engine->bind_null(statement, index);
}

enum status
statement_step(struct statement *statement, bool *out_has_row, struct error_detail *err)
{
    enum status status = statement->engine->step(statement, out_has_row, err);
    if (status == STATUS_OK && *out_has_row) {
        statement->is_running = true;
        return STATUS_OK;
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

enum status
statement_run_later(struct statement *statement, struct error_detail *err)
{
    if (statement->engine->run_later == NULL) {
        return statement_run(statement, err);
    }
    return statement->engine->run_later(statement, err);
}

void
statement_reset(struct statement *statement)
{
    statement->engine->reset(statement);
    statement->is_running = false;
}

int64_t
statement_column_int(const struct statement *statement, int index)
{
    return statement->engine->column_int(statement, index);
}

const char *
statement_column_text(const struct statement *statement, int index)
{
    return statement->engine->column_text(statement, index);
}

const void *
statement_column_blob(const struct statement *statement, int index, size_t *out_length)
{
    return statement->engine->column_blob(statement, index, out_length);
}

bool
statement_column_is_null(const struct statement *statement, int index)
{
    return statement->engine->column_is_null(statement, index);
}
