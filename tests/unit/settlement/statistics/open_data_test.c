/* The two public tables of a year, by hand: what stands, what is left out, and when the facilities are withheld. */
#include "settlement/statistics/open_data.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* A whole city: 100 cash sales of 300円 and 50 by PayPay a month, and 3 by Edy in July; two facilities. */
struct city {
    struct usage_year year;
    struct growing facilities;
    struct open_data data;
};

static void
sell(struct city *city, const char *month, const char *method, const char *brand, int64_t count, int64_t amount_yen)
{
    struct error_detail err;
    assert_int_equal(usage_add(&city->year, month, method, brand, count, amount_yen, &err), STATUS_OK);
}

static void
add_facility(struct city *city, const char *code, struct usage_sum cash, struct usage_sum cashless)
{
    struct facility_sum *sum = growing_add(&city->facilities);
    assert_non_null(sum);
    *sum = (struct facility_sum){.cash = cash, .cashless = cashless};
    snprintf(sum->facility, sizeof sum->facility, "%s", code);
}

static void
begin(struct city *city)
{
    char month[USAGE_MONTH_SIZE];
    usage_year_init(&city->year, 2025);
    growing_init(&city->facilities, sizeof(struct facility_sum), 10, 0);
    for (int i = 0; i < USAGE_MONTHS; i++) {
        sell(city, usage_month_text(month, 2025, i), "cash", "", 100, 30000);
        sell(city, month, "qr", "paypay", 50, 15000);
    }
}

static void
publish(struct city *city)
{
    struct error_detail err;
    assert_int_equal(open_data_make(&city->data, &city->year, &city->facilities, SUPPRESSION_THRESHOLD, &err),
                     STATUS_OK);
}

static void
end(struct city *city)
{
    open_data_finish(&city->data);
    growing_finish(&city->facilities);
}

static void
a_small_month_of_a_brand_goes_and_the_totals_stay(void **state)
{
    (void)state;
    struct city city;
    begin(&city);
    sell(&city, "2025-07", "emoney", "edy", 3, 900);
    sell(&city, "2025-08", "emoney", "edy", 40, 12000);
    sell(&city, "2025-09", "emoney", "edy", 60, 18000);
    add_facility(&city, "", (struct usage_sum){1200, 360000}, (struct usage_sum){703, 210900});

    publish(&city);

    const struct open_table *months = &city.data.months;
    assert_null(open_table_cell(months, 3, 2)); /* 3 in July */
    assert_null(open_table_cell(months, 4, 2)); /* of which August would tell it */
    assert_non_null(open_table_cell(months, 5, 2));
    assert_int_equal(open_table_cell(months, USAGE_MONTHS, 3)->count, 1903);
    assert_int_equal(open_table_cell(months, USAGE_MONTHS, 2)->amount_yen, 30900);
    assert_true(suppression_is_safe(&months->choice));
    assert_false(city.data.is_withheld);
    end(&city);
}

static void
cash_beside_a_card_is_yen_without_a_count_and_does_not_stand_alone(void **state)
{
    (void)state;
    struct city city;
    begin(&city);
    add_facility(&city, "gym", (struct usage_sum){0, 400}, (struct usage_sum){300, 90000});
    add_facility(&city, "arena", (struct usage_sum){400, 120000}, (struct usage_sum){200, 60000});
    add_facility(&city, "hall", (struct usage_sum){800, 239600}, (struct usage_sum){100, 30000});

    publish(&city);

    assert_null(open_table_cell(&city.data.facilities, 0, OPEN_CASH));
    assert_true(suppression_is_safe(&city.data.facilities.choice));
    assert_false(city.data.is_withheld);
    end(&city);
}

