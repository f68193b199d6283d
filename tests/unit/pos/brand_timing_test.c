/* When a network is asked, and when a payment is given up: against a clock that only the test moves. */
#include "pos/payment/brand_timing.h"

#include "common/clock/civil.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int64_t
at(const char *text)
{
    int64_t ms;
    assert_int_equal(instant_parse(&ms, text, strlen(text)), STATUS_OK);
    return ms;
}

static const struct brand_timing *
timing_of(const char *adapter)
{
    const struct brand_timing *timing = brand_timing_find(brand_timings, brand_timing_count, adapter, "any");
    assert_non_null(timing);
    return timing;
}

static struct timing_decision
decide(const char *adapter, int64_t age_ms, int64_t heard_at_age_ms, enum payment_result heard, bool is_unwanted)
{
    const int64_t started_ms = at("2026-11-22T10:00:00+09:00");
    const struct timing_facts facts = {
        .now_ms = started_ms + age_ms,
        .started_ms = started_ms,
        .heard_ms = heard_at_age_ms >= 0 ? started_ms + heard_at_age_ms : 0,
        .heard = heard,
        .is_unwanted = is_unwanted,
    };
    return brand_timing_decide(timing_of(adapter), &facts);
}

enum { NEVER = -1 };

static void
assert_waits(struct timing_decision decision, int64_t ms)
{
    assert_int_equal(decision.action, TIMING_WAIT);
    assert_int_equal(decision.wait_ms, ms);
}

static void
the_first_inquiry_waits_as_the_network_asks(void **state)
{
    (void)state;
    assert_waits(decide("wechat_pay", 0, NEVER, PAYMENT_UNKNOWN, false), 5000);
    assert_waits(decide("wechat_pay", 4999, NEVER, PAYMENT_UNKNOWN, false), 1);
    assert_int_equal(decide("wechat_pay", 5000, NEVER, PAYMENT_UNKNOWN, false).action, TIMING_INQUIRE);
}

static void
a_pending_payment_is_asked_about_in_the_rhythm_of_its_network(void **state)
{
    (void)state;
    assert_waits(decide("wechat_pay", 14999, 5000, PAYMENT_PENDING, false), 1);
    assert_int_equal(decide("wechat_pay", 15000, 5000, PAYMENT_PENDING, false).action, TIMING_INQUIRE);
    assert_waits(decide("paypay", 4000, 2000, PAYMENT_PENDING, false), 1000);
    assert_int_equal(decide("paypay", 5000, 2000, PAYMENT_PENDING, false).action, TIMING_INQUIRE);
}

static void
what_is_pending_beyond_the_budget_is_cancelled_after_a_fresh_inquiry_only(void **state)
{
    (void)state;
    assert_int_equal(decide("wechat_pay", 45000, 45000, PAYMENT_PENDING, false).action, TIMING_CANCEL);
    assert_int_equal(decide("wechat_pay", 44999, 44999, PAYMENT_PENDING, false).action, TIMING_WAIT);
    /* Heard long ago: it may have been paid since. */
    assert_int_equal(decide("wechat_pay", 60000, 45000, PAYMENT_PENDING, false).action, TIMING_INQUIRE);
}

static void
silence_is_never_a_reason_to_cancel(void **state)
{
    (void)state;
    static const char *const adapters[] = {"aggregator", "paypay", "wechat_pay", "alipay_plus"};
    for (size_t i = 0; i < sizeof adapters / sizeof adapters[0]; i++) {
        for (int64_t age_ms = 0; age_ms < 40LL * 24 * 3600 * 1000; age_ms = age_ms * 2 + 1) {
            for (int64_t heard = NEVER; heard <= age_ms; heard = heard < 0 ? 0 : heard * 2 + 1) {
                const enum timing_action action = decide(adapters[i], age_ms, heard, PAYMENT_UNKNOWN, false).action;
                assert_true(action == TIMING_INQUIRE || action == TIMING_WAIT);
            }
        }
    }
}

static void
an_unanswered_payment_is_asked_about_for_ever_but_more_rarely_after_the_budget(void **state)
{
    (void)state;
    assert_int_equal(decide("paypay", 7000, 4000, PAYMENT_UNKNOWN, false).action, TIMING_INQUIRE);
    assert_waits(decide("paypay", 604000, 600000, PAYMENT_UNKNOWN, false), 26000);
    assert_int_equal(decide("paypay", 630000, 600000, PAYMENT_UNKNOWN, false).action, TIMING_INQUIRE);
}

