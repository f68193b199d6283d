/* The settlement service's memory: one SQLite file or one PostgreSQL database, one writer at a time, several readers
 * beside it.
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

/* Open the store that the file PATH names (place.h): an SQLite database, created when absent, or a store file. Its
 * schema is brought up to date. *OUT is given: close with store_close. STATUS_REFUSED for a database written by a newer
 * program, STATUS_IO, STATUS_CORRUPT, STATUS_BUSY, STATUS_UNREACHABLE. */
enum status store_open(struct store **out, const char *path, struct error_detail *err) MUST_CHECK;

/* Every transaction must have ended (asserted). NULL is fine. */
void store_close(struct store *store);

/* Wait for the turn to write rows of any municipality, then begin. Turns are given in the order of asking, so that no
 * writer starves another. STATUS_BUSY when another process holds the store too long, STATUS_UNREACHABLE when it cannot
 * be reached. On failure *OUT is NULL. */
enum status store_begin_write(struct store *store, struct store_txn **out, struct error_detail *err) MUST_CHECK;

/* The same for work on one municipality. Several programs on one PostgreSQL work on several municipalities at once, and
 * the transaction neither sees nor writes rows of another (store_confine). */
enum status store_begin_write_for(struct store *store, const char *municipality, struct store_txn **out,
                                  struct error_detail *err) MUST_CHECK;

/* The same for taking in journal lines. On PostgreSQL it waits for no other work than another program's uploads; a
 * terminal that it finds stays as it is until its end. */
enum status store_begin_intake(struct store *store, struct store_txn **out, struct error_detail *err) MUST_CHECK;

/* Whether other programs may write to the store at any time: then work is looked for, not only waited for. */
bool store_is_shared(const struct store *store);

/* For a transaction of store_begin_write_for that will append journal lines: wait until no upload is under way, and keep
 * uploads out until its end, so that lines become visible in the order of their arrival. */
enum status store_join_intake(struct store_txn *txn, struct error_detail *err) MUST_CHECK;

/* From here on TXN is for MUNICIPALITY: a second fence behind every WHERE. PostgreSQL shows it no row of another
 * municipality and refuses to write one; SQLite has one fence only, and this does nothing. */
enum status store_confine(struct store_txn *txn, const char *municipality, struct error_detail *err) MUST_CHECK;

/* A consistent view of all municipalities for reading; whoever knows for which one uses store_begin_read_for. Waits while
 * all read connections are in use. On failure *OUT is NULL. */
enum status store_begin_read(struct store *store, struct store_txn **out, struct error_detail *err) MUST_CHECK;

/* The same, confined to MUNICIPALITY (store_confine). */
enum status store_begin_read_for(struct store *store, const char *municipality, struct store_txn **out,
                                 struct error_detail *err) MUST_CHECK;

/* Make a write transaction durable. On failure nothing of it remains, except after STATUS_UNKNOWN_OUTCOME: the
 * connection was lost before the answer came. store_end is owed in either case. */
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
