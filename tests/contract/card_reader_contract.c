/* What every card reader does. */
#include "tests/contract/card_reader_bench.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { PATIENCE_MS = 60 * 1000, SOON_MS = 50, STAYS = -1 };

static struct card_inquiry
inquire(struct card_reader_bench *bench)
{
    struct card_inquiry inquiry;
    struct error_detail err = {0};
    const enum status status = card_reader_inquire(bench->reader, PATIENCE_MS, &inquiry, &err);
    if (status != STATUS_OK) {
        fail_msg("%s: %s", status_word(status), err.message);
    }
    return inquiry;
}

static void
a_transit_card_tells_its_balance_and_last_uses(void **state)
{
    struct card_reader_bench *bench = *state;
    bench->lay(bench, "transit", STAYS);

    const struct card_inquiry inquiry = inquire(bench);

    assert_true(inquiry.is_felica);
    assert_int_equal(inquiry.value_count, 1);
    assert_int_equal(inquiry.values[0].scheme, STORED_VALUE_TRANSIT);
    assert_int_equal(inquiry.values[0].balance_yen, 8750);
    assert_int_equal(inquiry.values[0].use_count, 2);
    assert_int_equal(inquiry.values[0].uses[0].year, 2007);
    assert_int_equal(inquiry.values[0].uses[0].month, 4);
    assert_int_equal(inquiry.values[0].uses[0].day, 24);
    assert_int_equal(inquiry.values[0].uses[1].balance_yen, 390);
}

static void
an_edy_tells_amounts_and_times(void **state)
{
    struct card_reader_bench *bench = *state;
    bench->lay(bench, "edy", STAYS);

    const struct card_inquiry inquiry = inquire(bench);

    assert_int_equal(inquiry.value_count, 1);
    assert_int_equal(inquiry.values[0].scheme, STORED_VALUE_EDY);
    assert_int_equal(inquiry.values[0].balance_yen, 35);
    assert_int_equal(inquiry.values[0].use_count, 4);
    assert_int_equal(inquiry.values[0].uses[0].amount_yen, 150);
    assert_int_equal(inquiry.values[0].uses[0].hour, 15);
    assert_int_equal(inquiry.values[0].uses[3].kind, STORED_VALUE_CHARGED);
}

static void
a_phone_with_several_cards_tells_each(void **state)
{
    struct card_reader_bench *bench = *state;
    bench->lay(bench, "phone", STAYS);

    const struct card_inquiry inquiry = inquire(bench);

    assert_int_equal(inquiry.value_count, 3);
    assert_int_equal(inquiry.values[0].balance_yen, 8750);
    assert_int_equal(inquiry.values[1].balance_yen, 35);
    assert_int_equal(inquiry.values[2].balance_yen, 363);
}

static void
a_card_without_values_is_known_as_a_card(void **state)
{
    struct card_reader_bench *bench = *state;
    bench->lay(bench, "empty", STAYS);

    const struct card_inquiry inquiry = inquire(bench);

    assert_int_equal(inquiry.value_count, 0);
    assert_int_equal(strlen(inquiry.masked_id), 16);
}

static void
of_the_id_only_the_end_is_told(void **state)
{
    struct card_reader_bench *bench = *state;
    bench->lay(bench, "transit", STAYS);

    const struct card_inquiry inquiry = inquire(bench);

    assert_memory_equal(inquiry.masked_id, "************", 12);
    assert_int_equal(strspn(inquiry.masked_id + 12, "0123456789ABCDEF"), 4);
}

static void
without_a_card_the_wait_ends_empty_handed(void **state)
{
    struct card_reader_bench *bench = *state;
    struct card_inquiry inquiry;
    struct error_detail err = {0};
    bench->lay(bench, NULL, STAYS);

    assert_int_equal(card_reader_inquire(bench->reader, SOON_MS, &inquiry, &err), STATUS_NOT_FOUND);

    assert_true(strlen(err.message) > 0);
}

