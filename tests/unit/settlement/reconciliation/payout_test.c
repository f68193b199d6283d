/* Lines to payouts to deposits. */
#include "settlement/reconciliation/payout.h"

#include "common/bytes/buffer.h"
#include "tests/unit/common/seeded_random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct statement_line
line_of(const char *payout_id, enum statement_kind kind, int64_t amount_yen, int64_t fee_yen, int day)
{
    return (struct statement_line){
        .kind = kind,
        .payout_id = text_view_of(payout_id),
        .amount_yen = amount_yen,
        .fee_yen = fee_yen,
        .pay_date = {2026, 11, day},
    };
}

static struct payout_credit
credit_of(uint64_t id, int day, int64_t amount_yen, const char *edi, const char *payer)
{
    return (struct payout_credit){.id = id,
                                  .date = {2026, 11, day},
                                  .amount_yen = amount_yen,
                                  .edi = text_view_of(edi),
                                  .payer_kana = text_view_of(payer)};
}

static struct payout
payout_of(const char *id, int64_t gross_yen, int64_t fee_yen, int day)
{
    return (struct payout){.id = text_view_of(id),
                           .pay_date = {2026, 11, day},
                           .gross_yen = gross_yen,
                           .fee_yen = fee_yen,
                           .line_count = 3,
                           .payer_kana = text_view_of("ｹｯｻｲﾀﾞｲｺｳ(ｶ")};
}

/* "P1 入金不足 100/90 [1 2:30]+10>P3=P1+P4?3": payout, class, expected/received, credits (with the portion where it is
 * not all), carry-over and who takes it, payouts that are together what a credit is, suggestion; joined by ", ". */
static void
describe(struct buffer *out, const struct payout_input *input, const struct payout_result *result)
{
    for (size_t i = 0; i < result->outcome_count; i++) {
        const struct payout_outcome *outcome = &result->outcomes[i];
        struct text_view id = {"-", 1};
        if (outcome->payout != PAYOUT_NONE) {
            id = input->payouts[outcome->payout].id;
        }
        buffer_printf(out, "%s%.*s %s %lld/%lld [", i == 0 ? "" : ", ", (int)id.length, id.at,
                      payout_class_name(outcome->class), (long long)outcome->expected_yen,
                      (long long)outcome->received_yen);
        for (size_t k = 0; k < outcome->portion_count; k++) {
            const struct payout_credit *credit = &input->credits[outcome->portions[k].credit];
            buffer_printf(out, "%s%llu", k == 0 ? "" : " ", (unsigned long long)credit->id);
            if (outcome->portions[k].amount_yen != credit->amount_yen) {
                buffer_printf(out, ":%lld", (long long)outcome->portions[k].amount_yen);
            }
        }
        buffer_append_text(out, "]");
        if (outcome->carry_yen != 0) {
            buffer_printf(out, "%+lld", (long long)outcome->carry_yen);
        }
        if (outcome->carried_to != PAYOUT_NONE) {
            struct text_view taker = input->payouts[outcome->carried_to].id;
            buffer_printf(out, ">%.*s", (int)taker.length, taker.at);
        }
        for (size_t k = 0; k < outcome->suggested_count; k++) {
            struct text_view member = input->payouts[outcome->suggested[k]].id;
            buffer_printf(out, "%s%.*s", k == 0 ? "=" : "+", (int)member.length, member.at);
        }
        if (outcome->suggestion != PAYOUT_NONE && outcome->class == PAYOUT_UNKNOWN_CREDIT) {
            struct text_view suggested = input->payouts[outcome->suggestion].id;
            buffer_printf(out, "?%.*s", (int)suggested.length, suggested.at);
        } else if (outcome->suggestion != PAYOUT_NONE) {
            buffer_printf(out, "?%llu", (unsigned long long)input->credits[outcome->suggestion].id);
        }
    }
}

