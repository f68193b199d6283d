/* ReceiptLine markup as it is published: cells, decorations, properties, escapes. */
#include "tests/unit/common/receiptline_page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char page[PAGE_SIZE];

static void
assert_prints(const char *markup, const char *expected)
{
    assert_string_equal(page_print(markup, NULL, 24, page), expected);
}

static void
a_cell_leans_towards_the_pipe_that_it_touches(void **state)
{
    (void)state;
    assert_prints("abc", "=abc\n");
    assert_prints("|abc|", "=abc\n");
    assert_prints("| abc |", "=abc\n");
    assert_prints("|abc", "abc\n");
    assert_prints("|abc |", "abc\n");
    assert_prints("abc |", "abc\n");
    assert_prints("abc|", ".....................abc\n");
    assert_prints("| abc|", ".....................abc\n");
    assert_prints("| abc", ".....................abc\n");
    assert_prints("a | b", "a......................b\n");
    assert_prints("a|b|c", "......a....b....c\n");
}

static void
cells_share_the_paper_as_other_printers_of_this_markup_share_it(void **state)
{
    (void)state;
    /* What receiptline 4.0.4 makes of 24 columns. */
    assert_prints("|aaaaaaaaaaaaaaaaaaaaaaa |bbbbbbbbbbbbbbbbbbbbbbbb |",
                  "aaaaaaaaaaa.bbbbbbbbbbbb\naaaaaaaaaaa.bbbbbbbbbbbb\na\n");
    assert_prints("{w:* 5 *}\n|aaaaaaaa |bbbbb |ccccccccc |", "aaaaaaaa.bbbbb.ccccccccc\n");
    assert_prints("{w:30,30}\n|aaaaaaaaaaaa |bbbbbbbbbbb |", "aaaaaaaaaaaa.bbbbbbbbbbb\n");
    assert_prints("{w:10,20,30}\n|aaaaaaaa |bbbbbbb |ccccccc |", "aaaaaaaa.bbbbbbb.ccccccc\n");
    assert_prints("{w:0 5 *}\n|hidden |b |c |", "b.....c\n");
    assert_prints("{w:*,30;b:none}\n|a |bbbbbbbbbbbbbbbbbbbbbbb |", "abbbbbbbbbbbbbbbbbbbbbbb\n");
    assert_prints("{w:6,6;b:2}\n|a |b |", ".....a.......b\n");
}

static void
a_narrow_line_stands_where_align_puts_it(void **state)
{
    (void)state;
    assert_prints("{w:4}\n|ab|", "...........ab\n");
    assert_prints("{w:4;a:left}\n|ab |", "ab\n");
    assert_prints("{w:4;a:right}\n|ab |", "....................ab\n");
    assert_prints("{w:5}\n|ab|", "..........,ab\n"); /* half a column: printers have dots */
    assert_prints("{w:4;a:left}\n|ab |\n{w:auto;a:center}\n|cd", "ab\ncd\n");
}

static void
decorations_switch_until_the_cell_ends(void **state)
{
    (void)state;
    assert_prints("\"e\" _u_ `i` x", "=<e:e> <u:u> <i:i> x\n");
    assert_prints("|\"_a_b\"c", "<eu:a><e:b>c\n");
    assert_prints("|^a^b^^c^^d^^^e", "<2x1:a>b<1x2:c>d<2x2:e>\n");
    assert_prints("|^a^^b^^^c", "<2x1:a><1x2:b><2x2:c>\n");
    assert_prints("|^^^^^^^a", "<6x6:a>\n");
    assert_prints("\"a | b", "<e:a>......................b\n");
    assert_prints("|^日本 | ^x", "<2x1:日本>..............<2x1:x>\n");
}

