/* The payment terminal suite on the ZVT driver, against the simulated network's terminal on a pseudo-terminal; then
 * what a bad line does, and a terminal that shows card numbers. */
#include "drivers/terminal_zvt/terminal_zvt.h"
#include "drivers/transport/serial_transport.h"
#include "tests/contract/support/child.h"
#include "tests/contract/support/control.h"
#include "tests/contract/terminal_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    PATIENCE_MS = 30 * 1000,
    PRICE_YEN = 450,
    LOST_MS =
        2500 /* long enough for a registration on a busy machine, which must have succeeded before anything is lost */
};

/* One network for all tests, as each start takes a second; each test is another till with its own daily log. */
struct network {
    struct child child;
    uint16_t http_port;
    char line[64];
    unsigned tills;
};

static struct network shared;

static void
script(const char *behaviour, const char *extra)
{
    char body[256];
    snprintf(body, sizeof body, "{\"channel\":\"terminal\",\"behaviour\":\"%s\"%s}", behaviour, extra);
    control_call(shared.http_port, "POST", "/control/scripts", body, NULL);
}

static void
spoil_line(const char *fault, int times)
{
    char body[128];
    snprintf(body, sizeof body, "{\"fault\":\"%s\",\"times\":%d}", fault, times);
    control_call(shared.http_port, "POST", "/control/line", body, NULL);
}

static void
next(struct terminal_bench *bench, enum bench_sale sale)
{
    static const struct {
        const char *behaviour;
        const char *extra;
    } scripts[] = {
        [BENCH_APPROVES] = {"approve", ""},
        [BENCH_CENTER_REFUSES] = {"decline", ",\"failure\":\"Refusal\""},
        [BENCH_CENTER_UNREACHABLE] = {"decline", ",\"failure\":\"UnreachableHost\""},
        [BENCH_DEFICIENT] = {"decline", ",\"failure\":\"Deficient\""},
        [BENCH_NO_CARD] = {"decline", ",\"failure\":\"InvalidCard\""},
        [BENCH_CANCELLED] = {"decline", ",\"failure\":\"Cancel\""},
        [BENCH_NOT_ALLOWED] = {"decline", ",\"failure\":\"NotAllowed\""},
        [BENCH_IN_DOUBT_CHARGED] = {"in_doubt", ""},
        [BENCH_IN_DOUBT_FREE] = {"in_doubt_uncharged", ""},
        [BENCH_LOST_CHARGED] = {"timeout_after", ""},
        [BENCH_LOST_FREE] = {"timeout_before", ""},
        [BENCH_WAITS] = {"approve", ",\"delay_ms\":600000"},
    };
    (void)bench;
    script(scripts[sale].behaviour, scripts[sale].extra);
}

static void
touch(struct terminal_bench *bench, const char *reference)
{
    char body[128];
    (void)bench;
    snprintf(body, sizeof body, "{\"reference\":\"%s\"}", reference);
    control_call(shared.http_port, "POST", "/control/touch", body, NULL);
}

static void
present(struct terminal_bench *bench, const char *reference)
{
    char extra[128];
    (void)bench;
    snprintf(extra, sizeof extra, ",\"earlier\":\"%s\"", reference);
    script("approve", extra);
}

static void
set_gone(struct terminal_bench *bench, bool is_gone)
{
    (void)bench;
    control_call(shared.http_port, "POST", "/control/network", is_gone ? "{\"up\":false}" : "{\"up\":true}", NULL);
}

static int64_t
charged_yen(struct terminal_bench *bench, const char *reference)
{
    struct json_value *book = NULL;
    int64_t sum_yen = 0;
    (void)bench;
    control_call(shared.http_port, "GET", "/control/book", NULL, &book);
    for (const struct json_value *line = json_first(book); line != NULL; line = json_next(line)) {
        const char *name = NULL;
        const char *line_state = NULL;
        int64_t amount_yen = 0;
        assert_int_equal(json_get_text(line, "reference", 64, &name, NULL), STATUS_OK);
        assert_int_equal(json_get_text(line, "state", 64, &line_state, NULL), STATUS_OK);
        assert_int_equal(json_get_int(line, "amount", 0, TERMINAL_AMOUNT_MAX_YEN, &amount_yen, NULL), STATUS_OK);
        sum_yen += strcmp(name, reference) == 0 && strcmp(line_state, "charged") == 0 ? amount_yen : 0;
    }
    json_free(book);
    return sum_yen;
}

static void
start(struct network *network)
{
    struct buffer line;
    buffer_init(&line, 1024);
    snprintf(network->line, sizeof network->line, "/tmp/zvt-contract-%ld", (long)getpid());
    unlink(network->line);
    const char *const arguments[] = {MADOGUCHI_PYTHON, "-m", "payment_network", "--zvt", network->line, NULL};
    child_start(&network->child, MADOGUCHI_SOURCE_DIR "/tests/simulators", arguments, &line);
    network->http_port = control_port_in(&line, "http_port");
    buffer_finish(&line);
}