static void
describe_match(struct buffer *out, const struct payout_input *input)
{
    struct arena arena;
    arena_init(&arena, SIZE_MAX / 4);
    struct payout_options options = payout_options_default(&arena);
    struct payout_result result;
    struct error_detail err;
    assert_int_equal(payout_match(&result, input, &options, &err), STATUS_OK);
    buffer_init(out, 256 * 1024);
    describe(out, input, &result);
    arena_finish(&arena);
}

static void
expect(const struct payout_input *input, const char *wanted)
{
    struct buffer seen;
    describe_match(&seen, input);
    assert_string_equal(buffer_text(&seen), wanted);
    buffer_finish(&seen);
}

static void
lines_add_up_by_payout_id(void **state)
{
    (void)state;
    const struct statement_line lines[] = {
        line_of("P2", STATEMENT_SALE, 1000, 20, 24),   line_of("P1", STATEMENT_SALE, 300, 6, 24),
        line_of("P2", STATEMENT_REFUND, -200, -4, 25), line_of("", STATEMENT_SALE, 999, 0, 24),
        line_of("P2", STATEMENT_FEE, -330, 0, 24),
    };
    struct arena arena;
    arena_init(&arena, SIZE_MAX / 4);
    struct payout *payouts;
    size_t count;
    struct error_detail err;

    assert_int_equal(payout_collect(&payouts, &count, lines, 5, &arena, &err), STATUS_OK);

    assert_int_equal(count, 2);
    assert_true(text_view_equals(payouts[0].id, text_view_of("P1")));
    assert_int_equal(payouts[1].gross_yen, 800);
    assert_int_equal(payouts[1].fee_yen, 346);
    assert_int_equal(payouts[1].line_count, 3);
    assert_int_equal(payouts[1].pay_date.day, 25);
    assert_int_equal(payouts[1].charge_yen, 330);
    assert_int_equal(payout_expected_yen(&payouts[1]), 470); /* gross, but the charge has a line of its own */
    payouts[1].is_net = true;
    assert_int_equal(payout_expected_yen(&payouts[1]), 454);
    arena_finish(&arena);
}

static void
every_kind_of_deposit_has_its_name(void **state)
{
    (void)state;
    struct payout payouts[] = {
        payout_of("P1", 1000, 20, 24), payout_of("P2", 2000, 40, 24),  payout_of("P3", 3000, 60, 24),
        payout_of("P4", 4000, 80, 24), payout_of("P5", 5000, 99, 24),  payout_of("P6", 6000, 99, 26),
        payout_of("P7", -100, 0, 24),  payout_of("P8", 8000, 100, 24),
    };
    payouts[7].is_net = true;
    const struct payout_credit credits[] = {
        credit_of(1, 24, 1000, "P1", "X"),   credit_of(2, 24, 1119, "P2", "X"),   credit_of(3, 24, 2120, "P3", "X"),
        credit_of(4, 24, 4001, "P4  ", "X"), credit_of(5, 24, 12, "SALARY", "Y"), credit_of(6, 25, 3900, "P8", "X"),
        credit_of(7, 24, 4000, "P8", "X"),
    };
    const struct payout_input input = {
        .payouts = payouts, .payout_count = 8, .credits = credits, .credit_count = 7, .as_of = {2026, 11, 25}};
    expect(&input, "P1 入金済 1000/1000 [1], P2 入金不足 2000/1119 [2], P3 振込手数料差引 3000/2120 [3], "
                   "P4 入金過大 4000/4001 [4], P5 未入金 5000/0 [], P6 入金予定 6000/0 [], P7 繰越 -100/0 [], "
                   "P8 入金済 7900/7900 [7 6], - 入金元不明 0/12 [5]");
    assert_true(payout_class_is_discrepancy(PAYOUT_MISSING));
    assert_false(payout_class_is_discrepancy(PAYOUT_DUE));
}

