/* What the terminal's answers become for the till, on the simulated terminal. */
#include "common/clock/clock.h"
#include "drivers/payment_terminal/payment_terminal.h"
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

/* Else it would be unknown for ever, its basket with it, although the terminal says each time that nothing was taken. */
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_inquiry_that_hears_of_a_centre_that_was_not_reached_ends_the_payment),
        cmocka_unit_test(an_inquiry_tells_of_a_payment_that_was_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
