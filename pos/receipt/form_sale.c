/* 領収書: what the citizen bought, from whom, at which tax, and how it was paid. */
#include "pos/receipt/form.h"

static const char *
title_of(const struct receipt_input *input)
{
    switch (input->sale->payment.method) {
    case METHOD_NONE:
        return "ご利用明細書"; /* nothing was received */
    case METHOD_CASH:
        break;
    case METHOD_QR:
    case METHOD_EMONEY:
    case METHOD_CREDIT:
        return input->is_usage_titled ? "ご利用明細兼領収書" : "領　収　書";
    }
    return "領　収　書";
}

static void
print_reference(struct page *page, const struct receipt_input *input)
{
    const struct sale *sale = input->sale;
    const bool is_free = sale->payment.method == METHOD_NONE;
    char day[DATE_SIZE];
    form_field(page, 0, is_free ? "整理番号" : "領収書番号", sale->receipt_number);
    if (input->at_ms != 0 && civil_date_compare(civil_date_at(input->at_ms), sale->received_on) == 0) {
        form_moment(page, is_free ? "取扱日時" : "領収日時", input->at_ms);
    } else {
        /* Paid on another day than recorded: a payment that was unknown at first, or a business day past midnight. */
        form_field(page, 0, is_free ? "取扱日" : "領収日", date_text(day, sale->received_on));
        form_moment(page, "記録日時", input->at_ms);
    }
    form_field(page, 0, "取扱者", input->clerk_name);
}

static const char *
closing_words(const struct receipt_input *input)
{
    if (input->note[0] != '\0') {
        return input->note;
    }
    return input->sale->payment.method == METHOD_NONE ? "ご利用ありがとうございました。"
                                                      : "領収書は大切に保管してください。";
}

void
form_sale(struct page *page, const struct receipt_input *input)
{
    const enum payment_method method = input->sale->payment.method;
    form_head(page, input, title_of(input));
    print_reference(page, input);
    page_rule(page);
    form_content(page, input, "合計");
    page_rule(page);
    form_payment(page, input->sale, input->brand_name);
    page_rule(page);
    if (method != METHOD_NONE) {
        page_center(page, method == METHOD_CASH ? "上記の金額を領収しました。" : "電子決済により領収しました。");
    }
    page_space(page);
    page_code(page, input->sale->receipt_number);
    form_foot(page, input, closing_words(input));
}
