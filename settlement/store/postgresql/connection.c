/* Connecting, connecting again, transactions. A lost connection is found by whoever uses it next: within a transaction
 * that is a failure (nothing of it remains, except when the answer to a commit was lost), before one it is mended. */
#include "settlement/store/postgresql/connection.h"

#include "common/module/provide.h"
#include "settlement/store/postgresql/part.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Migrations of programs that start together wait for each other. */
#define MIGRATION_LOCK "7270511"
/* As long as SQLite's busy timeout: whoever waits longer for a lock is told to come later. */
#define LOCK_TIMEOUT_MS "10000"

/* Run SQL that gives at most a row that nobody wants. */
static enum status
run(struct pg_database *db, const char *sql, struct error_detail *err)
{
    enum status status = pg_make_free(db, err);
    if (status != STATUS_OK) {
        return status;
    }
    PGresult *result = PQexec(db->connection, sql);
    ExecStatusType kind = PQresultStatus(result);
    if (kind != PGRES_COMMAND_OK && kind != PGRES_TUPLES_OK && kind != PGRES_EMPTY_QUERY) {
        status = pg_outcome(db, result, sql, err);
    }
    PQclear(result);
    return status;
}

static enum status
pg_execute(struct database *db, const char *sql, struct error_detail *err)
{
    return run(pg_database(db), sql, err);
}

/* ---- is it fit ---- */

static const char fitness[] =
    "SELECT current_setting('server_version_num')::int >= 150000, pg_encoding_to_char(d.encoding) = 'UTF8', "
    "d.datcollate IN ('C', 'POSIX') AND d.datlocprovider = 'c', NOT (r.rolsuper OR r.rolbypassrls), "
    "current_setting('synchronous_commit') NOT IN ('off', 'local') "
    "FROM pg_database AS d, pg_roles AS r WHERE d.datname = current_database() AND r.rolname = current_user";

static const char *const unfit[] = {
    "the server is older than PostgreSQL 15",
    "the database's encoding is not UTF8; make it with createdb --encoding=UTF8 --locale=C --template=template0",
    "the database does not sort by bytes; make it with createdb --encoding=UTF8 --locale=C --template=template0",
    "the role is a superuser or has BYPASSRLS, so that row-level security would not bind it; use a role of its own",
};
enum { UNFIT_COUNT = sizeof unfit / sizeof unfit[0] };

static enum status
check_fitness(struct pg_database *db, struct error_detail *err)
{
    PGresult *result = PQexec(db->connection, fitness);
    enum status status = STATUS_OK;
    bool is_synced = false;
    if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) != 1) {
        status = pg_outcome(db, result, "asking what the database is", err);
    } else {
        for (int i = 0; status == STATUS_OK && i < UNFIT_COUNT; i++) {
            if (PQgetvalue(result, 0, i)[0] != 't') {
                error_set(err, "database_not_fit", "%s: %s", db->base.name, unfit[i]);
                status = STATUS_REFUSED;
            }
        }
        is_synced = PQgetvalue(result, 0, UNFIT_COUNT)[0] == 't';
    }
    PQclear(result);
    if (status == STATUS_OK) {
        status = run(db, "SET lock_timeout = " LOCK_TIMEOUT_MS, err);
    }
    if (status == STATUS_OK && !is_synced) {
        /* An acknowledged commit survives a power cut, whatever the server's default is. */
        status = run(db, "SET synchronous_commit = on", err);
    }
    return status;
}

static enum status
greet(struct pg_database *db, struct error_detail *err)
{
    if (PQstatus(db->connection) != CONNECTION_OK) {
        const char *message = PQerrorMessage(db->connection);
        bool is_login = strstr(message, "authentication failed") != NULL || strstr(message, "no password") != NULL;
        error_set(err, is_login ? "database_login" : "database_unreachable", "%s: %.*s", db->base.name,
                  (int)strcspn(message, "\n"), message);
        return is_login ? STATUS_UNAUTHORIZED : STATUS_UNREACHABLE;
    }
    db->generation++;
    db->prepared = 0;
    db->open = NULL;
    db->queued = 0;
    db->is_pipelining = false;
    db->is_in_transaction = false;
    return check_fitness(db, err);
}

