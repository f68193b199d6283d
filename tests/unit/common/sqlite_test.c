/* Migrations, transactions and kept statements; every failure has the status that its caller acts on. */
#include "common/sqlite/database.h"

#include "tests/unit/common/scratch.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

/* The files in sql/, compiled in as the programs' own are. */
extern const struct migration embedded_migrations[];
extern const size_t embedded_migrations_count;

static const struct migration migrations[] = {
    {1, "0001-sale.sql",
     "CREATE TABLE sale (id INTEGER PRIMARY KEY, name TEXT UNIQUE, amount INTEGER CHECK (amount >= 0)) STRICT;"
     "CREATE TABLE line (sale INTEGER NOT NULL REFERENCES sale (id) DEFERRABLE INITIALLY IMMEDIATE) STRICT;"},
    {2, "0002-note.sql", "ALTER TABLE sale ADD COLUMN note TEXT;"},
    {3, "0003-first.sql", "INSERT INTO sale (name, amount) VALUES ('first', 450);"},
};
enum { MIGRATIONS = sizeof migrations / sizeof migrations[0] };

/* A folder with a migrated database in it. */
struct shop {
    struct scratch scratch;
    char path[SCRATCH_PATH_SIZE];
    struct database *db;
};

static int
open_shop(void **state)
{
    static struct shop shop;
    if (scratch_make(&shop.scratch) != 0) {
        return -1;
    }
    scratch_path(&shop.scratch, shop.path, "shop.db");
    if (database_open(&shop.db, shop.path, DATABASE_READ_WRITE, NULL, NULL) != STATUS_OK ||
        database_migrate(shop.db, migrations, MIGRATIONS, NULL) != STATUS_OK) {
        return -1;
    }
    *state = &shop;
    return 0;
}

static int
close_shop(void **state)
{
    struct shop *shop = *state;
    database_close(shop->db);
    scratch_remove_folder(shop->scratch.folder);
    return 0;
}

static int64_t
ask(struct database *db, const char *sql)
{
    int64_t value = -777;
    struct error_detail err;
    if (database_query_int(db, sql, &value, &err) != STATUS_OK) {
        fail_msg("%s", err.message);
    }
    return value;
}

static void
do_sql(struct database *db, const char *sql)
{
    struct error_detail err;
    if (database_execute(db, sql, &err) != STATUS_OK) {
        fail_msg("%s", err.message);
    }
}

static void
a_new_database_is_durable_and_keeps_foreign_keys(void **state)
{
    struct shop *shop = *state;
    struct statement *statement;
    bool has_row;
    assert_int_equal(database_statement(shop->db, "PRAGMA journal_mode", &statement, NULL), STATUS_OK);
    assert_int_equal(statement_step(statement, &has_row, NULL), STATUS_OK);
    assert_true(has_row);
    assert_string_equal(statement_column_text(statement, 0), "wal");
    statement_reset(statement);
    assert_int_equal(ask(shop->db, "PRAGMA synchronous"), 2);
    assert_int_equal(ask(shop->db, "PRAGMA foreign_keys"), 1);
}

static void
a_database_that_is_not_there_cannot_be_read(void **state)
{
    struct shop *shop = *state;
    struct database *db = NULL;
    struct error_detail err;
    char path[SCRATCH_PATH_SIZE];
    scratch_path(&shop->scratch, path, "absent.db");
    assert_int_equal(database_open(&db, path, DATABASE_READ_ONLY, NULL, &err), STATUS_IO);
    assert_non_null(strstr(err.message, "absent.db"));
    assert_null(db);
    scratch_path(&shop->scratch, path, "no/such/folder.db");
    assert_int_equal(database_open(&db, path, DATABASE_READ_WRITE, NULL, &err), STATUS_IO);
    assert_int_equal(database_open(&db, path, DATABASE_READ_WRITE, "no such vfs", &err), STATUS_IO);
    database_close(NULL);
}

