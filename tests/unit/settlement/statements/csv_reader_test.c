/* CSV statements that are to be read. */
#include "statement_support.h"

#include "settlement/statements/reader.h"
#include "tests/unit/common/seeded_random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_1                                                                                                         \
    "\"1\",\"pay-1\",\"Q1\",\"paypay\",\"KO-01\",\"2026/11/22 10:03:11\",\"売上\",\"450\",\"9\",\"2026/11/24\",\"P1\""
#define LINE_2                                                                                                         \
    "\"2\",\"pay-2\",\"Q2\",\"visa\",\"KO-02\",\"2026/11/22 10:04:00\",\"売上\",\"750\",\"15\",\"2026/11/30\",\"P2\""
#define LINE_3                                                                                                         \
    "\"3\",\"pay-1\",\"Q3\",\"paypay\",\"KO-01\",\"2026/11/22 "                                                        \
    "11:00:00\",\"取消\",\"-450\",\"-9\",\"2026/11/24\",\"P1\""
#define LINE_4                                                                                                         \
    "\"4\",\"\",\"Q4\",\"suica\",\"KO-02\",\"2026/11/22 12:00:00\",\"返金\",\"-100\",\"0\",\"2026/11/24\",\"P1\""

static void
parse_daily(struct statement_file *out, struct buffer *bytes, const char *const *lines)
{
    static struct layout *layout;
    if (layout == NULL) {
        layout = support_layout("settlement/statements/layouts/aggregator-daily.json");
    }
    support_daily(bytes, lines);
    struct error_detail err = {0};
    enum status status = statement_file_parse(out, layout, bytes->data, bytes->length, TEST_NOT_AFTER, &err);
    if (status != STATUS_OK) {
        fail_msg("%u:%u %s", err.line, err.column, err.message);
    }
}

static void
the_aggregators_statement_is_read_line_by_line(void **state)
{
    (void)state;
    struct statement_file file;
    struct buffer bytes;

    parse_daily(&file, &bytes, (const char *const[]){LINE_1, LINE_2, LINE_3, LINE_4, "\"合計\",\"4\",\"650\"", NULL});

    assert_int_equal(file.count, 4);
    const struct statement_line *first = &file.lines[0];
    assert_int_equal(first->line, 2);
    assert_int_equal(first->kind, STATEMENT_SALE);
    support_expect_text(first->brand, "paypay");
    support_expect_text(first->merchant_reference, "pay-1");
    support_expect_text(first->acquirer_reference, "Q1");
    support_expect_text(first->terminal, "KO-01");
    support_expect_text(first->payout_id, "P1");
    char text[INSTANT_TEXT_SIZE];
    assert_string_equal(instant_format(text, first->accepted_at_ms), "2026-11-22T10:03:11.000+09:00");
    assert_int_equal(first->amount_yen, 450);
    assert_int_equal(first->fee_yen, 9);
    assert_int_equal(civil_date_compare(first->pay_date, (struct civil_date){2026, 11, 24}), 0);
    assert_int_equal(file.lines[2].kind, STATEMENT_REVERSAL);
    assert_int_equal(file.lines[2].amount_yen, -450);
    assert_int_equal(file.lines[2].brand_index, first->brand_index);
    assert_int_equal(file.lines[3].kind, STATEMENT_REFUND);
    assert_int_equal(file.lines[3].merchant_reference.length, 0);
    assert_int_equal(file.lines[3].line, 5);
    statement_file_finish(&file);
    buffer_finish(&bytes);
}

/* The same layout in UTF-8, small enough to vary. */
static const char small_json[] = "{\"layout\":\"small\",\"kind\":\"csv\",\"encoding\":\"utf-8\",\"fields\":{"
                                 "\"merchant_reference\":{\"column\":\"ref\"},\"amount\":{\"column\":\"yen\"}}}";

/* Parse TEXT by JSON and compare "reference=amount@line" of all lines with WANTED. */
static void
expect_small(const char *json, const char *text, size_t length, const char *wanted)
{
    struct layout *layout = support_layout_from(json);
    struct statement_file file;
    struct error_detail err = {0};
    char *copy = malloc(length == 0 ? 1 : length); /* exactly as long as it is: a reader that reads on is caught */
    memcpy(copy, text, length);
    if (statement_file_parse(&file, layout, copy, length, TEST_NOT_AFTER, &err) != STATUS_OK) {
        fail_msg("%u:%u %s", err.line, err.column, err.message);
    }
    struct buffer seen;
    buffer_init(&seen, 4096);
    for (size_t i = 0; i < file.count; i++) {
        const struct statement_line *line = &file.lines[i];
        buffer_printf(&seen, "%.*s=%lld@%u ", (int)line->merchant_reference.length, line->merchant_reference.at,
                      (long long)line->amount_yen, line->line);
    }
    assert_string_equal(buffer_text(&seen), wanted);
    buffer_finish(&seen);
    statement_file_finish(&file);
    layout_destroy(layout);
    free(copy);
}

