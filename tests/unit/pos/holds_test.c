/* Baskets put aside: what survives, what is refused, and what becomes of them at the end. */
#include "till_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct till_stage stage;

static int
open_stage(void **state)
{
    (void)state;
    till_stage_open(&stage, till_stage_masters);
    return 0;
}

static int
close_stage(void **state)
{
    (void)state;
    till_stage_close(&stage);
    return 0;
}

/* The text behind KEY in the state, up to the next quote. */
static const char *
text_behind(const char *key, char out[IDENTITY_TEXT_SIZE])
{
    const char *at = strstr(till_stage_state(&stage), key);
    assert_non_null(at);
    snprintf(out, IDENTITY_TEXT_SIZE, "%.*s", (int)strcspn(at + strlen(key), "\""), at + strlen(key));
    return out;
}

static const char *
basket_id(char out[IDENTITY_TEXT_SIZE])
{
    return text_behind("\"basket\":{\"id\":\"", out);
}

static const char *
first_hold(char out[IDENTITY_TEXT_SIZE])
{
    return text_behind("\"held\":[{\"hold\":\"", out);
}

static void
ring_up(const char *item)
{
    assert_int_equal(till_add_item(stage.till, item, 1, &stage.err), STATUS_OK);
}

static void
hold(const char *label)
{
    char basket[IDENTITY_TEXT_SIZE];
    assert_int_equal(till_hold_basket(stage.till, basket_id(basket), label, &stage.err), STATUS_OK);
}

static void
assert_state_has(const char *text)
{
    if (strstr(till_stage_state(&stage), text) == NULL) {
        fail_msg("no %s in %s", text, till_stage_state(&stage));
    }
}

static void
a_held_basket_survives_a_restart_and_comes_back_with_its_prices_and_its_id(void **state)
{
    (void)state;
    char before[IDENTITY_TEXT_SIZE], after[IDENTITY_TEXT_SIZE], id[IDENTITY_TEXT_SIZE];
    ring_up("b");
    basket_id(before);
    hold("3番のお客様");
    assert_state_has("\"lines\":[]");

    till_stage_reopen(&stage);
    assert_int_equal(till_sign_in(stage.till, "sato", "1111", &stage.err), STATUS_OK);
    assert_state_has("\"label\":\"3番のお客様\",\"title\":\"戸籍\",\"count\":1,\"total_yen\":450");
    assert_int_equal(till_recall_basket(stage.till, first_hold(id), &stage.err), STATUS_OK);

    assert_string_equal(basket_id(after), before);
    assert_state_has("\"total_yen\":450");
    assert_state_has("\"held\":[]");
}

static void
a_recalled_basket_lies_on_the_till_again_after_a_restart_unless_it_was_paid(void **state)
{
    (void)state;
    char id[IDENTITY_TEXT_SIZE], basket[IDENTITY_TEXT_SIZE];
    ring_up("a");
    hold(NULL);
    assert_int_equal(till_recall_basket(stage.till, first_hold(id), &stage.err), STATUS_OK);

    till_stage_reopen(&stage);
    assert_int_equal(till_sign_in(stage.till, "sato", "1111", &stage.err), STATUS_OK);
    assert_state_has("\"count\":1,\"total_yen\":300");
    assert_int_equal(till_pay_cash(stage.till, basket_id(basket), 300, &stage.err), STATUS_OK);
    till_stage_reopen(&stage);

    assert_state_has("\"lines\":[]");
    assert_int_equal(till_stage_query(&stage, "SELECT COUNT(*) FROM sale"), 1);
}

static void
a_recalled_basket_that_was_cleared_stays_away(void **state)
{
    (void)state;
    char id[IDENTITY_TEXT_SIZE];
    ring_up("a");
    hold(NULL);
    assert_int_equal(till_recall_basket(stage.till, first_hold(id), &stage.err), STATUS_OK);

    assert_int_equal(till_clear_basket(stage.till, &stage.err), STATUS_OK);
    till_stage_reopen(&stage);

    assert_state_has("\"lines\":[]");
    assert_int_equal(till_stage_query(&stage, "SELECT COUNT(*) FROM held_basket WHERE state = 'discarded'"), 1);
}

static void
a_basket_that_is_held_again_has_one_hold(void **state)
{
    (void)state;
    char id[IDENTITY_TEXT_SIZE];
    ring_up("a");
    hold(NULL);
    assert_int_equal(till_recall_basket(stage.till, first_hold(id), &stage.err), STATUS_OK);
    ring_up("b");
    hold("また");

    till_stage_reopen(&stage);

    assert_state_has("\"lines\":[]"); /* the older hold does not come back by itself */
    assert_state_has("\"label\":\"また\",\"title\":\"住民票\",\"count\":2,\"total_yen\":750");
    assert_int_equal(till_stage_query(&stage, "SELECT COUNT(*) FROM held_basket WHERE state = 'held'"), 1);
}

static void
what_cannot_be_held_or_recalled_says_why(void **state)
{
    (void)state;
    char id[IDENTITY_TEXT_SIZE], basket[IDENTITY_TEXT_SIZE];
    assert_int_equal(till_hold_basket(stage.till, basket_id(basket), NULL, &stage.err), STATUS_REFUSED);
    assert_string_equal(stage.err.code, "empty_basket");
    ring_up("a");
    assert_int_equal(till_hold_basket(stage.till, "another", NULL, &stage.err), STATUS_REFUSED);
    assert_string_equal(stage.err.code, "other_basket");
    hold(NULL);
    first_hold(id);
    ring_up("b");

    assert_int_equal(till_recall_basket(stage.till, id, &stage.err), STATUS_REFUSED);
    assert_string_equal(stage.err.code, "basket_open");
    assert_int_equal(till_discard_hold(stage.till, id, "", &stage.err), STATUS_INVALID);
    assert_int_equal(till_discard_hold(stage.till, id, "お客様が帰られた", &stage.err), STATUS_OK);
    assert_int_equal(till_discard_hold(stage.till, id, "もう一度", &stage.err), STATUS_REFUSED);
    assert_string_equal(stage.err.code, "not_held");
    assert_int_equal(till_clear_basket(stage.till, &stage.err), STATUS_OK);
    assert_int_equal(till_recall_basket(stage.till, "nothing", &stage.err), STATUS_NOT_FOUND);
}

static void
no_more_holds_than_fit_a_screen(void **state)
{
    (void)state;
    char basket[IDENTITY_TEXT_SIZE];
    for (int i = 0; i < 20; i++) {
        ring_up("a");
        hold(NULL);
    }
    ring_up("a");

    assert_int_equal(till_hold_basket(stage.till, basket_id(basket), NULL, &stage.err), STATUS_REFUSED);

    assert_string_equal(stage.err.code, "too_many_holds");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_held_basket_survives_a_restart_and_comes_back_with_its_prices_and_its_id,
                                        open_stage, close_stage),
        cmocka_unit_test_setup_teardown(a_recalled_basket_lies_on_the_till_again_after_a_restart_unless_it_was_paid,
                                        open_stage, close_stage),
        cmocka_unit_test_setup_teardown(a_recalled_basket_that_was_cleared_stays_away, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(a_basket_that_is_held_again_has_one_hold, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(what_cannot_be_held_or_recalled_says_why, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(no_more_holds_than_fit_a_screen, open_stage, close_stage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
