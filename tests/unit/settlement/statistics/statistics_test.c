/* The definitions of docs/statistics.md, each with numbers computed by hand. */
#include "settlement/statistics/definitions.h"
#include "settlement/statistics/deposit_days.h"
#include "settlement/statistics/hour_grid.h"
#include "settlement/statistics/item_year.h"
#include "settlement/statistics/share.h"
#include "settlement/statistics/time_saved.h"
#include "settlement/statistics/usage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int64_t
share_of(int64_t part, int64_t whole)
{
    int64_t share = -1;
    assert_true(share_per_mille(&share, part, whole));
    return share;
}

static void
a_share_is_rounded_once_half_up_to_a_tenth_of_a_per_cent(void **state)
{
    (void)state;
    char text[SHARE_TEXT_SIZE];

    assert_int_equal(share_of(1, 3), 333);
    assert_int_equal(share_of(2, 3), 667);
    assert_int_equal(share_of(1, 2000), 1);      /* 0.05 % is half of the last place: up */
    assert_int_equal(share_of(999, 2000000), 0); /* 0.04995 %: down, and not by way of 0.05 */
    assert_int_equal(share_of(5, 4), 1250);
    assert_int_equal(share_of(SHARE_MAX, SHARE_MAX), 1000);
    assert_string_equal(share_words(text, true, 432), "43.2%");
    assert_string_equal(share_words(text, true, 1005), "100.5%");
}

static void
of_nothing_and_of_a_broken_table_there_is_no_share(void **state)
{
    (void)state;
    int64_t share = 7;
    char text[SHARE_TEXT_SIZE];

    assert_false(share_per_mille(&share, 0, 0));
    assert_false(share_per_mille(&share, -1, 10));
    assert_false(share_per_mille(&share, 1, -10));
    assert_false(share_per_mille(&share, 1, SHARE_MAX + 1));

    assert_int_equal(share, 7);
    assert_string_equal(share_words(text, false, 0), "－");
}

/* April: 3 by cash 1,200円, 2 by PayPay 900円, a free one. March: 1 by Visa 400円 with 100円 in cash beside it. */
static void
fill(struct usage_year *year)
{
    struct error_detail err;
    usage_year_init(year, 2026);
    assert_int_equal(usage_add(year, "2026-04", "cash", "", 3, 1200, &err), STATUS_OK);
    assert_int_equal(usage_add(year, "2026-04", "qr", "paypay", 2, 900, &err), STATUS_OK);
    assert_int_equal(usage_add(year, "2026-04", "none", "", 1, 0, &err), STATUS_OK);
    assert_int_equal(usage_add(year, "2027-03", "cash", "", 0, 100, &err), STATUS_OK);
    assert_int_equal(usage_add(year, "2027-03", "credit", "visa", 1, 400, &err), STATUS_OK);
    assert_int_equal(usage_add_refund(year, "2026-05", 1, 300, &err), STATUS_OK);
}

static void
free_issues_and_refunds_are_in_no_share(void **state)
{
    (void)state;
    struct usage_year year;

    fill(&year);
    const struct usage_sum cashless = usage_cashless(year.total), paid = usage_paid(year.total);

    assert_int_equal(cashless.count, 3);
    assert_int_equal(cashless.amount_yen, 1300);
    assert_int_equal(paid.count, 6);
    assert_int_equal(paid.amount_yen, 2600);
    assert_int_equal(share_of(cashless.count, paid.count), 500);
    assert_int_equal(share_of(cashless.amount_yen, paid.amount_yen), 500);
    assert_int_equal(year.total[USAGE_NONE].count, 1);
    assert_int_equal(year.refunds[1].amount_yen, 300);
    assert_int_equal(year.refund_total.count, 1);
}

static void
cash_beside_a_card_counts_as_yen_of_cash_and_a_sale_of_the_brand(void **state)
{
    (void)state;
    struct usage_year year;

    fill(&year);
    const struct usage_sum cashless = usage_cashless(year.months[11]), paid = usage_paid(year.months[11]);

    assert_int_equal(share_of(cashless.count, paid.count), 1000);
    assert_int_equal(share_of(cashless.amount_yen, paid.amount_yen), 800);
}