static void
a_file_that_is_no_database_is_corrupt(void **state)
{
    struct shop *shop = *state;
    struct database *db = NULL;
    struct error_detail err;
    char path[SCRATCH_PATH_SIZE];
    char garbage[5000];
    memset(garbage, 'x', sizeof garbage);
    scratch_write(scratch_path(&shop->scratch, path, "garbage.db"), garbage, sizeof garbage);
    assert_int_equal(database_open(&db, path, DATABASE_READ_WRITE, NULL, &err), STATUS_CORRUPT);
    assert_string_equal(err.code, "database_corrupt");
    assert_non_null(strstr(err.message, "garbage.db"));
}

static void
a_damaged_page_is_corrupt_when_it_is_read(void **state)
{
    struct shop *shop = *state;
    struct database *db;
    char path[SCRATCH_PATH_SIZE];
    int64_t value;
    assert_int_equal(database_backup(shop->db, scratch_path(&shop->scratch, path, "copy.db"), NULL), STATUS_OK);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, 100, SEEK_SET), 0); /* the root page of sqlite_schema */
    for (int i = 0; i < 3000; i++) {
        fputc(0xEE, file);
    }
    fclose(file);
    enum status status = database_open(&db, path, DATABASE_READ_WRITE, NULL, NULL);
    if (status == STATUS_OK) {
        status = database_query_int(db, "SELECT count(*) FROM sale", &value, NULL);
        database_close(db);
    }
    assert_int_equal(status, STATUS_CORRUPT);
}

static void
a_read_only_connection_cannot_write(void **state)
{
    struct shop *shop = *state;
    struct database *db;
    assert_int_equal(database_open(&db, shop->path, DATABASE_READ_ONLY, NULL, NULL), STATUS_OK);
    assert_int_equal(ask(db, "SELECT count(*) FROM sale"), 1);
    assert_int_equal(database_execute(db, "INSERT INTO sale (name) VALUES ('x')", NULL), STATUS_IO);
    assert_int_equal(database_execute(db, "DELETE FROM sale", NULL), STATUS_IO);
    database_close(db);
    assert_int_equal(ask(shop->db, "SELECT count(*) FROM sale"), 1);
}

static void
migrations_run_once_and_in_order(void **state)
{
    struct shop *shop = *state;
    assert_int_equal(ask(shop->db, "PRAGMA user_version"), MIGRATIONS);
    assert_int_equal(ask(shop->db, "SELECT count(*) FROM sale"), 1);
    assert_int_equal(database_migrate(shop->db, migrations, MIGRATIONS, NULL), STATUS_OK);
    assert_int_equal(ask(shop->db, "SELECT count(*) FROM sale"), 1);
}

static void
a_database_of_an_older_program_is_brought_on_from_where_it_stands(void **state)
{
    struct shop *shop = *state;
    struct database *db;
    char path[SCRATCH_PATH_SIZE];
    scratch_path(&shop->scratch, path, "old.db");
    assert_int_equal(database_open(&db, path, DATABASE_READ_WRITE, NULL, NULL), STATUS_OK);
    assert_int_equal(database_migrate(db, migrations, 1, NULL), STATUS_OK);
    assert_int_equal(ask(db, "PRAGMA user_version"), 1);
    do_sql(db, "INSERT INTO sale (name, amount) VALUES ('old', 1)");
    database_close(db);

    assert_int_equal(database_open(&db, path, DATABASE_READ_WRITE, NULL, NULL), STATUS_OK);
    assert_int_equal(database_migrate(db, migrations, MIGRATIONS, NULL), STATUS_OK);
    assert_int_equal(ask(db, "PRAGMA user_version"), MIGRATIONS);
    assert_int_equal(ask(db, "SELECT count(*) FROM sale WHERE note IS NULL"), 2);
    database_close(db);
}

static void
a_database_of_a_newer_program_is_refused_and_left_alone(void **state)
{
    struct shop *shop = *state;
    struct error_detail err;
    assert_int_equal(database_migrate(shop->db, migrations, MIGRATIONS - 1, &err), STATUS_REFUSED);
    assert_string_equal(err.code, "database_is_newer");
    assert_int_equal(ask(shop->db, "PRAGMA user_version"), MIGRATIONS);
}

static void
a_version_that_no_program_of_ours_wrote_is_corrupt(void **state)
{
    struct shop *shop = *state;
    do_sql(shop->db, "PRAGMA user_version = -1");
    assert_int_equal(database_migrate(shop->db, migrations, MIGRATIONS, NULL), STATUS_CORRUPT);
}

