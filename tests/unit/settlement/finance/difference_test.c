/* What a corrected file changes of an earlier one. */
#include "settlement/imports/difference.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static struct statement_line
sale(uint32_t number, const char *reference, int64_t yen)
{
    return (struct statement_line){.line = number,
                                   .kind = STATEMENT_SALE,
                                   .merchant_reference = text_view_of(reference),
                                   .acquirer_reference = text_view_of(""),
                                   .brand = text_view_of("paypay"),
                                   .terminal = text_view_of("KO-01"),
                                   .payout_id = text_view_of("P1"),
                                   .accepted_at_ms = 1000,
                                   .amount_yen = yen};
}

static void
add(struct difference *difference, struct growing *side, struct statement_line line)
{
    struct error_detail err;
    assert_int_equal(difference_add_statement(difference, side, 1, false, &line, &err), STATUS_OK);
}

static void
assert_counts(struct difference *difference, int64_t same, int64_t changed, int64_t gone, int64_t added)
{
    struct error_detail err;
    assert_int_equal(difference_make(difference, &err), STATUS_OK);
    assert_int_equal(difference->counts[DIFFERENCE_SAME], same);
    assert_int_equal(difference->counts[DIFFERENCE_CHANGED], changed);
    assert_int_equal(difference->counts[DIFFERENCE_GONE], gone);
    assert_int_equal(difference->counts[DIFFERENCE_ADDED], added);
    assert_int_equal(difference_is_any(difference), changed + gone + added > 0);
}

static int
setup(void **state)
{
    static struct difference difference;
    difference_init(&difference);
    *state = &difference;
    return 0;
}

static int
teardown(void **state)
{
    difference_finish(*state);
    return 0;
}

static void
the_order_and_numbers_of_lines_change_nothing(void **state)
{
    struct difference *difference = *state;
    add(difference, &difference->earlier, sale(2, "a", 100));
    add(difference, &difference->earlier, sale(3, "b", 200));
    add(difference, &difference->later, sale(5, "b", 200));
    add(difference, &difference->later, sale(9, "a", 100));

    assert_counts(difference, 2, 0, 0, 0);
}

static void
a_line_of_the_same_reference_with_other_yen_is_changed_and_not_gone_and_added(void **state)
{
    struct difference *difference = *state;
    add(difference, &difference->earlier, sale(2, "a", 100));
    add(difference, &difference->earlier, sale(3, "b", 200));
    add(difference, &difference->earlier, sale(4, "c", 300));
    add(difference, &difference->later, sale(2, "d", 400));
    add(difference, &difference->later, sale(3, "b", 201));
    add(difference, &difference->later, sale(4, "c", 300));

    assert_counts(difference, 1, 1, 1, 1);
    difference_order(difference);
    const struct difference_entry *entries = difference->entries.elements;
    assert_int_equal(entries[0].kind, DIFFERENCE_GONE);
    assert_int_equal(difference_earlier(difference, &entries[0])->amount_yen, 100);
    assert_null(difference_later(difference, &entries[0]));
    assert_int_equal(entries[1].kind, DIFFERENCE_ADDED);
    assert_int_equal(entries[2].kind, DIFFERENCE_CHANGED);
    assert_int_equal(difference_earlier(difference, &entries[2])->amount_yen, 200);
    assert_int_equal(difference_later(difference, &entries[2])->amount_yen, 201);
    assert_int_equal(entries[3].kind, DIFFERENCE_SAME);
}

static void
of_lines_that_repeat_each_has_its_own_partner(void **state)
{
    struct difference *difference = *state;
    for (uint32_t i = 0; i < 3; i++) {
        add(difference, &difference->earlier, sale(2 + i, "", 10));
    }
    add(difference, &difference->later, sale(2, "", 10));
    add(difference, &difference->later, sale(3, "", 11));

    assert_counts(difference, 1, 1, 1, 0);
}

static void
every_field_of_a_line_counts(void **state)
{
    (void)state;
    struct statement_line base = sale(2, "a", 100);
    struct statement_line others[8];
    for (size_t i = 0; i < 8; i++) {
        others[i] = base;
    }
    others[0].is_training = true;
    others[1].brand = text_view_of("paypa");
    others[2].terminal = text_view_of("KO-02");
    others[3].payout_id = text_view_of("P2");
    others[4].accepted_at_ms = INSTANT_ABSENT;
    others[5].amount_yen = 101;
    others[6].fee_yen = 1;
    others[7].pay_date = (struct civil_date){2026, 11, 24};
    for (size_t i = 0; i < 8; i++) {
        struct difference difference;
        difference_init(&difference);
        add(&difference, &difference.earlier, base);
        add(&difference, &difference.later, others[i]);
        assert_counts(&difference, 0, 1, 0, 0);
        difference_finish(&difference);
    }
}

static void
a_text_that_moves_from_one_field_to_the_next_is_another_line(void **state)
{
    struct difference *difference = *state;
    struct statement_line left = sale(2, "ab", 100);
    struct statement_line right = sale(2, "a", 100);
    right.acquirer_reference = text_view_of("b");
    add(difference, &difference->earlier, left);
    add(difference, &difference->later, right);

    assert_counts(difference, 0, 0, 1, 1);
}

static void
a_banks_line_is_known_by_its_inquiry_number(void **state)
{
    struct difference *difference = *state;
    struct error_detail err;
    struct text_view none = text_view_of("");
    struct bank_line line = {.line = 2,
                             .direction = BANK_IN,
                             .date = {2026, 11, 24},
                             .amount_yen = 500,
                             .inquiry_number = text_view_of("00000001"),
                             .transaction = none,
                             .payer_code = none,
                             .payer_kana = text_view_of("ﾐﾎﾝ"),
                             .sending_bank = none,
                             .sending_branch = none,
                             .summary = none,
                             .edi = none,
                             .account_bank = none,
                             .account_branch = none,
                             .account_kind = none,
                             .account_number = none};
    assert_int_equal(difference_add_bank(difference, &difference->earlier, 1, false, &line, &err), STATUS_OK);
    line.amount_yen = 600;
    line.payer_kana = text_view_of("ﾐﾎﾝ2");
    assert_int_equal(difference_add_bank(difference, &difference->later, 2, false, &line, &err), STATUS_OK);
    line.direction = BANK_OUT;
    assert_int_equal(difference_add_bank(difference, &difference->later, 2, false, &line, &err), STATUS_OK);

    assert_counts(difference, 0, 1, 0, 1);
}

int
main(void)
{
#define FRESH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        FRESH(the_order_and_numbers_of_lines_change_nothing),
        FRESH(a_line_of_the_same_reference_with_other_yen_is_changed_and_not_gone_and_added),
        FRESH(of_lines_that_repeat_each_has_its_own_partner),
        FRESH(every_field_of_a_line_counts),
        FRESH(a_text_that_moves_from_one_field_to_the_next_is_another_line),
        FRESH(a_banks_line_is_known_by_its_inquiry_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
