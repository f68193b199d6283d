/* What the results are called, what they prove, and what a clerk is told. One switch each, so that the compiler names
 * what a new result lacks. */
#include "drivers/payment_terminal/payment_terminal_driver.h"

const char *
terminal_result_word(enum terminal_result result)
{
    switch (result) {
    case TERMINAL_APPROVED:
        return "approved";
    case TERMINAL_CENTER_ERROR:
        return "center_error";
    case TERMINAL_COMMUNICATION_ERROR:
        return "communication_error";
    case TERMINAL_DEFICIENT:
        return "deficient";
    case TERMINAL_NO_CARD:
        return "no_card";
    case TERMINAL_CANCELLED:
        return "cancelled";
    case TERMINAL_NOT_ALLOWED:
        return "not_allowed";
    case TERMINAL_BUSY:
        return "busy";
    case TERMINAL_NOT_FOUND:
        return "not_found";
    case TERMINAL_IN_PROGRESS:
        return "in_progress";
    case TERMINAL_IN_DOUBT:
        return "in_doubt";
    case TERMINAL_UNKNOWN:
        return "unknown";
    }
    return "unknown";
}

bool
terminal_result_is_free(enum terminal_result result)
{
    switch (result) {
    case TERMINAL_CENTER_ERROR:
    case TERMINAL_COMMUNICATION_ERROR:
    case TERMINAL_DEFICIENT:
    case TERMINAL_NO_CARD:
    case TERMINAL_CANCELLED:
    case TERMINAL_NOT_ALLOWED:
    case TERMINAL_BUSY:
    case TERMINAL_NOT_FOUND:
        return true;
    case TERMINAL_APPROVED:
    case TERMINAL_IN_PROGRESS:
    case TERMINAL_IN_DOUBT:
    case TERMINAL_UNKNOWN:
        return false;
    }
    return false;
}

static const char *
sentence(enum terminal_result result)
{
    switch (result) {
    case TERMINAL_APPROVED:
        return "決済しました。";
    case TERMINAL_CENTER_ERROR:
        return "カード会社が承認しませんでした。引き落としはありません。";
    case TERMINAL_COMMUNICATION_ERROR:
        return "決済端末またはセンターと通信できませんでした。引き落としはありません。";
    case TERMINAL_DEFICIENT:
        return "残高が足りません。引き落としはありません。";
    case TERMINAL_NO_CARD:
        return "カードを読み取れませんでした。引き落としはありません。";
    case TERMINAL_CANCELLED:
        return "取引は中止されました。引き落としはありません。";
    case TERMINAL_NOT_ALLOWED:
        return "このブランドではできない操作です。";
    case TERMINAL_BUSY:
        return "決済端末は別の取引を処理しています。終わってからやり直してください。";
    case TERMINAL_NOT_FOUND:
        return "決済端末にこの取引はありません。引き落としはありません。";
    case TERMINAL_IN_PROGRESS:
        return "決済端末はまだこの取引を処理しています。しばらくしてから照会してください。";
    case TERMINAL_IN_DOUBT:
        return "処理未了です。同じカードをもう一度タッチして結果を確認してください。";
    case TERMINAL_UNKNOWN:
        break;
    }
    return "決済の結果を確認できませんでした。再度請求せず、結果を照会してください。";
}

void
terminal_result_explain(enum terminal_result result, struct error_detail *err)
{
    if (result != TERMINAL_APPROVED) {
        error_set(err, terminal_result_word(result), "%s", sentence(result));
    }
}
