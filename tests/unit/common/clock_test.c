/* Civil dates, eras and instants: every day that the program knows, and the forms that it must not take. */
#include "common/clock/civil.h"
#include "common/clock/clock.h"

#include "tests/unit/common/seeded_random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define MINUTE_MS INT64_C(60000)
#define DAY_MS (24 * 60 * MINUTE_MS)
#define JST_MS (9 * 60 * MINUTE_MS)

static const struct civil_date FIRST_DAY = {1900, 1, 1};
static const struct civil_date LAST_DAY = {2199, 12, 31};

static void
assert_date(struct civil_date date, int year, int month, int day)
{
    assert_int_equal(date.year, year);
    assert_int_equal(date.month, month);
    assert_int_equal(date.day, day);
}

/* The calendar counted on one day at a time, by the rule that schools teach. */
static struct civil_date
day_after(struct civil_date date)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = date.year % 400 == 0 || (date.year % 4 == 0 && date.year % 100 != 0);
    int length = date.month == 2 && is_leap ? 29 : lengths[date.month - 1];
    if (date.day < length) {
        return (struct civil_date){date.year, date.month, date.day + 1};
    }
    return date.month < 12 ? (struct civil_date){date.year, date.month + 1, 1}
                           : (struct civil_date){date.year + 1, 1, 1};
}

static void
every_day_from_1900_to_2199_survives_all_its_forms(void **state)
{
    (void)state;
    int64_t days = civil_date_to_days(FIRST_DAY);
    int weekday = 1; /* 1900-01-01 was a Monday */
    assert_int_equal(days, -25567);
    for (struct civil_date date = FIRST_DAY; date.year <= LAST_DAY.year; date = day_after(date)) {
        assert_true(civil_date_is_valid(date));
        assert_int_equal(civil_date_to_days(date), days);
        assert_int_equal(civil_date_compare(civil_date_from_days(days), date), 0);
        assert_int_equal(civil_date_weekday(date), weekday);
        char text[CIVIL_DATE_TEXT_SIZE];
        struct civil_date read;
        assert_int_equal(civil_date_parse(&read, civil_date_format(text, date), 10), STATUS_OK);
        assert_int_equal(civil_date_compare(read, date), 0);
        int64_t midnight_ms = days * DAY_MS - JST_MS;
        assert_int_equal(civil_date_compare(civil_date_at(midnight_ms), date), 0);
        assert_int_equal(civil_date_compare(civil_date_at(midnight_ms + DAY_MS - 1), date), 0);
        days++;
        weekday = (weekday + 1) % 7;
    }
    assert_int_equal(days, 84006); /* 2200-01-01 */
}

static void
days_that_do_not_exist_are_not_valid(void **state)
{
    (void)state;
    static const struct civil_date wrong[] = {
        {1899, 12, 31}, {2200, 1, 1},  {2026, 0, 1},  {2026, 13, 1}, {2026, 1, 0},  {2026, 1, 32},
        {2026, 4, 31},  {2026, 2, 29}, {1900, 2, 29}, {2100, 2, 29}, {2026, -1, 1}, {2026, 1, -1},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(civil_date_is_valid(wrong[i]));
    }
    assert_true(civil_date_is_valid((struct civil_date){2000, 2, 29}));
    assert_true(civil_date_is_valid((struct civil_date){2028, 2, 29}));
}

static void
dates_compare_as_they_follow_each_other(void **state)
{
    (void)state;
    static const struct civil_date rising[] = {{1900, 1, 1}, {2025, 12, 31}, {2026, 1, 1}, {2026, 1, 2}, {2026, 2, 1}};
    for (size_t i = 0; i < 5; i++) {
        for (size_t j = 0; j < 5; j++) {
            int order = civil_date_compare(rising[i], rising[j]);
            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
        }
    }
}

static void
days_are_added_across_months_years_and_leap_days(void **state)
{
    (void)state;
    assert_date(civil_date_add_days((struct civil_date){2028, 2, 28}, 1), 2028, 2, 29);
    assert_date(civil_date_add_days((struct civil_date){2027, 2, 28}, 1), 2027, 3, 1);
    assert_date(civil_date_add_days((struct civil_date){2026, 12, 31}, 1), 2027, 1, 1);
    assert_date(civil_date_add_days((struct civil_date){2027, 1, 1}, -1), 2026, 12, 31);
    assert_date(civil_date_add_days(FIRST_DAY, 109572), 2199, 12, 31);
    assert_date(civil_date_add_days(LAST_DAY, -109572), 1900, 1, 1);
}