static void
months_go_from_april_to_march_and_nothing_else_finds_a_place(void **state)
{
    (void)state;
    struct error_detail err;
    struct usage_year year;
    char text[USAGE_MONTH_SIZE];
    fill(&year);

    assert_string_equal(usage_month_text(text, 2026, 0), "2026-04");
    assert_string_equal(usage_month_text(text, 2026, 8), "2026-12");
    assert_string_equal(usage_month_text(text, 2026, 9), "2027-01");
    assert_string_equal(usage_month_text(text, 2026, 11), "2027-03");
    for (int i = 0; i < USAGE_MONTHS; i++) {
        assert_int_equal(usage_month_index(2026, usage_month_text(text, 2026, i)), i);
    }
    assert_int_equal(usage_month_index(2026, "2026-03"), -1);
    assert_int_equal(usage_month_index(2026, "2027-04"), -1);
    assert_int_equal(usage_month_index(2026, "2026-13"), -1);
    assert_int_equal(usage_month_index(2026, "2026-4"), -1);
    assert_int_equal(usage_add(&year, "2026-03", "cash", "", 1, 1, &err), STATUS_INVALID);
    assert_int_equal(usage_add(&year, "2026-04", "barter", "", 1, 1, &err), STATUS_INVALID);
    assert_int_equal(usage_add_refund(&year, "2027-04", 1, 1, &err), STATUS_INVALID);
    assert_int_equal(usage_paid(year.total).count, 6);
}

static void
brands_add_up_to_what_was_paid(void **state)
{
    (void)state;
    struct usage_year year;
    int64_t count = 0, amount_yen = 0;
    fill(&year);

    for (size_t i = 0; i < year.brand_count; i++) {
        count += year.brands[i].total.count;
        amount_yen += year.brands[i].total.amount_yen;
    }

    assert_int_equal(year.brand_count, 3); /* cash, PayPay, Visa */
    assert_int_equal(count, 6);
    assert_int_equal(amount_yen, 2600);
}

static void
an_item_stands_beside_the_same_month_of_the_year_before(void **state)
{
    (void)state;
    struct error_detail err;
    struct item_year year;
    item_year_init(&year, 2026);

    assert_int_equal(item_year_add(&year, "juminhyo", "2025-11", 4, 0, 1200, &err), STATUS_OK);
    assert_int_equal(item_year_add(&year, "juminhyo", "2026-11", 5, 2, 1500, &err), STATUS_OK);
    assert_int_equal(item_year_add(&year, "koseki", "2026-11", 1, 0, 450, &err), STATUS_OK);
    const struct item_year_row *rows = year.rows.elements;

    assert_int_equal(year.rows.count, 2);
    assert_int_equal(rows[0].months[0][7].amount_yen, 1500);
    assert_int_equal(rows[0].months[1][7].amount_yen, 1200);
    assert_int_equal(rows[0].zero_quantity, 2);
    assert_int_equal(share_of(year.all.months[0][7].amount_yen, year.all.months[1][7].amount_yen), 1625);
    assert_int_equal(share_of(year.all.total[0].count, year.all.total[1].count), 1500);
    assert_int_equal(item_year_add(&year, "koseki", "2025-03", 1, 0, 450, &err), STATUS_INVALID);
    item_year_finish(&year);
}

static void
a_monday_morning_stands_under_monday_and_days_are_counted_once(void **state)
{
    (void)state;
    struct hour_grid grid;
    const struct civil_date monday = {2026, 11, 23}, next = {2026, 11, 30};
    int first = -1, last = -1;
    hour_grid_init(&grid);
    assert_false(hour_grid_span(&grid, &first, &last));

    hour_grid_add(&grid, monday, 9, /* is_cash= */ true, 3);
    hour_grid_add(&grid, monday, 9, false, 2);
    hour_grid_add(&grid, monday, 16, false, 1);
    hour_grid_add(&grid, next, 9, true, 1);
    hour_grid_add(&grid, (struct civil_date){2026, 12, 1}, 9, true, 0); /* all of it was voided */

    assert_int_equal(grid.all[1][9], 6);
    assert_int_equal(grid.cashless[1][9], 2);
    assert_int_equal(grid.days[1], 2);
    assert_int_equal(grid.days[2], 0);
    assert_true(hour_grid_span(&grid, &first, &last));
    assert_int_equal(first, 9);
    assert_int_equal(last, 16);
    assert_string_equal(hour_grid_weekday_name(1), "月");
}

