/* The store's transactions: what was not committed was never there, and turns come in order. */
#include "settlement/store/store.h"

#include "settlement/store/terminal_store.h"
#include "tests/unit/settlement/core/journal_maker.h"
#include "tests/unit/settlement/core/store_bench.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct terminal
some_terminal(const char *id)
{
    struct terminal terminal = {.municipality = "072036", .place = "shimin-1", .state = TERMINAL_ACTIVE};
    snprintf(terminal.terminal, sizeof terminal.terminal, "%s", id);
    return terminal;
}

static bool
is_there(struct bench *bench, const char *id)
{
    struct error_detail err;
    struct store_txn *txn;
    struct terminal found;
    assert_int_equal(store_begin_read(bench->store, &txn, &err), STATUS_OK);
    enum status status = terminal_find(txn, id, &found, &err);
    store_end(txn);
    return status == STATUS_OK;
}

static void
what_was_not_committed_was_never_there(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    struct store_txn *txn;
    struct terminal terminal = some_terminal("KO-01");
    assert_int_equal(store_begin_write(bench->store, &txn, &err), STATUS_OK);
    assert_int_equal(terminal_put(txn, &terminal, &err), STATUS_OK);

    store_end(txn);

    assert_false(is_there(bench, "KO-01"));
}

static void
an_undone_mark_leaves_what_came_before_it(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    struct store_txn *txn;
    struct terminal before = some_terminal("KO-01");
    struct terminal behind = some_terminal("KO-02");
    assert_int_equal(store_begin_write(bench->store, &txn, &err), STATUS_OK);
    assert_int_equal(terminal_put(txn, &before, &err), STATUS_OK);

    assert_int_equal(store_mark(txn, &err), STATUS_OK);
    assert_int_equal(terminal_put(txn, &behind, &err), STATUS_OK);
    assert_int_equal(store_mark_undo(txn, &err), STATUS_OK);
    assert_int_equal(store_commit(txn, &err), STATUS_OK);
    store_end(txn);

    assert_true(is_there(bench, "KO-01"));
    assert_false(is_there(bench, "KO-02"));
}

static void
a_reader_sees_one_moment_while_others_write(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    struct store_txn *reader;
    struct store_txn *writer;
    struct terminal terminal = some_terminal("KO-01");
    struct terminal found;
    assert_int_equal(store_begin_read(bench->store, &reader, &err), STATUS_OK);
    assert_int_equal(terminal_find(reader, "KO-01", &found, &err), STATUS_NOT_FOUND);

    assert_int_equal(store_begin_write(bench->store, &writer, &err), STATUS_OK);
    assert_int_equal(terminal_put(writer, &terminal, &err), STATUS_OK);
    assert_int_equal(store_commit(writer, &err), STATUS_OK);
    store_end(writer);

    assert_int_equal(terminal_find(reader, "KO-01", &found, &err), STATUS_NOT_FOUND);
    store_end(reader);
    assert_true(is_there(bench, "KO-01"));
}

/* A thread that takes its turn to write and notes when. */
struct turn_taker {
    struct store *store;
    int number;
    int *order;
    int *next;
};

static void *
take_turn(void *context)
{
    struct turn_taker *taker = context;
    struct error_detail err;
    struct store_txn *txn;
    if (store_begin_write(taker->store, &txn, &err) == STATUS_OK) {
        taker->order[(*taker->next)++] = taker->number; /* under the writer's turn */
        store_end(txn);
    }
    return NULL;
}

static void
turns_to_write_come_in_the_order_of_asking(void **state)
{
    enum { THREADS = 8 };
    struct bench *bench = *state;
    struct error_detail err;
    struct store_txn *held;
    pthread_t threads[THREADS];
    struct turn_taker takers[THREADS];
    int order[THREADS];
    int next = 0;
    assert_int_equal(store_begin_write(bench->store, &held, &err), STATUS_OK);

    for (int i = 0; i < THREADS; i++) {
        takers[i] = (struct turn_taker){.store = bench->store, .number = i, .order = order, .next = &next};
        pthread_create(&threads[i], NULL, take_turn, &takers[i]);
        usleep(20000); /* so that they ask one after the other */
    }
    store_end(held);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }

    assert_int_equal(next, THREADS);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(order[i], i);
    }
}

static void
a_database_of_a_newer_program_is_refused(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    struct store *store;
    change_file(bench->path, test_is_postgresql() ? "INSERT INTO schema_version (version) VALUES (9999)"
                                                  : "PRAGMA user_version = 9999");

    assert_int_equal(store_open(&store, bench->path, &err), STATUS_REFUSED);

    assert_string_equal(err.code, "database_is_newer");
}

static void
a_backup_of_a_store_in_use_is_a_store(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    struct maker maker;
    char path[SCRATCH_PATH_SIZE];
    if (test_is_postgresql()) { /* PostgreSQL's own tools back it up */
        assert_int_equal(store_backup(bench->store, scratch_path(&bench->scratch, path, "backup.db"), &err),
                         STATUS_REFUSED);
        return;
    }
    maker_init(&maker, "KO-01", "shimin-1");
    maker_enrol(&maker, bench->store);
    maker_enrolled(&maker);
    maker_send(&maker, bench->store);

    assert_int_equal(store_backup(bench->store, scratch_path(&bench->scratch, path, "backup.db"), &err), STATUS_OK);

    assert_int_equal(query_file(path, "SELECT head_sequence FROM terminal"), 1);
    maker_finish(&maker);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_not_committed_was_never_there, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(an_undone_mark_leaves_what_came_before_it, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(a_reader_sees_one_moment_while_others_write, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(turns_to_write_come_in_the_order_of_asking, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(a_database_of_a_newer_program_is_refused, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(a_backup_of_a_store_in_use_is_a_store, bench_setup, bench_teardown),
    };
    return cmocka_run_group_tests_name("settlement store", tests, NULL, NULL);
}
