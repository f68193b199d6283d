/* The payment terminal suite on the JSON driver, against the simulated payment network; then that network's other
 * behaviours, and a peer that lies in ways the network does not. */
#include "drivers/terminal_json/terminal_json.h"
#include "tests/contract/support/child.h"
#include "tests/contract/support/control.h"
#include "tests/contract/support/peer.h"
#include "tests/contract/terminal_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PATIENCE_MS = 30 * 1000, PRICE_YEN = 450 };

/* One network for all tests, as each start takes a second; each test is another till with its own daily log. */
struct network {
    struct child child;
    uint16_t http_port, terminal_port;
    unsigned tills;
};

static struct network shared;

static void
script(struct terminal_bench *bench, const char *behaviour, const char *extra)
{
    const struct network *network = bench->context;
    char body[256];
    snprintf(body, sizeof body, "{\"channel\":\"terminal\",\"behaviour\":\"%s\"%s}", behaviour, extra);
    control_call(network->http_port, "POST", "/control/scripts", body, NULL);
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
    script(bench, scripts[sale].behaviour, scripts[sale].extra);
}

static void
touch(struct terminal_bench *bench, const char *reference)
{
    const struct network *network = bench->context;
    char body[128];
    snprintf(body, sizeof body, "{\"reference\":\"%s\"}", reference);
    control_call(network->http_port, "POST", "/control/touch", body, NULL);
}

static void
present(struct terminal_bench *bench, const char *reference)
{
    char extra[128];
    snprintf(extra, sizeof extra, ",\"earlier\":\"%s\"", reference);
    script(bench, "approve", extra);
}

static void
set_gone(struct terminal_bench *bench, bool is_gone)
{
    const struct network *network = bench->context;
    control_call(network->http_port, "POST", "/control/network", is_gone ? "{\"up\":false}" : "{\"up\":true}", NULL);
}

static int64_t
charged_yen(struct terminal_bench *bench, const char *reference)
{
    const struct network *network = bench->context;
    struct json_value *book = NULL;
    int64_t sum_yen = 0;
    control_call(network->http_port, "GET", "/control/book", NULL, &book);
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
    const char *const arguments[] = {MADOGUCHI_PYTHON, "-m", "payment_network", NULL};
    child_start(&network->child, MADOGUCHI_SOURCE_DIR "/tests/simulators", arguments, &line);
    network->http_port = control_port_in(&line, "http_port");
    network->terminal_port = control_port_in(&line, "terminal_port");
    buffer_finish(&line);
}

static int
set_up(void **state)
{
    struct terminal_bench *bench = calloc(1, sizeof *bench);
    char sale_id[16];
    if (bench == NULL) {
        return -1;
    }
    if (shared.child.process == 0) {
        start(&shared);
    }
    control_call(shared.http_port, "DELETE", "/control/scripts", NULL, NULL);
    control_call(shared.http_port, "POST", "/control/network", "{\"up\":true}", NULL);
    snprintf(sale_id, sizeof sale_id, "KO-%02u", ++shared.tills);

    const struct terminal_json_options options = {
        .host = "127.0.0.1", .port = shared.terminal_port, .sale_id = sale_id, .poi_id = "POI-1"};
    *bench = (struct terminal_bench){.context = &shared,
                                     .next = next,
                                     .touch = touch,
                                     .present = present,
                                     .set_gone = set_gone,
                                     .charged_yen = charged_yen};
    *state = bench;
    return terminal_json_open(&options, &bench->terminal, NULL) == STATUS_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
    struct terminal_bench *bench = *state;
    payment_terminal_close(bench->terminal);
    free(bench);
    return 0;
}

static enum terminal_result
query(struct terminal_bench *bench, const char *reference)
{
    struct terminal_answer answer;
    payment_terminal_query(bench->terminal, reference, PATIENCE_MS, &answer, NULL);
    return answer.result;
}

static void
an_answer_sent_twice_is_taken_once(void **state)
{
    struct terminal_bench *bench = *state;
    script(bench, "twice", "");

    struct terminal_answer first = bench_sell(bench, "twice-1", "visa", PATIENCE_MS);
    struct terminal_answer second = bench_sell(bench, "twice-2", "visa", PATIENCE_MS);

    assert_int_equal(first.result, TERMINAL_APPROVED);
    assert_int_equal(second.result, TERMINAL_APPROVED);
    assert_string_not_equal(first.acquirer_reference, second.acquirer_reference);
}

