/* What every printer does: never twice, never silently, and "not printed" only when nothing came out. */
#include "tests/contract/printer_bench.h"

#include "drivers/escpos/encoder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum {
    PATIENCE_MS = 30 * 1000, /* only reached when something is broken */
    LARGE_JOB_LINES = 700    /* 34 KB: many times what a printer buffers, less than two metres of paper */
};

/* A job that prints MARK once, after LINES lines of filling. */
static struct buffer
make_job(const char *mark, unsigned lines)
{
    struct buffer bytes;
    struct escpos printer;
    buffer_init(&bytes, 1024 * 1024);
    escpos_init(&printer, &bytes, 48);
    escpos_begin(&printer);
    for (unsigned i = 0; i < lines; i++) {
        escpos_pair(&printer, "住民票の写し", "¥300");
    }
    escpos_line(&printer, mark);
    escpos_cut(&printer);
    assert_int_equal(escpos_finish(&printer, NULL), STATUS_OK);
    return bytes;
}

static enum status
print(struct printer_bench *bench, uint64_t job_id, const char *mark, unsigned lines, enum print_outcome *out_outcome)
{
    struct error_detail err = {0};
    struct buffer job = make_job(mark, lines);
    enum status status = printer_print(bench->printer, job_id, job.data, job.length, PATIENCE_MS, out_outcome, &err);
    buffer_finish(&job);
    assert_true(status == STATUS_OK || strlen(err.message) > 0);
    return status;
}

static void
a_ready_printer_says_so(void **state)
{
    struct printer_bench *bench = *state;
    struct printer_state printer;

    assert_int_equal(printer_query(bench->printer, PATIENCE_MS, &printer, NULL), STATUS_OK);

    assert_true(printer.is_known && printer.is_online);
    assert_false(printer.cover_is_open || printer.paper_is_out || printer.paper_is_near_end ||
                 printer.cutter_has_failed || printer.needs_attention);
}

static void
a_job_comes_out_once_and_is_acknowledged(void **state)
{
    struct printer_bench *bench = *state;
    enum print_outcome outcome = PRINT_UNKNOWN;

    assert_int_equal(print(bench, 1, "MARK-A", 3, &outcome), STATUS_OK);

    assert_int_equal(outcome, PRINT_DONE);
    assert_int_equal(bench->count(bench, "MARK-A"), 1);
}

static void
a_large_job_comes_out_whole(void **state)
{
    struct printer_bench *bench = *state;
    enum print_outcome outcome = PRINT_UNKNOWN;

    assert_int_equal(print(bench, 1, "MARK-B", LARGE_JOB_LINES, &outcome), STATUS_OK);

    assert_int_equal(outcome, PRINT_DONE);
    assert_int_equal(bench->count(bench, "MARK-B"), 1);
}

static void
jobs_follow_each_other(void **state)
{
    struct printer_bench *bench = *state;
    enum print_outcome outcome = PRINT_UNKNOWN;

    for (uint64_t job = 1; job <= 5; job++) {
        assert_int_equal(print(bench, job, "MARK-C", 1, &outcome), STATUS_OK);
    }

    assert_int_equal(bench->count(bench, "MARK-C"), 5);
}

static void
assert_refuses(struct printer_bench *bench, enum bench_condition condition, enum status expected)
{
    enum print_outcome outcome = PRINT_UNKNOWN;
    bench->set(bench, condition);

    assert_int_equal(print(bench, 1, "MARK-D", 3, &outcome), expected);
    assert_int_equal(outcome, PRINT_NOT_DONE);

    bench->set(bench, BENCH_READY);
    assert_int_equal(print(bench, 2, "MARK-E", 3, &outcome), STATUS_OK);
    assert_int_equal(bench->count(bench, "MARK-D"), 0);
    assert_int_equal(bench->count(bench, "MARK-E"), 1);
}

static void
without_paper_nothing_is_printed_then_or_later(void **state)
{
    assert_refuses(*state, BENCH_PAPER_OUT, STATUS_PAPER_OUT);
}

static void
with_an_open_cover_nothing_is_printed_then_or_later(void **state)
{
    assert_refuses(*state, BENCH_COVER_OPEN, STATUS_COVER_OPEN);
}

static void
offline_nothing_is_printed_then_or_later(void **state)
{
    assert_refuses(*state, BENCH_OFFLINE, STATUS_BUSY);
}

static void
with_a_stuck_cutter_nothing_is_printed_then_or_later(void **state)
{
    assert_refuses(*state, BENCH_JAMMED, STATUS_BUSY);
}

static void
every_condition_shows_in_the_state(void **state)
{
    struct printer_bench *bench = *state;
    struct printer_state printer;

    bench->set(bench, BENCH_PAPER_OUT);
    assert_int_equal(printer_query(bench->printer, PATIENCE_MS, &printer, NULL), STATUS_OK);
    assert_true(printer.paper_is_out && !printer.is_online);
    bench->set(bench, BENCH_NEAR_END);
    assert_int_equal(printer_query(bench->printer, PATIENCE_MS, &printer, NULL), STATUS_OK);
    assert_true(printer.paper_is_near_end && printer.is_online && !printer.paper_is_out);
    bench->set(bench, BENCH_COVER_OPEN);
    assert_int_equal(printer_query(bench->printer, PATIENCE_MS, &printer, NULL), STATUS_OK);
    assert_true(printer.cover_is_open && !printer.is_online);
    bench->set(bench, BENCH_JAMMED);
    assert_int_equal(printer_query(bench->printer, PATIENCE_MS, &printer, NULL), STATUS_OK);
    assert_true(printer.cutter_has_failed);
    bench->set(bench, BENCH_OFFLINE);
    assert_int_equal(printer_query(bench->printer, PATIENCE_MS, &printer, NULL), STATUS_OK);
    assert_true(!printer.is_online && !printer.paper_is_out && !printer.cover_is_open);
}

