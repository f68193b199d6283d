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

/* "P1 入金不足 100/90 [1 2]?3": payout, class, expected/received, credits, suggestion; joined by ", ". */
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
        for (size_t k = 0; k < outcome->credit_count; k++) {
            buffer_printf(out, "%s%llu", k == 0 ? "" : " ", (unsigned long long)input->credits[outcome->credits[k]].id);
        }
        buffer_append_text(out, "]");
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
    struct payout_decision decisions[] = {{1, text_view_of("P1"), true}, {3, text_view_of("P1"), false}};
    struct payout_input input = {.payouts = payouts,
                                 .payout_count = 2,
                                 .credits = credits,
                                 .credit_count = 3,
                                 .decisions = decisions,
                                 .decision_count = 2,
                                 .as_of = {2026, 11, 26}};
    expect(&input, "P1 入金済 100/100 [1], P2 入金済 200/200 [2], - 入金元不明 0/100 [3]");
    decisions[1] = (struct payout_decision){1, text_view_of("P2"), true};
    struct arena arena;
    arena_init(&arena, SIZE_MAX / 4);
    struct payout_options options = payout_options_default(&arena);
    struct payout_result result;
    struct error_detail err;
    assert_int_equal(payout_match(&result, &input, &options, &err), STATUS_INVALID);
    assert_string_equal(err.code, "decision_conflict");
    arena_finish(&arena);
}

enum { ROUNDS = 300, MANY = 40 };

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
        }
        for (size_t i = 0; i < credit_count; i++) {
            credits[i] = credit_of(i, (int)seeded_between(&random, 18, 28), seeded_between(&random, 1, 9) * 500,
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
what_an_earlier_run_has_written_stays_with_its_payout(void **state)
{
    (void)state;
    struct payout payouts[] = {payout_of("P1", 100, 0, 20), payout_of("P1", 100, 0, 20)};
    payouts[0].trustee = text_view_of("A");
    payouts[1].trustee = text_view_of("B");
    struct payout_credit credits[] = {credit_of(1, 20, 100, "P1", "ﾀﾞﾚｶ")};
    credits[0].is_settled = true;
    credits[0].settled_id = text_view_of("P1");
    credits[0].settled_trustee = text_view_of("B");
    const struct payout_input input = {
        .payouts = payouts, .payout_count = 2, .credits = credits, .credit_count = 1, .as_of = {2026, 11, 20}};
    expect(&input, "P1 未入金 100/0 [], P1 入金済 100/100 [1]");
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
        cmocka_unit_test(the_order_of_payouts_and_credits_does_not_matter),
        cmocka_unit_test(two_companies_with_one_payout_id_are_told_apart_by_the_payer_or_by_nobody),
        cmocka_unit_test(what_an_earlier_run_has_written_stays_with_its_payout),
        cmocka_unit_test(the_sentence_shows_what_was_expected_and_what_came),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