static void
a_late_answer_is_not_taken_for_the_next_sale(void **state)
{
    struct terminal_bench *bench = *state;
    script(bench, "late", ",\"delay_ms\":1500");

    assert_int_equal(bench_sell(bench, "late-1", "visa", 200).result, TERMINAL_UNKNOWN);
    enum terminal_result found = query(bench, "late-1");
    for (int i = 0; i < 1000 && found == TERMINAL_IN_PROGRESS; i++) {
        found = query(bench, "late-1");
    }
    struct terminal_answer next_answer = bench_sell(bench, "late-2", "visa", PATIENCE_MS);

    assert_true(found == TERMINAL_APPROVED || found == TERMINAL_IN_PROGRESS);
    assert_true(next_answer.result == TERMINAL_APPROVED || next_answer.result == TERMINAL_BUSY);
}

/* Whatever cuts or spoils the answer: unknown at first, then found out, and the truth agrees. */
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
        {"drop_after", TERMINAL_APPROVED},
        {"drop_before", TERMINAL_NOT_FOUND},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char reference[16];
        snprintf(reference, sizeof reference, "spoilt-%zu", i);
        script(bench, rows[i].behaviour, "");
        assert_int_equal(bench_sell(bench, reference, "visa", PATIENCE_MS).result, TERMINAL_UNKNOWN);
        assert_int_equal(query(bench, reference), rows[i].truth);
        assert_int_equal(bench->charged_yen(bench, reference), rows[i].truth == TERMINAL_APPROVED ? PRICE_YEN : 0);
    }
}

static void
wrong_options_are_named(void **state)
{
    (void)state;
    struct payment_terminal *terminal = NULL;
    struct error_detail err;
    struct terminal_json_options options = {.host = "127.0.0.1", .port = 1, .sale_id = "KO 01", .poi_id = "POI-1"};

    assert_int_equal(terminal_json_open(&options, &terminal, &err), STATUS_INVALID);
    assert_non_null(strstr(err.message, "sale_id"));
    options.sale_id = "KO-01";
    options.host = "terminal.example";
    assert_int_equal(terminal_json_open(&options, &terminal, &err), STATUS_INVALID);
    assert_non_null(strstr(err.message, "host"));
}

/* ---- a terminal that lies ---- */

#define HEADER                                                                                                         \
    "{\"SaleToPOIResponse\":{\"MessageHeader\":{\"MessageCategory\":\"%s\",\"MessageType\":\"Response\","              \
    "\"SaleID\":\"KO-01\",\"POIID\":\"POI-1\",\"ServiceID\":\"%.*s\"},\"%sResponse\":{\"Response\":{\"Result\":"       \
    "\"Success\"}%s}}}"
#define APPROVAL                                                                                                       \
    ",\"SaleData\":{\"SaleTransactionID\":{\"TransactionID\":\"%s\"}},\"PaymentResult\":{\"AmountsResp\":{"            \
    "\"Currency\":\"JPY\",\"AuthorizedAmount\":%d},\"SlipNumber\":\"00012\""                                           \
    "%s}"

enum lie {
    LIE_NONE,
    LIE_OTHER_PAYMENT,
    LIE_CARD_NUMBER,
    LIE_OTHER_AMOUNT,
    LIE_STRAYS_FIRST,
    LIE_ENDLESS_STRAYS,
    LIE_HUGE_FRAME
};

static bool
send_message(int descriptor, const char *category, const char *service_id, const char *more)
{
    char message[2048];
    const int id_length = (int)strcspn(service_id, "\"");
    const int length =
        snprintf(message + 4, sizeof message - 4, HEADER, category, id_length, service_id, category, more);
    message[0] = message[1] = 0;
    message[2] = (char)(length >> 8);
    message[3] = (char)(length & 0xff);
    return peer_write(descriptor, message, (size_t)length + 4);
}

static void
answer_payment(int descriptor, const char *service_id, enum lie lie)
{
    char result[256];
    snprintf(result, sizeof result, APPROVAL, lie == LIE_OTHER_PAYMENT ? "lie-0" : "lie-1",
             lie == LIE_OTHER_AMOUNT ? PRICE_YEN + 1 : PRICE_YEN,
             lie == LIE_CARD_NUMBER ? ",\"Track2\":\"4111111111111111=26112011\"" : "");
    const int strays = lie == LIE_STRAYS_FIRST ? 3 : lie == LIE_ENDLESS_STRAYS ? 100 : 0;
    if (lie == LIE_HUGE_FRAME) {
        (void)peer_write(descriptor, "\x00\x01\x00\x01", 4);
        return;
    }
    for (int i = 0; i < strays; i++) {
        (void)send_message(descriptor, "Payment", "STRAY", result);
    }
    (void)send_message(descriptor, "Payment", service_id, result);
}

