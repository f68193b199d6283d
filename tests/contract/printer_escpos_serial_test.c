/* The printer suite on the ESC/POS driver over a serial port: a pseudo-terminal with the simulated printer behind it.
 * Then what only a port can do: hang up and come back, be read slowly, and be somebody else's. */
#include "drivers/escpos_printer/escpos_printer.h"
#include "drivers/transport/serial_transport.h"
#include "tests/contract/support/control.h"
#include "tests/contract/support/receipt_printer.h"
#include "tests/contract/support/serial_cable.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { PATIENCE_MS = 30 * 1000 };

static struct receipt_printer shared;
static struct serial_cable cable;

static void
plug(struct receipt_printer *printer, bool is_plugged)
{
    if (is_plugged) {
        serial_cable_plug(printer->cable, printer->port);
    } else {
        serial_cable_pull(printer->cable);
    }
}

static struct printer *
open_printer(const char *model)
{
    const struct serial_options port = {.path = cable.path, .baud = 115200, .flow = SERIAL_FLOW_NONE};
    struct escpos_printer_options options = {.model = model, .columns = 48};
    struct printer *printer = NULL;
    assert_int_equal(serial_transport_create(&options.transport, &port, NULL), STATUS_OK);
    assert_int_equal(escpos_printer_open(&options, &printer, NULL), STATUS_OK);
    return printer;
}

static int
set_up_as(void **state, const char *model)
{
    struct printer_bench *bench = receipt_printer_bench(&shared);
    if (bench == NULL) {
        return -1;
    }
    bench->printer = open_printer(model);
    *state = bench;
    return 0;
}

/* A model that names jobs, and one of which nothing is known, as a serial printer is asked nothing. */
static int
set_up_named(void **state)
{
    return set_up_as(state, "tm-t88");
}

static int
set_up_unknown(void **state)
{
    return set_up_as(state, "auto");
}

static int
tear_down(void **state)
{
    receipt_printer_bench_free(*state);
    return 0;
}

static enum status
print(struct printer *printer, uint64_t job_id, const char *text, enum print_outcome *out_outcome)
{
    return printer_print(printer, job_id, text, strlen(text), PATIENCE_MS, out_outcome, NULL);
}

static void
a_port_that_hangs_up_between_jobs_is_opened_again(void **state)
{
    struct printer_bench *bench = *state;
    enum print_outcome outcome = PRINT_UNKNOWN;
    assert_int_equal(print(bench->printer, 1, "MARK-L\n", &outcome), STATUS_OK);

    plug(&shared, false);
    plug(&shared, true);

    assert_int_equal(print(bench->printer, 2, "MARK-M\n", &outcome), STATUS_OK);
    assert_int_equal(outcome, PRINT_DONE);
    assert_int_equal(bench->count(bench, "MARK-L"), 1);
    assert_int_equal(bench->count(bench, "MARK-M"), 1);
}

static void
a_printer_that_reads_nothing_any_more_leaves_the_job_unknown(void **state)
{
    enum { LONG_BYTES = 200 * 1000, SHORT_MS = 3000 };
    struct printer_bench *bench = *state;
    static char text[LONG_BYTES];
    enum print_outcome outcome = PRINT_DONE;
    struct printer_state printer;
    memset(text, 'x', sizeof text);
    assert_int_equal(printer_query(bench->printer, PATIENCE_MS, &printer, NULL), STATUS_OK);
    control_call(shared.control_port, "POST", "/state", "{\"cover_open\":true,\"after_bytes\":2000}", NULL);

    assert_int_equal(printer_print(bench->printer, 1, text, sizeof text, SHORT_MS, &outcome, NULL), STATUS_COVER_OPEN);

    assert_int_equal(outcome, PRINT_UNKNOWN);
    bench->set(bench, BENCH_READY);
    assert_int_equal(print(bench->printer, 2, "MARK-N\n", &outcome), STATUS_OK);
    assert_int_equal(bench->count(bench, "MARK-N"), 1);
}

static void
a_port_that_another_till_uses_is_left_alone(void **state)
{
    struct printer_bench *bench = *state;
    struct printer *other = open_printer("tm-t88");
    enum print_outcome outcome = PRINT_UNKNOWN;
    assert_int_equal(print(bench->printer, 1, "MARK-O\n", &outcome), STATUS_OK);

    assert_int_equal(print(other, 1, "MARK-P\n", &outcome), STATUS_BUSY);

    assert_int_equal(outcome, PRINT_NOT_DONE);
    assert_int_equal(bench->count(bench, "MARK-P"), 0);
    printer_close(other);
}

/* What a printer that cannot name jobs says of a job that broke off comes when its paper is back. It is not said of the
 * next job, which is stopped in turn before it can be acknowledged. */
