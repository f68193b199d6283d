/* What every payment terminal does: no result claims that nothing moved unless the centre's book agrees, and every
 * unknown result can be found out. */
#include "tests/contract/terminal_bench.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum {
    PATIENCE_MS = 30 * 1000,
    LOST_MS = 700, /* how long to wait for an answer that will not come */
    PRICE_YEN = 450,
    ABORT_TRIES = 2000,
    ABORT_PAUSE_NS = 10 * 1000 * 1000
};

struct terminal_answer
bench_sell(struct terminal_bench *bench, const char *reference, const char *brand, unsigned timeout_ms)
{
    struct terminal_request request = {.sequence_number = ++bench->sequence_number, .amount_yen = PRICE_YEN};
    struct terminal_answer answer;
    struct error_detail err = {0};
    snprintf(request.reference, sizeof request.reference, "%s", reference);
    snprintf(request.brand, sizeof request.brand, "%s", brand);
    request.media = strcmp(brand, "visa") == 0 ? TERMINAL_CREDIT : TERMINAL_EMONEY;
    payment_terminal_sale(bench->terminal, &request, timeout_ms, &answer, &err);
    assert_true(answer.result == TERMINAL_APPROVED || strlen(err.message) > 0);
    return answer;
}

static unsigned
lost_ms(const struct terminal_bench *bench)
{
    return bench->lost_ms != 0 ? bench->lost_ms : LOST_MS;
}

static enum terminal_result
query(struct terminal_bench *bench, const char *reference)
{
    struct terminal_answer answer;
    payment_terminal_query(bench->terminal, reference, PATIENCE_MS, &answer, NULL);
    return answer.result;
}

static enum terminal_result
reverse(struct terminal_bench *bench, const char *reference)
{
    struct terminal_answer answer;
    payment_terminal_reverse(bench->terminal, reference, PATIENCE_MS, &answer, NULL);
    return answer.result;
}

static void
a_ready_terminal_says_so(void **state)
{
    struct terminal_bench *bench = *state;

    assert_int_equal(payment_terminal_check(bench->terminal, PATIENCE_MS, NULL), STATUS_OK);
}

static void
an_approved_sale_takes_the_money_and_tells_all(void **state)
{
    struct terminal_bench *bench = *state;

    struct terminal_answer answer = bench_sell(bench, "sale-1", "visa", PATIENCE_MS);

    assert_int_equal(answer.result, TERMINAL_APPROVED);
    assert_int_equal(answer.amount_yen, PRICE_YEN);
    assert_true(answer.accepted_at_ms > 0);
    assert_true(strlen(answer.acquirer_reference) > 0);
    assert_true(strlen(answer.approval_code) > 0);
    assert_non_null(strchr(answer.masked_number, 'x'));
    assert_int_equal(bench->charged_yen(bench, "sale-1"), PRICE_YEN);
}

static void
an_emoney_sale_tells_the_balance_and_no_number(void **state)
{
    struct terminal_bench *bench = *state;

    struct terminal_answer answer = bench_sell(bench, "sale-2", "transit_ic", PATIENCE_MS);

    assert_int_equal(answer.result, TERMINAL_APPROVED);
    assert_true(answer.balance_yen >= 0);
    assert_string_equal(answer.masked_number, "");
}

static void
a_repeated_reference_is_answered_again_and_charged_once(void **state)
{
    struct terminal_bench *bench = *state;

    struct terminal_answer first = bench_sell(bench, "sale-3", "visa", PATIENCE_MS);
    struct terminal_answer second = bench_sell(bench, "sale-3", "visa", PATIENCE_MS);

    assert_int_equal(second.result, TERMINAL_APPROVED);
    assert_string_equal(second.acquirer_reference, first.acquirer_reference);
    assert_int_equal(bench->charged_yen(bench, "sale-3"), PRICE_YEN);
}

static void
a_result_that_is_free_has_moved_nothing_and_stays(void **state)
{
    struct terminal_bench *bench = *state;
    static const struct {
        enum bench_sale sale;
        enum terminal_result result;
    } rows[] = {
        {BENCH_CENTER_REFUSES, TERMINAL_CENTER_ERROR}, {BENCH_CENTER_UNREACHABLE, TERMINAL_COMMUNICATION_ERROR},
        {BENCH_DEFICIENT, TERMINAL_DEFICIENT},         {BENCH_NO_CARD, TERMINAL_NO_CARD},
        {BENCH_CANCELLED, TERMINAL_CANCELLED},         {BENCH_NOT_ALLOWED, TERMINAL_NOT_ALLOWED},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char reference[16];
        snprintf(reference, sizeof reference, "free-%zu", i);
        bench->next(bench, rows[i].sale);
        assert_int_equal(bench_sell(bench, reference, "visa", PATIENCE_MS).result, rows[i].result);
        assert_int_equal(query(bench, reference), rows[i].result);
        assert_int_equal(reverse(bench, reference), TERMINAL_NOT_FOUND);
        assert_int_equal(bench->charged_yen(bench, reference), 0);
    }
}