static void
every_line_end_is_understood_and_counted_once(void **state)
{
    (void)state;
    static const char *const texts[] = {"ref,yen\na,1\nb,2\n", "ref,yen\r\na,1\r\nb,2\r\n", "ref,yen\ra,1\rb,2\r",
                                        "ref,yen\na,1\nb,2"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        expect_small(small_json, texts[i], strlen(texts[i]), "a=1@2 b=2@3 ");
    }
    static const char mixed[] = "ref,yen\r\na,1\r\n\r\n\nb,2\r\rc,3";
    expect_small(small_json, mixed, strlen(mixed), "a=1@2 b=2@5 c=3@7 ");
}

static void
a_bom_and_an_end_of_file_mark_are_stepped_over(void **state)
{
    (void)state;
    static const char with_bom[] = "\xEF\xBB\xBFref,yen\r\na,1\r\n";
    expect_small(small_json, with_bom, strlen(with_bom), "a=1@2 ");
    static const char with_mark[] = "ref,yen\r\na,1\r\n\x1A";
    expect_small(small_json, with_mark, strlen(with_mark), "a=1@2 ");
    static const char with_mark_and_end[] = "ref,yen\r\na,1\x1A\r\n";
    expect_small(small_json, with_mark_and_end, strlen(with_mark_and_end), "a=1@2 ");
}

static void
quoted_fields_may_hold_quotes_separators_and_line_ends(void **state)
{
    (void)state;
    static const char text[] = "\"ref\",yen\r\n\"a,\"\"b\"\"\",1\r\n\"c\r\nd\",2\n\"\",3\n\"\"\"\",4\ne,5\n";
    expect_small(small_json, text, strlen(text), "a,\"b\"=1@2 c\r\nd=2@3 =3@5 \"=4@6 e=5@7 ");
}

static void
columns_may_stand_in_any_order_among_others(void **state)
{
    (void)state;
    static const char text[] = "備考,yen,no,ref\nメモ,10,1,a\n,-20,2,b\n";
    expect_small(small_json, text, strlen(text), "a=10@2 b=-20@3 ");
}

static void
a_file_without_header_goes_by_column_numbers(void **state)
{
    (void)state;
    static const char json[] =
        "{\"layout\":\"x\",\"kind\":\"csv\",\"encoding\":\"utf-8\",\"header\":false,\"skip_lines\":2,\"separator\":"
        "\"\\t\","
        "\"quote\":null,\"fields\":{\"merchant_reference\":{\"column\":2},\"amount\":{\"column\":1}}}";
    static const char text[] = "title \"1\r\nsecond\r\n7\ta\"\n8\tb,c\n";
    expect_small(json, text, strlen(text), "a\"=7@3 b,c=8@4 ");
}

static void
amounts_without_sign_get_theirs_from_the_kind(void **state)
{
    (void)state;
    static const char json[] =
        "{\"layout\":\"x\",\"kind\":\"csv\",\"encoding\":\"utf-8\",\"separator\":\";\",\"fields\":{"
        "\"amount\":{\"column\":\"額\",\"sign\":\"by_kind\"},\"acquirer_reference\":{\"column\":\"番号\"},"
        "\"merchant_reference\":{\"column\":\"ref\"},"
        "\"kind\":{\"column\":\"区分\",\"values\":{\"S\":\"sale\",\"V\":\"reversal\",\"F\":\"fee\",\"X\":\"ignore\"}}},"
        "\"trailer\":{\"column\":1,\"text\":\"T\",\"checks\":[{\"column\":2,\"is\":\"count\"},"
        "{\"column\":3,\"is\":\"absolute_sum\",\"of\":[\"sale\",\"reversal\"]},{\"column\":4,\"is\":\"sum\",\"of\":"
        "\"fee\"},"
        "{\"column\":5,\"is\":\"count\",\"of\":\"ignore\"}]}}";
    static const char text[] = "区分;額;番号;ref\nS;500;1;a\nV;200;2;b\nF;30;3;c\nX;oops;4;d\nS;0;5;e\nT;5;700;30;1\n";
    expect_small(json, text, strlen(text), "a=500@2 b=-200@3 c=30@4 e=0@6 ");
}

