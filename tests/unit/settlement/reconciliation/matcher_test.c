/* Every class of discrepancy, and every rule of who is paired with whom, one by one. */
#include "match_support.h"

#include <string.h>

static void
a_sale_and_a_line_of_one_reference_match(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|Q1|visa|K1|22T10:00:00|450");
    scene_sale(&scene, "b|Q2|visa|K1|22T10:01:00|300");
    scene_line(&scene, "b|Q2|visa|K1|22T10:01:03|300");
    scene_line(&scene, "a|Q9|visa|K1|22T10:00:02|450");
    scene_expect(&scene, "2=101 reference, 1=102 reference");
    assert_int_equal(scene.result.matched.sale_yen, 750);
    scene_finish(&scene);
}

static void
a_line_that_lost_our_reference_matches_by_the_acquirers(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|Q1|visa|K1|22T10:00:00|450");
    scene_sale(&scene, "b|Q2|visa|K1|22T10:00:00|450");
    scene_line(&scene, "|Q2|visa|K1|22T10:00:00|450");
    scene_line(&scene, "cut-off-ref|Q1|visa|K1|22T10:00:00|450");
    scene_expect(&scene, "2=101 acquirer_reference, 1=102 acquirer_reference");
    scene_finish(&scene);
}

static void
our_reference_beats_the_acquirers(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|Q1|visa|K1|22T10:00:00|450");
    scene_line(&scene, "|Q1|visa|K1|22T10:00:00|450");
    scene_line(&scene, "a|Q7|visa|K1|22T10:00:00|500");
    scene_expect(&scene, "明細のみ 101, 金額相違 1=102");
    scene_finish(&scene);
}

static void
terminal_amount_and_time_only_suggest(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|Q1|visa|K1|22T10:00:00|450");
    scene_sale(&scene, "b|Q2|visa|K2|22T10:00:00|450");
    scene_line(&scene, "|Q8|visa|K1|22T10:08:00|450");
    scene_line(&scene, "|Q9|visa|K1|22T09:55:00|450");
    scene_line(&scene, "|Q7|visa|K1|22T10:00:01|451");
    scene_line(&scene, "|Q6|visa|K2|22T10:10:01|450");
    scene_expect(&scene, "POSのみ 1?102, POSのみ 2, 明細のみ 101?1, 明細のみ 102?1, 明細のみ 103, 明細のみ 104");
    scene_finish(&scene);
}

static void
a_void_shares_its_sales_reference_and_matches_the_reversal(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|Q1|visa|K1|22T10:00:00|450");
    scene_sale(&scene, "a|V1|visa|K1|22T10:05:00|-450");
    scene_line(&scene, "a|V1|visa|K1|22T10:05:00|-450");
    scene_line(&scene, "a|Q1|visa|K1|22T10:00:00|450");
    scene_expect(&scene, "2=101 reference, 1=102 reference");
    scene_finish(&scene);
}

static void
a_void_that_the_statement_lacks_is_paid_though_voided(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|Q1|visa|K1|22T10:00:00|450");
    scene_sale(&scene, "a|V1|visa|K1|22T10:05:00|-450");
    scene_line(&scene, "a|Q1|visa|K1|22T10:00:00|450");
    scene_line(&scene, "x|Q5|visa|K9|22T17:00:00|1");
    scene_expect(&scene, "1=101 reference, 明細のみ 102, 取消済みなのに入金 2<101");
    scene_finish(&scene);
}

static void
a_refund_of_a_payment_in_another_statement_is_only_ours(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|V1|visa|K1|22T10:05:00|-450");
    scene_line(&scene, "x|Q5|visa|K9|22T17:00:00|1");
    scene_expect(&scene, "POSのみ 1, 明細のみ 101");
    scene_finish(&scene);
}

static void
a_reversal_that_we_lack_stands_alone(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|Q1|visa|K1|22T10:00:00|450");
    scene_line(&scene, "a|Q1|visa|K1|22T10:00:00|450");
    scene_line(&scene, "a|V1|visa|K1|22T10:05:00|-450");
    scene_line(&scene, "z|V2|visa|K1|22T10:05:00|-300");
    scene_expect(&scene, "1=101 reference, 取消のみ 102, 取消のみ 103");
    scene_finish(&scene);
}

