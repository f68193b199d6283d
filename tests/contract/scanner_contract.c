/* What every scanner does. */
#include "tests/contract/scanner_bench.h"

#include "drivers/scanner/scanner_driver.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { PATIENCE_MS = 30 * 1000, SOON_MS = 50 };

static void
a_code_shown_is_delivered_whole(void **state)
{
    struct scanner_bench *bench = *state;
    struct scanned_code code;
    bench->show(bench, "9000818112345678 +/=");

    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_OK);

    assert_string_equal(code.text, "9000818112345678 +/=");
    assert_int_equal(code.length, 20);
}

static void
without_a_code_the_wait_ends_empty_handed(void **state)
{
    struct scanner_bench *bench = *state;
    struct scanned_code code;
    struct error_detail err = {0};

    assert_int_equal(scanner_wait(bench->scanner, SOON_MS, &code, &err), STATUS_NOT_FOUND);

    assert_true(strlen(err.message) > 0);
}

static void
a_code_is_delivered_once(void **state)
{
    struct scanner_bench *bench = *state;
    struct scanned_code code;
    bench->show(bench, "one");

    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_OK);
    assert_int_equal(scanner_wait(bench->scanner, SOON_MS, &code, NULL), STATUS_NOT_FOUND);
}

static void
the_same_code_again_at_once_is_no_second_scan(void **state)
{
    struct scanner_bench *bench = *state;
    struct scanned_code code;
    bench->show(bench, "one");
    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_OK);
    bench->scanner->last_at_ms += PATIENCE_MS; /* a slow machine must not let the window close */
    bench->show(bench, "one");

    assert_int_equal(scanner_wait(bench->scanner, SOON_MS, &code, NULL), STATUS_NOT_FOUND);
    bench->show(bench, "two");
    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_OK);
    assert_string_equal(code.text, "two");
}

static void
of_two_codes_that_nobody_waited_for_the_newer_is_kept(void **state)
{
    struct scanner_bench *bench = *state;
    struct scanned_code code;
    bench->show(bench, "old");
    bench->show(bench, "new");

    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_OK);
    assert_string_equal(code.text, "new");
    assert_int_equal(scanner_wait(bench->scanner, SOON_MS, &code, NULL), STATUS_NOT_FOUND);
}

static void
a_code_too_long_is_dropped_whole(void **state)
{
    struct scanner_bench *bench = *state;
    struct scanned_code code;
    char text[SCANNER_CODE_SIZE + 1];
    memset(text, '7', sizeof text - 1);
    text[sizeof text - 1] = '\0';

    bench->show(bench, text);
    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_OVERFLOW);
    bench->show(bench, text + 1);
    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_OK);
    assert_int_equal(code.length, SCANNER_CODE_SIZE - 1);
}

static void *
interrupt_it(void *context)
{
    scanner_interrupt(context);
    return NULL;
}

static void
a_wait_can_be_interrupted_from_another_thread(void **state)
{
    struct scanner_bench *bench = *state;
    struct scanned_code code;
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, interrupt_it, bench->scanner), 0);
    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_NOT_FOUND);

    pthread_join(thread, NULL);
}

static void *
show_it(void *context)
{
    struct scanner_bench *bench = context;
    bench->show(bench, "from elsewhere");
    return NULL;
}

static void
a_code_that_comes_during_the_wait_ends_it(void **state)
{
    struct scanner_bench *bench = *state;
    struct scanned_code code;
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, show_it, bench), 0);
    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_OK);

    assert_string_equal(code.text, "from elsewhere");
    pthread_join(thread, NULL);
}

static void
a_scanner_that_is_unplugged_says_so_and_is_found_again(void **state)
{
    struct scanner_bench *bench = *state;
    struct scanned_code code;
    bench->set_gone(bench, true);

    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_DEVICE_GONE);
    bench->set_gone(bench, false);
    bench->show(bench, "back");
    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_OK);
}

static void
closing_nothing_is_fine(void **state)
{
    struct scanner_bench *bench = *state;
    assert_true(strlen(scanner_name(bench->scanner)) > 0);
    scanner_close(NULL);
}

int
scanner_contract_run(const char *name, int (*set_up)(void **state), int (*tear_down)(void **state))
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_code_shown_is_delivered_whole),
        TEST(without_a_code_the_wait_ends_empty_handed),
        TEST(a_code_is_delivered_once),
        TEST(the_same_code_again_at_once_is_no_second_scan),
        TEST(of_two_codes_that_nobody_waited_for_the_newer_is_kept),
        TEST(a_code_too_long_is_dropped_whole),
        TEST(a_wait_can_be_interrupted_from_another_thread),
        TEST(a_code_that_comes_during_the_wait_ends_it),
        TEST(a_scanner_that_is_unplugged_says_so_and_is_found_again),
        TEST(closing_nothing_is_fine),
    };
#undef TEST
    return _cmocka_run_group_tests(name, tests, sizeof tests / sizeof tests[0], NULL, NULL);
}
