/* Closing days, pay days, due days and fees, against dates that were looked up in a calendar. */
#include "settlement/terms/terms.h"

#include "common/money/yen.h"
#include "tests/unit/common/seeded_random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { COUNT_OF_HOLIDAYS = 7 };

static int64_t holidays[COUNT_OF_HOLIDAYS];
static struct bank_calendar calendar = {.holidays = holidays, .count = COUNT_OF_HOLIDAYS};

static struct civil_date
day(const char *text)
{
    struct civil_date date;
    assert_int_equal(civil_date_parse(&date, text, strlen(text)), STATUS_OK);
    return date;
}

static void
assert_day(struct civil_date got, const char *wanted)
{
    char text[CIVIL_DATE_TEXT_SIZE];
    assert_string_equal(civil_date_format(text, got), wanted);
}

/* Golden Week of 2026, two days of its November, and 成人の日 after it. */
static int
set_up(void **state)
{
    (void)state;
    static const char *const days[COUNT_OF_HOLIDAYS] = {"2026-04-29", "2026-05-04", "2026-05-05", "2026-05-06",
                                                        "2026-11-03", "2026-11-23", "2027-01-11"};
    for (size_t i = 0; i < COUNT_OF_HOLIDAYS; i++) {
        holidays[i] = civil_date_to_days(day(days[i]));
    }
    return 0;
}

static void
banks_are_closed_at_weekends_holidays_and_new_year(void **state)
{
    (void)state;
    static const char *const closed[] = {"2026-11-21", "2026-11-22", "2026-11-23", "2026-12-31",
                                         "2027-01-01", "2027-01-02", "2027-01-03"};
    for (size_t i = 0; i < sizeof closed / sizeof closed[0]; i++) {
        assert_false(bank_calendar_is_open(&calendar, day(closed[i])));
    }
    assert_true(bank_calendar_is_open(&calendar, day("2026-11-20")));
    assert_true(bank_calendar_is_open(&calendar, day("2026-12-30")));
    assert_true(bank_calendar_is_open(&calendar, day("2027-01-04")));
}

static void
a_closed_day_rolls_before_or_after_over_all_of_golden_week(void **state)
{
    (void)state;
    assert_day(bank_calendar_roll(&calendar, day("2026-05-05"), BANK_ROLL_BEFORE), "2026-05-01");
    assert_day(bank_calendar_roll(&calendar, day("2026-05-02"), BANK_ROLL_AFTER), "2026-05-07");
    assert_day(bank_calendar_roll(&calendar, day("2026-05-05"), BANK_ROLL_NONE), "2026-05-05");
    assert_day(bank_calendar_roll(&calendar, day("2026-05-01"), BANK_ROLL_BEFORE), "2026-05-01");
    assert_day(bank_calendar_add(&calendar, day("2026-04-30"), 2), "2026-05-07");
    assert_day(bank_calendar_add(&calendar, day("2026-11-20"), 1), "2026-11-24");
    assert_day(bank_calendar_add(&calendar, day("2026-12-30"), 1), "2027-01-04");
}

static void
a_month_end_closing_pays_at_the_end_of_the_next_month_on_the_day_before_a_holiday(void **state)
{
    (void)state;
    struct terms terms = {.closing = TERMS_MONTHLY,
                          .closing_day = 31,
                          .pay_after = 1,
                          .pay_day = 31,
                          .roll = BANK_ROLL_BEFORE,
                          .statement_days = 3};
    assert_day(terms_closing_of(&terms, day("2026-09-30")), "2026-09-30");
    assert_day(terms_closing_of(&terms, day("2026-10-01")), "2026-10-31");
    assert_day(terms_closing_of(&terms, day("2028-02-10")), "2028-02-29");
    assert_day(terms_pay_day(&terms, &calendar, day("2026-09-30")), "2026-10-30");       /* the 31st is a Saturday */
    assert_day(terms_pay_day(&terms, &calendar, day("2027-01-31")), "2027-02-26");       /* the 28th is a Sunday */
    assert_day(terms_pay_day(&terms, &calendar, day("2026-11-30")), "2026-12-30");       /* banks close on the 31st */
    assert_day(terms_statement_due(&terms, &calendar, day("2026-10-31")), "2026-11-05"); /* the 2nd, 4th, 5th */
}

static void
the_fifteenth_closing_of_one_month_pays_on_the_tenth_of_the_next(void **state)
{
    (void)state;
    struct terms terms = {
        .closing = TERMS_MONTHLY, .closing_day = 15, .pay_after = 1, .pay_day = 10, .roll = BANK_ROLL_AFTER};
    assert_day(terms_closing_of(&terms, day("2026-12-15")), "2026-12-15");
    assert_day(terms_closing_of(&terms, day("2026-12-16")), "2027-01-15");
    assert_day(terms_pay_day(&terms, &calendar, day("2026-12-15")), "2027-01-12"); /* a Sunday, then a holiday */
}

static void
twice_a_month_each_closing_is_paid_at_the_next(void **state)
{
    (void)state;
    struct terms terms = {.closing = TERMS_SEMIMONTHLY, .pay_after = 1, .roll = BANK_ROLL_BEFORE};
    assert_day(terms_closing_of(&terms, day("2026-11-15")), "2026-11-15");
    assert_day(terms_closing_of(&terms, day("2026-11-16")), "2026-11-30");
    assert_day(terms_pay_day(&terms, &calendar, day("2026-11-15")), "2026-11-30");
    assert_day(terms_pay_day(&terms, &calendar, day("2026-10-31")), "2026-11-13"); /* the 15th is a Sunday */
}

