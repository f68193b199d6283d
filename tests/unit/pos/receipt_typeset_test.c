/* What stands on a row, and where a row ends. */
#include "common/text/typeset.h"
#include "drivers/escpos/codes.h"
#include "drivers/escpos/encoder.h"

#include "tests/unit/common/seeded_random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { CODE_POINTS = 0x110000, PROPERTY_RUNS = 3000 };

static size_t
encode(char out[5], uint32_t c)
{
    size_t length = 0;
    if (c < 0x80) {
        out[length++] = (char)c;
    } else if (c < 0x800) {
        out[length++] = (char)(0xC0 | c >> 6);
    } else {
        if (c < 0x10000) {
            out[length++] = (char)(0xE0 | c >> 12);
        } else {
            out[length++] = (char)(0xF0 | c >> 18);
            out[length++] = (char)(0x80 | (c >> 12 & 0x3F));
        }
        out[length++] = (char)(0x80 | (c >> 6 & 0x3F));
    }
    if (c >= 0x80) {
        out[length++] = (char)(0x80 | (c & 0x3F));
    }
    out[length] = '\0';
    return length;
}

static void
assert_cleans_to(const char *text, const char *expected)
{
    struct buffer out;
    buffer_init(&out, 1024);
    typeset_clean(&out, text);
    assert_string_equal(buffer_text(&out), expected);
    buffer_finish(&out);
}

/* The characters of block NUMBER × 256 as one text. Surrogates are none. */
static const char *
block_text(char out[256 * 4 + 1], uint32_t number)
{
    size_t length = 0;
    out[0] = '\0';
    for (uint32_t c = number * 256; c < (number + 1) * 256; c++) {
        const bool is_surrogate = c >= 0xD800 && c <= 0xDFFF;
        length += c == 0 || is_surrogate ? 0 : encode(out + length, c);
    }
    return out;
}

static void
every_character_takes_the_columns_that_the_printer_will_count(void **state)
{
    (void)state;
    struct buffer clean;
    buffer_init(&clean, 64 * 1024);
    for (uint32_t block = 0; block < CODE_POINTS / 256; block++) {
        char text[256 * 4 + 1];
        buffer_clear(&clean);

        const size_t columns = typeset_clean(&clean, block_text(text, block));

        assert_int_equal(columns, typeset_columns(buffer_text(&clean)));
        if (columns != escpos_text_columns(buffer_text(&clean))) {
            fail_msg("the encoder counts otherwise in U+%04X00", block);
        }
    }
    buffer_finish(&clean);
}

static void
every_character_goes_out_as_the_encoder_would_send_it(void **state)
{
    (void)state;
    struct buffer clean, ours, theirs;
    buffer_init(&clean, 64 * 1024);
    buffer_init(&ours, 64 * 1024);
    buffer_init(&theirs, 64 * 1024);
    for (uint32_t block = 0; block < CODE_POINTS / 256; block++) {
        char text[256 * 4 + 1];
        struct escpos printer;
        size_t line_start = 0;
        buffer_clear(&clean);
        buffer_clear(&ours);
        buffer_clear(&theirs);
        typeset_clean(&clean, block_text(text, block));

        escpos_init(&printer, &theirs, 48);
        escpos_text(&printer, buffer_text(&clean));
        assert_true(escpos_codes_append(&ours, &line_start, buffer_text(&clean), clean.length, NULL));

        assert_int_equal(ours.length, theirs.length);
        assert_string_equal(buffer_text(&ours), buffer_text(&theirs));
    }
    buffer_finish(&clean);
    buffer_finish(&ours);
    buffer_finish(&theirs);
}

static void
a_name_keeps_what_paper_can_hold(void **state)
{
    (void)state;
    assert_cleans_to("戸籍全部事項証明 450円", "戸籍全部事項証明 450円");
    assert_cleans_to("ﾌﾟｰﾙ利用券①㈱髙﨑𠮷", "ﾌﾟｰﾙ利用券①㈱髙﨑𠮷");
    assert_cleans_to("葛\xF3\xA0\x84\x80飾区",
                     "葛\xF3\xA0\x84\x80飾区"); /* which form of the kanji is part of a name */
    assert_int_equal(typeset_columns("葛\xF3\xA0\x84\x80飾区"), 6);
}

static void
a_name_loses_what_paper_cannot_hold(void **state)
{
    (void)state;
    assert_cleans_to("かな\xF3\xA0\x84\x80 A\xEF\xB8\x8F", "かな A"); /* variants of what has none */
    assert_cleans_to("東\xE2\x80\x8B京\xEF\xBB\xBF都", "東京都");
    assert_cleans_to("一\n二\t三\x1b@四", "一 二 三 @四");
    assert_cleans_to("a\xC2\xA0z", "a z");
    assert_cleans_to("\xFF住民票", "\xEF\xBF\xBD住民票");
}

