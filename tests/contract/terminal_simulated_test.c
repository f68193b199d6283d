/* The payment terminal suite on the simulated terminal; then what only it promises. */
#include "drivers/simulated/control.h"
#include "tests/contract/terminal_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
next(struct terminal_bench *bench, enum bench_sale sale)
{
    static const enum simulated_sale sales[] = {
        [BENCH_APPROVES] = SIMULATED_SALE_APPROVED,
        [BENCH_CENTER_REFUSES] = SIMULATED_SALE_CENTER_ERROR,
        [BENCH_CENTER_UNREACHABLE] = SIMULATED_SALE_COMMUNICATION_ERROR,
        [BENCH_DEFICIENT] = SIMULATED_SALE_DEFICIENT,
        [BENCH_NO_CARD] = SIMULATED_SALE_NO_CARD,
        [BENCH_CANCELLED] = SIMULATED_SALE_CANCELLED,
        [BENCH_NOT_ALLOWED] = SIMULATED_SALE_NOT_ALLOWED,
        [BENCH_IN_DOUBT_CHARGED] = SIMULATED_SALE_IN_DOUBT_CHARGED,
        [BENCH_IN_DOUBT_FREE] = SIMULATED_SALE_IN_DOUBT_FREE,
        [BENCH_LOST_CHARGED] = SIMULATED_SALE_LOST_CHARGED,
        [BENCH_LOST_FREE] = SIMULATED_SALE_LOST_FREE,
        [BENCH_WAITS] = SIMULATED_SALE_WAITS,
    };
    simulated_terminal_next(bench->terminal, sales[sale]);
}

static void
touch(struct terminal_bench *bench, const char *reference)
{
    assert_int_equal(simulated_terminal_touch(bench->terminal, reference), 1);
}

/* The trainee has one card of each brand. */
static void
present(struct terminal_bench *bench, const char *reference)
{
    (void)reference;
    next(bench, BENCH_APPROVES);
}

static void
set_gone(struct terminal_bench *bench, bool is_gone)
{
    const struct simulated_terminal_condition condition = {.has_vanished = is_gone};
    simulated_terminal_set(bench->terminal, &condition);
}

static int64_t
charged_yen(struct terminal_bench *bench, const char *reference)
{
    struct terminal_log_line lines[64];
    size_t count = 0;
    int64_t sum_yen = 0;
    assert_int_equal(payment_terminal_daily_log(bench->terminal, 1000, lines, 64, &count, NULL), STATUS_OK);
    for (size_t i = 0; i < count; i++) {
        sum_yen += strcmp(lines[i].reference, reference) == 0 ? lines[i].amount_yen : 0;
    }
    return sum_yen;
}

static struct manual_clock noon = {.now_ms = INT64_C(1795309391123)};

static int
set_up(void **state)
{
    struct terminal_bench *bench = calloc(1, sizeof *bench);
    if (bench == NULL || simulated_terminal_open(clock_manual(&noon), &bench->terminal, NULL) != STATUS_OK) {
        free(bench);
        return -1;
    }
    bench->next = next;
    bench->touch = touch;
    bench->present = present;
    bench->set_gone = set_gone;
    bench->charged_yen = charged_yen;
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

static enum terminal_result
sell_for(struct terminal_bench *bench, int64_t amount_yen, enum terminal_media media)
{
    struct terminal_answer answer;
    struct terminal_request request = {
        .sequence_number = ++bench->sequence_number, .amount_yen = amount_yen, .media = media, .brand = "waon"};
    snprintf(request.reference, sizeof request.reference, "amount-%d", (int)amount_yen);
    payment_terminal_sale(bench->terminal, &request, 50, &answer, NULL);
    return answer.result;
}

static void
amounts_choose_their_endings_without_any_control(void **state)
{
    struct terminal_bench *bench = *state;

    assert_int_equal(sell_for(bench, 9900, TERMINAL_EMONEY), TERMINAL_APPROVED);
    assert_int_equal(sell_for(bench, 9901, TERMINAL_EMONEY), TERMINAL_CENTER_ERROR);
    assert_int_equal(sell_for(bench, 9902, TERMINAL_EMONEY), TERMINAL_COMMUNICATION_ERROR);
    assert_int_equal(sell_for(bench, 9903, TERMINAL_EMONEY), TERMINAL_DEFICIENT);
    assert_int_equal(sell_for(bench, 9904, TERMINAL_EMONEY), TERMINAL_NO_CARD);
    assert_int_equal(sell_for(bench, 9905, TERMINAL_EMONEY), TERMINAL_CANCELLED);
    assert_int_equal(sell_for(bench, 9906, TERMINAL_EMONEY), TERMINAL_NOT_ALLOWED);
    assert_int_equal(sell_for(bench, 9907, TERMINAL_EMONEY), TERMINAL_BUSY);
    assert_int_equal(sell_for(bench, 9908, TERMINAL_EMONEY), TERMINAL_IN_DOUBT);
    assert_int_equal(sell_for(bench, 9909, TERMINAL_EMONEY), TERMINAL_IN_DOUBT);
    assert_int_equal(sell_for(bench, 9910, TERMINAL_EMONEY), TERMINAL_UNKNOWN);
    assert_int_equal(sell_for(bench, 9911, TERMINAL_EMONEY), TERMINAL_UNKNOWN);
    assert_int_equal(sell_for(bench, 9912, TERMINAL_EMONEY), TERMINAL_UNKNOWN);
    assert_int_equal(sell_for(bench, 20001, TERMINAL_EMONEY), TERMINAL_DEFICIENT);
    assert_int_equal(sell_for(bench, 20002, TERMINAL_CREDIT), TERMINAL_APPROVED);
}

static void
yesterday_is_not_in_the_log_of_today(void **state)
{
    struct terminal_bench *bench = *state;
    struct terminal_log_line line;
    size_t count = 1;
    assert_int_equal(sell_for(bench, 100, TERMINAL_CREDIT), TERMINAL_APPROVED);

    noon.now_ms += INT64_C(86400000);
    assert_int_equal(payment_terminal_daily_log(bench->terminal, 100, &line, 1, &count, NULL), STATUS_OK);
    noon.now_ms -= INT64_C(86400000);

    assert_int_equal(count, 0);
}

static void
a_center_out_of_reach_shows_in_the_check(void **state)
{
    struct terminal_bench *bench = *state;
    const struct simulated_terminal_condition condition = {.center_is_unreachable = true};
    simulated_terminal_set(bench->terminal, &condition);

    assert_int_equal(payment_terminal_check(bench->terminal, 100, NULL), STATUS_UNREACHABLE);
    assert_int_equal(sell_for(bench, 300, TERMINAL_CREDIT), TERMINAL_COMMUNICATION_ERROR);
}

int
main(void)
{
    const struct CMUnitTest own[] = {
        cmocka_unit_test_setup_teardown(amounts_choose_their_endings_without_any_control, set_up, tear_down),
        cmocka_unit_test_setup_teardown(yesterday_is_not_in_the_log_of_today, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_center_out_of_reach_shows_in_the_check, set_up, tear_down),
    };
    int failures = terminal_contract_run("payment terminal: simulated", set_up, tear_down);
    return failures + cmocka_run_group_tests_name("simulated terminal", own, NULL, NULL);
}