static void
a_lost_answer_is_unknown_and_the_query_finds_the_sale(void **state)
{
    struct terminal_bench *bench = *state;
    bench->next(bench, BENCH_LOST_CHARGED);

    assert_int_equal(bench_sell(bench, "lost-1", "visa", lost_ms(bench)).result, TERMINAL_UNKNOWN);

    assert_int_equal(query(bench, "lost-1"), TERMINAL_APPROVED);
    assert_int_equal(bench->charged_yen(bench, "lost-1"), PRICE_YEN);
}

static void
a_lost_request_is_unknown_and_the_query_finds_nothing(void **state)
{
    struct terminal_bench *bench = *state;
    bench->next(bench, BENCH_LOST_FREE);

    assert_int_equal(bench_sell(bench, "lost-2", "visa", lost_ms(bench)).result, TERMINAL_UNKNOWN);

    assert_int_equal(query(bench, "lost-2"), TERMINAL_NOT_FOUND);
    assert_int_equal(bench->charged_yen(bench, "lost-2"), 0);
}

static void
after_an_unknown_result_the_next_sale_gets_its_own_answer(void **state)
{
    struct terminal_bench *bench = *state;
    bench->next(bench, BENCH_LOST_CHARGED);
    assert_int_equal(bench_sell(bench, "lost-3", "visa", lost_ms(bench)).result, TERMINAL_UNKNOWN);

    struct terminal_answer next = bench_sell(bench, "sale-4", "visa", PATIENCE_MS);
    struct terminal_answer lost;
    payment_terminal_query(bench->terminal, "lost-3", PATIENCE_MS, &lost, NULL);

    assert_int_equal(next.result, TERMINAL_APPROVED);
    assert_int_equal(lost.result, TERMINAL_APPROVED);
    assert_string_not_equal(next.acquirer_reference, lost.acquirer_reference);
}

static void
a_reversal_gives_the_money_back_once(void **state)
{
    struct terminal_bench *bench = *state;
    assert_int_equal(bench_sell(bench, "back-1", "visa", PATIENCE_MS).result, TERMINAL_APPROVED);

    assert_int_equal(reverse(bench, "back-1"), TERMINAL_APPROVED);
    assert_int_equal(reverse(bench, "back-1"), TERMINAL_APPROVED);

    assert_int_equal(query(bench, "back-1"), TERMINAL_CANCELLED);
    assert_int_equal(bench->charged_yen(bench, "back-1"), 0);
}

static void
a_reversal_of_what_was_never_seen_forbids_it_for_ever(void **state)
{
    struct terminal_bench *bench = *state;

    assert_int_equal(reverse(bench, "never-1"), TERMINAL_NOT_FOUND);

    assert_int_equal(bench_sell(bench, "never-1", "visa", PATIENCE_MS).result, TERMINAL_CANCELLED);
    assert_int_equal(bench->charged_yen(bench, "never-1"), 0);
}

static void
a_brand_that_takes_nothing_back_says_so(void **state)
{
    struct terminal_bench *bench = *state;
    assert_int_equal(bench_sell(bench, "edy-1", "edy", PATIENCE_MS).result, TERMINAL_APPROVED);

    assert_int_equal(reverse(bench, "edy-1"), TERMINAL_NOT_ALLOWED);

    assert_int_equal(query(bench, "edy-1"), TERMINAL_APPROVED);
    assert_int_equal(bench->charged_yen(bench, "edy-1"), PRICE_YEN);
}

