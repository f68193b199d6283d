/* Columns and labels; figures are the caller's. */
#include "settlement/forms/collection_form.h"

#include "settlement/forms/form_days.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_SIZE = 200 };

static void
begin_of_period(struct form *form, const char *title, const char *issuer, const char *from, const char *to)
{
    char text[TEXT_SIZE], first[WAREKI_TEXT_SIZE], last[WAREKI_TEXT_SIZE];
    form_begin(form, title, issuer, form_day_start_ms(to));
    form->is_landscape = true;
    if (strcmp(from, to) == 0) {
        form_add_wide_field(form, "日付", form_day_words(first, from));
        return;
    }
    snprintf(text, sizeof text, "%s から %s まで", form_day_words(first, from), form_day_words(last, to));
    form_add_wide_field(form, "期間", text);
}

void
collection_year_form(struct form *form, const char *issuer, int fiscal_year, const char *day)
{
    char text[TEXT_SIZE], words[WAREKI_TEXT_SIZE];
    form_begin(form, "調定収納一覧表", issuer, form_day_start_ms(day));
    form->is_landscape = true;
    form_add_field(form, "会計年度", wareki_fiscal_year(words, fiscal_year));
    snprintf(text, sizeof text, "%s 現在", form_day_words(words, day));
    form_add_field(form, "時点", text);
    form_add_column(form, "科目", FORM_TEXT, 10);
    form_add_column(form, "所属", FORM_TEXT, 5);
    form_add_column(form, "納付方法", FORM_TEXT, 5);
    form_add_column(form, "調定額（円）", FORM_YEN, 4);
    form_add_column(form, "収入済額（円）", FORM_YEN, 4);
    form_add_column(form, "入金予定（円）", FORM_YEN, 4);
    form_add_column(form, "予定日超過（円）", FORM_YEN, 4);
    form_add_column(form, "明細待ち（円）", FORM_YEN, 4);
    form_add_column(form, "収入未済額（円）", FORM_YEN, 4);
    form_add_note(form, "調定額は承認した調定（減額を差し引いた額）、収入済額は現金の収納と、指定納付受託者からの入金が"
                        "確かめられた額です。");
    form_add_note(form, "差引入金は総額に戻し、差し引かれた手数料は歳出として扱います（地方自治法第210条）。");
}

static void
add_sum_label(struct form *form, enum form_role role, const char *text)
{
    form_add_text(form, role == FORM_TOTAL ? "合計" : role == FORM_SUBTOTAL ? "計" : text);
}

void
collection_year_row(struct form *form, const struct collection_words *words, const struct collection_sums *sums,
                    enum form_role role)
{
    form_add_row(form, role);
    add_sum_label(form, role, words->account);
    form_add_text(form, words->section);
    form_add_text(form, words->route);
    form_add_number(form, sums->assessed_yen);
    form_add_number(form, sums->received_yen);
    form_add_number(form, sums->due_later_yen);
    form_add_number(form, sums->late_yen);
    form_add_number(form, sums->unreported_yen);
    form_add_number(form, sums->assessed_yen - sums->received_yen);
}

void
collection_day_form(struct form *form, const char *issuer, const char *from, const char *to)
{
    begin_of_period(form, "収納日計表", issuer, from, to);
    form_add_column(form, "収納日", FORM_DAY, 3);
    form_add_column(form, "収納の別", FORM_TEXT, 8);
    form_add_column(form, "会計年度", FORM_TEXT, 3);
    form_add_column(form, "科目", FORM_TEXT, 10);
    form_add_column(form, "所属", FORM_TEXT, 5);
    form_add_column(form, "収納額（円）", FORM_YEN, 4);
}

void
collection_day_row(struct form *form, const char *day, const char *source, int fiscal_year,
                   const struct collection_words *words, int64_t amount_yen, enum form_role role)
{
    char year[WAREKI_TEXT_SIZE] = "";
    if (fiscal_year != 0) {
        wareki_fiscal_year(year, fiscal_year);
    }
    form_add_row(form, role);
    form_add_text(form, day);
    add_sum_label(form, role == FORM_TOTAL ? FORM_TOTAL : FORM_ENTRY, source);
    form_add_text(form, year);
    form_add_text(form, words->account);
    form_add_text(form, words->section);
    form_add_number(form, amount_yen);
}

void
collection_fee_form(struct form *form, const char *issuer, const char *from, const char *to)
{
    begin_of_period(form, "決済手数料支出依頼書", issuer, from, to);
    form_add_seal(form, "起票");
    form_add_seal(form, "係長");
    form_add_seal(form, "課長");
    form_add_seal(form, "会計管理者");
    form_add_wide_field(form, "歳出科目", "役務費（手数料）");
    form_add_column(form, "入金日", FORM_DAY, 3);
    form_add_column(form, "指定納付受託者", FORM_TEXT, 7);
    form_add_column(form, "入金番号", FORM_TEXT, 6);
    form_add_column(form, "入金総額（円）", FORM_YEN, 4);
    form_add_column(form, "手数料（円）", FORM_YEN, 4);
    form_add_column(form, "入金額（円）", FORM_YEN, 4);
    form_add_column(form, "支払の別", FORM_TEXT, 4);
    form_add_note(
        form, "「差引」は入金から差し引かれた手数料で、収入を総額とし、同額を歳出に計上します（地方自治法第210条）。");
    form_add_note(form, "「請求」は別に請求される手数料で、明細にある額です。請求書と照らし合わせてください。");
}

void
collection_fee_row(struct form *form, const char *day, const char *trustee, const char *payout, int64_t gross_yen,
                   int64_t fee_yen, int64_t came_yen, bool is_deducted, enum form_role role)
{
    form_add_row(form, role);
    form_add_text(form, day);
    add_sum_label(form, role, trustee);
    form_add_text(form, payout);
    form_add_number(form, gross_yen);
    form_add_number(form, fee_yen);
    form_add_number(form, came_yen);
    form_add_text(form, role != FORM_ENTRY ? "" : is_deducted ? "差引" : "請求");
}
