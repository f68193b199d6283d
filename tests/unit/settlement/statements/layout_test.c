/* Layouts that are to be refused, each naming the key; dates and names by their published vectors. */
#include "statement_support.h"

#include "common/json/reader.h"
#include "settlement/statements/date_format.h"
#include "settlement/statements/kana.h"

#include <stdio.h>
#include <string.h>

#define CSV(keys, fields) "{\"layout\":\"x\",\"kind\":\"csv\",\"encoding\":\"cp932\"" keys ",\"fields\":{" fields "}}"
#define GOOD_FIELDS "\"merchant_reference\":{\"column\":\"r\"},\"amount\":{\"column\":\"a\"}"
#define FIXED(keys, records)                                                                                           \
    "{\"layout\":\"x\",\"kind\":\"fixed\",\"gives\":\"bank\",\"encoding\":\"jis-x-0201\"" keys                         \
    ",\"records\":[" records "]}"

static const struct {
    const char *json;
    const char *named; /* a word that the sentence must contain */
} table[] = {
    {"", "書式"},
    {"[]", "書式"},
    {"{\"layout\":\"x\"}", "kind"},
    {"{\"layout\":\"x\",\"kind\":\"yaml\",\"encoding\":\"utf-8\"}", "yaml"},
    {"{\"layout\":\"x\",\"kind\":\"csv\",\"encoding\":\"utf-7\"}", "utf-7"},
    {CSV(",\"seperator\":\",\"", GOOD_FIELDS), "seperator"},
    {CSV(",\"separator\":\"|\"", GOOD_FIELDS), "cp932"},
    {CSV(",\"separator\":\"x\"", GOOD_FIELDS), "separator"},
    {CSV(",\"separator\":\"\"", GOOD_FIELDS), "separator"},
    {CSV(",\"separator\":\"\\\"\"", GOOD_FIELDS), "quote"},
    {CSV(",\"zone\":\"JST\"", GOOD_FIELDS), "zone"},
    {CSV(",\"skip_lines\":-1", GOOD_FIELDS), "skip_lines"},
    {CSV("", "\"amount\":{\"column\":\"a\"}"), "merchant_reference"},
    {CSV("", "\"merchant_reference\":{\"column\":\"r\"}"), "amount"},
    {CSV("", GOOD_FIELDS ",\"colour\":{\"column\":\"c\"}"), "colour"},
    {CSV("", GOOD_FIELDS ",\"fee\":{\"column\":0}"), "fee"},
    {CSV("", GOOD_FIELDS ",\"fee\":{\"column\":\"f\",\"sign\":\"both\"}"), "sign"},
    {CSV("", GOOD_FIELDS ",\"fee\":{\"column\":\"f\",\"sign\":\"by_kind\"}"), "kind"},
    {CSV("", GOOD_FIELDS ",\"fee\":{\"constant\":\"5\"}"), "fee"},
    {CSV("", GOOD_FIELDS ",\"pay_date\":{\"column\":\"d\"}"), "format"},
    {CSV("", GOOD_FIELDS ",\"pay_date\":{\"column\":\"d\",\"format\":\"DD/MM\"}"), "DD/MM"},
    {CSV("", GOOD_FIELDS ",\"pay_date\":{\"column\":\"d\",\"format\":\"YYYY/MM/DD MM\"}"), "YYYY/MM/DD MM"},
    {CSV("", GOOD_FIELDS ",\"pay_date\":{\"column\":[\"d\",\"e\"],\"format\":\"YYYY/MM/DD\"}"), "pay_date"},
    {CSV("", GOOD_FIELDS ",\"terminal\":{\"column\":\"t\",\"format\":\"YYYY/MM/DD\"}"), "terminal"},
    {CSV("", GOOD_FIELDS ",\"kind\":{\"column\":\"k\"}"), "values"},
    {CSV("", GOOD_FIELDS ",\"kind\":{\"column\":\"k\",\"values\":{\"1\":\"sold\"}}"), "\"1\""},
    {CSV("", GOOD_FIELDS ",\"kind\":{\"constant\":\"ignore\"}"), "ignore"},
    {CSV("", GOOD_FIELDS ",\"kind\":{\"column\":\"k\",\"values\":{\"1\":\"sale\"},\"other\":\"keep\"}"), "other"},
    {CSV("", GOOD_FIELDS ",\"brand\":{\"column\":\"\xF0\xA0\xAE\xB7\"}"), "cp932"}, /* 𠮷 */
    {CSV(",\"header\":false", GOOD_FIELDS), "header"},
    {CSV(",\"trailer\":{\"column\":\"first\",\"text\":\"T\"}", GOOD_FIELDS), "trailer"},
    {CSV(",\"trailer\":{\"column\":1,\"text\":\"T\",\"checks\":[{\"column\":2,\"is\":\"hash\"}]}", GOOD_FIELDS), "is"},
    {CSV(",\"trailer\":{\"column\":1,\"text\":\"T\",\"checks\":[{\"column\":2,\"is\":\"sum\",\"of\":\"in\"}]}",
         GOOD_FIELDS),
     "of"},
    {FIXED("", ""), "length"},
    {FIXED(",\"length\":200", ""), "records"},
    {FIXED(",\"length\":200,\"line_ends\":[\"tab\"]", ""), "line_ends"},
    {FIXED(",\"length\":200", "{\"is\":\"body\",\"when\":[]}"), "is"},
    {FIXED(",\"length\":200", "{\"is\":\"line\",\"when\":[],\"fields\":{}}"), "when"},
    {FIXED(",\"length\":10", "{\"is\":\"line\",\"when\":[{\"offset\":9,\"text\":\"12\"}],\"fields\":{}}"), "offset"},
    {FIXED(",\"length\":10", "{\"is\":\"line\",\"when\":[{\"offset\":0,\"text\":\"2\"}],\"fields\":{\"amount\":{"
                             "\"offset\":5,\"length\":6}}}"),
     "amount"},
    {FIXED(",\"length\":10", "{\"is\":\"skip\",\"when\":[{\"offset\":0,\"text\":\"2\"}]}"), "line"},
};

