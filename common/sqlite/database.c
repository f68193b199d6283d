/* Connections, transactions and migrations. */
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
status_from_sqlite(struct database *db, int code, const char *doing, struct error_detail *err)
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
    error_set(err, word, "%s: %s: %s (SQLite %d)", db->path, doing, reason, code);
    return status;
}

static enum status
prepare_connection(struct database *db, enum database_mode mode, struct error_detail *err)
{
    sqlite3_extended_result_codes(db->handle, 1);
    sqlite3_busy_timeout(db->handle, BUSY_TIMEOUT_MS);
    if (mode == DATABASE_READ_ONLY) {
        return database_execute(db, "PRAGMA foreign_keys=ON; PRAGMA query_only=ON;", err);
    }
    return database_execute(db,
                            "PRAGMA journal_mode=WAL;"
                            "PRAGMA synchronous=FULL;" /* an acknowledged commit survives a power cut */
                            "PRAGMA foreign_keys=ON;"
                            "PRAGMA trusted_schema=OFF;"
                            "PRAGMA wal_autocheckpoint=1000;",
                            err);
}

enum status
database_open(struct database **out, const char *path, enum database_mode mode, const char *vfs,
              struct error_detail *err)
{
    struct database *db = calloc(1, sizeof *db);
    if (db == NULL || (db->path = strdup(path)) == NULL) {
        free(db);
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    int flags = mode == DATABASE_READ_ONLY ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    /* The owner locks: SQLite's own mutexes on the connection would only hide a fault. */
    int code = sqlite3_open_v2(path, &db->handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, vfs);
    enum status status =
        code == SQLITE_OK ? prepare_connection(db, mode, err) : status_from_sqlite(db, code, "opening", err);
    if (status != STATUS_OK) {
        database_close(db);
        return status;
    }
    *out = db;
    return STATUS_OK;
}

void
database_close(struct database *db)
{
    if (db == NULL) {
        return;
    }
    statements_finalize_all(db);
    if (db->handle != NULL) {
        database_rollback(db);
        int code = sqlite3_close(db->handle);
        assert(code == SQLITE_OK);
        (void)code;
    }
    free(db->path);
    free(db);
}

enum status
database_execute(struct database *db, const char *sql, struct error_detail *err)
{
    int code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? STATUS_OK : status_from_sqlite(db, code, sql, err);
}

static enum status
read_version(struct database *db, size_t count, int64_t *out, struct error_detail *err)
{
    enum status status = database_query_int(db, "PRAGMA user_version", out, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (*out < 0) {
        error_set(err, "database_version", "%s: no program of ours gives schema version %lld", db->path,
                  (long long)*out);
        return STATUS_CORRUPT;
    }
    if (*out > (int64_t)count) {
        error_set(err, "database_is_newer",
                  "%s: schema version %lld is newer than this program's %zu; update the program", db->path,
                  (long long)*out, count);
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

/* In the write lock: the first migration that the database lacks. *OUT_IS_DONE when there is none. The version is read
 * here, because another program that was started at the same time may have come first. */
static enum status
run_next_migration(struct database *db, const struct migration *migrations, size_t count, bool *out_is_done,
                   struct error_detail *err)
{
    int64_t version;
    enum status status = read_version(db, count, &version, err);
    if (status != STATUS_OK) {
        return status;
    }
    *out_is_done = version == (int64_t)count;
    if (*out_is_done) {
        return STATUS_OK;
    }
    const struct migration *migration = &migrations[version];
    assert(migration->number == version + 1);
    char set_version[64];
    snprintf(set_version, sizeof set_version, "PRAGMA user_version=%d", migration->number);
    status = database_execute(db, migration->sql, err);
    if (status == STATUS_OK) {
        status = database_execute(db, set_version, err);
    }
    if (status != STATUS_OK) {
        error_prefix(err, "migration %s: ", migration->name);
    }
    return status;
}

enum status
database_migrate(struct database *db, const struct migration *migrations, size_t count, struct error_detail *err)
{
    int64_t version = 0;
    enum status status = read_version(db, count, &version, err);
    bool is_done = version == (int64_t)count; /* no write lock is needed at most starts */
    while (status == STATUS_OK && !is_done) {
        status = database_begin(db, err);
        if (status == STATUS_OK) {
            status = run_next_migration(db, migrations, count, &is_done, err);
        }
        if (status == STATUS_OK) {
            status = database_commit(db, err);
        }
        if (status != STATUS_OK) {
            database_rollback(db);
        }
    }
    return status;
}

/* SQLite refuses the change within a transaction, so it is made around it. */
static enum status
sync_commits(struct database *db, struct error_detail *err)
{
    enum status status = db->is_unsynced ? database_execute(db, "PRAGMA synchronous=FULL", err) : STATUS_OK;
    db->is_unsynced = db->is_unsynced && status != STATUS_OK;
    return status;
}

enum status
database_begin(struct database *db, struct error_detail *err)
{
    assert(!database_in_transaction(db));
    enum status status = sync_commits(db, err); /* in case that failed when it was due */
    return status == STATUS_OK ? database_execute(db, "BEGIN IMMEDIATE", err) : status;
}

enum status
database_begin_unsynced(struct database *db, struct error_detail *err)
{
    assert(!database_in_transaction(db));
    enum status status = database_execute(db, "PRAGMA synchronous=NORMAL", err);
    if (status != STATUS_OK) {
        return status;
    }
    db->is_unsynced = true;
    status = database_execute(db, "BEGIN IMMEDIATE", err);
    if (status != STATUS_OK) {
        database_rollback(db);
    }
    return status;
}

enum status
database_begin_read(struct database *db, struct error_detail *err)
{
    assert(!database_in_transaction(db));
    return database_execute(db, "BEGIN", err);
}

enum status
database_commit(struct database *db, struct error_detail *err)
{
    assert(database_in_transaction(db));
    enum status status = database_execute(db, "COMMIT", err);
    return status == STATUS_OK ? sync_commits(db, err) : status;
}

void
database_rollback(struct database *db)
{
    if (database_in_transaction(db)) {
        /* SQLite may have rolled back by itself (disk full); then this fails harmlessly. */
        sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
    }
    if (sync_commits(db, NULL) != STATUS_OK) {
        return; /* database_begin tries again, and begins nothing until it succeeds */
    }
}

bool
database_in_transaction(const struct database *db)
{
    return sqlite3_get_autocommit(db->handle) == 0;
}

int64_t
database_changes(const struct database *db)
{
    return sqlite3_changes64(db->handle);
}

int64_t
database_last_rowid(const struct database *db)
{
    return sqlite3_last_insert_rowid(db->handle);
}

enum status
database_query_int(struct database *db, const char *sql, int64_t *out, struct error_detail *err)
{
    struct statement *statement;
    bool has_row;
    enum status status = database_statement(db, sql, &statement, err);
    if (status == STATUS_OK) {
        status = statement_step(statement, &has_row, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (!has_row) {
        error_set(err, "no_row", "%s: no row for: %s", db->path, sql);
        return STATUS_NOT_FOUND;
    }
    *out = statement_column_int(statement, 0);
    statement_reset(statement);
    return STATUS_OK;
}

static enum status
copy_pages(struct database *from, struct database *to, struct error_detail *err)
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
    status = copy_pages(db, copy, err);
    if (status == STATUS_OK) {
        /* The copy becomes one file: the WAL is folded in and synced. */
        status = database_execute(copy, "PRAGMA wal_checkpoint(TRUNCATE);", err);
    }
    database_close(copy);
    return status;
}
