/* The settlement service's memory: one SQLite file, one writer at a time, several readers beside it.
 *
 * Everything that reads or writes takes a `struct store_txn *`, so that a signature shows what happens together. The
 * verbs on it speak of the business (journal_store.h, ledger_store.h …); SQL stands in this folder only.
 *
 *   struct store_txn *txn = NULL;
 *   enum status status = store_begin_write(store, &txn, err);
 *   if (status == STATUS_OK) {
 *       status = …(txn, …, err);
 *   }
 *   if (status == STATUS_OK) {
 *       status = store_commit(txn, err);
 *   }
 *   store_end(txn);
 *
 * A transaction belongs to the thread that began it. A thread that holds a write transaction must not begin another
 * (it would wait for itself). */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

struct store;
struct store_txn;

/* Open PATH, created when absent, and bring its schema up to date. *OUT is given: close with store_close.
 * STATUS_REFUSED for a file written by a newer program, STATUS_IO, STATUS_CORRUPT, STATUS_BUSY. */
enum status store_open(struct store **out, const char *path, struct error_detail *err) MUST_CHECK;

/* Every transaction must have ended (asserted). NULL is fine. */
void store_close(struct store *store);

/* Wait for the turn to write, then begin. Turns are given in the order of asking, so that no writer starves another.
 * STATUS_BUSY when another process holds the file too long. On failure *OUT is NULL. */
enum status store_begin_write(struct store *store, struct store_txn **out, struct error_detail *err) MUST_CHECK;

/* A consistent view for reading; waits while all read connections are in use. On failure *OUT is NULL. */
enum status store_begin_read(struct store *store, struct store_txn **out, struct error_detail *err) MUST_CHECK;

/* Make a write transaction durable. On failure nothing of it remains. store_end is owed in either case. */
enum status store_commit(struct store_txn *txn, struct error_detail *err) MUST_CHECK;

/* Give the connection back; what was not committed is undone. NULL is fine. */
void store_end(struct store_txn *txn);

/* A mark inside a write transaction, for work that may turn out to be impossible half-way. One at a time. Undo and keep
 * both remove the mark. */
enum status store_mark(struct store_txn *txn, struct error_detail *err) MUST_CHECK;
enum status store_mark_keep(struct store_txn *txn, struct error_detail *err) MUST_CHECK;
enum status store_mark_undo(struct store_txn *txn, struct error_detail *err) MUST_CHECK;

/* Copy the live database to PATH (a new file), for backups. */
enum status store_backup(struct store *store, const char *path, struct error_detail *err) MUST_CHECK;