static void
several_refunds_match_by_acquirers_reference_or_amount(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|Q1|visa|K1|22T10:00:00|1000");
    scene_sale(&scene, "a|R1|visa|K1|22T11:00:00|-100");
    scene_sale(&scene, "a||visa|K1|22T12:00:00|-200");
    scene_sale(&scene, "a||visa|K1|22T13:00:00|-300");
    scene_line(&scene, "a|R9|visa|K1|22T13:00:00|-200");
    scene_line(&scene, "a|R1|visa|K1|22T11:00:00|-100");
    scene_line(&scene, "a|Q1|visa|K1|22T10:00:00|1000");
    scene_line(&scene, "a|R8|visa|K1|22T13:00:00|-330");
    scene_expect(&scene, "3=101 reference, 2=102 reference, 1=103 reference, 金額相違 4=104");
    scene_finish(&scene);
}

static void
refunds_that_could_be_either_are_not_guessed(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|Q1|visa|K1|22T10:00:00|1000");
    scene_sale(&scene, "a||visa|K1|22T12:00:00|-200");
    scene_sale(&scene, "a||visa|K1|22T13:00:00|-300");
    scene_line(&scene, "a|Q1|visa|K1|22T10:00:00|1000");
    scene_line(&scene, "a|R1|visa|K1|22T18:00:00|-210");
    scene_line(&scene, "a|R2|visa|K1|22T18:00:00|-310");
    scene_expect(&scene,
                 "1=101 reference, 取消のみ 102, 取消のみ 103, 取消済みなのに入金 2<101, 取消済みなのに入金 3<101");
    scene_finish(&scene);
}

static void
another_amount_is_a_pair_but_no_match(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|Q1|visa|K1|22T10:00:00|450");
    scene_line(&scene, "a|Q1|visa|K1|22T10:00:00|45");
    scene_expect(&scene, "金額相違 1=101");
    assert_int_equal(scene.result.classes[MATCH_AMOUNT_DIFFERS].sale_yen, 450);
    assert_int_equal(scene.result.classes[MATCH_AMOUNT_DIFFERS].statement_yen, 45);
    assert_int_equal(scene.result.matched.count, 0);
    scene_finish(&scene);
}

static void
another_brand_is_remarked_on_the_match(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|Q1|visa|K1|22T10:00:00|450");
    scene_sale(&scene, "b|Q2|jcb|K1|22T10:00:00|450");
    scene_sale(&scene, "c|Q3|visa|K1|22T10:00:00|450");
    scene_sale(&scene, "d|Q4||K1|22T10:00:00|450");
    scene_line(&scene, "a|Q1|jcb|K1|22T10:00:00|450");
    scene_line(&scene, "b|Q2|jcb|K1|22T10:00:00|450");
    scene_line(&scene, "c|Q3||K1|22T10:00:00|450");
    scene_line(&scene, "d|Q4|amex|K1|22T10:00:00|450");
    scene_expect(&scene, "1=101 reference, 2=102 reference, 3=103 reference, 4=104 reference, ブランド相違* 1=101");
    scene_finish(&scene);
}

static void
the_same_line_twice_is_a_duplicate_of_the_first(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|Q1|visa|K1|22T10:00:00|450");
    scene_line(&scene, "a|Q1|visa|K1|22T10:00:00|450");
    scene_line(&scene, "a|Q1|visa|K1|22T10:00:00|450");
    scene_line(&scene, "b|Q2|visa|K2|22T10:00:00|300");
    scene_line(&scene, "b|Q2|visa|K2|22T10:00:00|300");
    scene_line(&scene, "|Q1|visa|K1|22T10:00:00|450");
    scene_line(&scene, "|Q7|visa|K3|22T10:00:00|100");
    scene_line(&scene, "|Q7|visa|K3|22T10:00:01|100");
    scene_expect(&scene,
                 "1=101 reference, 明細のみ 103, 明細のみ 106, 重複 102<101, 重複 104<103, 重複 105<101, 重複 107<106");
    scene_finish(&scene);
}

static void
of_two_lines_the_one_that_agrees_is_the_payment(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|Q1|visa|K1|22T10:00:00|450");
    scene_line(&scene, "a|Q9|visa|K1|22T09:00:00|400");
    scene_line(&scene, "a|Q8|visa|K1|22T10:00:00|450");
    scene_sale(&scene, "b|Q2|visa|K1|22T10:00:00|300");
    scene_line(&scene, "b|Q7|visa|K1|22T10:00:00|300");
    scene_line(&scene, "b|Q2|visa|K1|22T10:00:00|350");
    scene_expect(&scene, "1=102 reference, 金額相違 2=104, 重複 101<102, 重複 103<104");
    scene_finish(&scene);
}

