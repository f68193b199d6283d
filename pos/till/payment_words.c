/* The table of sentences, and which one fits. */
#include "pos/till/payment_words.h"

#include <stdio.h>
#include <string.h>

#define NOTHING                                                                                                        \
    {                                                                                                                  \
        "", "", "", ""                                                                                                 \
    }
#define NOT_TAKEN_AGAIN                                                                                                \
    {                                                                                                                  \
        "お支払いできませんでした。お金は引き落とされていません。",                                                    \
            "The payment was not made. You have not been charged.", "付款未成功，未扣款。",                            \
            "결제되지 않았습니다. 출금되지 않았습니다."                                              \
    }

static const struct payment_words table[] = {
    /* under way */
    {"waiting_code",
     "お客様のスマートフォンのコードを読み取ってください。",
     {"支払い用のコードを画面に表示してください。", "Show the payment code on your phone.", "请出示手机上的付款码。",
      "휴대폰의 결제 코드를 보여 주세요."}},
    {"running_qr",
     "決済会社の応答を待っています。もう一度読み取らないでください。",
     {"確認しています。そのままお待ちください。", "Checking. Please wait a moment.", "正在确认，请稍候。",
      "확인 중입니다. 잠시 기다려 주세요."}},
    {"making_code",
     "お客様に読み取っていただくコードを作っています。",
     {"支払い用のコードを用意しています。そのままお待ちください。", "Preparing a code for you. Please wait a moment.",
      "正在准备付款码，请稍候。", "결제 코드를 준비하고 있습니다. 잠시 기다려 주세요."}},
    {"showing_code",
     "お客様の画面にコードを表示しています。お客様のスマートフォンで読み取って、支払いを済ませていただいてください。",
     {"スマートフォンのアプリでこのコードを読み取り、お支払いください。",
      "Scan this code with your payment app and pay.", "请用手机支付应用扫描此码付款。",
      "휴대폰 결제 앱으로 이 코드를 스캔해 결제해 주세요."}},
    {"running_emoney",
     "決済端末でお客様のタッチを待っています。",
     {"カードかスマートフォンを端末にタッチしてください。", "Touch your card or phone on the terminal.",
      "请将卡或手机贴近终端。", "카드나 휴대폰을 단말기에 터치해 주세요."}},
    {"running_credit",
     "決済端末でお客様のカードの操作を待っています。",
     {"カードを端末に差し込むか、タッチしてください。", "Insert or tap your card on the terminal.",
      "请将卡插入或贴近终端。", "카드를 단말기에 꽂거나 터치해 주세요."}},
    {"stopping",
     "中止を頼みました。先に支払いが済んでいたときは、支払い済みになります。",
     {"確認しています。そのままお待ちください。", "Checking. Please wait a moment.", "正在确认，请稍候。",
      "확인 중입니다. 잠시 기다려 주세요."}},
    {"unknown",
     "決済結果を確認できません。もう一度請求しないでください。自動で照会しています。次のお客様へ進めます。",
     {"お支払いの結果を確認しています。もう一度お支払いにならないでください。",
      "We are checking your payment. Please do not pay again.", "正在确认付款结果，请勿重复付款。",
      "결제 결과를 확인하고 있습니다. 다시 결제하지 마세요."}},
    {"unknown_long",
     "まだ決済結果を確認できません。もう一度請求しないでください。お客様に「分かり次第お知らせします」と伝え、次のお客"
     "様"
     "へ進んでください。照会は続きます。",
     {"確認に時間がかかっています。もう一度お支払いにならず、係員の案内をお待ちください。",
      "This is taking longer than usual. Please do not pay again; the clerk will tell you what to do.",
      "确认需要一些时间。请勿重复付款，并请听从工作人员的说明。",
      "확인에 시간이 걸리고 있습니다. 다시 결제하지 마시고 직원의 안내를 기다려 주세요."}},
    {"amount_differs",
     "決済会社の金額が請求と違います。もう一度請求しないでください。この決済を取りやめて、管理者に連絡してください。",
     {"お支払いの結果を確認しています。もう一度お支払いにならないでください。",
      "We are checking your payment. Please do not pay again.", "正在确认付款结果，请勿重复付款。",
      "결제 결과를 확인하고 있습니다. 다시 결제하지 마세요."}},

    /* 処理未了, by what the brand makes of it */
    {"in_doubt_touch_proves",
     "処理未了です。まだ売上になっていません。もう一度請求せず、同じカードをもう一度端末にかざしていただいてください。"
     "かざ"
     "せないときは、処理未了票を渡して次のお客様へ進みます。",
     {"同じカードをもう一度タッチしてください。", "Please touch the same card once more.", "请再次贴近同一张卡。",
      "같은 카드를 다시 한 번 터치해 주세요."}},
    {"in_doubt_touch_confirms",
     "処理未了です。まだ売上になっていません。もう一度請求せず、同じカードをもう一度端末にかざしていただいてください。"
     "かざせないときは、処理未了票を渡して次のお客様へ進みます(確定は後日のタッチでもかまいません)。",
     {"同じカードをもう一度タッチしてください。", "Please touch the same card once more.", "请再次贴近同一张卡。",
      "같은 카드를 다시 한 번 터치해 주세요."}},
    {"in_doubt_run_again",
     "処理未了です。この支払いを取り消しています。済むと、もう一度最初からお支払いいただけます。",
     {"確認しています。もう一度お支払いをお願いすることがあります。",
      "Checking. You may be asked to pay once more; you will be charged only once.",
      "正在确认。可能需要您再付款一次，不会重复扣款。",
      "확인 중입니다. 다시 한 번 결제를 부탁드릴 수 있으나 이중으로 청구되지 않습니다."}},

    /* ended without money: `declined` or `not_charged`, and why */
    {"declined", "支払いは成立しませんでした。お金は引き落とされていません。別の方法でお支払いいただいてください。",
     NOT_TAKEN_AGAIN},
    {"declined_insufficient_balance",
     "残高が足りません。お金は引き落とされていません。チャージするか、別の方法でお支払いいただいてください。",
     {"残高が足りません。お金は引き落とされていません。", "The balance is not enough. You have not been charged.",
      "余额不足，未扣款。", "잔액이 부족합니다. 출금되지 않았습니다."}},
    {"declined_code_expired",
     "コードの有効時間が過ぎています。お金は引き落とされていません。新しいコードを表示していただいてください。",
     {"コードの有効時間が過ぎました。新しいコードを表示してください。", "The code has expired. Please show a new one.",
      "付款码已过期，请重新出示。", "코드의 유효 시간이 지났습니다. 새 코드를 보여 주세요."}},
    {"declined_code_unknown",
     "このコードは使えません。お金は引き落とされていません。支払い用のコードを表示していただいてください。",
     {"支払い用のコードを表示してください。", "Please show the code for paying.", "请出示付款码。",
      "결제용 코드를 보여 주세요."}},
    {"declined_brand_unavailable",
     "この決済サービスは今使えません。お金は引き落とされていません。別の方法でお支払いいただいてください。",
     {"このサービスは今ご利用いただけません。お金は引き落とされていません。",
      "This service is not available now. You have not been charged.", "该服务目前无法使用，未扣款。",
      "현재 이 서비스를 이용할 수 없습니다. 출금되지 않았습니다."}},
    {"declined_refused",
     "決済会社が承認しませんでした。お金は引き落とされていません。別の方法でお支払いいただいてください。",
     NOT_TAKEN_AGAIN},
    {"declined_no_card",
     "カードを読み取れませんでした。お金は引き落とされていません。もう一度同じ方法を選ぶと、やり直せます。",
     {"カードを読み取れませんでした。お金は引き落とされていません。",
      "The card could not be read. You have not been charged.", "无法读取卡片，未扣款。",
      "카드를 읽을 수 없습니다. 출금되지 않았습니다."}},
    {"declined_not_allowed",
     "このカードではお支払いいただけません。お金は引き落とされていません。別の方法でお支払いいただいてください。",
     {"このカードはご利用いただけません。お金は引き落とされていません。",
      "This card cannot be used here. You have not been charged.", "此卡无法使用，未扣款。",
      "이 카드는 사용할 수 없습니다. 출금되지 않았습니다."}},
    {"not_charged", "お支払いは行われていません。もう一度お支払い方法を選んでください。", NOT_TAKEN_AGAIN},
    {"not_charged_cancelled", "お支払いは中止されました。お金は引き落とされていません。", NOT_TAKEN_AGAIN},
    {"not_charged_unreachable",
     "決済会社につながりません。お金は引き落とされていません。別の方法でお支払いいただくか、少し待ってやり直してくださ"
     "い。",
     NOT_TAKEN_AGAIN},
    {"not_charged_busy", "決済端末が別の処理をしています。お金は引き落とされていません。少し待ってやり直してください。",
     NOT_TAKEN_AGAIN},
    {"not_charged_code_timeout",
     "コードの読み取りを待つ時間が過ぎました。お金は引き落とされていません。もう一度お支払い方法を選んでください。",
     NOT_TAKEN_AGAIN},
    {"not_charged_run_again",
     "処理未了の支払いは取り消されました。お金は引き落とされていません。もう一度最初からお支払いいただいてください。",
     {"もう一度お支払いをお願いします。前のお支払いは引き落とされていません。",
      "Please pay once more. You have not been charged for the first try.", "请再付款一次，前一次未扣款。",
      "다시 한 번 결제해 주세요. 이전 결제는 출금되지 않았습니다."}},
    {"reversed",
     "引き落とされていたお金は返されました。もう一度お支払い方法を選んでください。",
     {"お支払いは取り消されました。", "The payment has been cancelled and returned.", "付款已取消并退回。",
      "결제가 취소되어 환불되었습니다."}},
    {"held",
     "引き落とされていて、ここでは返せません。会計担当が返金します。もう一度請求しないでください。",
     {"引き落とされた金額は、後日お返しします。", "The amount taken will be returned to you later.",
      "已扣金额将于日后退还。", "출금된 금액은 나중에 돌려드립니다."}},

    /* in the list, while others are served; for the citizen: what to tell him */
    {"listed_unknown",
     "結果を自動で照会しています。もう一度請求しないでください。",
     {"お支払いの結果を確認しています。分かり次第お知らせします。",
      "We are checking your payment and will let you know.", "正在确认付款结果，确认后会通知您。",
      "결제 결과를 확인하고 있으며 확인되는 대로 알려드리겠습니다."}},
    {"listed_touch_proves",
     "処理未了です。まだ売上になっていません。同じカードの次のタッチで結果が分かります。もう一度請求しないでください。",
     {"カードの残高や履歴をお確かめのうえ、同じカードをもう一度タッチしてください。",
      "Please check your card's balance or history, and touch the same card once more.",
      "请确认卡的余额或记录，并再次贴近同一张卡。",
      "카드의 잔액이나 이용 내역을 확인하시고 같은 카드를 다시 터치해 주세요."}},
    {"listed_touch_confirms",
     "処理未了です。同じカードの次のタッチで確定します(後日でもかまいません)。もう一度請求しないでください。",
     {"次に同じカードをタッチしたときに、お支払いが確定します。",
      "The payment will be settled when you next touch the same card.", "下次贴近同一张卡时，付款即可确定。",
      "다음에 같은 카드를 터치하실 때 결제가 확정됩니다."}},
    {"listed_run_again",
     "処理未了です。この支払いを取り消しています。もう一度請求するのは、取消が済んでからにしてください。",
     {"お支払いを取り消しています。少しお待ちください。", "We are cancelling the payment. Please wait a moment.",
      "正在取消付款，请稍候。", "결제를 취소하고 있습니다. 잠시 기다려 주세요."}},
    {"listed_counts_as_sale",
     "処理未了ですが、売上にしました。引き落とされていなかったときは、後で決済会社が取り消し、会計担当が確かめます。も"
     "う一"
     "度請求しないでください。",
     {"お支払いは済んでいます。", "Your payment has been made.", "付款已完成。", "결제가 완료되었습니다."}},
    {"listed_abandoned",
     "取りやめました。お金が動いていれば自動で取り消します。",
     {"お支払いは取りやめました。引き落とされていたときは、自動で返金されます。",
      "The payment was cancelled. If you were charged, it will be returned automatically.",
      "付款已取消。如已扣款，将自动退回。", "결제를 취소했습니다. 출금된 경우 자동으로 환불됩니다."}},
    {"listed_held",
     "取り消せませんでした。会計担当が返金します。",
     {"引き落とされた金額は、後日お返しします。", "The amount taken will be returned to you later.",
      "已扣金额将于日后退还。", "출금된 금액은 나중에 돌려드립니다."}},
    {"listed_refunding",
     "決済会社からの返金の結果を確かめています。もう一度返金しないでください。結果は会計一覧に出ます。",
     {"返金の結果を確認しています。", "We are checking the refund of your payment.", "正在确认退款结果。",
      "환불 결과를 확인하고 있습니다."}},
    {"listed_voiding",
     "取消の結果を確かめています。返金はまだ確認できていません。",
     {"取消の手続きをしています。返金を確認でき次第お知らせします。",
      "We are cancelling the payment and will let you know when it has been returned.",
      "正在办理取消，确认退款后会通知您。", "취소 처리 중이며 환불이 확인되는 대로 알려드리겠습니다."}},
};

