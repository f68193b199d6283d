/* What a USB printer can do to a job on its way, with the kernel's USB between it and the driver: it stalls, it takes
 * nothing, it answers in pieces, its cable is pulled in the middle of a transfer. In each: how the job ended, and that
 * no line of it is on paper twice. */
#include "common/bytes/buffer.h"
#include "drivers/escpos_printer/escpos_printer.h"
#include "drivers/transport/usb_transport.h"
#include "tests/contract/support/receipt_printer.h"
#include "tests/kernel/functionfs_printer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum {
    VENDOR = 0x04b8,
    PRODUCT = 0x0202,
    PATIENCE_MS = 60 * 1000,
    SHORT_MS = 15 * 1000, /* of a job that is meant to end by its deadline; long enough to reach its middle */
    A_WHILE_MS = 2000,
    LINES = 800, /* 20 KB: more than one transfer, and than a printer's buffer */
    JOB_MAX_BYTES = 64 * 1024,
    MIDDLE_BYTES = 6000, /* in the first transfer of the job */
    POLLS_MAX = 6000,
    POLL_NS = 10 * 1000 * 1000
};

static struct receipt_printer shared;
static struct functionfs_printer device;
static struct printer *opened; /* NULL before the bench has one */

static void
await_seen(void)
{
    struct printer_state state;
    for (unsigned i = 0; printer_query(opened, PATIENCE_MS, &state, NULL) == STATUS_DEVICE_GONE; i++) {
        assert_true(i < POLLS_MAX);
        nanosleep(&(struct timespec){.tv_nsec = POLL_NS}, NULL);
    }
}

static void
plug(struct receipt_printer *printer, bool is_plugged)
{
    functionfs_printer_pull(&device);
    if (is_plugged) {
        functionfs_printer_set_fault(&device, FAULT_NONE, 0);
        functionfs_printer_plug(&device, printer->port);
        if (opened != NULL) {
            await_seen();
        }
    }
}

static int
set_up(void **state)
{
    struct usb_selection selection = {.vendor = VENDOR, .product = PRODUCT};
    struct escpos_printer_options options = {.model = "auto", .columns = 48};
    opened = NULL;
    functionfs_printer_set_answers(&device, /* stalls_next= */ false, /* speaks_in_bytes= */ false);
    struct printer_bench *bench = receipt_printer_bench(&shared);
    *state = bench;
    if (bench == NULL || usb_transport_create(&options.transport, &selection, NULL) != STATUS_OK ||
        escpos_printer_open(&options, &bench->printer, NULL) != STATUS_OK) {
        return -1;
    }
    opened = bench->printer;
    return 0;
}

static int
tear_down(void **state)
{
    receipt_printer_bench_free(*state);
    opened = NULL;
    return 0;
}

/* Print a job whose every line is another, led by MARK. */
static enum status
print(struct printer_bench *bench, uint64_t job_id, const char *mark, unsigned lines, unsigned timeout_ms,
      enum print_outcome *out_outcome)
{
    char line[64];
    struct buffer job;
    buffer_init(&job, JOB_MAX_BYTES);
    buffer_append_text(&job, "\x1b@");
    for (unsigned i = 1; i <= lines; i++) {
        snprintf(line, sizeof line, "%s-%04u-of-the-receipt\n", mark, i);
        buffer_append_text(&job, line);
    }
    assert_int_equal(buffer_check(&job, NULL), STATUS_OK);
    const enum status status =
        printer_print(bench->printer, job_id, job.data, job.length, timeout_ms, out_outcome, NULL);
    buffer_finish(&job);
    return status;
}

static void
assert_whole(struct printer_bench *bench, const char *mark)
{
    char text[64];
    snprintf(text, sizeof text, "%s-", mark);
    assert_int_equal(bench->count(bench, text), LINES);
    for (unsigned i = 1; i <= LINES; i += LINES / 8) {
        snprintf(text, sizeof text, "%s-%04u-of-the-receipt\n", mark, i);
        assert_int_equal(bench->count(bench, text), 1);
    }
}

