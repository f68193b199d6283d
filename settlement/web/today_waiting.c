/* 待っている仕事: one sentence and one way there for each kind. */
#include "settlement/web/today.h"

#include <stdio.h>

enum { MESSAGE_MAX_BYTES = 256 };

/* Every sentence takes the count. The page is an address of the screen without its '#'. */
static const struct {
    const char *what;
    const char *before;
    const char *after;
    const char *page;
} kinds[WAITING_COUNT] = {
    [WAITING_QUARANTINED] = {"quarantined", "記録の受付を止めている端末が", "台あります。", "terminals"},
    [WAITING_OVERDUE] = {"overdue", "期限を過ぎた要確認が", "件あります。", "discrepancies?overdue=1"},
    [WAITING_DISCREPANCIES] = {"discrepancies", "処理していない要確認が", "件あります。", "discrepancies"},
    [WAITING_AWAITING_SECOND] = {"awaiting_second", "二人目の確認を待つ処置が", "件あります。",
                                 "discrepancies?state=awaiting_second"},
    [WAITING_LAYOUTS] = {"layouts", "二人目の確認を待つ書式が", "件あります。", "layouts"},
    [WAITING_SHARED_DRAWERS] = {"shared_drawers", "二つの端末が同時に開いているドロワが", "個あります。",
                                "days?state=open"},
    [WAITING_DISPROVED] = {"disproved", "未了のまま売上とし、引き落とされていない決済が", "件あります。",
                           "payments?state=disproved"},
    [WAITING_LATE_CASH] = {"late_cash", "払込期限を過ぎた現金が", "件あります。", "cash"},
    [WAITING_CASH_LIMIT] = {"cash_limit", "限度額を超える現金を持つ所属が", "か所あります。", "cash"},
    [WAITING_UNPROVED_CASH] = {"unproved_cash", "銀行の記録で確かめられない払込が", "件あります。",
                               "cash?view=remittances&state=confirmed"},
    [WAITING_REFUNDS] = {"refunds", "支払いを待つ還付の申出が", "件あります。", "refunds"},
    [WAITING_PARKED] = {"parked", "読めなかったレジの記録が", "件あります。", "parked"},
    [WAITING_PROPOSED] = {"proposed", "承認待ちの調定が", "件あります。", "assessments?state=proposed"},
    [WAITING_DRAFTS] = {"drafts", "起案前の調定が", "件あります。", "assessments?state=draft"},
    [WAITING_UNEXPORTED] = {"unexported", "承認済みで出力していない調定が", "件あります。",
                            "assessments?state=approved"},
    [WAITING_LATE_DEPOSITS] = {"late_deposits", "予定日を過ぎた入金が", "件あります。", "payouts?state=late"},
    [WAITING_MISSES_CLOSING] = {"misses_closing", "出納閉鎖(5月31日)に間に合わない入金が", "件あります。", "payouts"},
    [WAITING_LATE_STATEMENTS] = {"late_statements", "届いていない明細が", "件あります。", "imports"},
    [WAITING_UNCLOSED] = {"unclosed", "精算していない端末が", "台あります。", "terminals"},
    [WAITING_SILENT_TERMINALS] = {"silent_terminals", "営業中のまま1日以上記録が届かない端末が", "台あります。",
                                  "terminals"},
};

void
today_wait(struct today *today, enum waiting what, int64_t count, int64_t amount_yen)
{
    today->waiting[what].count = count;
    today->waiting[what].amount_yen = amount_yen;
}

void
json_today_waiting(struct json_writer *writer, const struct today *today)
{
    json_begin_array(writer, "waiting");
    for (int what = 0; what < WAITING_COUNT; what++) {
        int64_t count = today->waiting[what].count;
        if (count == 0) {
            continue;
        }
        char message[MESSAGE_MAX_BYTES];
        snprintf(message, sizeof message, "%s%lld%s", kinds[what].before, (long long)count, kinds[what].after);
        json_begin_object(writer, NULL);
        json_text(writer, "what", kinds[what].what);
        json_int(writer, "count", count);
        json_int(writer, "amount_yen", today->waiting[what].amount_yen);
        json_text(writer, "message", message);
        json_text(writer, "page", kinds[what].page);
        json_end_object(writer);
    }
    json_end_array(writer);
}