static void
nothing_is_cancelled_before_the_network_allows_it(void **state)
{
    (void)state;
    for (int64_t age_ms = 0; age_ms < 15000; age_ms += 100) {
        assert_int_not_equal(decide("wechat_pay", age_ms, age_ms, PAYMENT_NOT_FOUND, false).action, TIMING_CANCEL);
        assert_int_not_equal(decide("wechat_pay", age_ms, age_ms, PAYMENT_APPROVED, true).action, TIMING_CANCEL);
        assert_int_not_equal(decide("wechat_pay", age_ms, age_ms, PAYMENT_PENDING, true).action, TIMING_CANCEL);
    }
    assert_int_equal(decide("wechat_pay", 15000, 15000, PAYMENT_NOT_FOUND, false).action, TIMING_CANCEL);
    assert_int_equal(decide("wechat_pay", 15000, 15000, PAYMENT_APPROVED, true).action, TIMING_CANCEL);
    assert_int_equal(decide("wechat_pay", 15000, 15000, PAYMENT_PENDING, true).action, TIMING_CANCEL);
}

static void
a_payment_given_up_is_cancelled_when_the_network_knows_it(void **state)
{
    (void)state;
    assert_int_equal(decide("paypay", 3000, 3000, PAYMENT_APPROVED, true).action, TIMING_CANCEL);
    assert_int_equal(decide("paypay", 3000, 3000, PAYMENT_PENDING, true).action, TIMING_CANCEL);
    assert_int_equal(decide("paypay", 3000, 3000, PAYMENT_UNKNOWN, true).action, TIMING_WAIT);
    assert_int_equal(decide("paypay", 300000, 300000, PAYMENT_UNKNOWN, true).action, TIMING_CANCEL);
}

static void
what_has_ended_is_left_alone(void **state)
{
    (void)state;
    static const enum payment_result ends[] = {PAYMENT_DECLINED, PAYMENT_NOT_CHARGED, PAYMENT_REVERSED, PAYMENT_CANNOT};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        assert_int_equal(decide("paypay", 10000, 3000, ends[i], false).action, TIMING_DONE);
        assert_int_equal(decide("paypay", 10000, 3000, ends[i], true).action, TIMING_DONE);
    }
    assert_int_equal(decide("paypay", 10000, 3000, PAYMENT_APPROVED, false).action, TIMING_DONE);
}

static enum timing_action
undo_at(const char *adapter, const char *accepted, const char *now)
{
    const struct timing_facts facts = {.now_ms = at(now),
                                       .started_ms = at(accepted) - 5000,
                                       .heard_ms = at(now),
                                       .heard = PAYMENT_APPROVED,
                                       .accepted_at_ms = at(accepted),
                                       .is_unwanted = true};
    return brand_timing_decide(timing_of(adapter), &facts).action;
}

static void
a_cancel_ends_at_the_second_that_the_network_names(void **state)
{
    (void)state;
    const char *const noon = "2026-11-22T12:00:00+09:00";
    assert_int_equal(undo_at("paypay", noon, "2026-11-23T00:14:59.999+09:00"), TIMING_CANCEL);
    assert_int_equal(undo_at("paypay", noon, "2026-11-23T00:15:00.000+09:00"), TIMING_REFUND);
    /* Just after midnight the next day's end counts, as the new day is that of the acceptance. */
    assert_int_equal(undo_at("paypay", "2026-11-23T00:00:01+09:00", "2026-11-23T23:59:59+09:00"), TIMING_CANCEL);
    assert_int_equal(undo_at("paypay", "2026-11-23T00:00:01+09:00", "2026-11-24T00:14:59+09:00"), TIMING_CANCEL);
    /* Beijing is an hour behind. */
    assert_int_equal(undo_at("alipay_plus", noon, "2026-11-23T01:14:59.999+09:00"), TIMING_CANCEL);
    assert_int_equal(undo_at("alipay_plus", noon, "2026-11-23T01:15:00.000+09:00"), TIMING_REFUND);
    assert_int_equal(undo_at("alipay_plus", "2026-11-23T00:30:00+09:00", "2026-11-23T01:15:00.000+09:00"),
                     TIMING_REFUND); /* 23:30 of the day before there */
    assert_int_equal(undo_at("wechat_pay", noon, "2026-11-29T11:59:59.999+09:00"), TIMING_CANCEL);
    assert_int_equal(undo_at("wechat_pay", noon, "2026-11-29T12:00:00.000+09:00"), TIMING_REFUND);
}

static void
a_clock_that_was_set_back_makes_nobody_wait_for_ever(void **state)
{
    (void)state;
    const struct timing_facts facts = {.now_ms = at("2026-11-22T10:00:00+09:00"),
                                       .started_ms = at("2026-11-22T11:00:00+09:00"),
                                       .heard_ms = at("2026-11-22T11:00:10+09:00"),
                                       .heard = PAYMENT_UNKNOWN};
    assert_int_equal(brand_timing_decide(timing_of("paypay"), &facts).action, TIMING_INQUIRE);
}

