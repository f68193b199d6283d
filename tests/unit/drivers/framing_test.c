/* Where a code begins and ends in a stream of characters, and which device is the configured one. */
#include "drivers/code_stream/device_match.h"
#include "drivers/code_stream/framing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The last status that is not "not yet", and how many there were. */
struct outcome {
    enum status status;
    unsigned count;
    struct scanned_code code;
};

static struct outcome
put_text(struct framing *framing, const char *text, int64_t now_ms)
{
    struct outcome outcome = {.status = STATUS_NOT_FOUND};
    for (; *text != '\0'; text++) {
        struct scanned_code code;
        const enum status status = framing_put(framing, *text, now_ms, &code);
        if (status != STATUS_NOT_FOUND) {
            outcome.status = status;
            outcome.count++;
        }
        if (status == STATUS_OK) {
            outcome.code = code;
        }
    }
    return outcome;
}

static struct framing
framing_of(const char *prefix, const char *suffix)
{
    struct framing framing;
    struct framing_options options = {.gap_ms = 1000};
    assert_int_equal(framing_affix_read(options.prefix, prefix, NULL), STATUS_OK);
    assert_int_equal(framing_affix_read(options.suffix, suffix, NULL), STATUS_OK);
    framing_init(&framing, &options);
    return framing;
}

static void
a_code_is_complete_with_its_suffix_and_not_before(void **state)
{
    (void)state;
    struct framing framing = framing_of("", "\\r");
    assert_int_equal(put_text(&framing, "4901234567894", 0).count, 0);
    const struct outcome outcome = put_text(&framing, "\r", 0);
    assert_int_equal(outcome.status, STATUS_OK);
    assert_string_equal(outcome.code.text, "4901234567894");
    assert_int_equal(outcome.code.length, 13);
}

static void
line_ends_between_codes_are_no_part_of_them(void **state)
{
    (void)state;
    struct framing framing = framing_of("", "\\r");
    const struct outcome outcome = put_text(&framing, "one\r\n\r\ntwo\r\n", 0);
    assert_int_equal(outcome.count, 2);
    assert_string_equal(outcome.code.text, "two");
}

static void
a_suffix_of_two_characters_may_begin_within_a_code(void **state)
{
    (void)state;
    struct framing framing = framing_of("", "##");
    const struct outcome outcome = put_text(&framing, "a#b###", 0);
    assert_int_equal(outcome.count, 1);
    assert_string_equal(outcome.code.text, "a#b");
}

static void
what_lacks_the_prefix_is_refused(void **state)
{
    (void)state;
    struct framing framing = framing_of("\\x02Q", "\\x03");
    assert_int_equal(put_text(&framing, "Q12\x03", 0).status, STATUS_INVALID);
    assert_int_equal(put_text(&framing, "\x02Q\x03", 0).status, STATUS_INVALID);
    assert_string_equal(put_text(&framing, "\x02Q12\x03", 0).code.text, "12");
}

static void
a_pause_within_a_code_drops_what_came_before(void **state)
{
    (void)state;
    struct framing framing = framing_of("", "\\r");
    assert_int_equal(put_text(&framing, "9000", 0).count, 0);
    assert_string_equal(put_text(&framing, "8118\r", 1001).code.text, "8118");
    assert_int_equal(put_text(&framing, "9000", 2000).count, 0);
    assert_string_equal(put_text(&framing, "8118\r", 3000).code.text, "90008118");
}

static void
a_code_of_which_something_was_lost_is_refused_to_its_end(void **state)
{
    (void)state;
    struct framing framing = framing_of("", "\\r");
    assert_int_equal(put_text(&framing, "90", 0).count, 0);
    framing_spoil(&framing);
    const struct outcome outcome = put_text(&framing, "118\r", 0);
    assert_int_equal(outcome.count, 1);
    assert_int_equal(outcome.status, STATUS_INVALID);
    assert_int_equal(put_text(&framing, "118\r", 0).status, STATUS_OK);
}

