/* 調定 are differences between what the ledger says and what was approved: grouped, never netted, the same in any
 * order. */
#include "settlement/assessment/fiscal_rules.h"
#include "settlement/assessment/grouping.h"
#include "settlement/assessment/tax_share.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct civil_date
day(const char *text)
{
    struct civil_date date;
    assert_int_equal(civil_date_parse(&date, text, strlen(text)), STATUS_OK);
    return date;
}

static struct assessment_key
key(const char *received_on, const char *account, const char *route, const char *tax)
{
    struct civil_date date = day(received_on);
    return (struct assessment_key){.received_on = date,
                                   .fiscal_year = assessment_fiscal_year(date, date),
                                   .account = account,
                                   .section = "shimin",
                                   .route = route,
                                   .tax = tax};
}

static struct assessment_source
line(struct assessment_key key_of, const char *sale, int number, const char *item, int64_t quantity, int64_t unit_yen,
     int64_t tax_yen)
{
    return (struct assessment_source){.key = key_of,
                                      .sale = sale,
                                      .line = number,
                                      .item = item,
                                      .name = item,
                                      .quantity = quantity,
                                      .unit_price_yen = unit_yen,
                                      .amount_yen = quantity * unit_yen,
                                      .tax_yen = tax_yen};
}

static struct assessment_drafts
draft(struct assessment_input *input)
{
    struct assessment_drafts drafts;
    struct error_detail err;
    assert_int_equal(assessment_draft_all(input, &drafts, &err), STATUS_OK);
    return drafts;
}

static void
the_official_example_of_koseki_is_one_record_of_3450_yen(void **state)
{
    (void)state;
    struct assessment_key cash = key("2026-11-22", "1130101", "cash", "exempt");
    struct assessment_source sources[] = {
        line(cash, "s1", 1, "koseki", 1, 450, 0),
        line(cash, "s1", 2, "joseki", 1, 750, 0),
        line(cash, "s1", 3, "kaisei", 3, 750, 0),
    };
    struct assessment_input input = {.sources = sources, .source_count = 3};

    struct assessment_drafts drafts = draft(&input);

    assert_int_equal(drafts.count, 1);
    assert_int_equal(drafts.drafts[0].kind, ASSESSMENT_ORIGINAL);
    assert_int_equal(drafts.drafts[0].amount_yen, 3450);
    assert_int_equal(drafts.drafts[0].count, 5);
    assert_int_equal(drafts.drafts[0].sale_count, 1);
    assert_int_equal(drafts.drafts[0].line_count, 3);
    assessment_drafts_finish(&drafts);
}

static void
cash_every_trustee_account_tax_class_and_day_stand_apart(void **state)
{
    (void)state;
    struct assessment_source sources[] = {
        line(key("2026-11-22", "A", "cash", "exempt"), "s1", 1, "i", 1, 300, 0),
        line(key("2026-11-22", "A", "agg", "exempt"), "s2", 1, "i", 1, 300, 0),
        line(key("2026-11-22", "A", "other", "exempt"), "s3", 1, "i", 1, 300, 0),
        line(key("2026-11-22", "B", "cash", "exempt"), "s1", 2, "j", 1, 300, 0),
        line(key("2026-11-22", "B", "cash", "standard10"), "s1", 3, "k", 1, 330, 30),
        line(key("2026-11-23", "A", "cash", "exempt"), "s4", 1, "i", 1, 300, 0),
        line(key("2026-11-22", "A", "cash", "exempt"), "s5", 1, "i", 2, 300, 0),
    };
    struct assessment_input input = {.sources = sources, .source_count = 7};

    struct assessment_drafts drafts = draft(&input);

    assert_int_equal(drafts.count, 6);
    int64_t total = 0;
    for (size_t i = 0; i < drafts.count; i++) {
        total += drafts.drafts[i].amount_yen;
    }
    assert_int_equal(total, 300 * 7 + 330);
    assessment_drafts_finish(&drafts);
}

