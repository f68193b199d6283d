/* 帳票: the model, its CSV, PDF and XLSX, and what stands on 調定票. */
#include "common/text/cp932.h"
#include "settlement/forms/assessment_form.h"
#include "settlement/forms/form_csv.h"
#include "settlement/forms/form_files.h"
#include "settlement/forms/form_words.h"
#include "settlement/forms/wareki.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *const cash = "cash";

static struct assessment_record
approved_record(void)
{
    struct assessment_record record = {.id = 7,
                                       .fiscal_year = 2026,
                                       .serial = 12,
                                       .assessed_on = "2026-11-22",
                                       .drafted_on = "2026-11-23",
                                       .section = "0310",
                                       .section_name = "市民課",
                                       .route = cash,
                                       .route_name = "現金",
                                       .tax = "exempt",
                                       .count = 5,
                                       .zero_count = 2,
                                       .sale_count = 4,
                                       .amount_yen = 3450,
                                       .summary = "窓口収納分",
                                       .proposed_by_name = "佐藤 花子",
                                       .proposed_at_ms = 1795395600000,
                                       .approved_by_name = "鈴木 一郎",
                                       .approved_at_ms = 1795399200000};
    for (int part = 0; part < ACCOUNT_PART_COUNT; part++) {
        record.parts.code[part] = "01";
        record.parts.name[part] = "戸籍手数料";
    }
    return record;
}

static const struct assessment_line two_lines[] = {
    {.item = "koseki", .name = "戸籍全部事項証明", .count = 3, .unit_price_yen = 450, .amount_yen = 1350},
    {.item = "joseki", .name = "除籍・改製原戸籍", .count = 2, .unit_price_yen = 1050, .amount_yen = 2100},
};

static enum status
make_breakdown(struct form *form, const struct assessment_record *record, struct error_detail *err)
{
    struct assessment_breakdown breakdown;
    assessment_breakdown_begin(&breakdown, form, record, "郡山市");
    for (size_t i = 0; i < 2; i++) {
        assessment_breakdown_add(&breakdown, (int64_t)i + 1, &two_lines[i]);
    }
    return assessment_breakdown_end(&breakdown, record, err);
}

static const char *
field(const struct form *form, const char *label)
{
    for (size_t i = 0; i < form->field_count; i++) {
        if (strcmp(form->fields[i].label, label) == 0) {
            return form->fields[i].text;
        }
    }
    return NULL;
}

static void
a_slip_says_what_the_record_says(void **state)
{
    (void)state;
    struct error_detail err;
    struct form form;
    struct assessment_record record = approved_record();
    assessment_slip_form(&form, &record, "郡山市");
    assert_int_equal(form_check(&form, &err), STATUS_OK);
    assert_string_equal(form.title, "調定票");
    assert_string_equal(form.reference, "調定番号 2026-000012");
    assert_string_equal(field(&form, "会計年度"), "令和8年度");
    assert_string_equal(field(&form, "調定年月日"), "令和8年11月22日");
    assert_string_equal(field(&form, "調定額"), "3,450 円");
    assert_string_equal(field(&form, "納入義務者"), "窓口納入者 ほか3名");
    assert_string_equal(field(&form, "承認者"), "鈴木 一郎　2026-11-23 11:00");
    form_finish(&form);
}

static void
a_decrease_cites_its_original_and_is_marked_negative(void **state)
{
    (void)state;
    struct form form;
    struct assessment_record record = approved_record();
    record.kind = ASSESSMENT_DECREASE;
    record.original = 3;
    record.original_serial = 9;
    assessment_slip_form(&form, &record, "郡山市");
    assert_string_equal(form.title, "減額調定票");
    assert_string_equal(field(&form, "元調定番号"), "2026-000009");
    assert_string_equal(field(&form, "減額する額"), "△3,450 円");
    form_finish(&form);
}

