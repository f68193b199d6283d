/* Templates: values, formats, conditions, repetition, and what a value can never do. */
#include "tests/unit/common/receiptline_page.h"

#include "tests/unit/common/failing_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char page[PAGE_SIZE];

/* 2026-11-22T10:03:11+09:00 */
#define MOMENT INT64_C(1795309391000)

static void
assert_prints(const char *markup, const struct receiptline_value *values, const char *expected)
{
    assert_string_equal(page_print(markup, values, 24, page), expected);
}

static void
values_stand_in_the_form_that_was_asked_for(void **state)
{
    (void)state;
    struct receiptline_value values[PAGE_VALUES] = {[PAGE_TEXT] = {.text = "戸籍"},
                                                    [PAGE_YEN] = {.number = 1234567},
                                                    [PAGE_NUMBER] = {.number = 1234},
                                                    [PAGE_DATE] = {.date = {2026, 4, 1}},
                                                    [PAGE_MOMENT] = {.number = MOMENT}};
    assert_prints("|[[text]]と[[ text ]]", values, "戸籍と戸籍\n");
    assert_prints("|[[yen]]", values, "\\1,234,567\n"); /* the byte that prints as ¥ */
    assert_prints("|[[yen:number]] [[yen:plain]]", values, "1,234,567 1234567\n");
    assert_prints("|[[yen:signed]]", values, "+\\1,234,567\n");
    assert_prints("|[[number]] [[number:plain]]", values, "1,234 1234\n");
    assert_prints("|[[date]]", values, "2026年4月1日(水)\n");
    assert_prints("|[[date:date]]", values, "2026年4月1日\n");
    assert_prints("|[[date:slash]] [[date:iso]]", values, "2026/04/01 2026-04-01\n");
    assert_prints("|[[date:era]]", values, "令和8年4月1日\n");
    values[PAGE_DATE].date = (struct civil_date){2019, 5, 1};
    assert_prints("|[[date:era]]", values, "令和元年5月1日\n");
    assert_string_equal(page_print("|[[moment]]", values, 32, page), "2026年11月22日(日) 10:03\n");
    assert_prints("|[[moment:minute]]", values, "2026年11月22日 10:03\n");
    assert_prints("|[[moment:time]] [[moment:second]]", values, "10:03 10:03:11\n");
    assert_prints("|[[moment:era]]", values, "令和8年11月22日\n");
    assert_prints("|[[columns]]", values, "24\n");
    values[PAGE_YEN].number = -450;
    assert_prints("|[[yen]] [[yen:signed]] [[yen:plain]]", values, "-\\450 -\\450 -450\n");
    values[PAGE_NUMBER].number = 0;
    assert_prints("|[[number]]", values, "0\n");
}

static void
values_are_padded_to_columns(void **state)
{
    (void)state;
    const struct receiptline_value values[PAGE_VALUES] = {[PAGE_TEXT] = {.text = "戸籍"}, [PAGE_YEN] = {.number = 450}};
    assert_prints("|[[text<8]]|", values, "=戸籍    \n");
    assert_prints("|x[[text>8]]x", values, "x    戸籍x\n");
    assert_prints("|x[[yen>8]]x[[yen<6]]x", values, "x    \\450x\\450  x\n");
    assert_prints("|x[[text>2]]x", values, "x戸籍x\n"); /* never cut */
}

static void
a_value_can_never_be_markup(void **state)
{
    (void)state;
    const struct receiptline_value values[PAGE_VALUES] = {[PAGE_TEXT] = {.text = "{x:y}|\"_`^~\\-=[[yen]]"},
                                                          [PAGE_MORE] = {.text = "a\nb\x1b@\x1dV\tc"},
                                                          [PAGE_NOTE] = {.text = "-\n=\n{code:1}\n\n|a|"}};
    assert_prints("|[[text]]", values, "{x:y}|\"_`^~\\-=[[yen]]\n");
    assert_prints("|[[more]]", values, "a b @ V c\n");
    assert_prints("|[[note]]", values, "-\n=\n{code:1}\n\n|a|\n");
    assert_string_equal(page_print("{code:[[text]];o:qrcode}", values, 48, page),
                        "[qr {x:y}|\"_`^~\\-=[[yen]] 3l 0+48 center]\n");
    /* What cannot be a code is printed in words. */
    assert_prints("{code:[[more]]}", values, "=a b @ V c\n");
}