static void
the_same_item_at_one_price_is_one_line_of_the_breakdown(void **state)
{
    (void)state;
    struct assessment_key cash = key("2026-11-22", "A", "cash", "standard10");
    struct assessment_source sources[] = {
        line(cash, "s2", 1, "gym", 2, 1100, 200),
        line(cash, "s1", 1, "gym", 1, 1100, 100),
        line(cash, "s3", 1, "gym", 1, 550, 50),
    };
    struct assessment_input input = {.sources = sources, .source_count = 3};

    struct assessment_drafts drafts = draft(&input);

    const struct assessment_draft *only = &drafts.drafts[0];
    assert_int_equal(only->line_count, 2);
    assert_int_equal(only->lines[0].unit_price_yen, 550);
    assert_int_equal(only->lines[1].count, 3);
    assert_int_equal(only->lines[1].amount_yen, 3300);
    assert_int_equal(only->lines[1].tax_yen, 300);
    assert_int_equal(only->tax_yen, 350);
    assert_int_equal(only->sale_count, 3);
    assessment_drafts_finish(&drafts);
}

static void
free_issues_are_counted_and_never_assessed(void **state)
{
    (void)state;
    struct assessment_key cash = key("2026-11-22", "A", "cash", "exempt");
    struct assessment_source sources[] = {
        line(cash, "s1", 1, "i", 1, 300, 0),
        line(cash, "s1", 2, "i", 2, 0, 0),
        line(key("2026-11-22", "B", "cash", "exempt"), "s2", 1, "j", 1, 0, 0),
    };
    struct assessment_input input = {.sources = sources, .source_count = 3};

    struct assessment_drafts drafts = draft(&input);

    assert_int_equal(drafts.count, 1);
    assert_int_equal(drafts.drafts[0].zero_count, 2);
    assert_int_equal(drafts.drafts[0].count, 1);
    assert_int_equal(drafts.drafts[0].amount_yen, 300);
    assessment_drafts_finish(&drafts);
}

static void
what_was_approved_is_not_drafted_again(void **state)
{
    (void)state;
    struct assessment_key cash = key("2026-11-22", "A", "cash", "exempt");
    struct assessment_source sources[] = {line(cash, "s1", 1, "i", 1, 300, 0)};
    struct assessment_claim claims[] = {{.source = sources[0], .original = 7}};
    struct assessment_original originals[] = {{.key = cash, .original = 7}};
    struct assessment_input input = {.sources = sources,
                                     .source_count = 1,
                                     .claims = claims,
                                     .claim_count = 1,
                                     .originals = originals,
                                     .original_count = 1};

    struct assessment_drafts drafts = draft(&input);

    assert_int_equal(drafts.count, 0);
    assessment_drafts_finish(&drafts);
}

static void
a_late_sale_of_an_approved_group_is_an_increase_citing_the_original(void **state)
{
    (void)state;
    struct assessment_key cash = key("2026-11-22", "A", "cash", "exempt");
    struct assessment_source sources[] = {line(cash, "s1", 1, "i", 1, 300, 0), line(cash, "s2", 1, "i", 1, 450, 0)};
    struct assessment_claim claims[] = {{.source = sources[0], .original = 7}};
    struct assessment_original originals[] = {{.key = cash, .original = 7}};
    struct assessment_input input = {.sources = sources,
                                     .source_count = 2,
                                     .claims = claims,
                                     .claim_count = 1,
                                     .originals = originals,
                                     .original_count = 1};

    struct assessment_drafts drafts = draft(&input);

    assert_int_equal(drafts.count, 1);
    assert_int_equal(drafts.drafts[0].kind, ASSESSMENT_INCREASE);
    assert_int_equal(drafts.drafts[0].original, 7);
    assert_int_equal(drafts.drafts[0].amount_yen, 450);
    assessment_drafts_finish(&drafts);
}

static void
an_increase_and_a_decrease_of_one_group_are_not_netted(void **state)
{
    (void)state;
    struct assessment_key cash = key("2026-11-22", "A", "cash", "exempt");
    struct assessment_source voided = line(cash, "s1", 1, "i", 1, 450, 0);
    struct assessment_source sources[] = {line(cash, "s2", 1, "i", 1, 450, 0)};
    struct assessment_claim claims[] = {{.source = voided, .original = 7}};
    struct assessment_original originals[] = {{.key = cash, .original = 7}};
    struct assessment_input input = {.sources = sources,
                                     .source_count = 1,
                                     .claims = claims,
                                     .claim_count = 1,
                                     .originals = originals,
                                     .original_count = 1};

    struct assessment_drafts drafts = draft(&input);

    assert_int_equal(drafts.count, 2);
    assert_int_equal(drafts.drafts[0].kind, ASSESSMENT_INCREASE);
    assert_int_equal(drafts.drafts[1].kind, ASSESSMENT_DECREASE);
    assert_int_equal(drafts.drafts[1].original, 7);
    assert_int_equal(drafts.drafts[1].amount_yen, 450);
    assessment_drafts_finish(&drafts);
}