static void
what_is_not_approved_has_no_number_and_says_so(void **state)
{
    (void)state;
    struct form form;
    struct assessment_record record = approved_record();
    record.serial = 0;
    record.approved_at_ms = 0;
    assessment_slip_form(&form, &record, "郡山市");
    assert_string_equal(form.title, "調定票（案）");
    assert_string_equal(form.reference, "");
    assert_string_equal(field(&form, "承認者"), "");
    form_finish(&form);
}

static void
a_breakdown_that_does_not_add_up_is_refused(void **state)
{
    (void)state;
    struct error_detail err;
    struct form form;
    struct assessment_record record = approved_record();
    assert_int_equal(make_breakdown(&form, &record, &err), STATUS_OK);
    assert_int_equal(form_check(&form, &err), STATUS_OK);
    form_finish(&form);
    record.amount_yen++;
    assert_int_equal(make_breakdown(&form, &record, &err), STATUS_INVALID);
    assert_string_equal(err.code, "breakdown_differs");
    form_finish(&form);
}

static void
a_table_as_csv_has_plain_numbers_and_no_totals(void **state)
{
    (void)state;
    struct error_detail err;
    struct form form;
    struct buffer csv;
    form_begin(&form, "表", "市", 0);
    form_add_column(&form, "名", FORM_TEXT, 1);
    form_add_column(&form, "日", FORM_DAY, 1);
    form_add_column(&form, "円", FORM_YEN, 1);
    form_add_row(&form, FORM_ENTRY);
    form_add_text(&form, "=1+1\n\"𠮷\"");
    form_add_text(&form, "2026-11-22");
    form_add_number(&form, -1234567);
    form_add_row(&form, FORM_TOTAL);
    form_add_text(&form, "合計");
    form_add_blank(&form);
    form_add_number(&form, -1234567);
    assert_int_equal(form_check(&form, &err), STATUS_OK);
    buffer_init(&csv, FORM_FILE_MAX_BYTES);
    form_to_csv(&csv, &form);
    assert_string_equal(buffer_text(&csv), "\xEF\xBB\xBF\"名\",\"日\",\"円\"\r\n"
                                           "\"'=1+1 \"\"𠮷\"\"\",\"2026-11-22\",-1234567\r\n");
    buffer_clear(&csv);
    size_t replaced = 0;
    assert_int_equal(form_to_csv_cp932(&csv, &form, &replaced, &err), STATUS_OK);
    assert_int_equal(replaced, 1);
    assert_memory_equal(csv.data, "\"\x96\xBC\"", 4);
    buffer_finish(&csv);
    form_finish(&form);
}

static void
a_form_with_too_many_rows_or_missing_cells_is_refused_in_words(void **state)
{
    (void)state;
    struct error_detail err;
    struct form form;
    form_begin(&form, "表", "市", 0);
    form_add_column(&form, "名", FORM_TEXT, 1);
    for (int i = 0; i < FORM_ROWS_MAX; i++) {
        form_add_row(&form, FORM_ENTRY);
        form_add_text(&form, "x");
    }
    assert_int_equal(form_check(&form, &err), STATUS_OK);
    form_add_row(&form, FORM_ENTRY);
    form_add_text(&form, "x");
    assert_int_equal(form_check(&form, &err), STATUS_OVERFLOW);
    assert_string_equal(err.code, "form_too_large");
    assert_non_null(strstr(err.message, "20000"));
    form_finish(&form);

    form_begin(&form, "表", "市", 0);
    form_add_column(&form, "名", FORM_TEXT, 1);
    form_add_column(&form, "円", FORM_YEN, 1);
    form_add_row(&form, FORM_ENTRY);
    form_add_text(&form, "x");
    assert_int_equal(form_check(&form, &err), STATUS_OVERFLOW);
    form_finish(&form);
}

