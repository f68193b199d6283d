/* Who may approve, and how often a PIN may be tried. */
#include "till_stage.h"

#include "pos/till/till_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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

static enum status
try_approval(const char *clerk, const char *pin, char out[CODE_SIZE])
{
    return approval_check(stage.till, clerk, pin, out, &stage.err);
}

static void
a_supervisors_pin_gives_the_code_for_the_record(void **state)
{
    (void)state;
    char code[CODE_SIZE];

    assert_int_equal(try_approval("suzuki", "2222", code), STATUS_OK);

    assert_string_equal(code, "suzuki");
}

static void
nobody_a_clerk_and_a_wrong_pin_are_told_apart(void **state)
{
    (void)state;
    char code[CODE_SIZE] = "untouched";

    assert_int_equal(try_approval(NULL, NULL, code), STATUS_UNAUTHORIZED);
    assert_string_equal(stage.err.code, "approval_needed");
    assert_int_equal(try_approval("sato", "1111", code), STATUS_UNAUTHORIZED);
    assert_string_equal(stage.err.code, "not_a_supervisor");
    assert_int_equal(try_approval("nobody", "2222", code), STATUS_UNAUTHORIZED);
    assert_string_equal(stage.err.code, "not_a_supervisor");
    assert_int_equal(try_approval("suzuki", "1111", code), STATUS_UNAUTHORIZED);
    assert_string_equal(stage.err.code, "wrong_pin");
    assert_string_equal(code, "untouched");
}

static void
a_till_that_knows_no_clerks_says_so_and_counts_no_pin(void **state)
{
    (void)state;
    stage.till->is_enrolled = false;
    for (int i = 0; i < 8; i++) {
        assert_int_equal(till_sign_in(stage.till, "sato", "1111", &stage.err), STATUS_REFUSED);
        assert_string_equal(stage.err.code, "not_enrolled");
    }
    stage.till->is_enrolled = true;
    assert_int_equal(till_sign_in(stage.till, "sato", "1111", &stage.err), STATUS_OK);
}

static void
wrong_pins_count_together_with_those_at_sign_in(void **state)
{
    (void)state;
    char code[CODE_SIZE];
    for (int i = 0; i < 3; i++) {
        assert_int_equal(try_approval("suzuki", "0000", code), STATUS_UNAUTHORIZED);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(till_sign_in(stage.till, "sato", "0000", &stage.err), STATUS_UNAUTHORIZED);
    }

    assert_int_equal(try_approval("suzuki", "2222", code), STATUS_BUSY);
    assert_string_equal(stage.err.code, "wait");

    stage.clock.now_ms += 31 * 1000;
    assert_int_equal(try_approval("suzuki", "2222", code), STATUS_OK);
}

static void
a_clerks_own_pin_does_not_wipe_out_wrong_ones_tried_for_a_supervisor(void **state)
{
    (void)state;
    char code[CODE_SIZE];
    for (int i = 0; i < 5; i++) {
        assert_int_equal(try_approval("suzuki", "0000", code), STATUS_UNAUTHORIZED);
        if (i < 4) {
            assert_int_equal(try_approval("sato", "1111", code), STATUS_UNAUTHORIZED);
        }
    }

    assert_int_equal(try_approval("suzuki", "2222", code), STATUS_BUSY);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_supervisors_pin_gives_the_code_for_the_record, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(nobody_a_clerk_and_a_wrong_pin_are_told_apart, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(a_till_that_knows_no_clerks_says_so_and_counts_no_pin, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(wrong_pins_count_together_with_those_at_sign_in, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(a_clerks_own_pin_does_not_wipe_out_wrong_ones_tried_for_a_supervisor,
                                        open_stage, close_stage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