static void
a_sale_in_doubt_is_settled_by_the_next_touch(void **state)
{
    struct terminal_bench *bench = *state;

    bench->next(bench, BENCH_IN_DOUBT_CHARGED);
    struct terminal_answer answer = bench_sell(bench, "doubt-1", "transit_ic", PATIENCE_MS);
    assert_int_equal(answer.result, TERMINAL_IN_DOUBT);
    assert_int_equal(answer.amount_yen, PRICE_YEN);
    assert_int_equal(query(bench, "doubt-1"), TERMINAL_IN_DOUBT);
    assert_int_equal(reverse(bench, "doubt-1"), TERMINAL_IN_DOUBT);
    bench->touch(bench, "doubt-1");
    assert_int_equal(query(bench, "doubt-1"), TERMINAL_APPROVED);

    bench->next(bench, BENCH_IN_DOUBT_FREE);
    assert_int_equal(bench_sell(bench, "doubt-2", "transit_ic", PATIENCE_MS).result, TERMINAL_IN_DOUBT);
    bench->touch(bench, "doubt-2");
    assert_true(terminal_result_is_free(query(bench, "doubt-2")));
    assert_int_equal(bench->charged_yen(bench, "doubt-2"), 0);
}

static void
the_card_in_doubt_tells_when_it_pays_for_something_else(void **state)
{
    struct terminal_bench *bench = *state;

    bench->next(bench, BENCH_IN_DOUBT_CHARGED);
    assert_int_equal(bench_sell(bench, "doubt-3", "waon", PATIENCE_MS).result, TERMINAL_IN_DOUBT);
    bench->present(bench, "doubt-3");
    struct terminal_answer answer = bench_sell(bench, "later-3", "waon", PATIENCE_MS);
    assert_int_equal(answer.result, TERMINAL_APPROVED);
    assert_string_equal(answer.earlier.reference, "doubt-3");
    assert_true(answer.earlier.was_charged);
    assert_int_equal(answer.earlier.amount_yen, PRICE_YEN);
    assert_int_equal(query(bench, "doubt-3"), TERMINAL_APPROVED);

    bench->next(bench, BENCH_IN_DOUBT_FREE);
    assert_int_equal(bench_sell(bench, "doubt-4", "waon", PATIENCE_MS).result, TERMINAL_IN_DOUBT);
    bench->present(bench, "doubt-4");
    answer = bench_sell(bench, "later-4", "waon", PATIENCE_MS);
    assert_string_equal(answer.earlier.reference, "doubt-4");
    assert_false(answer.earlier.was_charged);
    assert_int_equal(bench->charged_yen(bench, "doubt-4"), 0);

    bench->next(bench, BENCH_APPROVES);
    assert_string_equal(bench_sell(bench, "later-5", "waon", PATIENCE_MS).earlier.reference, "");
}

static void
a_doubt_of_a_brand_that_stores_nothing_on_the_card_can_be_taken_back(void **state)
{
    struct terminal_bench *bench = *state;

    bench->next(bench, BENCH_IN_DOUBT_CHARGED);
    assert_int_equal(bench_sell(bench, "again-1", "id", PATIENCE_MS).result, TERMINAL_IN_DOUBT);
    assert_int_equal(reverse(bench, "again-1"), TERMINAL_APPROVED);
    assert_int_equal(bench->charged_yen(bench, "again-1"), 0);

    bench->next(bench, BENCH_IN_DOUBT_FREE);
    assert_int_equal(bench_sell(bench, "again-2", "quicpay", PATIENCE_MS).result, TERMINAL_IN_DOUBT);
    assert_int_equal(reverse(bench, "again-2"), TERMINAL_NOT_FOUND);
    assert_int_equal(bench->charged_yen(bench, "again-2"), 0);
}

static void
a_query_for_what_was_never_seen_finds_nothing(void **state)
{
    struct terminal_bench *bench = *state;

    assert_int_equal(query(bench, "never-2"), TERMINAL_NOT_FOUND);
}

struct aborter {
    struct payment_terminal *terminal;
    pthread_mutex_t lock;
    bool is_over;
};

static bool
is_over(struct aborter *aborter)
{
    pthread_mutex_lock(&aborter->lock);
    bool over = aborter->is_over;
    pthread_mutex_unlock(&aborter->lock);
    return over;
}

/* As a clerk does: presses "stop" until it stops. */
static void *
abort_until_over(void *context)
{
    struct aborter *aborter = context;
    for (int i = 0; i < ABORT_TRIES && !is_over(aborter); i++) {
        payment_terminal_abort(aborter->terminal);
        nanosleep(&(struct timespec){.tv_nsec = ABORT_PAUSE_NS}, NULL);
    }
    return NULL;
}

