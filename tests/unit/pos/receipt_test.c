/* What stands on the papers: the golden texts of the fixtures, and what law and practice demand of them. */
#include "tests/unit/pos/receipt_render.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const unsigned widths[] = {48, 42, 32};

struct bench {
    struct receipt_document *document;
    struct receipt_input *input;
    struct buffer text;
};

static void
bench_open(struct bench *bench, const char *fixture)
{
    bench->document = load_fixture(fixture);
    bench->input = receipt_document_input(bench->document);
    buffer_init(&bench->text, 1024 * 1024);
}

static const char *
bench_print(struct bench *bench, unsigned columns)
{
    buffer_clear(&bench->text);
    render_text(&bench->text, bench->input, columns);
    return buffer_text(&bench->text);
}

static void
bench_close(struct bench *bench)
{
    receipt_document_destroy(bench->document);
    buffer_finish(&bench->text);
}

static void
assert_has(const char *paper, const char *words)
{
    if (strstr(paper, words) == NULL) {
        fail_msg("\"%s\" does not stand on:\n%s", words, paper);
    }
}

static void
assert_lacks(const char *paper, const char *words)
{
    if (strstr(paper, words) != NULL) {
        fail_msg("\"%s\" stands on:\n%s", words, paper);
    }
}

static size_t
count_of(const char *paper, const char *words)
{
    size_t count = 0;
    for (const char *found = strstr(paper, words); found != NULL; found = strstr(found + 1, words)) {
        count++;
    }
    return count;
}

/* Renewed with: madoguchi-pos receipt --sale X.json --as text --columns N --out X.N.txt, and then read. */
static void
every_example_prints_as_it_was_approved(void **state)
{
    (void)state;
    static const char *const names[] = {
        "cash-koseki", "qr-juminhyo", "credit-rink", "emoney-museum", "public-use", "mixed-rates", "two-issuers",
        "long-names",  "void-cash",   "void-credit", "in-doubt",      "day-close",  "reprint",     "training",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char file[80];
        struct bench bench;
        snprintf(file, sizeof file, "%s.json", names[i]);
        bench_open(&bench, file);
        for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++) {
            struct buffer golden;
            buffer_init(&golden, 64 * 1024);
            snprintf(file, sizeof file, "%s.%u.txt", names[i], widths[w]);
            read_fixture(&golden, file);
            assert_string_equal(bench_print(&bench, widths[w]), buffer_text(&golden));
            buffer_finish(&golden);
        }
        bench_close(&bench);
    }
}

static void
the_official_example_comes_to_3450_yen(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "cash-koseki.json");

    const char *paper = bench_print(&bench, 48);

    assert_has(paper, "領　収　書");
    assert_has(paper, "改製原戸籍謄本          ¥750 × 3  非     ¥2,250\n");
    assert_has(paper, "¥3,450\n");
    assert_has(paper, "お預かり(現金)                            ¥5,000\n");
    assert_has(paper, "お釣り                                    ¥1,550\n");
    assert_has(paper, "登録番号 T9000020072036\n");
    assert_has(paper, "領収日時                2026年11月22日(日) 10:03\n");
    assert_has(paper, "[QR KO-01-20261122-0007]");
    bench_close(&bench);
}

/* Three lines of net 105円: 346円 with tax, in which 31円 of tax; rounded a line, it would be 30. */
static void
tax_is_printed_once_per_rate_as_the_sale_fixed_it(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "cash-koseki.json");
    struct sale sale = *bench.input->sale;
    for (size_t i = 0; i < 3; i++) {
        sale.content.lines[i].tax = TAX_STANDARD10;
        sale.content.lines[i].quantity = 1;
        sale.content.lines[i].unit_price_yen = i == 2 ? 116 : 115;
    }
    assert_int_equal(sale_content_total(&sale.content, NULL), STATUS_OK);
    bench.input->sale = &sale;

    const char *paper = bench_print(&bench, 48);

    assert_has(paper, "内 10%対象計(税込)                          ¥346\n");
    assert_has(paper, "   うち消費税等                              ¥31\n");
    assert_int_equal(count_of(paper, "うち消費税等"), 1);

    sale.content.taxes[0].tax_yen = 29; /* whatever the sale says, the paper says */
    assert_has(bench_print(&bench, 48), "   うち消費税等                              ¥29\n");
    bench_close(&bench);
}

static void
lines_without_tax_stand_apart_from_taxed_ones(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "mixed-rates.json");

    const char *paper = bench_print(&bench, 48);

    assert_has(paper, "住民票の写し            ¥300 × 1  非       ¥300\n");
    assert_has(paper, "スケート場滑走料 一般   ¥400 × 1  内       ¥400\n");
    assert_has(paper, "非 非課税計                                 ¥300\n");
    assert_has(paper, "内 10%対象計(税込)                          ¥600\n");
    bench_close(&bench);
}

