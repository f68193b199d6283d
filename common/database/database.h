/* A connection to a database, and statements on it, whatever the engine: SQLite (common/sqlite) or PostgreSQL
 * (settlement/store/postgresql).
 *
 * One `struct database` is one connection, used by one thread at a time (the owner locks). Every open transaction
 * belongs to a named call pair; nesting is a programmer's error (asserted). Statements are prepared once and kept by
 * their text; parameters are written $1, $2 … and may stand in any order and more than once. */
#pragma once

#include "common/bytes/buffer.h"
#include "common/database/migration.h"

struct database;
struct statement;

/* Words for messages and for the few places where two engines need two texts. */
enum database_dialect { DIALECT_SQLITE, DIALECT_POSTGRESQL };
enum database_dialect database_dialect(const struct database *db);

/* Finalises every kept statement; an open transaction is rolled back. NULL is fine. */
void database_close(struct database *db);

/* Bring the schema to COUNT migrations, each in its own transaction; programs that start together run each once. A
 * database that is newer than this program is STATUS_REFUSED: an old program must not write to it. */
enum status database_migrate(struct database *db, const struct migration *migrations, size_t count,
                             struct error_detail *err) MUST_CHECK;

/* The schema's version, 0 for an empty database; changes nothing. */
enum status database_schema_version(struct database *db, int64_t *out, struct error_detail *err) MUST_CHECK;

/* Run statements that return no rows (settings, DDL). */
enum status database_execute(struct database *db, const char *sql, struct error_detail *err) MUST_CHECK;

/* Begin to write. SQLite takes its write lock here, so that COMMIT fails only for the disk or a deferred constraint.
 * After a COMMIT that failed, nothing is committed unless the status is STATUS_UNKNOWN_OUTCOME; the caller calls
 * database_rollback. */
enum status database_begin(struct database *db, struct error_detail *err) MUST_CHECK;
enum status database_commit(struct database *db, struct error_detail *err) MUST_CHECK;
void database_rollback(struct database *db); /* never fails; fine when none is open */
bool database_in_transaction(const struct database *db);

/* Begin a consistent read over several statements; ends with database_rollback. */
enum status database_begin_read(struct database *db, struct error_detail *err) MUST_CHECK;

/* A statement for SQL, prepared at first use and kept for the connection's life under the pointer's text. Bindings and
 * the cursor are reset. Borrowed: never finalised by the caller. Two uses of one text must not overlap (asserted once
 * the first has a row). STATUS_INVALID when SQL is not exactly one statement. */
enum status
database_statement(struct database *db, const char *sql, struct statement **out, struct error_detail *err) MUST_CHECK;

/* Parameters count from 1. Text and blobs are borrowed until the statement is reset or stepped to its end. NULL text
 * binds NULL. Binding errors surface in the next statement_step. */
void statement_bind_int(struct statement *statement, int index, int64_t value);
void statement_bind_text(struct statement *statement, int index, const char *text);
void statement_bind_text_n(struct statement *statement, int index, const char *text, size_t length);
void statement_bind_blob(struct statement *statement, int index, const void *bytes, size_t length);
void statement_bind_null(struct statement *statement, int index);

/* Step to the next row: *OUT_HAS_ROW tells. After the last row, or on failure, the statement is reset.
 * STATUS_CONFLICT for a broken constraint, STATUS_BUSY, STATUS_IO, STATUS_CORRUPT. */
enum status statement_step(struct statement *statement, bool *out_has_row, struct error_detail *err) MUST_CHECK;

/* Step a statement that must give no row. */
enum status statement_run(struct statement *statement, struct error_detail *err) MUST_CHECK;

/* The same for bulk writes: the engine may send it and go on, so that a failure is told by a later call on this
 * connection, at the latest by the commit; nothing behind it is done then. What is bound was copied or used when this
 * returns. */
enum status statement_run_later(struct statement *statement, struct error_detail *err) MUST_CHECK;

/* Give up a cursor before its end. */
void statement_reset(struct statement *statement);

/* Columns count from 0. Text and blobs are borrowed until the next step; text is never NULL ("" for NULL). */
int64_t statement_column_int(const struct statement *statement, int index);
const char *statement_column_text(const struct statement *statement, int index);
const void *statement_column_blob(const struct statement *statement, int index, size_t *out_length);
bool statement_column_is_null(const struct statement *statement, int index);

/* Rows changed by the last statement that ran to its end. */
int64_t database_changes(const struct database *db);

/* One integer from a query with one row; STATUS_NOT_FOUND when there is none. */
enum status database_query_int(struct database *db, const char *sql, int64_t *out, struct error_detail *err) MUST_CHECK;