static void
assert_next_job_is_printed(struct printer_bench *bench)
{
    enum print_outcome outcome = PRINT_UNKNOWN;
    assert_int_equal(print(bench, 99, "NEXT", 1, PATIENCE_MS, &outcome), STATUS_OK);
    assert_int_equal(outcome, PRINT_DONE);
    assert_int_equal(bench->count(bench, "NEXT-0001"), 1);
}

/* Each line at most once: what came of the job is its beginning. */
static void
assert_nothing_twice(struct printer_bench *bench, const char *mark)
{
    char text[64];
    for (unsigned i = 1; i <= LINES; i += LINES / 8) {
        snprintf(text, sizeof text, "%s-%04u-of-the-receipt\n", mark, i);
        assert_true(bench->count(bench, text) <= 1);
    }
}

static void
a_stall_in_mid_job_is_cleared_and_the_job_comes_out_whole_and_once(void **state)
{
    struct printer_bench *bench = *state;
    enum print_outcome outcome = PRINT_UNKNOWN;
    const unsigned before = functionfs_printer_stalls(&device);
    functionfs_printer_set_fault(&device, FAULT_STALL, MIDDLE_BYTES);

    assert_int_equal(print(bench, 1, "A", LINES, PATIENCE_MS, &outcome), STATUS_OK);

    assert_int_equal(outcome, PRINT_DONE);
    assert_int_equal(functionfs_printer_stalls(&device), before + 1);
    assert_whole(bench, "A");
}

static void
a_printer_that_stalls_on_in_mid_job_leaves_it_unknown(void **state)
{
    struct printer_bench *bench = *state;
    enum print_outcome outcome = PRINT_DONE;
    functionfs_printer_set_fault(&device, FAULT_STALL_ON, MIDDLE_BYTES);

    assert_int_not_equal(print(bench, 1, "B", LINES, PATIENCE_MS, &outcome), STATUS_OK);

    assert_int_equal(outcome, PRINT_UNKNOWN);
    functionfs_printer_set_fault(&device, FAULT_NONE, 0);
    assert_next_job_is_printed(bench);
    assert_nothing_twice(bench, "B");
}

static void
a_printer_that_stalls_before_the_job_has_printed_nothing(void **state)
{
    struct printer_bench *bench = *state;
    enum print_outcome outcome = PRINT_DONE;
    functionfs_printer_set_fault(&device, FAULT_STALL_ON, 0);

    assert_int_not_equal(print(bench, 1, "C", 1, PATIENCE_MS, &outcome), STATUS_OK);

    assert_int_equal(outcome, PRINT_NOT_DONE);
    functionfs_printer_set_fault(&device, FAULT_NONE, 0);
    assert_next_job_is_printed(bench);
    assert_int_equal(bench->count(bench, "C-0001"), 0);
}

static void
an_answer_that_is_stalled_first_is_heard(void **state)
{
    struct printer_bench *bench = *state;
    struct printer_state printer;
    functionfs_printer_set_answers(&device, /* stalls_next= */ true, /* speaks_in_bytes= */ false);

    assert_int_equal(printer_query(bench->printer, PATIENCE_MS, &printer, NULL), STATUS_OK);

    assert_true(printer.is_known && printer.is_online);
    assert_next_job_is_printed(bench);
}

static void
answers_in_packets_of_one_byte_are_put_together(void **state)
{
    struct printer_bench *bench = *state;
    struct printer_state printer;
    enum print_outcome outcome = PRINT_UNKNOWN;
    functionfs_printer_set_answers(&device, /* stalls_next= */ false, /* speaks_in_bytes= */ true);

    assert_int_equal(print(bench, 1, "D", LINES, PATIENCE_MS, &outcome), STATUS_OK);
    assert_int_equal(outcome, PRINT_DONE);
    assert_whole(bench, "D");
    bench->set(bench, BENCH_PAPER_OUT);
    assert_int_equal(printer_query(bench->printer, PATIENCE_MS, &printer, NULL), STATUS_OK);
    assert_true(printer.paper_is_out);
}

/* Lets the printer go on after a while. */
static void *
go_on(void *context)
{
    (void)context;
    nanosleep(&(struct timespec){.tv_sec = A_WHILE_MS / 1000}, NULL);
    functionfs_printer_set_fault(&device, FAULT_NONE, 0);
    return NULL;
}