static void
each_issuer_has_a_block_with_its_own_number_and_tax(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "two-issuers.json");

    const char *paper = bench_print(&bench, 48);
    const char *city = strstr(paper, "T9000020072036");
    const char *operator= strstr(paper, "T6380005010001");

    assert_non_null(city);
    assert_non_null(operator);
    assert_true(city < strstr(paper, "住民票の写し"));
    assert_true(strstr(paper, "住民票の写し") < operator);
    assert_true(operator<strstr(paper, "大ホール附属設備使用料"));
    assert_int_equal(count_of(paper, "小計"), 2);
    assert_int_equal(count_of(paper, "うち消費税等"), 2);
    assert_int_equal(count_of(paper, "合計"), 1);
    bench_close(&bench);
}

static void
an_issuer_that_is_not_known_stands_by_its_code_and_without_a_number(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "cash-koseki.json");
    bench.input->issuer_count = 0;

    const char *paper = bench_print(&bench, 32);

    assert_has(paper, "\nkoriyama\n");
    assert_lacks(paper, "登録番号");
    bench_close(&bench);
}

static void
an_issue_without_charge_says_why_and_is_no_receipt(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "public-use.json");

    const char *paper = bench_print(&bench, 48);

    assert_lacks(paper, "領収");
    assert_has(paper, "ご利用明細書");
    assert_has(paper, "戸籍全部事項証明        ¥450 × 1  免         ¥0\n");
    assert_has(paper, "  免除: 公用(生活支援課の職務上請求)\n");
    assert_has(paper, "なし(無料)");
    bench_close(&bench);
}

static void
a_cashless_receipt_names_the_way_it_was_paid(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "credit-rink.json");
    bench.input->is_usage_titled = false;
    assert_has(bench_print(&bench, 48), "領　収　書");
    bench.input->is_usage_titled = true;

    const char *paper = bench_print(&bench, 48);

    assert_has(paper, "ご利用明細兼領収書");
    assert_has(paper, "お支払方法                      クレジットカード\n");
    assert_has(paper, "ブランド                                    Visa\n");
    assert_has(paper, "支払区分                                一括払い\n");
    assert_has(paper, "承認番号                                  123456\n");
    assert_has(paper, "伝票番号                                   00471\n");
    assert_has(paper, "取引番号                    20261122100309004711\n");
    bench_close(&bench);
}

static void
a_citizen_sees_the_last_four_digits_of_a_card_and_no_more(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "credit-rink.json");

    const char *paper = bench_print(&bench, 48);

    assert_has(paper, "カード番号                      ************1234\n");
    assert_lacks(paper, "4111");
    bench_close(&bench);
}

static void
a_copy_says_which_copy_it_is_and_an_original_does_not(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "cash-koseki.json");

    bench.input->copy = 0;
    assert_lacks(bench_print(&bench, 48), "再発行");
    bench.input->copy = 1;
    assert_has(bench_print(&bench, 48), "【再発行 1回目】\n");
    bench.input->copy = 12;
    bench.input->printed_at_ms = bench.input->at_ms;
    assert_has(bench_print(&bench, 32), "【再発行 12回目】\n");
    assert_has(bench_print(&bench, 32), "再発行日時 2026年11月22日 10:03\n");
    bench_close(&bench);
}

static void
a_paper_of_training_says_so_on_top_and_at_the_end(void **state)
{
    (void)state;
    static const char *const names[] = {"cash-koseki.json", "void-cash.json", "in-doubt.json", "day-close.json"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct bench bench;
        bench_open(&bench, names[i]);
        assert_lacks(bench_print(&bench, 48), "訓練");
        bench.input->is_training = true;
        assert_int_equal(count_of(bench_print(&bench, 48), "【訓練】"), 2);
        bench_close(&bench);
    }
}

static void
money_of_another_day_is_dated_by_the_day_it_was_paid(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "resolved-next-day.json");

    const char *paper = bench_print(&bench, 48);

    assert_has(paper, "領収日                        2026年11月22日(日)\n");
    assert_has(paper, "記録日時                2026年11月24日(火) 08:31\n");
    assert_lacks(paper, "領収日時");
    bench_close(&bench);
}

static void
a_void_slip_names_the_receipt_that_it_takes_back(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "void-cash.json");

    const char *paper = bench_print(&bench, 48);

    assert_has(paper, "取　消　票");
    assert_has(paper, "元の領収書                   KO-01-20261122-0007\n");
    assert_has(paper, "理由                    申請者が通数を誤ったため\n");
    assert_has(paper, "取消日時                2026年11月22日(日) 10:21\n");
    assert_has(paper, "受領者署名");
    assert_lacks(paper, "お預かり");
    bench_close(&bench);
}

