/* SQLite as this program uses it: WAL, synchronous=FULL, foreign keys on. An engine behind common/database; what only
 * SQLite has stands here. The only folder that includes sqlite3.h. */
#pragma once

#include "common/database/database.h"

enum database_mode {
    DATABASE_READ_WRITE, /* created when absent */
    DATABASE_READ_ONLY
};

/* PATH is a file name. VFS names a registered SQLite VFS, NULL for the default (tests name one that loses power).
 * *OUT is given: close with database_close. STATUS_IO, STATUS_CORRUPT, STATUS_BUSY. */
enum status database_open(struct database **out, const char *path, enum database_mode mode, const char *vfs,
                          struct error_detail *err) MUST_CHECK;

/* As database_begin, for what may be lost in a power cut: its commit does not wait for the disk. What is committed
 * later still never comes before it, and database_commit and database_rollback make commits durable again. */
enum status database_begin_unsynced(struct database *db, struct error_detail *err) MUST_CHECK;

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