static void
a_sale_can_be_stopped_from_another_thread(void **state)
{
    struct terminal_bench *bench = *state;
    struct aborter aborter = {.terminal = bench->terminal, .lock = PTHREAD_MUTEX_INITIALIZER};
    pthread_t thread;
    bench->next(bench, BENCH_WAITS);

    assert_int_equal(pthread_create(&thread, NULL, abort_until_over, &aborter), 0);
    struct terminal_answer answer = bench_sell(bench, "stop-1", "visa", PATIENCE_MS);
    pthread_mutex_lock(&aborter.lock);
    aborter.is_over = true;
    pthread_mutex_unlock(&aborter.lock);
    pthread_join(thread, NULL);

    assert_int_equal(answer.result, TERMINAL_CANCELLED);
    assert_int_equal(bench->charged_yen(bench, "stop-1"), 0);
}

static void
stopping_nothing_is_fine(void **state)
{
    struct terminal_bench *bench = *state;

    payment_terminal_abort(bench->terminal);

    assert_int_equal(bench_sell(bench, "sale-5", "visa", PATIENCE_MS).result, TERMINAL_APPROVED);
}

static const struct terminal_log_line *
find_line(const struct terminal_log_line *lines, size_t count, const char *reference, int64_t amount_yen)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(lines[i].reference, reference) == 0 && lines[i].amount_yen == amount_yen) {
            return &lines[i];
        }
    }
    return NULL;
}

static void
the_daily_log_lists_what_moved_and_what_is_in_doubt(void **state)
{
    struct terminal_bench *bench = *state;
    struct terminal_log_line lines[16];
    size_t count = 0;
    assert_int_equal(bench_sell(bench, "log-1", "visa", PATIENCE_MS).result, TERMINAL_APPROVED);
    assert_int_equal(bench_sell(bench, "log-2", "transit_ic", PATIENCE_MS).result, TERMINAL_APPROVED);
    assert_int_equal(reverse(bench, "log-1"), TERMINAL_APPROVED);
    bench->next(bench, BENCH_IN_DOUBT_CHARGED);
    assert_int_equal(bench_sell(bench, "log-3", "transit_ic", PATIENCE_MS).result, TERMINAL_IN_DOUBT);
    bench->next(bench, BENCH_CENTER_REFUSES);
    assert_int_equal(bench_sell(bench, "log-4", "visa", PATIENCE_MS).result, TERMINAL_CENTER_ERROR);

    assert_int_equal(payment_terminal_daily_log(bench->terminal, PATIENCE_MS, lines, 16, &count, NULL), STATUS_OK);

    assert_int_equal(count, 4);
    assert_non_null(find_line(lines, count, "log-1", PRICE_YEN));
    assert_non_null(find_line(lines, count, "log-1", -PRICE_YEN));
    assert_string_equal(find_line(lines, count, "log-2", PRICE_YEN)->brand, "transit_ic");
    assert_true(find_line(lines, count, "log-3", PRICE_YEN)->is_in_doubt);
    assert_int_equal(payment_terminal_daily_log(bench->terminal, PATIENCE_MS, lines, 3, &count, NULL), STATUS_OVERFLOW);
}

static void
a_terminal_that_is_gone_moves_nothing_and_proves_nothing(void **state)
{
    struct terminal_bench *bench = *state;
    struct terminal_log_line line;
    size_t count = 0;
    assert_int_equal(bench_sell(bench, "gone-1", "visa", PATIENCE_MS).result, TERMINAL_APPROVED);
    bench->set_gone(bench, true);

    assert_int_equal(payment_terminal_check(bench->terminal, PATIENCE_MS, NULL), STATUS_DEVICE_GONE);
    assert_int_equal(bench_sell(bench, "gone-2", "visa", PATIENCE_MS).result, TERMINAL_COMMUNICATION_ERROR);
    assert_int_equal(query(bench, "gone-1"), TERMINAL_UNKNOWN);
    assert_int_equal(payment_terminal_daily_log(bench->terminal, PATIENCE_MS, &line, 1, &count, NULL),
                     STATUS_DEVICE_GONE);

    bench->set_gone(bench, false);
    assert_int_equal(query(bench, "gone-1"), TERMINAL_APPROVED);
    assert_int_equal(query(bench, "gone-2"), TERMINAL_NOT_FOUND);
}

