/* 取消票: a sale that was taken back on its own day. The till keeps one with the citizen's signature when cash went
 * back. */
#include "pos/receipt/form.h"

static void
print_refund(struct page *page, const struct receipt_input *input)
{
    switch (input->sale->payment.method) {
    case METHOD_NONE:
        page_text(page, 0, "無料の取扱いを取り消しました。");
        break;
    case METHOD_CASH:
        page_text(page, 0, "現金でお返ししました。");
        page_space(page);
        page_text(page, 0, "受領者署名");
        page_space(page);
        page_rule(page);
        break;
    case METHOD_QR:
    case METHOD_EMONEY:
    case METHOD_CREDIT:
        page_text(page, 0, "お支払いを取り消しました。ご利用の決済サービスの明細でもご確認ください。");
        break;
    }
}

void
form_void(struct page *page, const struct receipt_input *input)
{
    const struct sale *sale = input->sale;
    char day[DATE_SIZE];
    form_head(page, input, "取　消　票");
    if (input->voided_at_ms != 0) {
        form_moment(page, "取消日時", input->voided_at_ms);
    } else {
        form_moment(page, "発行日時", input->printed_at_ms);
    }
    form_field(page, 0, "取扱者", input->clerk_name);
    form_field(page, 0, "理由", input->void_reason);
    page_rule(page);
    form_field(page, 0, "元の領収書", sale->receipt_number);
    form_field(page, 0, "元の領収日", date_text(day, sale->received_on));
    page_rule(page);
    form_content(page, input, "取消額");
    page_rule(page);
    if (sale->payment.method == METHOD_CASH) {
        form_field(page, 0, "お支払方法", method_name(METHOD_CASH));
    } else {
        form_payment(page, sale, input->brand_name);
    }
    page_rule(page);
    print_refund(page, input);
    page_space(page);
    page_code(page, sale->receipt_number);
    form_foot(page, input, sale->payment.method == METHOD_NONE ? "元の明細書は無効です。" : "元の領収書は無効です。");
}
