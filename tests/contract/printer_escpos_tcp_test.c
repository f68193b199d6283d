/* The printer suite on the network printer driver, against a simulated printer on port 9100; then the faults of a
 * printer that does not answer as the reference says. */
#include "common/bytes/encoding.h"
#include "drivers/escpos_tcp/escpos_tcp.h"
#include "tests/contract/printer_bench.h"
#include "tests/contract/support/child.h"
#include "tests/contract/support/control.h"
#include "tests/contract/support/peer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { BREAK_AT_BYTES = 20000 /* of a job of about 34,000 */ };

/* One simulator for all tests, as each start takes a second. `received` is what simulators stopped before had received;
 * what came before `begin` belongs to tests before. */
struct nine_thousand {
    struct child child;
    uint16_t port, control_port;
    struct buffer received;
    size_t begin;
};

static struct nine_thousand shared;

static void
start(struct nine_thousand *simulator)
{
    char port[8];
    struct buffer line;
    buffer_init(&line, 1024);
    snprintf(port, sizeof port, "%u", simulator->port);
    const char *const arguments[] = {MADOGUCHI_PYTHON, "printer9100.py", "--port", port, "--control-port", "0", NULL};
    child_start(&simulator->child, MADOGUCHI_SOURCE_DIR "/tests/simulators", arguments, &line);
    simulator->port = control_port_in(&line, "port");
    simulator->control_port = control_port_in(&line, "control_port");
    buffer_finish(&line);
}

/* Append what the simulator has received to `received`. */
static void
collect(struct nine_thousand *simulator)
{
    struct json_value *answer = NULL;
    const char *text = NULL;
    size_t length = 0;
    if (simulator->child.process == 0) {
        return;
    }
    control_call(simulator->control_port, "GET", "/received", NULL, &answer);
    assert_int_equal(json_get_text(answer, "received", 4 * 1024 * 1024, &text, NULL), STATUS_OK);
    const size_t capacity = strlen(text) + 1;
    char *bytes = malloc(capacity);
    assert_non_null(bytes);
    assert_int_equal(base64_decode(bytes, capacity, &length, text, strlen(text)), STATUS_OK);
    buffer_append(&simulator->received, bytes, length);
    free(bytes);
    json_free(answer);
}

/* All that was received so far, by this simulator and those before. */
static struct buffer
received_so_far(struct nine_thousand *simulator)
{
    struct buffer all;
    const size_t before = simulator->received.length;
    collect(simulator);
    buffer_init(&all, simulator->received.limit);
    buffer_append(&all, buffer_text(&simulator->received), simulator->received.length);
    if (simulator->received.length > before) { /* the running simulator tells all again next time */
        simulator->received.length = before;
        simulator->received.data[before] = '\0';
    }
    return all;
}

static size_t
count(struct printer_bench *bench, const char *mark)
{
    struct nine_thousand *simulator = bench->context;
    struct buffer all = received_so_far(simulator);
    size_t found = 0;
    const size_t length = strlen(mark);
    for (size_t i = simulator->begin; i + length <= all.length; i++) {
        found += memcmp(all.data + i, mark, length) == 0;
    }
    buffer_finish(&all);
    return found;
}

static void
set(struct printer_bench *bench, enum bench_condition condition)
{
    const struct nine_thousand *simulator = bench->context;
    char body[256];
    snprintf(body, sizeof body, "{\"paper\":\"%s\",\"cover_open\":%s,\"offline\":%s,\"error\":\"%s\"}",
             condition == BENCH_PAPER_OUT  ? "end"
             : condition == BENCH_NEAR_END ? "near_end"
                                           : "ok",
             condition == BENCH_COVER_OPEN ? "true" : "false", condition == BENCH_OFFLINE ? "true" : "false",
             condition == BENCH_JAMMED ? "cutter" : "none");
    control_call(simulator->control_port, "POST", "/state", body, NULL);
}

static void
set_gone(struct printer_bench *bench, bool is_gone)
{
    struct nine_thousand *simulator = bench->context;
    if (is_gone) {
        collect(simulator);
        child_stop(&simulator->child);
    } else if (simulator->child.process == 0) {
        start(simulator);
    }
}