static void
the_same_sale_twice_is_a_duplicate_on_our_side(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|Q1|visa|K1|22T10:00:00|450");
    scene_sale(&scene, "a|Q1|visa|K1|22T10:00:00|450");
    scene_sale(&scene, "b|Q2|visa|K1|22T10:00:00|300");
    scene_sale(&scene, "b|Q2|visa|K1|22T10:00:00|300");
    scene_line(&scene, "a|Q1|visa|K1|22T10:00:00|450");
    scene_line(&scene, "z|Q9|visa|K1|22T17:00:00|1");
    scene_expect(&scene, "1=101 reference, POSのみ 3, 明細のみ 102, 重複 2<1, 重複 4<3");
    scene_finish(&scene);
}

static void
a_repeated_refund_line_is_a_duplicate_only_with_its_own_reference(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|R1|visa|K1|22T10:00:00|-100");
    scene_line(&scene, "a|R1|visa|K1|22T10:00:00|-100");
    scene_line(&scene, "a|R1|visa|K1|22T10:00:00|-100");
    scene_line(&scene, "a|R2|visa|K1|22T10:00:00|-100");
    scene_expect(&scene, "1=101 reference, 重複 102<101, 取消のみ 103");
    scene_finish(&scene);
}

static void
different_days_are_remarked_on_the_match(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|Q1|visa|K1|22T23:59:59.900|450");
    scene_sale(&scene, "b|Q2|visa|K1|22T10:00:00|450");
    scene_sale(&scene, "c|Q3|visa|K1||450");
    scene_line(&scene, "a|Q1|visa|K1|23T00:00:00|450");
    scene_line(&scene, "b|Q2|visa|K1|22T23:59:59|450");
    scene_line(&scene, "c|Q3|visa|K1|21T10:00:00|450");
    scene_expect(&scene, "1=101 reference, 2=102 reference, 3=103 reference, 期ずれ* 1=101");
    scene_finish(&scene);
}

static void
a_sale_that_the_statement_does_not_reach_is_a_matter_of_time(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|Q1|visa|K1|22T17:00:00|450");
    scene_sale(&scene, "b|Q2|visa|K1|22T17:01:00|450"); /* later than the last line, but not near midnight: lost */
    scene_sale(&scene, "c|Q3|visa|K1|22T23:29:59|450");
    scene_sale(&scene, "d|Q4|visa|K1|22T23:30:00|450");
    scene_sale(&scene, "e|Q5|visa|K1|23T08:00:00|450");
    scene_sale(&scene, "f|Q6|visa|K1|21T23:50:00|450");  /* before the last line: the statement has passed it */
    scene_sale(&scene, "a|V1|visa|K1|23T09:00:00|-450"); /* a refund tomorrow, of a payment in this statement */
    scene_line(&scene, "a|Q1|visa|K1|22T17:00:00|450");
    scene_expect(&scene, "1=101 reference, POSのみ 2, POSのみ 3, POSのみ 6, 期ずれ 4, 期ずれ 5, 期ずれ 7");
    scene_finish(&scene);
}

static void
an_empty_statement_proves_no_cut_off(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "d|Q4|visa|K1|22T23:45:00|450");
    scene_expect(&scene, "POSのみ 1");
    scene_finish(&scene);
}

static void
training_never_matches(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|Q1|visa|K1|22T10:00:00|450")->is_training = 1;
    scene_sale(&scene, "b|Q2|visa|K1|22T10:00:00|300")->is_training = 1;
    scene_line(&scene, "a|Q1|visa|K1|22T10:00:00|450");
    scene_line(&scene, "c|Q3|visa|K1|22T10:00:00|100")->is_training = 1;
    scene_expect(&scene, "訓練取引の混入 1=101, 訓練取引の混入 102, 訓練取引の混入 2");
    assert_int_equal(scene.result.classes[MATCH_TRAINING].sale_yen, 750);
    assert_int_equal(scene.result.classes[MATCH_TRAINING].statement_yen, 550);
    scene_finish(&scene);
}