static void
a_migration_that_fails_leaves_nothing_of_itself_and_all_before_it(void **state)
{
    struct shop *shop = *state;
    const struct migration longer[] = {
        migrations[0],
        migrations[1],
        migrations[2],
        {4, "0004-good.sql", "CREATE TABLE good (id INTEGER)"},
        {5, "0005-bad.sql", "CREATE TABLE half (id INTEGER); INSERT INTO sale (name) VALUES ('half'); NONSENSE;"},
    };
    struct error_detail err;
    assert_int_equal(database_migrate(shop->db, longer, 5, &err), STATUS_IO);
    assert_non_null(strstr(err.message, "0005-bad.sql"));
    assert_false(database_in_transaction(shop->db));
    assert_int_equal(ask(shop->db, "PRAGMA user_version"), 4);
    assert_int_equal(ask(shop->db, "SELECT count(*) FROM sqlite_schema WHERE name IN ('good', 'half')"), 1);
    assert_int_equal(ask(shop->db, "SELECT count(*) FROM sale"), 1);
}

static void
embedded_files_arrive_as_they_were_written(void **state)
{
    struct shop *shop = *state;
    struct database *db;
    struct statement *statement;
    bool has_row;
    char path[SCRATCH_PATH_SIZE];
    assert_int_equal(embedded_migrations_count, 3);
    assert_string_equal(embedded_migrations[0].name, "0001-receipts.sql");
    assert_int_equal(embedded_migrations[2].number, 3);
    scratch_path(&shop->scratch, path, "embedded.db");
    assert_int_equal(database_open(&db, path, DATABASE_READ_WRITE, NULL, NULL), STATUS_OK);
    assert_int_equal(database_migrate(db, embedded_migrations, embedded_migrations_count, NULL), STATUS_OK);
    assert_int_equal(database_statement(db, "SELECT note FROM receipt WHERE name = 'first'", &statement, NULL),
                     STATUS_OK);
    assert_int_equal(statement_step(statement, &has_row, NULL), STATUS_OK);
    assert_true(has_row);
    assert_string_equal(statement_column_text(statement, 0), "a \"b\" \\ ?"
                                                             "?/ 窓口\t!");
    statement_reset(statement);
    assert_int_equal(ask(db, "SELECT column_099 FROM wide"), 99);
    database_close(db);
}

struct migrator {
    pthread_t thread;
    const char *path;
    enum status status;
};

static void *
migrate_in_thread(void *context)
{
    struct migrator *migrator = context;
    struct database *db;
    migrator->status = database_open(&db, migrator->path, DATABASE_READ_WRITE, NULL, NULL);
    if (migrator->status == STATUS_OK) {
        migrator->status = database_migrate(db, migrations, MIGRATIONS, NULL);
        database_close(db);
    }
    return NULL;
}

static void
programs_that_start_together_run_each_migration_once(void **state)
{
    struct shop *shop = *state;
    for (int round = 0; round < 20; round++) {
        enum { PROGRAMS = 4 };
        struct migrator programs[PROGRAMS];
        struct database *db;
        char name[32];
        char path[SCRATCH_PATH_SIZE];
        snprintf(name, sizeof name, "start-%d.db", round);
        scratch_path(&shop->scratch, path, name);
        /* Journal mode first: changing it is not what is raced for here. */
        assert_int_equal(database_open(&db, path, DATABASE_READ_WRITE, NULL, NULL), STATUS_OK);
        for (int i = 0; i < PROGRAMS; i++) {
            programs[i].path = path;
            assert_int_equal(pthread_create(&programs[i].thread, NULL, migrate_in_thread, &programs[i]), 0);
        }
        for (int i = 0; i < PROGRAMS; i++) {
            pthread_join(programs[i].thread, NULL);
            assert_int_equal(programs[i].status, STATUS_OK);
        }
        assert_int_equal(ask(db, "SELECT count(*) FROM sale"), 1);
        database_close(db);
    }
}

