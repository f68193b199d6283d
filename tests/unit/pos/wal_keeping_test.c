/* The WAL of a till is moved into its database by a thread of its own, once nobody sells. */
#include "till_stage.h"

#include "common/bytes/buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { FILE_MAX_BYTES = 16 * 1024 * 1024, WAIT_ROUNDS = 3000 };

static void
read_database(const struct till_stage *stage, struct buffer *out)
{
    struct error_detail err;
    buffer_clear(out);
    if (buffer_read_file(out, stage->database, &err) != STATUS_OK) {
        fail_msg("%s", err.message);
    }
}

static bool
is_same(const struct buffer *a, const struct buffer *b)
{
    return a->length == b->length && memcmp(buffer_text(a), buffer_text(b), a->length) == 0;
}

/* The till of STAGE anew, with its threads and a WAL that is full with one page. */
static void
reopen_with_threads(struct till_stage *stage, unsigned wal_pages)
{
    const struct till_options options = {.database_path = stage->database,
                                         .clock = clock_manual(&stage->clock),
                                         .inquiry_interval_ms = 5,
                                         .wal_pages = wal_pages,
                                         .wal_quiet_ms = 1};
    till_close(stage->till);
    stage->till = NULL;
    assert_int_equal(till_open(&stage->till, &options, &stage->err), STATUS_OK);
    assert_int_equal(till_start(stage->till, NULL, NULL, &stage->err), STATUS_OK);
}

static void
what_was_recorded_reaches_the_database_while_nobody_sells(void **state)
{
    (void)state;
    struct till_stage stage;
    struct buffer before, now;
    buffer_init(&before, FILE_MAX_BYTES);
    buffer_init(&now, FILE_MAX_BYTES);
    till_stage_open(&stage, till_stage_masters);
    reopen_with_threads(&stage, 1);
    read_database(&stage, &before);

    assert_int_equal(till_sign_in(stage.till, "sato", "1111", &stage.err), STATUS_OK);

    read_database(&stage, &now);
    for (int round = 0; round < WAIT_ROUNDS && is_same(&before, &now); round++) {
        const struct timespec pause = {.tv_nsec = 10 * 1000000};
        nanosleep(&pause, NULL);
        read_database(&stage, &now);
    }
    assert_false(is_same(&before, &now));
    till_stage_close(&stage);
    buffer_finish(&before);
    buffer_finish(&now);
}

/* Also when the WAL is larger than what SQLite would have moved by itself. */
static void
no_commit_moves_the_wal_itself(void **state)
{
    (void)state;
    enum { OPENINGS = 400, PAGES_NEVER_REACHED = 1000000 };
    struct till_stage stage;
    struct buffer before, now;
    buffer_init(&before, FILE_MAX_BYTES);
    buffer_init(&now, FILE_MAX_BYTES);
    till_stage_open(&stage, till_stage_masters);
    reopen_with_threads(&stage, PAGES_NEVER_REACHED);
    assert_int_equal(till_sign_in(stage.till, "sato", "1111", &stage.err), STATUS_OK);
    read_database(&stage, &before);

    for (int i = 0; i < OPENINGS; i++) {
        assert_int_equal(till_open_drawer(stage.till, "両替のため", &stage.err), STATUS_OK);
    }

    read_database(&stage, &now);
    assert_true(is_same(&before, &now));
    till_stage_close(&stage);
    buffer_finish(&before);
    buffer_finish(&now);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_recorded_reaches_the_database_while_nobody_sells),
        cmocka_unit_test(no_commit_moves_the_wal_itself),
    };
    return cmocka_run_group_tests_name("wal_keeping", tests, NULL, NULL);
}
