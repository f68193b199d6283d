/* SQLite as this program uses it: WAL, synchronous=FULL, foreign keys on, numbered migrations, statements prepared once
 * and kept by their text. The only folder that includes sqlite3.h.
 *
 * One `struct database` is one connection, used by one thread at a time (the owner locks). Every open transaction
 * belongs to a named call pair; nesting is a programmer's error (asserted). */
#pragma once

#include "common/bytes/buffer.h"
#include "common/sqlite/migration.h"

struct database;
struct statement;

enum database_mode {
    DATABASE_READ_WRITE, /* created when absent */
    DATABASE_READ_ONLY
};

/* PATH is a file name. VFS names a registered SQLite VFS, NULL for the default (tests name one that loses power).
 * *OUT is given: close with database_close. STATUS_IO, STATUS_CORRUPT, STATUS_BUSY. */
enum status database_open(struct database **out, const char *path, enum database_mode mode, const char *vfs,
                          struct error_detail *err) MUST_CHECK;

/* Finalises every kept statement; an open transaction is rolled back. NULL is fine. */
void database_close(struct database *db);

/* Bring the schema to COUNT migrations, each in its own transaction; programs that start together run each once. A
 * database that is newer than this program is STATUS_REFUSED: an old program must not write to it. */
enum status database_migrate(struct database *db, const struct migration *migrations, size_t count,
                             struct error_detail *err) MUST_CHECK;

/* Run statements that return no rows (pragmas, DDL). */
enum status database_execute(struct database *db, const char *sql, struct error_detail *err) MUST_CHECK;

/* BEGIN IMMEDIATE: the write lock is taken here, so that COMMIT fails only for the disk or a deferred constraint. After
 * a COMMIT that failed, nothing is committed: the caller calls database_rollback. */
enum status database_begin(struct database *db, struct error_detail *err) MUST_CHECK;
enum status database_commit(struct database *db, struct error_detail *err) MUST_CHECK;
void database_rollback(struct database *db); /* never fails; fine when none is open */
bool database_in_transaction(const struct database *db);

/* As database_begin, for what may be lost in a power cut: its commit does not wait for the disk. What is committed
 * later still never comes before it, and database_commit and database_rollback make commits durable again. */
enum status database_begin_unsynced(struct database *db, struct error_detail *err) MUST_CHECK;

/* BEGIN (deferred) for a consistent read over several statements; ends with database_rollback. */
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

/* Give up a cursor before its end. */
void statement_reset(struct statement *statement);

/* Columns count from 0. Text and blobs are borrowed until the next step; text is never NULL ("" for NULL). */
int64_t statement_column_int(const struct statement *statement, int index);
const char *statement_column_text(const struct statement *statement, int index);
const void *statement_column_blob(const struct statement *statement, int index, size_t *out_length);
bool statement_column_is_null(const struct statement *statement, int index);

/* Rows changed by the last statement; rowid of the last insert. */
int64_t database_changes(const struct database *db);
int64_t database_last_rowid(const struct database *db);

/* One integer from a query with one row; STATUS_NOT_FOUND when there is none. */
enum status database_query_int(struct database *db, const char *sql, int64_t *out, struct error_detail *err) MUST_CHECK;

/* ---- checkpoint.c: the WAL ---- */

/* From now on no commit of DB moves the WAL into the database (it waits for two syncs more when it does): another
 * connection must do it, by database_checkpoint, or the WAL grows. */
void database_keep_wal(struct database *db);

struct wal_size {
    unsigned pages;   /* in the WAL after the last commit; moved or not */
    uint64_t commits; /* since database_keep_wal */
};
struct wal_size database_wal_size(const struct database *db);

/* Move what no reader needs any more from the WAL into the database, durably. Holds nobody up; the next commit begins
 * the WAL anew when all was moved. STATUS_BUSY when another does the same. */
enum status database_checkpoint(struct database *db, struct error_detail *err) MUST_CHECK;

/* Copy the live database into PATH with SQLite's backup interface, then fsync. */
enum status database_backup(struct database *db, const char *path, struct error_detail *err) MUST_CHECK;