static void
what_is_committed_stays_and_what_is_rolled_back_does_not(void **state)
{
    struct shop *shop = *state;
    assert_false(database_in_transaction(shop->db));
    assert_int_equal(database_begin(shop->db, NULL), STATUS_OK);
    assert_true(database_in_transaction(shop->db));
    do_sql(shop->db, "INSERT INTO sale (name) VALUES ('kept')");
    assert_int_equal(database_commit(shop->db, NULL), STATUS_OK);
    assert_false(database_in_transaction(shop->db));

    assert_int_equal(database_begin(shop->db, NULL), STATUS_OK);
    do_sql(shop->db, "INSERT INTO sale (name) VALUES ('lost')");
    database_rollback(shop->db);
    assert_false(database_in_transaction(shop->db));
    database_rollback(shop->db);

    assert_int_equal(ask(shop->db, "SELECT count(*) FROM sale WHERE name = 'kept'"), 1);
    assert_int_equal(ask(shop->db, "SELECT count(*) FROM sale WHERE name = 'lost'"), 0);
}

static void
closing_rolls_back_what_is_open(void **state)
{
    struct shop *shop = *state;
    struct statement *statement;
    bool has_row;
    assert_int_equal(database_begin(shop->db, NULL), STATUS_OK);
    do_sql(shop->db, "INSERT INTO sale (name) VALUES ('lost')");
    assert_int_equal(database_statement(shop->db, "SELECT id FROM sale", &statement, NULL), STATUS_OK);
    assert_int_equal(statement_step(statement, &has_row, NULL), STATUS_OK); /* left in the middle */
    database_close(shop->db);
    assert_int_equal(database_open(&shop->db, shop->path, DATABASE_READ_WRITE, NULL, NULL), STATUS_OK);
    assert_int_equal(ask(shop->db, "SELECT count(*) FROM sale"), 1);
}

static void
a_read_transaction_sees_one_moment(void **state)
{
    struct shop *shop = *state;
    struct database *reader;
    assert_int_equal(database_open(&reader, shop->path, DATABASE_READ_ONLY, NULL, NULL), STATUS_OK);
    assert_int_equal(database_begin_read(reader, NULL), STATUS_OK);
    assert_int_equal(ask(reader, "SELECT count(*) FROM sale"), 1);
    do_sql(shop->db, "INSERT INTO sale (name) VALUES ('later')");
    assert_int_equal(ask(reader, "SELECT count(*) FROM sale"), 1);
    database_rollback(reader);
    assert_int_equal(ask(reader, "SELECT count(*) FROM sale"), 2);
    database_close(reader);
}

static void
a_broken_constraint_is_a_conflict_and_the_transaction_goes_on(void **state)
{
    struct shop *shop = *state;
    static const char *const wrong[] = {
        "INSERT INTO sale (name) VALUES ('first')",
        "INSERT INTO sale (id, name) VALUES (1, 'x')",
        "INSERT INTO sale (name, amount) VALUES ('x', -1)",
        "INSERT INTO line (sale) VALUES (99)",
        "INSERT INTO line (sale) VALUES (NULL)",
        "INSERT INTO sale (name, amount) VALUES ('x', 'text')",
    };
    assert_int_equal(database_begin(shop->db, NULL), STATUS_OK);
    do_sql(shop->db, "INSERT INTO sale (name) VALUES ('second')");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct statement *statement;
        struct error_detail err;
        assert_int_equal(database_statement(shop->db, wrong[i], &statement, NULL), STATUS_OK);
        assert_int_equal(statement_run(statement, &err), STATUS_CONFLICT);
        assert_string_equal(err.code, "database_constraint");
        assert_int_equal(database_execute(shop->db, wrong[i], NULL), STATUS_CONFLICT);
        assert_true(database_in_transaction(shop->db));
    }
    assert_int_equal(database_commit(shop->db, NULL), STATUS_OK);
    assert_int_equal(ask(shop->db, "SELECT count(*) FROM sale"), 2);
}

static void
a_commit_that_is_refused_leaves_the_transaction_to_be_rolled_back(void **state)
{
    struct shop *shop = *state;
    assert_int_equal(database_begin(shop->db, NULL), STATUS_OK);
    do_sql(shop->db, "PRAGMA defer_foreign_keys = ON");
    do_sql(shop->db, "INSERT INTO line (sale) VALUES (99)");
    assert_int_equal(database_commit(shop->db, NULL), STATUS_CONFLICT);
    assert_true(database_in_transaction(shop->db));
    database_rollback(shop->db);
    assert_int_equal(ask(shop->db, "SELECT count(*) FROM line"), 0);
}