/* 10 payments: 4 after 1 day, 1 after 5, 4 after 30, 1 after 400. */
static void
the_median_and_nine_tenths_are_the_first_day_that_reaches_them(void **state)
{
    (void)state;
    struct deposit_days days, more;
    int64_t found = -1;
    deposit_days_init(&days);
    deposit_days_init(&more);
    assert_false(deposit_days_quantile(&days, 1, 2, &found));

    deposit_days_add(&days, 1, 4, 400);
    deposit_days_add(&days, 5, 1, 100);
    deposit_days_add(&more, 30, 4, 400);
    deposit_days_add(&more, 400, 1, 100);
    deposit_days_add_waiting(&more, 2, 900);
    deposit_days_merge(&days, &more);

    assert_true(deposit_days_quantile(&days, 1, 2, &found));
    assert_int_equal(found, 5);
    assert_true(deposit_days_quantile(&days, 9, 10, &found));
    assert_int_equal(found, 30);
    assert_true(deposit_days_quantile(&days, 1, 1, &found));
    assert_int_equal(found, DEPOSIT_DAYS_MAX);
    assert_int_equal(days.came_count, 10);
    assert_int_equal(days.came_yen, 1000);
    assert_int_equal(days.waiting_count, 2);
    assert_int_equal(days.waiting_yen, 900);
}

static void
time_saved_is_the_difference_of_one_case_times_the_cases(void **state)
{
    (void)state;
    char text[TIME_TEXT_SIZE];

    assert_int_equal(time_saved_seconds(900, 60, 1200), 1008000);
    assert_int_equal(time_saved_seconds(60, 90, 3), -90);
    assert_string_equal(time_saved_words(text, 1008000), "280時間0分");
    assert_string_equal(time_saved_words(text, 4442700), "1,234時間5分");
    assert_string_equal(time_saved_words(text, -90), "△0時間1分");
    assert_string_equal(time_saved_words(text, -59), "0時間0分");
}

static void
every_subject_has_its_definition(void **state)
{
    (void)state;
    for (int subject = 0; subject < STATISTICS_SUBJECT_COUNT; subject++) {
        size_t count = 0;
        const char *const *sentences = statistics_definitions((enum statistics_subject)subject, &count);
        assert_true(count > 0);
        for (size_t i = 0; i < count; i++) {
            assert_non_null(strstr(sentences[i], "。"));
        }
        assert_true(statistics_subject_name((enum statistics_subject)subject)[0] != '\0');
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_share_is_rounded_once_half_up_to_a_tenth_of_a_per_cent),
        cmocka_unit_test(of_nothing_and_of_a_broken_table_there_is_no_share),
        cmocka_unit_test(free_issues_and_refunds_are_in_no_share),
        cmocka_unit_test(cash_beside_a_card_counts_as_yen_of_cash_and_a_sale_of_the_brand),
        cmocka_unit_test(months_go_from_april_to_march_and_nothing_else_finds_a_place),
        cmocka_unit_test(brands_add_up_to_what_was_paid),
        cmocka_unit_test(an_item_stands_beside_the_same_month_of_the_year_before),
        cmocka_unit_test(a_monday_morning_stands_under_monday_and_days_are_counted_once),
        cmocka_unit_test(the_median_and_nine_tenths_are_the_first_day_that_reaches_them),
        cmocka_unit_test(time_saved_is_the_difference_of_one_case_times_the_cases),
        cmocka_unit_test(every_subject_has_its_definition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