static void
a_name_with_controls_and_broken_bytes_stands_clean(void **state)
{
    (void)state;
    struct form form;
    form_begin(&form,
               "a\r\nb\x01\xE3\x81"
               "c\xC2\x85",
               "市", 0);
    assert_string_equal(form.title, "a  b \xEF\xBF\xBD\xEF\xBF\xBD"
                                    "c ");
    form_finish(&form);
}

/* What both files of one record are; the caller finishes OUT. */
static void
print_record(struct buffer *out, bool is_pdf)
{
    struct error_detail err;
    struct form slip, breakdown;
    struct assessment_record record = approved_record();
    assessment_slip_form(&slip, &record, "郡山市");
    assert_int_equal(make_breakdown(&breakdown, &record, &err), STATUS_OK);
    const struct form *forms[] = {&slip, &breakdown};
    buffer_init(out, FORM_FILE_MAX_BYTES);
    const enum status status = is_pdf ? form_to_pdf(forms, 2, out, &err) : form_to_xlsx(forms, 2, out, &err);
    if (status != STATUS_OK) {
        fail_msg("%s", err.message);
    }
    form_finish(&slip);
    form_finish(&breakdown);
}

static void
a_paper_printed_again_is_the_same_bytes(void **state)
{
    (void)state;
    static const char *const starts[] = {"PK\x03\x04", "%PDF-"};
    for (int is_pdf = 0; is_pdf < 2; is_pdf++) {
        struct buffer first, again;
        print_record(&first, is_pdf);
        print_record(&again, is_pdf);
        assert_int_equal(first.length, again.length);
        assert_memory_equal(first.data, again.data, first.length);
        assert_memory_equal(first.data, starts[is_pdf], strlen(starts[is_pdf]));
        buffer_finish(&first);
        buffer_finish(&again);
    }
}

static void
a_file_that_is_larger_than_its_limit_is_an_error_and_no_half_paper(void **state)
{
    (void)state;
    struct error_detail err;
    struct form slip;
    struct assessment_record record = approved_record();
    struct buffer out;
    assessment_slip_form(&slip, &record, "郡山市");
    const struct form *forms[] = {&slip};
    buffer_init(&out, 1000);
    assert_int_equal(form_to_pdf(forms, 1, &out, &err), STATUS_OVERFLOW);
    buffer_finish(&out);
    buffer_init(&out, 1000);
    assert_int_equal(form_to_xlsx(forms, 1, &out, &err), STATUS_OVERFLOW);
    buffer_finish(&out);
    form_finish(&slip);
}

static void
years_and_days_are_written_as_papers_write_them(void **state)
{
    (void)state;
    char text[WAREKI_TEXT_SIZE];
    assert_string_equal(wareki_day(text, (struct civil_date){2019, 4, 30}), "平成31年4月30日");
    assert_string_equal(wareki_day(text, (struct civil_date){2019, 5, 1}), "令和元年5月1日");
    assert_string_equal(wareki_day(text, (struct civil_date){2028, 2, 29}), "令和10年2月29日");
    assert_string_equal(wareki_short_day(text, (struct civil_date){2026, 3, 1}), "R8.3.1");
    assert_string_equal(wareki_fiscal_year(text, 2018), "平成30年度");
    assert_string_equal(wareki_fiscal_year(text, 2019), "令和元年度");
    assert_string_equal(wareki_fiscal_year(text, 2026), "令和8年度");
    assert_string_equal(wareki_fiscal_year(text, 1988), "昭和63年度");
    assert_string_equal(wareki_fiscal_year(text, 1989), "平成元年度");
}

static void
numbers_on_paper_have_groups_and_a_triangle_when_negative(void **state)
{
    (void)state;
    char words[FORM_WORDS_SIZE];
    const struct form_column yen = {.kind = FORM_YEN}, day = {.kind = FORM_DAY};
    assert_string_equal(form_words(words, &yen, &(struct form_cell){.text = "", .number = -1234567}), "△1,234,567");
    assert_string_equal(form_words(words, &yen, &(struct form_cell){.text = "", .is_blank = true}), "");
    assert_string_equal(form_words(words, &day, &(struct form_cell){.text = "2026-11-22"}), "R8.11.22");
    assert_string_equal(form_words(words, &day, &(struct form_cell){.text = "未定"}), "未定");
}