static void
date_text_is_read_strictly(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",           "2026-11-2",   "2026-11-222", "2026/11/22", "20261122",   "2026-13-01", "2026-02-29",
        "2026-00-10", "2026-10-00",  "1899-12-31",  "2200-01-01", " 026-11-22", "+026-11-22", "2026-1-022",
        "2026-11-2x", "2026-11\n22", "２０２６",    "-026-11-22", "2026-11- 2", "0000-01-01",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct civil_date date = {7, 7, 7};
        assert_int_equal(civil_date_parse(&date, wrong[i], strlen(wrong[i])), STATUS_INVALID);
        assert_date(date, 7, 7, 7);
    }
}

static void
the_fiscal_year_is_named_by_its_april(void **state)
{
    (void)state;
    assert_int_equal(fiscal_year_of((struct civil_date){2026, 3, 31}), 2025);
    assert_int_equal(fiscal_year_of((struct civil_date){2026, 4, 1}), 2026);
    assert_int_equal(fiscal_year_of((struct civil_date){2026, 12, 31}), 2026);
    assert_int_equal(fiscal_year_of((struct civil_date){2027, 1, 1}), 2026);
    assert_int_equal(fiscal_year_of((struct civil_date){2027, 3, 31}), 2026);
}

static int64_t
instant(const char *text)
{
    int64_t ms;
    assert_int_equal(instant_parse(&ms, text, strlen(text)), STATUS_OK);
    return ms;
}

static void
the_hours_before_the_day_start_belong_to_the_day_before(void **state)
{
    (void)state;
    int64_t before = instant("2026-11-23T01:59:59.999+09:00");
    int64_t from = instant("2026-11-23T02:00:00.000+09:00");
    assert_date(business_date_at(before, 120), 2026, 11, 22);
    assert_date(business_date_at(from, 120), 2026, 11, 23);
    assert_date(business_date_at(before, 0), 2026, 11, 23);
    assert_date(business_date_at(instant("2026-11-23T11:58:59+09:00"), 719), 2026, 11, 22);
}

static void
eras_change_on_their_day(void **state)
{
    (void)state;
    static const struct {
        struct civil_date date;
        const char *era;
        char letter;
        int year;
    } cases[] = {
        {{1900, 1, 1}, "明治", 'M', 33},    {{1912, 7, 29}, "明治", 'M', 45}, {{1912, 7, 30}, "大正", 'T', 1},
        {{1926, 12, 24}, "大正", 'T', 15},  {{1926, 12, 25}, "昭和", 'S', 1}, {{1926, 12, 31}, "昭和", 'S', 1},
        {{1927, 1, 1}, "昭和", 'S', 2},     {{1989, 1, 7}, "昭和", 'S', 64},  {{1989, 1, 8}, "平成", 'H', 1},
        {{2019, 4, 30}, "平成", 'H', 31},   {{2019, 5, 1}, "令和", 'R', 1},   {{2026, 11, 22}, "令和", 'R', 8},
        {{2199, 12, 31}, "令和", 'R', 181},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct era_year era = civil_date_era(cases[i].date);
        assert_string_equal(era.era, cases[i].era);
        assert_int_equal(era.letter, cases[i].letter);
        assert_int_equal(era.year, cases[i].year);
    }
}

static void
public_vectors_of_two_digit_era_dates_are_read_as_they_say(void **state)
{
    (void)state;
    FILE *file = fopen(MADOGUCHI_SOURCE_DIR "/tests/fixtures/wareki/two_digit_years.txt", "r");
    assert_non_null(file);
    char digits[8];
    char expected[16];
    size_t count = 0;
    while (fscanf(file, "%7s %15s", digits, expected) == 2) {
        struct civil_date date;
        char text[CIVIL_DATE_TEXT_SIZE];
        assert_int_equal(civil_date_parse_era(&date, digits, (struct civil_date){2025, 12, 31}), STATUS_OK);
        assert_string_equal(civil_date_format(text, date), expected);
        count++;
    }
    fclose(file);
    assert_int_equal(count, 4);
}