static void
a_statement_is_kept_by_its_text(void **state)
{
    struct shop *shop = *state;
    static const char *const texts[] = {
        "SELECT id FROM sale WHERE name = ?",
        "SELECT id FROM sale WHERE name = ?;",
        "SELECT id FROM sale WHERE name = ?;\n",
        "  SELECT id FROM sale WHERE name = ? ; -- by name\n /* and a comment */ ",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct statement *first, *again;
        char elsewhere[200];
        snprintf(elsewhere, sizeof elsewhere, "%s", texts[i]);
        assert_int_equal(database_statement(shop->db, texts[i], &first, NULL), STATUS_OK);
        assert_int_equal(database_statement(shop->db, elsewhere, &again, NULL), STATUS_OK);
        assert_ptr_equal(first, again);
    }
}

static void
a_kept_statement_starts_without_the_bindings_of_its_last_use(void **state)
{
    struct shop *shop = *state;
    for (int i = 0; i < 3; i++) {
        struct statement *statement;
        bool has_row;
        assert_int_equal(database_statement(shop->db, "SELECT ?1, ?2", &statement, NULL), STATUS_OK);
        if (i != 1) {
            statement_bind_int(statement, 1, 5);
        }
        assert_int_equal(statement_step(statement, &has_row, NULL), STATUS_OK);
        assert_int_equal(statement_column_is_null(statement, 0), i == 1);
        assert_true(statement_column_is_null(statement, 1));
        statement_reset(statement);
    }
}

static void
a_statement_can_be_run_again_and_again(void **state)
{
    struct shop *shop = *state;
    for (int i = 0; i < 1000; i++) {
        struct statement *statement;
        char name[16];
        snprintf(name, sizeof name, "n%d", i);
        assert_int_equal(
            database_statement(shop->db, "INSERT INTO sale (name, amount) VALUES (?, ?)", &statement, NULL), STATUS_OK);
        statement_bind_text(statement, 1, name);
        statement_bind_int(statement, 2, i);
        assert_int_equal(statement_run(statement, NULL), STATUS_OK);
        assert_int_equal(database_changes(shop->db), 1);
    }
    assert_int_equal(ask(shop->db, "SELECT sum(amount) FROM sale WHERE name LIKE 'n%'"), 499500);
}

static void
parameters_are_bound_by_number_wherever_they_stand(void **state)
{
    struct shop *shop = *state;
    struct statement *statement;
    bool has_row;
    assert_int_equal(database_statement(shop->db, "SELECT $3 || $1, $2, $3", &statement, NULL), STATUS_OK);
    statement_bind_text(statement, 1, "one");
    statement_bind_int(statement, 2, 2);
    statement_bind_text(statement, 3, "three");
    assert_int_equal(statement_step(statement, &has_row, NULL), STATUS_OK);
    assert_string_equal(statement_column_text(statement, 0), "threeone");
    assert_int_equal(statement_column_int(statement, 1), 2);
    assert_string_equal(statement_column_text(statement, 2), "three");
    statement_reset(statement);

    assert_int_equal(database_statement(shop->db, "SELECT $1", &statement, NULL), STATUS_OK);
    statement_bind_int(statement, 2, 5); /* stands nowhere */
    assert_int_equal(statement_step(statement, &has_row, NULL), STATUS_OVERFLOW);
}

static void
a_text_of_two_statements_or_of_none_is_refused(void **state)
{
    struct shop *shop = *state;
    static const char *const wrong[] = {
        "DELETE FROM line; DELETE FROM sale", "SELECT 1; nonsense", "", "  \n", "-- nothing\n", ";",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct statement *statement = NULL;
        struct error_detail err;
        assert_int_equal(database_statement(shop->db, wrong[i], &statement, &err), STATUS_INVALID);
        assert_null(statement);
    }
}

