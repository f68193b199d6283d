/* UTF-8 from hostile hands, and CP932 with the characters that trouble Japanese systems. */
#include "common/text/cp932.h"
#include "common/text/utf8.h"

#include "tests/unit/common/seeded_random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* CODE_POINT as UTF-8 by the table of RFC 3629; surrogates too, which is what makes them useful here. */
static size_t
encode(char out[4], uint32_t code_point)
{
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    size_t size = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = size - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code_point & 0x3F));
        code_point >>= 6;
    }
    out[0] = (char)(lead[size] | code_point);
    return size;
}

static bool
is_surrogate(uint32_t code_point)
{
    return code_point >= 0xD800 && code_point <= 0xDFFF;
}

static void
every_code_point_but_surrogates_is_valid_and_decoded(void **state)
{
    (void)state;
    for (uint32_t code_point = 1; code_point <= 0x10FFFF; code_point++) {
        char text[4];
        size_t size = encode(text, code_point);
        const char *cursor = text;
        assert_int_equal(utf8_is_valid(text, size), !is_surrogate(code_point));
        if (!is_surrogate(code_point)) {
            assert_int_equal(utf8_next(&cursor, text + size), code_point);
            assert_ptr_equal(cursor, text + size);
        }
    }
}

static void
hostile_bytes_are_not_valid(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "\x80", /* a continuation alone */
        "\xBF",
        "abc\x80",
        "\xC0\x80", /* NUL in two bytes */
        "\xC0\xAF", /* '/' in two bytes */
        "\xC1\xBF",
        "\xE0\x80\xAF", /* '/' in three */
        "\xE0\x9F\xBF",
        "\xF0\x80\x80\xAF", /* '/' in four */
        "\xF0\x8F\xBF\xBF",
        "\xED\xA0\x80",             /* U+D800 */
        "\xED\xBF\xBF",             /* U+DFFF */
        "\xED\xA1\x82\xED\xBE\xB7", /* 𠮷 as two surrogates (CESU-8) */
        "\xF4\x90\x80\x80",         /* U+110000 */
        "\xF5\x80\x80\x80",
        "\xF8\x88\x80\x80\x80",     /* five bytes */
        "\xFC\x84\x80\x80\x80\x80", /* six bytes */
        "\xFE",
        "\xFF",
        "\xC3", /* cut */
        "\xE3\x81",
        "\xF0\xA0\xAE",
        "\xE3\x81x", /* interrupted */
        "\xE3x\x81",
        "\xC3\xC3\xA9",
        "\x8B\xE0", /* 金 in CP932 */
        "\xB6\xE2", /* 金 in EUC-JP */
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(utf8_is_valid(wrong[i], strlen(wrong[i])));
    }
}

static void
a_character_cut_by_the_length_is_not_valid(void **state)
{
    (void)state;
    static const char text[] = "𠮷"; /* what follows is there, but not ours to read */
    assert_false(utf8_is_valid(text, 1));
    assert_false(utf8_is_valid(text, 2));
    assert_false(utf8_is_valid(text, 3));
    assert_true(utf8_is_valid(text, 4));
    assert_true(utf8_is_valid(text, 0));
    assert_true(utf8_is_valid("a\0b", 3));
}

static void
walking_over_malformed_bytes_ends_and_steps_one_byte_each(void **state)
{
    (void)state;
    const char *text = "a\xE3\x81\xFF窓";
    const char *end = text + strlen(text);
    static const uint32_t expected[] = {'a', 0xFFFD, 0xFFFD, 0xFFFD, 0x7A93};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(utf8_next(&text, end), expected[i]);
    }
    assert_ptr_equal(text, end);
}

static void
random_bytes_are_walked_to_their_end_and_never_beyond(void **state)
{
    (void)state;
    struct seeded_random random = {3629};
    for (int round = 0; round < 20000; round++) {
        char text[24];
        size_t length = (size_t)seeded_between(&random, 1, sizeof text);
        for (size_t i = 0; i < length; i++) {
            text[i] = (char)seeded_between(&random, 0x70, 0xFF);
        }
        const char *cursor = text;
        const char *end = text + length;
        bool saw_fault = false;
        while (cursor < end) {
            const char *before = cursor;
            uint32_t code_point = utf8_next(&cursor, end);
            saw_fault = saw_fault || (code_point == UTF8_REPLACEMENT && cursor - before == 1);
            assert_true(cursor > before && cursor <= end);
        }
        assert_int_equal(utf8_is_valid(text, length), !saw_fault);
    }
}