static void
what_a_person_paired_stays_paired_against_every_key(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|Q1|visa|K1|22T10:00:00|450");
    scene_sale(&scene, "b|Q2|visa|K1|22T10:00:00|300");
    scene_line(&scene, "a|Q1|visa|K1|22T10:00:00|450");
    scene_line(&scene, "b|Q2|visa|K1|22T10:00:00|300");
    scene_line(&scene, "|Q9|visa|K5|22T10:00:00|450");
    scene_decide(&scene, 1, 103, true);
    scene_decide(&scene, 2, 101, true);
    scene_decide(&scene, 77, 104, true); /* about items that are not here any more */
    scene_expect(&scene, "1=103 decision, 明細のみ 102, 金額相違 2=101");
    scene_finish(&scene);
}

static void
what_a_person_parted_is_never_paired_nor_suggested(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|Q1|visa|K1|22T10:00:00|450");
    scene_sale(&scene, "b|Q2|visa|K2|22T10:00:00|300");
    scene_line(&scene, "a|Q1|visa|K1|22T10:00:00|450");
    scene_line(&scene, "b|Q2|visa|K2|22T10:00:00|300");
    scene_line(&scene, "b|Q5|visa|K2|22T10:00:00|300");
    scene_decide(&scene, 1, 101, false);
    scene_decide(&scene, 2, 102, false);
    scene_expect(&scene, "2=103 reference, POSのみ 1, 明細のみ 101, 重複 102<103");
    scene_finish(&scene);
}

static void
decisions_that_contradict_each_other_are_refused(void **state)
{
    (void)state;
    static const struct match_decision pairs[][2] = {
        {{1, 101, true}, {1, 101, false}},
        {{1, 101, true}, {1, 102, true}},
        {{1, 101, true}, {2, 101, true}},
    };
    for (size_t i = 0; i < 3; i++) {
        struct match_scene scene;
        scene_init(&scene);
        scene_sale(&scene, "a|Q1|visa|K1|22T10:00:00|450");
        scene_sale(&scene, "b|Q1|visa|K1|22T10:00:00|450");
        scene_line(&scene, "a|Q1|visa|K1|22T10:00:00|450");
        scene_line(&scene, "b|Q1|visa|K1|22T10:00:00|450");
        scene_decide(&scene, pairs[i][0].sale_id, pairs[i][0].line_id, pairs[i][0].is_pair);
        scene_decide(&scene, pairs[i][1].sale_id, pairs[i][1].line_id, pairs[i][1].is_pair);
        struct match_options options = match_options_default(&scene.arena);
        struct error_detail err;
        assert_int_equal(match_run(&scene.result, &scene.input, &options, &err), STATUS_INVALID);
        assert_string_equal(err.code, "decision_conflict");
        scene_finish(&scene);
    }
}

static void
a_full_arena_is_an_error_and_not_a_crash(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|Q1|visa|K1|22T10:00:00|450");
    scene_sale(&scene, "c|Q3|visa|K1|22T10:00:00|450");
    scene_line(&scene, "a|Q1|visa|K1|22T10:00:00|450");
    scene_line(&scene, "b|Q2|visa|K1|22T10:00:00|450");
    scene_decide(&scene, 1, 102, false);
    bool has_succeeded = false;
    for (size_t limit = 1; !has_succeeded; limit += 7) {
        struct arena arena;
        arena_init(&arena, limit);
        struct match_options options = match_options_default(&arena);
        struct error_detail err;
        enum status status = match_run(&scene.result, &scene.input, &options, &err);
        assert_true(status == STATUS_OK || status == STATUS_OVERFLOW);
        has_succeeded = status == STATUS_OK;
        arena_finish(&arena);
    }
    scene_finish(&scene);
}

static void
the_evidence_names_both_sides(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|Q1|visa|K1|22T10:00:00|1450");
    scene_line(&scene, "a|Q2|jcb|K1|22T10:00:05|1400");
    scene_expect(&scene, "金額相違 1=101, ブランド相違* 1=101");
    struct buffer evidence;
    buffer_init(&evidence, 4096);
    match_explain(&evidence, &scene.input, &scene.result.discrepancies[0]);
    assert_string_equal(buffer_text(&evidence),
                        "明細が50円少ない。POS: 2026-11-22 10:00:00 端末K1 visa 1,450円 取引ID a 決済会社ID Q1。"
                        "明細101行目: 2026-11-22 10:00:05 端末K1 jcb 1,400円 取引ID a 決済会社ID Q2。");
    buffer_finish(&evidence);
    scene_finish(&scene);
}