static void
wrong_sql_is_told_with_its_text(void **state)
{
    struct shop *shop = *state;
    struct statement *statement = NULL;
    struct error_detail err;
    assert_int_equal(database_statement(shop->db, "SELECT nonsense FROM nowhere", &statement, &err), STATUS_IO);
    assert_non_null(strstr(err.message, "SELECT nonsense"));
    assert_non_null(strstr(err.message, "no such table"));
    assert_non_null(strstr(err.message, "shop.db"));
}

static void
values_come_back_as_they_were_bound(void **state)
{
    struct shop *shop = *state;
    struct statement *statement;
    bool has_row;
    size_t length;
    assert_int_equal(database_statement(shop->db, "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9", &statement, NULL),
                     STATUS_OK);
    statement_bind_int(statement, 1, INT64_MIN);
    statement_bind_int(statement, 2, INT64_MAX);
    statement_bind_text(statement, 3, "窓口");
    statement_bind_text_n(statement, 4, "abcdef", 3);
    statement_bind_blob(statement, 5, "a\0b\xFF", 4);
    statement_bind_blob(statement, 6, "", 0);
    statement_bind_text(statement, 7, "");
    statement_bind_text(statement, 8, NULL);
    statement_bind_null(statement, 9);
    assert_int_equal(statement_step(statement, &has_row, NULL), STATUS_OK);
    assert_true(has_row);
    assert_true(statement_column_int(statement, 0) == INT64_MIN);
    assert_true(statement_column_int(statement, 1) == INT64_MAX);
    assert_string_equal(statement_column_text(statement, 2), "窓口");
    assert_string_equal(statement_column_text(statement, 3), "abc");
    assert_memory_equal(statement_column_blob(statement, 4, &length), "a\0b\xFF", 4);
    assert_int_equal(length, 4);
    assert_non_null(statement_column_blob(statement, 5, &length));
    assert_int_equal(length, 0);
    assert_false(statement_column_is_null(statement, 5));
    assert_string_equal(statement_column_text(statement, 6), "");
    assert_false(statement_column_is_null(statement, 6));
    assert_string_equal(statement_column_text(statement, 7), "");
    assert_true(statement_column_is_null(statement, 7));
    assert_true(statement_column_is_null(statement, 8));
    assert_non_null(statement_column_blob(statement, 8, &length));
    assert_int_equal(length, 0);
    assert_int_equal(statement_step(statement, &has_row, NULL), STATUS_OK);
    assert_false(has_row);
}

static void
a_parameter_that_is_not_there_is_told_by_the_step(void **state)
{
    struct shop *shop = *state;
    struct statement *statement;
    struct error_detail err;
    bool has_row = true;
    assert_int_equal(database_statement(shop->db, "SELECT ?1", &statement, NULL), STATUS_OK);
    statement_bind_int(statement, 2, 5);
    statement_bind_int(statement, 1, 5);
    assert_int_equal(statement_step(statement, &has_row, &err), STATUS_OVERFLOW);
    assert_non_null(strstr(err.message, "out of range"));
    assert_int_equal(database_statement(shop->db, "SELECT ?1", &statement, NULL), STATUS_OK);
    statement_bind_int(statement, 1, 5);
    assert_int_equal(statement_step(statement, &has_row, NULL), STATUS_OK);
    statement_reset(statement);
}

static void
rows_are_stepped_to_the_end_or_given_up_before(void **state)
{
    struct shop *shop = *state;
    do_sql(shop->db, "INSERT INTO sale (name) VALUES ('a'), ('b'), ('c')");
    for (int stop = 0; stop <= 4; stop++) {
        struct statement *statement;
        bool has_row = true;
        int rows = 0;
        assert_int_equal(database_statement(shop->db, "SELECT name FROM sale ORDER BY id", &statement, NULL),
                         STATUS_OK);
        while (rows < stop && has_row) {
            assert_int_equal(statement_step(statement, &has_row, NULL), STATUS_OK);
            rows += has_row;
        }
        assert_int_equal(rows, stop);
        statement_reset(statement);
    }
}

