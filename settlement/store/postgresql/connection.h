/* What a connection is made of; for this folder only. */
#pragma once

#include "common/database/engine.h"
#include "settlement/store/postgresql/postgresql.h"

#include <libpq-fe.h>

enum {
    PARAMETERS_MAX = 64, /* more than any statement of ours has */
    QUEUED_MAX = 256,    /* answers of so many writes fit into the socket's buffer: nobody waits for the other */
    NUMBER_TEXT_SIZE = 24
};

/* Types as PostgreSQL numbers them (pg_type.dat). */
enum pg_type {
    TYPE_UNKNOWN = 0,
    TYPE_BOOL = 16,
    TYPE_BYTEA = 17,
    TYPE_INT8 = 20,
    TYPE_INT2 = 21,
    TYPE_INT4 = 23,
    TYPE_TEXT = 25,
    TYPE_NUMERIC = 1700
};

/* INVARIANT: `open` is the statement whose rows are still coming, NULL when the connection is free; `queued` writes
 * were sent whose answers were not read, and none while `open` is not NULL. */
struct pg_database {
    struct database base;
    PGconn *connection;
    unsigned generation; /* grows with every new connection: prepared statements are gone then */
    unsigned prepared;   /* names given on this connection */
    struct pg_statement *open;
    unsigned queued;
    bool is_pipelining;
    bool is_in_transaction;
    int64_t changes;
};

struct pg_parameter {
    Oid type;
    const char *bytes; /* NULL: null */
    int length;
    char number[8]; /* of an integer, as it goes over the wire */
};

/* INVARIANT: `rows` holds what came: one row while they stream, or all that came when the connection was wanted for
 * something else; `row_at` is the current one. */
struct pg_statement {
    struct statement base;
    char *sent; /* `sql` as PostgreSQL wants it; owned */
    char name[16];
    unsigned generation; /* of the connection that knows it by `name`; 0: none */
    Oid types[PARAMETERS_MAX];
    int prepared_count;
    struct pg_parameter parameters[PARAMETERS_MAX];
    int parameter_count;
    bool is_executing;
    bool is_complete; /* no more rows come over the connection */
    PGresult **rows;
    size_t row_count, row_size, row_at;
    char (*number_texts)[NUMBER_TEXT_SIZE]; /* of the current row, by column; made when asked for */
    int number_columns;
    enum status late_status; /* of rows that were read early: told when they are reached */
    struct error_detail late_err;
};

static inline struct pg_database *
pg_database(const struct database *db)
{
    return (struct pg_database *)(uintptr_t)db;
}

static inline struct pg_statement *
pg_statement(const struct statement *statement)
{
    return (struct pg_statement *)(uintptr_t)statement;
}

/* ---- outcome.c ---- */

/* What RESULT (NULL: the connection failed) means; DOING is for the message. */
enum status pg_outcome(struct pg_database *db, const PGresult *result, const char *doing, struct error_detail *err);

/* ---- statement.c ---- */

enum status pg_prepare(struct database *db, const char *sql, struct statement **out, struct error_detail *err);
void pg_finalize(struct statement *statement);
void pg_clear(struct statement *statement);
void pg_bind_int(struct statement *statement, int index, int64_t value);
void pg_bind_text(struct statement *statement, int index, const char *text, size_t length);
void pg_bind_blob(struct statement *statement, int index, const void *bytes, size_t length);
void pg_bind_null(struct statement *statement, int index);
enum status pg_step(struct statement *statement, bool *out_has_row, struct error_detail *err);
enum status pg_run_later(struct statement *statement, struct error_detail *err);
void pg_reset(struct statement *statement);

/* Make the connection free for another question: rows that still come are read into memory, writes that were queued
 * are answered; the first that failed is told. */
enum status pg_make_free(struct pg_database *db, struct error_detail *err);

/* Read and forget all that still comes, whatever it is. */
void pg_drop_answers(struct pg_database *db);

/* ---- row.c ---- */

int64_t pg_column_int(const struct statement *statement, int index);
const char *pg_column_text(const struct statement *statement, int index);
const void *pg_column_blob(const struct statement *statement, int index, size_t *out_length);
bool pg_column_is_null(const struct statement *statement, int index);