static void
one_payment_in_several_lines_of_the_same_sum_differs_in_count_alone(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|Q1|visa|K1|22T10:00:00|1000");
    scene_line(&scene, "a|Q1|visa|K1|22T10:00:00|600");
    scene_line(&scene, "a|Q2|visa|K1|22T10:00:01|400");
    scene_expect(&scene, "件数相違 101<1, 件数相違 102<1, 件数相違 1<101");
    assert_int_equal(scene.result.classes[MATCH_COUNT_DIFFERS].sale_yen, 1000);
    assert_int_equal(scene.result.classes[MATCH_COUNT_DIFFERS].statement_yen, 1000);
    scene_finish(&scene);
}

static void
several_payments_in_one_line_of_their_sum_differ_in_count_alone(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|Q1|visa|K1|22T10:00:00|600");
    scene_sale(&scene, "a|Q2|visa|K1|22T10:01:00|400");
    scene_line(&scene, "a|Q9|visa|K1|22T10:01:00|1000");
    scene_expect(&scene, "件数相違 101<1, 件数相違 1<101, 件数相違 2<101");
    scene_finish(&scene);
}

static void
several_lines_of_another_sum_are_no_split_payment(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|Q1|visa|K1|22T10:00:00|1000");
    scene_line(&scene, "a|Q1|visa|K1|22T10:00:00|600");
    scene_line(&scene, "a|Q2|visa|K1|22T10:00:01|401");
    scene_expect(&scene, "金額相違 1=101, 重複 102<101");
    scene_finish(&scene);
}

static void
a_refund_in_two_lines_differs_in_count_and_its_sale_matches(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|Q1|visa|K1|22T10:00:00|1000");
    scene_sale(&scene, "a|R1|visa|K1|22T11:00:00|-500");
    scene_line(&scene, "a|Q1|visa|K1|22T10:00:00|1000");
    scene_line(&scene, "a|R7|visa|K1|22T11:00:00|-300");
    scene_line(&scene, "a|R8|visa|K1|22T11:00:00|-200");
    scene_expect(&scene, "1=101 reference, 件数相違 102<2, 件数相違 103<2, 件数相違 2<102");
    scene_finish(&scene);
}

static void
a_split_that_a_person_forbade_is_none(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|Q1|visa|K1|22T10:00:00|1000");
    scene_line(&scene, "a|Q1|visa|K1|22T10:00:00|600");
    scene_line(&scene, "a|Q2|visa|K1|22T10:00:01|400");
    scene_decide(&scene, 1, 101, false);
    scene_expect(&scene, "金額相違 1=102, 重複 101<102");
    scene_finish(&scene);
}

static void
a_line_without_any_reference_matches_by_terminal_slip_and_amount(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|Q1|visa|K1|22T10:00:00|450|000123");
    scene_sale(&scene, "b|Q2|visa|K2|22T10:00:00|450|000123");
    scene_line(&scene, "||visa|K2|22T10:00:40|450|123");
    scene_line(&scene, "|||K1||450|0123");
    scene_expect(&scene, "2=101 slip, 1=102 slip");
    scene_finish(&scene);
}

static void
a_slip_of_another_terminal_amount_or_day_matches_nothing(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a||visa|K1|22T10:00:00|450|123");
    scene_line(&scene, "||visa|K2|22T10:00:00|450|123");
    scene_line(&scene, "||visa|K1|22T10:00:00|451|123");
    scene_line(&scene, "||visa|K1|23T10:00:00|450|123");
    scene_line(&scene, "||jcb|K1|22T10:11:00|450|123");
    scene_line(&scene, "||visa|K1|22T10:20:00|450|0");
    scene_expect(&scene, "POSのみ 1, 明細のみ 101, 明細のみ 102, 明細のみ 103, 明細のみ 104, 明細のみ 105");
    scene_finish(&scene);
}

static void
a_slip_that_stands_twice_within_its_day_is_not_guessed(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a||visa|K1|22T10:00:00|450|7");
    scene_sale(&scene, "b||visa|K1|22T14:00:00|450|7");
    scene_sale(&scene, "c||visa|K1|24T10:00:00|450|7");
    scene_line(&scene, "||visa|K1|22T10:00:00|450|7");
    scene_line(&scene, "||visa|K1|24T10:00:01|450|7");
    scene_expect(&scene, "3=102 slip, POSのみ 1?101, POSのみ 2, 明細のみ 101?1");
    scene_finish(&scene);
}