static void
rules_cuts_spaces_and_escapes(void **state)
{
    (void)state;
    assert_prints("-", "[rule 0+24]\n");
    assert_prints("  ----  ", "[rule 0+24]\n");
    assert_prints("|--|", "[rule 0+24]\n");
    assert_prints("{w:10}\n-", "[rule 7+10]\n");
    assert_prints("a\n=\nb", "=a\n[cut]\n=b\n");
    assert_prints("a\n=", "=a\n"); /* the cut at the end is not doubled */
    assert_prints("\\-", "=-\n");
    assert_prints("-=", "=-=\n");
    assert_prints("|a~~b  c", "a  b  c\n");
    assert_prints("|\\|\\{\\}\\~\\_\\\"\\`\\^\\=\\-\\x41", "|{}~_\"`^=-A\n");
    assert_prints("|\\\\", "\\\n");
    assert_prints("|a\\nb\\n\\nc", "a\nb\n\nc\n");
    assert_prints("a\tb|\r\n|c", "......................ab\nc\n");
    assert_prints("", "");
    assert_prints("\n||\n|", "=\n=\n\n");
}

static void
long_text_goes_on_in_its_own_cell(void **state)
{
    (void)state;
    assert_prints("{w:*,6}\n|東京都千代田区霞が関一丁目一番地 |あいうえお |",
                  "東京都千代田区霞..あいう\nが関一丁目一番地..えお\n");
    assert_prints("{t:nowrap}\n|東京都千代田区霞が関一丁目一番地", "東京都千代田区霞が関一丁\n");
    assert_prints("{t:nowrap;w:*,6}\n|東京都千代田区霞が関一 |あいうえお |", "東京都千代田区霞..あいう\n");
    assert_prints("{t:nowrap}\n|^あいうえおかきくけこ", "<2x1:あいうえおか>\n");
    /* Japanese is not broken before 、 nor behind 「. */
    assert_prints("|あいうえおかきくけこさし、すせそ", "あいうえおかきくけこさ\nし、すせそ\n");
}

static void
a_wrapped_point_hangs_and_an_indent_stays(void **state)
{
    (void)state;
    assert_prints("|・あいうえおかきくけこさしすせそたち", "・あいうえおかきくけこさ\n..しすせそたち\n");
    assert_prints("|~~あいうえおかきくけこさしすせそたち", "  あいうえおかきくけこさ\n..しすせそたち\n");
    assert_prints("あいうえおかきくけこさしすせそたち", "=あいうえおかきくけ\n=こさしすせそたち\n");
}

static void
flow_puts_the_second_cell_at_the_right_edge(void **state)
{
    (void)state;
    assert_prints("{w:flow}\nあいう | 123", "あいう...............123\n");
    assert_prints("{w:flow}\nあいうえおかきくけこ | 123", "あいうえおかきくけこ.123\n");
    assert_prints("{w:flow}\nあいうえおかきくけこさ | 123", "あいうえおかきくけこさ\n.....................123\n");
    assert_prints("{w:flow}\nあいうえおかきくけこさしすせそたちつてと | 123",
                  "あいうえおかきくけこさし\nすせそたちつてと.....123\n");
    assert_prints("{w:flow}\n | 123", ".....................123\n");
    assert_prints("{w:flow}\nabc |", "abc\n");
    assert_prints("{w:flow}\nabc", "=abc\n");
}

static void
a_character_larger_than_its_cell_is_made_smaller(void **state)
{
    (void)state;
    assert_prints("{w:4,*}\n|^^^^^^^漢字 |x |", "<2x6:漢>.x\n<2x6:字>\n");
    assert_prints("{w:1,*}\n|漢a |x |", "..x\n");
}

static void
a_frame_opens_is_divided_and_closes(void **state)
{
    (void)state;
    assert_prints("{b:line;w:6,6}\n|a|b|\n-\n|c |d |\n{b:space}\nx",
                  "{....┌──────┬──────┐\n....│..,a..,│..,b..,│\n....├──────┼──────┤\n"
                  "....│c.....│d.....│\n....└──────┴──────┘\n}\n.......,x\n");
}

static void
codes_take_their_options(void **state)
{
    (void)state;
    assert_prints("{code:ABC}", "[code128 ABC 2x72 0+24 center]\n");
    assert_prints("{c:12;o:code39,3,100,hri}", "[code39 12 3x100 hri 0+24 center]\n");
    assert_prints("{o:code39,hri}\n{c:123}\n{o:nohri}\n|{c:4}",
                  "[code39 123 2x72 hri 0+24 center]\n[code39 4 2x72 0+24 left]\n");
    assert_prints("{c:あ;o:qrcode,8,H}|", "[qr あ 8h 0+24 right]\n");
    assert_prints("{c:a\\;b\\}c\\n;o:qrcode}", "[qr a;b}c\n 3l 0+24 center]\n");
    assert_prints("{w:20;a:left}\n{c:4912345678904;o:jan}", "[ean 4912345678904 2x72 0+20 center]\n");
}