static struct terminal_answer
refund(struct terminal_bench *bench, const char *reference, const char *sale, const char *brand, int64_t amount_yen)
{
    struct terminal_refund wanted = {.sequence_number = ++bench->sequence_number, .amount_yen = amount_yen};
    struct terminal_answer answer;
    struct error_detail err = {0};
    snprintf(wanted.reference, sizeof wanted.reference, "%s", reference);
    snprintf(wanted.sale, sizeof wanted.sale, "%s", sale);
    snprintf(wanted.brand, sizeof wanted.brand, "%s", brand);
    wanted.media = strcmp(brand, "visa") == 0 ? TERMINAL_CREDIT : TERMINAL_EMONEY;
    payment_terminal_refund(bench->terminal, &wanted, PATIENCE_MS, &answer, &err);
    assert_true(answer.result == TERMINAL_APPROVED || strlen(err.message) > 0);
    return answer;
}

static void
a_refund_gives_a_part_back_once_and_never_more_than_the_sale(void **state)
{
    struct terminal_bench *bench = *state;
    struct terminal_log_line lines[8];
    size_t count = 0;
    assert_int_equal(bench_sell(bench, "part-1", "visa", PATIENCE_MS).result, TERMINAL_APPROVED);

    struct terminal_answer first = refund(bench, "part-1-a", "part-1", "visa", 200);
    struct terminal_answer again = refund(bench, "part-1-a", "part-1", "visa", 200);

    assert_int_equal(first.result, TERMINAL_APPROVED);
    assert_int_equal(first.amount_yen, 200);
    assert_string_equal(again.acquirer_reference, first.acquirer_reference);
    assert_int_equal(query(bench, "part-1-a"), TERMINAL_APPROVED);
    assert_int_equal(refund(bench, "part-1-b", "part-1", "visa", 251).result, TERMINAL_CENTER_ERROR);
    assert_int_equal(refund(bench, "part-1-c", "never-3", "visa", 1).result, TERMINAL_NOT_FOUND);
    assert_int_equal(reverse(bench, "part-1"), TERMINAL_NOT_ALLOWED);
    assert_int_equal(payment_terminal_daily_log(bench->terminal, PATIENCE_MS, lines, 8, &count, NULL), STATUS_OK);
    assert_int_equal(count, 2);
    assert_int_equal(find_line(lines, count, "part-1-a", -200)->kind, TERMINAL_KIND_REFUND);
}

static void
a_brand_without_refunds_refunds_nothing(void **state)
{
    struct terminal_bench *bench = *state;
    assert_int_equal(bench_sell(bench, "part-2", "transit_ic", PATIENCE_MS).result, TERMINAL_APPROVED);

    assert_int_equal(refund(bench, "part-2-a", "part-2", "transit_ic", 100).result, TERMINAL_NOT_ALLOWED);

    assert_int_equal(bench->charged_yen(bench, "part-2"), PRICE_YEN);
}

static size_t
totals_of(struct terminal_bench *bench, bool settles, struct terminal_total totals[TERMINAL_TOTALS_MAX])
{
    size_t count = 0;
    assert_int_equal(
        payment_terminal_totals(bench->terminal, settles, PATIENCE_MS, totals, TERMINAL_TOTALS_MAX, &count, NULL),
        STATUS_OK);
    return count;
}

static void
assert_total(const struct terminal_total *totals, size_t count, const char *brand, enum terminal_kind kind,
             uint32_t expected_count, int64_t expected_yen)
{
    const struct terminal_total *total = terminal_total_find(totals, count, brand, kind);
    assert_non_null(total);
    assert_int_equal(total->count, expected_count);
    assert_int_equal(total->sum_yen, expected_yen);
}

static void
the_totals_count_each_brand_and_kind_and_a_settlement_counts_them_once(void **state)
{
    struct terminal_bench *bench = *state;
    struct terminal_total totals[TERMINAL_TOTALS_MAX];
    assert_int_equal(bench_sell(bench, "sum-1", "visa", PATIENCE_MS).result, TERMINAL_APPROVED);
    assert_int_equal(bench_sell(bench, "sum-2", "visa", PATIENCE_MS).result, TERMINAL_APPROVED);
    assert_int_equal(bench_sell(bench, "sum-3", "waon", PATIENCE_MS).result, TERMINAL_APPROVED);
    assert_int_equal(reverse(bench, "sum-2"), TERMINAL_APPROVED);
    assert_int_equal(refund(bench, "sum-1-a", "sum-1", "visa", 50).result, TERMINAL_APPROVED);
    bench->next(bench, BENCH_IN_DOUBT_CHARGED);
    assert_int_equal(bench_sell(bench, "sum-4", "transit_ic", PATIENCE_MS).result, TERMINAL_IN_DOUBT);

    for (int settles = 0; settles <= 1; settles++) {
        const size_t count = totals_of(bench, settles == 1, totals);
        assert_int_equal(count, 4);
        assert_total(totals, count, "visa", TERMINAL_KIND_SALE, 2, INT64_C(2) * PRICE_YEN);
        assert_total(totals, count, "visa", TERMINAL_KIND_REVERSAL, 1, -PRICE_YEN);
        assert_total(totals, count, "visa", TERMINAL_KIND_REFUND, 1, -50);
        assert_total(totals, count, "waon", TERMINAL_KIND_SALE, 1, PRICE_YEN);
    }
    assert_int_equal(totals_of(bench, /* settles= */ true, totals), 0);
    bench->touch(bench, "sum-4");
    assert_int_equal(totals_of(bench, /* settles= */ true, totals), 1);
    assert_total(totals, 1, "transit_ic", TERMINAL_KIND_SALE, 1, PRICE_YEN);
}