/* Causes (of gateway and terminal) that have a sentence of their own. */
static const struct {
    const char *cause;
    const char *code;
} endings[] = {
    {"insufficient_balance", "declined_insufficient_balance"},
    {"deficient", "declined_insufficient_balance"},
    {"code_expired", "declined_code_expired"},
    {"code_unknown", "declined_code_unknown"},
    {"other_brand", "declined_code_unknown"},
    {"brand_unavailable", "declined_brand_unavailable"},
    {"refused", "declined_refused"},
    {"center_error", "declined_refused"},
    {"no_card", "declined_no_card"},
    {"not_allowed", "declined_not_allowed"},
    {"cancelled", "not_charged_cancelled"},
    {"not_reached", "not_charged_unreachable"},
    {"communication_error", "not_charged_unreachable"},
    {"busy", "not_charged_busy"},
    {"code_timeout", "not_charged_code_timeout"},
    {"canceled", "not_charged_cancelled"},
    {"run_again", "not_charged_run_again"},
    {"reversed", "reversed"},
    {"held", "held"},
};

const struct payment_words *
payment_words_all(size_t *out_count)
{
    *out_count = sizeof table / sizeof table[0];
    return table;
}

const struct payment_words *
payment_words(const char *code)
{
    const struct payment_words *fallback = NULL;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (strcmp(table[i].code, code) == 0) {
            return &table[i];
        }
        fallback = strcmp(table[i].code, "unknown") == 0 ? &table[i] : fallback;
    }
    return fallback;
}

