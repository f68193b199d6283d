/* Connections and transactions. */
#include "common/sqlite/database.h"

#include "common/sqlite/connection.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    BUSY_TIMEOUT_MS = 10000 /* longer than any transaction of ours; then the disk, not a lock, is the problem */
};

enum status
status_from_sqlite(struct sqlite_database *db, int code, const char *doing, struct error_detail *err)
{
    /* The connection's message belongs to its latest failure, which need not be this one (a binding, an open). */
    bool is_latest = db->handle != NULL && sqlite3_extended_errcode(db->handle) == code;
    const char *reason = is_latest ? sqlite3_errmsg(db->handle) : sqlite3_errstr(code);
    enum status status = STATUS_IO;
    const char *word = "database_io";
    switch (code & 0xFF) {
    case SQLITE_CONSTRAINT:
        status = STATUS_CONFLICT;
        word = "database_constraint";
        break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        status = STATUS_BUSY;
        word = "database_busy";
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        status = STATUS_CORRUPT;
        word = "database_corrupt";
        break;
    case SQLITE_NOMEM:
        status = STATUS_NO_MEMORY;
        word = "no_memory";
        break;
    case SQLITE_FULL:
        word = "disk_full";
        break;
    case SQLITE_TOOBIG:
    case SQLITE_RANGE:
        status = STATUS_OVERFLOW;
        word = "too_large";
        break;
    default:
        break;
    }
    error_set(err, word, "%s: %s: %s (SQLite %d)", db->base.name, doing, reason, code);
    return status;
}

static enum status
sqlite_execute(struct database *base, const char *sql, struct error_detail *err)
{
    struct sqlite_database *db = sqlite_database(base);
    int code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? STATUS_OK : status_from_sqlite(db, code, sql, err);
}

static enum status
prepare_connection(struct sqlite_database *db, enum database_mode mode, struct error_detail *err)
{
    sqlite3_extended_result_codes(db->handle, 1);
    sqlite3_busy_timeout(db->handle, BUSY_TIMEOUT_MS);
    if (mode == DATABASE_READ_ONLY) {
        return sqlite_execute(&db->base, "PRAGMA foreign_keys=ON; PRAGMA query_only=ON;", err);
    }
    return sqlite_execute(&db->base,
                          "PRAGMA journal_mode=WAL;"
                          "PRAGMA synchronous=FULL;" /* an acknowledged commit survives a power cut */
                          "PRAGMA foreign_keys=ON;"
                          "PRAGMA trusted_schema=OFF;"
                          "PRAGMA wal_autocheckpoint=1000;",
                          err);
}

static bool
sqlite_in_transaction(const struct database *db)
{
    return sqlite3_get_autocommit(sqlite_database(db)->handle) == 0;
}

/* SQLite refuses the change within a transaction, so it is made around it. */
static enum status
sync_commits(struct sqlite_database *db, struct error_detail *err)
{
    enum status status = db->is_unsynced ? sqlite_execute(&db->base, "PRAGMA synchronous=FULL", err) : STATUS_OK;
    db->is_unsynced = db->is_unsynced && status != STATUS_OK;
    return status;
}

static enum status
sqlite_begin(struct database *db, struct error_detail *err)
{
    enum status status = sync_commits(sqlite_database(db), err); /* in case that failed when it was due */
    return status == STATUS_OK ? sqlite_execute(db, "BEGIN IMMEDIATE", err) : status;
}

enum status
database_begin_unsynced(struct database *db, struct error_detail *err)
{
    assert(!database_in_transaction(db));
    enum status status = sqlite_execute(db, "PRAGMA synchronous=NORMAL", err);
    if (status != STATUS_OK) {
        return status;
    }
    sqlite_database(db)->is_unsynced = true;
    status = sqlite_execute(db, "BEGIN IMMEDIATE", err);
    if (status != STATUS_OK) {
        database_rollback(db);
    }
    return status;
}

static enum status
sqlite_begin_read(struct database *db, struct error_detail *err)
{
    return sqlite_execute(db, "BEGIN", err);
}

static enum status
sqlite_commit(struct database *db, struct error_detail *err)
{
    enum status status = sqlite_execute(db, "COMMIT", err);
    return status == STATUS_OK ? sync_commits(sqlite_database(db), err) : status;
}

