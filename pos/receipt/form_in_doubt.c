/* 処理未了: the card left between debit and confirmation. The citizen takes this home instead of a receipt, and must
 * see at a glance that it is none, what may have happened to the money, and what to do. */
#include "pos/receipt/form.h"

static const char common_guidance[] =
    "カードまたはスマートフォンの残高が引き落とされているか、まだ確認できていません。\n"
    "・結果が分かるまで、同じお支払いを繰り返さないでください。\n"
    "・残高や利用履歴をご確認のうえ、カードとこの票をお持ちください。\n"
    "・引き落としが確認できたときは、領収書をお渡しします。";

void
form_in_doubt(struct page *page, const struct receipt_input *input)
{
    const struct receipt_in_doubt *doubt = input->in_doubt;
    char amount[AMOUNT_SIZE];
    form_head(page, input, "処　理　未　了");
    page_emphasised(page, true);
    page_center(page, "お支払いは完了していません。\nこの票は領収書ではありません。");
    page_emphasised(page, false);
    page_space(page);
    page_rule(page);
    page_total(page, "金額", "", amount_text(amount, doubt->amount_yen));
    page_rule(page);
    form_moment(page, "発生日時", input->at_ms);
    form_field(page, 0, "お支払方法", method_name(doubt->method));
    form_field(page, 0, "ブランド", input->brand_name);
    form_field(page, 0, "端末", input->terminal);
    form_field(page, 0, "取扱者", input->clerk_name);
    form_field(page, 0, "取引番号", doubt->acquirer_reference);
    form_field(page, 0, "受付番号", doubt->payment);
    page_rule(page);
    page_text(page, 0, doubt->guidance[0] != '\0' ? doubt->guidance : common_guidance);
    page_space(page);
    page_code(page, doubt->payment);
    form_foot(page, input, input->note[0] != '\0' ? input->note : "お手数をおかけします。");
}