static void
a_layout_with_a_mistake_is_refused_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct layout *layout = NULL;
        struct error_detail err = {0};

        enum status status = layout_create(&layout, table[i].json, strlen(table[i].json), &err);

        if (status == STATUS_OK || strstr(err.message, table[i].named) == NULL ||
            strncmp(err.message, "書式", strlen("書式")) != 0) {
            fail_msg("%s: status %d, \"%s\" does not name %s", table[i].json, status, err.message, table[i].named);
        }
        assert_null(layout);
    }
}

static void
the_shipped_layouts_say_what_they_give(void **state)
{
    (void)state;
    struct layout *daily = support_layout("settlement/statements/layouts/aggregator-daily.json");
    struct layout *bank = support_layout("settlement/statements/layouts/zengin-03.json");
    assert_string_equal(layout_name(daily), "aggregator-daily");
    assert_int_equal(layout_gives(daily), LAYOUT_GIVES_STATEMENT);
    assert_int_equal(layout_gives(bank), LAYOUT_GIVES_BANK);
    struct statement_file file;
    struct error_detail err;
    assert_int_equal(statement_file_parse(&file, bank, "1", 1, TEST_NOT_AFTER, &err), STATUS_INVALID);
    assert_string_equal(err.code, "layout_kind");
    layout_destroy(daily);
    layout_destroy(bank);
}