static void
break_next(struct printer_bench *bench, enum bench_break how)
{
    const struct nine_thousand *simulator = bench->context;
    char body[128];
    if (how == BENCH_VANISHES) {
        snprintf(body, sizeof body, "{\"behaviour\":\"reset_after_bytes\",\"bytes\":%d}", BREAK_AT_BYTES);
        control_call(simulator->control_port, "POST", "/faults", body, NULL);
        return;
    }
    snprintf(body, sizeof body, "{%s,\"after_bytes\":%d}",
             how == BENCH_JAMS ? "\"error\":\"cutter\"" : "\"paper\":\"end\"", BREAK_AT_BYTES);
    control_call(simulator->control_port, "POST", "/state", body, NULL);
}

static int
set_up(void **state)
{
    struct printer_bench *bench = calloc(1, sizeof *bench);
    if (bench == NULL) {
        return -1;
    }
    if (shared.child.process == 0) {
        start(&shared);
    }
    *bench = (struct printer_bench){
        .context = &shared, .set = set, .set_gone = set_gone, .break_next = break_next, .count = count};
    control_call(shared.control_port, "POST", "/faults", "{\"behaviour\":\"none\"}", NULL);
    set(bench, BENCH_READY);
    struct buffer all = received_so_far(&shared);
    shared.begin = all.length;
    buffer_finish(&all);

    const struct escpos_tcp_options options = {.host = "127.0.0.1", .port = shared.port, .columns = 48};
    *state = bench;
    return escpos_tcp_open(&options, &bench->printer, NULL) == STATUS_OK ? 0 : -1;
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
a_printer_that_answers_nothing_has_printed_nothing(void **state)
{
    struct printer_bench *bench = *state;
    const struct nine_thousand *simulator = bench->context;
    enum print_outcome outcome = PRINT_DONE;
    control_call(simulator->control_port, "POST", "/faults", "{\"behaviour\":\"no_status\"}", NULL);

    assert_int_equal(printer_print(bench->printer, 1, "MARK-L\n", 7, 10000, &outcome, NULL), STATUS_IO);

    assert_int_equal(outcome, PRINT_NOT_DONE);
    assert_int_equal(bench->count(bench, "MARK-L"), 0);
}

static void
wrong_options_are_named(void **state)
{
    (void)state;
    struct printer *printer = NULL;
    struct error_detail err;
    const struct escpos_tcp_options named_host = {.host = "printer.example", .columns = 48};
    const struct escpos_tcp_options odd_columns = {.host = "127.0.0.1", .columns = 40};

    assert_int_equal(escpos_tcp_open(&named_host, &printer, &err), STATUS_INVALID);
    assert_non_null(strstr(err.message, "host"));
    assert_int_equal(escpos_tcp_open(&odd_columns, &printer, &err), STATUS_INVALID);
    assert_non_null(strstr(err.message, "columns"));
}

/* ---- printers that no simulator is ---- */

enum odd_printer {
    ODD_WITHOUT_JOB_TAGS,   /* answers GS r only */
    ODD_NEVER_ACKNOWLEDGES, /* takes everything and is silent */
    ODD_NAMES_ANOTHER_JOB,
    ODD_HANGS_UP_AT_ONCE,
    ODD_SPEAKS_NOISE
};

/* Answers DLE EOT and, at the end of a job, as it is odd. */
static void
serve_oddly(int descriptor, unsigned number, void *context)
{
    const enum odd_printer odd = *(const enum odd_printer *)context;
    char last[3] = {0};
    char byte;
    (void)number;
    if (odd == ODD_HANGS_UP_AT_ONCE) {
        peer_reset_on_close(descriptor);
        return;
    }
    while (peer_read(descriptor, &byte, 1)) {
        last[0] = last[1];
        last[1] = last[2];
        last[2] = byte;
        if (memcmp(last, "\x10\x04", 2) == 0) {
            const char noise[] = "\xff\x91\x37zz";
            if (odd == ODD_SPEAKS_NOISE) {
                (void)peer_write(descriptor, noise, sizeof noise);
            }
            (void)peer_write(descriptor, "\x12", 1);
        } else if (memcmp(last, "\x1dr\x01", 3) == 0 && odd != ODD_NEVER_ACKNOWLEDGES) {
            (void)(odd == ODD_NAMES_ANOTHER_JOB ? peer_write(descriptor, "\x37\x22zzzz\0", 7)
                                                : peer_write(descriptor, "\x00", 1));
        }
    }
}

static enum status
print_oddly(enum odd_printer odd, unsigned timeout_ms, enum print_outcome *out_outcome)
{
    struct peer peer;
    struct printer *printer = NULL;
    peer_start(&peer, serve_oddly, &odd);
    const struct escpos_tcp_options options = {.host = "127.0.0.1", .port = peer.port, .columns = 32};
    assert_int_equal(escpos_tcp_open(&options, &printer, NULL), STATUS_OK);
    enum status status = printer_print(printer, 7, "\x1b@text\n", 7, timeout_ms, out_outcome, NULL);
    printer_close(printer);
    peer_stop(&peer);
    return status;
}

static void
a_model_that_cannot_name_jobs_acknowledges_by_its_sensor(void **state)
{
    (void)state;
    enum print_outcome outcome = PRINT_UNKNOWN;

    assert_int_equal(print_oddly(ODD_WITHOUT_JOB_TAGS, 20000, &outcome), STATUS_OK);
    assert_int_equal(outcome, PRINT_DONE);
}

static void
noise_between_answers_is_ignored(void **state)
{
    (void)state;
    enum print_outcome outcome = PRINT_UNKNOWN;

    assert_int_equal(print_oddly(ODD_SPEAKS_NOISE, 20000, &outcome), STATUS_OK);
    assert_int_equal(outcome, PRINT_DONE);
}

static void
a_job_that_is_never_acknowledged_is_unknown(void **state)
{
    (void)state;
    enum print_outcome outcome = PRINT_DONE;

    assert_int_equal(print_oddly(ODD_NEVER_ACKNOWLEDGES, 500, &outcome), STATUS_IO);
    assert_int_equal(outcome, PRINT_UNKNOWN);
}

static void
the_acknowledgement_of_another_job_does_not_count(void **state)
{
    (void)state;
    enum print_outcome outcome = PRINT_DONE;

    assert_int_equal(print_oddly(ODD_NAMES_ANOTHER_JOB, 500, &outcome), STATUS_IO);
    assert_int_equal(outcome, PRINT_UNKNOWN);
}

static void
a_printer_that_hangs_up_has_printed_nothing(void **state)
{
    (void)state;
    enum print_outcome outcome = PRINT_DONE;

    assert_int_equal(print_oddly(ODD_HANGS_UP_AT_ONCE, 5000, &outcome), STATUS_DEVICE_GONE);
    assert_int_equal(outcome, PRINT_NOT_DONE);
}

int
main(void)
{
    const struct CMUnitTest own[] = {
        cmocka_unit_test_setup_teardown(a_printer_that_answers_nothing_has_printed_nothing, set_up, tear_down),
        cmocka_unit_test(wrong_options_are_named),
        cmocka_unit_test(a_model_that_cannot_name_jobs_acknowledges_by_its_sensor),
        cmocka_unit_test(noise_between_answers_is_ignored),
        cmocka_unit_test(a_job_that_is_never_acknowledged_is_unknown),
        cmocka_unit_test(the_acknowledgement_of_another_job_does_not_count),
        cmocka_unit_test(a_printer_that_hangs_up_has_printed_nothing),
    };
    buffer_init(&shared.received, 16 * 1024 * 1024);
    int failures = printer_contract_run("printer: escpos-tcp", set_up, tear_down);
    failures += cmocka_run_group_tests_name("escpos-tcp", own, NULL, NULL);
    child_stop(&shared.child);
    buffer_finish(&shared.received);
    return failures;
}