static void
characters_are_counted_not_bytes(void **state)
{
    (void)state;
    assert_int_equal(utf8_count(""), 0);
    assert_int_equal(utf8_count("abc"), 3);
    assert_int_equal(utf8_count("窓口a𠮷"), 4);
    assert_int_equal(utf8_count("\xE3\x81"), 2);
}

static void
a_prefix_ends_at_a_character_and_is_the_longest(void **state)
{
    (void)state;
    static const char text[] = "aé窓𠮷z";
    static const size_t ends[] = {0, 1, 3, 6, 10, 11};
    size_t expected = 0;
    for (size_t limit = 0; limit <= 15; limit++) {
        for (size_t i = 0; i < 6; i++) {
            expected = ends[i] <= limit ? ends[i] : expected;
        }
        assert_int_equal(utf8_prefix(text, sizeof text - 1, limit), expected);
    }
}

static void
columns_are_those_of_a_half_width_grid(void **state)
{
    (void)state;
    assert_int_equal(utf8_text_columns(""), 0);
    assert_int_equal(utf8_text_columns("abc 123"), 7);
    assert_int_equal(utf8_text_columns("住民票の写し"), 12);
    assert_int_equal(utf8_text_columns("ｼﾞｭｳﾐﾝ"), 6);
    assert_int_equal(utf8_text_columns("¥1,200"), 6);
    assert_int_equal(utf8_text_columns("￥１"), 4);
    assert_int_equal(utf8_text_columns("①№±×÷°"), 12);
    assert_int_equal(utf8_text_columns("𠮷野"), 4);
    assert_int_equal(utf8_text_columns("葛\U000E0100城"), 4);
    assert_int_equal(utf8_text_columns("☎\uFE0E"), 2);
    assert_int_equal(utf8_columns('\n'), 0);
    assert_int_equal(utf8_columns(0x7F), 0);
}

static void
assert_to_cp932(const char *text, const char *expected, size_t expected_replaced)
{
    struct buffer out;
    size_t replaced = 777;
    buffer_init(&out, 1000);
    assert_int_equal(cp932_from_utf8(&out, text, strlen(text), &replaced, NULL), STATUS_OK);
    assert_int_equal(out.length, strlen(expected));
    assert_string_equal(buffer_text(&out), expected);
    assert_int_equal(replaced, expected_replaced);
    buffer_finish(&out);
}

static void
both_unicode_forms_of_the_troublesome_characters_reach_cp932(void **state)
{
    (void)state;
    assert_to_cp932("〜", "\x81\x60", 0); /* U+301C */
    assert_to_cp932("～", "\x81\x60", 0); /* U+FF5E */
    assert_to_cp932("−", "\x81\x7C", 0);  /* U+2212 */
    assert_to_cp932("－", "\x81\x7C", 0); /* U+FF0D */
    assert_to_cp932("‖", "\x81\x61", 0);  /* U+2016 */
    assert_to_cp932("∥", "\x81\x61", 0);  /* U+2225 */
    assert_to_cp932("¢", "\x81\x91", 0);
    assert_to_cp932("￠", "\x81\x91", 0);
    assert_to_cp932("£", "\x81\x92", 0);
    assert_to_cp932("￡", "\x81\x92", 0);
    assert_to_cp932("¬", "\x81\xCA", 0);
    assert_to_cp932("￢", "\x81\xCA", 0);
    assert_to_cp932("—", "\x81\x5C", 0); /* U+2014 */
    assert_to_cp932("―", "\x81\x5C", 0); /* U+2015 */
    assert_to_cp932("¥", "\x5C", 0);
    assert_to_cp932("￥", "\x81\x8F", 0);
}

static void
names_with_characters_of_nec_and_ibm_reach_cp932(void **state)
{
    (void)state;
    assert_to_cp932("髙﨑", "\xFB\xFC\xFA\xB1", 0);
    assert_to_cp932("①㈱№", "\x87\x40\x87\x8A\x87\x82", 0);
    assert_to_cp932("Ⅳ", "\x87\x57", 0);
    assert_to_cp932("表ソ能", "\x95\x5C\x83\x5C\x94\x5C", 0); /* their second byte is a backslash */
}