static void
payer_amount_and_date_only_suggest(void **state)
{
    (void)state;
    const struct payout payouts[] = {payout_of("P1", 10000, 20, 20), payout_of("P2", 20000, 20, 20)};
    const struct payout_credit credits[] = {
        credit_of(1, 24, 9560, "", "ケッサイダイコウ（カ"),
        credit_of(2, 24, 10000, "", "ﾍﾞﾂ(ｶ"),
        credit_of(3, 26, 20000, "", "ｹｯｻｲﾀﾞｲｺｳ(ｶ"),
        credit_of(4, 24, 20001, "", "ｹｯｻｲﾀﾞｲｺｳ(ｶ"),
    };
    const struct payout_input input = {
        .payouts = payouts, .payout_count = 2, .credits = credits, .credit_count = 4, .as_of = {2026, 11, 26}};
    expect(&input,
           "P1 未入金 10000/0 []?1, P2 未入金 20000/0 [], - 入金元不明 0/9560 [1]?P1, - 入金元不明 0/10000 [2], "
           "- 入金元不明 0/20001 [4], - 入金元不明 0/20000 [3]");
}

static void
decisions_of_people_outrank_the_edi(void **state)
{
    (void)state;
    const struct payout payouts[] = {payout_of("P1", 100, 0, 20), payout_of("P2", 200, 0, 20)};
    const struct payout_credit credits[] = {credit_of(1, 20, 100, "P2", "X"), credit_of(2, 20, 200, "P2", "X"),
                                            credit_of(3, 20, 100, "P1", "X")};
    struct payout_decision decisions[] = {{.credit_id = 1, .payout_id = text_view_of("P1"), .is_pair = true},
                                          {.credit_id = 3, .payout_id = text_view_of("P1")}};
    struct payout_input input = {.payouts = payouts,
                                 .payout_count = 2,
                                 .credits = credits,
                                 .credit_count = 3,
                                 .decisions = decisions,
                                 .decision_count = 2,
                                 .as_of = {2026, 11, 26}};
    expect(&input, "P1 入金済 100/100 [1], P2 入金済 200/200 [2], - 入金元不明 0/100 [3]");
    decisions[1] = (struct payout_decision){.credit_id = 1, .payout_id = text_view_of("P2"), .is_pair = true};
    struct arena arena;
    arena_init(&arena, SIZE_MAX / 4);
    struct payout_options options = payout_options_default(&arena);
    struct payout_result result;
    struct error_detail err;
    assert_int_equal(payout_match(&result, &input, &options, &err), STATUS_INVALID);
    assert_string_equal(err.code, "decision_conflict");
    arena_finish(&arena);
}

static void
one_credit_pays_all_of_a_pay_day_when_its_edi_names_one_and_the_sum_is_exact(void **state)
{
    (void)state;
    struct payout payouts[] = {payout_of("P1", 6000, 0, 24), payout_of("P2", 4000, 0, 24), payout_of("P3", 70, 0, 25)};
    struct payout_credit credits[] = {credit_of(1, 24, 10000, "P2", "X"), credit_of(2, 25, 70, "P3", "X")};
    const struct payout_input input = {
        .payouts = payouts, .payout_count = 3, .credits = credits, .credit_count = 2, .as_of = {2026, 11, 25}};
    expect(&input, "P1 入金済 6000/6000 [1:6000], P2 入金済 4000/4000 [1:4000], P3 入金済 70/70 [2]");

    /* One yen off, another credit that speaks of one of them, or a day that only patience gave: nothing is proved. */
    credits[0].amount_yen = 9999;
    expect(&input, "P1 未入金 6000/0 [], P2 入金過大 4000/9999 [1], P3 入金済 70/70 [2]");
    credits[0].amount_yen = 10000;
    credits[1].edi = text_view_of("P1");
    expect(&input, "P1 入金不足 6000/70 [2], P2 入金過大 4000/10000 [1], P3 未入金 70/0 []");
    credits[1].edi = text_view_of("P3");
    payouts[0].due_by = PAYOUT_DUE_BY_AGE;
    payouts[1].due_by = PAYOUT_DUE_BY_AGE;
    expect(&input, "P1 未入金 6000/0 [], P2 入金過大 4000/10000 [1], P3 入金済 70/70 [2]");
}