static struct payment_terminal *
open_terminal(const char *till, const char *password, enum status expected)
{
    const struct serial_options port = {.path = shared.line, .baud = 9600, .has_two_stop_bits = true};
    struct terminal_zvt_options options = {.till = till, .password = password};
    struct payment_terminal *terminal = NULL;
    assert_int_equal(serial_transport_create(&options.transport, &port, NULL), STATUS_OK);
    assert_int_equal(terminal_zvt_open(&options, &terminal, NULL), expected);
    return terminal;
}

static int
set_up(void **state)
{
    struct terminal_bench *bench = calloc(1, sizeof *bench);
    char till[16];
    if (bench == NULL) {
        return -1;
    }
    if (shared.child.process == 0) {
        start(&shared);
    }
    control_call(shared.http_port, "DELETE", "/control/scripts", NULL, NULL);
    control_call(shared.http_port, "DELETE", "/control/line", NULL, NULL);
    control_call(shared.http_port, "POST", "/control/network", "{\"up\":true}", NULL);
    snprintf(till, sizeof till, "KO-%02u", ++shared.tills);
    *bench = (struct terminal_bench){.context = &shared,
                                     .next = next,
                                     .touch = touch,
                                     .present = present,
                                     .set_gone = set_gone,
                                     .charged_yen = charged_yen,
                                     .lost_ms = LOST_MS};
    bench->terminal = open_terminal(till, "123456", STATUS_OK);
    *state = bench;
    return 0;
}

static int
tear_down(void **state)
{
    struct terminal_bench *bench = *state;
    payment_terminal_close(bench->terminal);
    free(bench);
    return 0;
}

/* Ask until it is known, as a till does: the port may just have gone, or the terminal be busy. */
static struct terminal_answer
ask(struct terminal_bench *bench, const char *reference)
{
    struct terminal_answer answer = {.result = TERMINAL_UNKNOWN};
    const struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};
    for (int i = 0; i < 1000; i++) {
        payment_terminal_query(bench->terminal, reference, PATIENCE_MS, &answer, NULL);
        if (answer.result != TERMINAL_UNKNOWN && answer.result != TERMINAL_IN_PROGRESS) {
            break;
        }
        nanosleep(&pause, NULL);
    }
    return answer;
}

/* Whatever the line does to one frame, one way or the other, the sale is made once and its answer is whole. */
static void
a_bad_line_costs_repetitions_and_no_money(void **state)
{
    struct terminal_bench *bench = *state;
    static const char *const faults[] = {"nak", "lost_ack", "bad_crc", "cut_frame", "unheard_ack", "noise"};

    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        char reference[16];
        snprintf(reference, sizeof reference, "line-%zu", i);
        spoil_line(faults[i], 1);
        struct terminal_answer answer = bench_sell(bench, reference, "visa", PATIENCE_MS);
        control_call(shared.http_port, "DELETE", "/control/line", NULL, NULL);
        assert_int_equal(answer.result, TERMINAL_APPROVED);
        assert_int_equal(bench->charged_yen(bench, reference), PRICE_YEN);
    }
}

static void
a_line_that_refuses_every_frame_moves_nothing_and_says_so(void **state)
{
    struct terminal_bench *bench = *state;
    spoil_line("nak", 100);

    assert_int_equal(bench_sell(bench, "refused-1", "visa", PATIENCE_MS).result, TERMINAL_COMMUNICATION_ERROR);
    control_call(shared.http_port, "DELETE", "/control/line", NULL, NULL);

    assert_int_equal(ask(bench, "refused-1").result, TERMINAL_NOT_FOUND);
}

static void
spoilt_answers_are_unknown_and_found_out(void **state)
{
    struct terminal_bench *bench = *state;
    static const struct {
        const char *behaviour;
        enum terminal_result truth;
    } rows[] = {
        {"half_answer", TERMINAL_APPROVED},
        {"garbage", TERMINAL_APPROVED},
        {"drop_after", TERMINAL_APPROVED}, /* dies after charging */
        {"drop_before", TERMINAL_NOT_FOUND},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char reference[16];
        snprintf(reference, sizeof reference, "spoilt-%zu", i);
        script(rows[i].behaviour, "");
        assert_int_equal(bench_sell(bench, reference, "visa", LOST_MS).result, TERMINAL_UNKNOWN);
        assert_int_equal(ask(bench, reference).result, rows[i].truth);
        assert_int_equal(bench->charged_yen(bench, reference), rows[i].truth == TERMINAL_APPROVED ? PRICE_YEN : 0);
    }
}