static const char *
ending_code(const struct foreground *foreground)
{
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (strcmp(endings[i].cause, foreground->cause) == 0) {
            return endings[i].code;
        }
    }
    return foreground->state == FOREGROUND_DECLINED ? "declined" : "not_charged";
}

const char *
foreground_code(const struct till *till)
{
    static const char *const doubts[] = {
        [DOUBT_TOUCH_PROVES] = "in_doubt_touch_proves",
        [DOUBT_TOUCH_CONFIRMS] = "in_doubt_touch_confirms",
        [DOUBT_COUNTS_AS_SALE] = "in_doubt_touch_proves", /* only until the sale is recorded */
        [DOUBT_RUN_AGAIN] = "in_doubt_run_again",
    };
    const struct foreground *foreground = &till->foreground;
    switch (foreground->state) {
    case FOREGROUND_WAITING_CODE:
        return "waiting_code";
    case FOREGROUND_RUNNING:
        return foreground->is_stopping               ? "stopping"
               : foreground->payload[0] != '\0'      ? "showing_code"
               : foreground->is_presented            ? "making_code"
               : foreground->method == METHOD_QR     ? "running_qr"
               : foreground->method == METHOD_EMONEY ? "running_emoney"
                                                     : "running_credit";
    case FOREGROUND_UNKNOWN:
        return strcmp(foreground->cause, "amount_differs") == 0 ? "amount_differs"
               : foreground->is_late                            ? "unknown_long"
                                                                : "unknown";
    case FOREGROUND_IN_DOUBT:
        return doubts[foreground->doubt];
    case FOREGROUND_DECLINED:
    case FOREGROUND_NOT_CHARGED:
        return ending_code(foreground);
    case FOREGROUND_NONE:
        break;
    }
    return "";
}

