/* The second fence between municipalities, which PostgreSQL keeps: a transaction that is for one city sees and writes
 * no row of another, even when its SQL has no WHERE. SQLite has the first fence only. */
#include "settlement/store/place.h"
#include "settlement/store/query.h"
#include "settlement/store/terminal_store.h"
#include "tests/unit/settlement/core/good_books.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define CITY "072036"
#define OTHER_CITY "131016"

enum { TABLES_MAX = 128 };

static struct terminal
terminal_of(const char *municipality, const char *id)
{
    struct terminal terminal = {.place = "shimin-1", .state = TERMINAL_ACTIVE};
    snprintf(terminal.terminal, sizeof terminal.terminal, "%s", id);
    snprintf(terminal.municipality, sizeof terminal.municipality, "%s", municipality);
    return terminal;
}

/* Begin to read for MUNICIPALITY; NULL: for nobody in particular. */
static struct store_txn *
begin(struct bench *bench, const char *municipality)
{
    struct error_detail err;
    struct store_txn *txn;
    enum status status = municipality != NULL ? store_begin_read_for(bench->store, municipality, &txn, &err)
                                              : store_begin_read(bench->store, &txn, &err);
    assert_int_equal(status, STATUS_OK);
    return txn;
}

static int64_t
count(struct bench *bench, const char *municipality, const char *sql)
{
    struct error_detail err;
    int64_t rows = -1;
    struct store_txn *txn = begin(bench, municipality);
    assert_int_equal(query_int(txn, sql, NULL, 0, -1, &rows, &err), STATUS_OK);
    store_end(txn);
    return rows;
}

static size_t
fenced_tables(struct bench *bench, char out[TABLES_MAX][64])
{
    static const char sql[] = "SELECT c.relname::text FROM pg_class AS c WHERE c.relforcerowsecurity "
                              "AND c.relnamespace = current_schema()::regnamespace ORDER BY 1";
    struct error_detail err;
    struct statement *rows;
    size_t length = 0;
    bool has_row;
    struct store_txn *txn = begin(bench, NULL);
    assert_int_equal(query_open(txn, sql, NULL, 0, &rows, &err), STATUS_OK);
    while (assert_int_equal(statement_step(rows, &has_row, &err), STATUS_OK), has_row) {
        assert_true(length < TABLES_MAX);
        snprintf(out[length++], sizeof out[0], "%s", statement_column_text(rows, 0));
    }
    statement_reset(rows);
    store_end(txn);
    return length;
}

static void
must_write(struct bench *bench, const char *sql)
{
    struct error_detail err;
    struct database *db;
    assert_int_equal(store_database_open(&db, bench->path, &err), STATUS_OK);
    assert_int_equal(database_execute(db, sql, &err), STATUS_OK);
    database_close(db);
}

static void
a_question_without_where_finds_nothing_of_another_city_in_any_table(void **state)
{
    static char tables[TABLES_MAX][64];
    struct bench *bench = *state;
    if (!test_is_postgresql()) {
        skip();
    }
    good_books_make(bench);
    must_write(bench, "UPDATE statement_line SET terminal = 'an acquirer''s name for a terminal'");

    size_t table_count = fenced_tables(bench, tables);

    int filled = 0;
    for (size_t i = 0; i < table_count; i++) {
        char sql[128];
        snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", tables[i]);
        print_message("%s\n", sql);
        int64_t all = count(bench, NULL, sql);
        assert_int_equal(count(bench, CITY, sql), all);
        assert_int_equal(count(bench, OTHER_CITY, sql), 0);
        filled += all > 0 ? 1 : 0;
    }
    assert_true(filled > 20); /* the books fill most of them: the zeros above say something */
}

static void
whoever_does_not_say_for_whom_sees_no_row_and_writes_none(void **state)
{
    static char tables[TABLES_MAX][64];
    struct bench *bench = *state;
    struct error_detail err;
    struct database *db;
    if (!test_is_postgresql()) {
        skip();
    }
    good_books_make(bench);
    size_t table_count = fenced_tables(bench, tables);
    assert_true(count(bench, NULL, "SELECT count(*) FROM terminal") > 0);

    /* The same role, and no transaction of ours: as any other program on these tables. */
    assert_int_equal(store_database_open(&db, bench->path, &err), STATUS_OK);
    assert_int_equal(database_execute(db, "SET app.municipality = ''", &err), STATUS_OK);
    for (size_t i = 0; i < table_count; i++) {
        char sql[128];
        int64_t rows = -1;
        snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", tables[i]);
        print_message("%s\n", sql);
        assert_int_equal(database_query_int(db, sql, &rows, &err), STATUS_OK);
        assert_int_equal(rows, 0);
    }
    enum status status = database_execute(
        db, "INSERT INTO access_log_head (municipality, entries, chain) VALUES ('" OTHER_CITY "', 0, '')", &err);
    database_close(db);

    assert_int_equal(status, STATUS_REFUSED);
    assert_string_equal(err.code, "database_refused");
}

