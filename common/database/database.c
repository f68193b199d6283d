/* Connections, transactions and migrations, passed on to the engine. */
#include "common/database/engine.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum status
database_init(struct database *db, const struct engine *engine, const char *name, struct error_detail *err)
{
    *db = (struct database){.engine = engine, .name = strdup(name)};
    if (db->name == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    return STATUS_OK;
}

void
database_close(struct database *db)
{
    if (db == NULL) {
        return;
    }
    database_forget_statements(db);
    free(db->name);
    db->name = NULL;
    db->engine->close(db);
}

enum database_dialect
database_dialect(const struct database *db)
{
    return db->engine->dialect;
}

enum status
database_execute(struct database *db, const char *sql, struct error_detail *err)
{
    return db->engine->execute(db, sql, err);
}

enum status
database_begin(struct database *db, struct error_detail *err)
{
    assert(!database_in_transaction(db));
    return db->engine->begin(db, err);
}

enum status
database_begin_read(struct database *db, struct error_detail *err)
{
    assert(!database_in_transaction(db));
    return db->engine->begin_read(db, err);
}

enum status
database_commit(struct database *db, struct error_detail *err)
{
    assert(database_in_transaction(db));
    return db->engine->commit(db, err);
}

void
database_rollback(struct database *db)
{
    db->engine->rollback(db);
}

bool
database_in_transaction(const struct database *db)
{
    return db->engine->in_transaction(db);
}

int64_t
database_changes(const struct database *db)
{
    return db->engine->changes(db);
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
        error_set(err, "no_row", "%s: no row for: %s", db->name, sql);
        return STATUS_NOT_FOUND;
    }
    *out = statement_column_int(statement, 0);
    statement_reset(statement);
    return STATUS_OK;
}

enum status
database_schema_version(struct database *db, int64_t *out, struct error_detail *err)
{
    return db->engine->schema_version(db, out, err);
}

static enum status
read_version(struct database *db, size_t count, int64_t *out, struct error_detail *err)
{
    enum status status = db->engine->schema_version(db, out, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (*out < 0) {
        error_set(err, "database_version", "%s: no program of ours gives schema version %lld", db->name,
                  (long long)*out);
        return STATUS_CORRUPT;
    }
    if (*out > (int64_t)count) {
        error_set(err, "database_is_newer",
                  "%s: schema version %lld is newer than this program's %zu; update the program", db->name,
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
    status = database_execute(db, migration->sql, err);
    if (status == STATUS_OK) {
        status = db->engine->set_schema_version(db, migration->number, err);
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
        assert(!database_in_transaction(db));
        status = db->engine->begin_migration(db, err);
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
