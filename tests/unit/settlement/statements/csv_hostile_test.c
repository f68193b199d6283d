/* CSV statements that must be refused, each with its line, column and code; nothing of them is ever given out. */
#include "statement_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEADER "ref,yen,at\n"

static const char small_json[] =
    "{\"layout\":\"small\",\"kind\":\"csv\",\"encoding\":\"utf-8\",\"fields\":{"
    "\"merchant_reference\":{\"column\":\"ref\"},\"amount\":{\"column\":\"yen\"},"
    "\"accepted_at\":{\"column\":\"at\",\"format\":\"YYYY-MM-DD hh:mm:ss\",\"optional\":true}}}";

struct hostile {
    const char *text;
    size_t length; /* 0: strlen */
    unsigned line;
    unsigned column;
    const char *code;
};

static const struct hostile table[] = {
    {"", 0, 1, 1, "statement_incomplete"},
    {"\n\n", 0, 3, 1, "statement_incomplete"},
    {"ref,at\na,\n", 0, 1, 1, "statement_columns"},
    {"ref,yen,at,yen\n", 0, 1, 12, "statement_columns"},
    /* quotes */
    {HEADER "\"a,1,\nb,2,\n", 0, 2, 1, "statement_quote"},
    {HEADER "a,1,\nb,\"2,\nc,3,\n", 0, 3, 3, "statement_quote"},
    {HEADER "\"a,1,\n\"b\",2,\n", 0, 2, 1, "statement_quote"},
    {HEADER "a\"b,1,\n", 0, 2, 2, "statement_quote"},
    {HEADER "\"a\"b,1,\n", 0, 2, 4, "statement_quote"},
    {HEADER "\"a\" ,1,\n", 0, 2, 4, "statement_quote"},
    {HEADER "\"a\"\"\",\"1\",\"\nx", 0, 2, 11, "statement_quote"},
    {HEADER "a,1,\"", 0, 2, 5, "statement_quote"},
    /* controls and encoding */
    {HEADER "a\0b,1,\n", sizeof(HEADER "a\0b,1,\n") - 1, 2, 2, "statement_control"},
    {HEADER "\"a\x01\",1,\n", 0, 2, 3, "statement_control"},
    {HEADER "a,1\x1A,\n", 0, 2, 4, "statement_control"},
    {HEADER "a\xFF,1,\n", 0, 2, 1, "statement_encoding"},
    {HEADER "\x94\x84\x8F\xE3,1,\n", 0, 2, 1, "statement_encoding"}, /* 売上 in CP932 */
    {HEADER "a,1,\n\xE5\xA3,1,\n", 0, 3, 1, "statement_encoding"},   /* half of 売 */
    {HEADER "a,1,\n\xED\xA0\x80,1,\n", 0, 3, 1, "statement_encoding"},
    {HEADER "\"a\xE5\",1,", 0, 2, 2, "statement_encoding"},
    {"\xFF\xFEr\0e\0f\0", 8, 1, 1, "statement_encoding"},
    /* columns */
    {HEADER "a,1\n", 0, 2, 4, "statement_columns"},
    {HEADER "a,1,,\n", 0, 2, 5, "statement_columns"},
    {HEADER "\"a\nb\",1,,\n", 0, 3, 6, "statement_columns"},
    /* amounts */
    {HEADER "a,1e3,\n", 0, 2, 3, "statement_field"},
    {HEADER "a,\"1,000\",\n", 0, 2, 4, "statement_field"},
    {HEADER "a,99999999999999999999,\n", 0, 2, 3, "statement_field"},
    {HEADER "a,1000000000000001,\n", 0, 2, 3, "statement_field"},
    {HEADER "a,-,\n", 0, 2, 3, "statement_field"},
    {HEADER "a,+5,\n", 0, 2, 3, "statement_field"},
    {HEADER "a, 5,\n", 0, 2, 3, "statement_field"},
    {HEADER "a,5 ,\n", 0, 2, 3, "statement_field"},
    {HEADER "a,,\n", 0, 2, 3, "statement_field"},
    {HEADER "a,450.00,\n", 0, 2, 3, "statement_field"},
    {HEADER "a,0x10,\n", 0, 2, 3, "statement_field"},
    {HEADER "a,\xEF\xBC\x95,\n", 0, 2, 3, "statement_field"}, /* ５ */
    {HEADER "a,1,\nb,\"\"\"1\",\n", 0, 3, 4, "statement_field"},
    /* times */
    {HEADER "a,1,2026-02-29 00:00:00\n", 0, 2, 5, "statement_field"},
    {HEADER "a,1,2026-02-28 24:00:00\n", 0, 2, 5, "statement_field"},
    {HEADER "a,1,2026-02-28 23:60:00\n", 0, 2, 5, "statement_field"},
    {HEADER "a,1,2026/02/28 23:00:00\n", 0, 2, 5, "statement_field"},
    {HEADER "a,1,2026-02-28\n", 0, 2, 5, "statement_field"},
    {HEADER "a,1,0000-00-00 00:00:00\n", 0, 2, 5, "statement_field"},
    {HEADER "a,1,2026-02-28 10:00:00\nb,2,2026-02-28 10:0x:00\n", 0, 3, 5, "statement_field"},
    {HEADER "a,1,2026-02-28 10:00:00\nb,2,2026-02-28 10.00:00\n", 0, 3, 5, "statement_field"},
    {HEADER "a,1,2026-02-28 10:00:00\nb,2,2026-02-28 10:00:60\n", 0, 3, 5, "statement_field"},
};

