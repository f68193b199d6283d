/* Statuses have words, and error details stay whole UTF-8 whatever is put into them. */
#include "common/outcome/status.h"
#include "common/text/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
every_status_has_its_own_word(void **state)
{
    (void)state;
    static const enum status all[] = {
#define STATUS_AS_ITEM(name, word) name,
        STATUS_LIST(STATUS_AS_ITEM)
#undef STATUS_AS_ITEM
    };
    const size_t count = sizeof all / sizeof all[0];
    assert_int_equal(all[0], 0);
    for (size_t i = 0; i < count; i++) {
        const char *word = status_word(all[i]);
        assert_true(strlen(word) > 0);
        assert_int_equal(strspn(word, "abcdefghijklmnopqrstuvwxyz_"), strlen(word));
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(word, status_word(all[j]));
        }
    }
}

static void
a_status_from_elsewhere_has_a_word_too(void **state)
{
    (void)state;
    assert_non_null(status_word((enum status)9999));
}

static void
an_error_holds_code_message_and_place(void **state)
{
    (void)state;
    struct error_detail err;

    error_set_at(&err, 3, 14, "bad_key", "%s:%d: %s", "a.conf", 3, "unknown");

    assert_string_equal(err.code, "bad_key");
    assert_string_equal(err.message, "a.conf:3: unknown");
    assert_int_equal(err.line, 3);
    assert_int_equal(err.column, 14);
}

static void
an_error_without_a_place_clears_the_place_of_the_one_before(void **state)
{
    (void)state;
    struct error_detail err;
    error_set_at(&err, 3, 14, "first", "first");

    error_set(&err, "second", "second");

    assert_int_equal(err.line, 0);
    assert_int_equal(err.column, 0);
}

static void
no_error_detail_is_needed(void **state)
{
    (void)state;
    error_set(NULL, "code", "message");
    error_set_at(NULL, 1, 1, "code", "message");
    error_prefix(NULL, "reading: ");
}

static void
a_prefix_stands_before_the_message_and_keeps_code_and_place(void **state)
{
    (void)state;
    struct error_detail err;
    error_set_at(&err, 7, 2, "not_json", "this is not JSON");

    error_prefix(&err, "reading %s: ", "masters.json");

    assert_string_equal(err.message, "reading masters.json: this is not JSON");
    assert_string_equal(err.code, "not_json");
    assert_int_equal(err.line, 7);
    assert_int_equal(err.column, 2);
}

/* COUNT copies of 窓 (three bytes). */
static const char *
windows(char *out, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        memcpy(out + 3 * i, "窓", 3);
    }
    out[3 * count] = '\0';
    return out;
}

static void
assert_is_whole_utf8(const char *text, size_t size)
{
    assert_true(strlen(text) < size);
    assert_true(utf8_is_valid(text, strlen(text)));
}

static void
too_long_a_message_is_cut_at_a_character(void **state)
{
    (void)state;
    char text[4 * ERROR_MESSAGE_SIZE];
    for (size_t ascii = 0; ascii < 4; ascii++) {
        struct error_detail err;

        error_set(&err, "code", "%.*s%s", (int)ascii, "abc", windows(text, ERROR_MESSAGE_SIZE));

        assert_is_whole_utf8(err.message, sizeof err.message);
        assert_true(strlen(err.message) >= ERROR_MESSAGE_SIZE - 4);
    }
}

static void
too_long_a_code_is_cut(void **state)
{
    (void)state;
    struct error_detail err;

    error_set(&err, "a_code_that_is_far_longer_than_any_code_has_a_right_to_be_in_this_program", "message");

    assert_int_equal(strlen(err.code), ERROR_CODE_SIZE - 1);
}

static void
too_long_a_prefix_is_cut_at_a_character(void **state)
{
    (void)state;
    char text[4 * ERROR_MESSAGE_SIZE];
    for (size_t ascii = 0; ascii < 4; ascii++) {
        struct error_detail err;
        error_set(&err, "code", "the message");

        error_prefix(&err, "%.*s%s", (int)ascii, "abc", windows(text, ERROR_MESSAGE_SIZE));

        assert_is_whole_utf8(err.message, sizeof err.message);
    }
}

static void
prefixes_pile_up_within_the_bound(void **state)
{
    (void)state;
    struct error_detail err;
    error_set(&err, "code", "帳票");
    for (int i = 0; i < 300; i++) {
        error_prefix(&err, "窓口%d: ", i);
        assert_is_whole_utf8(err.message, sizeof err.message);
    }
}

static void
bytes_that_are_not_utf8_do_not_enter_a_message(void **state)
{
    (void)state;
    struct error_detail err;

    error_set(&err, "no_such_file", "there is no file %s", "\xff\xe3\x81窓\xc0\x80");

    assert_is_whole_utf8(err.message, sizeof err.message);
    assert_string_equal(err.message, "there is no file \?\?\?窓\?\?");
}

static void
a_message_may_quote_the_message_it_replaces(void **state)
{
    (void)state;
    struct error_detail err;
    error_set(&err, "inner", "disk full");

    error_set(&err, err.code, "cannot save: %s", err.message);

    assert_string_equal(err.code, "inner");
    assert_string_equal(err.message, "cannot save: disk full");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_its_own_word),
        cmocka_unit_test(a_status_from_elsewhere_has_a_word_too),
        cmocka_unit_test(an_error_holds_code_message_and_place),
        cmocka_unit_test(an_error_without_a_place_clears_the_place_of_the_one_before),
        cmocka_unit_test(no_error_detail_is_needed),
        cmocka_unit_test(a_prefix_stands_before_the_message_and_keeps_code_and_place),
        cmocka_unit_test(too_long_a_message_is_cut_at_a_character),
        cmocka_unit_test(too_long_a_code_is_cut),
        cmocka_unit_test(too_long_a_prefix_is_cut_at_a_character),
        cmocka_unit_test(prefixes_pile_up_within_the_bound),
        cmocka_unit_test(bytes_that_are_not_utf8_do_not_enter_a_message),
        cmocka_unit_test(a_message_may_quote_the_message_it_replaces),
    };
    return cmocka_run_group_tests_name("outcome", tests, NULL, NULL);
}