static void
a_query_for_one_number_without_a_row_is_not_found(void **state)
{
    struct shop *shop = *state;
    int64_t value = 777;
    struct error_detail err;
    assert_int_equal(database_query_int(shop->db, "SELECT id FROM sale WHERE name = 'nobody'", &value, &err),
                     STATUS_NOT_FOUND);
    assert_int_equal(value, 777);
    assert_int_equal(ask(shop->db, "SELECT id FROM sale WHERE name = 'first'"), 1);
}

static void
a_backup_of_a_live_database_is_one_whole_file(void **state)
{
    struct shop *shop = *state;
    struct database *copy, *writer;
    char path[SCRATCH_PATH_SIZE];
    char beside[SCRATCH_PATH_SIZE];
    scratch_path(&shop->scratch, path, "backup.db");
    do_sql(shop->db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
                     "INSERT INTO sale (name, amount) SELECT 'bulk' || i, i FROM n");
    assert_int_equal(database_open(&writer, shop->path, DATABASE_READ_WRITE, NULL, NULL), STATUS_OK);
    assert_int_equal(database_begin(writer, NULL), STATUS_OK);
    do_sql(writer, "DELETE FROM sale");

    assert_int_equal(database_backup(shop->db, path, NULL), STATUS_OK);
    assert_int_equal(database_backup(shop->db, path, NULL), STATUS_OK); /* over the older one */

    database_rollback(writer);
    database_close(writer);
    assert_int_not_equal(access(scratch_path(&shop->scratch, beside, "backup.db-wal"), F_OK), 0);
    assert_int_equal(database_open(&copy, path, DATABASE_READ_WRITE, NULL, NULL), STATUS_OK);
    assert_int_equal(ask(copy, "SELECT count(*) FROM sale"), 20001);
    assert_int_equal(ask(copy, "PRAGMA user_version"), MIGRATIONS);
    struct statement *statement;
    bool has_row;
    assert_int_equal(database_statement(copy, "PRAGMA integrity_check", &statement, NULL), STATUS_OK);
    assert_int_equal(statement_step(statement, &has_row, NULL), STATUS_OK);
    assert_string_equal(statement_column_text(statement, 0), "ok");
    statement_reset(statement);
    database_close(copy);
}

/* "Locked" is a passing state to SQLite's backup interface; to us it is a copy that was not made. */
static void
a_backup_that_copied_nothing_is_not_called_done(void **state)
{
    struct shop *shop = *state;
    struct error_detail err;
    char path[SCRATCH_PATH_SIZE];
    scratch_path(&shop->scratch, path, "backup.db");
    assert_int_equal(database_begin(shop->db, NULL), STATUS_OK);
    do_sql(shop->db, "INSERT INTO sale (name) VALUES ('open')");
    assert_int_equal(database_backup(shop->db, path, &err), STATUS_BUSY);
    database_rollback(shop->db);
    assert_int_equal(database_backup(shop->db, path, NULL), STATUS_OK);
}

static void
only_what_may_be_lost_is_committed_without_the_disk(void **state)
{
    struct shop *shop = *state;
    assert_int_equal(database_begin_unsynced(shop->db, NULL), STATUS_OK);
    assert_int_equal(ask(shop->db, "PRAGMA synchronous"), 1);
    do_sql(shop->db, "INSERT INTO sale (name) VALUES ('may be lost')");
    assert_int_equal(database_commit(shop->db, NULL), STATUS_OK);
    assert_int_equal(ask(shop->db, "PRAGMA synchronous"), 2);

    assert_int_equal(database_begin_unsynced(shop->db, NULL), STATUS_OK);
    database_rollback(shop->db);
    assert_int_equal(ask(shop->db, "PRAGMA synchronous"), 2);
    assert_int_equal(ask(shop->db, "SELECT COUNT(*) FROM sale WHERE name = 'may be lost'"), 1);
}

static long
size_of(const char *path)
{
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    return (long)about.st_size;
}

