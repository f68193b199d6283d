/* Columns and labels. */
#include "settlement/forms/cash_book_form.h"

#include "settlement/forms/form_days.h"

static void
begin(struct form *form, const char *title, const char *issuer, const char *from, const char *to, const char *section)
{
    form_begin(form, title, issuer, form_day_start_ms(to));
    form->is_landscape = true;
    cash_form_period(form, from, to);
    if (section[0] != '\0') {
        form_add_field(form, "所属", section);
    }
}

void
cash_table_form(struct form *form, const char *issuer, enum cash_table table, const char *from, const char *to,
                const char *section)
{
    begin(form, table == CASH_TABLE_DAY ? "日計表" : "月計表", issuer, from, to, section);
    form_add_column(form, table == CASH_TABLE_DAY ? "所属" : "日", table == CASH_TABLE_DAY ? FORM_TEXT : FORM_DAY, 5);
    form_add_column(form, "現金（件）", FORM_COUNT, 3);
    form_add_column(form, "現金売上", FORM_YEN, 4);
    form_add_column(form, "現金還付", FORM_YEN, 3);
    form_add_column(form, "入出金", FORM_YEN, 3);
    form_add_column(form, "過不足", FORM_YEN, 3);
    form_add_column(form, "払込対象額", FORM_YEN, 4);
    form_add_column(form, "前日残", FORM_YEN, 4);
    form_add_column(form, "払込済み", FORM_YEN, 4);
    form_add_column(form, "手元残", FORM_YEN, 4);
    form_add_column(form, "非現金（件）", FORM_COUNT, 3);
    form_add_column(form, "非現金売上", FORM_YEN, 4);
    form_add_note(form, "金額は円。精算を終えた営業日の記録による。売上は取消を引いた額。払込済みは領収日による。");
    form_add_note(form, "前日残 ＋ 払込対象額 − 払込済み ＝ 手元残。つり銭は含まない。");
}

void
cash_table_row(struct form *form, const char *label, const struct cash_sums *sums, int64_t before_yen, int64_t paid_yen,
               int64_t left_yen, enum form_role role)
{
    form_add_row(form, role);
    form_add_text(form, role == FORM_TOTAL ? "合計" : label);
    form_add_number(form, sums->sale_count);
    form_add_number(form, sums->sales_yen - sums->void_yen);
    form_add_number(form, sums->refund_yen);
    form_add_number(form, sums->in_yen - sums->out_yen);
    form_add_number(form, sums->difference_yen);
    form_add_number(form, sums->deposit_yen);
    form_add_number(form, before_yen);
    form_add_number(form, paid_yen);
    form_add_number(form, left_yen);
    form_add_number(form, sums->cashless_count);
    form_add_number(form, sums->cashless_yen);
}

void
cash_book_form(struct form *form, const char *issuer, const char *from, const char *to, const char *section,
               const char *officer)
{
    begin(form, "現金出納簿", issuer, from, to, section);
    if (section[0] != '\0') {
        form_add_field(form, "出納員", officer);
    }
    form_add_column(form, "日付", FORM_DAY, 3);
    form_add_column(form, "所属", FORM_TEXT, 6);
    form_add_column(form, "摘要", FORM_TEXT, 12);
    form_add_column(form, "受入（円）", FORM_YEN, 4);
    form_add_column(form, "払出（円）", FORM_YEN, 4);
    form_add_column(form, "残高（円）", FORM_YEN, 4);
    form_add_note(
        form,
        "受入は精算の払込対象額（数えた現金 − つり銭）、払出は領収が確かめられた払込。つり銭は釣銭管理簿による。");
}

void
cash_book_row(struct form *form, const char *day, const char *section, const char *words, int64_t in_yen,
              int64_t out_yen, int64_t balance_yen, enum form_role role)
{
    form_add_row(form, role);
    form_add_text(form, day);
    form_add_text(form, section);
    form_add_text(form, role == FORM_TOTAL ? "合計" : words);
    if (in_yen != 0 || role == FORM_TOTAL) {
        form_add_number(form, in_yen);
    } else {
        form_add_blank(form);
    }
    if (out_yen != 0 || role == FORM_TOTAL) {
        form_add_number(form, out_yen);
    } else {
        form_add_blank(form);
    }
    form_add_number(form, balance_yen);
}

void
float_form(struct form *form, const char *issuer, const char *from, const char *to, const char *section)
{
    begin(form, "釣銭管理簿", issuer, from, to, section);
    form_add_column(form, "窓口", FORM_TEXT, 6);
    form_add_column(form, "端末", FORM_TEXT, 3);
    form_add_column(form, "営業日", FORM_DAY, 3);
    form_add_column(form, "開始時のつり銭", FORM_YEN, 4);
    form_add_column(form, "追加・返納", FORM_YEN, 4);
    form_add_column(form, "精算時のつり銭", FORM_YEN, 4);
    form_add_column(form, "数えた現金", FORM_YEN, 4);
    form_add_column(form, "うち払込額", FORM_YEN, 4);
    form_add_column(form, "返納したつり銭", FORM_YEN, 4);
    form_add_column(form, "精算者", FORM_TEXT, 3);
    form_add_note(form, "金額は円。つり銭は会計管理者が貸し出した資金で、歳入ではない。精算で数えた現金から先に返す。");
}

void
float_form_row(struct form *form, const struct float_line *line)
{
    form_add_row(form, FORM_ENTRY);
    form_add_text(form, line->place);
    form_add_text(form, line->terminal);
    form_add_text(form, line->business_date);
    form_add_number(form, line->opening_yen);
    form_add_number(form, line->moved_yen);
    form_add_number(form, line->close_yen);
    form_add_number(form, line->counted_yen);
    form_add_number(form, line->deposit_yen);
    form_add_number(form, line->returned_yen);
    form_add_text(form, line->clerk);
}
