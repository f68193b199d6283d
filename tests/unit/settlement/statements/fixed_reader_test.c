/* Fixed-width bank files: read, and refused. */
#include "statement_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RECORD = 200 };

/* Put TEXT at OFFSET of a record. */
static void
put(char record[RECORD], size_t offset, const char *text)
{
    memcpy(record + offset, text, strlen(text));
}

static void
add_record(struct buffer *out, const char record[RECORD], const char *end)
{
    buffer_append(out, record, RECORD);
    buffer_append_text(out, end);
}

/* A 入出金取引明細 with two deposits (100,000 and 200,000) and a withdrawal of 50,000 on 令和8年6月6日. */
static void
build_zengin_03(struct buffer *out, const char *end)
{
    buffer_init(out, 64 * 1024);
    char record[RECORD];
    memset(record, ' ', RECORD);
    put(record, 0, "1030260606260606260606");
    put(record, 4, "080607080606080606");
    put(record, 22, "0126\xC4\xB3\xCE\xB3            "); /* 銀行名 */
    put(record, 41, "201");
    put(record, 59, "00010000123456");
    add_record(out, record, end);
    static const struct {
        const char *direction, *amount, *name, *edi;
    } rows[] = {
        {"111", "000000100000", "\xB9\xAF\xBB\xB2\xC0\xDE\xB2\xBA\xB3(\xB6", "P20260605-QR"}, /* ｹｯｻｲﾀﾞｲｺｳ(ｶ */
        {"111", "000000200000", "\xC3\xBD\xC4", ""},
        {"214", "000000050000", "", ""},
    };
    for (size_t i = 0; i < 3; i++) {
        memset(record, ' ', RECORD);
        put(record, 0, "200000001080606000000");
        put(record, 21, rows[i].direction);
        put(record, 24, rows[i].amount);
        put(record, 81, rows[i].name);
        put(record, 179, rows[i].edi);
        add_record(out, record, end);
    }
    memset(record, ' ', RECORD);
    put(record, 0, "8000002000000030000000000100000000500001000000002500000000003");
    add_record(out, record, end);
    memset(record, ' ', RECORD);
    put(record, 0, "9000000000600001");
    add_record(out, record, end);
}

static struct layout *
zengin_03(void)
{
    return support_layout("settlement/statements/layouts/zengin-03.json");
}

static void
expect_good(const struct layout *layout, const char *bytes, size_t length)
{
    struct bank_file file;
    struct error_detail err;
    if (bank_file_parse(&file, layout, bytes, length, TEST_NOT_AFTER, &err) != STATUS_OK) {
        fail_msg("%u:%u %s", err.line, err.column, err.message);
    }
    assert_int_equal(file.count, 3);
    assert_int_equal(file.lines[1].amount_yen, 200000);
    bank_file_finish(&file);
}

static void
deposits_and_withdrawals_are_read_with_their_account(void **state)
{
    (void)state;
    struct layout *layout = zengin_03();
    struct buffer bytes;
    build_zengin_03(&bytes, "\r\n");
    struct bank_file file;
    struct error_detail err;

    enum status status = bank_file_parse(&file, layout, bytes.data, bytes.length, TEST_NOT_AFTER, &err);

    assert_int_equal(status, STATUS_OK);
    assert_int_equal(file.count, 3);
    const struct bank_line *line = &file.lines[0];
    assert_int_equal(line->line, 2);
    assert_int_equal(line->direction, BANK_IN);
    assert_int_equal(line->amount_yen, 100000);
    assert_int_equal(civil_date_compare(line->date, (struct civil_date){2026, 6, 6}), 0);
    assert_int_equal(line->value_date.year, 0);
    support_expect_text(line->payer_kana, "ｹｯｻｲﾀﾞｲｺｳ(ｶ");
    support_expect_text(line->edi, "P20260605-QR");
    support_expect_text(line->transaction, "11");
    support_expect_text(line->account_bank, "0126");
    support_expect_text(line->account_branch, "201");
    support_expect_text(line->account_kind, "1");
    support_expect_text(line->account_number, "0000123456");
    assert_int_equal(file.lines[2].direction, BANK_OUT);
    bank_file_finish(&file);
    buffer_finish(&bytes);
    layout_destroy(layout);
}