static void
a_slip_in_doubt_is_no_receipt_and_says_what_to_do(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "in-doubt.json");

    const char *paper = bench_print(&bench, 48);

    assert_has(paper, "お支払いは完了していません。\n");
    assert_has(paper, "この票は領収書ではありません。\n");
    assert_has(paper, "同じお支払いを繰り返さないで");
    assert_has(paper, "WAON\n");
    assert_has(paper, "¥600\n");
    assert_has(paper, "[QR 0193f1d2-7b00-7000-8000-000000000051]");
    bench_close(&bench);
}

static void
a_day_report_adds_up_and_shows_the_difference_with_its_reason(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "day-close.json");

    const char *paper = bench_print(&bench, 48);

    assert_has(paper, "現金                            41件     ¥32,400\n");
    assert_has(paper, "コード決済                      18件      ¥8,550\n");
    assert_has(paper, "取扱計                          82件     ¥50,600\n");
    assert_has(paper, "取消                             2件     -¥3,750\n");
    assert_has(paper, "¥46,850\n");
    assert_has(paper, "つり銭準備金                             ¥20,000\n");
    assert_has(paper, "現金の計算残高                           ¥48,950\n");
    assert_has(paper, "現金の実際残高                           ¥48,940\n");
    assert_has(paper, "不足");
    assert_has(paper, "-¥10\n");
    assert_has(paper, "釣り銭の渡し違いと思われる。");
    assert_has(paper, "0193f1d2-7b00-7000-8000-000000000051\n");
    bench_close(&bench);
}

static void
a_day_report_calls_a_difference_by_its_name(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, "day-close.json");
    struct receipt_day day = *bench.input->day;
    bench.input->day = &day;

    day.difference_yen = 120;
    assert_has(bench_print(&bench, 32), "過剰");
    assert_has(bench_print(&bench, 32), " +¥120\n");
    day.difference_yen = 0;
    day.difference_reason[0] = '\0';
    assert_has(bench_print(&bench, 32), "過不足");
    assert_lacks(bench_print(&bench, 32), "理由");
    bench_close(&bench);
}

/* No cashier takes a payment below zero: what the float lacks has a name of its own. */
static void
less_than_the_float_is_paid_in_as_nothing_and_named_as_missing(void **state)
{
    (void)state;
    static const enum receipt_form forms[] = {RECEIPT_DAY, RECEIPT_DEPOSIT, RECEIPT_DAY_REPORT};
    struct bench bench;
    bench_open(&bench, "day-close.json");
    struct receipt_day day = *bench.input->day;
    bench.input->day = &day;
    day.has_cash_detail = true;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        bench.input->form = forms[i];

        day.deposit_yen = -10000;
        const char *paper = bench_print(&bench, 48);
        assert_lacks(paper, "-¥10,000");
        assert_has(paper, "つり銭の不足");
        assert_has(paper, " ¥10,000\n");

        day.deposit_yen = 40;
        assert_lacks(bench_print(&bench, 48), "つり銭の不足");
    }
    bench_close(&bench);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_example_prints_as_it_was_approved),
        cmocka_unit_test(the_official_example_comes_to_3450_yen),
        cmocka_unit_test(tax_is_printed_once_per_rate_as_the_sale_fixed_it),
        cmocka_unit_test(lines_without_tax_stand_apart_from_taxed_ones),
        cmocka_unit_test(each_issuer_has_a_block_with_its_own_number_and_tax),
        cmocka_unit_test(an_issuer_that_is_not_known_stands_by_its_code_and_without_a_number),
        cmocka_unit_test(an_issue_without_charge_says_why_and_is_no_receipt),
        cmocka_unit_test(a_cashless_receipt_names_the_way_it_was_paid),
        cmocka_unit_test(a_citizen_sees_the_last_four_digits_of_a_card_and_no_more),
        cmocka_unit_test(a_copy_says_which_copy_it_is_and_an_original_does_not),
        cmocka_unit_test(a_paper_of_training_says_so_on_top_and_at_the_end),
        cmocka_unit_test(money_of_another_day_is_dated_by_the_day_it_was_paid),
        cmocka_unit_test(a_void_slip_names_the_receipt_that_it_takes_back),
        cmocka_unit_test(a_slip_in_doubt_is_no_receipt_and_says_what_to_do),
        cmocka_unit_test(a_day_report_adds_up_and_shows_the_difference_with_its_reason),
        cmocka_unit_test(a_day_report_calls_a_difference_by_its_name),
        cmocka_unit_test(less_than_the_float_is_paid_in_as_nothing_and_named_as_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