static void
an_era_date_is_never_after_the_day_that_the_caller_knows(void **state)
{
    (void)state;
    struct civil_date date;
    const struct civil_date today = {2026, 11, 22};
    assert_int_equal(civil_date_parse_era(&date, "081122", today), STATUS_OK);
    assert_date(date, 2026, 11, 22);
    assert_int_equal(civil_date_parse_era(&date, "081123", today), STATUS_OK);
    assert_date(date, 1996, 11, 23); /* 令和8年11月23日 is tomorrow, so 平成8年 */
    assert_int_equal(civil_date_parse_era(&date, "310501", today), STATUS_OK);
    assert_date(date, 1956, 5, 1); /* 平成 had no 31年5月, so 昭和31年 */
    assert_int_equal(civil_date_parse_era(&date, "080229", today), STATUS_OK);
    assert_date(date, 1996, 2, 29); /* 2026 has no leap day */
}

static void
era_dates_that_fit_no_era_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"000101", "081301", "080001", "080100", "080132", "650101",
                                        "990101", "08112x", "+81122", " 81122", "08-122"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct civil_date date;
        assert_int_equal(civil_date_parse_era(&date, wrong[i], (struct civil_date){2026, 11, 22}), STATUS_INVALID);
    }
    struct civil_date date;
    assert_int_equal(civil_date_parse_era(&date, "010501", (struct civil_date){1900, 1, 1}), STATUS_INVALID);
}

static void
instants_are_read_in_every_form_with_an_offset(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms;
    } cases[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"1970-01-01T09:00:00+09:00", 0},
        {"1970-01-01T00:00:00+00:00", 0},
        {"1970-01-01T00:00:00-00:00", 0},
        {"1969-12-31T19:00:00-05:00", 0},
        {"1970-01-01T05:45:00+05:45", 0},
        {"1970-01-01T14:00:00+14:00", 0},
        {"1970-01-01T14:59:00+14:59", 0},
        {"1969-12-31T12:00:00-12:00", 0},
        {"1970-01-01T00:00:00.1Z", 100},
        {"1970-01-01T00:00:00.12Z", 120},
        {"1970-01-01T00:00:00.123Z", 123},
        {"1970-01-01T00:00:00.1239Z", 123},
        {"1970-01-01T00:00:00.123456789Z", 123},
        {"1970-01-01T00:00:00.000999999Z", 0},
        {"1969-12-31T23:59:59.999Z", -1},
        {"2026-11-22T10:03:11.123+09:00", INT64_C(1795309391123)},
        {"2026-11-22T01:03:11.123Z", INT64_C(1795309391123)},
        {"2000-02-29T23:59:59+09:00", INT64_C(951836399000)},
        {"1900-01-01T00:00:00+09:00", INT64_C(-2209021200000)},
        {"2199-12-31T23:59:59.999+09:00", INT64_C(7258085999999)},
        {"2199-12-31T14:59:59.999Z", INT64_C(7258085999999)},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(instant(cases[i].text), cases[i].ms);
    }
}

static void
instants_in_other_forms_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "2026-11-22",
        "2026-11-22T10:03:11",
        "2026-11-22T10:03:11.123",
        "2026-11-22 10:03:11Z",
        "2026-11-22t10:03:11Z",
        "2026-11-22T10:03:11z",
        "2026-11-22T10:03Z",
        "2026-11-22T10:03:11+0900",
        "2026-11-22T10:03:11+09",
        "2026-11-22T10:03:11+9:00",
        "2026-11-22T10:03:11+09:60",
        "2026-11-22T10:03:11+15:00",
        "2026-11-22T10:03:11-15:00",
        "2026-11-22T10:03:11 +09:00",
        "2026-11-22T10:03:11+09:00 ",
        "2026-11-22T10:03:11+09:00Z",
        "2026-11-22T10:03:11ZZ",
        "2026-11-22T10:03:11.Z",
        "2026-11-22T10:03:11,123Z",
        "2026-11-22T10:03:11.1234567890Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22T23:60:00Z",
        "2026-11-22T23:59:60Z",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "1899-12-31T23:59:59Z",
        "2200-01-01T00:00:00Z",
        "-026-11-22T10:03:11Z",
        "2026-11-22T1 :03:11Z",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        int64_t ms = 777;
        assert_int_equal(instant_parse(&ms, wrong[i], strlen(wrong[i])), STATUS_INVALID);
        assert_int_equal(ms, 777);
    }
    int64_t ms;
    assert_int_equal(instant_parse(&ms, "2026-11-22T10:03:11Z\0", 21), STATUS_INVALID);
    assert_int_equal(instant_parse(&ms, "2026-11-22T10:03:11Z", 19), STATUS_INVALID);
}