static void
an_empty_value_leaves_an_optional_row_out(void **state)
{
    (void)state;
    struct receiptline_value values[PAGE_VALUES] = {[PAGE_TEXT] = {.text = ""}};
    assert_prints("x\n番号 | [[text?]]\n日 | [[date?]][[moment:time?]]\n額 | [[yen?]]\ny", values, "=x\n=y\n");
    assert_prints("|a[[text]]b", values, "ab\n");
    values[PAGE_TEXT].text = "1";
    assert_prints("番号 | [[text?]]", values, "番号...................1\n");
}

static void
conditions_choose_rows(void **state)
{
    (void)state;
    struct receiptline_value values[PAGE_VALUES] = {[PAGE_TEXT] = {.text = "cash"}, [PAGE_YEN] = {.number = 5}};
    static const char markup[] =
        "[[if flag]]\nflag\n[[else if text = credit]]\ncredit\n[[else if yen >= 5]]\nyen\n[[else]]\nelse\n[[end]]";
    assert_prints(markup, values, "=yen\n");
    values[PAGE_YEN].number = 4;
    assert_prints(markup, values, "=else\n");
    values[PAGE_TEXT].text = "credit";
    assert_prints(markup, values, "=credit\n");
    values[PAGE_FLAG].number = 1;
    assert_prints(markup, values, "=flag\n");

    static const struct {
        const char *condition;
        bool holds;
    } cases[] = {{"yen = 4", true},       {"yen != 4", false},       {"yen < 4", false},  {"yen <= 4", true},
                 {"yen > 3", true},       {"not yen > 3", false},    {"text", true},      {"not text", false},
                 {"more", false},         {"not more", true},        {"date", false},     {"moment", false},
                 {"text = credit", true}, {"text != credit", false}, {"more = x", false}, {"things", false},
                 {"columns >= 24", true}, {"columns > 24", false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[80];
        snprintf(text, sizeof text, "[[if %s]]\nyes\n[[end]]", cases[i].condition);
        assert_prints(text, values, cases[i].holds ? "=yes\n" : "");
        snprintf(text, sizeof text, "|a[[if %s]]b[[else]]c[[end]]d", cases[i].condition);
        assert_prints(text, values, cases[i].holds ? "abd\n" : "acd\n");
    }
}

static void
lists_are_repeated_and_see_what_is_around_them(void **state)
{
    (void)state;
    const struct receiptline_value parts[] = {{.text = "p"}, {.text = "q"}};
    const struct receiptline_value things[2 * THING_VALUES] = {{.text = "一"}, {.number = 1}, {.rows = {parts, 2}},
                                                               {.text = "二"}, {.number = 2}, {.rows = {NULL, 0}}};
    const struct receiptline_value values[PAGE_VALUES] = {
        [PAGE_TEXT] = {.text = "T"}, [PAGE_THINGS] = {.rows = {things, 2}}};
    assert_prints(
        "[[each things]]\n|[[name]] [[sum]] [[text]]\n[[each parts]]\n|~[[part]][[name]]\n[[end]]\n[[end]]\nx", values,
        "一 \\1 T\n p一\n q一\n二 \\2 T\n=x\n");
}

static void
fit_takes_the_first_block_whose_cells_stand_side_by_side(void **state)
{
    (void)state;
    struct receiptline_value things[2 * THING_VALUES] = {{.text = "短い"}, {.number = 1}, {.rows = {NULL, 0}},
                                                         {.text = "名前"}, {.number = 2}, {.rows = {NULL, 0}}};
    const struct receiptline_value values[PAGE_VALUES] = {[PAGE_THINGS] = {.rows = {things, 2}}};
    static const char markup[] = "{w:flow}\n[[fit]]\n[[each things]]\n[[name]] | [[sum]]\n[[end]]\n[[else]]\n"
                                 "[[each things]]\n|[[name]]\n|~[[sum]]\n[[end]]\n[[end]]";
    assert_prints(markup, values, "短い..................\\1\n名前..................\\2\n");
    things[THING_VALUES].text = "とてもとても長い名前の品";
    assert_prints(markup, values, "短い\n \\1\nとてもとても長い名前の品\n \\2\n");
    assert_prints("{w:flow}\n[[fit]]\n^^^合計 | ^^^123456789\n[[else fit]]\n^^合計 | ^^123456789\n[[end]]", values,
                  "<1x2:合計>...........<1x2:123456789>\n");
}

static void
wrong_tags_are_named_with_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *markup, *refusal;
    } cases[] = {
        {"a\nあ[[txet]]", "2:4 「txet」という名前はありません"},
        {"[[hidden]]", "1:3 「hidden」という名前はありません"},
        {"[[name]]", "1:3 「name」という名前はありません"},
        {"[[each things]]\n[[date]][[part]]\n[[end]]", "2:11 「part」という名前はありません"},
        {"[[ ]]", "1:4 [[ ]] の中に名前がありません"},
        {"[[text", "1:1 「[[」を閉じる「]]」がこの行にありません"},
        {"|[[text:era]]", "1:9 書式「era」は、この名前の値には使えません"},
        {"|[[yen:foo]]", "1:8 「foo」という書式はありません"},
        {"|[[yen>99]]", "1:7 「<」「>」の後には、幅を 1 から 64 までの数で書きます"},
        {"|[[yen x]]", "1:8 ここに「x」は書けません"},
        {"|[[things]]", "1:10 一覧は [[each …]] で一行ずつ書きます"},
        {"|[[flag]]", "1:8 この名前は条件 [[if …]] にだけ使えます"},
        {"[[each text]]", "1:8 「text」は一覧ではありません"},
        {"[[if text < a]]", "1:13 文字は「=」か「!=」で比べます"},
        {"[[if yen = abc]]", "1:12 比べる相手は数で書きます"},
        {"[[if date = 1]]", "1:13 この名前の値は比べられません"},
        {"[[if flag]]\nx", "1:1 このブロックを閉じる [[end]] がありません"},
        {"[[end]]", "1:1 [[end]] に対応する [[each]]、[[if]]、[[fit]] がありません"},
        {"[[else]]", "1:1 [[else]] に対応する [[if]] か [[fit]] がありません"},
        {"[[each things]]\n[[else]]", "2:1 [[else]] に対応する [[if]] か [[fit]] がありません"},
        {"[[if flag]]\n[[else]]\n[[else]]", "3:1 [[else]] の後に、もう一つの [[else]] は書けません"},
        {"a[[if flag]]b", "1:1 この欄の [[if]] を閉じる [[end]] が同じ欄にありません"},
        {"a[[if flag]]b|c[[end]]", "1:1 この欄の [[if]] を閉じる [[end]] が同じ欄にありません"},
        {"a[[each things]]", "1:2 このタグは、それだけの行に書きます"},
        {"[[end x]]", "1:7 「]]」の前に余分な文字があります"},
        {"{width:[[number]]}", "1:8 width に「[[number]]」とは書けません"},
        {"{code:[[if flag]]}", "1:7 指定の中に書けるのは値の名前だけです"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char refusal[ERROR_MESSAGE_SIZE];
        assert_string_equal(page_refusal(cases[i].markup, refusal), cases[i].refusal);
    }
}

