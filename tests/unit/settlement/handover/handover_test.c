/* A file for the finance system, byte by byte: widths, signs, dates of eras, codes, characters; and descriptors that
 * are refused with their place. */
#include "settlement/handover/handover_writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "\"layout\":\"t\",\"title\":\"試験\",\"file_name\":\"a-{year}-{serial}.txt\""
#define FIXED HEAD ",\"kind\":\"fixed\",\"encoding\":\"cp932\""

static struct assessment_record
record(void)
{
    return (struct assessment_record){.id = 1,
                                      .fiscal_year = 2026,
                                      .serial = 12,
                                      .assessed_on = "2026-11-02",
                                      .drafted_on = "2026-11-03",
                                      .kind = ASSESSMENT_ORIGINAL,
                                      .account = "01-13-01",
                                      .section = "1200",
                                      .section_name = "市民課",
                                      .route = "cash",
                                      .route_name = "現金",
                                      .tax = "exempt",
                                      .count = 3,
                                      .sale_count = 3,
                                      .amount_yen = 1350,
                                      .summary = "戸籍手数料"};
}

/* The file of RECORDS by DESCRIPTOR; *OUT_STATUS and ERR tell why it could not be made. */
static void
write_file(struct buffer *out, const char *descriptor, const struct assessment_record *records, size_t count,
           enum status *out_status, struct error_detail *err)
{
    const struct assessment_line line = {
        .item = "koseki", .name = "戸籍", .count = 3, .unit_price_yen = 450, .amount_yen = 1350};
    const struct handover_totals head = {.fiscal_year = 2026, .serial = 7, .made_on = "2026-11-23"};
    struct handover_layout *layout = NULL;
    struct handover_writer writer;
    buffer_init(out, 10000);
    *out_status = handover_layout_create(&layout, descriptor, strlen(descriptor), err);
    if (*out_status != STATUS_OK) {
        return;
    }
    handover_writer_init(&writer, layout, &head);
    for (size_t i = 0; *out_status == STATUS_OK && i < count; i++) {
        *out_status = handover_write_assessment(&writer, &records[i], err);
        if (*out_status == STATUS_OK) {
            *out_status = handover_write_line(&writer, &records[i], 1, &line, err);
        }
    }
    if (*out_status == STATUS_OK) {
        *out_status = handover_write_end(&writer, out, err);
    }
    handover_writer_finish(&writer);
    handover_layout_destroy(layout);
}

static void
assert_file(const char *descriptor, const struct assessment_record *records, size_t count, const char *wanted)
{
    struct buffer out;
    struct error_detail err = {.message = ""};
    enum status status;
    write_file(&out, descriptor, records, count, &status, &err);
    assert_string_equal(status == STATUS_OK ? "" : err.message, "");
    assert_string_equal(buffer_text(&out), wanted);
    buffer_finish(&out);
}

static void
assert_refused(const char *descriptor, const struct assessment_record *one, const char *code, const char *words)
{
    struct buffer out;
    struct error_detail err = {.message = ""};
    enum status status;
    write_file(&out, descriptor, one, 1, &status, &err);
    assert_int_not_equal(status, STATUS_OK);
    assert_string_equal(err.code, code);
    if (strstr(err.message, words) == NULL) {
        fail_msg("\"%s\" does not say \"%s\"", err.message, words);
    }
    buffer_finish(&out);
}

static void
numbers_stand_right_with_zeros_and_the_sign_before_them(void **state)
{
    (void)state;
    struct assessment_record rows[2] = {record(), record()};
    rows[1].kind = ASSESSMENT_DECREASE;
    rows[1].serial = 13;
    rows[1].amount_yen = 50;
    assert_file(
        "{" FIXED ",\"record_length\":20,\"records\":[{\"from\":\"調定連番\",\"width\":6},"
        "{\"from\":\"符号付調定額\",\"width\":8},{\"from\":\"調定額\",\"width\":6,\"pad\":\" \"}],"
        "\"trailer\":[{\"text\":\"T\",\"width\":2},{\"from\":\"レコード件数\",\"width\":3},{\"from\":\"合計額\","
        "\"width\":5},{\"from\":\"増額合計\",\"width\":5},{\"from\":\"減額合計\",\"width\":5}]}",
        rows, 2, "00001200001350  1350\r\n000013-0000050    50\r\nT 002013000135000050\r\n");
}