static void
half_width_kana_are_single_bytes(void **state)
{
    (void)state;
    assert_to_cp932("ｶﾞ｡ﾟ", "\xB6\xDE\xA1\xDF", 0);
    for (uint32_t kana = 0xFF61; kana <= 0xFF9F; kana++) {
        char text[5] = {0};
        char expected[2] = {(char)(kana - 0xFF61 + 0xA1), '\0'};
        encode(text, kana);
        assert_to_cp932(text, expected, 0);
    }
}

static void
what_cp932_lacks_becomes_the_geta_mark_and_is_counted(void **state)
{
    (void)state;
    assert_to_cp932("𠮷野家", "\x81\xAC\x96\xEC\x89\xC6", 1);
    assert_to_cp932("é한😀", "\x81\xAC\x81\xAC\x81\xAC", 3);
    assert_to_cp932("か\u3099", "\x82\xA9\x81\xAC", 1);
}

/* The variant is lost, which is counted; the character itself is there, and needs no mark behind it. */
static void
a_variation_selector_leaves_its_character_and_no_mark(void **state)
{
    (void)state;
    assert_to_cp932("葛\U000E0100城", "\x8A\x8B\x8F\xE9", 1);
    assert_to_cp932("〒\uFE0E", "\x81\xA7", 1);
}

static void
columns_are_the_bytes_that_cp932_prints(void **state)
{
    (void)state;
    for (uint32_t code_point = 0x20; code_point <= 0xFFFF; code_point++) {
        char text[4];
        size_t size = encode(text, code_point);
        struct buffer out;
        if (code_point == 0x7F || is_surrogate(code_point)) {
            continue;
        }
        buffer_init(&out, 4);
        assert_int_equal(cp932_from_utf8(&out, text, size, NULL, NULL), STATUS_OK);
        assert_int_equal(utf8_columns(code_point), out.length);
        buffer_finish(&out);
    }
}

static void
text_that_is_not_utf8_is_refused_and_adds_nothing(void **state)
{
    (void)state;
    struct buffer out;
    struct error_detail err;
    buffer_init(&out, 100);
    buffer_append_text(&out, "kept");
    assert_int_equal(cp932_from_utf8(&out, "窓\xFF", 4, NULL, &err), STATUS_INVALID);
    assert_string_equal(err.code, "not_utf8");
    assert_string_equal(buffer_text(&out), "kept");
    buffer_finish(&out);
}

static void
a_full_buffer_is_an_overflow_in_both_directions(void **state)
{
    (void)state;
    struct buffer out;
    buffer_init(&out, 3);
    assert_int_equal(cp932_from_utf8(&out, "窓口", 6, NULL, NULL), STATUS_OVERFLOW);
    buffer_finish(&out);
    buffer_init(&out, 5);
    assert_int_equal(cp932_to_utf8(&out, "\x91\x8B\x8C\xFB", 4, NULL), STATUS_OVERFLOW);
    buffer_finish(&out);
}

/* Every two-byte character: into UTF-8 and back. 398 of NEC's and IBM's doubles come back as their twin (Microsoft's
 * table prefers one of each), so what is asked of those is that UTF-8 stays the same from then on. */
static void
every_character_of_cp932_comes_back(void **state)
{
    (void)state;
    size_t characters = 0;
    size_t twins = 0;
    for (unsigned lead = 0x81; lead <= 0xFC; lead++) {
        for (unsigned trail = 0x40; trail <= 0xFC; trail++) {
            char bytes[2] = {(char)lead, (char)trail};
            struct buffer text, back, again;
            if (lead >= 0xA0 && lead <= 0xDF) {
                continue;
            }
            buffer_init(&text, 8);
            buffer_init(&back, 8);
            buffer_init(&again, 8);
            if (cp932_to_utf8(&text, bytes, 2, NULL) == STATUS_OK) {
                size_t replaced;
                characters++;
                assert_int_equal(cp932_from_utf8(&back, text.data, text.length, &replaced, NULL), STATUS_OK);
                assert_int_equal(replaced, 0);
                assert_int_equal(back.length, 2);
                twins += memcmp(back.data, bytes, 2) != 0;
                assert_int_equal(cp932_to_utf8(&again, back.data, back.length, NULL), STATUS_OK);
                assert_string_equal(buffer_text(&again), buffer_text(&text));
            }
            buffer_finish(&text);
            buffer_finish(&back);
            buffer_finish(&again);
        }
    }
    assert_true(characters >= 7000);
    assert_int_equal(twins, 398);
}

