/* Columns and labels. */
#include "settlement/forms/refund_form.h"

#include "common/money/yen.h"
#include "settlement/forms/form_days.h"

#include <stdio.h>

enum { TEXT_SIZE = 256 };

static const char *
day_or_blank(char out[WAREKI_TEXT_SIZE], const char *day)
{
    return day[0] != '\0' ? form_day_words(out, day) : "";
}

static void
add_head(struct form *form, const struct refund_paper *paper)
{
    char text[TEXT_SIZE], words[WAREKI_TEXT_SIZE], yen[YEN_TEXT_SIZE];
    snprintf(text, sizeof text, "還付番号 %s", paper->refund);
    form_set_reference(form, text);
    form_add_field(form, "会計年度", wareki_fiscal_year(words, paper->treatment.fiscal_year));
    form_add_field(form, "会計での扱い", refund_treatment_name(paper->treatment));
    form_add_field(form, "領収書番号", paper->receipt_number);
    form_add_field(form, "受領日", day_or_blank(words, paper->received_on));
    snprintf(text, sizeof text, "金 %s 円", yen_format(yen, paper->amount_yen));
    form_add_wide_field(form, "還付額", text);
    form_add_wide_field(form, "還付の理由", paper->reason);
    form_add_field(form, "支払方法", paper->means);
    form_add_field(form, "状態", paper->state);
    form_add_field(form, "起票日", day_or_blank(words, paper->requested_on));
    form_add_field(form, "起票者", paper->requested_by);
    form_add_field(form, "承認者", paper->approved_by);
    form_add_field(form, "支払日", day_or_blank(words, paper->paid_on));
}

void
refund_form(struct form *form, const char *issuer, const struct refund_paper *paper)
{
    const char *title = paper->is_withdrawn            ? "還付命令票（取下げ済み）"
                        : paper->treatment.is_decrease ? "還付命令票（戻出）"
                                                       : "還付支出依頼票（歳出・償還金）";
    form_begin(form, title, issuer, paper->requested_at_ms);
    form_add_seal(form, "起票");
    form_add_seal(form, "承認");
    form_add_seal(form, "出納");
    add_head(form, paper);
    form_add_column(form, "品目", FORM_TEXT, 6);
    form_add_column(form, "科目", FORM_TEXT, 7);
    form_add_column(form, "所属", FORM_TEXT, 4);
    form_add_column(form, "売上額（円）", FORM_YEN, 3);
    form_add_column(form, "還付額（円）", FORM_YEN, 3);
    form_add_note(form, paper->treatment.is_decrease
                            ? "受け入れた年度の出納整理期間までの還付です。同額の減額調定を行います。"
                            : "受け入れた年度の出納閉鎖後の還付です。調定は変えず、返す年度の歳出（償還金利子及び割引料"
                              "）から支出します。");
}

void
refund_form_row(struct form *form, const struct refund_form_line *line, enum form_role role)
{
    bool is_entry = role == FORM_ENTRY;
    form_add_row(form, role);
    form_add_text(form, is_entry ? line->item : "合計");
    form_add_text(form, is_entry ? line->account : "");
    form_add_text(form, is_entry ? line->section : "");
    form_add_number(form, line->sold_yen);
    form_add_number(form, line->back_yen);
}
