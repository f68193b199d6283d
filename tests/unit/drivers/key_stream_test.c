/* Keys of scanners that type, on both layouts. The keys below are written as on the keyboards themselves. */
#include "drivers/keyboard_scanner/key_stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct typed {
    struct key_stream stream;
    struct code_slot slot;
};

static void
start(struct typed *typed, enum keyboard_layout layout)
{
    const struct framing_options options = {.suffix = "\r", .gap_ms = 1000};
    memset(typed, 0, sizeof *typed);
    key_stream_init(&typed->stream, layout, &options);
}

static void
event(struct typed *typed, unsigned type, unsigned code, int value)
{
    const struct input_event one = {.type = (__u16)type, .code = (__u16)code, .value = value};
    key_stream_put(&typed->stream, &one, sizeof one, 0, &typed->slot);
}

static void
press(struct typed *typed, unsigned key)
{
    event(typed, EV_KEY, key, 1);
    event(typed, EV_KEY, key, 2); /* held for a while */
    event(typed, EV_KEY, key, 0);
}

static void
press_shifted(struct typed *typed, unsigned key)
{
    event(typed, EV_KEY, KEY_RIGHTSHIFT, 1);
    press(typed, key);
    event(typed, EV_KEY, KEY_RIGHTSHIFT, 0);
}

static void
the_signs_of_both_keyboards_stand_where_they_are_printed(void **state)
{
    (void)state;
    static const unsigned keys[] = {KEY_1,         KEY_2,         KEY_3,          KEY_4,         KEY_5,
                                    KEY_6,         KEY_7,         KEY_8,          KEY_9,         KEY_MINUS,
                                    KEY_EQUAL,     KEY_LEFTBRACE, KEY_RIGHTBRACE, KEY_SEMICOLON, KEY_APOSTROPHE,
                                    KEY_BACKSLASH, KEY_COMMA,     KEY_DOT,        KEY_SLASH};
    static const char *const shown[][2] = {[KEYBOARD_US] = {"123456789-=[];'\\,./", "!@#$%^&*(_+{}:\"|<>?"},
                                           [KEYBOARD_JP] = {"123456789-^@[;:],./", "!\"#$%&'()=~`{+*}<>?"}};
    for (unsigned layout = KEYBOARD_US; layout <= KEYBOARD_JP; layout++) {
        struct typed typed;
        start(&typed, (enum keyboard_layout)layout);
        for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
            press(&typed, keys[i]);
        }
        press(&typed, KEY_ENTER);
        assert_true(typed.slot.is_full);
        assert_string_equal(typed.slot.code.text, shown[layout][0]);
        for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
            press_shifted(&typed, keys[i]);
        }
        press(&typed, KEY_ENTER);
        assert_string_equal(typed.slot.code.text, shown[layout][1]);
    }
}

static void
every_character_of_a_payment_code_can_be_typed_on_either(void **state)
{
    (void)state;
    for (unsigned layout = KEYBOARD_US; layout <= KEYBOARD_JP; layout++) {
        for (char wanted = ' '; wanted <= '~'; wanted++) {
            bool is_found = false;
            for (unsigned key = 0; key < 256; key++) {
                is_found = is_found || keymap_character((enum keyboard_layout)layout, key, false) == wanted ||
                           keymap_character((enum keyboard_layout)layout, key, true) == wanted;
            }
            assert_true(is_found);
        }
    }
}

static void
letters_are_as_they_were_typed(void **state)
{
    (void)state;
    struct typed typed;
    start(&typed, KEYBOARD_JP);
    press(&typed, KEY_H);
    press_shifted(&typed, KEY_Q);
    event(&typed, EV_KEY, KEY_LEFTSHIFT, 1); /* held over two letters */
    press(&typed, KEY_V);
    press(&typed, KEY_D);
    event(&typed, EV_KEY, KEY_LEFTSHIFT, 0);
    press(&typed, KEY_KP7);
    press(&typed, KEY_KPENTER);
    assert_string_equal(typed.slot.code.text, "hQVD7");
}

static void
keys_that_no_code_has_spoil_it(void **state)
{
    (void)state;
    static const unsigned strange[] = {KEY_F1, KEY_ESC, KEY_CAPSLOCK, KEY_LEFT, KEY_MUHENKAN, 600};
    for (size_t i = 0; i < sizeof strange / sizeof strange[0]; i++) {
        struct typed typed;
        start(&typed, KEYBOARD_JP);
        press(&typed, KEY_1);
        press(&typed, strange[i]);
        press(&typed, KEY_2);
        press(&typed, KEY_ENTER);
        assert_true(typed.slot.is_full);
        assert_int_equal(typed.slot.status, STATUS_INVALID);
    }
}

static void
control_and_a_key_is_no_character(void **state)
{
    (void)state;
    struct typed typed;
    start(&typed, KEYBOARD_US);
    event(&typed, EV_KEY, KEY_LEFTCTRL, 1);
    press(&typed, KEY_RIGHTBRACE); /* GS, as some scanners type it */
    event(&typed, EV_KEY, KEY_LEFTCTRL, 0);
    press(&typed, KEY_1);
    press(&typed, KEY_ENTER);
    assert_int_equal(typed.slot.status, STATUS_INVALID);
    press(&typed, KEY_1);
    press(&typed, KEY_ENTER);
    assert_int_equal(typed.slot.status, STATUS_OK);
}

static void
what_is_no_key_is_passed_over(void **state)
{
    (void)state;
    struct typed typed;
    start(&typed, KEYBOARD_US);
    event(&typed, EV_MSC, MSC_SCAN, 0x70027);
    press(&typed, KEY_1);
    event(&typed, EV_LED, LED_NUML, 1);
    event(&typed, EV_REL, REL_X, KEY_2);
    press(&typed, KEY_NUMLOCK);
    press(&typed, KEY_ENTER);
    assert_string_equal(typed.slot.code.text, "1");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_signs_of_both_keyboards_stand_where_they_are_printed),
        cmocka_unit_test(every_character_of_a_payment_code_can_be_typed_on_either),
        cmocka_unit_test(letters_are_as_they_were_typed),
        cmocka_unit_test(keys_that_no_code_has_spoil_it),
        cmocka_unit_test(control_and_a_key_is_no_character),
        cmocka_unit_test(what_is_no_key_is_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
