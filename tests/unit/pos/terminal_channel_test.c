/* What the terminal's answers become for the till, on the simulated terminal. */
#include "common/clock/clock.h"
#include "drivers/payment_terminal/payment_terminal_driver.h"
#include "drivers/simulated/simulated.h"
#include "pos/payment/channel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char payment[] = "01a1b2c3-d4e5-7f60-8a9b-0c1d2e3f4a5b";

static struct payment_channel *
open_channel(void)
{
    struct payment_terminal *terminal = NULL;
    struct payment_channel *channel = NULL;
    assert_int_equal(simulated_terminal_open(clock_system(), &terminal, NULL), STATUS_OK);
    assert_int_equal(terminal_channel_create(&channel, terminal, 5000, NULL), STATUS_OK);
    return channel;
}

static struct payment_answer
sell_then_inquire(int64_t amount_yen)
{
    struct payment_channel *channel = open_channel();
    struct payment_request request = {.sequence_number = 1, .amount_yen = amount_yen, .method = METHOD_CREDIT};
    struct payment_reference reference = {.amount_yen = amount_yen};
    struct payment_answer answer;
    snprintf(request.payment, sizeof request.payment, "%s", payment);
    snprintf(request.brand, sizeof request.brand, "visa");
    snprintf(reference.payment, sizeof reference.payment, "%s", payment);
    snprintf(reference.brand, sizeof reference.brand, "visa");

    channel->operations->start(channel, &request, &answer); /* as if its answer were lost */
    channel->operations->inquire(channel, &reference, &answer);
    payment_channel_destroy(channel);
    return answer;
}

/* Else it would be unknown for ever, its basket with it, although the terminal says each time that nothing was taken.
 */
static void
an_inquiry_that_hears_of_a_centre_that_was_not_reached_ends_the_payment(void **state)
{
    (void)state;

    struct payment_answer answer = sell_then_inquire(9902);

    assert_int_equal(answer.result, PAYMENT_NOT_CHARGED);
    assert_string_equal(answer.cause, "communication_error");
}

static void
an_inquiry_tells_of_a_payment_that_was_taken(void **state)
{
    (void)state;

    struct payment_answer answer = sell_then_inquire(450);

    assert_int_equal(answer.result, PAYMENT_APPROVED);
    assert_int_equal(answer.amount_yen, 450);
}

/* A terminal whose answer to a refund is lost, and which keeps no references: asked again it gives back again. */
struct forgetful {
    struct payment_terminal base;
    enum terminal_result next_result; /* what it says to a refund */
    enum terminal_result query_result;
    int64_t query_yen;
    int64_t given_back_yen;
};

static struct forgetful forgetful;

static void
forgetful_refund(struct payment_terminal *terminal, const struct terminal_refund *wanted, unsigned timeout_ms,
                 struct terminal_answer *out, struct error_detail *err)
{
    (void)terminal;
    (void)timeout_ms;
    forgetful.given_back_yen += wanted->amount_yen;
    out->result = forgetful.next_result;
    out->amount_yen = wanted->amount_yen;
    terminal_result_explain(out->result, err);
}

static void
forgetful_query(struct payment_terminal *terminal, const char *reference, unsigned timeout_ms,
                struct terminal_answer *out, struct error_detail *err)
{
    (void)terminal;
    (void)reference;
    (void)timeout_ms;
    const bool is_known = forgetful.given_back_yen > 0;
    out->result = is_known ? forgetful.query_result : TERMINAL_NOT_FOUND;
    out->amount_yen = is_known ? forgetful.query_yen : 0;
    terminal_result_explain(out->result, err);
}

static void
forgetful_reverse(struct payment_terminal *terminal, const char *reference, unsigned timeout_ms,
                  struct terminal_answer *out, struct error_detail *err)
{
    (void)terminal;
    (void)reference;
    (void)timeout_ms;
    forgetful.given_back_yen = 300;
    out->result = TERMINAL_NOT_ALLOWED;
    terminal_result_explain(out->result, err);
}

static void
forgetful_close(struct payment_terminal *terminal)
{
    (void)terminal;
}