static void
serve_lies(int descriptor, unsigned number, void *context)
{
    const enum lie lie = *(const enum lie *)context;
    unsigned char head[4];
    char request[4096];
    (void)number;
    while (peer_read(descriptor, head, sizeof head)) {
        const size_t length = (size_t)head[2] << 8 | head[3];
        if (length >= sizeof request || !peer_read(descriptor, request, length)) {
            return;
        }
        request[length] = '\0';
        const char *service_id = strstr(request, "\"ServiceID\":\"");
        service_id = service_id != NULL ? service_id + strlen("\"ServiceID\":\"") : "";
        if (strstr(request, "LoginRequest") != NULL) {
            (void)send_message(descriptor, "Login", service_id, "");
        } else {
            answer_payment(descriptor, service_id, lie);
        }
    }
}

static struct terminal_answer
sell_to_liar(enum lie lie)
{
    struct peer peer;
    struct terminal_bench bench = {0};
    peer_start(&peer, serve_lies, &lie);
    const struct terminal_json_options options = {
        .host = "127.0.0.1", .port = peer.port, .sale_id = "KO-01", .poi_id = "POI-1"};
    assert_int_equal(terminal_json_open(&options, &bench.terminal, NULL), STATUS_OK);
    struct terminal_answer answer = bench_sell(&bench, "lie-1", "visa", PATIENCE_MS);
    payment_terminal_close(bench.terminal);
    peer_stop(&peer);
    return answer;
}

static void
an_honest_peer_is_believed(void **state)
{
    (void)state;
    struct terminal_answer answer = sell_to_liar(LIE_NONE);

    assert_int_equal(answer.result, TERMINAL_APPROVED);
    assert_string_equal(answer.slip_number, "00012");
}

static void
an_approval_of_another_payment_is_unknown(void **state)
{
    (void)state;
    assert_int_equal(sell_to_liar(LIE_OTHER_PAYMENT).result, TERMINAL_UNKNOWN);
}

static void
a_reply_with_a_card_number_is_refused_whole(void **state)
{
    (void)state;
    struct terminal_answer answer = sell_to_liar(LIE_CARD_NUMBER);

    assert_int_equal(answer.result, TERMINAL_UNKNOWN);
    assert_string_equal(answer.slip_number, "");
}

static void
an_approval_of_another_amount_is_unknown(void **state)
{
    (void)state;

    assert_int_equal(sell_to_liar(LIE_OTHER_AMOUNT).result, TERMINAL_UNKNOWN);
}

static void
strays_are_dropped_but_not_for_ever(void **state)
{
    (void)state;

    assert_int_equal(sell_to_liar(LIE_STRAYS_FIRST).result, TERMINAL_APPROVED);
    assert_int_equal(sell_to_liar(LIE_ENDLESS_STRAYS).result, TERMINAL_UNKNOWN);
}

static void
a_frame_larger_than_the_protocol_allows_is_unknown(void **state)
{
    (void)state;

    assert_int_equal(sell_to_liar(LIE_HUGE_FRAME).result, TERMINAL_UNKNOWN);
}

int
main(void)
{
    const struct CMUnitTest own[] = {
        cmocka_unit_test_setup_teardown(an_answer_sent_twice_is_taken_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_late_answer_is_not_taken_for_the_next_sale, set_up, tear_down),
        cmocka_unit_test_setup_teardown(spoilt_answers_are_unknown_and_found_out, set_up, tear_down),
        cmocka_unit_test(wrong_options_are_named),
        cmocka_unit_test(an_honest_peer_is_believed),
        cmocka_unit_test(an_approval_of_another_payment_is_unknown),
        cmocka_unit_test(a_reply_with_a_card_number_is_refused_whole),
        cmocka_unit_test(an_approval_of_another_amount_is_unknown),
        cmocka_unit_test(strays_are_dropped_but_not_for_ever),
        cmocka_unit_test(a_frame_larger_than_the_protocol_allows_is_unknown),
    };
    int failures = terminal_contract_run("payment terminal: terminal-json", set_up, tear_down);
    failures += cmocka_run_group_tests_name("terminal-json", own, NULL, NULL);
    child_stop(&shared.child);
    return failures;
}