static void
one_credit_without_edi_pays_a_pay_day_only_where_the_terms_say_so(void **state)
{
    (void)state;
    struct payout payouts[] = {payout_of("P1", 6000, 0, 24), payout_of("P2", 4000, 0, 24)};
    struct payout_credit credits[] = {credit_of(1, 24, 10000, "", "ｹｯｻｲﾀﾞｲｺｳ(ｶ"), credit_of(2, 24, 10000, "", "ﾍﾞﾂ(ｶ"),
                                      credit_of(3, 24, 10000, "", "ｹｯｻｲﾀﾞｲｺｳ(ｶ")};
    struct payout_input input = {
        .payouts = payouts, .payout_count = 2, .credits = credits, .credit_count = 2, .as_of = {2026, 11, 25}};
    expect(&input, "P1 未入金 6000/0 []=P2+P1?1, P2 未入金 4000/0 []=P2+P1?1, - 入金元不明 0/10000 [1]=P2+P1?P2, "
                   "- 入金元不明 0/10000 [2]");

    payouts[0].is_together = true;
    payouts[1].is_together = true;
    expect(&input, "P1 入金済 6000/6000 [1:6000], P2 入金済 4000/4000 [1:4000], - 入金元不明 0/10000 [2]");

    credits[0].date.day = 25; /* not the pay day */
    expect(&input, "P1 未入金 6000/0 []=P2+P1?1, P2 未入金 4000/0 []=P2+P1?1, - 入金元不明 0/10000 [2], "
                   "- 入金元不明 0/10000 [1]=P2+P1?P2");
    credits[0].date.day = 24;
    input.credit_count = 3; /* two that could be it */
    expect(&input, "P1 未入金 6000/0 []=P2+P1?3, P2 未入金 4000/0 []=P2+P1?3, - 入金元不明 0/10000 [1]=P2+P1?P2, "
                   "- 入金元不明 0/10000 [2], - 入金元不明 0/10000 [3]=P2+P1?P2");
}

static void
people_spread_a_credit_over_payouts_and_never_more_than_it_is(void **state)
{
    (void)state;
    const struct payout payouts[] = {payout_of("P1", 6000, 0, 20), payout_of("P2", 4000, 0, 22)};
    const struct payout_credit credits[] = {credit_of(1, 24, 10500, "P1", "X")};
    struct payout_decision decisions[] = {
        {.credit_id = 1, .payout_id = text_view_of("P1"), .is_pair = true, .amount_yen = 6000},
        {.credit_id = 1, .payout_id = text_view_of("P2"), .is_pair = true, .amount_yen = 4000}};
    struct payout_input input = {.payouts = payouts,
                                 .payout_count = 2,
                                 .credits = credits,
                                 .credit_count = 1,
                                 .decisions = decisions,
                                 .decision_count = 2,
                                 .as_of = {2026, 11, 26}};
    expect(&input, "P1 入金済 6000/6000 [1:6000], P2 入金済 4000/4000 [1:4000], - 入金元不明 0/500 [1:500]");

    struct arena arena;
    struct payout_result result;
    struct error_detail err;
    arena_init(&arena, SIZE_MAX / 4);
    struct payout_options options = payout_options_default(&arena);
    decisions[1].amount_yen = 4501;
    assert_int_equal(payout_match(&result, &input, &options, &err), STATUS_INVALID);
    assert_string_equal(err.code, "decision_conflict");
    decisions[1] = decisions[0];
    decisions[1].amount_yen = 1;
    assert_int_equal(payout_match(&result, &input, &options, &err), STATUS_INVALID);
    arena_finish(&arena);
}

/* By terms with a minimum of 1,000 yen, where what is below zero is deducted. */
static struct payout
carrying_of(const char *id, int64_t gross_yen, int day)
{
    struct payout payout = payout_of(id, gross_yen, 0, day);
    payout.minimum_yen = 1000;
    payout.carries_negative = true;
    return payout;
}