static void
a_kana_and_its_combining_mark_become_one(void **state)
{
    (void)state;
    assert_cleans_to("か\xE3\x82\x99く\xE3\x82\x99は\xE3\x82\x9Aウ\xE3\x82\x99ホ\xE3\x82\x9Aド", "がぐぱヴポド");
    assert_cleans_to("つ\xE3\x82\x99と\xE3\x82\x99チ\xE3\x82\x99", "づどヂ");
    /* No such kana: the mark stays and prints as the mark for a missing character. */
    assert_cleans_to("あ\xE3\x82\x99", "あ\xE3\x82\x99");
}

static void
assert_breaks(const char *text, size_t columns, const char *first, const char *rest)
{
    const struct typeset_row row = typeset_break(text, columns);
    assert_int_equal(row.length, strlen(first));
    assert_memory_equal(text, first, row.length);
    assert_string_equal(text + row.next, rest);
    assert_int_equal(row.columns, typeset_columns(first));
}

static void
a_row_breaks_as_japanese_does(void **state)
{
    (void)state;
    assert_breaks("住民票の写し", 6, "住民票", "の写し");
    assert_breaks("領収しました。", 12, "領収しまし", "た。");
    assert_breaks("証明書(写し)", 8, "証明書", "(写し)");
    assert_breaks("きゃっか", 4, "きゃ", "っか"); /* nothing else leaves half a row */
    assert_breaks("大人 小人", 5, "大人", "小人");
}

static void
numbers_and_words_stay_whole(void **state)
{
    (void)state;
    assert_breaks("観覧料と\\1,000", 12, "観覧料と", "\\1,000");
    assert_breaks("差額は-\\10です", 8, "差額は", "-\\10です");
    assert_breaks("証明書を12通", 10, "証明書を", "12通");
    assert_breaks("展示ホールの利用", 8, "展示", "ホールの利用");
    assert_breaks("大ホールの利用", 6, "大ホー", "ルの利用"); /* 大 alone would leave half the row empty */
}

static void
what_fills_a_row_by_itself_is_broken_anyway(void **state)
{
    (void)state;
    assert_breaks("0123456789ABCDEF", 10, "0123456789", "ABCDEF");
    assert_breaks("0193f1d2-7b00-7000-8000-000000000051", 32, "0193f1d2-7b00-7000-8000-", "000000000051");
}

static void
centred_rows_are_even_and_no_row_holds_a_character_or_two(void **state)
{
    (void)state;
    assert_int_equal(typeset_balanced_columns("ご利用明細兼領収書", 16), 10);
    assert_int_equal(typeset_balanced_columns("領収書", 16), 16);
    assert_int_equal(typeset_unwidowed_columns("固定資産税課税台帳記載事項証明書", 30), 16);
    assert_int_equal(typeset_unwidowed_columns("固定資産税課税台帳記載事項証明書", 20), 20);
}

static void
rows_hold_the_whole_text_within_their_columns(void **state)
{
    (void)state;
    static const char *const parts[] = {"戸籍", "。", "(",     ")", "ｱﾊﾟｰﾄ", "パーク", " ",
                                        "ABC",  "12", "\\450", "-", "々",    "ょ"};
    struct seeded_random random = {.state = 20261122};
    for (int run = 0; run < PROPERTY_RUNS; run++) {
        char text[1024] = "";
        char rows[1024] = "";
        const int64_t count = seeded_between(&random, 1, 40);
        for (int64_t i = 0; i < count; i++) {
            strcat(text, parts[seeded_between(&random, 0, (int64_t)(sizeof parts / sizeof parts[0]) - 1)]);
        }
        const size_t columns = (size_t)seeded_between(&random, 2, 48);

        for (const char *rest = text; *rest != '\0';) {
            const struct typeset_row row = typeset_break(rest, columns);
            assert_in_range(row.columns, 0, columns);
            assert_true(row.next > 0);
            strncat(rows, rest, row.length);
            rest += row.next;
        }

        /* Only the spaces at breaks are gone. */
        const char *expected = text;
        for (const char *got = rows; *got != '\0'; got++, expected++) {
            while (*expected == ' ' && *got != ' ') {
                expected++;
            }
            assert_int_equal(*got, *expected);
        }
        assert_int_equal(strspn(expected, " "), strlen(expected));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_character_takes_the_columns_that_the_printer_will_count),
        cmocka_unit_test(every_character_goes_out_as_the_encoder_would_send_it),
        cmocka_unit_test(a_name_keeps_what_paper_can_hold),
        cmocka_unit_test(a_name_loses_what_paper_cannot_hold),
        cmocka_unit_test(a_kana_and_its_combining_mark_become_one),
        cmocka_unit_test(a_row_breaks_as_japanese_does),
        cmocka_unit_test(numbers_and_words_stay_whole),
        cmocka_unit_test(what_fills_a_row_by_itself_is_broken_anyway),
        cmocka_unit_test(centred_rows_are_even_and_no_row_holds_a_character_or_two),
        cmocka_unit_test(rows_hold_the_whole_text_within_their_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