static void
every_hostile_file_is_refused_with_its_place(void **state)
{
    (void)state;
    struct layout *layout = support_layout_from(small_json);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        size_t length = table[i].length > 0 ? table[i].length : strlen(table[i].text);
        char *copy = malloc(length + 1); /* exact, so that the sanitizer sees a read behind it */
        memcpy(copy, table[i].text, length);
        char *exact = realloc(copy, length == 0 ? 1 : length);
        support_expect_refused(layout, exact, length, table[i].line, table[i].column, table[i].code);
        free(exact);
    }
    layout_destroy(layout);
}

/* HEADER, then one field of LENGTH bytes in quotes or not, then ",1,\n". */
static void
expect_long_field(const struct layout *layout, size_t length, bool is_quoted, unsigned column, const char *code)
{
    size_t capacity = length + 64;
    char *text = malloc(capacity);
    size_t used = strlen(HEADER);
    memcpy(text, HEADER, used);
    if (is_quoted) {
        text[used++] = '"';
    }
    memset(text + used, 'x', length);
    used += length;
    memcpy(text + used, ",1,\n", 4);
    support_expect_refused(layout, text, used + 4, 2, column, code);
    free(text);
}

static void
a_field_of_ten_megabytes_is_refused_early(void **state)
{
    (void)state;
    struct layout *layout = support_layout_from(small_json);
    expect_long_field(layout, 10 * 1024 * 1024, /* is_quoted= */ false, 1, "statement_too_long");
    expect_long_field(layout, 10 * 1024 * 1024, /* is_quoted= */ true, 1, "statement_quote");
    layout_destroy(layout);
}

static void
a_record_of_a_thousand_columns_is_refused(void **state)
{
    (void)state;
    struct layout *layout = support_layout_from(small_json);
    char text[64 + 5000];
    size_t used = strlen(HEADER);
    memcpy(text, HEADER, used);
    memset(text + used, ',', 5000);
    support_expect_refused(layout, text, used + 5000, 2, 256, "statement_columns");
    support_expect_refused(layout, text, used + 255, 2, 3, "statement_columns");
    layout_destroy(layout);
}

static void
the_last_bytes_of_a_file_decide_as_much_as_the_first(void **state)
{
    (void)state;
    static const char json[] =
        "{\"layout\":\"x\",\"kind\":\"csv\",\"encoding\":\"utf-8\",\"fields\":{\"merchant_reference\":{\"column\":"
        "\"ref\"},"
        "\"amount\":{\"column\":\"yen\"},\"accepted_at\":{\"column\":\"at\",\"format\":\"YYYY-MM-DD\"}}}";
    static const char header[] = "\"ref\",\"yen\",\"at\"";
    static const char first[] = "\r\n\"a\",\"1\",\"2026-02-28\"";
    static const char second[] = "\r\n\"\xE5\xA3\xB2\",\"2\",\"2026-02-28\"";
    char whole[200];
    snprintf(whole, sizeof whole, "%s%s%s\r\n", header, first, second);
    struct layout *layout = support_layout_from(json);
    size_t ends[] = {strlen(header), strlen(header) + strlen(first), strlen(whole) - 2};
    for (size_t cut = 0; cut <= strlen(whole); cut++) {
        char *copy = malloc(cut == 0 ? 1 : cut);
        memcpy(copy, whole, cut);
        struct statement_file file = {0};
        struct error_detail err = {0};
        enum status status = statement_file_parse(&file, layout, copy, cut, TEST_NOT_AFTER, &err);
        bool is_boundary = false;
        for (size_t i = 0; i < 3; i++) {
            is_boundary = is_boundary || (cut >= ends[i] && cut <= ends[i] + 2);
        }
        assert_int_equal(status == STATUS_OK, is_boundary);
        statement_file_finish(&file);
        free(copy);
    }
    layout_destroy(layout);
}