static void
a_kept_wal_is_moved_only_when_it_is_asked_for(void **state)
{
    struct shop *shop = *state;
    struct database *mover;
    assert_int_equal(database_open(&mover, shop->path, DATABASE_READ_WRITE, NULL, NULL), STATUS_OK);
    assert_int_equal(database_checkpoint(mover, NULL), STATUS_OK);
    const long before = size_of(shop->path);
    database_keep_wal(shop->db);

    assert_int_equal(database_begin(shop->db, NULL), STATUS_OK);
    do_sql(shop->db, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
                     " INSERT INTO sale (name) SELECT hex(zeroblob(2000)) || i FROM n");
    assert_int_equal(database_commit(shop->db, NULL), STATUS_OK);
    assert_true(database_wal_size(shop->db).pages > 1000); /* SQLite alone would have moved it */
    assert_int_equal(database_wal_size(shop->db).commits, 1);
    assert_int_equal(size_of(shop->path), before);

    assert_int_equal(database_checkpoint(mover, NULL), STATUS_OK);
    assert_true(size_of(shop->path) > before + 1000 * 4096);
    do_sql(shop->db, "INSERT INTO sale (name) VALUES ('the WAL begins anew')");
    assert_true(database_wal_size(shop->db).pages < 10);
    database_close(mover);
}

static void
a_backup_to_where_nothing_can_be_written_says_so(void **state)
{
    struct shop *shop = *state;
    struct error_detail err;
    char path[SCRATCH_PATH_SIZE];
    assert_int_equal(database_backup(shop->db, scratch_path(&shop->scratch, path, "no/such/folder.db"), &err),
                     STATUS_IO);
    assert_non_null(strstr(err.message, "folder.db"));
}

#define IN_A_SHOP(test) cmocka_unit_test_setup_teardown(test, open_shop, close_shop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_SHOP(a_new_database_is_durable_and_keeps_foreign_keys),
        IN_A_SHOP(a_database_that_is_not_there_cannot_be_read),
        IN_A_SHOP(a_file_that_is_no_database_is_corrupt),
        IN_A_SHOP(a_damaged_page_is_corrupt_when_it_is_read),
        IN_A_SHOP(a_read_only_connection_cannot_write),
        IN_A_SHOP(migrations_run_once_and_in_order),
        IN_A_SHOP(a_database_of_an_older_program_is_brought_on_from_where_it_stands),
        IN_A_SHOP(a_database_of_a_newer_program_is_refused_and_left_alone),
        IN_A_SHOP(a_version_that_no_program_of_ours_wrote_is_corrupt),
        IN_A_SHOP(a_migration_that_fails_leaves_nothing_of_itself_and_all_before_it),
        IN_A_SHOP(embedded_files_arrive_as_they_were_written),
        IN_A_SHOP(programs_that_start_together_run_each_migration_once),
        IN_A_SHOP(what_is_committed_stays_and_what_is_rolled_back_does_not),
        IN_A_SHOP(closing_rolls_back_what_is_open),
        IN_A_SHOP(a_read_transaction_sees_one_moment),
        IN_A_SHOP(a_broken_constraint_is_a_conflict_and_the_transaction_goes_on),
        IN_A_SHOP(a_commit_that_is_refused_leaves_the_transaction_to_be_rolled_back),
        IN_A_SHOP(a_statement_is_kept_by_its_text),
        IN_A_SHOP(a_kept_statement_starts_without_the_bindings_of_its_last_use),
        IN_A_SHOP(a_statement_can_be_run_again_and_again),
        IN_A_SHOP(parameters_are_bound_by_number_wherever_they_stand),
        IN_A_SHOP(a_text_of_two_statements_or_of_none_is_refused),
        IN_A_SHOP(wrong_sql_is_told_with_its_text),
        IN_A_SHOP(values_come_back_as_they_were_bound),
        IN_A_SHOP(a_parameter_that_is_not_there_is_told_by_the_step),
        IN_A_SHOP(rows_are_stepped_to_the_end_or_given_up_before),
        IN_A_SHOP(a_query_for_one_number_without_a_row_is_not_found),
        IN_A_SHOP(a_backup_of_a_live_database_is_one_whole_file),
        IN_A_SHOP(a_backup_that_copied_nothing_is_not_called_done),
        IN_A_SHOP(only_what_may_be_lost_is_committed_without_the_disk),
        IN_A_SHOP(a_kept_wal_is_moved_only_when_it_is_asked_for),
        IN_A_SHOP(a_backup_to_where_nothing_can_be_written_says_so),
    };
    return cmocka_run_group_tests_name("sqlite", tests, NULL, NULL);
}