static void
the_longest_code_fits_and_a_longer_one_is_dropped_whole(void **state)
{
    (void)state;
    struct framing framing = framing_of("", "\\r");
    char text[3 * SCANNER_CODE_SIZE];
    for (size_t length = SCANNER_CODE_SIZE - 1; length < sizeof text - 2; length += 700) {
        memset(text, '7', length);
        memcpy(text + length, "\r", 2);
        const struct outcome outcome = put_text(&framing, text, 0);
        assert_int_equal(outcome.count, 1);
        assert_int_equal(outcome.status, length < SCANNER_CODE_SIZE ? STATUS_OK : STATUS_OVERFLOW);
    }
    assert_int_equal(put_text(&framing, "1\r", 0).status, STATUS_OK);
}

static void
control_characters_are_in_no_code(void **state)
{
    (void)state;
    struct framing framing = framing_of("", "\\r");
    assert_int_equal(put_text(&framing,
                              "12\x1d"
                              "34\r",
                              0)
                         .status,
                     STATUS_INVALID);
    assert_int_equal(put_text(&framing, "12\xe3\x81\x82\r", 0).status, STATUS_INVALID);
}

static void
an_affix_is_read_as_it_is_written_in_a_configuration(void **state)
{
    (void)state;
    char affix[FRAMING_AFFIX_SIZE];
    assert_int_equal(framing_affix_read(affix, "\\x02]C\\\\\\r\\n\\t", NULL), STATUS_OK);
    assert_string_equal(affix, "\x02]C\\\r\n\t");
    assert_int_equal(framing_affix_read(affix, "1234567890123456", NULL), STATUS_OK);
    const char *const wrong[] = {"\\", "\\q", "\\x", "\\x0", "\\x00", "\\x80", "あ", "12345678901234567"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct error_detail err = {0};
        assert_int_equal(framing_affix_read(affix, wrong[i], &err), STATUS_INVALID);
        assert_non_null(strstr(err.message, wrong[i]));
    }
    assert_string_equal(affix, "1234567890123456");
}

static void
a_device_is_matched_by_numbers_or_name(void **state)
{
    (void)state;
    struct device_match match;
    assert_int_equal(device_match_read(&match, "0C2e:0b61", NULL), STATUS_OK);
    assert_true(device_matches(&match, 0x0C2E, 0x0B61, "anything"));
    assert_false(device_matches(&match, 0x0C2E, 0x0B62, "anything"));
    assert_int_equal(device_match_read(&match, "0C2e:0b61 Scanner", NULL), STATUS_OK);
    assert_true(device_matches(&match, 1, 2, "0C2e:0b61 Scanner"));
    assert_false(device_matches(&match, 0x0C2E, 0x0B61, "Scanner"));
    assert_int_equal(device_match_read(&match, "", NULL), STATUS_OK);
    assert_true(device_match_is_any(&match));
    assert_true(device_matches(&match, 1, 2, "x"));
    char name[DEVICE_NAME_SIZE + 1];
    memset(name, 'n', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_int_equal(device_match_read(&match, name, NULL), STATUS_INVALID);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_is_complete_with_its_suffix_and_not_before),
        cmocka_unit_test(line_ends_between_codes_are_no_part_of_them),
        cmocka_unit_test(a_suffix_of_two_characters_may_begin_within_a_code),
        cmocka_unit_test(what_lacks_the_prefix_is_refused),
        cmocka_unit_test(a_pause_within_a_code_drops_what_came_before),
        cmocka_unit_test(a_code_of_which_something_was_lost_is_refused_to_its_end),
        cmocka_unit_test(the_longest_code_fits_and_a_longer_one_is_dropped_whole),
        cmocka_unit_test(control_characters_are_in_no_code),
        cmocka_unit_test(an_affix_is_read_as_it_is_written_in_a_configuration),
        cmocka_unit_test(a_device_is_matched_by_numbers_or_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
