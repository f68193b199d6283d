/* What the QR gateway's answers mean for the money: nothing is believed that is not said. */
#include "pos/payment/qr_gateway_message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char payment[] = "01a20421-f38f-7000-a218-8dff3efc1201";

static struct payment_answer
read_charge(unsigned http_status, const char *text)
{
    struct payment_answer answer = {0};
    struct buffer body;
    buffer_init(&body, 65536);
    buffer_append_text(&body, text);
    qr_charge_read(http_status, &body, payment, &answer);
    buffer_finish(&body);
    return answer;
}

static struct payment_answer
read_cancel(unsigned http_status, const char *text)
{
    struct payment_answer answer = {0};
    struct buffer body;
    buffer_init(&body, 65536);
    buffer_append_text(&body, text);
    qr_cancel_read(http_status, &body, payment, &answer);
    buffer_finish(&body);
    return answer;
}

#define CHARGE(status, accepted_at)                                                                                    \
    "{\"merchant_reference\":\"01a20421-f38f-7000-a218-8dff3efc1201\",\"acquirer_reference\":\"Q1\",\"status\":"       \
    "\"" status "\",\"brand\":\"paypay\",\"amount\":450,\"accepted_at\":" accepted_at ",\"failure_code\":null}"
#define AT "\"2026-11-22T10:03:11.123+09:00\""

static void
a_successful_charge_is_approved_with_its_facts(void **state)
{
    (void)state;
    struct payment_answer answer = read_charge(200, CHARGE("successful", AT));

    assert_int_equal(answer.result, PAYMENT_APPROVED);
    assert_int_equal(answer.amount_yen, 450);
    assert_string_equal(answer.acquirer_reference, "Q1");
    assert_string_equal(answer.brand, "paypay");
    assert_true(answer.accepted_at_ms > 0);
}

static void
a_reference_that_reads_like_a_card_is_left_out_and_the_answer_counts(void **state)
{
    (void)state;
    struct payment_answer answer = read_charge(
        200,
        "{\"merchant_reference\":\"01a20421-f38f-7000-a218-8dff3efc1201\",\"acquirer_reference\":\"4111111111111111\","
        "\"status\":\"successful\",\"amount\":450,\"accepted_at\":" AT "}");

    assert_int_equal(answer.result, PAYMENT_APPROVED);
    assert_string_equal(answer.acquirer_reference, "");
}

static void
what_is_not_understood_is_unknown(void **state)
{
    (void)state;
    static const char *const garbled[] = {
        "",
        "{",
        "[]",
        "null",
        "{\"status\":\"successful\"}",
        "<html>",
        CHARGE("wonderful", AT),
        CHARGE("successful", "\"yesterday\""),
        "{\"merchant_reference\":\"another\",\"status\":\"successful\",\"amount\":450}",
    };
    for (size_t i = 0; i < sizeof garbled / sizeof garbled[0]; i++) {
        assert_int_equal(read_charge(200, garbled[i]).result, PAYMENT_UNKNOWN);
    }
}

static void
a_servers_error_says_nothing_about_the_money(void **state)
{
    (void)state;
    static const unsigned errors[] = {302, 408, 409, 429, 500, 502, 503, 504};
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        assert_int_equal(read_charge(errors[i], CHARGE("successful", AT)).result, PAYMENT_UNKNOWN);
        assert_int_equal(read_cancel(errors[i], CHARGE("canceled", AT)).result, PAYMENT_UNKNOWN);
    }
}

static void
only_the_gateways_own_word_means_not_found(void **state)
{
    (void)state;
    assert_int_equal(read_charge(404, "{\"error\":{\"code\":\"CHARGE_NOT_FOUND\",\"message\":\"\"}}").result,
                     PAYMENT_NOT_FOUND);
    assert_int_equal(read_charge(404, "<html>not found</html>").result, PAYMENT_UNKNOWN);
}

static void
a_canceled_charge_was_reversed_only_if_it_had_been_accepted(void **state)
{
    (void)state;
    assert_int_equal(read_cancel(200, CHARGE("canceled", AT)).result, PAYMENT_REVERSED);
    assert_int_equal(read_cancel(200, CHARGE("canceled", "null")).result, PAYMENT_NOT_CHARGED);
}

static void
a_cancel_that_leaves_the_charge_standing_is_not_believed(void **state)
{
    (void)state;
    assert_int_equal(read_cancel(200, CHARGE("successful", AT)).result, PAYMENT_UNKNOWN);
    assert_int_equal(read_cancel(200, CHARGE("pending", "null")).result, PAYMENT_UNKNOWN);
}

static void
a_closed_cancel_window_is_final(void **state)
{
    (void)state;
    struct payment_answer answer = read_cancel(409, "{\"error\":{\"code\":\"CANCEL_WINDOW_CLOSED\",\"message\":\"\"}}");

    assert_int_equal(answer.result, PAYMENT_CANNOT);
    assert_string_equal(answer.cause, "window_closed");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_successful_charge_is_approved_with_its_facts),
        cmocka_unit_test(a_reference_that_reads_like_a_card_is_left_out_and_the_answer_counts),
        cmocka_unit_test(what_is_not_understood_is_unknown),
        cmocka_unit_test(a_servers_error_says_nothing_about_the_money),
        cmocka_unit_test(only_the_gateways_own_word_means_not_found),
        cmocka_unit_test(a_canceled_charge_was_reversed_only_if_it_had_been_accepted),
        cmocka_unit_test(a_cancel_that_leaves_the_charge_standing_is_not_believed),
        cmocka_unit_test(a_closed_cancel_window_is_final),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