static void
a_date_and_a_time_may_stand_in_two_columns_and_another_zone(void **state)
{
    (void)state;
    struct layout *layout = support_layout_from(
        "{\"layout\":\"x\",\"kind\":\"csv\",\"encoding\":\"utf-8\",\"zone\":\"+08:00\",\"fields\":{"
        "\"merchant_reference\":{\"column\":\"r\"},\"amount\":{\"column\":\"a\"},"
        "\"accepted_at\":{\"column\":[\"d\",\"t\"],\"format\":\"YYYYMMDD hhmm\",\"optional\":true},"
        "\"brand\":{\"column\":\"b\",\"values\":{\"01\":\"visa\",\"02\":\"visa\"}},"
        "\"training\":{\"column\":\"x\",\"values\":{\"1\":\"yes\",\"0\":\"no\"},\"column_optional\":true}}}");
    static const char text[] = "r,a,d,t,b\nx,1,20261122,2330,02\ny,2,,,01\nz,3,20261122,0001,edy\n";
    struct statement_file file;
    struct error_detail err;

    assert_int_equal(statement_file_parse(&file, layout, text, strlen(text), TEST_NOT_AFTER, &err), STATUS_OK);

    char instant[INSTANT_TEXT_SIZE];
    assert_string_equal(instant_format(instant, file.lines[0].accepted_at_ms), "2026-11-23T00:30:00.000+09:00");
    assert_true(file.lines[1].accepted_at_ms == INSTANT_ABSENT);
    support_expect_text(file.lines[0].brand, "visa");
    assert_int_equal(file.lines[0].brand_index, file.lines[1].brand_index);
    support_expect_text(file.lines[2].brand, "edy");
    size_t brand_count;
    const struct text_view *brands = reader_brands(file.reader, &brand_count);
    assert_int_equal(brand_count, 2);
    support_expect_text(brands[1], "edy");
    statement_file_finish(&file);
    layout_destroy(layout);
}

static void
cp932_texts_come_out_as_utf8(void **state)
{
    (void)state;
    /* ソ, 表 and 十 end in 0x5C; ァ in 0x40: half a character must never be taken for a sign. */
    static const char line[] =
        "\"1\",\"ソ表\",\"十\",\"楽天ペイ\",\"ｶﾞ１\",\"2026/11/22 10:03:11\",\"売上\",\"450\",\"9\","
        "\"2026/11/24\",\"ァ~\"";
    struct statement_file file;
    struct buffer bytes;

    parse_daily(&file, &bytes, (const char *const[]){line, line, "\"合計\",\"2\",\"900\"", NULL});

    support_expect_text(file.lines[1].merchant_reference, "ソ表");
    support_expect_text(file.lines[1].acquirer_reference, "十");
    support_expect_text(file.lines[1].brand, "楽天ペイ");
    support_expect_text(file.lines[1].terminal, "ｶﾞ１");
    support_expect_text(file.lines[1].payout_id, "ァ~");
    statement_file_finish(&file);
    buffer_finish(&bytes);
}

static bool
same_line(const struct statement_line *a, const struct statement_line *b)
{
    return a->line == b->line && a->kind == b->kind && a->brand_index == b->brand_index &&
           text_view_equals(a->brand, b->brand) && text_view_equals(a->merchant_reference, b->merchant_reference) &&
           text_view_equals(a->acquirer_reference, b->acquirer_reference) &&
           text_view_equals(a->terminal, b->terminal) && text_view_equals(a->payout_id, b->payout_id) &&
           a->accepted_at_ms == b->accepted_at_ms && a->amount_yen == b->amount_yen && a->fee_yen == b->fee_yen &&
           civil_date_compare(a->pay_date, b->pay_date) == 0;
}

/* A line of the daily statement, plain or odd in one of many ways. Returns its amount. */
static int
append_daily(struct buffer *out, struct seeded_random *random, int number)
{
    static const char *const brands[] = {"paypay", "visa", "楽天ペイ", "d", "suica", "QUICPay", "jcb"};
    static const char *const beginnings[] = {"pay-", "", "a,\"\"q\"\"", "改行\r\n", "ソ", "x"};
    bool is_odd_file = seeded_between(random, 0, 30) == 0;
    int64_t beginning = is_odd_file ? seeded_between(random, 1, 5) : 0;
    char reference[64];
    snprintf(reference, sizeof reference, "%s%d", beginnings[beginning], number);
    bool is_refund = seeded_between(random, 0, 20) == 0;
    int amount = (int)seeded_between(random, 0, 99999) * (is_refund ? -1 : 1);
    int64_t second = seeded_between(random, 0, 59);
    buffer_printf(out, "\"%d\",\"%s\",\"Q%d\",\"%s\",\"KO-%d\",\"2026/11/%02d 10:03:%02d\",\"%s\",\"%d\",%s,", number,
                  reference, number, brands[seeded_between(random, 0, 6)], (int)seeded_between(random, 0, 3),
                  (int)seeded_between(random, 21, 23), (int)second, is_refund ? "返金" : "売上", amount,
                  is_odd_file ? "0" : "\"3\"");
    buffer_printf(out, "\"2026/11/2%d\",\"P\"%s", (int)seeded_between(random, 4, 9), is_odd_file ? "\n" : "\r\n");
    return amount;
}

