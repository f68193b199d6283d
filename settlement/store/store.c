/* Connections and turns. One writer connection, because SQLite has one write lock: waiting for it here, in order, is
 * fair and cheap, while waiting inside SQLite is a sleeping loop that starves whoever sleeps longest. */
#include "settlement/store/store.h"

#include "common/sqlite/database.h"
#include "settlement/store/connection.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    READERS_MAX = 8 /* more than the HTTP workers of a service; each costs a page cache of 2 MiB */
};

/* INVARIANT: a transaction is in use between its begin and store_end; `db` of a reader is NULL until first used. */
struct store_txn {
    struct store *store;
    struct database *db;
    bool is_writer;
    bool is_in_use;
    bool is_marked;
};

/* INVARIANT (under `lock`): turn_served ≤ turn_given; the writer is in use by the holder of turn `turn_served`, or free
 * when both are equal. */
struct store {
    char *path;
    pthread_mutex_t lock;
    pthread_cond_t turn_changed;
    pthread_cond_t reader_freed;
    uint64_t turn_given;
    uint64_t turn_served;
    struct store_txn writer;
    struct store_txn readers[READERS_MAX];
};

extern const struct migration settlement_migrations_sqlite[];
extern const size_t settlement_migrations_sqlite_count;

enum status
store_open(struct store **out, const char *path, struct error_detail *err)
{
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL || (store->path = strdup(path)) == NULL) {
        free(store);
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    pthread_mutex_init(&store->lock, NULL);
    pthread_cond_init(&store->turn_changed, NULL);
    pthread_cond_init(&store->reader_freed, NULL);
    store->writer = (struct store_txn){.store = store, .is_writer = true};
    for (size_t i = 0; i < READERS_MAX; i++) {
        store->readers[i] = (struct store_txn){.store = store};
    }
    enum status status = database_open(&store->writer.db, path, DATABASE_READ_WRITE, NULL, err);
    if (status == STATUS_OK) {
        status =
            database_migrate(store->writer.db, settlement_migrations_sqlite, settlement_migrations_sqlite_count, err);
    }
    if (status != STATUS_OK) {
        store_close(store);
        return status;
    }
    *out = store;
    return STATUS_OK;
}

void
store_close(struct store *store)
{
    if (store == NULL) {
        return;
    }
    assert(store->turn_given == store->turn_served);
    for (size_t i = 0; i < READERS_MAX; i++) {
        assert(!store->readers[i].is_in_use);
        database_close(store->readers[i].db);
    }
    database_close(store->writer.db);
    pthread_cond_destroy(&store->reader_freed);
    pthread_cond_destroy(&store->turn_changed);
    pthread_mutex_destroy(&store->lock);
    free(store->path);
    free(store);
}

enum status
store_begin_write(struct store *store, struct store_txn **out, struct error_detail *err)
{
    *out = NULL;
    pthread_mutex_lock(&store->lock);
    uint64_t turn = store->turn_given++;
    while (store->turn_served != turn) {
        pthread_cond_wait(&store->turn_changed, &store->lock);
    }
    store->writer.is_in_use = true;
    pthread_mutex_unlock(&store->lock);
    enum status status = database_begin(store->writer.db, err);
    if (status != STATUS_OK) {
        store_end(&store->writer);
        return status;
    }
    *out = &store->writer;
    return STATUS_OK;
}

/* Wait for a reader that nobody uses. */
static struct store_txn *
take_reader(struct store *store)
{
    struct store_txn *taken = NULL;
    pthread_mutex_lock(&store->lock);
    while (taken == NULL) {
        for (size_t i = 0; i < READERS_MAX && taken == NULL; i++) {
            if (!store->readers[i].is_in_use) {
                taken = &store->readers[i];
            }
        }
        if (taken == NULL) {
            pthread_cond_wait(&store->reader_freed, &store->lock);
        }
    }
    taken->is_in_use = true;
    pthread_mutex_unlock(&store->lock);
    return taken;
}

enum status
store_begin_read(struct store *store, struct store_txn **out, struct error_detail *err)
{
    *out = NULL;
    struct store_txn *reader = take_reader(store);
    enum status status = STATUS_OK;
    if (reader->db == NULL) {
        status = database_open(&reader->db, store->path, DATABASE_READ_ONLY, NULL, err);
    }
    if (status == STATUS_OK) {
        status = database_begin_read(reader->db, err);
    }
    if (status != STATUS_OK) {
        store_end(reader);
        return status;
    }
    *out = reader;
    return STATUS_OK;
}

enum status
store_commit(struct store_txn *txn, struct error_detail *err)
{
    assert(txn->is_writer);
    assert(!txn->is_marked);

    enum status status = database_commit(txn->db, err);
    if (status != STATUS_OK) {
        database_rollback(txn->db);
    }
    return status;
}

void
store_end(struct store_txn *txn)
{
    if (txn == NULL) {
        return;
    }
    assert(txn->is_in_use);

    if (txn->db != NULL) {
        database_rollback(txn->db);
    }
    struct store *store = txn->store;
    pthread_mutex_lock(&store->lock);
    txn->is_in_use = false;
    txn->is_marked = false;
    if (txn->is_writer) {
        store->turn_served++;
        pthread_cond_broadcast(&store->turn_changed);
    } else {
        pthread_cond_signal(&store->reader_freed);
    }
    pthread_mutex_unlock(&store->lock);
}

static enum status
run(struct store_txn *txn, const char *sql, struct error_detail *err)
{
    struct statement *statement;
    enum status status = database_statement(txn->db, sql, &statement, err);
    return status == STATUS_OK ? statement_run(statement, err) : status;
}

enum status
store_mark(struct store_txn *txn, struct error_detail *err)
{
    assert(txn->is_writer);
    assert(!txn->is_marked);

    enum status status = run(txn, "SAVEPOINT mark", err);
    txn->is_marked = status == STATUS_OK;
    return status;
}

enum status
store_mark_keep(struct store_txn *txn, struct error_detail *err)
{
    assert(txn->is_marked);

    txn->is_marked = false;
    return run(txn, "RELEASE mark", err);
}

enum status
store_mark_undo(struct store_txn *txn, struct error_detail *err)
{
    assert(txn->is_marked);

    txn->is_marked = false;
    enum status status = run(txn, "ROLLBACK TO mark", err);
    return status == STATUS_OK ? run(txn, "RELEASE mark", err) : status;
}

enum status
store_backup(struct store *store, const char *path, struct error_detail *err)
{
    struct database *source;
    enum status status = database_open(&source, store->path, DATABASE_READ_ONLY, NULL, err);
    if (status == STATUS_OK) {
        status = database_backup(source, path, err);
        database_close(source);
    }
    return status;
}

struct database *
store_txn_database(struct store_txn *txn)
{
    assert(txn->is_in_use);

    return txn->db;
}
