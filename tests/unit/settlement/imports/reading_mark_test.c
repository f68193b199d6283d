/* Two readings of a file have the same mark only when every line says the same. */
#include "settlement/imports/reading_mark.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct statement_line
statement(void)
{
    return (struct statement_line){.line = 7,
                                   .kind = STATEMENT_SALE,
                                   .brand = text_view_of("paypay"),
                                   .merchant_reference = text_view_of("AB"),
                                   .acquirer_reference = text_view_of("C"),
                                   .terminal = text_view_of("KO-01"),
                                   .slip = text_view_of("0012"),
                                   .payout_id = text_view_of("P1"),
                                   .accepted_at_ms = 1000,
                                   .amount_yen = 400,
                                   .fee_yen = 8,
                                   .pay_date = {2026, 12, 1}};
}

static struct bank_line
bank(void)
{
    return (struct bank_line){.line = 3,
                              .direction = BANK_IN,
                              .date = {2026, 12, 1},
                              .value_date = {2026, 12, 1},
                              .amount_yen = 770,
                              .summary = text_view_of("FURIKOMI"),
                              .edi = text_view_of("P2")};
}

static uint64_t
mark_of_statement(struct statement_line line)
{
    return reading_mark_add(reading_mark_of_nothing(), &line, NULL, 1);
}

static uint64_t
mark_of_bank(struct bank_line line)
{
    return reading_mark_add(reading_mark_of_nothing(), NULL, &line, 1);
}

static void
every_stored_field_of_a_statement_line_changes_the_mark(void **state)
{
    (void)state;
    struct statement_line changed[13];
    for (size_t i = 0; i < sizeof changed / sizeof changed[0]; i++) {
        changed[i] = statement();
    }
    changed[0].line = 8;
    changed[1].kind = STATEMENT_REFUND;
    changed[2].is_training = true;
    changed[3].brand = text_view_of("aupay");
    changed[4].merchant_reference = text_view_of("AC");
    changed[5].acquirer_reference = text_view_of("");
    changed[6].terminal = text_view_of("KO-02");
    changed[7].slip = text_view_of("0013");
    changed[8].payout_id = text_view_of("P2");
    changed[9].accepted_at_ms = INSTANT_ABSENT;
    changed[10].amount_yen = -400;
    changed[11].fee_yen = 9;
    changed[12].pay_date = (struct civil_date){0};
    uint64_t mark = mark_of_statement(statement());
    assert_true(mark == mark_of_statement(statement()));
    for (size_t i = 0; i < sizeof changed / sizeof changed[0]; i++) {
        assert_true(mark != mark_of_statement(changed[i]));
        for (size_t k = 0; k < i; k++) {
            assert_true(mark_of_statement(changed[k]) != mark_of_statement(changed[i]));
        }
    }
}

static void
a_text_that_moves_into_the_next_field_changes_the_mark(void **state)
{
    (void)state;
    struct statement_line moved = statement();
    moved.merchant_reference = text_view_of("A");
    moved.acquirer_reference = text_view_of("BC");
    assert_true(mark_of_statement(statement()) != mark_of_statement(moved));
}

static void
every_stored_field_of_a_bank_line_changes_the_mark(void **state)
{
    (void)state;
    struct bank_line changed[17];
    for (size_t i = 0; i < sizeof changed / sizeof changed[0]; i++) {
        changed[i] = bank();
    }
    changed[0].line = 4;
    changed[1].direction = BANK_OUT;
    changed[2].date.day = 2;
    changed[3].value_date.day = 2;
    changed[4].amount_yen = 771;
    struct text_view *texts[] = {&changed[5].inquiry_number,  &changed[6].transaction,   &changed[7].payer_code,
                                 &changed[8].payer_kana,      &changed[9].sending_bank,  &changed[10].sending_branch,
                                 &changed[11].summary,        &changed[12].edi,          &changed[13].account_bank,
                                 &changed[14].account_branch, &changed[15].account_kind, &changed[16].account_number};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        *texts[i] = text_view_of("x");
    }
    uint64_t mark = mark_of_bank(bank());
    for (size_t i = 0; i < sizeof changed / sizeof changed[0]; i++) {
        assert_true(mark != mark_of_bank(changed[i]));
        for (size_t k = 0; k < i; k++) {
            assert_true(mark_of_bank(changed[k]) != mark_of_bank(changed[i]));
        }
    }
}

static void
the_mark_of_two_batches_is_that_of_one(void **state)
{
    (void)state;
    struct statement_line lines[2] = {statement(), statement()};
    lines[1].line = 9;
    uint64_t first = reading_mark_add(reading_mark_of_nothing(), lines, NULL, 1);
    assert_true(reading_mark_add(first, lines + 1, NULL, 1) ==
                reading_mark_add(reading_mark_of_nothing(), lines, NULL, 2));
    assert_true(first != reading_mark_of_nothing());
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_stored_field_of_a_statement_line_changes_the_mark),
        cmocka_unit_test(a_text_that_moves_into_the_next_field_changes_the_mark),
        cmocka_unit_test(every_stored_field_of_a_bank_line_changes_the_mark),
        cmocka_unit_test(the_mark_of_two_batches_is_that_of_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