static void
a_reference_that_says_otherwise_is_stronger_than_a_slip(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a|Q1|visa|K1|22T10:00:00|450|7");
    scene_sale(&scene, "b||visa|K1|22T11:00:00|300|8");
    scene_line(&scene, "|Q9|visa|K1|22T12:00:00|450|7");
    scene_line(&scene, "x||visa|K1|22T13:00:00|300|8");
    scene_expect(&scene, "POSのみ 1, POSのみ 2, 明細のみ 101, 明細のみ 102");
    scene_finish(&scene);
}

static void
a_person_parts_what_a_slip_would_pair(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a||visa|K1|22T10:00:00|450|7");
    scene_line(&scene, "||visa|K1|22T12:00:00|450|7");
    scene_decide(&scene, 1, 101, false);
    scene_expect(&scene, "POSのみ 1, 明細のみ 101");
    scene_finish(&scene);
}

static void
a_reversal_matches_by_its_slip_and_never_its_sale(void **state)
{
    (void)state;
    struct match_scene scene;
    scene_init(&scene);
    scene_sale(&scene, "a||visa|K1|22T10:00:00|450|7");
    scene_sale(&scene, "b||visa|K1||-450|7");
    scene_line(&scene, "||visa|K1|22T10:00:00|-450|7");
    scene_line(&scene, "||visa|K1|22T10:00:00|450|7");
    scene_expect(&scene, "2=101 slip, 1=102 slip");
    scene_finish(&scene);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sale_and_a_line_of_one_reference_match),
        cmocka_unit_test(a_line_that_lost_our_reference_matches_by_the_acquirers),
        cmocka_unit_test(our_reference_beats_the_acquirers),
        cmocka_unit_test(terminal_amount_and_time_only_suggest),
        cmocka_unit_test(a_void_shares_its_sales_reference_and_matches_the_reversal),
        cmocka_unit_test(a_void_that_the_statement_lacks_is_paid_though_voided),
        cmocka_unit_test(a_refund_of_a_payment_in_another_statement_is_only_ours),
        cmocka_unit_test(a_reversal_that_we_lack_stands_alone),
        cmocka_unit_test(several_refunds_match_by_acquirers_reference_or_amount),
        cmocka_unit_test(refunds_that_could_be_either_are_not_guessed),
        cmocka_unit_test(another_amount_is_a_pair_but_no_match),
        cmocka_unit_test(another_brand_is_remarked_on_the_match),
        cmocka_unit_test(the_same_line_twice_is_a_duplicate_of_the_first),
        cmocka_unit_test(of_two_lines_the_one_that_agrees_is_the_payment),
        cmocka_unit_test(the_same_sale_twice_is_a_duplicate_on_our_side),
        cmocka_unit_test(a_repeated_refund_line_is_a_duplicate_only_with_its_own_reference),
        cmocka_unit_test(different_days_are_remarked_on_the_match),
        cmocka_unit_test(a_sale_that_the_statement_does_not_reach_is_a_matter_of_time),
        cmocka_unit_test(an_empty_statement_proves_no_cut_off),
        cmocka_unit_test(training_never_matches),
        cmocka_unit_test(what_a_person_paired_stays_paired_against_every_key),
        cmocka_unit_test(what_a_person_parted_is_never_paired_nor_suggested),
        cmocka_unit_test(decisions_that_contradict_each_other_are_refused),
        cmocka_unit_test(a_full_arena_is_an_error_and_not_a_crash),
        cmocka_unit_test(the_evidence_names_both_sides),
        cmocka_unit_test(one_payment_in_several_lines_of_the_same_sum_differs_in_count_alone),
        cmocka_unit_test(several_payments_in_one_line_of_their_sum_differ_in_count_alone),
        cmocka_unit_test(several_lines_of_another_sum_are_no_split_payment),
        cmocka_unit_test(a_refund_in_two_lines_differs_in_count_and_its_sale_matches),
        cmocka_unit_test(a_split_that_a_person_forbade_is_none),
        cmocka_unit_test(a_line_without_any_reference_matches_by_terminal_slip_and_amount),
        cmocka_unit_test(a_slip_of_another_terminal_amount_or_day_matches_nothing),
        cmocka_unit_test(a_slip_that_stands_twice_within_its_day_is_not_guessed),
        cmocka_unit_test(a_reference_that_says_otherwise_is_stronger_than_a_slip),
        cmocka_unit_test(a_person_parts_what_a_slip_would_pair),
        cmocka_unit_test(a_reversal_matches_by_its_slip_and_never_its_sale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