static void
a_printer_that_takes_nothing_for_a_while_prints_the_job_once(void **state)
{
    struct printer_bench *bench = *state;
    enum print_outcome outcome = PRINT_UNKNOWN;
    pthread_t other;
    functionfs_printer_set_fault(&device, FAULT_TAKE_NONE, MIDDLE_BYTES);
    assert_int_equal(pthread_create(&other, NULL, go_on, NULL), 0);

    assert_int_equal(print(bench, 1, "E", LINES, PATIENCE_MS, &outcome), STATUS_OK);

    pthread_join(other, NULL);
    assert_int_equal(outcome, PRINT_DONE);
    assert_whole(bench, "E");
}

static void
a_printer_that_takes_no_more_in_mid_job_leaves_it_unknown(void **state)
{
    struct printer_bench *bench = *state;
    enum print_outcome outcome = PRINT_DONE;
    functionfs_printer_set_fault(&device, FAULT_TAKE_NONE, MIDDLE_BYTES);

    assert_int_not_equal(print(bench, 1, "F", LINES, SHORT_MS, &outcome), STATUS_OK);

    assert_int_equal(outcome, PRINT_UNKNOWN);
    functionfs_printer_set_fault(&device, FAULT_NONE, 0);
    assert_next_job_is_printed(bench);
    assert_nothing_twice(bench, "F");
}

static void
a_printer_that_takes_nothing_before_the_job_has_printed_nothing(void **state)
{
    struct printer_bench *bench = *state;
    enum print_outcome outcome = PRINT_DONE;
    functionfs_printer_set_fault(&device, FAULT_TAKE_NONE, 0);

    assert_int_not_equal(print(bench, 1, "G", 1, SHORT_MS, &outcome), STATUS_OK);

    assert_int_equal(outcome, PRINT_NOT_DONE);
    functionfs_printer_set_fault(&device, FAULT_NONE, 0);
    assert_next_job_is_printed(bench);
    assert_int_equal(bench->count(bench, "G-0001"), 0);
}

static void
a_cable_pulled_in_mid_transfer_leaves_the_job_unknown(void **state)
{
    struct printer_bench *bench = *state;
    enum print_outcome outcome = PRINT_DONE;
    functionfs_printer_set_fault(&device, FAULT_PULL, MIDDLE_BYTES);

    assert_int_equal(print(bench, 1, "H", LINES, PATIENCE_MS, &outcome), STATUS_DEVICE_GONE);

    assert_int_equal(outcome, PRINT_UNKNOWN);
    bench->set_gone(bench, true);
    assert_int_equal(print(bench, 2, "I", 1, SHORT_MS, &outcome), STATUS_DEVICE_GONE);
    assert_int_equal(outcome, PRINT_NOT_DONE);
    bench->set_gone(bench, false);
    assert_next_job_is_printed(bench);
    assert_nothing_twice(bench, "H");
    assert_int_equal(bench->count(bench, "I-0001"), 0);
}

int
main(void)
{
    const struct gadget_names names = {
        .vendor = VENDOR, .product = PRODUCT, .maker = "EPSON", .model = "TM-T88VI", .serial = "J0002"};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_stall_in_mid_job_is_cleared_and_the_job_comes_out_whole_and_once, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_printer_that_stalls_on_in_mid_job_leaves_it_unknown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_printer_that_stalls_before_the_job_has_printed_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_answer_that_is_stalled_first_is_heard, set_up, tear_down),
        cmocka_unit_test_setup_teardown(answers_in_packets_of_one_byte_are_put_together, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_printer_that_takes_nothing_for_a_while_prints_the_job_once, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_printer_that_takes_no_more_in_mid_job_leaves_it_unknown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_printer_that_takes_nothing_before_the_job_has_printed_nothing, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_cable_pulled_in_mid_transfer_leaves_the_job_unknown, set_up, tear_down),
    };
    functionfs_printer_create(&device, &names);
    receipt_printer_init(&shared);
    shared.plug = plug;
    const int failures = cmocka_run_group_tests_name("printer: faults on the kernel's USB", tests, NULL, NULL);
    plug(&shared, false);
    receipt_printer_finish(&shared);
    return failures;
}