static void
many_lines_at_once_are_the_same_as_one_by_one(void **state)
{
    (void)state;
    struct layout *layout = support_layout("settlement/statements/layouts/aggregator-daily.json");
    struct seeded_random random = {11};
    for (int round = 0; round < 20; round++) {
        struct buffer text, bytes;
        buffer_init(&text, 1024 * 1024);
        buffer_append_text(&text,
                           "\"明細番号\",\"加盟店取引ID\",\"決済会社取引ID\",\"ブランド\",\"端末番号\",\"取引日時\","
                           "\"取引区分\",\"取引金額\",\"手数料\",\"入金予定日\",\"入金番号\"\r\n");
        int count = (int)seeded_between(&random, 0, 900);
        long long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += append_daily(&text, &random, i);
        }
        buffer_printf(&text, "\"合計\",\"%d\",\"%lld\"", count, sum);
        support_cp932(&bytes, buffer_text(&text));
        struct statement_file file;
        struct error_detail err;
        if (statement_file_parse(&file, layout, bytes.data, bytes.length, TEST_NOT_AFTER, &err) != STATUS_OK) {
            fail_msg("%u:%u %s", err.line, err.column, err.message);
        }
        struct reader *reader = NULL;
        assert_int_equal(reader_create(&reader, layout, bytes.data, bytes.length, TEST_NOT_AFTER, &err), STATUS_OK);
        size_t seen = 0;
        for (size_t taken = 1; taken > 0; seen += taken) {
            struct statement_line lines[7];
            assert_int_equal(reader_next_statements(reader, lines, 7, &taken, &err), STATUS_OK);
            for (size_t i = 0; i < taken; i++) {
                assert_true(seen + i < file.count && same_line(&lines[i], &file.lines[seen + i]));
            }
        }
        assert_int_equal(seen, count);
        assert_int_equal(file.count, count);
        reader_destroy(reader);
        statement_file_finish(&file);
        buffer_finish(&text);
        buffer_finish(&bytes);
    }
    layout_destroy(layout);
}

static void
an_ignored_field_is_neither_read_nor_judged(void **state)
{
    (void)state;
    struct layout *layout = support_layout_from("{\"layout\":\"x\",\"kind\":\"csv\",\"encoding\":\"utf-8\",\"fields\":{"
                                                "\"merchant_reference\":{\"column\":\"r\"},"
                                                "\"amount\":{\"column\":\"a\"},\"fee\":{\"column\":\"f\"}}}");
    static const char text[] = "r,a,f\nx,1,oops\n";
    struct reader *reader = NULL;
    struct statement_line line;
    struct error_detail err;
    bool has_line = false;
    assert_int_equal(reader_create(&reader, layout, text, strlen(text), TEST_NOT_AFTER, &err), STATUS_OK);
    reader_ignore_field(reader, "fee");
    assert_int_equal(reader_next_statement(reader, &line, &has_line, &err), STATUS_OK);
    assert_true(has_line);
    assert_int_equal(line.amount_yen, 1);
    assert_int_equal(line.fee_yen, 0);
    reader_destroy(reader);
    support_expect_refused(layout, text, strlen(text), 2, 5, "statement_field");
    layout_destroy(layout);
}

static void
an_empty_but_complete_statement_has_no_lines(void **state)
{
    (void)state;
    struct statement_file file;
    struct buffer bytes;

    parse_daily(&file, &bytes, (const char *const[]){"\"合計\",\"0\",\"0\"", NULL});

    assert_int_equal(file.count, 0);
    statement_file_finish(&file);
    buffer_finish(&bytes);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_aggregators_statement_is_read_line_by_line),
        cmocka_unit_test(every_line_end_is_understood_and_counted_once),
        cmocka_unit_test(a_bom_and_an_end_of_file_mark_are_stepped_over),
        cmocka_unit_test(quoted_fields_may_hold_quotes_separators_and_line_ends),
        cmocka_unit_test(columns_may_stand_in_any_order_among_others),
        cmocka_unit_test(a_file_without_header_goes_by_column_numbers),
        cmocka_unit_test(amounts_without_sign_get_theirs_from_the_kind),
        cmocka_unit_test(a_date_and_a_time_may_stand_in_two_columns_and_another_zone),
        cmocka_unit_test(cp932_texts_come_out_as_utf8),
        cmocka_unit_test(many_lines_at_once_are_the_same_as_one_by_one),
        cmocka_unit_test(an_ignored_field_is_neither_read_nor_judged),
        cmocka_unit_test(an_empty_but_complete_statement_has_no_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
