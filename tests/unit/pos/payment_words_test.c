/* The sentences about payments: complete, distinct, and one for whatever gateway and terminal may say. */
#include "pos/till/payment_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
every_state_has_words_for_the_clerk_and_for_citizens_in_all_languages(void **state)
{
    (void)state;
    size_t count;
    const struct payment_words *all = payment_words_all(&count);

    assert_true(count > 25);
    for (size_t i = 0; i < count; i++) {
        assert_true(strlen(all[i].clerk) > 0);
        for (size_t l = 0; l < PAYMENT_LANGUAGES; l++) {
            assert_non_null(all[i].citizen[l]);
            assert_true(strlen(all[i].citizen[l]) > 0);
        }
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(all[i].code, all[j].code);
        }
    }
}

/* Every sentence about money that may have moved tells the clerk not to ask for it again. */
static void
whoever_does_not_know_the_result_is_told_not_to_charge_again(void **state)
{
    (void)state;
    static const char *const codes[] = {"unknown",
                                        "unknown_long",
                                        "amount_differs",
                                        "held",
                                        "listed_unknown",
                                        "in_doubt_touch_proves",
                                        "in_doubt_touch_confirms",
                                        "listed_touch_proves",
                                        "listed_touch_confirms",
                                        "listed_counts_as_sale"};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        assert_non_null(strstr(payment_words(codes[i])->clerk, "もう一度請求"));
    }
}

static struct till till; /* only its payment in hand is looked at */

static const char *
code_of(enum foreground_state state, const char *cause)
{
    till.foreground = (struct foreground){.state = state, .method = METHOD_EMONEY};
    strcpy(till.foreground.cause, cause);
    return foreground_code(&till);
}

static void
every_ending_has_a_sentence_that_says_what_became_of_the_money(void **state)
{
    (void)state;
    static const char *const causes[] = {"insufficient_balance", "deficient", "code_expired", "code_unknown",
                                         "brand_unavailable",    "refused",   "center_error", "no_card",
                                         "not_allowed",          "cancelled", "not_reached",  "code_timeout",
                                         "communication_error",  "busy",      "run_again",    "something new"};
    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++) {
        for (int declined = 0; declined < 2; declined++) {
            const char *code = code_of(declined ? FOREGROUND_DECLINED : FOREGROUND_NOT_CHARGED, causes[i]);
            const struct payment_words *words = payment_words(code);
            assert_string_equal(words->code, code); /* it is in the table */
            assert_true(strstr(words->clerk, "引き落とされていません") != NULL ||
                        strstr(words->clerk, "行われていません") != NULL);
        }
    }
}

static void
what_is_under_way_says_what_the_citizen_does_now(void **state)
{
    (void)state;
    assert_string_equal(code_of(FOREGROUND_WAITING_CODE, ""), "waiting_code");
    assert_string_equal(code_of(FOREGROUND_RUNNING, ""), "running_emoney");
    till.foreground.is_stopping = true;
    assert_string_equal(foreground_code(&till), "stopping");
    assert_string_equal(code_of(FOREGROUND_UNKNOWN, "no_answer"), "unknown");
    till.foreground.is_late = true;
    assert_string_equal(foreground_code(&till), "unknown_long");
    assert_string_equal(code_of(FOREGROUND_UNKNOWN, "amount_differs"), "amount_differs");
    assert_string_equal(code_of(FOREGROUND_IN_DOUBT, ""), "in_doubt_touch_proves");
    till.foreground.doubt = DOUBT_RUN_AGAIN;
    assert_string_equal(foreground_code(&till), "in_doubt_run_again");
}

static void
the_list_says_what_is_known_of_each(void **state)
{
    (void)state;
    static const struct {
        const char *state;
        bool is_abandoned;
        const char *rule;
        const char *code;
    } rows[] = {
        {"started", false, "", "listed_unknown"},
        {"unknown", false, "", "listed_unknown"},
        {"in_doubt", false, "touch_proves", "listed_touch_proves"},
        {"in_doubt", false, "touch_confirms", "listed_touch_confirms"},
        {"in_doubt", false, "run_again", "listed_run_again"},
        {"in_doubt", false, "", "listed_touch_proves"},
        {"in_doubt", true, "touch_proves", "listed_abandoned"},
        {"unknown", true, "", "listed_abandoned"},
        {"held", true, "touch_proves", "listed_held"},
        {"approved", false, "counts_as_sale", "listed_counts_as_sale"},
        {"approved", false, "", "listed_voiding"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *code = open_payment_code(rows[i].state, rows[i].is_abandoned, rows[i].rule);
        assert_string_equal(code, rows[i].code);
        assert_string_equal(payment_words(code)->code, code);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_has_words_for_the_clerk_and_for_citizens_in_all_languages),
        cmocka_unit_test(whoever_does_not_know_the_result_is_told_not_to_charge_again),
        cmocka_unit_test(every_ending_has_a_sentence_that_says_what_became_of_the_money),
        cmocka_unit_test(what_is_under_way_says_what_the_citizen_does_now),
        cmocka_unit_test(the_list_says_what_is_known_of_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