static void
every_separator_between_records_is_accepted_and_none(void **state)
{
    (void)state;
    struct layout *layout = zengin_03();
    static const char *const ends[] = {"\r\n", "\r", "\n", ""};
    for (size_t i = 0; i < 4; i++) {
        struct buffer bytes;
        build_zengin_03(&bytes, ends[i]);
        expect_good(layout, bytes.data, bytes.length);
        expect_good(layout, bytes.data, bytes.length - strlen(ends[i]));
        buffer_append_text(&bytes, "\x1A");
        expect_good(layout, bytes.data, bytes.length);
        buffer_finish(&bytes);
    }
    layout_destroy(layout);
}

static void
a_file_that_lost_its_end_is_refused_wherever_it_was_cut(void **state)
{
    (void)state;
    struct layout *layout = zengin_03();
    static const char *const ends[] = {"\r\n", ""};
    for (size_t i = 0; i < 2; i++) {
        struct buffer bytes;
        build_zengin_03(&bytes, ends[i]);
        for (size_t length = 0; length < bytes.length - strlen(ends[i]); length++) {
            char *copy = malloc(length == 0 ? 1 : length);
            memcpy(copy, bytes.data, length);
            struct bank_file file = {0};
            struct error_detail err = {0};
            assert_int_not_equal(bank_file_parse(&file, layout, copy, length, TEST_NOT_AFTER, &err), STATUS_OK);
            assert_string_equal(err.code, "statement_incomplete");
            free(copy);
        }
        buffer_finish(&bytes);
    }
    layout_destroy(layout);
}

/* A good file (CR LF, records of 202 bytes) with LENGTH bytes at record RECORD_NUMBER (from 1), COLUMN (from 1)
 * overwritten by TEXT. */
static void
expect_refused(unsigned record_number, unsigned column, const char *text, unsigned at_line, unsigned at_column,
               const char *code)
{
    struct layout *layout = zengin_03();
    struct buffer bytes;
    build_zengin_03(&bytes, "\r\n");
    memcpy(bytes.data + (record_number - 1) * (RECORD + 2) + column - 1, text, strlen(text));
    support_expect_refused(layout, bytes.data, bytes.length, at_line, at_column, code);
    buffer_finish(&bytes);
    layout_destroy(layout);
}

static void
every_figure_of_the_trailers_is_held_against_the_records(void **state)
{
    (void)state;
    expect_refused(5, 2, "000003", 5, 2, "statement_incomplete");
    expect_refused(5, 8, "0000000300001", 5, 8, "statement_incomplete");
    expect_refused(5, 21, "000002", 5, 21, "statement_incomplete");
    expect_refused(5, 27, "0000000050001", 5, 27, "statement_incomplete");
    expect_refused(5, 55, "0000002", 5, 55, "statement_incomplete");
    expect_refused(5, 55, "00000 3", 5, 55, "statement_incomplete");
    expect_refused(6, 2, "0000000007", 6, 2, "statement_incomplete");
    expect_refused(6, 12, "00002", 6, 12, "statement_incomplete");
}

static void
damaged_records_are_named_by_line_and_column(void **state)
{
    (void)state;
    expect_refused(1, 1, "2", 1, 1, "statement_incomplete"); /* a line without header */
    expect_refused(1, 2, "01", 1, 1, "statement_record");    /* another kind of file */
    expect_refused(2, 1, "7", 2, 1, "statement_record");
    expect_refused(2, 1, "9", 2, 1, "statement_incomplete"); /* the end without trailer */
    expect_refused(2, 1, "8", 2, 8, "statement_incomplete");
    expect_refused(5, 1, "103", 5, 1, "statement_incomplete");
    expect_refused(6, 1, "2", 6, 1, "statement_incomplete");
    expect_refused(3, 10, "081306", 3, 10, "statement_field"); /* the 13th month */
    expect_refused(3, 10, "      ", 3, 10, "statement_field");
    expect_refused(3, 22, "3", 3, 22, "statement_field");
    expect_refused(3, 25, "-00000200000", 3, 25, "statement_field");
    expect_refused(3, 25, "00000020000 ", 3, 25, "statement_field");
    expect_refused(3, 25, "0000002O0000", 3, 25, "statement_field");
    expect_refused(3, 82, "\x94\x84", 3, 82, "statement_encoding"); /* a kanji */
    expect_refused(3, 90, "\x01", 3, 90, "statement_control");
    expect_refused(3, 90, "\n", 3, 90, "statement_incomplete"); /* a record of 89 bytes */
    expect_refused(3, 201, "  ", 3, 201, "statement_incomplete");
    expect_refused(3, 201, "\n\n", 3, 201, "statement_incomplete");
}

