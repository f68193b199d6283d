/* The cash drawer suite on the simulated drawer; then the drawer on a simulated printer's port. */
#include "drivers/simulated/control.h"
#include "tests/contract/cash_drawer_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void
set_open(struct cash_drawer_bench *bench, bool is_open)
{
    simulated_cash_drawer_shut(bench->drawer);
    if (is_open) {
        assert_int_equal(cash_drawer_open(bench->drawer, 100, NULL), STATUS_OK);
    }
}

static void
set_gone(struct cash_drawer_bench *bench, bool is_gone)
{
    const struct simulated_drawer_condition condition = {.has_vanished = is_gone};
    simulated_cash_drawer_set(bench->drawer, &condition);
}

static size_t
kicks(struct cash_drawer_bench *bench)
{
    return simulated_cash_drawer_openings(bench->drawer);
}

static int
set_up(void **state)
{
    struct cash_drawer_bench *bench = calloc(1, sizeof *bench);
    if (bench == NULL || simulated_cash_drawer_open(NULL, &bench->drawer, NULL) != STATUS_OK) {
        free(bench);
        return -1;
    }
    bench->set_open = set_open;
    bench->set_gone = set_gone;
    bench->kicks = kicks;
    *state = bench;
    return 0;
}

static int
tear_down(void **state)
{
    struct cash_drawer_bench *bench = *state;
    cash_drawer_close(bench->drawer);
    free(bench);
    return 0;
}

static void
a_pulse_inside_a_receipt_opens_the_drawer_on_that_printer(void **state)
{
    (void)state;
    struct printer *printer = NULL;
    struct cash_drawer *drawer = NULL;
    enum print_outcome outcome;
    enum drawer_position position = DRAWER_UNKNOWN;
    assert_int_equal(simulated_printer_open(48, &printer, NULL), STATUS_OK);
    assert_int_equal(simulated_cash_drawer_open(printer, &drawer, NULL), STATUS_OK);

    assert_int_equal(printer_print(printer, 1, "\x1bp\x00\x32\x32", 5, 100, &outcome, NULL), STATUS_OK);
    assert_int_equal(cash_drawer_query(drawer, 100, &position, NULL), STATUS_OK);

    assert_int_equal(position, DRAWER_OPENED);
    assert_int_equal(simulated_cash_drawer_openings(drawer), 1);
    cash_drawer_close(drawer);
    printer_close(printer);
}

static void
a_stuck_drawer_stays_shut(void **state)
{
    struct cash_drawer_bench *bench = *state;
    const struct simulated_drawer_condition stuck = {.is_stuck = true};
    enum drawer_position position = DRAWER_UNKNOWN;
    simulated_cash_drawer_set(bench->drawer, &stuck);

    assert_int_equal(cash_drawer_open(bench->drawer, 100, NULL), STATUS_OK);
    assert_int_equal(cash_drawer_query(bench->drawer, 100, &position, NULL), STATUS_OK);

    assert_int_equal(position, DRAWER_CLOSED);
}

int
main(void)
{
    const struct CMUnitTest own[] = {
        cmocka_unit_test(a_pulse_inside_a_receipt_opens_the_drawer_on_that_printer),
        cmocka_unit_test_setup_teardown(a_stuck_drawer_stays_shut, set_up, tear_down),
    };
    int failures = cash_drawer_contract_run("cash drawer: simulated", set_up, tear_down);
    return failures + cmocka_run_group_tests_name("simulated drawer", own, NULL, NULL);
}
