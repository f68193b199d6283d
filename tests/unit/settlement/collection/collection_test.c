/* 消込: what a credit pays of the 調定 in a payout, and the table of a year that follows. */
#include "settlement/arena/arena.h"
#include "settlement/collection/year_table.h"
#include "tests/unit/common/seeded_random.h"

#include "common/clock/civil.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { PARTS = 3, ROUNDS = 2000, ARENA_BYTES = 1024 * 1024 };

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

static const struct collection_part three[PARTS] = {
    {2026, "1402", "shimin", "AGG", "2026-11-01", 300, 0},
    {2026, "1402", "shimin", "AGG", "2026-11-02", 500, 0},
    {2026, "1403", "shimin", "AGG", "2026-11-02", 200, 0},
};

static struct collection_payout
payout_of(int64_t gross_yen, int64_t expected_yen, int64_t upto_yen)
{
    return (struct collection_payout){.trustee = "AGG",
                                      .payout = "P1",
                                      .payable_on = "2026-11-05",
                                      .credited_on = upto_yen != 0 ? "2026-11-05" : "",
                                      .gross_yen = gross_yen,
                                      .fee_yen = gross_yen - expected_yen,
                                      .expected_yen = expected_yen,
                                      .upto_yen = upto_yen,
                                      .parts = three,
                                      .part_count = PARTS};
}

static void
expect_received(const struct collection_payout *payout, int64_t a, int64_t b, int64_t c)
{
    int64_t received[PARTS];
    collection_allocate(payout, payout->upto_yen, received);
    assert_int_equal(received[0], a);
    assert_int_equal(received[1], b);
    assert_int_equal(received[2], c);
}

static void
a_payout_in_full_pays_every_assessment_of_it(void **state)
{
    (void)state;
    const struct collection_payout payout = payout_of(1000, 1000, 1000);
    expect_received(&payout, 300, 500, 200);
}

static void
a_net_deposit_is_grossed_up(void **state)
{
    (void)state;
    const struct collection_payout payout = payout_of(1000, 964, 964);
    expect_received(&payout, 300, 500, 200);
}

static void
nothing_credited_pays_nothing(void **state)
{
    (void)state;
    const struct collection_payout payout = payout_of(1000, 964, 0);
    expect_received(&payout, 0, 0, 0);
}

static void
too_little_pays_the_oldest_first_with_the_fee_counted_as_come(void **state)
{
    (void)state;
    const struct collection_payout payout = payout_of(1000, 964, 464);
    expect_received(&payout, 300, 200, 0);
}

static void
a_fee_that_a_person_accepted_is_no_shortage(void **state)
{
    (void)state;
    struct collection_payout payout = payout_of(1000, 1000, 560);
    expect_received(&payout, 300, 260, 0);
    payout.is_settled = true;
    expect_received(&payout, 300, 500, 200);
    payout.upto_yen = 0;
    expect_received(&payout, 0, 0, 0);
}

static void
too_much_is_no_revenue(void **state)
{
    (void)state;
    const struct collection_payout payout = payout_of(1000, 1000, 1300);
    expect_received(&payout, 300, 500, 200);
}

static void
what_is_carried_over_comes_with_its_taker_in_full_or_not_at_all(void **state)
{
    (void)state;
    struct collection_payout payout = payout_of(1000, 5000, 4999);
    payout.is_carried = true;
    expect_received(&payout, 0, 0, 0);
    payout.upto_yen = 5000;
    expect_received(&payout, 300, 500, 200);
    payout.upto_yen = payout.expected_yen = 0; /* no taker yet */
    expect_received(&payout, 0, 0, 0);
}

static void
sales_that_refunds_outweigh_are_set_off_on_the_payouts_day(void **state)
{
    (void)state;
    struct collection_payout payout = payout_of(-200, -200, 0);
    expect_received(&payout, 0, 0, 0);
    payout.is_set_off = true;
    expect_received(&payout, 300, 500, 200);
}

static void
refunds_that_were_taken_out_of_a_short_deposit_are_paid_and_only_what_did_not_come_is_missing(void **state)
{
    (void)state;
    struct collection_payout payout =
        payout_of(800, 800, 500); /* 1,000 yen of sales, and 200 that went back of earlier ones */
    payout.netted_yen = 200;
    expect_received(&payout, 300, 400, 0);
}