/* One line of 3 × 330 yen at "s1", of which REFUNDED_YEN went back, against a claim of HELD_YEN of it. */
static struct assessment_drafts
draft_refund(int64_t refunded_yen, int64_t held_yen, bool is_claimed)
{
    static struct assessment_source source;
    static struct assessment_claim claim;
    static struct assessment_original original;
    source = line(key("2026-11-22", "A", "cash", "standard10"), "s1", 1, "i", 3, 330, 90);
    claim = (struct assessment_claim){.source = source, .original = 7};
    claim.source.amount_yen = held_yen;
    claim.source.tax_yen = held_yen / 11;
    original = (struct assessment_original){.key = source.key, .original = 7};
    source.refunded_yen = refunded_yen;
    struct assessment_input input = {.sources = &source,
                                     .source_count = 1,
                                     .claims = &claim,
                                     .claim_count = is_claimed ? 1 : 0,
                                     .originals = &original,
                                     .original_count = is_claimed ? 1 : 0};
    return draft(&input);
}

static void
expect_one(struct assessment_drafts drafts, enum assessment_kind kind, int64_t amount_yen, int64_t tax_yen,
           int64_t count)
{
    assert_int_equal(drafts.count, 1);
    assert_int_equal(drafts.drafts[0].kind, kind);
    assert_int_equal(drafts.drafts[0].amount_yen, amount_yen);
    assert_int_equal(drafts.drafts[0].tax_yen, tax_yen);
    assert_int_equal(drafts.drafts[0].count, count);
    assert_int_equal(drafts.drafts[0].original, kind == ASSESSMENT_ORIGINAL ? 0 : 7);
    assessment_drafts_finish(&drafts);
}

static void
a_refund_of_a_later_day_is_a_decrease_and_never_netted(void **state)
{
    (void)state;
    expect_one(draft_refund(990, 0, false), ASSESSMENT_ORIGINAL, 990, 90, 3); /* gross, though all went back */
    expect_one(draft_refund(990, 990, true), ASSESSMENT_DECREASE, 990, 90, 3);
    expect_one(draft_refund(100, 990, true), ASSESSMENT_DECREASE, 100, 9, 1);
}

static void
parts_of_a_refund_add_up_to_the_yen_and_so_does_their_tax(void **state)
{
    (void)state;
    expect_one(draft_refund(990, 890, true), ASSESSMENT_DECREASE, 890, 80, 3); /* the rest of it, with the rest's tax */
    struct assessment_drafts nothing = draft_refund(100, 890, true);
    assert_int_equal(nothing.count, 0);
    assessment_drafts_finish(&nothing);
    nothing = draft_refund(990, 0, true);
    assert_int_equal(nothing.count, 0);
    assessment_drafts_finish(&nothing);
    expect_one(draft_refund(0, 890, true), ASSESSMENT_INCREASE, 100, 9, 1); /* a refund that a repaired ledger denies */
}

static void
a_void_after_a_part_was_refunded_takes_out_what_is_left(void **state)
{
    (void)state;
    struct assessment_source held = line(key("2026-11-22", "A", "cash", "standard10"), "s1", 1, "i", 3, 330, 90);
    held.amount_yen = 890;
    held.tax_yen = 81;
    struct assessment_claim claims[] = {{.source = held, .original = 7}, {.source = held, .original = 7}};
    claims[1].source.line = 2;
    claims[1].source.amount_yen = 0; /* all of it went back before: nothing to take out */
    claims[1].source.tax_yen = 0;
    struct assessment_input input = {.claims = claims, .claim_count = 2};
    expect_one(draft(&input), ASSESSMENT_DECREASE, 890, 81, 3);
}