static void
a_daily_closing_is_paid_some_working_days_later(void **state)
{
    (void)state;
    struct terms terms = {.closing = TERMS_DAILY, .pay_after = 2, .roll = BANK_ROLL_AFTER, .statement_days = 1};
    assert_day(terms_pay_day(&terms, &calendar, day("2026-11-20")), "2026-11-25");
    assert_day(terms_statement_due(&terms, &calendar, day("2026-11-20")), "2026-11-24");
    /* On the 24th the statement of Friday may still come: Thursday's had to be here on Friday. */
    assert_day(terms_last_reported(&terms, &calendar, day("2026-11-24")), "2026-11-19");
    assert_day(terms_last_reported(&terms, &calendar, day("2026-11-25")), "2026-11-23");
}

static void
a_month_is_reported_only_when_its_days_of_grace_are_over(void **state)
{
    (void)state;
    struct terms terms = {.closing = TERMS_MONTHLY, .closing_day = 31, .pay_day = 31, .statement_days = 3};
    assert_day(terms_last_reported(&terms, &calendar, day("2026-11-05")), "2026-09-30");
    assert_day(terms_last_reported(&terms, &calendar, day("2026-11-06")), "2026-10-31");
}

static void
a_fee_is_rounded_as_agreed_and_a_refund_gives_back_the_same(void **state)
{
    (void)state;
    static const struct {
        int64_t rate;
        enum fee_rounding rounding;
        int64_t amount_yen;
        int64_t fee_yen;
    } cases[] = {
        {20000, FEE_FLOOR, 450, 9},    {20000, FEE_FLOOR, 449, 8},
        {20000, FEE_CEILING, 449, 9},  {20000, FEE_HALF_UP, 425, 9},
        {20000, FEE_HALF_UP, 424, 8},  {35640, FEE_FLOOR, 750, 26},
        {35640, FEE_CEILING, 750, 27}, {35640, FEE_HALF_UP, 750, 27},
        {0, FEE_CEILING, 750, 0},      {32400, FEE_HALF_UP, 1000000, 32400},
        {1, FEE_CEILING, 1, 1},        {FEE_RATE_MAX, FEE_FLOOR, YEN_LIMIT, YEN_LIMIT / 5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct terms terms = {.has_fee = true, .fee_rate = cases[i].rate, .rounding = cases[i].rounding};
        assert_int_equal(terms_fee(&terms, cases[i].amount_yen), cases[i].fee_yen);
        assert_int_equal(terms_fee(&terms, -cases[i].amount_yen), -cases[i].fee_yen);
    }
}

/* What must hold for any agreement and day. */
static void
every_day_is_in_one_period_and_money_never_comes_before_it_is_closed(void **state)
{
    (void)state;
    struct seeded_random random = {11};
    for (int round = 0; round < 3000; round++) {
        struct terms terms = {.closing = (enum terms_closing)seeded_between(&random, 0, 2),
                              .closing_day = (int)seeded_between(&random, 1, 31),
                              .pay_after = (int)seeded_between(&random, 1, 3),
                              .pay_day = (int)seeded_between(&random, 1, 31),
                              .roll = BANK_ROLL_AFTER,
                              .statement_days = (int)seeded_between(&random, 0, 9)};
        struct civil_date at = civil_date_add_days(day("2024-01-01"), (int)seeded_between(&random, 0, 1500));
        struct civil_date closing = terms_closing_of(&terms, at);

        assert_true(civil_date_compare(at, closing) <= 0);
        assert_int_equal(civil_date_compare(terms_closing_of(&terms, closing), closing), 0);
        assert_true(civil_date_to_days(closing) - civil_date_to_days(at) <= 31);
        assert_true(civil_date_compare(terms_pay_day(&terms, &calendar, closing), closing) > 0);
        assert_true(bank_calendar_is_open(&calendar, terms_pay_day(&terms, &calendar, closing)));
        /* A payment is overdue exactly when its period is among those that had to be reported. */
        struct civil_date today = civil_date_add_days(at, (int)seeded_between(&random, 0, 90));
        bool is_overdue = civil_date_compare(terms_statement_due(&terms, &calendar, closing), today) < 0;
        struct civil_date reported = terms_last_reported(&terms, &calendar, today);
        assert_int_equal(civil_date_compare(closing, reported) <= 0, is_overdue);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(banks_are_closed_at_weekends_holidays_and_new_year),
        cmocka_unit_test(a_closed_day_rolls_before_or_after_over_all_of_golden_week),
        cmocka_unit_test(a_month_end_closing_pays_at_the_end_of_the_next_month_on_the_day_before_a_holiday),
        cmocka_unit_test(the_fifteenth_closing_of_one_month_pays_on_the_tenth_of_the_next),
        cmocka_unit_test(twice_a_month_each_closing_is_paid_at_the_next),
        cmocka_unit_test(a_daily_closing_is_paid_some_working_days_later),
        cmocka_unit_test(a_month_is_reported_only_when_its_days_of_grace_are_over),
        cmocka_unit_test(a_fee_is_rounded_as_agreed_and_a_refund_gives_back_the_same),
        cmocka_unit_test(every_day_is_in_one_period_and_money_never_comes_before_it_is_closed),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