static void
what_went_back_of_sales_in_a_short_deposit_leaves_missing_what_did_not_come(void **state)
{
    (void)state;
    struct collection_part parts[PARTS] = {three[0], three[1], three[2]};
    parts[1].amount_yen = 400; /* of 500; another deposit is less by what went back */
    parts[1].refunded_yen = 100;
    struct collection_payout payout = payout_of(1000, 1000, 900);
    payout.parts = parts;
    expect_received(&payout, 300, 400, 100);
    payout.upto_yen = 350;
    expect_received(&payout, 300, 0, 0); /* 50 came of it, and 100 went back */
}

static void
more_credited_never_pays_less_and_never_more_than_was_assessed(void **state)
{
    (void)state;
    struct seeded_random random = {20261123};
    for (int round = 0; round < ROUNDS; round++) {
        struct collection_part parts[PARTS];
        int64_t gross = 0, last[PARTS] = {0};
        for (int i = 0; i < PARTS; i++) {
            parts[i] = three[i];
            parts[i].amount_yen = seeded_between(&random, 0, 5000);
            parts[i].refunded_yen = seeded_between(&random, 0, 2) == 0 ? seeded_between(&random, 0, 1000) : 0;
            gross += parts[i].amount_yen + parts[i].refunded_yen;
        }
        struct collection_payout payout = payout_of(gross, gross - seeded_between(&random, 0, 200), 0);
        payout.parts = parts;
        payout.netted_yen = seeded_between(&random, 0, 300);
        for (int64_t credited = 0; credited < gross + 500; credited += seeded_between(&random, 1, 900)) {
            int64_t received[PARTS];
            collection_allocate(&payout, credited, received);
            for (int i = 0; i < PARTS; i++) {
                assert_true(received[i] >= last[i] && received[i] <= parts[i].amount_yen);
                last[i] = received[i];
            }
        }
    }
}

/* --- the year ----------------------------------------------------------------------------------------------------- */

static void
pay_a_month_later(const char *route, const char *day, char *out, void *context)
{
    (void)route;
    (void)context;
    struct civil_date date;
    assert_int_equal(civil_date_parse(&date, day, strlen(day)), STATUS_OK);
    civil_date_format(out, civil_date_from_days(civil_date_to_days(date) + 30));
}

struct fixture {
    struct arena arena;
    struct year_table table;
};

static const struct collection_row *
make(struct fixture *fixture, const char *today, const struct collection_part *assessed, size_t count,
     const struct collection_payout *payouts, size_t payout_count)
{
    struct error_detail err;
    arena_init(&fixture->arena, ARENA_BYTES);
    const struct year_question question = {.fiscal_year = 2026,
                                           .closing = "2027-05-31",
                                           .today = today,
                                           .pay_day = pay_a_month_later,
                                           .arena = &fixture->arena};
    assert_int_equal(year_table_make(&fixture->table, &question, assessed, count, payouts, payout_count, &err),
                     STATUS_OK);
    return fixture->table.rows.elements;
}

static void
finish(struct fixture *fixture)
{
    year_table_finish(&fixture->table);
    arena_finish(&fixture->arena);
}

static void
what_was_assessed_is_received_expected_late_or_unreported(void **state)
{
    (void)state;
    const struct collection_part assessed[] = {
        {2026, "1402", "shimin", "AGG", "2026-11-01", 300, 0},  {2026, "1402", "shimin", "AGG", "2026-11-02", 900, 0},
        {2026, "1402", "shimin", "cash", "2026-11-02", 450, 0}, {2026, "1403", "shimin", "AGG", "2026-11-02", 200, 0},
        {2026, "1403", "shimin", "AGG", "2026-11-03", 70, 0},
    };
    struct fixture fixture;
    struct collection_payout payout = payout_of(1000, 1000, 300);
    const struct collection_row *rows = make(&fixture, "2026-11-06", assessed, COUNT_OF(assessed), &payout, 1);
    assert_int_equal(fixture.table.rows.count, 3);
    assert_int_equal(rows[0].assessed_yen, 1200);
    assert_int_equal(rows[0].stand_yen[COLLECTION_RECEIVED], 300);
    assert_int_equal(rows[0].stand_yen[COLLECTION_LATE], 500);
    assert_int_equal(rows[0].stand_yen[COLLECTION_UNREPORTED], 400);
    assert_string_equal(rows[1].key.route, "cash");
    assert_int_equal(rows[1].stand_yen[COLLECTION_RECEIVED], 450);
    assert_int_equal(rows[2].stand_yen[COLLECTION_LATE], 200);
    assert_int_equal(rows[2].stand_yen[COLLECTION_UNREPORTED], 70);
    finish(&fixture);
    rows = make(&fixture, "2026-11-05", assessed, COUNT_OF(assessed), &payout, 1);
    assert_int_equal(rows[0].stand_yen[COLLECTION_DUE_LATER], 500); /* its pay day is today */
    finish(&fixture);
}