static void
what_is_too_little_or_below_zero_is_carried_to_the_next_payout(void **state)
{
    (void)state;
    struct payout payouts[] = {carrying_of("P1", 300, 20),  carrying_of("P2", 600, 21), carrying_of("P3", 2000, 22),
                               carrying_of("P4", -500, 23), carrying_of("P5", 700, 24), carrying_of("P6", 1700, 25),
                               carrying_of("P7", 999, 26)};
    struct payout_credit credits[] = {credit_of(1, 22, 2900, "P3", "X"), credit_of(2, 25, 1900, "P6", "X"),
                                      credit_of(3, 26, 999, "P7", "X")};
    struct payout_input input = {
        .payouts = payouts, .payout_count = 7, .credits = credits, .credit_count = 2, .as_of = {2026, 11, 30}};
    expect(&input, "P1 繰越 0/0 []-300>P3, P2 繰越 0/0 []-600>P3, P3 入金済 2900/2900 [1]+900, P4 繰越 0/0 []+500>P6, "
                   "P5 繰越 0/0 []-700>P6, P6 入金済 1900/1900 [2]+200, P7 繰越 0/0 []-999");

    /* The company paid it all the same: what is named is not carried. */
    input.credit_count = 3;
    input.credits = credits;
    expect(&input, "P1 繰越 0/0 []-300>P3, P2 繰越 0/0 []-600>P3, P3 入金済 2900/2900 [1]+900, P4 繰越 0/0 []+500>P6, "
                   "P5 繰越 0/0 []-700>P6, P6 入金済 1900/1900 [2]+200, P7 入金済 999/999 [3]");

    /* Another company's payouts take nothing, and without a next one it is missing when it waited too long. */
    input.credit_count = 2;
    for (size_t i = 2; i < 7; i++) {
        payouts[i].trustee = text_view_of("B");
    }
    input.as_of = (struct civil_date){2027, 1, 27};
    expect(&input, "P1 繰越 0/0 []-300, P2 繰越 0/0 []-600, P3 入金過大 2000/2900 [1], P4 繰越 0/0 []+500>P6, "
                   "P5 繰越 0/0 []-700>P6, P6 入金済 1900/1900 [2]+200, P7 繰越 0/0 []-999");
    input.as_of = (struct civil_date){2027, 1, 28};
    expect(&input, "P1 繰越 0/0 []-300>P2, P2 未入金 900/0 []+300, P3 入金過大 2000/2900 [1], P4 繰越 0/0 []+500>P6, "
                   "P5 繰越 0/0 []-700>P6, P6 入金済 1900/1900 [2]+200, P7 繰越 0/0 []-999");
}

static void
what_was_carried_before_stands_where_its_chain_is_not_here(void **state)
{
    (void)state;
    struct payout payouts[] = {carrying_of("P2", 2000, 22), carrying_of("P3", 400, 21)};
    payouts[0].is_carry_known = true;
    payouts[0].known_carry_yen = 300;
    payouts[1].is_carry_known = true;
    payouts[1].is_known_carried = true;
    payouts[1].known_carry_yen = -400;
    const struct payout_input input = {.payouts = payouts, .payout_count = 2, .as_of = {2026, 11, 20}};
    expect(&input, "P2 入金予定 2300/0 []+300, P3 繰越 0/0 []-400");
}

enum { ROUNDS = 300, MANY = 40 };

/* Each credit is the sum of its portions, no payout takes it twice; what is expected of all and what is carried on is
 * what they are by themselves; and each taker takes what its own leave. */