static void
a_late_answer_is_not_taken_for_the_next_sale(void **state)
{
    struct terminal_bench *bench = *state;
    script("late", ",\"delay_ms\":2500");

    assert_int_equal(bench_sell(bench, "late-1", "visa", LOST_MS).result, TERMINAL_UNKNOWN);
    const enum terminal_result second = bench_sell(bench, "late-2", "visa", PATIENCE_MS).result;
    struct terminal_answer late = ask(bench, "late-1");
    struct terminal_answer next_answer = bench_sell(bench, "late-3", "visa", PATIENCE_MS);

    assert_true(second == TERMINAL_BUSY || second == TERMINAL_APPROVED); /* by when the late answer came */
    assert_int_equal(late.result, TERMINAL_APPROVED);
    assert_int_equal(next_answer.result, TERMINAL_APPROVED);
    assert_string_not_equal(late.acquirer_reference, next_answer.acquirer_reference);
}

static void
an_answer_sent_twice_is_taken_once(void **state)
{
    struct terminal_bench *bench = *state;
    script("twice", "");

    struct terminal_answer first = bench_sell(bench, "twice-1", "visa", PATIENCE_MS);
    struct terminal_answer second = bench_sell(bench, "twice-2", "visa", PATIENCE_MS);

    assert_int_equal(first.result, TERMINAL_APPROVED);
    assert_int_equal(second.result, TERMINAL_APPROVED);
    assert_string_not_equal(first.acquirer_reference, second.acquirer_reference);
}

static void
an_answer_that_contradicts_itself_is_unknown_and_found_out(void **state)
{
    struct terminal_bench *bench = *state;
    spoil_line("contradiction", 1);

    assert_int_equal(bench_sell(bench, "both-1", "visa", PATIENCE_MS).result, TERMINAL_UNKNOWN);

    assert_int_equal(ask(bench, "both-1").result, TERMINAL_APPROVED);
}

static void
a_line_of_the_day_that_comes_again_counts_once(void **state)
{
    struct terminal_bench *bench = *state;
    struct terminal_log_line lines[8];
    size_t count = 0;
    struct error_detail err = {0};
    assert_int_equal(bench_sell(bench, "day-1", "visa", PATIENCE_MS).result, TERMINAL_APPROVED);
    assert_int_equal(bench_sell(bench, "day-2", "visa", PATIENCE_MS).result, TERMINAL_APPROVED);
    spoil_line("line_twice", 1);

    assert_int_equal(payment_terminal_daily_log(bench->terminal, PATIENCE_MS, lines, 8, &count, &err), STATUS_OK);

    assert_int_equal(count, 2);
    assert_string_not_equal(lines[0].reference, lines[1].reference);
}

static void
a_card_number_in_an_answer_refuses_it_whole_and_is_in_no_message(void **state)
{
    struct terminal_bench *bench = *state;
    static const char *const faults[] = {"card_in_text", "card_in_pan"};

    for (size_t i = 0; i < 2; i++) {
        struct terminal_request request = {.sequence_number = 1, .amount_yen = PRICE_YEN, .brand = "visa"};
        struct terminal_answer answer;
        struct error_detail err = {0};
        snprintf(request.reference, sizeof request.reference, "shown-%zu", i);
        spoil_line(faults[i], 1);
        payment_terminal_sale(bench->terminal, &request, PATIENCE_MS, &answer, &err);
        assert_int_equal(answer.result, TERMINAL_UNKNOWN);
        assert_string_equal(err.code, "terminal_card_number");
        assert_null(strstr(err.message, "4111"));
        assert_string_equal(answer.masked_number, "");
        assert_int_equal(ask(bench, request.reference).result, TERMINAL_APPROVED);
    }
}

static void
wrong_options_are_named(void **state)
{
    (void)state;

    assert_null(open_terminal("KO 01", "123456", STATUS_INVALID));
    assert_null(open_terminal("KO-01", "12345", STATUS_INVALID));
}

int
main(void)
{
    const struct CMUnitTest own[] = {
        cmocka_unit_test_setup_teardown(a_bad_line_costs_repetitions_and_no_money, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_line_that_refuses_every_frame_moves_nothing_and_says_so, set_up, tear_down),
        cmocka_unit_test_setup_teardown(spoilt_answers_are_unknown_and_found_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_late_answer_is_not_taken_for_the_next_sale, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_answer_sent_twice_is_taken_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_answer_that_contradicts_itself_is_unknown_and_found_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_line_of_the_day_that_comes_again_counts_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_card_number_in_an_answer_refuses_it_whole_and_is_in_no_message, set_up,
                                        tear_down),
        cmocka_unit_test(wrong_options_are_named),
    };
    int failures = terminal_contract_run("payment terminal: terminal-zvt", set_up, tear_down);
    failures += cmocka_run_group_tests_name("terminal-zvt", own, NULL, NULL);
    child_stop(&shared.child);
    return failures;
}