/* A form with one share in a table, and a chart of COUNT bars. */
static void
fill_chart(struct form *form, enum form_chart_kind kind, size_t count)
{
    form_begin(form, "キャッシュレス統計", "郡山市", 1);
    form_begin_chart(form, kind, "月別の金額", (const char *const[]){"現金", "キャッシュレス"}, 2);
    for (size_t i = 0; i < count; i++) {
        form_add_bar(form, "4月", "43.2%", (const int64_t[]){568, i == 0 ? -432 : 432});
    }
    form_add_column(form, "比率（％）", FORM_SHARE, 1);
    form_add_row(form, FORM_ENTRY);
    form_add_number(form, 432);
}

static void
a_share_is_written_in_per_cent_with_one_place(void **state)
{
    (void)state;
    struct form form;
    struct buffer csv;
    char words[FORM_WORDS_SIZE];
    fill_chart(&form, FORM_STACKED, 1);
    buffer_init(&csv, 1000);

    form_to_csv(&csv, &form);

    assert_string_equal(form_words(words, &form.columns[0], form_cell_at(&form, 0, 0)), "43.2");
    assert_string_equal(buffer_text(&csv), "\xEF\xBB\xBF\"比率（％）\"\r\n43.2\r\n");
    assert_int_equal(form.chart.bars[0].values[1], 0); /* a bar is never less than nothing */
    buffer_finish(&csv);
    form_finish(&form);
}

static void
a_chart_of_every_kind_is_drawn_and_one_bar_too_many_is_refused(void **state)
{
    (void)state;
    static const size_t room[] = {
        [FORM_STACKED] = FORM_BARS_MAX, [FORM_BESIDE] = FORM_BARS_MAX, [FORM_LYING] = FORM_LYING_BARS_MAX};
    for (int kind = FORM_STACKED; kind <= FORM_LYING; kind++) {
        for (size_t more = 0; more < 2; more++) {
            struct error_detail err;
            struct form form;
            struct buffer pdf;
            buffer_init(&pdf, FORM_FILE_MAX_BYTES);
            fill_chart(&form, (enum form_chart_kind)kind, room[kind] + more);

            const enum status status = form_to_pdf((const struct form *const[]){&form}, 1, &pdf, &err);

            assert_int_equal(status, more == 0 ? STATUS_OK : STATUS_OVERFLOW);
            assert_true(more == 1 || pdf.length > 1000);
            buffer_finish(&pdf);
            form_finish(&form);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_share_is_written_in_per_cent_with_one_place),
        cmocka_unit_test(a_chart_of_every_kind_is_drawn_and_one_bar_too_many_is_refused),
        cmocka_unit_test(a_slip_says_what_the_record_says),
        cmocka_unit_test(a_decrease_cites_its_original_and_is_marked_negative),
        cmocka_unit_test(what_is_not_approved_has_no_number_and_says_so),
        cmocka_unit_test(a_breakdown_that_does_not_add_up_is_refused),
        cmocka_unit_test(a_table_as_csv_has_plain_numbers_and_no_totals),
        cmocka_unit_test(a_form_with_too_many_rows_or_missing_cells_is_refused_in_words),
        cmocka_unit_test(a_name_with_controls_and_broken_bytes_stands_clean),
        cmocka_unit_test(a_paper_printed_again_is_the_same_bytes),
        cmocka_unit_test(a_file_that_is_larger_than_its_limit_is_an_error_and_no_half_paper),
        cmocka_unit_test(years_and_days_are_written_as_papers_write_them),
        cmocka_unit_test(numbers_on_paper_have_groups_and_a_triangle_when_negative),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
