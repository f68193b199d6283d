/* The pure rules of 払込 (docs/cash.md): until when, what it is known by, which bank line it is. */
#include "settlement/remittance/bank_match.h"
#include "settlement/remittance/deadline.h"
#include "settlement/remittance/reference.h"
#include "tests/unit/common/seeded_random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int64_t holidays[] = {20595}; /* 2026-05-22, a Friday, for the length of these tests */
static const struct bank_calendar calendar = {.holidays = holidays, .count = 1};
static const struct remittance_rule usual = {.days = 1};

static void
assert_due(const struct remittance_rule *rule, const char *date, int64_t held_yen, const char *due_on)
{
    struct civil_date day;
    char text[CIVIL_DATE_TEXT_SIZE];
    assert_int_equal(civil_date_parse(&day, date, strlen(date)), STATUS_OK);
    assert_string_equal(civil_date_format(text, remittance_due_on(rule, &calendar, day, held_yen)), due_on);
}

static void
cash_is_due_on_the_next_day_on_which_banks_work(void **state)
{
    (void)state;
    assert_string_equal(civil_date_format((char[CIVIL_DATE_TEXT_SIZE]){0}, civil_date_from_days(holidays[0])),
                        "2026-05-22");

    assert_due(&usual, "2026-05-19", 1, "2026-05-20");
    assert_due(&usual, "2026-05-21", 1, "2026-05-25"); /* the holiday, then the weekend */
    assert_due(&usual, "2026-05-23", 1, "2026-05-25"); /* received on a Saturday */
    assert_due(&usual, "2026-12-30", 1, "2027-01-04"); /* banks are closed from 31 December to 3 January */
}

static void
a_city_may_ask_for_the_same_day_or_let_small_sums_wait(void **state)
{
    (void)state;
    const struct remittance_rule same_day = {.days = 0};
    const struct remittance_rule small = {.days = 1, .small_yen = 3000, .small_days = 5};
    const struct remittance_rule upside_down = {.days = 3, .small_yen = 3000, .small_days = 1};

    assert_due(&same_day, "2026-05-19", 1, "2026-05-19");
    assert_due(&same_day, "2026-05-22", 1, "2026-05-25");
    assert_due(&small, "2026-05-11", 3000, "2026-05-18");
    assert_due(&small, "2026-05-11", 3001, "2026-05-12");
    assert_due(&upside_down, "2026-05-11", 1, "2026-05-14"); /* small sums are never due before large ones */
}

static void
more_than_the_limit_is_over_it_and_no_limit_is_none(void **state)
{
    (void)state;
    const struct remittance_rule limited = {.limit_yen = 300000};

    assert_false(remittance_is_over_limit(&limited, 300000));
    assert_true(remittance_is_over_limit(&limited, 300001));
    assert_false(remittance_is_over_limit(&usual, INT64_MAX));
}

static void
a_reference_is_found_only_where_it_stands_by_itself(void **state)
{
    (void)state;
    char text[REMITTANCE_REFERENCE_SIZE];
    const int64_t key = remittance_key(2026, 12);

    assert_string_equal(remittance_reference_format(text, 2026, 12), "HK2026000012");
    assert_string_equal(remittance_number_format(text, 2026, 12), "2026-000012");
    assert_true(remittance_key_in(text_view_of("HK2026000012")) == key);
    assert_true(remittance_key_in(text_view_of("ｺｳｷﾝ HK2026000012 ｼﾐﾝｶ")) == key);
    assert_true(remittance_key_in(text_view_of("HK2026000012/HK2026000012")) == key);
    assert_true(remittance_key_in(text_view_of("HK2026000012 HK2026000013")) == -1);
    static const char *const none[] = {
        "", "HK", "HK202600001", "HK20260000123", "XHK2026000012", "hk2026000012", "2026000012"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        assert_true(remittance_key_in(text_view_of(none[i])) == 0);
    }
}

enum { MANY = 8 };

static void
match(struct remittance_answer *out, const struct paid_remittance *paid, size_t count, struct booked_credit *credits,
      size_t credit_count)
{
    struct error_detail err;
    assert_int_equal(remittance_match(out, paid, count, credits, credit_count, &err), STATUS_OK);
}

static struct paid_remittance
paid_of(int64_t number, int64_t amount_yen, int64_t day)
{
    return (struct paid_remittance){.id = number,
                                    .key = remittance_key(2026, number),
                                    .amount_yen = amount_yen,
                                    .paid_on = day,
                                    .last_on = day + REMITTANCE_BOOKED_DAYS};
}

static void
a_line_that_names_it_beats_every_other(void **state)
{
    (void)state;
    struct remittance_answer answer[2];
    const struct paid_remittance paid[] = {paid_of(1, 700, 100), paid_of(2, 700, 100)};
    struct booked_credit credits[] = {
        {.import = 1, .line = 1, .amount_yen = 700, .booked_on = 100},
        {.import = 1, .line = 2, .amount_yen = 700, .booked_on = 101, .key = remittance_key(2026, 2)}};

    match(answer, paid, 2, credits, 2);

    assert_int_equal(answer[1].state, REMITTANCE_BY_REFERENCE);
    assert_int_equal(credits[answer[1].credit].line, 2);
    assert_int_equal(answer[0].state, REMITTANCE_BY_AMOUNT); /* the other is taken: this one is left, and only this */
    assert_int_equal(credits[answer[0].credit].line, 1);
}