#define DAILY_LINE(number, kind, amount)                                                                               \
    "\"" number "\",\"pay-" number "\",\"Q" number "\",\"paypay\",\"KO-01\",\"2026/11/22 10:03:11\",\"" kind           \
    "\",\"" amount "\",\"9\",\"2026/11/24\",\"P1\""

static void
expect_daily_refused(const char *const *lines, unsigned line, unsigned column, const char *code)
{
    struct layout *layout = support_layout("settlement/statements/layouts/aggregator-daily.json");
    struct buffer bytes;
    support_daily(&bytes, lines);
    support_expect_refused(layout, bytes.data, bytes.length, line, column, code);
    buffer_finish(&bytes);
    layout_destroy(layout);
}

static void
a_statement_whose_trailer_disagrees_is_not_taken_in_at_all(void **state)
{
    (void)state;
    const char *good = DAILY_LINE("1", "売上", "450");
    expect_daily_refused((const char *const[]){good, NULL}, 3, 1, "statement_incomplete");
    expect_daily_refused((const char *const[]){good, "\"合計\",\"2\",\"450\"", NULL}, 3, 9, "statement_incomplete");
    expect_daily_refused((const char *const[]){good, "\"合計\",\"1\",\"451\"", NULL}, 3, 13, "statement_incomplete");
    expect_daily_refused((const char *const[]){good, "\"合計\",\"1\"", NULL}, 3, 11, "statement_incomplete");
    expect_daily_refused((const char *const[]){good, "\"合計\",\"x\",\"450\"", NULL}, 3, 9, "statement_incomplete");
    expect_daily_refused((const char *const[]){"\"合計\",\"0\",\"0\"", good, NULL}, 3, 1, "statement_incomplete");
    expect_daily_refused((const char *const[]){good, "\"合計\",\"1\",\"450\"", "\"合計\",\"1\",\"450\"", NULL}, 4, 1,
                         "statement_incomplete");
}

static void
a_sign_that_contradicts_its_kind_is_refused(void **state)
{
    (void)state;
    expect_daily_refused((const char *const[]){DAILY_LINE("1", "取消", "450"), NULL}, 2, 65, "statement_field");
    expect_daily_refused((const char *const[]){DAILY_LINE("1", "売上", "-450"), NULL}, 2, 65, "statement_field");
    expect_daily_refused((const char *const[]){DAILY_LINE("1", "調整", "450"), NULL}, 2, 58, "statement_field");
}

static void
a_file_in_another_encoding_says_so(void **state)
{
    (void)state;
    struct layout *layout = support_layout("settlement/statements/layouts/aggregator-daily.json");
    static const char utf8[] = "\"明細番号\",\"加盟店取引ID\"\r\n";
    support_expect_refused(layout, utf8, strlen(utf8), 1, 19, "statement_encoding");
    static const char bom[] = "\xEF\xBB\xBF\"no\"\r\n";
    support_expect_refused(layout, bom, strlen(bom), 1, 1, "statement_encoding");
    layout_destroy(layout);
}

static void
a_sum_beyond_the_range_of_money_is_refused(void **state)
{
    (void)state;
    struct layout *layout = support_layout_from(small_json);
    static const char text[] = HEADER "a,900000000000000,\nb,900000000000000,\n";
    support_expect_refused(layout, text, strlen(text), 3, 1, "statement_field");
    layout_destroy(layout);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_hostile_file_is_refused_with_its_place),
        cmocka_unit_test(a_field_of_ten_megabytes_is_refused_early),
        cmocka_unit_test(a_record_of_a_thousand_columns_is_refused),
        cmocka_unit_test(the_last_bytes_of_a_file_decide_as_much_as_the_first),
        cmocka_unit_test(a_statement_whose_trailer_disagrees_is_not_taken_in_at_all),
        cmocka_unit_test(a_sign_that_contradicts_its_kind_is_refused),
        cmocka_unit_test(a_file_in_another_encoding_says_so),
        cmocka_unit_test(a_sum_beyond_the_range_of_money_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
