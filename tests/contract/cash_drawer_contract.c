/* What every cash drawer does. */
#include "tests/contract/cash_drawer_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { PATIENCE_MS = 9000 };

static void
opening_kicks_exactly_once(void **state)
{
    struct cash_drawer_bench *bench = *state;

    assert_int_equal(cash_drawer_open(bench->drawer, PATIENCE_MS, NULL), STATUS_OK);
    assert_int_equal(bench->kicks(bench), 1);
    assert_int_equal(cash_drawer_open(bench->drawer, PATIENCE_MS, NULL), STATUS_OK);
    assert_int_equal(bench->kicks(bench), 2);
}

static void
its_position_is_told(void **state)
{
    struct cash_drawer_bench *bench = *state;
    enum drawer_position position = DRAWER_UNKNOWN;

    bench->set_open(bench, false);
    assert_int_equal(cash_drawer_query(bench->drawer, PATIENCE_MS, &position, NULL), STATUS_OK);
    assert_int_equal(position, DRAWER_CLOSED);
    bench->set_open(bench, true);
    assert_int_equal(cash_drawer_query(bench->drawer, PATIENCE_MS, &position, NULL), STATUS_OK);
    assert_int_equal(position, DRAWER_OPENED);
}

static void
asking_does_not_kick(void **state)
{
    struct cash_drawer_bench *bench = *state;
    enum drawer_position position = DRAWER_UNKNOWN;

    assert_int_equal(cash_drawer_query(bench->drawer, PATIENCE_MS, &position, NULL), STATUS_OK);

    assert_int_equal(bench->kicks(bench), 0);
}

static void
a_drawer_that_is_gone_says_so_and_is_found_again(void **state)
{
    struct cash_drawer_bench *bench = *state;
    enum drawer_position position = DRAWER_OPENED;
    struct error_detail err = {0};
    bench->set_gone(bench, true);

    assert_int_equal(cash_drawer_open(bench->drawer, PATIENCE_MS, &err), STATUS_DEVICE_GONE);
    assert_true(strlen(err.message) > 0);
    assert_int_equal(cash_drawer_query(bench->drawer, PATIENCE_MS, &position, NULL), STATUS_DEVICE_GONE);
    assert_int_equal(position, DRAWER_OPENED);
    bench->set_gone(bench, false);
    assert_int_equal(cash_drawer_open(bench->drawer, PATIENCE_MS, NULL), STATUS_OK);
}

static void
closing_nothing_is_fine(void **state)
{
    struct cash_drawer_bench *bench = *state;
    assert_true(strlen(cash_drawer_name(bench->drawer)) > 0);
    cash_drawer_close(NULL);
}

int
cash_drawer_contract_run(const char *name, int (*set_up)(void **state), int (*tear_down)(void **state))
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(opening_kicks_exactly_once), TEST(its_position_is_told),
        TEST(asking_does_not_kick),       TEST(a_drawer_that_is_gone_says_so_and_is_found_again),
        TEST(closing_nothing_is_fine),
    };
#undef TEST
    return _cmocka_run_group_tests(name, tests, sizeof tests / sizeof tests[0], NULL, NULL);
}
