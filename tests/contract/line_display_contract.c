/* What every line display does. */
#include "tests/contract/line_display_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { PATIENCE_MS = 2000 };

static void
assert_shown(struct line_display_bench *bench, unsigned row, const char *with_kanji, const char *with_kana)
{
    char shown[SHOWN_TEXT_SIZE];
    bench->read(bench, row, shown);
    assert_string_equal(shown, bench->has_kanji ? with_kanji : with_kana);
}

static enum status
show(struct line_display_bench *bench, const char *left, const char *kana, const char *right, const char *second)
{
    const struct line_display_row rows[LINE_DISPLAY_ROWS] = {
        {.left = left, .left_kana = kana, .right = right},
        {.left = "", .left_kana = "", .right = second},
    };
    return line_display_show(bench->display, rows, PATIENCE_MS, NULL);
}

static void
an_item_and_the_total_stand_in_their_rows(void **state)
{
    struct line_display_bench *bench = *state;
    assert_int_equal(show(bench, "住民票", "じゅうみんひょう", "300",
                          "\xc2\xa5"
                          "3,450"),
                     STATUS_OK);
    assert_shown(bench, 0, "住民票           300", "ｼﾞｭｳﾐﾝﾋｮｳ        300");
    assert_shown(bench, 1, "              \\3,450", "              \\3,450"); /* the cell of ¥ in Japanese sets */
}

static void
a_long_name_gives_way_to_the_amount_and_no_character_is_cut_in_half(void **state)
{
    struct line_display_bench *bench = *state;
    assert_int_equal(show(bench, "改製原戸籍謄本の写し(全部)", "かいせいげんこせきとうほんのうつし", "12,750", ""),
                     STATUS_OK);
    assert_shown(bench, 0, "改製原戸籍謄  12,750", "ｶｲｾｲｹﾞﾝｺｾｷﾄｳﾎ 12,750");
}

static void
the_next_text_replaces_the_last(void **state)
{
    struct line_display_bench *bench = *state;
    assert_int_equal(show(bench, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "", "", "1"), STATUS_OK);
    assert_int_equal(show(bench, "A", "", "", ""), STATUS_OK);
    assert_shown(bench, 0, "A", "A");
    assert_shown(bench, 1, "", "");
}

static void
what_the_display_cannot_show_becomes_a_question_mark_and_never_a_command(void **state)
{
    struct line_display_bench *bench = *state;
    assert_int_equal(show(bench, "\xf0\xa0\xae\xb7\x1b@\x0c", "", "", ""), STATUS_OK); /* 𠮷, ESC @, FF */
    assert_shown(bench, 0, "? @", "? @");
}

static void
malformed_text_is_refused(void **state)
{
    struct line_display_bench *bench = *state;
    assert_int_equal(show(bench, "\xff", "", "", ""), STATUS_INVALID);
}

static void
a_display_that_is_gone_says_so_and_shows_again_when_it_is_back(void **state)
{
    struct line_display_bench *bench = *state;
    assert_int_equal(show(bench, "A", "", "", ""), STATUS_OK);
    bench->set_gone(bench, true);
    assert_int_equal(show(bench, "B", "", "", ""), STATUS_DEVICE_GONE);
    assert_int_equal(line_display_check(bench->display, PATIENCE_MS, NULL), STATUS_DEVICE_GONE);
    bench->set_gone(bench, false);
    assert_int_equal(line_display_check(bench->display, PATIENCE_MS, NULL), STATUS_OK);
    assert_int_equal(show(bench, "C", "", "", ""), STATUS_OK);
    assert_shown(bench, 0, "C", "C");
}

static void
looking_whether_it_is_there_leaves_what_it_shows(void **state)
{
    struct line_display_bench *bench = *state;
    assert_int_equal(show(bench, "A", "", "300", "B"), STATUS_OK);
    assert_int_equal(line_display_check(bench->display, PATIENCE_MS, NULL), STATUS_OK);
    assert_shown(bench, 0, "A                300", "A                300");
    assert_shown(bench, 1, "                   B", "                   B");
}

static void
closing_nothing_is_fine(void **state)
{
    struct line_display_bench *bench = *state;
    assert_true(strlen(line_display_name(bench->display)) > 0);
    line_display_close(NULL);
}

int
line_display_contract_run(const char *name, int (*set_up)(void **state), int (*tear_down)(void **state))
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(an_item_and_the_total_stand_in_their_rows),
        TEST(a_long_name_gives_way_to_the_amount_and_no_character_is_cut_in_half),
        TEST(the_next_text_replaces_the_last),
        TEST(what_the_display_cannot_show_becomes_a_question_mark_and_never_a_command),
        TEST(malformed_text_is_refused),
        TEST(a_display_that_is_gone_says_so_and_shows_again_when_it_is_back),
        TEST(looking_whether_it_is_there_leaves_what_it_shows),
        TEST(closing_nothing_is_fine),
    };
#undef TEST
    return _cmocka_run_group_tests(name, tests, sizeof tests / sizeof tests[0], NULL, NULL);
}
