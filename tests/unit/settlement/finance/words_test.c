/* What finance writes out: export files, words and names, deposits of a statement, rights of every address. */
#include "settlement/access/right.h"
#include "settlement/assessment/export_file.h"
#include "settlement/imports/payout_sums.h"
#include "settlement/matching/discrepancy_class.h"
#include "settlement/web/routes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct assessment_record
record(void)
{
    struct assessment_record record = {.fiscal_year = 2026,
                                       .serial = 12,
                                       .assessed_on = "2026-11-22",
                                       .drafted_on = "2026-11-23",
                                       .kind = ASSESSMENT_ORIGINAL,
                                       .account = "14020101",
                                       .section = "shimin",
                                       .section_name = "市民課",
                                       .route = "cash",
                                       .route_name = "現金",
                                       .tax = "exempt",
                                       .count = 5,
                                       .sale_count = 4,
                                       .amount_yen = 3450,
                                       .summary = "窓口収納分",
                                       .proposed_by_name = "佐藤 花子",
                                       .approved_by_name = "髙﨑 \"𠮷\"郎"};
    for (int part = 0; part < ACCOUNT_PART_COUNT; part++) {
        record.parts.code[part] = "01";
        record.parts.name[part] = "一般会計";
    }
    return record;
}

static const struct assessment_line breakdown = {
    .item = "koseki", .name = "戸籍全部事項証明", .count = 5, .unit_price_yen = 690, .amount_yen = 3450};

/* Fields of one CSV line that ends with CR LF. */
static size_t
count_fields(const char *line)
{
    size_t count = 1;
    bool is_inside = false;
    for (; *line != '\r'; line++) {
        assert_true(*line != '\0' && *line != '\n');
        is_inside = *line == '"' ? !is_inside : is_inside;
        count += !is_inside && *line == ',' ? 1 : 0;
    }
    assert_false(is_inside);
    return count;
}

static void
every_line_of_an_export_has_the_fields_of_its_header(void **state)
{
    (void)state;
    struct assessment_record one = record();
    struct buffer file;
    buffer_init(&file, EXPORT_FILE_MAX_BYTES);

    export_file_begin(&file);
    size_t columns = count_fields(buffer_text(&file));
    size_t begin = file.length;
    export_file_add_line(&file, &one, 1, &breakdown);

    assert_int_equal(count_fields(buffer_text(&file) + begin), columns);
    assert_non_null(strstr(buffer_text(&file), "\"2026-000012\",\"2026-11-22\",\"2026-11-23\""));
    assert_non_null(strstr(buffer_text(&file), "\"窓口納入者 ほか3名\",\"即納\",\"窓口現金\""));
    assert_non_null(strstr(buffer_text(&file), "\"髙﨑 \"\"𠮷\"\"郎\""));
    buffer_finish(&file);
}

static void
characters_that_cp932_lacks_are_marked_and_counted(void **state)
{
    (void)state;
    struct assessment_record one = record();
    struct buffer utf8;
    struct buffer cp932;
    struct error_detail err;
    size_t replaced = 0;
    buffer_init(&utf8, EXPORT_FILE_MAX_BYTES);
    buffer_init(&cp932, EXPORT_FILE_MAX_BYTES);
    export_file_add_line(&utf8, &one, 1, &breakdown);

    assert_int_equal(export_file_to_cp932(&cp932, &utf8, &replaced, &err), STATUS_OK);

    assert_int_equal(replaced, 1);                            /* 𠮷; 髙 and 﨑 are in CP932 */
    assert_non_null(strstr(buffer_text(&cp932), "\x81\xAC")); /* 〓 */
    buffer_finish(&utf8);
    buffer_finish(&cp932);
}

static void
one_payer_is_single_and_several_are_collective(void **state)
{
    (void)state;
    char text[ASSESSMENT_TEXT_SIZE];
    assert_string_equal(assessment_payer_format(text, 1), "窓口納入者");
    assert_string_equal(assessment_form_name(1), "個別");
    assert_string_equal(assessment_payer_format(text, 2), "窓口納入者 ほか1名");
    assert_string_equal(assessment_form_name(2), "集合");
    assert_string_equal(assessment_payment_method_format(text, "AGG", "みほん決済株式会社"),
                        "指定納付受託者(みほん決済株式会社)");
}

static void
a_long_trustee_name_is_cut_at_a_character(void **state)
{
    (void)state;
    char name[400] = "";
    char text[ASSESSMENT_TEXT_SIZE];
    for (int i = 0; i < 100; i++) {
        strcat(name, "社");
    }

    assessment_payment_method_format(text, "AGG", name);

    assert_true(strlen(text) < sizeof text);
    assert_string_equal(text + strlen(text) - 4, "社)");
}