static void
in_training_nothing_moves_and_the_terminal_says_so(void **state)
{
    struct terminal_bench *bench = *state;
    struct terminal_log_line lines[4];
    size_t count = 0;
    payment_terminal_set_training(bench->terminal, true);

    struct terminal_answer answer = bench_sell(bench, "practice-1", "visa", PATIENCE_MS);
    assert_int_equal(answer.result, TERMINAL_APPROVED);
    assert_true(answer.is_training);
    assert_int_equal(query(bench, "practice-1"), TERMINAL_APPROVED);
    assert_int_equal(reverse(bench, "practice-1"), TERMINAL_APPROVED);
    assert_int_equal(bench_sell(bench, "practice-2", "visa", PATIENCE_MS).result, TERMINAL_APPROVED);
    payment_terminal_set_training(bench->terminal, false);

    assert_int_equal(bench->charged_yen(bench, "practice-2"), 0);
    assert_int_equal(query(bench, "practice-2"), TERMINAL_NOT_FOUND);
    assert_int_equal(payment_terminal_daily_log(bench->terminal, PATIENCE_MS, lines, 4, &count, NULL), STATUS_OK);
    assert_int_equal(count, 0);
    answer = bench_sell(bench, "earnest-1", "visa", PATIENCE_MS);
    assert_int_equal(answer.result, TERMINAL_APPROVED);
    assert_false(answer.is_training);
    assert_int_equal(bench->charged_yen(bench, "earnest-1"), PRICE_YEN);
}

static void
closing_nothing_is_fine(void **state)
{
    struct terminal_bench *bench = *state;
    assert_true(strlen(payment_terminal_name(bench->terminal)) > 0);
    payment_terminal_close(NULL);
}

int
terminal_contract_run(const char *name, int (*set_up)(void **state), int (*tear_down)(void **state))
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_ready_terminal_says_so),
        TEST(an_approved_sale_takes_the_money_and_tells_all),
        TEST(an_emoney_sale_tells_the_balance_and_no_number),
        TEST(a_repeated_reference_is_answered_again_and_charged_once),
        TEST(a_result_that_is_free_has_moved_nothing_and_stays),
        TEST(a_lost_answer_is_unknown_and_the_query_finds_the_sale),
        TEST(a_lost_request_is_unknown_and_the_query_finds_nothing),
        TEST(after_an_unknown_result_the_next_sale_gets_its_own_answer),
        TEST(a_reversal_gives_the_money_back_once),
        TEST(a_reversal_of_what_was_never_seen_forbids_it_for_ever),
        TEST(a_brand_that_takes_nothing_back_says_so),
        TEST(a_sale_in_doubt_is_settled_by_the_next_touch),
        TEST(the_card_in_doubt_tells_when_it_pays_for_something_else),
        TEST(a_doubt_of_a_brand_that_stores_nothing_on_the_card_can_be_taken_back),
        TEST(a_query_for_what_was_never_seen_finds_nothing),
        TEST(a_sale_can_be_stopped_from_another_thread),
        TEST(stopping_nothing_is_fine),
        TEST(the_daily_log_lists_what_moved_and_what_is_in_doubt),
        TEST(a_terminal_that_is_gone_moves_nothing_and_proves_nothing),
        TEST(a_refund_gives_a_part_back_once_and_never_more_than_the_sale),
        TEST(a_brand_without_refunds_refunds_nothing),
        TEST(the_totals_count_each_brand_and_kind_and_a_settlement_counts_them_once),
        TEST(in_training_nothing_moves_and_the_terminal_says_so),
        TEST(closing_nothing_is_fine),
    };
#undef TEST
    return _cmocka_run_group_tests(name, tests, sizeof tests / sizeof tests[0], NULL, NULL);
}