static void
blocks_nest_as_deep_as_was_said_and_no_deeper(void **state)
{
    (void)state;
    char markup[1024] = "";
    char refusal[ERROR_MESSAGE_SIZE];
    for (int i = 0; i < RECEIPTLINE_NESTING_MAX; i++) {
        strcat(markup, "[[if not flag]]\n");
    }
    strcat(markup, "x\n");
    for (int i = 0; i < RECEIPTLINE_NESTING_MAX; i++) {
        strcat(markup, "[[end]]\n");
    }
    assert_prints(markup, NULL, "=x\n");
    memmove(markup + strlen("[[if flag]]\n"), markup, strlen(markup) + 1);
    memcpy(markup, "[[if flag]]\n", strlen("[[if flag]]\n"));
    assert_string_equal(page_refusal(markup, refusal), "9:1 入れ子が深すぎます (8段まで)");
}

static void
a_template_that_repeats_itself_without_end_is_stopped(void **state)
{
    (void)state;
    enum { MANY = 100 };
    static struct receiptline_value things[MANY * THING_VALUES];
    struct error_detail err = {0};
    const struct receiptline_value values[PAGE_VALUES] = {
        [PAGE_THINGS] = {.rows = {things, MANY}}, [PAGE_TEXT] = {.text = "x"}};
    static const char rows[] = "[[each things]]\n[[each things]]\nx\n[[end]]\n[[end]]";
    static const char nothing[] =
        "[[each things]]\n[[each things]]\n[[each things]]\n[[if flag]]\nx\n[[end]]\n[[end]]\n"
        "[[end]]\n[[end]]";
    assert_int_equal(page_try(rows, values, 24, &err), STATUS_OVERFLOW);
    assert_int_equal(page_try(nothing, values, 24, &err), STATUS_OVERFLOW);
    assert_string_equal(err.code, "paper_too_long");
}

