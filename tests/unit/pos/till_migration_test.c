/* A till's database as an old version left it is brought up to date, and its tables still follow from its journal. */
#include "pos/till/refold.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

extern const struct migration till_migrations[];
extern const size_t till_migrations_count;

static char *
read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = calloc((size_t)size + 1, 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, (size_t)size, file), size);
    fclose(file);
    return text;
}

static struct database *
open_old(const char *path)
{
    struct database *db = NULL;
    struct error_detail err;
    char *sql = read_file(path);
    assert_int_equal(database_open(&db, ":memory:", DATABASE_READ_WRITE, NULL, &err), STATUS_OK);
    if (database_execute(db, sql, &err) != STATUS_OK) {
        fail_msg("%s", err.message);
    }
    free(sql);
    return db;
}

static void
a_database_of_the_first_version_is_brought_up_to_date_and_follows_from_its_journal(void **state)
{
    (void)state;
    struct error_detail err;
    int64_t waiting;
    struct database *db = open_old(MADOGUCHI_SOURCE_DIR "/tests/fixtures/till/0001.sql");

    if (database_migrate(db, till_migrations, till_migrations_count, &err) != STATUS_OK) {
        fail_msg("%s", err.message);
    }

    if (till_check_fold(db, &err) != STATUS_OK) {
        fail_msg("%s", err.message);
    }
    assert_int_equal(database_query_int(db, "SELECT COUNT(*) FROM paper WHERE state = 'not_printed'", &waiting, &err),
                     STATUS_OK);
    assert_int_equal(waiting, 2); /* a receipt and a void slip, for want of paper */
    database_close(db);
}

static void
a_table_that_does_not_follow_is_named(void **state)
{
    (void)state;
    struct error_detail err;
    struct database *db = open_old(MADOGUCHI_SOURCE_DIR "/tests/fixtures/till/0001.sql");
    assert_int_equal(database_migrate(db, till_migrations, till_migrations_count, &err), STATUS_OK);
    assert_int_equal(database_execute(db, "UPDATE paper SET state = 'printed'", &err), STATUS_OK);

    assert_int_equal(till_check_fold(db, &err), STATUS_CORRUPT);

    assert_string_equal(err.message, "table paper is not what the journal says");
    database_close(db);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_database_of_the_first_version_is_brought_up_to_date_and_follows_from_its_journal),
        cmocka_unit_test(a_table_that_does_not_follow_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