static void
more_refunded_than_was_sold_is_refused(void **state)
{
    (void)state;
    struct assessment_source source = line(key("2026-11-22", "A", "cash", "exempt"), "s1", 1, "i", 1, 300, 0);
    source.refunded_yen = 301;
    struct assessment_input input = {.sources = &source, .source_count = 1};
    struct assessment_drafts drafts;
    struct error_detail err;
    assert_int_equal(assessment_draft_all(&input, &drafts, &err), STATUS_INVALID);
}

static void
masters_that_change_later_do_not_move_what_was_approved(void **state)
{
    (void)state;
    struct assessment_key then = key("2026-11-22", "A", "agg", "exempt");
    struct assessment_key now = key("2026-11-22", "A", "successor", "exempt");
    struct assessment_source sources[] = {line(now, "s1", 1, "i", 1, 300, 0)};
    struct assessment_claim claims[] = {{.source = line(then, "s1", 1, "i", 1, 300, 0), .original = 7}};
    struct assessment_input input = {.sources = sources, .source_count = 1, .claims = claims, .claim_count = 1};

    struct assessment_drafts drafts = draft(&input);

    assert_int_equal(drafts.count, 0);
    assessment_drafts_finish(&drafts);
}

static void
the_order_of_the_input_does_not_matter(void **state)
{
    (void)state;
    enum { COUNT = 60 };
    char sales[COUNT][8];
    struct assessment_source forward[COUNT];
    struct assessment_source shuffled[COUNT];
    static const char *const accounts[] = {"A", "B", "C"};
    static const char *const routes[] = {"cash", "agg"};
    for (int i = 0; i < COUNT; i++) {
        snprintf(sales[i], sizeof sales[i], "s%02d", i / 2);
        forward[i] =
            line(key("2026-11-22", accounts[i % 3], routes[i % 2], "exempt"), sales[i], i % 2, "i", 1 + i % 4, 100, 0);
        shuffled[(i * 37 + 11) % COUNT] = forward[i];
    }
    struct assessment_input first = {.sources = forward, .source_count = COUNT};
    struct assessment_input second = {.sources = shuffled, .source_count = COUNT};

    struct assessment_drafts a = draft(&first);
    struct assessment_drafts b = draft(&second);

    assert_int_equal(a.count, b.count);
    for (size_t i = 0; i < a.count; i++) {
        assert_int_equal(assessment_key_compare(&a.drafts[i].key, &b.drafts[i].key), 0);
        assert_int_equal(a.drafts[i].amount_yen, b.drafts[i].amount_yen);
        assert_int_equal(a.drafts[i].source_count, b.drafts[i].source_count);
        for (size_t s = 0; s < a.drafts[i].source_count; s++) {
            assert_string_equal(a.drafts[i].sources[s].sale, b.drafts[i].sources[s].sale);
        }
    }
    assessment_drafts_finish(&a);
    assessment_drafts_finish(&b);
}

static void
a_line_that_stands_twice_is_refused_instead_of_assessed_twice(void **state)
{
    (void)state;
    struct assessment_key cash = key("2026-11-22", "A", "cash", "exempt");
    struct assessment_source sources[] = {line(cash, "s1", 1, "i", 1, 300, 0), line(cash, "s1", 1, "i", 1, 300, 0)};
    struct assessment_input input = {.sources = sources, .source_count = 2};
    struct assessment_drafts drafts;
    struct error_detail err;

    assert_int_equal(assessment_draft_all(&input, &drafts, &err), STATUS_INVALID);
    assert_string_equal(err.code, "source_twice");
}

static void
receipts_of_march_31_and_april_1_belong_to_two_years(void **state)
{
    (void)state;
    assert_int_equal(assessment_fiscal_year(day("2027-03-31"), day("2027-04-01")), 2026);
    assert_int_equal(assessment_fiscal_year(day("2027-04-01"), day("2027-04-01")), 2027);
    assert_int_equal(assessment_fiscal_year(day("2027-03-31"), day("2027-05-31")), 2026);
}

static void
what_is_found_after_the_books_closed_is_income_of_the_new_year(void **state)
{
    (void)state;
    assert_int_equal(assessment_fiscal_year(day("2027-03-31"), day("2027-06-01")), 2027);
}

