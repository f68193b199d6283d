/* The number on a ticket: what is written reads back, and what is misread is noticed. */
#include "pos/tickets/ticket_number.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* 2026-11-22T10:03:11.123+09:00 */
#define ENTERED_MS INT64_C(1795309391123)

static void
write_sample(char out[TICKET_NUMBER_SIZE])
{
    struct error_detail err;
    const struct ticket_number number = {.entered_ms = ENTERED_MS,
                                         .item_mark = ticket_item_mark("hayama-parking"),
                                         .terminal_mark = ticket_terminal_mark("KO-07"),
                                         .serial = 42};
    assert_int_equal(ticket_number_write(&number, out, &err), STATUS_OK);
}

static void
a_ticket_tells_its_minute_of_entry_and_who_issued_it(void **state)
{
    (void)state;
    char text[TICKET_NUMBER_SIZE];
    struct ticket_number read;
    struct error_detail err;
    write_sample(text);
    assert_int_equal(strlen(text), TICKET_DIGITS);
    assert_int_equal(ticket_number_read(text, &read, &err), STATUS_OK);
    assert_int_equal(read.entered_ms, ENTERED_MS / 60000 * 60000);
    assert_int_equal(read.item_mark, ticket_item_mark("hayama-parking"));
    assert_int_equal(read.terminal_mark, ticket_terminal_mark("KO-07"));
    assert_int_equal(read.serial, 42);
}

static void
every_wrong_digit_and_every_swap_of_neighbours_is_noticed(void **state)
{
    (void)state;
    char right[TICKET_NUMBER_SIZE], wrong[TICKET_NUMBER_SIZE];
    struct ticket_number read;
    struct error_detail err;
    write_sample(right);
    for (int i = 0; i < TICKET_DIGITS; i++) {
        for (char digit = '0'; digit <= '9'; digit++) {
            memcpy(wrong, right, sizeof wrong);
            wrong[i] = digit;
            assert_int_equal(ticket_number_read(wrong, &read, &err), digit == right[i] ? STATUS_OK : STATUS_INVALID);
        }
        memcpy(wrong, right, sizeof wrong);
        if (i + 1 < TICKET_DIGITS && right[i] != right[i + 1]) {
            wrong[i] = right[i + 1];
            wrong[i + 1] = right[i];
            assert_int_equal(ticket_number_read(wrong, &read, &err), STATUS_INVALID);
        }
    }
}

static void
payment_codes_and_garbage_are_no_tickets(void **state)
{
    (void)state;
    struct ticket_number read;
    struct error_detail err;
    const char *none[] = {"", "71", "900081810000000000000017", "71000000000000000000000a", "KO-01-20261122-0001"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        assert_int_equal(ticket_number_read(none[i], &read, &err), STATUS_INVALID);
        assert_true(strlen(err.message) > 0);
    }
}

static void
a_clock_before_2020_issues_no_ticket(void **state)
{
    (void)state;
    char text[TICKET_NUMBER_SIZE];
    struct error_detail err = {0};
    const struct ticket_number number = {.entered_ms = 1000, .serial = 1};
    assert_int_equal(ticket_number_write(&number, text, &err), STATUS_INVALID);
    assert_non_null(strstr(err.message, "時計"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ticket_tells_its_minute_of_entry_and_who_issued_it),
        cmocka_unit_test(every_wrong_digit_and_every_swap_of_neighbours_is_noticed),
        cmocka_unit_test(payment_codes_and_garbage_are_no_tickets),
        cmocka_unit_test(a_clock_before_2020_issues_no_ticket),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