static void
an_amount_alone_proves_nothing(void **state)
{
    (void)state;
    struct remittance_answer answer[2];
    const struct paid_remittance paid[] = {paid_of(1, 700, 100), paid_of(2, 700, 101)};
    struct booked_credit one = {.import = 1, .line = 1, .amount_yen = 700, .booked_on = 101};
    struct booked_credit two[] = {one, {.import = 1, .line = 2, .amount_yen = 700, .booked_on = 102}};
    struct booked_credit early = {.import = 1, .line = 1, .amount_yen = 700, .booked_on = 99};
    struct booked_credit late = {.import = 1, .line = 1, .amount_yen = 700, .booked_on = 104};

    match(answer, paid, 2, &one, 1); /* one line, two that it could be */
    assert_int_equal(answer[0].state, REMITTANCE_SEVERAL);
    assert_int_equal(answer[1].state, REMITTANCE_SEVERAL);
    match(answer, paid, 1, two, 2); /* two lines, one that they could be */
    assert_int_equal(answer[0].state, REMITTANCE_SEVERAL);
    match(answer, paid, 1, &early, 1);
    assert_int_equal(answer[0].state, REMITTANCE_NOT_SEEN);
    match(answer, paid, 1, &late, 1);
    assert_int_equal(answer[0].state, REMITTANCE_NOT_SEEN);
}

static void
a_line_that_names_it_with_another_amount_or_day_differs(void **state)
{
    (void)state;
    struct remittance_answer answer;
    const struct paid_remittance paid = paid_of(1, 700, 100);
    struct booked_credit less = {.amount_yen = 699, .booked_on = 100, .key = remittance_key(2026, 1)};
    struct booked_credit late = {.amount_yen = 700, .booked_on = 110, .key = remittance_key(2026, 1)};
    struct booked_credit another = {.amount_yen = 700, .booked_on = 100, .key = remittance_key(2026, 9)};

    match(&answer, &paid, 1, &less, 1);
    assert_int_equal(answer.state, REMITTANCE_DIFFERS);
    match(&answer, &paid, 1, &late, 1);
    assert_int_equal(answer.state, REMITTANCE_DIFFERS);
    match(&answer, &paid, 1, &another, 1); /* names another: it is not this one, whatever the amount */
    assert_int_equal(answer.state, REMITTANCE_NOT_SEEN);
}

/* What is said does not depend on the order of the arrays, and no line is said to be two. */
static void
order_does_not_matter_and_no_line_is_taken_twice(void **state)
{
    (void)state;
    struct seeded_random random = {.state = 29};
    for (int round = 0; round < 2000; round++) {
        struct paid_remittance paid[MANY], turned_paid[MANY];
        struct booked_credit credits[MANY], turned[MANY];
        struct remittance_answer answers[MANY], turned_answers[MANY];
        for (int64_t i = 0; i < MANY; i++) {
            paid[i] = paid_of(i + 1, seeded_between(&random, 1, 1 + 3 - 1), seeded_between(&random, 100, 100 + 6 - 1));
            credits[i] =
                (struct booked_credit){.import = 1,
                                       .line = i,
                                       .amount_yen = seeded_between(&random, 1, 1 + 3 - 1),
                                       .booked_on = seeded_between(&random, 100, 100 + 8 - 1),
                                       .key = seeded_between(&random, 0, 2) == 0
                                                  ? remittance_key(2026, seeded_between(&random, 1, 1 + MANY - 1))
                                                  : 0};
        }
        for (size_t i = 0; i < MANY; i++) {
            turned_paid[i] = paid[MANY - 1 - i];
            turned[i] = credits[MANY - 1 - i];
        }
        match(answers, paid, MANY, credits, MANY);
        match(turned_answers, turned_paid, MANY, turned, MANY);
        bool is_taken[MANY] = {false};
        for (size_t i = 0; i < MANY; i++) {
            const struct remittance_answer *other = &turned_answers[MANY - 1 - i];
            assert_int_equal(answers[i].state, other->state);
            if (answers[i].state == REMITTANCE_BY_REFERENCE || answers[i].state == REMITTANCE_BY_AMOUNT) {
                const struct booked_credit *credit = &credits[answers[i].credit];
                assert_true(credit->amount_yen == paid[i].amount_yen);
                assert_true(credit->line == turned[other->credit].line);
                assert_false(is_taken[credit->line]);
                is_taken[credit->line] = true;
            }
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cash_is_due_on_the_next_day_on_which_banks_work),
        cmocka_unit_test(a_city_may_ask_for_the_same_day_or_let_small_sums_wait),
        cmocka_unit_test(more_than_the_limit_is_over_it_and_no_limit_is_none),
        cmocka_unit_test(a_reference_is_found_only_where_it_stands_by_itself),
        cmocka_unit_test(a_line_that_names_it_beats_every_other),
        cmocka_unit_test(an_amount_alone_proves_nothing),
        cmocka_unit_test(a_line_that_names_it_with_another_amount_or_day_differs),
        cmocka_unit_test(order_does_not_matter_and_no_line_is_taken_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
