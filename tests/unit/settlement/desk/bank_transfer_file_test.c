/* 総合振込: byte for byte the published file, and what it refuses. */
#include "settlement/assessment/refund_treatment.h"
#include "settlement/desk/bank_transfer_file.h"
#include "settlement/statements/kana.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { FILE_ROOM = 4096 };

static const struct transfer_origin origin = {.consignor_code = "9190129006",
                                              .consignor_name = "ﾓｼﾞ ｼﾖｳ",
                                              .bank = "9913",
                                              .bank_name = "ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ",
                                              .branch = "960",
                                              .branch_name = "",
                                              .account_kind = "1",
                                              .account_number = "9685875"};
static const struct transfer_line lines[] = {{.bank = "9891",
                                              .bank_name = "ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ",
                                              .branch = "993",
                                              .branch_name = "ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ",
                                              .clearing_house = "9674",
                                              .account_kind = "1",
                                              .account_number = "9801390",
                                              .holder = "ﾊﾟﾋﾟﾌﾟﾍﾟﾎﾟ",
                                              .amount_yen = 54878,
                                              .new_code = '0',
                                              .customer_1 = "ｱ",
                                              .customer_2 = "ﾃｽﾄ ﾊﾅｺ",
                                              .telegraph = '8',
                                              .mark = "ｱ"},
                                             {.bank = "9850",
                                              .bank_name = "",
                                              .branch = "968",
                                              .branch_name = "ﾀﾞ",
                                              .clearing_house = "9230",
                                              .account_kind = "1",
                                              .account_number = "9046801",
                                              .holder = "ﾓｼﾞ ｼﾖｳ",
                                              .amount_yen = 60137,
                                              .new_code = '2',
                                              .customer_1 = "",
                                              .customer_2 = "ﾃｽﾄ",
                                              .telegraph = '8',
                                              .mark = "ｱ"}};

static void
the_published_transfer_file_is_written_byte_for_byte(void **state)
{
    (void)state;
    char published[FILE_ROOM];
    struct error_detail err;
    struct buffer out;
    FILE *file = fopen(MADOGUCHI_SOURCE_DIR "/tests/fixtures/zengin/sougou-furikomi.bin", "rb");
    assert_non_null(file);
    size_t length = fread(published, 1, sizeof published, file);
    fclose(file);
    buffer_init(&out, FILE_ROOM);

    assert_int_equal(bank_transfer_file_write(&out, &origin, "0311", lines, 2, "\r", &err), STATUS_OK);

    assert_int_equal(out.length, length);
    assert_memory_equal(out.data, published, length);
    buffer_finish(&out);
}

static void
expect_refused(const struct transfer_origin *from, struct transfer_line line, const char *word)
{
    struct error_detail err;
    struct buffer out;
    buffer_init(&out, FILE_ROOM);
    assert_int_equal(bank_transfer_file_write(&out, from, "0311", &line, 1, "", &err), STATUS_INVALID);
    assert_non_null(strstr(err.message, word));
    buffer_finish(&out);
}

static void
what_no_bank_can_read_is_refused_by_the_name_of_its_field(void **state)
{
    (void)state;
    struct transfer_line line = lines[0];
    line.holder = "やまだ";
    expect_refused(&origin, line, "受取人名");
    line.holder = "ABCDEFGHIJKLMNOPQRSTUVWXYZ01234"; /* 31 */
    expect_refused(&origin, line, "受取人名");
    line = lines[0];
    line.account_number = "123456";
    expect_refused(&origin, line, "口座番号");
    line = lines[0];
    line.amount_yen = 0;
    expect_refused(&origin, line, "振込金額");
    line.amount_yen = (int64_t)TRANSFER_ITEM_MAX_YEN + 1;
    expect_refused(&origin, line, "振込金額");
    struct transfer_origin from = origin;
    from.consignor_code = "123456789";
    expect_refused(&from, lines[0], "委託者コード");
}

static void
a_file_without_payments_is_none(void **state)
{
    (void)state;
    struct error_detail err;
    struct buffer out;
    buffer_init(&out, FILE_ROOM);
    assert_int_equal(bank_transfer_file_write(&out, &origin, "0311", lines, 0, "", &err), STATUS_INVALID);
    assert_int_equal(out.length, 0);
    buffer_finish(&out);
}

static void
every_letter_that_banks_take_has_a_byte_and_no_other(void **state)
{
    (void)state;
    assert_int_equal(bank_kana_byte('A'), 'A');
    assert_int_equal(bank_kana_byte(0xFF71), 0xB1); /* ｱ */
    assert_int_equal(bank_kana_byte(0xFF9E), 0xDE); /* the mark of ガ */
    assert_int_equal(bank_kana_byte('a'), 0);
    assert_int_equal(bank_kana_byte(0), 0);
    assert_int_equal(bank_kana_byte(0x5C71), 0); /* 山 */
    size_t length = 0;
    assert_null(bank_kana_fault("ﾔﾏﾀﾞ ﾊﾅｺ", &length));
    assert_int_equal(length, 8);
    assert_string_equal(bank_kana_fault("ﾔﾏ山", &length), "山");
    assert_int_equal(length, 3);
}

static void
the_books_close_on_31_may_and_not_a_day_earlier(void **state)
{
    (void)state;
    struct civil_date sold = {2026, 3, 31};
    struct refund_treatment open = refund_treatment_of(sold, (struct civil_date){2026, 5, 31});
    struct refund_treatment shut = refund_treatment_of(sold, (struct civil_date){2026, 6, 1});
    assert_true(open.is_decrease);
    assert_int_equal(open.fiscal_year, 2025);
    assert_false(shut.is_decrease);
    assert_int_equal(shut.fiscal_year, 2026);
    struct refund_treatment april =
        refund_treatment_of((struct civil_date){2026, 4, 1}, (struct civil_date){2027, 5, 31});
    assert_true(april.is_decrease);
    assert_int_equal(april.fiscal_year, 2026);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_transfer_file_is_written_byte_for_byte),
        cmocka_unit_test(what_no_bank_can_read_is_refused_by_the_name_of_its_field),
        cmocka_unit_test(a_file_without_payments_is_none),
        cmocka_unit_test(every_letter_that_banks_take_has_a_byte_and_no_other),
        cmocka_unit_test(the_books_close_on_31_may_and_not_a_day_earlier),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