static void
money_that_misses_the_closing_of_the_books_is_foreseen_by_name(void **state)
{
    (void)state;
    const struct collection_part assessed[] = {
        {2026, "1402", "shimin", "AGG", "2027-03-30", 300, 0},
        {2026, "1402", "shimin", "AGG", "2027-03-31", 40, 0},
        {2026, "1402", "shimin", "CARD", "2027-03-31", 500, 0},
    };
    const struct collection_part in_payout[] = {{2026, "1402", "shimin", "CARD", "2027-03-31", 500, 0}};
    struct collection_payout payout = payout_of(500, 500, 0);
    payout.parts = in_payout;
    payout.part_count = 1;
    payout.payable_on = "2027-06-01";
    struct fixture fixture;
    const struct collection_row *rows = make(&fixture, "2027-04-01", assessed, COUNT_OF(assessed), &payout, 1);
    assert_int_equal(rows[0].misses_closing_yen, 0); /* computed: 29 and 30 April */
    assert_int_equal(rows[1].misses_closing_yen, 500);
    finish(&fixture);
    payout.payable_on = "2027-05-31";
    rows = make(&fixture, "2027-04-01", assessed, COUNT_OF(assessed), &payout, 1);
    assert_int_equal(rows[1].misses_closing_yen, 0);
    finish(&fixture);
    payout.upto_yen = 500;
    payout.credited_on = "2027-06-01"; /* it came, a day too late */
    rows = make(&fixture, "2027-06-02", assessed, COUNT_OF(assessed), &payout, 1);
    assert_int_equal(rows[1].stand_yen[COLLECTION_RECEIVED], 500);
    assert_int_equal(rows[1].misses_closing_yen, 500);
    finish(&fixture);
}

static void
a_payout_across_the_years_end_counts_to_each_year_by_its_own(void **state)
{
    (void)state;
    const struct collection_part assessed[] = {{2026, "1402", "shimin", "AGG", "2027-03-31", 300, 0}};
    const struct collection_part in_payout[] = {{2026, "1402", "shimin", "AGG", "2027-03-31", 300, 0},
                                                {2027, "1402", "shimin", "AGG", "2027-04-01", 700, 0}};
    struct collection_payout payout = payout_of(1000, 1000, 400);
    payout.parts = in_payout;
    payout.part_count = 2;
    struct fixture fixture;
    const struct collection_row *rows = make(&fixture, "2027-04-10", assessed, 1, &payout, 1);
    assert_int_equal(fixture.table.rows.count, 1);
    assert_int_equal(rows[0].stand_yen[COLLECTION_RECEIVED], 300);
    assert_int_equal(fixture.table.open.count, 0);
    finish(&fixture);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_payout_in_full_pays_every_assessment_of_it),
        cmocka_unit_test(a_net_deposit_is_grossed_up),
        cmocka_unit_test(nothing_credited_pays_nothing),
        cmocka_unit_test(too_little_pays_the_oldest_first_with_the_fee_counted_as_come),
        cmocka_unit_test(a_fee_that_a_person_accepted_is_no_shortage),
        cmocka_unit_test(too_much_is_no_revenue),
        cmocka_unit_test(what_is_carried_over_comes_with_its_taker_in_full_or_not_at_all),
        cmocka_unit_test(refunds_that_were_taken_out_of_a_short_deposit_are_paid_and_only_what_did_not_come_is_missing),
        cmocka_unit_test(what_went_back_of_sales_in_a_short_deposit_leaves_missing_what_did_not_come),
        cmocka_unit_test(sales_that_refunds_outweigh_are_set_off_on_the_payouts_day),
        cmocka_unit_test(more_credited_never_pays_less_and_never_more_than_was_assessed),
        cmocka_unit_test(what_was_assessed_is_received_expected_late_or_unreported),
        cmocka_unit_test(money_that_misses_the_closing_of_the_books_is_foreseen_by_name),
        cmocka_unit_test(a_payout_across_the_years_end_counts_to_each_year_by_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