/* Edy sold 3 times in the year; beside it there is cash only, so that a total of cash, or of all, must go with them. */
static void
a_total_that_must_go_withholds_the_facilities(void **state)
{
    (void)state;
    struct city city;
    usage_year_init(&city.year, 2025);
    growing_init(&city.facilities, sizeof(struct facility_sum), 10, 0);
    sell(&city, "2025-07", "cash", "", 100, 30000);
    sell(&city, "2025-07", "emoney", "edy", 3, 900);
    sell(&city, "2025-08", "cash", "", 100, 30000);
    add_facility(&city, "", (struct usage_sum){200, 60000}, (struct usage_sum){30, 900});

    publish(&city);

    const struct open_table *months = &city.data.months;
    assert_null(open_table_cell(months, 3, 1));
    assert_null(open_table_cell(months, USAGE_MONTHS, 1));
    assert_true(open_table_cell(months, USAGE_MONTHS, 0) == NULL || open_table_cell(months, USAGE_MONTHS, 2) == NULL);
    assert_true(suppression_is_safe(&months->choice));
    assert_non_null(open_table_cell(&city.data.facilities, 0, OPEN_CASHLESS)); /* by itself it could stand */
    assert_true(city.data.is_withheld);
    end(&city);
}

/* The same 3, where another row and another column can go with them. */
static void
a_small_facility_that_others_cover_withholds_nothing(void **state)
{
    (void)state;
    struct city city;
    begin(&city);
    sell(&city, "2025-07", "emoney", "edy", 3, 900);
    add_facility(&city, "", (struct usage_sum){1197, 359100}, (struct usage_sum){603, 180900});
    add_facility(&city, "gym", (struct usage_sum){3, 900}, (struct usage_sum){0, 0});

    publish(&city);

    assert_null(open_table_cell(&city.data.facilities, 1, OPEN_CASH));
    assert_null(open_table_cell(&city.data.facilities, 1, OPEN_FACILITY_COLUMNS));
    assert_int_equal(open_table_cell(&city.data.facilities, 1, OPEN_CASHLESS)->count, 0);
    assert_int_equal(open_table_cell(&city.data.facilities, 2, OPEN_CASH)->count, 1200);
    assert_true(suppression_is_safe(&city.data.facilities.choice));
    assert_true(suppression_is_safe(&city.data.months.choice));
    assert_false(city.data.is_withheld);
    end(&city);
}

static void
a_city_of_four_sales_publishes_none_and_withholds_its_facilities(void **state)
{
    (void)state;
    struct city city;
    usage_year_init(&city.year, 2025);
    growing_init(&city.facilities, sizeof(struct facility_sum), 10, 0);
    sell(&city, "2025-11", "cash", "", 4, 1200);
    add_facility(&city, "", (struct usage_sum){4, 1200}, (struct usage_sum){0, 0});

    publish(&city);

    assert_null(open_table_cell(&city.data.months, 7, 0));
    assert_null(open_table_cell(&city.data.months, USAGE_MONTHS, 1));
    assert_int_equal(open_table_cell(&city.data.months, 0, 0)->count, 0);
    assert_true(city.data.is_withheld);
    end(&city);
}

static void
a_year_without_sales_has_no_tables(void **state)
{
    (void)state;
    struct city city;
    usage_year_init(&city.year, 2025);
    growing_init(&city.facilities, sizeof(struct facility_sum), 10, 0);

    publish(&city);

    assert_int_equal(city.data.months.row_count, 0);
    assert_int_equal(city.data.facilities.row_count, 0);
    assert_false(city.data.is_withheld);
    end(&city);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_month_of_a_brand_goes_and_the_totals_stay),
        cmocka_unit_test(cash_beside_a_card_is_yen_without_a_count_and_does_not_stand_alone),
        cmocka_unit_test(a_total_that_must_go_withholds_the_facilities),
        cmocka_unit_test(a_small_facility_that_others_cover_withholds_nothing),
        cmocka_unit_test(a_city_of_four_sales_publishes_none_and_withholds_its_facilities),
        cmocka_unit_test(a_year_without_sales_has_no_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
