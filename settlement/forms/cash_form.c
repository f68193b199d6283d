/* Columns and labels. */
#include "settlement/forms/cash_form.h"

#include "common/money/yen.h"
#include "settlement/forms/form_days.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_SIZE = 256 };

void
cash_form_period(struct form *form, const char *from, const char *to)
{
    char text[TEXT_SIZE], first[WAREKI_TEXT_SIZE], last[WAREKI_TEXT_SIZE];
    if (strcmp(from, to) == 0) {
        form_add_field(form, "日付", form_day_words(first, from));
        return;
    }
    snprintf(text, sizeof text, "%s から %s まで", form_day_words(first, from), form_day_words(last, to));
    form_add_wide_field(form, "期間", text);
}

static void
add_head(struct form *form, const struct remittance_paper *paper)
{
    char text[TEXT_SIZE], words[WAREKI_TEXT_SIZE], yen[YEN_TEXT_SIZE];
    snprintf(text, sizeof text, "払込番号 %s", paper->number);
    form_set_reference(form, text);
    form_add_field(form, "会計年度", wareki_fiscal_year(words, paper->fiscal_year));
    form_add_field(form, "払込日", form_day_words(words, paper->pay_on));
    form_add_field(form, "所属", paper->section);
    form_add_field(form, "出納員", paper->officer);
    form_add_field(form, "払込先", paper->bank);
    form_add_field(form, "振込依頼人番号（照合用）", paper->reference);
    snprintf(text, sizeof text, "金 %s 円", yen_format(yen, paper->amount_yen));
    form_add_wide_field(form, "払込金額", text);
    snprintf(text, sizeof text, "精算 %lld件　過不足の計 %s円", (long long)paper->close_count,
             yen_format(yen, paper->difference_yen));
    form_add_wide_field(form, "内訳", text);
    form_add_field(form, "作成者", paper->prepared_by);
    form_add_field(form, "領収日", paper->paid_on[0] != '\0' ? form_day_words(words, paper->paid_on) : "");
    form_add_field(form, "領収書・領収印", paper->receipt);
    form_add_field(form, "領収の確認者", paper->confirmed_by);
}

void
remittance_form(struct form *form, const char *issuer, const struct remittance_paper *paper)
{
    form_begin(form, paper->is_undone ? "現金払込書（取消済み）" : "現金払込書", issuer, paper->prepared_at_ms);
    form->is_landscape = true;
    form_add_seal(form, "作成");
    form_add_seal(form, "出納員");
    form_add_seal(form, "領収印");
    add_head(form, paper);
    form_add_column(form, "窓口", FORM_TEXT, 6);
    form_add_column(form, "端末", FORM_TEXT, 3);
    form_add_column(form, "営業日", FORM_DAY, 3);
    form_add_column(form, "精算", FORM_TEXT, 2);
    form_add_column(form, "計算上の現金（円）", FORM_YEN, 4);
    form_add_column(form, "数えた現金（円）", FORM_YEN, 4);
    form_add_column(form, "過不足（円）", FORM_YEN, 3);
    form_add_column(form, "過不足の理由", FORM_TEXT, 6);
    form_add_column(form, "つり銭（円）", FORM_YEN, 4);
    form_add_column(form, "払込額（円）", FORM_YEN, 4);
    form_add_note(form, "払込額は精算で数えた現金からつり銭を引いた額で、精算の記録から計算しています。");
    if (paper->is_after_closing) {
        form_add_note(form, "払込日が出納閉鎖期日（5月31日）を過ぎています。新年度の収入として扱ってください。");
    }
    if (paper->is_undone) {
        form_add_note(form, "この払込書は取り消されています。使用しないでください。");
    }
}

static void
add_number_text(struct form *form, int64_t number)
{
    char text[TEXT_SIZE] = "";
    if (number != 0) {
        snprintf(text, sizeof text, "%lld回", (long long)number);
    }
    form_add_text(form, text);
}

void
remittance_form_row(struct form *form, const struct remittance_line *line, enum form_role role)
{
    bool is_entry = role == FORM_ENTRY;
    form_add_row(form, role);
    form_add_text(form, is_entry ? line->place : "合計");
    form_add_text(form, is_entry ? line->terminal : "");
    form_add_text(form, is_entry ? line->business_date : "");
    add_number_text(form, is_entry ? line->number : 0);
    form_add_number(form, line->expected_yen);
    form_add_number(form, line->counted_yen);
    form_add_number(form, line->difference_yen);
    form_add_text(form, is_entry ? line->reason : "");
    form_add_number(form, line->float_yen);
    form_add_number(form, line->deposit_yen);
}

void
cash_sums_add(struct cash_sums *to, const struct cash_sums *more)
{
    to->sale_count += more->sale_count;
    to->sales_yen += more->sales_yen;
    to->void_yen += more->void_yen;
    to->refund_yen += more->refund_yen;
    to->in_yen += more->in_yen;
    to->out_yen += more->out_yen;
    to->difference_yen += more->difference_yen;
    to->deposit_yen += more->deposit_yen;
    to->cashless_count += more->cashless_count;
    to->cashless_yen += more->cashless_yen;
}

void
receipts_form(struct form *form, const char *issuer, const char *from, const char *to, const char *section,
              const char *officer)
{
    form_begin(form, "収納日報", issuer, form_day_start_ms(to));
    form->is_landscape = true;
    form_add_seal(form, "現金取扱員");
    form_add_seal(form, "出納員");
    form_add_seal(form, "会計管理者");
    cash_form_period(form, from, to);
    if (section[0] != '\0') {
        form_add_field(form, "所属", section);
        form_add_field(form, "出納員", officer);
    }
    form_add_column(form, "所属（出納員）", FORM_TEXT, 6);
    form_add_column(form, "窓口", FORM_TEXT, 6);
    form_add_column(form, "端末", FORM_TEXT, 3);
    form_add_column(form, "営業日", FORM_DAY, 3);
    form_add_column(form, "精算", FORM_TEXT, 2);
    form_add_column(form, "現金売上", FORM_YEN, 4);
    form_add_column(form, "取消", FORM_YEN, 3);
    form_add_column(form, "還付", FORM_YEN, 3);
    form_add_column(form, "入金", FORM_YEN, 3);
    form_add_column(form, "出金", FORM_YEN, 3);
    form_add_column(form, "過不足", FORM_YEN, 3);
    form_add_column(form, "払込額", FORM_YEN, 4);
    form_add_note(form, "金額は円。精算（Z）の記録により、現金売上 − 取消 − 還付 ＋ 入金 − 出金 ＋ 過不足 ＝ 払込額。");
}

void
receipts_form_row(struct form *form, const struct receipts_words *words, const struct cash_sums *sums,
                  enum form_role role)
{
    bool is_entry = role == FORM_ENTRY;
    form_add_row(form, role);
    form_add_text(form, role == FORM_TOTAL ? "合計" : words->office);
    form_add_text(form, is_entry ? words->place : role == FORM_SUBTOTAL ? "計" : "");
    form_add_text(form, is_entry ? words->terminal : "");
    form_add_text(form, is_entry ? words->business_date : "");
    add_number_text(form, is_entry ? words->number : 0);
    form_add_number(form, sums->sales_yen);
    form_add_number(form, sums->void_yen);
    form_add_number(form, sums->refund_yen);
    form_add_number(form, sums->in_yen);
    form_add_number(form, sums->out_yen);
    form_add_number(form, sums->difference_yen);
    form_add_number(form, sums->deposit_yen);
}