static void
the_example_of_the_documentation_reads_what_it_describes(void **state)
{
    (void)state;
    struct buffer page;
    support_read(&page, "docs/protocol/layouts.md");
    char *start = strstr(page.data, "```json\n");
    assert_non_null(start);
    start += strlen("```json\n");
    char *end = strstr(start, "```");
    assert_non_null(end);
    *end = '\0';
    struct layout *layout = support_layout_from(start);
    static const char text[] = "ご利用明細\n"
                               "利用日\t利用時刻\t注文番号\t承認番号\t種別\t区分\t金額\n"
                               "2026/11/22\t10:03\tpay-1\tA1\t01\t売上\t450\n"
                               "2026/11/22\t10:04\tpay-1\tA2\t01\t取消\t450\n"
                               "2026/11/22\t10:05\t\t\t02\t失敗\t\n"
                               "2026/11/30\t00:00\t\t\t01\t月額利用料\t3300\n"
                               "総計\t2\n";
    struct statement_file file;
    struct error_detail err;
    if (statement_file_parse(&file, layout, text, strlen(text), TEST_NOT_AFTER, &err) != STATUS_OK) {
        fail_msg("%u:%u %s", err.line, err.column, err.message);
    }
    assert_int_equal(file.count, 3);
    assert_int_equal(file.lines[1].amount_yen, -450);
    support_expect_text(file.lines[1].brand, "visa");
    assert_int_equal(file.lines[2].kind, STATEMENT_FEE);
    assert_int_equal(file.lines[2].line, 6);
    statement_file_finish(&file);
    layout_destroy(layout);
    buffer_finish(&page);
}

static void
era_dates_follow_the_published_vectors(void **state)
{
    (void)state;
    struct buffer vectors;
    support_read(&vectors, "tests/fixtures/wareki/two_digit_years.txt");
    struct date_format format;
    struct date_reader reader;
    assert_int_equal(date_format_parse(&format, "EEMMDD", NULL), STATUS_OK);
    date_reader_init(&reader, TEST_NOT_AFTER, 540);
    unsigned seen = 0;
    for (char *row = strtok(vectors.data, "\n"); row != NULL; row = strtok(NULL, "\n")) {
        struct date_cache cache = {0};
        struct civil_date date;
        char text[CIVIL_DATE_TEXT_SIZE];
        assert_int_equal(civil_date_parse_era(&date, row, TEST_NOT_AFTER), STATUS_OK);
        assert_string_equal(civil_date_format(text, date), row + 7);
        /* A statement is not that old. */
        bool is_recent = date.year >= TEST_NOT_AFTER.year - ERA_DATE_YEARS_BACK;
        enum status status = date_read(&reader, &format, &cache, (struct text_view){row, 6}, &date);
        assert_int_equal(status == STATUS_OK, is_recent);
        assert_true(!is_recent || strcmp(civil_date_format(text, date), row + 7) == 0);
        seen++;
    }
    assert_true(seen >= 4);
    buffer_finish(&vectors);
}

static void
instants_in_iso8601_keep_their_offset(void **state)
{
    (void)state;
    static const struct {
        const char *text, *wanted; /* NULL: refused */
    } rows[] = {
        {"2026-11-22T10:03:11+09:00", "2026-11-22T10:03:11.000+09:00"},
        {"2026-11-22T10:03:11.045+09:00", "2026-11-22T10:03:11.045+09:00"},
        {"2026-11-22T10:03:11.045+09:00", "2026-11-22T10:03:11.045+09:00"},
        {"2026-11-22T01:03:11Z", "2026-11-22T10:03:11.000+09:00"},
        {"2026-11-22T01:03:11.5-01:30", "2026-11-22T11:33:11.500+09:00"},
        {"2026-11-22T10:03:11", NULL},
        {"2026-11-22T24:03:11+09:00", NULL},
        {"2026-11-22T10:03:1x+09:00", NULL},
        {"2026-11-22T10:03:11.04x+09:00", NULL},
        {"2026-11-22 10:03:11+09:00", NULL},
        {"1900-01-01T00:00:00+14:00", NULL},
        {"2199-12-31T23:59:59-12:00", NULL},
        {"", NULL},
    };
    struct date_format format;
    struct date_reader reader;
    struct date_cache cache = {0};
    assert_int_equal(date_format_parse(&format, "iso8601", NULL), STATUS_OK);
    date_reader_init(&reader, TEST_NOT_AFTER, 540);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text_view text = text_view_of(rows[i].text);
        int64_t slow_ms = 0, quick_ms = 0;
        enum status status = instant_read(&reader, &format, &cache, text, &slow_ms);
        bool is_quick = instant_read_quickly(&reader, &format, &cache, text, &quick_ms);
        assert_int_equal(status == STATUS_OK, rows[i].wanted != NULL);
        assert_true(!is_quick || status == STATUS_OK);
        assert_true(!is_quick || slow_ms == quick_ms);
        char shown[INSTANT_TEXT_SIZE];
        if (status == STATUS_OK) {
            assert_string_equal(instant_format(shown, slow_ms), rows[i].wanted);
        }
    }
}