static void
a_note_of_nothing_but_line_breaks_is_printed(void **state)
{
    (void)state;
    char note[481];
    memset(note, '\n', sizeof note - 1);
    note[sizeof note - 1] = '\0';
    const struct receiptline_value values[PAGE_VALUES] = {[PAGE_NOTE] = {.text = note}};
    page_print("[[note]]", values, 24, page);
    assert_true(strlen(page) >= 480);
}

static void
no_memory_is_told_and_nothing_is_lost(void **state)
{
    (void)state;
    static const char markup[] =
        "{w:flow}\n[[each things]]\n[[name]] | ^[[sum>8]]\n[[end]]\n|[[note]]\n{code:[[text]]}";
    struct receiptline_value values[PAGE_VALUES] = {
        [PAGE_TEXT] = {.text = "日本"},
        [PAGE_NOTE] = {.text = "とても長い文章がここに入り、行の終わりで折り返されます。"}};
    for (unsigned nth = 1; nth < 60; nth++) {
        struct receiptline_template *template = NULL;
        struct error_detail err = {0};
        memory_fail_from(nth);
        enum status status = receiptline_compile(&template, &page_schema, 1, markup, sizeof markup - 1, &err);
        memory_fail_from(0);
        if (status == STATUS_OK) {
            receiptline_destroy(template);
            page_print(markup, values, 24, page);
            return;
        }
        assert_int_equal(status, STATUS_NO_MEMORY);
        assert_null(template);
    }
    fail_msg("it never had enough memory");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_stand_in_the_form_that_was_asked_for),
        cmocka_unit_test(values_are_padded_to_columns),
        cmocka_unit_test(a_value_can_never_be_markup),
        cmocka_unit_test(an_empty_value_leaves_an_optional_row_out),
        cmocka_unit_test(conditions_choose_rows),
        cmocka_unit_test(lists_are_repeated_and_see_what_is_around_them),
        cmocka_unit_test(fit_takes_the_first_block_whose_cells_stand_side_by_side),
        cmocka_unit_test(wrong_tags_are_named_with_their_place),
        cmocka_unit_test(blocks_nest_as_deep_as_was_said_and_no_deeper),
        cmocka_unit_test(a_template_that_repeats_itself_without_end_is_stopped),
        cmocka_unit_test(a_note_of_nothing_but_line_breaks_is_printed),
        cmocka_unit_test(no_memory_is_told_and_nothing_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