static enum status
connect_again(struct pg_database *db, struct error_detail *err)
{
    pg_drop_answers(db);
    PQreset(db->connection);
    return greet(db, err);
}

/* ---- transactions ---- */

/* The fence between municipalities shows a transaction nothing until it says whose rows it works on: all, until it is
 * confined to one (store_confine). In the same journey as BEGIN. */
#define OF_ALL_CITIES "; SET LOCAL app.municipality = '*'"

/* What begins a transaction finds out whether the connection still stands; nothing is lost by connecting again. */
static enum status
begin_by(struct database *base, const char *sql, struct error_detail *err)
{
    struct pg_database *db = pg_database(base);
    enum status status = PQstatus(db->connection) == CONNECTION_OK ? run(db, sql, err) : STATUS_UNREACHABLE;
    if (status == STATUS_UNREACHABLE) {
        status = connect_again(db, err);
        if (status == STATUS_OK) {
            status = run(db, sql, err);
        }
    }
    db->is_in_transaction =
        PQtransactionStatus(db->connection) != PQTRANS_IDLE && PQtransactionStatus(db->connection) != PQTRANS_UNKNOWN;
    return status;
}

static enum status
pg_begin(struct database *db, struct error_detail *err)
{
    return begin_by(db, "BEGIN ISOLATION LEVEL READ COMMITTED" OF_ALL_CITIES, err);
}

static enum status
pg_begin_read(struct database *db, struct error_detail *err)
{
    return begin_by(db, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" OF_ALL_CITIES, err);
}

static enum status
pg_begin_migration(struct database *db, struct error_detail *err)
{
    enum status status = begin_by(db, "BEGIN ISOLATION LEVEL READ COMMITTED" OF_ALL_CITIES, err);
    return status == STATUS_OK ? run(pg_database(db), "SELECT pg_advisory_xact_lock(" MIGRATION_LOCK ")", err) : status;
}

static enum status
pg_commit(struct database *base, struct error_detail *err)
{
    struct pg_database *db = pg_database(base);
    enum status status = pg_make_free(db, err);
    if (status != STATUS_OK) {
        return status;
    }
    PGresult *result = PQexec(db->connection, "COMMIT");
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        status = pg_outcome(db, result, "COMMIT", err);
        if (status == STATUS_UNREACHABLE) {
            error_set(err, "commit_unknown",
                      "%s: the connection was lost while a transaction was made durable; whether it was is not known",
                      db->base.name);
            status = STATUS_UNKNOWN_OUTCOME;
        }
    } else if (strcmp(PQcmdStatus(result), "COMMIT") != 0) {
        /* After a failed statement PostgreSQL answers ROLLBACK, and calls it a success. */
        error_set(err, "database_rolled_back", "%s: the transaction had failed and was rolled back", db->base.name);
        status = STATUS_IO;
    }
    PQclear(result);
    db->is_in_transaction = PQtransactionStatus(db->connection) == PQTRANS_INTRANS ||
                            PQtransactionStatus(db->connection) == PQTRANS_INERROR;
    return status;
}

static void
pg_rollback(struct database *base)
{
    struct pg_database *db = pg_database(base);
    if (!db->is_in_transaction) {
        return;
    }
    pg_drop_answers(db);
    db->is_in_transaction = false;
    if (PQstatus(db->connection) == CONNECTION_OK) {
        PQclear(PQexec(db->connection, "ROLLBACK")); /* when it fails the connection is gone, and so is all of it */
    }
}

static bool
pg_in_transaction(const struct database *db)
{
    return pg_database(db)->is_in_transaction;
}

static int64_t
pg_changes(const struct database *db)
{
    return pg_database(db)->changes;
}

/* ---- migrations ---- */

static enum status
pg_schema_version(struct database *db, int64_t *out, struct error_detail *err)
{
    /* Not to_regclass, which may answer from before the migration lock was waited for. */
    static const char is_there[] = "SELECT count(*) FROM pg_class WHERE relname = 'schema_version' "
                                   "AND relnamespace = current_schema()::regnamespace";
    int64_t has_table;
    enum status status = database_query_int(db, is_there, &has_table, err);
    *out = 0;
    if (status == STATUS_OK && has_table != 0) {
        status = database_query_int(db, "SELECT coalesce(max(version), 0) FROM schema_version", out, err);
    }
    return status;
}

