/* Whole courses of a payment at the two foreign wallets, by a clock that only the test moves: when they are asked, and
 * when a payment is given up. The numbers are those that the networks publish (docs/protocol/wechat-pay.md,
 * alipay-plus.md). */
#include "pos/payment/brand_timing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { ASKED_MAX = 64, SECOND = 1000 };

/* What the network says at an age of the payment. */
typedef enum payment_result network(int64_t age_ms);

struct course {
    int64_t asked[ASKED_MAX]; /* ages in seconds */
    size_t count;
    int64_t cancelled_at; /* −1: never */
};

/* As the till's resolver does it: ask when it is time, decide at once on what was heard, else wait. */
static struct course
run(const char *adapter, network *says, bool is_unwanted, int64_t until_ms)
{
    const int64_t started_ms = INT64_C(1795309200000);
    const struct brand_timing *timing = brand_timing_find(brand_timings, brand_timing_count, adapter, "");
    struct timing_facts facts = {.now_ms = started_ms, .started_ms = started_ms, .is_unwanted = is_unwanted};
    struct course out = {.cancelled_at = -1};
    while (facts.now_ms - started_ms < until_ms) {
        const struct timing_decision decision = brand_timing_decide(timing, &facts);
        const int64_t age_ms = facts.now_ms - started_ms;
        switch (decision.action) {
        case TIMING_WAIT:
            facts.now_ms += decision.wait_ms;
            break;
        case TIMING_INQUIRE:
            assert_true(out.count < ASKED_MAX);
            out.asked[out.count++] = age_ms / SECOND;
            facts.heard = says(age_ms);
            facts.heard_ms = facts.now_ms;
            break;
        case TIMING_CANCEL:
        case TIMING_REFUND:
            out.cancelled_at = age_ms / SECOND;
            return out;
        case TIMING_DONE:
            return out;
        }
    }
    return out;
}

static void
assert_asked(const struct course *course, const int64_t *expected, size_t count)
{
    assert_int_equal(course->count, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(course->asked[i], expected[i]);
    }
}

#define ASSERT_ASKED(course, ...)                                                                                      \
    assert_asked(&(course), (const int64_t[]){__VA_ARGS__}, sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

static enum payment_result
payer_never_confirms(int64_t age_ms)
{
    (void)age_ms;
    return PAYMENT_PENDING;
}

static enum payment_result
payer_confirms_after_20_s(int64_t age_ms)
{
    return age_ms >= 20 * SECOND ? PAYMENT_APPROVED : PAYMENT_PENDING;
}

static enum payment_result
never_seen(int64_t age_ms)
{
    (void)age_ms;
    return PAYMENT_NOT_FOUND;
}

static enum payment_result
nobody_answers(int64_t age_ms)
{
    (void)age_ms;
    return PAYMENT_UNKNOWN;
}

static void
wechat_asks_after_5_s_then_every_10_and_reverses_after_45(void **state)
{
    (void)state;
    struct course course = run("wechat_pay", payer_never_confirms, false, 300 * SECOND);
    ASSERT_ASKED(course, 5, 15, 25, 35, 45);
    assert_int_equal(course.cancelled_at, 45);
}

static void
wechat_stops_asking_when_the_payer_has_paid(void **state)
{
    (void)state;
    struct course course = run("wechat_pay", payer_confirms_after_20_s, false, 300 * SECOND);
    ASSERT_ASKED(course, 5, 15, 25);
    assert_int_equal(course.cancelled_at, -1);
}

static void
wechat_reverses_what_was_never_seen_not_before_15_s(void **state)
{
    (void)state;
    struct course course = run("wechat_pay", never_seen, false, 300 * SECOND);
    ASSERT_ASKED(course, 5, 15);
    assert_int_equal(course.cancelled_at, 15);
}

static void
wechat_reverses_what_the_clerk_gave_up_not_before_15_s(void **state)
{
    (void)state;
    assert_int_equal(run("wechat_pay", payer_never_confirms, true, 300 * SECOND).cancelled_at, 15);
}

static void
wechat_is_asked_for_ever_when_nobody_answers_and_nothing_is_reversed_for_it(void **state)
{
    (void)state;
    struct course course = run("wechat_pay", nobody_answers, false, 500 * SECOND);
    ASSERT_ASKED(course, 5, 15, 25, 35, 135, 235, 335, 435);
    assert_int_equal(course.cancelled_at, -1);
}

static void
alipay_asks_every_3_s_and_cancels_after_60(void **state)
{
    (void)state;
    struct course course = run("alipay_plus", payer_never_confirms, false, 300 * SECOND);
    assert_int_equal(course.asked[0], 5);
    for (size_t i = 1; i < course.count; i++) {
        assert_int_equal(course.asked[i] - course.asked[i - 1], 3);
    }
    assert_int_equal(course.cancelled_at, 62); /* the first answer after a minute */
}

static void
alipay_cancels_what_was_never_seen_at_once(void **state)
{
    (void)state;
    assert_int_equal(run("alipay_plus", never_seen, false, 300 * SECOND).cancelled_at, 5);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wechat_asks_after_5_s_then_every_10_and_reverses_after_45),
        cmocka_unit_test(wechat_stops_asking_when_the_payer_has_paid),
        cmocka_unit_test(wechat_reverses_what_was_never_seen_not_before_15_s),
        cmocka_unit_test(wechat_reverses_what_the_clerk_gave_up_not_before_15_s),
        cmocka_unit_test(wechat_is_asked_for_ever_when_nobody_answers_and_nothing_is_reversed_for_it),
        cmocka_unit_test(alipay_asks_every_3_s_and_cancels_after_60),
        cmocka_unit_test(alipay_cancels_what_was_never_seen_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