static void
assert_sums_hold(const struct payout_input *input)
{
    struct arena arena;
    struct payout_result result;
    struct error_detail err;
    int64_t placed_yen[MANY] = {0};
    int64_t open_yen = 0;
    arena_init(&arena, SIZE_MAX / 4);
    struct payout_options options = payout_options_default(&arena);
    assert_int_equal(payout_match(&result, input, &options, &err), STATUS_OK);
    for (size_t i = 0; i < result.outcome_count; i++) {
        const struct payout_outcome *outcome = &result.outcomes[i];
        int64_t received_yen = 0;
        for (size_t k = 0; k < outcome->portion_count; k++) {
            received_yen += outcome->portions[k].amount_yen;
            placed_yen[outcome->portions[k].credit] += outcome->portions[k].amount_yen;
            assert_true(outcome->portions[k].amount_yen > 0);
            assert_true(k == 0 || outcome->portions[k].credit != outcome->portions[k - 1].credit);
        }
        assert_int_equal(outcome->received_yen, received_yen);
        if (outcome->payout == PAYOUT_NONE) {
            continue;
        }
        const struct payout *payout = &input->payouts[outcome->payout];
        int64_t taken_yen = 0;
        for (size_t k = 0; k < outcome->taken_count; k++) {
            taken_yen += payout_expected_yen(&input->payouts[outcome->taken[k]]);
        }
        assert_int_equal(outcome->expected_yen, payout_expected_yen(payout) + outcome->carry_yen);
        if (outcome->is_carried) {
            assert_int_equal(outcome->expected_yen, 0);
            open_yen += outcome->carried_to == PAYOUT_NONE ? outcome->carry_yen : 0;
        } else {
            assert_int_equal(outcome->carry_yen, taken_yen);
        }
        open_yen -= outcome->carry_yen;
    }
    assert_int_equal(open_yen, 0);
    for (size_t i = 0; i < input->credit_count; i++) {
        assert_int_equal(placed_yen[i], input->credits[i].amount_yen);
    }
    arena_finish(&arena);
}

static void
the_order_of_payouts_and_credits_does_not_matter(void **state)
{
    (void)state;
    static const char *const ids[] = {"P0", "P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9", "none", ""};
    struct seeded_random random = {5};
    for (int round = 0; round < ROUNDS; round++) {
        struct payout payouts[10];
        struct payout_credit credits[MANY];
        size_t credit_count = (size_t)seeded_between(&random, 0, MANY);
        int64_t total_yen = 0;
        for (size_t i = 0; i < 10; i++) {
            payouts[i] =
                payout_of(ids[i], seeded_between(&random, -2, 9) * 500, 0, (int)seeded_between(&random, 18, 28));
            payouts[i].trustee = text_view_of(i % 3 == 0 ? "A" : "B");
            payouts[i].is_together = round % 2 == 0;
            payouts[i].minimum_yen = round % 3 == 0 ? 1000 : 0;
            payouts[i].carries_negative = round % 5 < 3;
        }
        for (size_t i = 0; i < credit_count; i++) {
            credits[i] = credit_of(i, (int)seeded_between(&random, 18, 28), seeded_between(&random, 1, 19) * 500,
                                   ids[seeded_between(&random, 0, 11)], "ｹｯｻｲﾀﾞｲｺｳ(ｶ");
            total_yen += credits[i].amount_yen;
        }
        struct payout_input input = {.payouts = payouts,
                                     .payout_count = 10,
                                     .credits = credits,
                                     .credit_count = credit_count,
                                     .as_of = {2026, 11, 24}};
        struct buffer before, after;
        describe_match(&before, &input);
        struct payout swap = payouts[2];
        payouts[2] = payouts[7];
        payouts[7] = swap;
        for (size_t i = credit_count; i > 1; i--) {
            size_t other = (size_t)seeded_between(&random, 0, (int64_t)i - 1);
            struct payout_credit moved = credits[i - 1];
            credits[i - 1] = credits[other];
            credits[other] = moved;
        }
        describe_match(&after, &input);
        assert_string_equal(buffer_text(&before), buffer_text(&after));
        assert_sums_hold(&input);
        int64_t seen_yen = 0; /* every credit once: what was received adds up */
        for (const char *at = strchr(buffer_text(&after), '/'); at != NULL; at = strchr(at + 1, '/')) {
            seen_yen += atoll(at + 1);
        }
        assert_int_equal(seen_yen, total_yen);
        buffer_finish(&before);
        buffer_finish(&after);
    }
}