const char *
open_payment_code(const char *state, bool is_abandoned, const char *rule)
{
    enum doubt_rule doubt;
    if (strcmp(state, "held") == 0) {
        return "listed_held";
    }
    if (strcmp(state, "refunding") == 0) {
        return "listed_refunding";
    }
    if (strcmp(state, "approved") == 0) {
        return rule[0] != '\0' ? "listed_counts_as_sale" : "listed_voiding";
    }
    if (is_abandoned) {
        return "listed_abandoned";
    }
    if (strcmp(state, "in_doubt") != 0) {
        return "listed_unknown";
    }
    if (!doubt_rule_from_word(rule, &doubt)) {
        doubt = DOUBT_TOUCH_PROVES;
    }
    return doubt == DOUBT_TOUCH_CONFIRMS ? "listed_touch_confirms"
           : doubt == DOUBT_RUN_AGAIN    ? "listed_run_again"
                                         : "listed_touch_proves";
}

void
write_payment_words(const char *code, const char *clerk, struct json_writer *writer)
{
    static const char *const languages[] = {
        [LANGUAGE_JA] = "ja", [LANGUAGE_EN] = "en", [LANGUAGE_ZH] = "zh", [LANGUAGE_KO] = "ko"};
    const struct payment_words *words = payment_words(code);
    json_text(writer, "code", words->code);
    json_text(writer, "clerk_message", clerk[0] != '\0' ? clerk : words->clerk);
    json_text(writer, "citizen_message", words->citizen[LANGUAGE_JA]);
    json_begin_object(writer, "say");
    for (size_t i = 0; i < PAYMENT_LANGUAGES; i++) {
        json_text(writer, languages[i], words->citizen[i]);
    }
    json_end_object(writer);
}
