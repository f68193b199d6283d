/* Connections and turns. One writer connection, because SQLite has one write lock: waiting for it here, in order, is
 * fair and cheap, while waiting inside SQLite is a sleeping loop that starves whoever sleeps longest. On PostgreSQL,
 * which other programs write to as well, uploads have a writer of their own. */
#include "settlement/store/store.h"

#include "common/sqlite/database.h"
#include "settlement/store/connection.h"
#include "settlement/store/place.h"
#include "settlement/store/query.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    READERS_MAX = 8 /* more than the HTTP workers of a service; each costs a page cache of 2 MiB */
};

/* The locks that transactions of several programs on one PostgreSQL take, in this order. SQLite has one write lock, and
 * every writer holds it. */
#define LOCK_ALL "7270512"    /* shared by who writes for one municipality, whole by who writes for any */
#define LOCK_CITY "7270513"   /* with the municipality's code */
#define LOCK_INTAKE "7270514" /* arrivals become durable in their order: the ledger never passes one by */

/* INVARIANT: a transaction is in use between its begin and store_end; `db` is NULL until first used. */
struct store_txn {
    struct store *store;
    struct lane *lane; /* of a writer; NULL for a reader */
    struct database *db;
    bool is_in_use;
    bool is_marked;
};

/* Writers of one connection, in the order of asking.
 * INVARIANT (under the store's `lock`): turn_served ≤ turn_given; the writer is in use by the holder of turn
 * `turn_served`, or free when both are equal. */
struct lane {
    uint64_t turn_given;
    uint64_t turn_served;
    struct store_txn writer;
};

struct store {
    struct store_place place;
    pthread_mutex_t lock;
    pthread_cond_t turn_changed;
    pthread_cond_t reader_freed;
    struct lane work;
    struct lane intake; /* PostgreSQL only: uploads wait for nobody but uploads */
    struct store_txn readers[READERS_MAX];
};

static void
init_store(struct store *store)
{
    pthread_mutex_init(&store->lock, NULL);
    pthread_cond_init(&store->turn_changed, NULL);
    pthread_cond_init(&store->reader_freed, NULL);
    store->work.writer = (struct store_txn){.store = store, .lane = &store->work};
    store->intake.writer = (struct store_txn){.store = store, .lane = &store->intake};
    for (size_t i = 0; i < READERS_MAX; i++) {
        store->readers[i] = (struct store_txn){.store = store};
    }
}

enum status
store_open(struct store **out, const char *path, struct error_detail *err)
{
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    init_store(store);
    enum status status = store_place_read(&store->place, path, err);
    if (status == STATUS_OK) {
        status = store_place_connect(&store->place, false, &store->work.writer.db, err);
    }
    if (status == STATUS_OK) {
        status = store_place_migrate(&store->place, store->work.writer.db, err);
    }
    if (status != STATUS_OK) {
        store_close(store);
        return status;
    }
    *out = store;
    return STATUS_OK;
}

static void
close_lane(struct lane *lane)
{
    assert(lane->turn_given == lane->turn_served);
    database_close(lane->writer.db);
}

void
store_close(struct store *store)
{
    if (store == NULL) {
        return;
    }
    for (size_t i = 0; i < READERS_MAX; i++) {
        assert(!store->readers[i].is_in_use);
        database_close(store->readers[i].db);
    }
    close_lane(&store->intake);
    close_lane(&store->work);
    store_place_finish(&store->place);
    pthread_cond_destroy(&store->reader_freed);
    pthread_cond_destroy(&store->turn_changed);
    pthread_mutex_destroy(&store->lock);
    free(store);
}

bool
store_is_shared(const struct store *store)
{
    return store->place.kind == STORE_POSTGRESQL;
}

