/* Statements: prepared at their first execution, when the types of the values are known; rows read one by one as they
 * come, so that a question over ten years takes no more memory than one over a day. */
#include "settlement/store/postgresql/connection.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* `CROSS JOIN … ON` is how SQLite is told in which order to read tables; standard SQL has no ON there, and PostgreSQL
 * finds the order by itself. The text stays as long as it was. */
static void
speak_postgresql(char *sql)
{
    static const char word[] = "CROSS JOIN";
    for (char *at = strstr(sql, word); at != NULL; at = strstr(at, word)) {
        memcpy(at, "INNER", 5);
    }
}

enum status
pg_prepare(struct database *db, const char *sql, struct statement **out, struct error_detail *err)
{
    struct pg_statement *statement = calloc(1, sizeof *statement);
    if (statement == NULL || (statement->base.sql = strdup(sql)) == NULL || (statement->sent = strdup(sql)) == NULL) {
        free(statement != NULL ? statement->base.sql : NULL);
        free(statement);
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    statement->base.engine = db->engine;
    statement->base.db = db;
    speak_postgresql(statement->sent);
    *out = &statement->base;
    return STATUS_OK;
}

/* ---- values ---- */

static struct pg_parameter *
parameter(struct statement *base, int index, enum pg_type type)
{
    struct pg_statement *statement = pg_statement(base);
    assert(index >= 1 && index <= PARAMETERS_MAX);
    if (index > statement->parameter_count) {
        statement->parameter_count = index;
    }
    struct pg_parameter *found = &statement->parameters[index - 1];
    *found = (struct pg_parameter){.type = (Oid)type};
    return found;
}

void
pg_bind_int(struct statement *statement, int index, int64_t value)
{
    struct pg_parameter *bound = parameter(statement, index, TYPE_INT8);
    uint64_t bits = (uint64_t)value;
    for (size_t i = sizeof bound->number; i > 0; i--) {
        bound->number[i - 1] = (char)(bits & 0xFF);
        bits >>= 8;
    }
    bound->bytes = bound->number;
    bound->length = (int)sizeof bound->number;
}

static void
bind_bytes(struct statement *statement, int index, enum pg_type type, const void *bytes, size_t length)
{
    struct pg_parameter *bound = parameter(statement, index, type);
    bound->bytes = bytes;
    bound->length = (int)length;
}

void
pg_bind_text(struct statement *statement, int index, const char *text, size_t length)
{
    bind_bytes(statement, index, TYPE_TEXT, text, length);
}

void
pg_bind_blob(struct statement *statement, int index, const void *bytes, size_t length)
{
    bind_bytes(statement, index, TYPE_BYTEA, bytes, length);
}

void
pg_bind_null(struct statement *statement, int index)
{
    bind_bytes(statement, index, TYPE_UNKNOWN, NULL, 0);
}

void
pg_clear(struct statement *base)
{
    struct pg_statement *statement = pg_statement(base);
    for (int i = 0; i < statement->parameter_count; i++) {
        statement->parameters[i] = (struct pg_parameter){0};
    }
}

/* ---- rows ---- */

static void
free_rows(struct pg_statement *statement)
{
    for (size_t i = 0; i < statement->row_count; i++) {
        PQclear(statement->rows[i]);
    }
    statement->row_count = 0;
    statement->row_at = 0;
}

static enum status
keep_row(struct pg_statement *statement, PGresult *row, struct error_detail *err)
{
    if (statement->row_count == statement->row_size) {
        size_t size = statement->row_size == 0 ? 1 : 2 * statement->row_size;
        PGresult **rows = realloc(statement->rows, size * sizeof *rows);
        if (rows == NULL) {
            PQclear(row);
            error_set(err, "no_memory", "out of memory for rows");
            return STATUS_NO_MEMORY;
        }
        statement->rows = rows;
        statement->row_size = size;
    }
    statement->rows[statement->row_count++] = row;
    return STATUS_OK;
}

/* The answer is over: read what ends it. */
static void
end_answer(struct pg_database *db, struct pg_statement *statement)
{
    PGresult *rest;
    while ((rest = PQgetResult(db->connection)) != NULL) {
        PQclear(rest);
    }
    statement->is_complete = true;
    db->open = NULL;
}

/* One row more, if there is one: then it is the last of `rows`. */
static enum status
receive(struct pg_database *db, struct pg_statement *statement, struct error_detail *err)
{
    PGresult *result = PQgetResult(db->connection);
    ExecStatusType kind = PQresultStatus(result); /* PGRES_FATAL_ERROR for NULL */
    enum status status = STATUS_OK;
    if (kind == PGRES_SINGLE_TUPLE) {
        status = keep_row(statement, result, err);
        if (status != STATUS_OK) {
            end_answer(db, statement);
        }
        return status;
    }
    if (kind == PGRES_TUPLES_OK || kind == PGRES_COMMAND_OK) { /* behind the last row */
        db->changes = strtoll(PQcmdTuples(result), NULL, 10);
    } else {
        status = pg_outcome(db, result, statement->base.sql, err);
    }
    PQclear(result);
    end_answer(db, statement);
    return status;
}

/* ---- the connection's turn ---- */

/* Answers of the queued writes. The first failure is told; what stood behind it was not done. */
static enum status
settle_queue(struct pg_database *db, struct error_detail *err)
{
    enum status first = STATUS_OK;
    if (db->queued > 0 && PQpipelineSync(db->connection) != 1) {
        db->queued = 0;
        return pg_outcome(db, NULL, "sending", err);
    }
    bool is_synced = db->queued == 0;
    while (!is_synced && PQstatus(db->connection) == CONNECTION_OK) {
        PGresult *result = PQgetResult(db->connection);
        ExecStatusType kind = result != NULL ? PQresultStatus(result) : PGRES_EMPTY_QUERY;
        is_synced = kind == PGRES_PIPELINE_SYNC;
        if (kind == PGRES_FATAL_ERROR && first == STATUS_OK) {
            first = pg_outcome(db, result, "writing", err);
        }
        PQclear(result);
    }
    db->queued = 0;
    if (!is_synced && first == STATUS_OK) {
        first = pg_outcome(db, NULL, "writing", err);
    }
    return first;
}

static enum status
leave_pipeline(struct pg_database *db, struct error_detail *err)
{
    if (!db->is_pipelining) {
        return STATUS_OK;
    }
    enum status status = settle_queue(db, err);
    db->is_pipelining = false;
    if (PQexitPipelineMode(db->connection) != 1 && status == STATUS_OK) {
        status = pg_outcome(db, NULL, "ending the pipeline", err);
    }
    return status;
}

enum status
pg_make_free(struct pg_database *db, struct error_detail *err)
{
    struct pg_statement *open = db->open;
    while (db->open != NULL) {
        /* A failure belongs to who reads these rows, not to who wants the connection. */
        enum status status = receive(db, open, &open->late_err);
        if (status != STATUS_OK) {
            open->late_status = status;
        }
    }
    return leave_pipeline(db, err);
}

void
pg_drop_answers(struct pg_database *db)
{
    if (db->open != NULL) {
        end_answer(db, db->open);
    }
    if (leave_pipeline(db, NULL) != STATUS_OK) {
        return; /* what was queued is rolled back */
    }
}

/* ---- execution ---- */

/* Whether the server knows it with the types that are bound now. NULLs fit anything. */
static bool
is_known(const struct pg_database *db, const struct pg_statement *statement)
{
    bool fits = statement->generation == db->generation && statement->prepared_count == statement->parameter_count;
    for (int i = 0; fits && i < statement->parameter_count; i++) {
        const struct pg_parameter *bound = &statement->parameters[i];
        fits = bound->type == TYPE_UNKNOWN || bound->type == statement->types[i];
    }
    return fits;
}

static enum status
make_known(struct pg_database *db, struct pg_statement *statement, struct error_detail *err)
{
    for (int i = 0; i < statement->parameter_count; i++) {
        const Oid type = statement->parameters[i].type;
        statement->types[i] =
            type == TYPE_UNKNOWN && statement->generation == db->generation ? statement->types[i] : type;
    }
    statement->generation = 0;
    snprintf(statement->name, sizeof statement->name, "s%u", ++db->prepared);
    PGresult *result =
        PQprepare(db->connection, statement->name, statement->sent, statement->parameter_count, statement->types);
    enum status status =
        PQresultStatus(result) == PGRES_COMMAND_OK ? STATUS_OK : pg_outcome(db, result, statement->base.sql, err);
    PQclear(result);
    if (status == STATUS_OK) {
        statement->generation = db->generation;
        statement->prepared_count = statement->parameter_count;
    }
    return status;
}

static enum status
send(struct pg_database *db, struct pg_statement *statement, struct error_detail *err)
{
    const char *values[PARAMETERS_MAX];
    int lengths[PARAMETERS_MAX];
    int formats[PARAMETERS_MAX];
    for (int i = 0; i < statement->parameter_count; i++) {
        values[i] = statement->parameters[i].bytes;
        lengths[i] = statement->parameters[i].length;
        formats[i] = 1;
    }
    int sent =
        PQsendQueryPrepared(db->connection, statement->name, statement->parameter_count, values, lengths, formats, 1);
    return sent == 1 ? STATUS_OK : pg_outcome(db, NULL, statement->base.sql, err);
}

static enum status
begin_execution(struct pg_database *db, struct pg_statement *statement, struct error_detail *err)
{
    enum status status = pg_make_free(db, err);
    if (status == STATUS_OK && !is_known(db, statement)) {
        status = make_known(db, statement, err);
    }
    if (status == STATUS_OK) {
        status = send(db, statement, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    PQsetSingleRowMode(db->connection);
    statement->is_executing = true;
    statement->is_complete = false;
    db->open = statement;
    return STATUS_OK;
}

/* Go to the next row, here already or not. */
static enum status
advance(struct pg_database *db, struct pg_statement *statement, bool *out_has_row, struct error_detail *err)
{
    enum status status = STATUS_OK;
    if (statement->row_at + 1 < statement->row_count) {
        statement->row_at++;
    } else {
        free_rows(statement);
        if (!statement->is_complete) {
            status = receive(db, statement, err);
        } else if (statement->late_status != STATUS_OK) {
            status = statement->late_status;
            if (err != NULL) {
                *err = statement->late_err;
            }
        }
    }
    *out_has_row = status == STATUS_OK && statement->row_at < statement->row_count;
    return status;
}

enum status
pg_step(struct statement *base, bool *out_has_row, struct error_detail *err)
{
    struct pg_statement *statement = pg_statement(base);
    struct pg_database *db = pg_database(base->db);
    *out_has_row = false;
    enum status status = STATUS_OK;
    if (!statement->is_executing) {
        status = begin_execution(db, statement, err);
    }
    return status == STATUS_OK ? advance(db, statement, out_has_row, err) : status;
}

enum status
pg_run_later(struct statement *base, struct error_detail *err)
{
    struct pg_statement *statement = pg_statement(base);
    struct pg_database *db = pg_database(base->db);
    enum status status = STATUS_OK;
    if (db->open != NULL || !is_known(db, statement)) {
        status = pg_make_free(db, err);
        if (status == STATUS_OK && !is_known(db, statement)) {
            status = make_known(db, statement, err);
        }
    } else if (db->queued == QUEUED_MAX) {
        status = settle_queue(db, err);
    }
    if (status == STATUS_OK && !db->is_pipelining) {
        db->is_pipelining = PQenterPipelineMode(db->connection) == 1;
        status = db->is_pipelining ? STATUS_OK : pg_outcome(db, NULL, "beginning a pipeline", err);
    }
    if (status == STATUS_OK) {
        status = send(db, statement, err);
    }
    if (status == STATUS_OK) {
        db->queued++;
    }
    return status;
}

void
pg_reset(struct statement *base)
{
    struct pg_statement *statement = pg_statement(base);
    struct pg_database *db = pg_database(base->db);
    if (db->open == statement) {
        end_answer(db, statement);
    }
    free_rows(statement);
    statement->is_executing = false;
    statement->is_complete = false;
    statement->late_status = STATUS_OK;
}

void
pg_finalize(struct statement *base)
{
    struct pg_statement *statement = pg_statement(base);
    pg_reset(base);
    free(statement->rows);
    free(statement->number_texts);
    free(statement->sent);
    free(base->sql);
    free(statement);
}