static void
sqlite_rollback(struct database *db)
{
    if (sqlite_in_transaction(db)) {
        /* SQLite may have rolled back by itself (disk full); then this fails harmlessly. */
        sqlite3_exec(sqlite_database(db)->handle, "ROLLBACK", NULL, NULL, NULL);
    }
    if (sync_commits(sqlite_database(db), NULL) != STATUS_OK) {
        return; /* sqlite_begin tries again, and begins nothing until it succeeds */
    }
}

static int64_t
sqlite_changes(const struct database *db)
{
    return sqlite3_changes64(sqlite_database(db)->handle);
}

static enum status
sqlite_schema_version(struct database *db, int64_t *out, struct error_detail *err)
{
    return database_query_int(db, "PRAGMA user_version", out, err);
}

static enum status
sqlite_set_schema_version(struct database *db, int64_t version, struct error_detail *err)
{
    char set_version[64];
    snprintf(set_version, sizeof set_version, "PRAGMA user_version=%lld", (long long)version);
    return sqlite_execute(db, set_version, err);
}

static void
sqlite_close(struct database *base)
{
    struct sqlite_database *db = sqlite_database(base);
    if (db->handle != NULL) {
        sqlite_rollback(base);
        int code = sqlite3_close(db->handle);
        assert(code == SQLITE_OK);
        (void)code;
    }
    free(db);
}

static const struct engine sqlite_engine = {
    .dialect = DIALECT_SQLITE,
    .close = sqlite_close,
    .execute = sqlite_execute,
    .begin = sqlite_begin,
    .begin_read = sqlite_begin_read,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .in_transaction = sqlite_in_transaction,
    .changes = sqlite_changes,
    .schema_version = sqlite_schema_version,
    .begin_migration = sqlite_begin, /* the one write lock keeps others out */
    .set_schema_version = sqlite_set_schema_version,
    .prepare = sqlite_prepare,
    .finalize = sqlite_finalize,
    .clear = sqlite_clear,
    .reset = sqlite_reset,
    .step = sqlite_step,
    .bind_int = sqlite_bind_int,
    .bind_text = sqlite_bind_text,
    .bind_blob = sqlite_bind_blob,
    .bind_null = sqlite_bind_null,
    .column_int = sqlite_column_int,
    .column_text = sqlite_column_text,
    .column_blob = sqlite_column_blob,
    .column_is_null = sqlite_column_is_null,
};

enum status
database_open(struct database **out, const char *path, enum database_mode mode, const char *vfs,
              struct error_detail *err)
{
    struct sqlite_database *db = calloc(1, sizeof *db);
    if (db == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    enum status status = database_init(&db->base, &sqlite_engine, path, err);
    if (status != STATUS_OK) {
        free(db);
        return status;
    }
    int flags = mode == DATABASE_READ_ONLY ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    /* The owner locks: SQLite's own mutexes on the connection would only hide a fault. */
    int code = sqlite3_open_v2(path, &db->handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, vfs);
    status = code == SQLITE_OK ? prepare_connection(db, mode, err) : status_from_sqlite(db, code, "opening", err);
    if (status != STATUS_OK) {
        database_close(&db->base);
        return status;
    }
    *out = &db->base;
    return STATUS_OK;
}

static enum status
copy_pages(struct sqlite_database *from, struct sqlite_database *to, struct error_detail *err)
{
    sqlite3_backup *backup = sqlite3_backup_init(to->handle, "main", from->handle, "main");
    if (backup == NULL) {
        return status_from_sqlite(to, sqlite3_errcode(to->handle), "starting the backup", err);
    }
    sqlite3_backup_step(backup, -1);
    int code = sqlite3_backup_finish(backup);
    return code == SQLITE_OK ? STATUS_OK : status_from_sqlite(to, code, "backing up", err);
}

enum status
database_backup(struct database *db, const char *path, struct error_detail *err)
{
    struct database *copy;
    enum status status = database_open(&copy, path, DATABASE_READ_WRITE, NULL, err);
    if (status != STATUS_OK) {
        return status;
    }
    status = copy_pages(sqlite_database(db), sqlite_database(copy), err);
    if (status == STATUS_OK) {
        /* The copy becomes one file: the WAL is folded in and synced. */
        status = database_execute(copy, "PRAGMA wal_checkpoint(TRUNCATE);", err);
    }
    database_close(copy);
    return status;
}