/* The turn in LANE, and a transaction in which SQL (NULL: nothing) takes the locks among programs. */
static enum status
begin_in_lane(struct store *store, struct lane *lane, const char *sql, struct store_txn **out, struct error_detail *err)
{
    *out = NULL;
    pthread_mutex_lock(&store->lock);
    uint64_t turn = lane->turn_given++;
    while (lane->turn_served != turn) {
        pthread_cond_wait(&store->turn_changed, &store->lock);
    }
    lane->writer.is_in_use = true;
    pthread_mutex_unlock(&store->lock);
    enum status status = STATUS_OK;
    if (lane->writer.db == NULL) {
        status = store_place_connect(&store->place, false, &lane->writer.db, err);
    }
    if (status == STATUS_OK) {
        status = database_begin(lane->writer.db, err);
    }
    if (status == STATUS_OK && sql != NULL && store_is_shared(store)) {
        status = database_execute(lane->writer.db, sql, err);
    }
    if (status != STATUS_OK) {
        store_end(&lane->writer);
        return status;
    }
    *out = &lane->writer;
    return STATUS_OK;
}

enum status
store_begin_write(struct store *store, struct store_txn **out, struct error_detail *err)
{
    return begin_in_lane(store, &store->work, "SELECT pg_advisory_xact_lock(" LOCK_ALL ")", out, err);
}

/* A transaction that cannot be confined is none. */
static enum status
confine_or_end(struct store_txn **txn, const char *municipality, struct error_detail *err)
{
    enum status status = store_confine(*txn, municipality, err);
    if (status != STATUS_OK) {
        store_end(*txn);
        *txn = NULL;
    }
    return status;
}

enum status
store_begin_write_for(struct store *store, const char *municipality, struct store_txn **out, struct error_detail *err)
{
    char sql[160];
    snprintf(sql, sizeof sql,
             "SELECT pg_advisory_xact_lock_shared(" LOCK_ALL "); SELECT pg_advisory_xact_lock(" LOCK_CITY ", %ld)",
             strtol(municipality, NULL, 10));
    enum status status = begin_in_lane(store, &store->work, sql, out, err);
    return status == STATUS_OK ? confine_or_end(out, municipality, err) : status;
}

enum status
store_begin_intake(struct store *store, struct store_txn **out, struct error_detail *err)
{
    if (!store_is_shared(store)) {
        return store_begin_write(store, out, err);
    }
    return begin_in_lane(store, &store->intake, "SELECT pg_advisory_xact_lock(" LOCK_INTAKE ")", out, err);
}

enum status
store_join_intake(struct store_txn *txn, struct error_detail *err)
{
    struct statement *row;
    bool found;
    if (!store_is_shared(txn->store)) {
        return STATUS_OK;
    }
    enum status status = query_first(txn, "SELECT pg_advisory_xact_lock(" LOCK_INTAKE ")", NULL, 0, &row, &found, err);
    if (status == STATUS_OK && found) {
        statement_reset(row);
    }
    return status;
}

enum status
store_confine(struct store_txn *txn, const char *municipality, struct error_detail *err)
{
    if (!store_is_shared(txn->store)) {
        return STATUS_OK;
    }
    struct statement *row;
    bool found;
    enum status status = query_first(txn, "SELECT set_config('app.municipality', $1, true)",
                                     BOUND(bound_text(municipality)), &row, &found, err);
    if (status == STATUS_OK && found) {
        statement_reset(row);
    }
    return status;
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
        status = store_place_connect(&store->place, true, &reader->db, err);
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
store_begin_read_for(struct store *store, const char *municipality, struct store_txn **out, struct error_detail *err)
{
    enum status status = store_begin_read(store, out, err);
    return status == STATUS_OK ? confine_or_end(out, municipality, err) : status;
}

enum status
store_commit(struct store_txn *txn, struct error_detail *err)
{
    assert(txn->lane != NULL);
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
    if (txn->lane != NULL) {
        txn->lane->turn_served++;
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
    assert(txn->lane != NULL);
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
    if (store_is_shared(store)) {
        error_set(err, "no_backup_here", "PostgreSQLのデータの写しは、PostgreSQLの道具で取ってください（手順は docs/operations/storage.md）。");
        return STATUS_REFUSED;
    }
    struct database *source;
    enum status status = database_open(&source, store->place.path, DATABASE_READ_ONLY, NULL, err);
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

bool
store_txn_locks_rows(const struct store_txn *txn)
{
    return txn->lane == &txn->store->intake;
}