static const struct payment_terminal_driver forgetful_driver = {.name = "forgetful",
                                                                .refund = forgetful_refund,
                                                                .query = forgetful_query,
                                                                .reverse = forgetful_reverse,
                                                                .close = forgetful_close};

/* 100 yen of a sale are asked back twice; what is said in the end. */
static enum payment_result
refund_twice(enum terminal_result first, enum terminal_result query_result, int64_t query_yen)
{
    struct payment_channel *channel = NULL;
    struct payment_reference reference = {.amount_yen = 300, .brand = "visa"};
    struct payment_refund wanted = {.amount_yen = 100, .reason = ""};
    struct payment_answer answer;
    forgetful = (struct forgetful){.base = {.driver = &forgetful_driver},
                                   .next_result = first,
                                   .query_result = query_result,
                                   .query_yen = query_yen};
    snprintf(reference.payment, sizeof reference.payment, "%s", payment);
    snprintf(wanted.refund, sizeof wanted.refund, "01a1b2c3-d4e5-7f60-8a9b-0c1d2e3f4a5c");
    assert_int_equal(terminal_channel_create(&channel, &forgetful.base, 5000, NULL), STATUS_OK);
    payment_channel_refund(channel, &reference, &wanted, &answer);
    payment_channel_refund(channel, &reference, &wanted, &answer);
    payment_channel_destroy(channel);
    return answer.result;
}

static void
a_refund_whose_answer_was_lost_is_asked_about_and_not_sent_again(void **state)
{
    (void)state;
    assert_int_equal(refund_twice(TERMINAL_UNKNOWN, TERMINAL_APPROVED, 100), PAYMENT_REVERSED);
    assert_int_equal(forgetful.given_back_yen, 100);
}

static void
a_refund_that_was_made_and_then_denied_is_not_refused(void **state)
{
    (void)state;
    assert_int_equal(refund_twice(TERMINAL_CENTER_ERROR, TERMINAL_APPROVED, 100), PAYMENT_REVERSED);
    assert_int_equal(refund_twice(TERMINAL_NOT_ALLOWED, TERMINAL_UNKNOWN, 0), PAYMENT_UNKNOWN);
    assert_int_equal(forgetful.given_back_yen, 100);
}

static void
another_amount_is_not_our_refund(void **state)
{
    (void)state;
    assert_int_equal(refund_twice(TERMINAL_UNKNOWN, TERMINAL_APPROVED, 99), PAYMENT_UNKNOWN);
    assert_int_equal(forgetful.given_back_yen, 100);
}

static enum payment_result
cancel_that_is_refused(enum terminal_result query_result)
{
    struct payment_channel *channel = NULL;
    struct payment_reference reference = {.amount_yen = 300, .brand = "visa", .accepted_at_ms = 1};
    struct payment_answer answer;
    forgetful = (struct forgetful){.base = {.driver = &forgetful_driver}, .query_result = query_result};
    snprintf(reference.payment, sizeof reference.payment, "%s", payment);
    assert_int_equal(terminal_channel_create(&channel, &forgetful.base, 5000, NULL), STATUS_OK);
    channel->operations->cancel(channel, &reference, &answer);
    payment_channel_destroy(channel);
    return answer.result;
}

static void
a_refused_cancel_is_believed_only_while_the_sale_stands(void **state)
{
    (void)state;
    assert_int_equal(cancel_that_is_refused(TERMINAL_CANCELLED), PAYMENT_REVERSED);
    assert_int_equal(cancel_that_is_refused(TERMINAL_UNKNOWN), PAYMENT_UNKNOWN);
    assert_int_equal(cancel_that_is_refused(TERMINAL_APPROVED), PAYMENT_CANNOT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_inquiry_that_hears_of_a_centre_that_was_not_reached_ends_the_payment),
        cmocka_unit_test(an_inquiry_tells_of_a_payment_that_was_taken),
        cmocka_unit_test(a_refund_whose_answer_was_lost_is_asked_about_and_not_sent_again),
        cmocka_unit_test(a_refund_that_was_made_and_then_denied_is_not_refused),
        cmocka_unit_test(another_amount_is_not_our_refund),
        cmocka_unit_test(a_refused_cancel_is_believed_only_while_the_sale_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