static void
days_are_written_by_their_era_or_not(void **state)
{
    (void)state;
    struct assessment_record rows[3] = {record(), record(), record()};
    rows[1].assessed_on = "2019-04-30";
    rows[2].assessed_on = "2019-05-01";
    assert_file("{" FIXED ",\"record_length\":27,\"line_end\":\"lf\",\"records\":[{\"from\":\"調定年月日\",\"width\":7,"
                "\"format\":\"NEEMMDD\"},{\"from\":\"調定年月日\",\"width\":10,\"format\":\"YYYY/MM/DD\"},"
                "{\"from\":\"調定年月日\",\"width\":7,\"format\":\"GEEMMDD\"},{\"from\":\"会計年度\",\"width\":3,"
                "\"format\":\"NEE\"}]}",
                rows, 3, "50811022026/11/02R081102508\n43104302019/04/30H310430508\n50105012019/05/01R010501508\n");
}

static void
a_text_is_cut_at_a_character_where_that_is_allowed(void **state)
{
    (void)state;
    struct assessment_record one = record();
    /* 戸籍手数料 is ten bytes of CP932; five of them hold two characters. */
    assert_file("{" FIXED ",\"record_length\":5,\"records\":[{\"from\":\"摘要\",\"width\":5,\"cut\":true}]}", &one, 1,
                "\x8c\xcb\x90\xd0 \r\n");
    assert_refused("{" FIXED ",\"record_length\":5,\"records\":[{\"from\":\"摘要\",\"width\":5}]}", &one,
                   "cannot_be_written", "調定2026-000012の「摘要」は5バイトの欄に入りません");
    assert_refused("{" FIXED ",\"record_length\":3,\"records\":[{\"from\":\"調定額\",\"width\":3}]}", &one,
                   "cannot_be_written", "3バイトの欄に入りません(1350)");
}

static void
a_character_that_cp932_lacks_stops_the_file_unless_a_substitute_is_named(void **state)
{
    (void)state;
    struct assessment_record one = record();
    one.summary = "𠮷田";
    assert_refused("{" FIXED ",\"record_length\":4,\"records\":[{\"from\":\"摘要\",\"width\":4}]}", &one,
                   "cannot_be_written", "CP932にない文字");
    assert_file("{" FIXED ",\"substitute\":\"〓\",\"record_length\":4,\"records\":[{\"from\":\"摘要\",\"width\":4}]}",
                &one, 1, "\x81\xac\x93\x63\r\n");
    one.summary = "一行\n二行";
    assert_refused("{" FIXED ",\"record_length\":40,\"records\":[{\"from\":\"摘要\",\"width\":40}]}", &one,
                   "cannot_be_written", "制御文字");
}

static void
codes_are_translated_and_one_without_a_row_stops_the_file(void **state)
{
    (void)state;
    struct assessment_record rows[2] = {record(), record()};
    rows[1].route = "AGG";
    assert_file(
        "{" HEAD ",\"encoding\":\"utf-8\",\"quote\":\"needed\",\"codes\":{\"収納\":{\"cash\":\"01\",\"*\":\"99\"}},"
        "\"records\":[{\"from\":\"収納区分コード\",\"codes\":\"収納\"},{\"text\":\"a,b\"},{\"text\":\"q\\\"q\"}]}",
        rows, 2, "01,\"a,b\",\"q\"\"q\"\r\n99,\"a,b\",\"q\"\"q\"\r\n");
    assert_refused("{" HEAD ",\"codes\":{\"収納\":{\"cash\":\"01\"}},\"records\":[{\"from\":\"収納区分コード\","
                   "\"codes\":\"収納\"}]}",
                   &rows[1], "cannot_be_written", "表「収納」にないコードです(AGG)");
}

static void
a_file_has_a_record_for_each_line_where_it_is_asked_for(void **state)
{
    (void)state;
    struct assessment_record one = record();
    assert_file(
        "{" HEAD ",\"encoding\":\"utf-8-bom\",\"per\":\"line\",\"separator\":\"\\t\",\"quote\":\"needed\","
        "\"line_end\":\"lf\",\"header\":[{\"from\":\"出力番号\"},{\"from\":\"出力日\",\"format\":\"YYYYMMDD\"}],"
        "\"records\":[{\"from\":\"調定番号\"},{\"from\":\"内訳品目\"},{\"from\":\"内訳金額\"}]}",
        &one, 1,
        "\xEF\xBB\xBF"
        "7\t20261123\n2026-000012\t戸籍\t1350\n");
}