static void
two_companies_with_one_payout_id_are_told_apart_by_the_payer_or_by_nobody(void **state)
{
    (void)state;
    struct payout payouts[] = {payout_of("P1", 100, 0, 20), payout_of("P1", 200, 0, 20), payout_of("P2", 300, 0, 20)};
    const struct text_view payers[] = {text_view_of("ｴｰ(ｶ"), text_view_of("ﾋﾞｰ(ｶ"), text_view_of("ｼｰ(ｶ")};
    payouts[0].trustee = text_view_of("A");
    payouts[0].payer_kana = payers[0];
    payouts[1].trustee = text_view_of("B");
    payouts[1].payer_kana = payers[1];
    payouts[2].trustee = text_view_of("B");
    payouts[2].payer_kana = payers[1];
    const struct payout_credit credits[] = {
        credit_of(1, 20, 200, "P1", "ﾋﾞｰ(ｶ"), credit_of(2, 20, 100, "P1", "エー（カ"),
        credit_of(3, 20, 9, "P1", "ﾀﾞﾚｶ"),    credit_of(4, 20, 300, "P2", "ﾀﾞﾚｶ"),
        credit_of(5, 20, 8, "P2", "ｼｰ(ｶ"),
    };
    const struct payout_input input = {.payouts = payouts,
                                       .payout_count = 3,
                                       .payers = payers,
                                       .payer_count = 3,
                                       .credits = credits,
                                       .credit_count = 5,
                                       .as_of = {2026, 11, 20}};
    expect(&input, "P1 入金済 100/100 [2], P1 入金済 200/200 [1], P2 入金済 300/300 [4], - 入金元不明 0/9 [3], "
                   "- 入金元不明 0/8 [5]");
}

static void
the_sentence_shows_what_was_expected_and_what_came(void **state)
{
    (void)state;
    const struct payout payouts[] = {payout_of("P1", 100000, 2000, 24)};
    const struct payout_credit credits[] = {credit_of(1, 24, 99560, "P1", "ｹｯｻｲﾀﾞｲｺｳ(ｶ")};
    const struct payout_input input = {
        .payouts = payouts, .payout_count = 1, .credits = credits, .credit_count = 1, .as_of = {2026, 11, 24}};
    struct arena arena;
    arena_init(&arena, SIZE_MAX / 4);
    struct payout_options options = payout_options_default(&arena);
    struct payout_result result;
    struct error_detail err;
    assert_int_equal(payout_match(&result, &input, &options, &err), STATUS_OK);
    struct buffer text;
    buffer_init(&text, 4096);

    payout_explain(&text, &input, &result.outcomes[0]);

    assert_string_equal(
        buffer_text(&text),
        "入金番号 P1（明細3件 100,000円、手数料 2,000円、総額払い、予定日 2026-11-24）に対し、予定 100,000円、"
        "入金 99,560円、差 -440円。入金: 2026-11-24 99,560円 ｹｯｻｲﾀﾞｲｺｳ(ｶ EDI P1。差は振込手数料の範囲内で、"
        "差し引かれた見込み。");
    buffer_finish(&text);
    arena_finish(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_add_up_by_payout_id),
        cmocka_unit_test(every_kind_of_deposit_has_its_name),
        cmocka_unit_test(payer_amount_and_date_only_suggest),
        cmocka_unit_test(decisions_of_people_outrank_the_edi),
        cmocka_unit_test(one_credit_pays_all_of_a_pay_day_when_its_edi_names_one_and_the_sum_is_exact),
        cmocka_unit_test(one_credit_without_edi_pays_a_pay_day_only_where_the_terms_say_so),
        cmocka_unit_test(people_spread_a_credit_over_payouts_and_never_more_than_it_is),
        cmocka_unit_test(what_is_too_little_or_below_zero_is_carried_to_the_next_payout),
        cmocka_unit_test(what_was_carried_before_stands_where_its_chain_is_not_here),
        cmocka_unit_test(the_order_of_payouts_and_credits_does_not_matter),
        cmocka_unit_test(two_companies_with_one_payout_id_are_told_apart_by_the_payer_or_by_nobody),
        cmocka_unit_test(the_sentence_shows_what_was_expected_and_what_came),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
