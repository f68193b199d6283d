/* The printer suite on the simulated printer. */
#include "drivers/simulated/control.h"
#include "tests/contract/printer_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
set(struct printer_bench *bench, enum bench_condition condition)
{
    const struct simulated_printer_condition now = {
        .paper_is_out = condition == BENCH_PAPER_OUT,
        .paper_is_near_end = condition == BENCH_NEAR_END,
        .cover_is_open = condition == BENCH_COVER_OPEN,
        .is_offline = condition == BENCH_OFFLINE,
        .is_jammed = condition == BENCH_JAMMED,
    };
    simulated_printer_set(bench->printer, &now);
}

static void
set_gone(struct printer_bench *bench, bool is_gone)
{
    struct simulated_printer_condition now = simulated_printer_get(bench->printer);
    now.has_vanished = is_gone;
    simulated_printer_set(bench->printer, &now);
}

static void
break_next(struct printer_bench *bench, enum bench_break how)
{
    struct simulated_printer_condition now = simulated_printer_get(bench->printer);
    now.next_job = how == BENCH_PAPER_ENDS ? SIMULATED_JOB_PAPER_ENDS
                   : how == BENCH_JAMS     ? SIMULATED_JOB_JAMS
                                           : SIMULATED_JOB_VANISHES;
    simulated_printer_set(bench->printer, &now);
}

static size_t
count(struct printer_bench *bench, const char *mark)
{
    uint64_t first = 0;
    size_t sheets = 0;
    size_t found = 0;
    simulated_printer_sheets(bench->printer, &first, &sheets);
    for (size_t i = 0; i < sheets; i++) {
        struct buffer text;
        buffer_init(&text, 1024 * 1024);
        assert_int_equal(simulated_printer_text(bench->printer, first + i, &text, NULL), STATUS_OK);
        for (const char *at = strstr(buffer_text(&text), mark); at != NULL; at = strstr(at + 1, mark)) {
            found++;
        }
        buffer_finish(&text);
    }
    return found;
}

static int
set_up(void **state)
{
    struct printer_bench *bench = calloc(1, sizeof *bench);
    if (bench == NULL || simulated_printer_open(48, &bench->printer, NULL) != STATUS_OK) {
        free(bench);
        return -1;
    }
    bench->set = set;
    bench->set_gone = set_gone;
    bench->break_next = break_next;
    bench->count = count;
    *state = bench;
    return 0;
}

static int
tear_down(void **state)
{
    struct printer_bench *bench = *state;
    printer_close(bench->printer);
    free(bench);
    return 0;
}

static void
sheets_keep_their_numbers_for_ever(void **state)
{
    struct printer_bench *bench = *state;
    enum print_outcome outcome;
    uint64_t first = 0;
    size_t sheets = 0;
    struct buffer text;
    buffer_init(&text, 4096);

    for (uint64_t job = 1; job <= 53; job++) {
        char bytes[32] = {0};
        int length = snprintf(bytes, sizeof bytes, "%d\n\x1bi", (int)job);
        assert_int_equal(printer_print(bench->printer, job, bytes, (size_t)length, 100, &outcome, NULL), STATUS_OK);
    }
    simulated_printer_sheets(bench->printer, &first, &sheets);

    assert_int_equal(first, 4);
    assert_int_equal(sheets, 50);
    assert_int_equal(simulated_printer_text(bench->printer, 53, &text, NULL), STATUS_OK);
    assert_string_equal(buffer_text(&text), "53\n");
    assert_int_equal(simulated_printer_text(bench->printer, 3, &text, NULL), STATUS_NOT_FOUND);
    assert_int_equal(simulated_printer_text(bench->printer, 54, &text, NULL), STATUS_NOT_FOUND);
    assert_int_equal(simulated_printer_png(bench->printer, 0, &text, NULL), STATUS_NOT_FOUND);
    buffer_finish(&text);
}

static void
a_sheet_can_be_seen(void **state)
{
    struct printer_bench *bench = *state;
    enum print_outcome outcome;
    struct buffer png;
    buffer_init(&png, 1024 * 1024);

    assert_int_equal(printer_print(bench->printer, 1, "receipt\n", 8, 100, &outcome, NULL), STATUS_OK);
    assert_int_equal(simulated_printer_png(bench->printer, 1, &png, NULL), STATUS_OK);

    assert_memory_equal(png.data, "\x89PNG", 4);
    assert_int_equal(simulated_printer_unknown_commands(bench->printer), 0);
    buffer_finish(&png);
}

int
main(void)
{
    const struct CMUnitTest own[] = {
        cmocka_unit_test_setup_teardown(sheets_keep_their_numbers_for_ever, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_sheet_can_be_seen, set_up, tear_down),
    };
    int failures = printer_contract_run("printer: simulated", set_up, tear_down);
    return failures + cmocka_run_group_tests_name("simulated printer", own, NULL, NULL);
}
