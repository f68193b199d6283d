/* The printer suite on the ESC/POS driver over TCP, against a simulated printer on port 9100; then the faults of a
 * printer that does not answer as the reference says. */
#include "common/bytes/buffer.h"
#include "drivers/escpos_printer/escpos_printer.h"
#include "drivers/transport/tcp_transport.h"
#include "tests/contract/support/control.h"
#include "tests/contract/support/peer.h"
#include "tests/contract/support/receipt_printer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static struct receipt_printer shared;

static struct printer *
open_printer(uint16_t port, const char *model, unsigned columns)
{
    struct escpos_printer_options options = {.model = model, .columns = columns};
    struct printer *printer = NULL;
    assert_int_equal(tcp_transport_create(&options.transport, "127.0.0.1", port, NULL), STATUS_OK);
    assert_int_equal(escpos_printer_open(&options, &printer, NULL), STATUS_OK);
    return printer;
}

static int
set_up(void **state)
{
    struct printer_bench *bench = receipt_printer_bench(&shared);
    if (bench == NULL) {
        return -1;
    }
    bench->printer = open_printer(shared.port, "auto", 48);
    *state = bench;
    return 0;
}

static int
tear_down(void **state)
{
    receipt_printer_bench_free(*state);
    return 0;
}

static void
a_printer_that_answers_nothing_has_printed_nothing(void **state)
{
    struct printer_bench *bench = *state;
    const struct receipt_printer *simulator = bench->context;
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
    struct transport *transport = NULL;
    struct printer *printer = NULL;
    struct error_detail err;

    assert_int_equal(tcp_transport_create(&transport, "printer.example", 9100, &err), STATUS_INVALID);
    assert_non_null(strstr(err.message, "host"));
    assert_int_equal(tcp_transport_create(&transport, "127.0.0.1", 9100, &err), STATUS_OK);
    const struct escpos_printer_options odd_columns = {.transport = transport, .model = "auto", .columns = 40};
    assert_int_equal(escpos_printer_open(&odd_columns, &printer, &err), STATUS_INVALID);
    assert_non_null(strstr(err.message, "columns"));
    assert_int_equal(tcp_transport_create(&transport, "127.0.0.1", 9100, &err), STATUS_OK);
    const struct escpos_printer_options odd_model = {.transport = transport, .model = "abacus", .columns = 48};
    assert_int_equal(escpos_printer_open(&odd_model, &printer, &err), STATUS_INVALID);
    assert_non_null(strstr(err.message, "abacus"));
}

/* ---- printers that no simulator is ---- */