static void
long_text_survives_both_directions(void **state)
{
    (void)state;
    struct buffer text, bytes, back;
    buffer_init(&text, 100000);
    buffer_init(&bytes, 100000);
    buffer_init(&back, 100000);
    for (int i = 0; i < 2000; i++) {
        buffer_printf(&text, "%d 住民票ｼﾞｭｳﾐﾝ髙～\n", i);
    }
    assert_int_equal(cp932_from_utf8(&bytes, text.data, text.length, NULL, NULL), STATUS_OK);
    assert_int_equal(cp932_to_utf8(&back, bytes.data, bytes.length, NULL), STATUS_OK);
    assert_int_equal(back.length, text.length);
    assert_memory_equal(back.data, text.data, text.length);
    buffer_finish(&text);
    buffer_finish(&bytes);
    buffer_finish(&back);
}

static void
bytes_that_are_not_cp932_are_refused_at_their_column_and_add_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        unsigned column;
    } cases[] = {
        {"\x80", 1},          {"\xA0", 1},     {"\xFD", 1},         {"\xFF", 1},
        {"abc\x81", 4},       {"\x81\x20", 1}, {"\x81\x7F", 1},     {"ab\x91\x8B\x81", 5},
        {"\x91\x8B\x80z", 3}, {"\x85\x40", 1}, {"\xE7\xAA\x93", 3}, /* 窓 in UTF-8 */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer out;
        struct error_detail err = {0};
        buffer_init(&out, 100);
        buffer_append_text(&out, "kept");
        assert_int_equal(cp932_to_utf8(&out, cases[i].bytes, strlen(cases[i].bytes), &err), STATUS_INVALID);
        assert_string_equal(err.code, "not_cp932");
        assert_int_equal(err.column, cases[i].column);
        assert_string_equal(buffer_text(&out), "kept");
        buffer_finish(&out);
    }
}

static void
random_bytes_never_become_malformed_utf8(void **state)
{
    (void)state;
    struct seeded_random random = {932};
    for (int round = 0; round < 5000; round++) {
        char bytes[16];
        for (size_t i = 0; i < sizeof bytes; i++) {
            bytes[i] = (char)seeded_next(&random);
        }
        struct buffer out;
        buffer_init(&out, 100);
        if (cp932_to_utf8(&out, bytes, sizeof bytes, NULL) == STATUS_OK) {
            assert_true(utf8_is_valid(out.data, out.length));
        }
        buffer_finish(&out);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_but_surrogates_is_valid_and_decoded),
        cmocka_unit_test(hostile_bytes_are_not_valid),
        cmocka_unit_test(a_character_cut_by_the_length_is_not_valid),
        cmocka_unit_test(walking_over_malformed_bytes_ends_and_steps_one_byte_each),
        cmocka_unit_test(random_bytes_are_walked_to_their_end_and_never_beyond),
        cmocka_unit_test(characters_are_counted_not_bytes),
        cmocka_unit_test(a_prefix_ends_at_a_character_and_is_the_longest),
        cmocka_unit_test(columns_are_those_of_a_half_width_grid),
        cmocka_unit_test(both_unicode_forms_of_the_troublesome_characters_reach_cp932),
        cmocka_unit_test(names_with_characters_of_nec_and_ibm_reach_cp932),
        cmocka_unit_test(half_width_kana_are_single_bytes),
        cmocka_unit_test(what_cp932_lacks_becomes_the_geta_mark_and_is_counted),
        cmocka_unit_test(a_variation_selector_leaves_its_character_and_no_mark),
        cmocka_unit_test(columns_are_the_bytes_that_cp932_prints),
        cmocka_unit_test(text_that_is_not_utf8_is_refused_and_adds_nothing),
        cmocka_unit_test(a_full_buffer_is_an_overflow_in_both_directions),
        cmocka_unit_test(every_character_of_cp932_comes_back),
        cmocka_unit_test(long_text_survives_both_directions),
        cmocka_unit_test(bytes_that_are_not_cp932_are_refused_at_their_column_and_add_nothing),
        cmocka_unit_test(random_bytes_never_become_malformed_utf8),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