static void
a_brand_with_a_row_of_its_own_goes_by_it(void **state)
{
    (void)state;
    static const struct brand_timing rows[] = {
        {.adapter = "a", .poll_ms = 1}, {.adapter = "a", .brand = "x", .poll_ms = 2}, {.adapter = "b", .poll_ms = 3}};
    assert_int_equal(brand_timing_find(rows, 3, "a", "x")->poll_ms, 2);
    assert_int_equal(brand_timing_find(rows, 3, "a", "y")->poll_ms, 1);
    assert_int_equal(brand_timing_find(rows, 3, "b", "x")->poll_ms, 3);
    assert_null(brand_timing_find(rows, 3, "c", "x"));
}

static void
a_refund_has_its_window(void **state)
{
    (void)state;
    const int64_t accepted = at("2026-01-01T12:00:00+09:00");
    assert_true(brand_timing_can_refund(timing_of("wechat_pay"), accepted, at("2026-12-31T12:00:00+09:00")));
    assert_false(brand_timing_can_refund(timing_of("wechat_pay"), accepted, at("2027-01-02T12:00:00+09:00")));
    assert_true(brand_timing_can_refund(timing_of("paypay"), accepted, at("2030-01-01T12:00:00+09:00")));
}

static enum status
read_text(const char *text, struct brand_timing *out, size_t *count, struct error_detail *err)
{
    return brand_timings_read(out, count, text, strlen(text), err);
}

#define ROW(poll)                                                                                                      \
    "{\"adapter\":\"paypay\",\"first_wait_ms\":1,\"poll_ms\":" poll ",\"budget_ms\":3,\"earliest_cancel_ms\":4,"       \
    "\"cancel_for_ms\":0,\"cancel_days\":1,\"cancel_until_s\":900,\"utc_offset_minutes\":540,\"refund_days\":30}"

static void
a_file_stands_in_the_place_of_the_table(void **state)
{
    (void)state;
    static struct brand_timing rows[BRAND_TIMINGS_MAX];
    struct error_detail err;
    size_t count = 0;
    assert_int_equal(read_text("{\"timings\":[" ROW("2") "]}", rows, &count, &err), STATUS_OK);
    assert_int_equal(count, 1);
    assert_string_equal(rows[0].adapter, "paypay");
    assert_int_equal(rows[0].poll_ms, 2);
    assert_int_equal(rows[0].cancel_until_s, 900);
    assert_int_equal(rows[0].refund_days, 30);

    assert_int_equal(read_text("{\"timings\":[" ROW("2") "," ROW("0") "]}", rows, &count, &err), STATUS_OVERFLOW);
    assert_non_null(strstr(err.message, "row 2"));
    assert_non_null(strstr(err.message, "poll_ms"));
    assert_int_equal(read_text("{\"timings\":[{\"adapter\":\"paypay\"}]}", rows, &count, &err), STATUS_INVALID);
    assert_int_equal(read_text("[]", rows, &count, &err), STATUS_INVALID);
}

static void
the_built_in_table_is_in_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < brand_timing_count; i++) {
        const struct brand_timing *row = &brand_timings[i];
        assert_true(row->poll_ms > 0 && row->first_wait_ms >= 0 && row->budget_ms >= row->poll_ms);
        assert_true(row->earliest_cancel_ms <= row->budget_ms);
        assert_true((row->cancel_for_ms > 0) != (row->cancel_days > 0 || row->cancel_until_s > 0));
        assert_ptr_equal(brand_timing_find(brand_timings, brand_timing_count, row->adapter, row->brand), row);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_inquiry_waits_as_the_network_asks),
        cmocka_unit_test(a_pending_payment_is_asked_about_in_the_rhythm_of_its_network),
        cmocka_unit_test(what_is_pending_beyond_the_budget_is_cancelled_after_a_fresh_inquiry_only),
        cmocka_unit_test(silence_is_never_a_reason_to_cancel),
        cmocka_unit_test(an_unanswered_payment_is_asked_about_for_ever_but_more_rarely_after_the_budget),
        cmocka_unit_test(nothing_is_cancelled_before_the_network_allows_it),
        cmocka_unit_test(a_payment_given_up_is_cancelled_when_the_network_knows_it),
        cmocka_unit_test(what_has_ended_is_left_alone),
        cmocka_unit_test(a_cancel_ends_at_the_second_that_the_network_names),
        cmocka_unit_test(a_clock_that_was_set_back_makes_nobody_wait_for_ever),
        cmocka_unit_test(a_brand_with_a_row_of_its_own_goes_by_it),
        cmocka_unit_test(a_refund_has_its_window),
        cmocka_unit_test(a_file_stands_in_the_place_of_the_table),
        cmocka_unit_test(the_built_in_table_is_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