static void
a_plain_time_is_read_quickly_as_slowly(void **state)
{
    (void)state;
    struct date_format format;
    struct date_reader reader;
    struct date_cache cache = {0};
    assert_int_equal(date_format_parse(&format, "YYYY/MM/DD hh:mm:ss", NULL), STATUS_OK);
    date_reader_init(&reader, TEST_NOT_AFTER, 540);
    int64_t first_ms;
    assert_int_equal(instant_read(&reader, &format, &cache, text_view_of("2026/11/22 00:00:00"), &first_ms), STATUS_OK);
    for (int place = 0; place < 8; place++) {
        for (int byte = 1; byte < 256; byte++) {
            char text[] = "2026/11/22 12:34:56";
            text[11 + place] = (char)byte;
            int64_t slow_ms = 0, quick_ms = 0;
            bool is_slow = instant_read(&reader, &format, &cache, text_view_of(text), &slow_ms) == STATUS_OK;
            bool is_quick = instant_read_quickly(&reader, &format, &cache, (struct text_view){text, 19}, &quick_ms);
            assert_int_equal(is_slow, is_quick);
            assert_true(!is_slow || slow_ms == quick_ms);
        }
    }
}

static void
names_take_the_banks_form_as_published(void **state)
{
    (void)state;
    struct buffer json;
    support_read(&json, "tests/fixtures/zengin/kana.json");
    struct json_value *cases = NULL;
    assert_int_equal(json_parse(&cases, json.data, json.length, NULL), STATUS_OK);
    for (size_t i = 0; i < json_count(cases); i++) {
        const char *given = "";
        const char *wanted = "";
        assert_true(json_as_text(json_element(json_element(cases, i), 0), &given));
        assert_true(json_as_text(json_element(json_element(cases, i), 1), &wanted));
        struct buffer out;
        buffer_init(&out, 1024);
        assert_int_equal(bank_kana_from_utf8(&out, text_view_of(given), NULL), STATUS_OK);
        assert_string_equal(buffer_text(&out), wanted);
        buffer_finish(&out);
    }
    assert_true(json_count(cases) >= 6);
    json_free(cases);
    buffer_finish(&json);
}

static void
names_are_equal_whatever_their_width_and_spacing(void **state)
{
    (void)state;
    assert_true(bank_kana_equal(text_view_of("ｹｯｻｲﾀﾞｲｺｳ(ｶ"), text_view_of("ケッサイダイコウ（カ")));
    assert_true(bank_kana_equal(text_view_of("ｶ)ﾃｽﾄ ﾍﾟｲ"), text_view_of("ｶ)ﾃｽﾄﾍﾟｲ  ")));
    assert_true(bank_kana_equal(text_view_of("ｽﾏｰﾄ"), text_view_of("スマート")));
    assert_false(bank_kana_equal(text_view_of("ｶ)ﾃｽﾄ"), text_view_of("ｶ)ﾃｽﾄA")));
    assert_false(bank_kana_equal(text_view_of("\xFF"), text_view_of("ﾃ")));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_layout_with_a_mistake_is_refused_by_name),
        cmocka_unit_test(the_shipped_layouts_say_what_they_give),
        cmocka_unit_test(the_example_of_the_documentation_reads_what_it_describes),
        cmocka_unit_test(era_dates_follow_the_published_vectors),
        cmocka_unit_test(instants_in_iso8601_keep_their_offset),
        cmocka_unit_test(a_plain_time_is_read_quickly_as_slowly),
        cmocka_unit_test(names_take_the_banks_form_as_published),
        cmocka_unit_test(names_are_equal_whatever_their_width_and_spacing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