static enum status
pg_set_schema_version(struct database *db, int64_t version, struct error_detail *err)
{
    enum status status = run(pg_database(db),
                             "CREATE TABLE IF NOT EXISTS schema_version (version bigint NOT NULL PRIMARY KEY, "
                             "since timestamptz NOT NULL DEFAULT now())",
                             err);
    char sql[80];
    snprintf(sql, sizeof sql, "INSERT INTO schema_version (version) VALUES (%lld)", (long long)version);
    return status == STATUS_OK ? run(pg_database(db), sql, err) : status;
}

/* ---- open and close ---- */

static void
pg_close(struct database *base)
{
    struct pg_database *db = pg_database(base);
    if (db->connection != NULL) {
        pg_rollback(base);
        PQfinish(db->connection);
    }
    free(db);
}

static const struct engine postgresql_engine = {
    .dialect = DIALECT_POSTGRESQL,
    .close = pg_close,
    .execute = pg_execute,
    .begin = pg_begin,
    .begin_read = pg_begin_read,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .in_transaction = pg_in_transaction,
    .changes = pg_changes,
    .schema_version = pg_schema_version,
    .begin_migration = pg_begin_migration,
    .set_schema_version = pg_set_schema_version,
    .prepare = pg_prepare,
    .finalize = pg_finalize,
    .clear = pg_clear,
    .reset = pg_reset,
    .step = pg_step,
    .run_later = pg_run_later,
    .bind_int = pg_bind_int,
    .bind_text = pg_bind_text,
    .bind_blob = pg_bind_blob,
    .bind_null = pg_bind_null,
    .column_int = pg_column_int,
    .column_text = pg_column_text,
    .column_blob = pg_column_blob,
    .column_is_null = pg_column_is_null,
};

/* Notices ("skipping", "already exists") are for people at psql. */
static void
forget_notice(void *context, const char *message)
{
    (void)context;
    (void)message;
}

static enum status
open_connection(struct pg_database *db, const struct postgresql_place *place, struct error_detail *err)
{
    /* `dbname` is the whole connection string; what stands behind it wins over what it says, what stands before it is
     * only in case it says nothing. */
    const char *const keywords[] = {"target_session_attrs",
                                    "connect_timeout",
                                    "keepalives_idle",
                                    "tcp_user_timeout",
                                    "fallback_application_name",
                                    "dbname",
                                    "client_encoding",
                                    place->password != NULL ? "password" : NULL,
                                    NULL};
    const char *const values[] = {
        "read-write", "10", "15", "30000", "madoguchi-settlement", place->connection, "UTF8", place->password, NULL};
    db->connection = PQconnectdbParams(keywords, values, 1);
    if (db->connection == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    PQsetNoticeProcessor(db->connection, forget_notice, NULL);
    const char *host = PQhost(db->connection);
    const char *name = PQdb(db->connection);
    char *shown = NULL;
    size_t size = strlen(host != NULL ? host : "") + strlen(name != NULL ? name : "") + sizeof "PostgreSQL /";
    shown = malloc(size);
    if (shown != NULL) {
        snprintf(shown, size, "PostgreSQL %s/%s", host != NULL ? host : "", name != NULL ? name : "");
        free(db->base.name);
        db->base.name = shown;
    }
    return greet(db, err);
}

static enum status
pg_open(struct database **out, const struct postgresql_place *place, struct error_detail *err)
{
    struct pg_database *db = calloc(1, sizeof *db);
    if (db == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    enum status status = database_init(&db->base, &postgresql_engine, "PostgreSQL", err);
    if (status != STATUS_OK) {
        free(db);
        return status;
    }
    status = open_connection(db, place, err);
    if (status != STATUS_OK) {
        database_close(&db->base);
        return status;
    }
    *out = &db->base;
    return STATUS_OK;
}

static const struct postgresql_operations operations = {.open = pg_open};

const struct module_provides madoguchi_module = {
    .version = MADOGUCHI_VERSION,
    .operations_size = sizeof operations,
    .operations = &operations,
};