static void
every_class_of_discrepancy_has_a_word_a_name_and_a_way_out(void **state)
{
    (void)state;
    for (int i = 0; i < DISCREPANCY_CLASS_COUNT; i++) {
        enum discrepancy_class class = (enum discrepancy_class)i;
        enum discrepancy_class found;
        assert_true(discrepancy_class_from_word(&found, discrepancy_class_word(class)));
        assert_int_equal(found, class);
        assert_true(discrepancy_days(class) > 0);
        assert_true(resolution_fits(RESOLUTION_EXPLAINED, class));
    }
}

static void
the_names_are_those_that_finance_staff_use(void **state)
{
    (void)state;
    static const char *const names[DISCREPANCY_CLASS_COUNT] = {
        "POSのみ",        "明細のみ",           "金額相違",           "件数相違",       "ブランド相違",
        "重複",           "取消のみ",           "取消済みなのに入金", "期ずれ",         "手数料差",
        "入金不足",       "入金過大",           "振込手数料差引",     "結果不明のまま", "処理未了",
        "訓練取引の混入", "明細ファイル不完全", "同一ファイル再取込", "判断後の差替え"};
    for (int i = 0; i < DISCREPANCY_CLASS_COUNT; i++) {
        assert_string_equal(discrepancy_class_name(discrepancy_class_word((enum discrepancy_class)i)), names[i]);
    }
}

static void
only_refund_collection_write_off_and_suspense_move_money(void **state)
{
    (void)state;
    for (int i = 0; i < RESOLUTION_COUNT; i++) {
        enum resolution resolution = (enum resolution)i;
        bool moves = resolution == RESOLUTION_REFUND || resolution == RESOLUTION_COLLECT ||
                     resolution == RESOLUTION_WRITE_OFF || resolution == RESOLUTION_SUSPENSE;
        assert_int_equal(resolution_moves_money(resolution), moves);
    }
}

static struct statement_line
line(const char *payout, int64_t yen, int64_t fee, int day)
{
    return (struct statement_line){.payout_id = text_view_of(payout),
                                   .amount_yen = yen,
                                   .fee_yen = fee,
                                   .accepted_at_ms = INSTANT_ABSENT,
                                   .pay_date = {.year = 2026, .month = 11, .day = day}};
}

static void
lines_are_summed_by_deposit_with_reversals_taken_off(void **state)
{
    (void)state;
    const struct statement_line lines[] = {line("P1", 450, 9, 24), line("P2", 300, 6, 25), line("P1", -450, -9, 26),
                                           line("", 99, 0, 24), line("P1", 750, 15, 24)};
    struct payout_sums sums;
    struct error_detail err;
    payout_sums_init(&sums);

    assert_int_equal(payout_sums_make(&sums, lines, 5, &err), STATUS_OK);

    const struct payout_part *parts = sums.parts.elements;
    assert_int_equal(sums.parts.count, 2);
    assert_int_equal(parts[0].amount_yen, 750);
    assert_int_equal(parts[0].fee_yen, 15);
    assert_int_equal(parts[0].line_count, 3);
    assert_int_equal(parts[0].due_on.day, 26);
    assert_int_equal(parts[1].amount_yen, 300);
    payout_sums_finish(&sums);
}

static void
every_address_of_the_api_has_its_right(void **state)
{
    (void)state;
    for (size_t i = 0; i < finance_routes_count; i++) {
        enum right right = RIGHT_NONE;
        bool is_known = right_of_route(&right, finance_routes[i].method, finance_routes[i].pattern);
        bool is_rest = strcmp(finance_routes[i].pattern, "/api/*") == 0;
        assert_int_equal(is_known, !is_rest); /* what is left over is nobody's */
        bool is_deed = is_known && strcmp(finance_routes[i].method, "POST") == 0;
        assert_false(is_deed && right == RIGHT_READ);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_of_an_export_has_the_fields_of_its_header),
        cmocka_unit_test(characters_that_cp932_lacks_are_marked_and_counted),
        cmocka_unit_test(one_payer_is_single_and_several_are_collective),
        cmocka_unit_test(a_long_trustee_name_is_cut_at_a_character),
        cmocka_unit_test(every_class_of_discrepancy_has_a_word_a_name_and_a_way_out),
        cmocka_unit_test(the_names_are_those_that_finance_staff_use),
        cmocka_unit_test(only_refund_collection_write_off_and_suspense_move_money),
        cmocka_unit_test(lines_are_summed_by_deposit_with_reversals_taken_off),
        cmocka_unit_test(every_address_of_the_api_has_its_right),
    };
    return cmocka_run_group_tests_name("settlement_finance_words", tests, NULL, NULL);
}