static void
bars_wider_than_the_paper_become_a_qr_code(void **state)
{
    (void)state;
    assert_prints("{c:KO-01-20261122-0007;o:code128,3}", "[qr KO-01-20261122-0007 5m 0+24 center]\n");
    assert_string_equal(page_print("{c:KO-01-20261122-0007;o:code128,3}", NULL, 48, page),
                        "[code128 KO-01-20261122-0007 2x72 0+48 center]\n");
}

static void
what_is_wrong_is_named_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *markup, *refusal;
    } cases[] = {
        {"a {w:3} b", "1:3 文字の中の「{」は「\\{」と書きます。指定は、それだけの行に書きます"},
        {"a\nあい } b", "2:4 文字の中の「}」は「\\}」と書きます。指定は、それだけの行に書きます"},
        {"{w:3", "1:1 「{」を閉じる「}」がありません"},
        {"{w:3}x", "1:6 指定 { } の後に文字は書けません"},
        {"{w:foo}", "1:4 width に「foo」とは書けません"},
        {"{w:1,2,3,4,5,6,7,8,9,10,11,12,13}", "1:31 width に「13」とは書けません"},
        {"{b:9}", "1:4 border に「9」とは書けません"},
        {"{a:middle}", "1:4 align に「middle」とは書けません"},
        {"{text:none}", "1:7 text に「none」とは書けません"},
        {"{o:code128,9}", "1:12 option に「9」とは書けません"},
        {"{foo:bar}", "1:2 知らない指定です。image、code、option、align、width、border、text、comment が使えます"},
        {"{command:\\x1b@}", "1:2 command は使えません。プリンタへの命令をひな形から送ることはできません"},
        {"{x:a}", "1:2 command は使えません。プリンタへの命令をひな形から送ることはできません"},
        {"{code:}", "1:7 中身がありません"},
        {"{code:49123;option:jan}", "1:7 JAN/EAN は 13 桁か 8 桁の数字です (検査数字は省けます)"},
        {"{code:4912345678905;option:jan}", "1:7 JAN/EAN の検査数字が合いません"},
        {"{code:123;option:itf}", "1:7 ITF は偶数桁の数字です"},
        {"{code:日本}", "1:7 このバーコードにできるのは半角の英数字と記号です"},
        {"{image:AAAA}", "1:8 画像は PNG を base64 にしたものです"},
        {"a\\qb", "1:2 「\\」の後に書けるのは \\|{}-=~_\"`^ と n、xNN です"},
        {"a\\x4", "1:2 「\\x」の後には16進数を2桁書きます"},
        {"a\\", "1:2 行の終わりの「\\」の後に文字がありません"},
        {"{w:5,5}\na|b|c", "2:1 欄が 3 ありますが、width の指定は 2 欄です"},
        {"{w:flow}\na|b|c", "2:1 width:flow の行に書けるのは 2 欄までです"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char refusal[ERROR_MESSAGE_SIZE];
        assert_string_equal(page_refusal(cases[i].markup, refusal), cases[i].refusal);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cell_leans_towards_the_pipe_that_it_touches),
        cmocka_unit_test(cells_share_the_paper_as_other_printers_of_this_markup_share_it),
        cmocka_unit_test(a_narrow_line_stands_where_align_puts_it),
        cmocka_unit_test(decorations_switch_until_the_cell_ends),
        cmocka_unit_test(rules_cuts_spaces_and_escapes),
        cmocka_unit_test(long_text_goes_on_in_its_own_cell),
        cmocka_unit_test(a_wrapped_point_hangs_and_an_indent_stays),
        cmocka_unit_test(flow_puts_the_second_cell_at_the_right_edge),
        cmocka_unit_test(a_character_larger_than_its_cell_is_made_smaller),
        cmocka_unit_test(a_frame_opens_is_divided_and_closes),
        cmocka_unit_test(codes_take_their_options),
        cmocka_unit_test(bars_wider_than_the_paper_become_a_qr_code),
        cmocka_unit_test(what_is_wrong_is_named_with_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