static void
a_card_that_leaves_too_early_is_not_told_as_empty(void **state)
{
    struct card_reader_bench *bench = *state;
    for (int answers = 2; answers < 6; answers++) {
        struct card_inquiry inquiry;
        struct error_detail err = {0};
        bench->lay(bench, "transit", answers);
        assert_int_equal(card_reader_inquire(bench->reader, PATIENCE_MS, &inquiry, &err), STATUS_IO);
        assert_true(strlen(err.message) > 0);
    }
    bench->lay(bench, "transit", STAYS);
    assert_int_equal(inquire(bench).values[0].balance_yen, 8750);
}

static void
each_card_is_read_afresh(void **state)
{
    struct card_reader_bench *bench = *state;
    bench->lay(bench, "transit", STAYS);
    assert_int_equal(inquire(bench).values[0].balance_yen, 8750);
    bench->lay(bench, NULL, STAYS);
    bench->lay(bench, "nanaco", STAYS);
    assert_int_equal(inquire(bench).values[0].balance_yen, 363);
}

static void *
lay_it(void *context)
{
    struct card_reader_bench *bench = context;
    bench->lay(bench, "edy", STAYS);
    return NULL;
}

static void
a_card_that_comes_during_the_wait_ends_it(void **state)
{
    struct card_reader_bench *bench = *state;
    pthread_t thread;
    bench->lay(bench, NULL, STAYS);

    assert_int_equal(pthread_create(&thread, NULL, lay_it, bench), 0);
    assert_int_equal(inquire(bench).values[0].balance_yen, 35);

    pthread_join(thread, NULL);
}

static void *
interrupt_it(void *context)
{
    card_reader_interrupt(context);
    return NULL;
}

static void
a_wait_can_be_interrupted_from_another_thread(void **state)
{
    struct card_reader_bench *bench = *state;
    struct card_inquiry inquiry;
    pthread_t thread;
    bench->lay(bench, NULL, STAYS);

    assert_int_equal(pthread_create(&thread, NULL, interrupt_it, bench->reader), 0);
    assert_int_equal(card_reader_inquire(bench->reader, PATIENCE_MS, &inquiry, NULL), STATUS_NOT_FOUND);

    pthread_join(thread, NULL);
}

static void
a_reader_that_is_unplugged_says_so_and_is_found_again(void **state)
{
    struct card_reader_bench *bench = *state;
    struct card_inquiry inquiry;
    bench->lay(bench, "transit", STAYS);
    assert_int_equal(inquire(bench).values[0].balance_yen, 8750);
    bench->set_gone(bench, true);

    assert_int_equal(card_reader_inquire(bench->reader, PATIENCE_MS, &inquiry, NULL), STATUS_DEVICE_GONE);
    assert_int_equal(card_reader_check(bench->reader, NULL), STATUS_DEVICE_GONE);
    bench->set_gone(bench, false);
    assert_int_equal(card_reader_check(bench->reader, NULL), STATUS_OK);
    bench->lay(bench, "transit", STAYS);
    assert_int_equal(inquire(bench).values[0].balance_yen, 8750);
}

static void
closing_nothing_is_fine(void **state)
{
    struct card_reader_bench *bench = *state;
    assert_true(strlen(card_reader_name(bench->reader)) > 0);
    card_reader_close(NULL);
}

int
card_reader_contract_run(const char *name, int (*set_up)(void **state), int (*tear_down)(void **state))
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_transit_card_tells_its_balance_and_last_uses),
        TEST(an_edy_tells_amounts_and_times),
        TEST(a_phone_with_several_cards_tells_each),
        TEST(a_card_without_values_is_known_as_a_card),
        TEST(of_the_id_only_the_end_is_told),
        TEST(without_a_card_the_wait_ends_empty_handed),
        TEST(a_card_that_leaves_too_early_is_not_told_as_empty),
        TEST(each_card_is_read_afresh),
        TEST(a_card_that_comes_during_the_wait_ends_it),
        TEST(a_wait_can_be_interrupted_from_another_thread),
        TEST(a_reader_that_is_unplugged_says_so_and_is_found_again),
        TEST(closing_nothing_is_fine),
    };
#undef TEST
    return _cmocka_run_group_tests(name, tests, sizeof tests / sizeof tests[0], NULL, NULL);
}