static void
the_adjustment_period_is_april_1_to_may_31(void **state)
{
    (void)state;
    assert_false(assessment_is_in_adjustment_period(2026, day("2027-03-31")));
    assert_true(assessment_is_in_adjustment_period(2026, day("2027-04-01")));
    assert_true(assessment_is_in_adjustment_period(2026, day("2027-05-31")));
    assert_false(assessment_is_in_adjustment_period(2026, day("2027-06-01")));
}

static void
shares_of_the_tax_add_up_to_the_receipts_tax(void **state)
{
    (void)state;
    /* Three lines of 115円 with tax inside (net 105円): the receipt says 31, not 3 × 10. */
    int64_t amounts[] = {115, 115, 115};
    int64_t shares[3];
    struct error_detail err;

    assert_int_equal(tax_share(shares, amounts, 3, 31, &err), STATUS_OK);

    assert_int_equal(shares[0] + shares[1] + shares[2], 31);
    assert_int_equal(shares[0], 11);
    assert_int_equal(shares[1], 10);
}

static void
shares_hold_for_many_random_receipts(void **state)
{
    (void)state;
    uint64_t seed = 20261122;
    for (int round = 0; round < 2000; round++) {
        int64_t amounts[12];
        int64_t shares[12];
        int64_t total = 0;
        size_t count = 1 + (size_t)(round % 12);
        for (size_t i = 0; i < count; i++) {
            seed = seed * 6364136223846793005U + 1442695040888963407U;
            amounts[i] = (int64_t)(seed >> 33) % 20000;
            total += amounts[i];
        }
        int64_t tax = total * 10 / 110;
        struct error_detail err;

        assert_int_equal(tax_share(shares, amounts, count, tax, &err), STATUS_OK);

        int64_t sum = 0;
        for (size_t i = 0; i < count; i++) {
            assert_true(shares[i] >= 0 && shares[i] <= amounts[i]);
            sum += shares[i];
        }
        assert_int_equal(sum, tax);
    }
}

static void
tax_above_the_total_is_refused(void **state)
{
    (void)state;
    int64_t amounts[] = {10};
    int64_t shares[1];
    struct error_detail err;
    assert_int_equal(tax_share(shares, amounts, 1, 11, &err), STATUS_INVALID);
    assert_int_equal(tax_share(shares, amounts, 0, 1, &err), STATUS_INVALID);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_official_example_of_koseki_is_one_record_of_3450_yen),
        cmocka_unit_test(cash_every_trustee_account_tax_class_and_day_stand_apart),
        cmocka_unit_test(the_same_item_at_one_price_is_one_line_of_the_breakdown),
        cmocka_unit_test(free_issues_are_counted_and_never_assessed),
        cmocka_unit_test(what_was_approved_is_not_drafted_again),
        cmocka_unit_test(a_late_sale_of_an_approved_group_is_an_increase_citing_the_original),
        cmocka_unit_test(an_increase_and_a_decrease_of_one_group_are_not_netted),
        cmocka_unit_test(a_refund_of_a_later_day_is_a_decrease_and_never_netted),
        cmocka_unit_test(parts_of_a_refund_add_up_to_the_yen_and_so_does_their_tax),
        cmocka_unit_test(a_void_after_a_part_was_refunded_takes_out_what_is_left),
        cmocka_unit_test(more_refunded_than_was_sold_is_refused),
        cmocka_unit_test(masters_that_change_later_do_not_move_what_was_approved),
        cmocka_unit_test(the_order_of_the_input_does_not_matter),
        cmocka_unit_test(a_line_that_stands_twice_is_refused_instead_of_assessed_twice),
        cmocka_unit_test(receipts_of_march_31_and_april_1_belong_to_two_years),
        cmocka_unit_test(what_is_found_after_the_books_closed_is_income_of_the_new_year),
        cmocka_unit_test(the_adjustment_period_is_april_1_to_may_31),
        cmocka_unit_test(shares_of_the_tax_add_up_to_the_receipts_tax),
        cmocka_unit_test(shares_hold_for_many_random_receipts),
        cmocka_unit_test(tax_above_the_total_is_refused),
    };
    return cmocka_run_group_tests_name("settlement_drafting", tests, NULL, NULL);
}
