/* When the screen locks, and what opens it. */
#include "pos/till/till_parts.h"
#include "till_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MINUTE = 60 * 1000 };

static struct till_stage stage;

static int
open_stage(void **state)
{
    (void)state;
    char *masters = till_stage_read_file("tests/fixtures/till/checkout-masters.json");
    till_stage_open(&stage, masters); /* idle_lock_minutes 15 */
    free(masters);
    return 0;
}

static int
close_stage(void **state)
{
    (void)state;
    till_stage_close(&stage);
    return 0;
}

static bool
is_locked_after(int64_t ms)
{
    stage.clock.now_ms += ms;
    till_lock(stage.till);
    bool has_changed = lock_tick(stage.till);
    till_unlock(stage.till, has_changed);
    return till_is_locked(stage.till);
}

static void
a_screen_that_nobody_touches_locks_and_keeps_its_basket(void **state)
{
    (void)state;
    assert_int_equal(till_add_item(stage.till, "a", 1, &stage.err), STATUS_OK);
    assert_false(is_locked_after(14 * MINUTE));
    till_note_activity(stage.till);
    assert_false(is_locked_after(14 * MINUTE));

    assert_true(is_locked_after(MINUTE));

    assert_non_null(strstr(till_stage_state(&stage), "\"is_locked\":true"));
    assert_non_null(strstr(till_stage_state(&stage), "\"total_yen\":300"));
    till_note_activity(stage.till); /* a touch on a locked screen opens nothing */
    assert_true(till_is_locked(stage.till));
}

static void
the_same_clerk_comes_back_without_a_line_and_another_one_takes_over_with_one(void **state)
{
    (void)state;
    static const char lines[] = "SELECT COUNT(*) FROM journal_line WHERE json_extract(CAST(line AS TEXT), '$.kind') ="
                                " 'clerk.signed_in'";
    int64_t before = till_stage_query(&stage, lines);
    assert_int_equal(till_add_item(stage.till, "a", 1, &stage.err), STATUS_OK);
    assert_true(is_locked_after(15 * MINUTE));

    assert_int_equal(till_sign_in(stage.till, "sato", "0000", &stage.err), STATUS_UNAUTHORIZED);
    assert_true(till_is_locked(stage.till));
    assert_int_equal(till_sign_in(stage.till, "sato", "1111", &stage.err), STATUS_OK);
    assert_false(till_is_locked(stage.till));
    assert_int_equal(till_stage_query(&stage, lines), before);

    assert_int_equal(till_lock_screen(stage.till, &stage.err), STATUS_OK);
    assert_int_equal(till_sign_in(stage.till, "suzuki", "2222", &stage.err), STATUS_OK);
    assert_int_equal(till_stage_query(&stage, lines), before + 1);
    assert_non_null(strstr(till_stage_state(&stage), "\"clerk\":{\"code\":\"suzuki\""));
    assert_non_null(strstr(till_stage_state(&stage), "\"total_yen\":300"));
}

static void
while_a_payment_is_in_hand_the_time_stands_still(void **state)
{
    (void)state;
    stage.till->foreground.state = FOREGROUND_UNKNOWN;
    assert_false(is_locked_after(60 * MINUTE));
    assert_int_equal(till_lock_screen(stage.till, &stage.err), STATUS_REFUSED);

    stage.till->foreground.state = FOREGROUND_NONE;
    assert_false(is_locked_after(14 * MINUTE));
    assert_true(is_locked_after(MINUTE));
}

static void
a_till_without_a_clerk_has_nothing_to_lock(void **state)
{
    (void)state;
    assert_int_equal(till_sign_out(stage.till, &stage.err), STATUS_OK);
    assert_false(is_locked_after(60 * MINUTE));
    assert_int_equal(till_lock_screen(stage.till, &stage.err), STATUS_REFUSED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_screen_that_nobody_touches_locks_and_keeps_its_basket, open_stage,
                                        close_stage),
        cmocka_unit_test_setup_teardown(the_same_clerk_comes_back_without_a_line_and_another_one_takes_over_with_one,
                                        open_stage, close_stage),
        cmocka_unit_test_setup_teardown(while_a_payment_is_in_hand_the_time_stands_still, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(a_till_without_a_clerk_has_nothing_to_lock, open_stage, close_stage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