static void
paper_near_its_end_still_prints(void **state)
{
    struct printer_bench *bench = *state;
    enum print_outcome outcome = PRINT_UNKNOWN;
    bench->set(bench, BENCH_NEAR_END);

    assert_int_equal(print(bench, 1, "MARK-F", 3, &outcome), STATUS_OK);

    assert_int_equal(outcome, PRINT_DONE);
}

static void
a_printer_that_is_gone_has_printed_nothing(void **state)
{
    struct printer_bench *bench = *state;
    struct printer_state printer;
    enum print_outcome outcome = PRINT_UNKNOWN;
    bench->set_gone(bench, true);

    assert_int_equal(printer_query(bench->printer, PATIENCE_MS, &printer, NULL), STATUS_DEVICE_GONE);
    assert_int_equal(print(bench, 1, "MARK-G", 3, &outcome), STATUS_DEVICE_GONE);

    assert_int_equal(outcome, PRINT_NOT_DONE);
}

static void
a_printer_that_is_switched_on_again_is_found(void **state)
{
    struct printer_bench *bench = *state;
    enum print_outcome outcome = PRINT_UNKNOWN;
    bench->set_gone(bench, true);
    assert_int_equal(print(bench, 1, "MARK-H", 3, &outcome), STATUS_DEVICE_GONE);
    bench->set_gone(bench, false);

    assert_int_equal(print(bench, 2, "MARK-I", 3, &outcome), STATUS_OK);

    assert_int_equal(bench->count(bench, "MARK-H"), 0);
    assert_int_equal(bench->count(bench, "MARK-I"), 1);
}

/* A fault in mid-job leaves it unknown; mended, the next job comes out whole and not mixed with the rest. */
static void
assert_breaks(struct printer_bench *bench, enum bench_break how, enum status expected)
{
    enum print_outcome outcome = PRINT_DONE;
    bench->break_next(bench, how);

    assert_int_equal(print(bench, 1, "MARK-J", LARGE_JOB_LINES, &outcome), expected);
    assert_int_equal(outcome, PRINT_UNKNOWN);

    bench->set_gone(bench, false);
    bench->set(bench, BENCH_READY);
    assert_int_equal(print(bench, 2, "MARK-K", 3, &outcome), STATUS_OK);
    assert_int_equal(outcome, PRINT_DONE);
    assert_int_equal(bench->count(bench, "MARK-K"), 1);
}

static void
paper_that_ends_in_mid_job_leaves_it_unknown(void **state)
{
    assert_breaks(*state, BENCH_PAPER_ENDS, STATUS_PAPER_OUT);
}

static void
a_jam_in_mid_job_leaves_it_unknown(void **state)
{
    assert_breaks(*state, BENCH_JAMS, STATUS_BUSY);
}

static void
a_printer_that_vanishes_in_mid_job_leaves_it_unknown(void **state)
{
    assert_breaks(*state, BENCH_VANISHES, STATUS_DEVICE_GONE);
}

static void
an_empty_job_is_refused(void **state)
{
    struct printer_bench *bench = *state;
    enum print_outcome outcome = PRINT_DONE;

    assert_int_equal(printer_print(bench->printer, 1, "", 0, PATIENCE_MS, &outcome, NULL), STATUS_INVALID);

    assert_int_equal(outcome, PRINT_NOT_DONE);
}

static void
its_capabilities_fit_its_columns(void **state)
{
    struct printer_bench *bench = *state;
    const struct printer_capabilities capabilities = printer_capabilities(bench->printer);

    assert_true(capabilities.columns == 32 || capabilities.columns == 42 || capabilities.columns == 48);
    assert_true(capabilities.width_dots >= capabilities.columns * 12);
    assert_true(strlen(printer_name(bench->printer)) > 0);
}

static void
closing_nothing_is_fine(void **state)
{
    (void)state;
    printer_close(NULL);
}

int
printer_contract_run(const char *name, int (*set_up)(void **state), int (*tear_down)(void **state))
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_ready_printer_says_so),
        TEST(a_job_comes_out_once_and_is_acknowledged),
        TEST(a_large_job_comes_out_whole),
        TEST(jobs_follow_each_other),
        TEST(without_paper_nothing_is_printed_then_or_later),
        TEST(with_an_open_cover_nothing_is_printed_then_or_later),
        TEST(offline_nothing_is_printed_then_or_later),
        TEST(with_a_stuck_cutter_nothing_is_printed_then_or_later),
        TEST(every_condition_shows_in_the_state),
        TEST(paper_near_its_end_still_prints),
        TEST(a_printer_that_is_gone_has_printed_nothing),
        TEST(a_printer_that_is_switched_on_again_is_found),
        TEST(paper_that_ends_in_mid_job_leaves_it_unknown),
        TEST(a_jam_in_mid_job_leaves_it_unknown),
        TEST(a_printer_that_vanishes_in_mid_job_leaves_it_unknown),
        TEST(an_empty_job_is_refused),
        TEST(its_capabilities_fit_its_columns),
        TEST(closing_nothing_is_fine),
    };
#undef TEST
    return _cmocka_run_group_tests(name, tests, sizeof tests / sizeof tests[0], NULL, NULL);
}