static void
a_late_answer_to_a_broken_job_does_not_acknowledge_the_next(void **state)
{
    enum { QUESTIONS_BYTES = 4 * 3, FRAME_BYTES = 5 };
    struct printer_bench *bench = *state;
    struct printer_state printer;
    enum print_outcome outcome = PRINT_DONE;
    char body[64];
    /* Stopped within the job: its question for the end waits in the printer's buffer. */
    snprintf(body, sizeof body, "{\"paper\":\"end\",\"after_bytes\":%d}", QUESTIONS_BYTES + FRAME_BYTES + 3);
    control_call(shared.control_port, "POST", "/state", body, NULL);
    assert_int_equal(print(bench->printer, 1, "\x1b@MARK-Q\n", &outcome), STATUS_PAPER_OUT);
    assert_int_equal(outcome, PRINT_UNKNOWN);
    assert_int_equal(printer_query(bench->printer, PATIENCE_MS, &printer, NULL), STATUS_OK);
    assert_true(printer.paper_is_out);
    bench->set(bench, BENCH_READY);
    receipt_printer_await_idle(&shared);
    control_call(shared.control_port, "POST", "/state", body, NULL);

    assert_int_equal(print(bench->printer, 2, "\x1b@MARK-R\n", &outcome), STATUS_PAPER_OUT);

    assert_int_equal(outcome, PRINT_UNKNOWN);
    bench->set(bench, BENCH_READY);
    assert_int_equal(print(bench->printer, 3, "\x1b@MARK-S\n", &outcome), STATUS_OK);
    assert_int_equal(outcome, PRINT_DONE);
    assert_int_equal(bench->count(bench, "MARK-R"), 1);
    assert_int_equal(bench->count(bench, "MARK-S"), 1);
}

/* The till asks a jammed printer again and again. With its buffer full it reads nothing, and it answers all when it is
 * mended. */
static void
answers_of_the_time_before_it_was_mended_say_nothing_false(void **state)
{
    enum { SHORT_MS = 300, ASKED = 3 };
    struct printer_bench *bench = *state;
    struct printer_state printer;
    enum print_outcome outcome = PRINT_UNKNOWN;
    control_call(shared.control_port, "POST", "/faults", "{\"behaviour\":\"stop_reading\"}", NULL);
    for (unsigned i = 0; i < ASKED; i++) {
        assert_int_equal(printer_query(bench->printer, SHORT_MS, &printer, NULL), STATUS_IO);
    }
    control_call(shared.control_port, "POST", "/faults", "{\"behaviour\":\"none\"}", NULL);

    assert_int_equal(print(bench->printer, 1, "MARK-T\n", &outcome), STATUS_OK);

    assert_int_equal(outcome, PRINT_DONE);
    assert_int_equal(bench->count(bench, "MARK-T"), 1);
}

/* Whoever takes a jam out opens the cover for it and shuts it again; the printer is then told to go on, by itself. */
static void
a_jam_that_was_taken_out_is_over_when_the_cover_is_shut(void **state)
{
    struct printer_bench *bench = *state;
    struct printer_state printer;
    control_call(shared.control_port, "POST", "/state", "{\"error\":\"cutter\"}", NULL);
    assert_int_equal(printer_query(bench->printer, PATIENCE_MS, &printer, NULL), STATUS_OK);
    assert_int_equal(printer_query(bench->printer, PATIENCE_MS, &printer, NULL), STATUS_OK);
    assert_true(printer.cutter_has_failed);

    control_call(shared.control_port, "POST", "/state", "{\"cover_open\":true}", NULL);
    assert_int_equal(printer_query(bench->printer, PATIENCE_MS, &printer, NULL), STATUS_OK);
    control_call(shared.control_port, "POST", "/state", "{\"cover_open\":false}", NULL);
    assert_int_equal(printer_query(bench->printer, PATIENCE_MS, &printer, NULL), STATUS_OK);

    assert_int_equal(printer_query(bench->printer, PATIENCE_MS, &printer, NULL), STATUS_OK);
    assert_true(printer.is_online && !printer.cutter_has_failed);
}

int
main(void)
{
    const struct CMUnitTest own[] = {
        cmocka_unit_test_setup_teardown(a_port_that_hangs_up_between_jobs_is_opened_again, set_up_named, tear_down),
        cmocka_unit_test_setup_teardown(a_printer_that_reads_nothing_any_more_leaves_the_job_unknown, set_up_named,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_port_that_another_till_uses_is_left_alone, set_up_named, tear_down),
        cmocka_unit_test_setup_teardown(a_late_answer_to_a_broken_job_does_not_acknowledge_the_next, set_up_unknown,
                                        tear_down),
        cmocka_unit_test_setup_teardown(answers_of_the_time_before_it_was_mended_say_nothing_false, set_up_named,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_jam_that_was_taken_out_is_over_when_the_cover_is_shut, set_up_named,
                                        tear_down),
    };
    serial_cable_init(&cable, "printer-port");
    receipt_printer_init(&shared);
    shared.plug = plug;
    shared.cable = &cable;
    int failures = printer_contract_run("printer: ESC/POS over a serial port", set_up_named, tear_down);
    failures += printer_contract_run("printer: unknown ESC/POS over a serial port", set_up_unknown, tear_down);
    failures += cmocka_run_group_tests_name("ESC/POS over a serial port", own, NULL, NULL);
    serial_cable_pull(&cable);
    receipt_printer_finish(&shared);
    return failures;
}