/* Whatever instant_parse takes, the calendar must be able to name in Japan: a line from outside must not stop us. */
static void
an_instant_whose_day_in_japan_is_out_of_range_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "2199-12-31T15:00:00Z",      "2199-12-31T23:59:59.999-14:00", "2199-12-31T23:59:59+08:59",
        "1900-01-01T00:00:00+14:00", "1900-01-01T00:00:00+09:01",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        int64_t ms;
        assert_int_equal(instant_parse(&ms, wrong[i], strlen(wrong[i])), STATUS_INVALID);
    }
    assert_true(instant_is_valid(INT64_C(-2209021200000)));
    assert_false(instant_is_valid(INT64_C(-2209021200001)));
    assert_true(instant_is_valid(INT64_C(7258085999999)));
    assert_false(instant_is_valid(INT64_C(7258086000000)));
    assert_false(instant_is_valid(INT64_MIN));
    assert_false(instant_is_valid(INT64_MAX));
}

static void
every_instant_is_read_back_from_its_text(void **state)
{
    (void)state;
    struct seeded_random random = {1951};
    for (int i = 0; i < 100000; i++) {
        int64_t ms = seeded_between(&random, INT64_C(-2209021200000), INT64_C(7258085999999));
        char text[INSTANT_TEXT_SIZE];
        instant_format(text, ms);
        assert_int_equal(strlen(text), INSTANT_TEXT_SIZE - 1);
        assert_int_equal(instant(text), ms);
    }
}

static void
instants_are_written_in_japan_standard_time(void **state)
{
    (void)state;
    char text[INSTANT_TEXT_SIZE];
    assert_string_equal(instant_format(text, 0), "1970-01-01T09:00:00.000+09:00");
    assert_string_equal(instant_format(text, -1), "1970-01-01T08:59:59.999+09:00");
    assert_string_equal(instant_format(text, INT64_C(1795309391123)), "2026-11-22T10:03:11.123+09:00");
    assert_string_equal(instant_format(text, INT64_C(-2209021200000)), "1900-01-01T00:00:00.000+09:00");
    assert_string_equal(instant_format(text, INT64_C(7258085999999)), "2199-12-31T23:59:59.999+09:00");
}

static void
the_system_clock_is_in_our_century_and_its_monotonic_side_never_goes_back(void **state)
{
    (void)state;
    struct clock_source clock = clock_system();
    assert_true(clock_now_ms(&clock) > instant("2024-01-01T00:00:00Z"));
    int64_t last = clock_monotonic_ms(&clock);
    for (int i = 0; i < 1000; i++) {
        int64_t now = clock_monotonic_ms(&clock);
        assert_true(now >= last);
        last = now;
    }
}

static void
a_manual_clock_stands_still_until_it_is_moved(void **state)
{
    (void)state;
    struct manual_clock manual = {.now_ms = 5000};
    struct clock_source clock = clock_manual(&manual);
    assert_int_equal(clock_now_ms(&clock), 5000);
    assert_int_equal(clock_monotonic_ms(&clock), 5000);
    manual.now_ms += 250;
    assert_int_equal(clock_now_ms(&clock), 5250);
    assert_int_equal(clock_monotonic_ms(&clock), 5250);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_from_1900_to_2199_survives_all_its_forms),
        cmocka_unit_test(days_that_do_not_exist_are_not_valid),
        cmocka_unit_test(dates_compare_as_they_follow_each_other),
        cmocka_unit_test(days_are_added_across_months_years_and_leap_days),
        cmocka_unit_test(date_text_is_read_strictly),
        cmocka_unit_test(the_fiscal_year_is_named_by_its_april),
        cmocka_unit_test(the_hours_before_the_day_start_belong_to_the_day_before),
        cmocka_unit_test(eras_change_on_their_day),
        cmocka_unit_test(public_vectors_of_two_digit_era_dates_are_read_as_they_say),
        cmocka_unit_test(an_era_date_is_never_after_the_day_that_the_caller_knows),
        cmocka_unit_test(era_dates_that_fit_no_era_are_refused),
        cmocka_unit_test(instants_are_read_in_every_form_with_an_offset),
        cmocka_unit_test(instants_in_other_forms_are_refused),
        cmocka_unit_test(an_instant_whose_day_in_japan_is_out_of_range_is_refused),
        cmocka_unit_test(every_instant_is_read_back_from_its_text),
        cmocka_unit_test(instants_are_written_in_japan_standard_time),
        cmocka_unit_test(the_system_clock_is_in_our_century_and_its_monotonic_side_never_goes_back),
        cmocka_unit_test(a_manual_clock_stands_still_until_it_is_moved),
    };
    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