static void
a_record_of_199_bytes_is_refused_at_its_end(void **state)
{
    (void)state;
    struct layout *layout = zengin_03();
    struct buffer bytes;
    build_zengin_03(&bytes, "\r\n");
    memmove(bytes.data + 2 * 202 - 3, bytes.data + 2 * 202 - 2, bytes.length - 2 * 202 + 2);
    support_expect_refused(layout, bytes.data, bytes.length - 1, 2, 200, "statement_incomplete");
    buffer_finish(&bytes);
    layout_destroy(layout);
}

static void
several_accounts_in_one_file_each_have_their_trailer(void **state)
{
    (void)state;
    struct layout *layout = zengin_03();
    struct buffer one, two;
    build_zengin_03(&one, "");
    buffer_init(&two, 64 * 1024);
    buffer_append(&two, one.data, 5 * RECORD);
    buffer_append(&two, one.data, 5 * RECORD);
    memcpy(two.data + 5 * RECORD + 63, "0000999999", 10);
    char end[RECORD + 1];
    memset(end, ' ', RECORD);
    put(end, 0, "9000000001100002");
    buffer_append(&two, end, RECORD);
    struct bank_file file;
    struct error_detail err;

    assert_int_equal(bank_file_parse(&file, layout, two.data, two.length, TEST_NOT_AFTER, &err), STATUS_OK);

    assert_int_equal(file.count, 6);
    support_expect_text(file.lines[2].account_number, "0000123456");
    support_expect_text(file.lines[3].account_number, "0000999999");
    bank_file_finish(&file);
    buffer_finish(&one);
    buffer_finish(&two);
    layout_destroy(layout);
}

static void
the_published_transfer_file_agrees_with_its_trailer(void **state)
{
    (void)state;
    struct layout *layout = support_layout("tests/fixtures/zengin/sougou-furikomi.json");
    struct buffer bytes;
    support_read(&bytes, "tests/fixtures/zengin/sougou-furikomi.bin");
    struct bank_file file;
    struct error_detail err;

    if (bank_file_parse(&file, layout, bytes.data, bytes.length, TEST_NOT_AFTER, &err) != STATUS_OK) {
        fail_msg("%u:%u %s", err.line, err.column, err.message);
    }

    assert_int_equal(file.count, 2);
    assert_int_equal(file.lines[0].amount_yen, 54878);
    assert_int_equal(file.lines[1].amount_yen, 60137);
    support_expect_text(file.lines[0].payer_kana, "ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ");
    support_expect_text(file.lines[1].payer_kana, "ﾓｼﾞ ｼﾖｳ");
    support_expect_text(file.lines[0].account_bank, "9913");
    bank_file_finish(&file);
    bytes.data[3 * 121 + 18]++; /* 115,016 */
    support_expect_refused(layout, bytes.data, bytes.length, 4, 8, "statement_incomplete");
    buffer_finish(&bytes);
    layout_destroy(layout);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deposits_and_withdrawals_are_read_with_their_account),
        cmocka_unit_test(every_separator_between_records_is_accepted_and_none),
        cmocka_unit_test(a_file_that_lost_its_end_is_refused_wherever_it_was_cut),
        cmocka_unit_test(every_figure_of_the_trailers_is_held_against_the_records),
        cmocka_unit_test(damaged_records_are_named_by_line_and_column),
        cmocka_unit_test(a_record_of_199_bytes_is_refused_at_its_end),
        cmocka_unit_test(several_accounts_in_one_file_each_have_their_trailer),
        cmocka_unit_test(the_published_transfer_file_agrees_with_its_trailer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