enum odd_printer {
    ODD_WITHOUT_JOB_TAGS,   /* answers GS r only */
    ODD_NEVER_ACKNOWLEDGES, /* takes everything and is silent */
    ODD_NAMES_ANOTHER_JOB,
    ODD_HANGS_UP_AT_ONCE,
    ODD_SPEAKS_NOISE,
    ODD_IS_NO_PRINTER
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
        if (odd ==
            ODD_IS_NO_PRINTER) { /* a page of the router's, whatever it is asked; some of it looks like answers */
            const char page[] = "HTTP/1.1 400 Bad Request\r\nServer: rRvz26\r\n\r\n";
            (void)peer_write(descriptor, page, sizeof page - 1);
        } else if (memcmp(last, "\x10\x04", 2) == 0) {
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
print_oddly_as(const char *model, enum odd_printer odd, unsigned timeout_ms, enum print_outcome *out_outcome)
{
    struct peer peer;
    struct printer *printer = NULL;
    peer_start(&peer, serve_oddly, &odd);
    printer = open_printer(peer.port, model, 32);
    enum status status = printer_print(printer, 7, "\x1b@text\n", 7, timeout_ms, out_outcome, NULL);
    printer_close(printer);
    peer_stop(&peer);
    return status;
}

static enum status
print_oddly(enum odd_printer odd, unsigned timeout_ms, enum print_outcome *out_outcome)
{
    return print_oddly_as("auto", odd, timeout_ms, out_outcome);
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
what_is_no_printer_is_said_to_be_none_and_not_a_printer_in_trouble(void **state)
{
    (void)state;
    struct peer peer;
    enum odd_printer odd = ODD_IS_NO_PRINTER;
    enum print_outcome outcome = PRINT_DONE;
    struct printer_state seen;
    struct error_detail err = {0};
    peer_start(&peer, serve_oddly, &odd);
    struct printer *printer = open_printer(peer.port, "auto", 32);

    assert_int_equal(printer_query(printer, 20000, &seen, &err), STATUS_IO);
    assert_string_equal(err.code, "printer_not_one");
    assert_int_equal(printer_print(printer, 7, "\x1b@text\n", 7, 20000, &outcome, &err), STATUS_IO);
    assert_int_equal(outcome, PRINT_NOT_DONE);
    assert_string_equal(err.code, "printer_not_one");

    printer_close(printer);
    peer_stop(&peer);
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

/* A host that died with its connections open: the network takes what is sent, and nobody ever answers. */
static void
a_connection_that_is_only_half_there_prints_nothing(void **state)
{
    enum { TIMEOUT_MS = 500 };
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    enum print_outcome outcome = PRINT_DONE;
    struct printer_state printer_state;
    (void)state;
    const int listener = socket(AF_INET, SOCK_STREAM, 0); /* connects by itself, and is never accepted from */
    assert_true(listener >= 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listener, 8), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    struct printer *printer = open_printer(ntohs(address.sin_port), "tm-t88", 48);

    assert_int_equal(printer_query(printer, TIMEOUT_MS, &printer_state, NULL), STATUS_IO);
    assert_int_equal(printer_print(printer, 1, "text\n", 5, TIMEOUT_MS, &outcome, NULL), STATUS_IO);

    assert_int_equal(outcome, PRINT_NOT_DONE);
    printer_close(printer);
    close(listener);
}

static void
what_a_model_cannot_acknowledge_ends_as_its_row_says(void **state)
{
    (void)state;
    enum print_outcome outcome = PRINT_UNKNOWN;

    assert_int_equal(print_oddly_as("generic-58", ODD_NEVER_ACKNOWLEDGES, 10000, &outcome), STATUS_OK);
    assert_int_equal(outcome, PRINT_DONE);
    assert_int_equal(print_oddly_as("mute", ODD_NEVER_ACKNOWLEDGES, 10000, &outcome), STATUS_IO);
    assert_int_equal(outcome, PRINT_UNKNOWN);
}

/* A driver that takes the first for its answer asks on before it hears the others. */
static void
tell_one_by_one(int descriptor, struct buffer *kept)
{
    enum { PAUSE_MS = 30 };
    for (size_t i = 0; i < kept->length; i++) {
        if (i > 0) {
            (void)poll(&(struct pollfd){.fd = descriptor, .events = POLLIN}, 1, PAUSE_MS);
        }
        (void)peer_write(descriptor, kept->data + i, 1);
    }
    kept->length = 0;
}

/* Takes questions and is silent until connection 2: its own question is answered behind those of connection 1. */
static void
serve_late(int descriptor, unsigned number, void *context)
{
    static const char ready[] = {0x16, 0x12, 0x12, 0x12}; /* the drawer is shut, which is the bit of an open cover */
    struct buffer *kept = context;
    unsigned char question[3];
    while (peer_read(descriptor, question, sizeof question) && question[2] >= 1 && question[2] <= 4) {
        buffer_append_byte(kept, (unsigned char)ready[question[2] - 1]);
        if (number > 1) {
            tell_one_by_one(descriptor, kept);
        }
    }
}

/* An interface board that hands on what the printer says, to whoever is connected then. */
static void
answers_that_are_late_are_not_taken_for_answers_to_other_questions(void **state)
{
    enum { SHORT_MS = 300, PATIENCE_MS = 20 * 1000 };
    struct buffer kept;
    struct peer peer;
    struct printer_state printer_state;
    (void)state;
    buffer_init(&kept, 16);
    peer_start(&peer, serve_late, &kept);
    struct printer *printer = open_printer(peer.port, "tm-t88", 48);
    assert_int_equal(printer_query(printer, SHORT_MS, &printer_state, NULL), STATUS_IO);

    assert_int_equal(printer_query(printer, PATIENCE_MS, &printer_state, NULL), STATUS_OK);

    assert_false(printer_state.cover_is_open);
    assert_true(printer_state.is_online);
    printer_close(printer);
    peer_stop(&peer);
    buffer_finish(&kept);
}

int
main(void)
{
    const struct CMUnitTest own[] = {
        cmocka_unit_test_setup_teardown(a_printer_that_answers_nothing_has_printed_nothing, set_up, tear_down),
        cmocka_unit_test(wrong_options_are_named),
        cmocka_unit_test(a_model_that_cannot_name_jobs_acknowledges_by_its_sensor),
        cmocka_unit_test(noise_between_answers_is_ignored),
        cmocka_unit_test(what_is_no_printer_is_said_to_be_none_and_not_a_printer_in_trouble),
        cmocka_unit_test(a_job_that_is_never_acknowledged_is_unknown),
        cmocka_unit_test(the_acknowledgement_of_another_job_does_not_count),
        cmocka_unit_test(a_printer_that_hangs_up_has_printed_nothing),
        cmocka_unit_test(a_connection_that_is_only_half_there_prints_nothing),
        cmocka_unit_test(what_a_model_cannot_acknowledge_ends_as_its_row_says),
        cmocka_unit_test(answers_that_are_late_are_not_taken_for_answers_to_other_questions),
    };
    receipt_printer_init(&shared);
    int failures = printer_contract_run("printer: ESC/POS over TCP", set_up, tear_down);
    failures += cmocka_run_group_tests_name("ESC/POS over TCP", own, NULL, NULL);
    receipt_printer_finish(&shared);
    return failures;
}