static void
an_older_fence_that_shows_everything_to_the_silent_is_replaced(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    struct database *db;
    struct store *again;
    int64_t rows = -1;
    if (!test_is_postgresql()) {
        skip();
    }
    good_books_make(bench);
    assert_int_equal(store_database_open(&db, bench->path, &err), STATUS_OK);
    assert_int_equal(database_execute(db, "SET app.municipality = ''", &err), STATUS_OK);
    assert_int_equal(database_execute(db,
                                      "DROP POLICY own_city ON terminal; CREATE POLICY municipality ON terminal USING "
                                      "(coalesce(current_setting('app.municipality', true), '') = '' OR municipality = "
                                      "current_setting('app.municipality', true))",
                                      &err),
                     STATUS_OK);
    assert_int_equal(database_query_int(db, "SELECT count(*) FROM terminal", &rows, &err), STATUS_OK);
    assert_true(rows > 0);

    assert_int_equal(store_open(&again, bench->path, &err), STATUS_OK);

    assert_int_equal(database_query_int(db, "SELECT count(*) FROM terminal", &rows, &err), STATUS_OK);
    assert_int_equal(rows, 0);
    store_close(again);
    database_close(db);
}

static void
every_table_with_a_municipality_stands_behind_the_fence(void **state)
{
    struct bench *bench = *state;
    if (!test_is_postgresql()) {
        skip();
    }

    int64_t open = count(bench, NULL,
                         "SELECT count(*) FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid "
                         "WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') "
                         "AND a.attname = 'municipality' AND NOT c.relforcerowsecurity");

    assert_int_equal(open, 0);
}

static void
what_is_written_for_one_city_is_refused_when_it_is_another_s(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    struct store_txn *txn;
    struct terminal own = terminal_of(CITY, "KO-01");
    struct terminal foreign = terminal_of(OTHER_CITY, "CH-01");
    if (!test_is_postgresql()) {
        skip();
    }

    assert_int_equal(store_begin_write_for(bench->store, CITY, &txn, &err), STATUS_OK);
    assert_int_equal(terminal_put(txn, &own, &err), STATUS_OK);
    enum status status = terminal_put(txn, &foreign, &err);
    store_end(txn);

    assert_int_equal(status, STATUS_REFUSED);
    assert_string_equal(err.code, "database_refused");
}

static void
the_fence_ends_with_its_transaction(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    struct store_txn *txn;
    struct terminal own = terminal_of(CITY, "KO-01");
    struct terminal foreign = terminal_of(OTHER_CITY, "CH-01");
    if (!test_is_postgresql()) {
        skip();
    }
    assert_int_equal(store_begin_write_for(bench->store, CITY, &txn, &err), STATUS_OK);
    assert_int_equal(terminal_put(txn, &own, &err), STATUS_OK);
    assert_int_equal(store_commit(txn, &err), STATUS_OK);
    store_end(txn);

    assert_int_equal(store_begin_write(bench->store, &txn, &err), STATUS_OK); /* the same connection */
    assert_int_equal(terminal_put(txn, &foreign, &err), STATUS_OK);
    assert_int_equal(store_commit(txn, &err), STATUS_OK);
    store_end(txn);

    assert_int_equal(count(bench, CITY, "SELECT count(*) FROM terminal"), 1);
    assert_int_equal(count(bench, OTHER_CITY, "SELECT count(*) FROM terminal"), 1);
    assert_int_equal(count(bench, NULL, "SELECT count(*) FROM terminal"), 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_question_without_where_finds_nothing_of_another_city_in_any_table,
                                        bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(whoever_does_not_say_for_whom_sees_no_row_and_writes_none, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(an_older_fence_that_shows_everything_to_the_silent_is_replaced, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(every_table_with_a_municipality_stands_behind_the_fence, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(what_is_written_for_one_city_is_refused_when_it_is_another_s, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(the_fence_ends_with_its_transaction, bench_setup, bench_teardown),
    };
    return cmocka_run_group_tests_name("fence between municipalities", tests, NULL, NULL);
}