static void
a_descriptor_that_is_wrong_is_refused_with_its_place(void **state)
{
    (void)state;
    struct assessment_record one = record();
    static const struct {
        const char *descriptor;
        const char *words;
    } wrong[] = {
        {"", "JSONとして読めません"},
        {"[]", "全体"},
        {"{" HEAD "}", "records がありません"},
        {"{" HEAD ",\"records\":[]}", "records"},
        {"{" HEAD ",\"recordz\":[{\"text\":\"a\"}]}", "「recordz」という項目はありません"},
        {"{" HEAD ",\"records\":[{\"text\":\"a\",\"from\":\"摘要\"}]}", "records[0]"},
        {"{" HEAD ",\"records\":[{\"text\":\"a\"},{\"from\":\"摘用\"}]}", "records[1]: 「摘用」"},
        {"{" HEAD ",\"records\":[{\"from\":\"合計額\"}]}", "調定の行にはありません"},
        {"{" HEAD ",\"records\":[{\"text\":\"a\"}],\"trailer\":[{\"from\":\"摘要\"}]}",
         "見出し・末尾の行にはありません"},
        {"{" HEAD ",\"records\":[{\"from\":\"内訳金額\"}]}", "per を line"},
        {"{" HEAD ",\"records\":[{\"text\":\"a\",\"width\":3}]}", "width は固定長"},
        {"{" FIXED ",\"record_length\":3,\"records\":[{\"text\":\"a\"}]}", "width (バイト数) がありません"},
        {"{" FIXED ",\"record_length\":3,\"records\":[{\"text\":\"a\",\"width\":2}]}", "合計が2バイト"},
        {"{" FIXED ",\"records\":[{\"text\":\"a\",\"width\":2}]}", "record_length"},
        {"{" FIXED ",\"record_length\":9,\"records\":[{\"from\":\"調定額\",\"width\":9,\"align\":\"left\"}]}",
         "別の数"},
        {"{" HEAD ",\"records\":[{\"from\":\"調定額\",\"format\":\"YYYY\"}]}", "日付と会計年度だけ"},
        {"{" HEAD ",\"records\":[{\"from\":\"会計年度\",\"format\":\"MM\"}]}", "format は"},
        {"{" HEAD ",\"records\":[{\"from\":\"調定額\",\"cut\":true}]}", "cut は文字"},
        {"{" HEAD ",\"records\":[{\"from\":\"摘要\",\"codes\":\"無\"}]}", "「無」という表がありません"},
        {"{" HEAD ",\"line_end\":\"none\",\"records\":[{\"text\":\"a\"}]}", "固定長だけ"},
        {"{" HEAD ",\"encoding\":\"latin1\",\"records\":[{\"text\":\"a\"}]}", "「latin1」は書けません"},
        {"{" HEAD ",\"records\":[{\"text\":\"a\"}],\"answer\":{\"number\":1}}", "answer"},
        {"{\"layout\":\"A B\",\"title\":\"t\",\"file_name\":\"a\",\"records\":[{\"text\":\"a\"}]}", "layout は半角"},
        {"{\"layout\":\"a\",\"title\":\"t\",\"file_name\":\"../a\",\"records\":[{\"text\":\"a\"}]}", "file_name は"},
        {"{\"layout\":\"a\",\"title\":1,\"file_name\":\"a\",\"records\":[{\"text\":\"a\"}]}", "title は"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_refused(wrong[i].descriptor, &one, "layout_invalid", wrong[i].words);
    }
}

static void
the_name_of_the_file_has_the_year_and_the_number_of_the_export(void **state)
{
    (void)state;
    char name[HANDOVER_TEXT_SIZE + 32];
    struct handover_layout *layout = NULL;
    struct error_detail err;
    static const char descriptor[] = "{" HEAD ",\"records\":[{\"text\":\"a\"}]}";
    assert_int_equal(handover_layout_create(&layout, descriptor, strlen(descriptor), &err), STATUS_OK);
    handover_file_name(name, layout, 2026, 7);
    assert_string_equal(name, "a-2026-0007.txt");
    handover_layout_destroy(layout);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_stand_right_with_zeros_and_the_sign_before_them),
        cmocka_unit_test(days_are_written_by_their_era_or_not),
        cmocka_unit_test(a_text_is_cut_at_a_character_where_that_is_allowed),
        cmocka_unit_test(a_character_that_cp932_lacks_stops_the_file_unless_a_substitute_is_named),
        cmocka_unit_test(codes_are_translated_and_one_without_a_row_stops_the_file),
        cmocka_unit_test(a_file_has_a_record_for_each_line_where_it_is_asked_for),
        cmocka_unit_test(a_descriptor_that_is_wrong_is_refused_with_its_place),
        cmocka_unit_test(the_name_of_the_file_has_the_year_and_the_number_of_the_export),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
