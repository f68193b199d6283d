/* Questions that give a row only where something is wrong, and the sentences for it. */
#include "settlement/audit/outside.h"

#include "common/clock/civil.h"
#include "settlement/store/audit_outside_store.h"

#include <string.h>

enum {
    CANCELLED_KEPT_DAYS = 90 /* matching may forget a cancelled payment after so many days: nothing is expected of it */
};

static void
report_match(const struct audit_rows *row, struct findings *findings)
{
    finding_add(
        findings, "match_unjustified", audit_text(row, 0), audit_int(row, 1), 0, audit_int(row, 5),
        "取込%lldの%lld行目との一致(%s)を、取引ID・決済会社のID・伝票番号・人の判断のいずれも裏付けていません。",
        (long long)audit_int(row, 2), (long long)audit_int(row, 3), audit_text(row, 4));
}

static void
report_refund_seen(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "match_unjustified", audit_text(row, 0), audit_int(row, 1), 0, audit_int(row, 4),
                "取込%lldの%lld行目は、還付の明細とされていますが、裏付けがありません。", (long long)audit_int(row, 2),
                (long long)audit_int(row, 3));
}

static void
report_line_twice(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "line_matched_twice", NULL, 0, audit_int(row, 2), audit_int(row, 3),
                "取込%lldの%lld行目が、二つ以上の決済と一致したとされています。", (long long)audit_int(row, 0),
                (long long)audit_int(row, 1));
}

/* A cancelled payment that is old is on no list, and rightly so. */
static bool
is_rightly_forgotten(const struct audit_rows *row)
{
    struct civil_date day;
    struct civil_date last_run;
    const char *day_text = audit_text(row, 5);
    const char *run_text = audit_text(row, 6);
    return audit_int(row, 4) != 0 && civil_date_parse(&day, day_text, strlen(day_text)) == STATUS_OK &&
           civil_date_parse(&last_run, run_text, strlen(run_text)) == STATUS_OK &&
           civil_date_compare(civil_date_add_days(day, CANCELLED_KEPT_DAYS), last_run) < 0;
}

static void
report_absent_payment(const struct audit_rows *row, struct findings *findings)
{
    if (!is_rightly_forgotten(row)) {
        finding_add(findings, "payment_left_out", audit_text(row, 0), audit_int(row, 1), audit_int(row, 3), 0,
                    "%sが、一致にも未照合の一覧にもなく、処置もされていません。",
                    strcmp(audit_text(row, 2), "void") == 0 ? "決済の取消" : "決済");
    }
}

static void
report_payment_twice(const struct audit_rows *row, struct findings *findings)
{
    int64_t yen = audit_int(row, 3);
    finding_add(findings, "payment_in_two_places", audit_text(row, 0), audit_int(row, 1), yen, 2 * yen,
                "決済が、一致したとされながら未照合の一覧にもあります。");
}

static void
report_strange_item(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "open_item_unexpected", audit_text(row, 0), audit_int(row, 1), 0, 0,
                "未照合の一覧に、どこにもない決済があります。");
}

static void
report_line(const struct audit_rows *row, struct findings *findings)
{
    int64_t yen = audit_int(row, 2);
    bool is_in_two = audit_int(row, 3) != 0;
    finding_add(findings, is_in_two ? "line_in_two_places" : "line_left_out", NULL, 0, yen, is_in_two ? 2 * yen : 0,
                is_in_two ? "取込%lldの%lld行目が、一致したとされながら未照合の一覧にもあります。"
                          : "取込%lldの%lld行目が、一致にも未照合の一覧にもなく、処置もされていません。",
                (long long)audit_int(row, 0), (long long)audit_int(row, 1));
}

static void
report_strange_line(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "open_line_unexpected", NULL, 0, 0, 0,
                "未照合の一覧に、明細のどこにもない行(取込%lldの%lld行目)があります。", (long long)audit_int(row, 0),
                (long long)audit_int(row, 1));
}

static void
report_stake(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "discrepancy_differs", NULL, 0, audit_int(row, 2), audit_int(row, 3),
                "要確認%lld(%s)の金額が、決済・明細・入金から計算した額と異なります。", (long long)audit_int(row, 0),
                audit_text(row, 1));
}

static void
report_unheard(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "deposit_unheard_of", NULL, 0, audit_int(row, 2), 0,
                "入金%s(%s)は予定日%sを過ぎても入金がないのに、要確認になっていません。", audit_text(row, 1),
                audit_text(row, 0), audit_text(row, 3));
}

static void
report_second_person(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "second_person_missing", NULL, 0, 0, audit_int(row, 2),
                "%s%lldは、お金が動くのに二人の判断になっていません。", audit_text(row, 0),
                (long long)audit_int(row, 1));
}

static void
report_decision(const struct audit_rows *row, struct findings *findings)
{
    bool is_forgotten = audit_int(row, 4) != 0;
    finding_add(findings, is_forgotten ? "decision_not_followed" : "decided_twice", audit_text(row, 0),
                audit_int(row, 1), audit_int(row, 4), audit_int(row, 5),
                is_forgotten ? "取込%lldの%lld行目と同じ取引だという人の判断が、守られていません。"
                             : "取込%lldの%lld行目についての人の判断が、互いに矛盾しています。",
                (long long)audit_int(row, 2), (long long)audit_int(row, 3));
}

static void
report_unrecorded(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "deed_unrecorded", NULL, 0, 0, audit_int(row, 2),
                "%sの処置(%s)が、操作の記録にありません。記録が消されたか、記録なしに書き換えられています。",
                audit_text(row, 0), audit_text(row, 1));
}

static void
report_payout(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "payout_differs", NULL, 0, audit_int(row, 2), audit_int(row, 3),
                "入金%s(%s)の額・手数料(明細%lld円、帳簿%lld円)・件数のいずれかが、明細の合計と一致しません。",
                audit_text(row, 1), audit_text(row, 0), (long long)audit_int(row, 4), (long long)audit_int(row, 5));
}

static void
report_credit(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "credit_differs", NULL, 0, audit_int(row, 3), audit_int(row, 4),
                "入金%sに充てた銀行の記録(取込%lldの%lld行目)が、額か入金番号で一致しません。", audit_text(row, 2),
                (long long)audit_int(row, 0), (long long)audit_int(row, 1));
}

static void
report_split(const struct audit_rows *row, struct findings *findings)
{
    bool is_equal = audit_int(row, 3) != 0;
    finding_add(findings, "split_differs", NULL, 0, audit_int(row, 1), audit_int(row, 2),
                is_equal ? "合わせて一つの決済とした判断%lldのとおりになっていません。"
                         : "合わせて一つの決済とした判断%lldの、決済の合計と明細の合計が違います。",
                (long long)audit_int(row, 0));
}

static void
report_spread(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "credit_spread_differs", NULL, 0, audit_int(row, 3), audit_int(row, 4),
                "人が決めた入金の割当て(取込%lldの%lld行目 %s)が、帳簿または銀行の記録の額と一致しません。",
                (long long)audit_int(row, 0), (long long)audit_int(row, 1), audit_text(row, 2));
}

static void
report_credit_twice(const struct audit_rows *row, struct findings *findings)
{
    int64_t yen = audit_int(row, 2);
    finding_add(findings, "credit_in_two_places", NULL, 0, yen, 2 * yen,
                "銀行の記録(取込%lldの%lld行目)が、入金に充てられながら未照合の一覧にもあります。",
                (long long)audit_int(row, 0), (long long)audit_int(row, 1));
}

static void
report_replaced(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "replacement_differs", NULL, 0, audit_int(row, 1), audit_int(row, 2),
                "差替えで有効な取込%lldの金額・手数料・行数と、実際に数えている行が一致しません。",
                (long long)audit_int(row, 0));
}

static void
report_aside(const struct audit_rows *row, struct findings *findings)
{
    bool is_used = audit_int(row, 3) != 0;
    int64_t yen = audit_int(row, 2);
    finding_add(findings, is_used ? "line_used_though_aside" : "line_aside_unexpected", NULL, 0, is_used ? 0 : yen,
                is_used ? yen : 0,
                is_used ? "取込%lldの%lld行目は差替えで対象外なのに、照合に使われています。"
                        : "取込%lldの%lld行目が、差替えもないのに対象外とされています。",
                (long long)audit_int(row, 0), (long long)audit_int(row, 1));
}

static void
report_export_sum(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "export_sum_differs", NULL, 0, audit_int(row, 2), audit_int(row, 3),
                "%lld年度の出力%lldの合計・件数が調定と一致しないか、ファイルが足りません。",
                (long long)audit_int(row, 0), (long long)audit_int(row, 1));
}

static void
report_remittance(const struct audit_rows *row, struct findings *findings)
{
    static const struct {
        const char *what;
        const char *code;
        const char *sentence; /* about the 払込 that is named before it */
    } kinds[] = {
        {"sum", "remittance_differs", "金額・件数・過不足が、入っている精算の合計と一致しません。"},
        {"close", "remittance_close_differs", "入っている精算の額か過不足が、レジの記録と一致しません。"},
        {"twice", "remittance_twice", "入っている精算が、ほかの払込にも入っています。"},
        {"freed", "remittance_close_differs", "入っている精算が、払込の取消しと食い違っています。"},
        {"gap", "remittance_missing", "番号に抜けがあります。払込が消されています。"},
        {"persons", "remittance_one_person", "作った人と確かめた人（取り消した人）が別になっていません。"},
        {"log", "remittance_unrecorded", "作成・領収の確認・取消しが、操作の記録のとおりではありません。"},
        {"deed", "remittance_altered", "操作の記録にある作成・領収の確認・取消しが、消されています。"},
        {"bank", "remittance_unproved", "確かめたとされる銀行の記録と、額・日付・払込番号のいずれかが一致しません。"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].what, audit_text(row, 0)) == 0) {
            finding_add(findings, kinds[i].code, NULL, 0, audit_int(row, 2), audit_int(row, 3), "払込%lld: %s",
                        (long long)audit_int(row, 1), kinds[i].sentence);
        }
    }
}

static const struct {
    enum outside_question question;
    void (*report)(const struct audit_rows *row, struct findings *findings);
} checks[] = {
    {OUTSIDE_MATCHES, report_match},
    {OUTSIDE_REFUNDS_SEEN, report_refund_seen},
    {OUTSIDE_LINES_TWICE, report_line_twice},
    {OUTSIDE_ABSENT_PAYMENTS, report_absent_payment},
    {OUTSIDE_PAYMENTS_TWICE, report_payment_twice},
    {OUTSIDE_STRANGE_ITEMS, report_strange_item},
    {OUTSIDE_LINES, report_line},
    {OUTSIDE_STRANGE_LINES, report_strange_line},
    {OUTSIDE_STAKES, report_stake},
    {OUTSIDE_DEPOSIT_STAKES, report_stake},
    {OUTSIDE_DEPOSITS_UNHEARD, report_unheard},
    {OUTSIDE_SECOND_PERSONS, report_second_person},
    {OUTSIDE_DECISIONS, report_decision},
    {OUTSIDE_UNRECORDED, report_unrecorded},
    {OUTSIDE_HANDOVER_UNRECORDED, report_unrecorded},
    {OUTSIDE_PAYOUTS, report_payout},
    {OUTSIDE_CREDITS, report_credit},
    {OUTSIDE_SPLITS, report_split},
    {OUTSIDE_SPREADS, report_spread},
    {OUTSIDE_REPLACED, report_replaced},
    {OUTSIDE_ASIDE, report_aside},
    {OUTSIDE_CREDITS_TWICE, report_credit_twice},
    {OUTSIDE_EXPORT_SUMS, report_export_sum},
    {OUTSIDE_REMITTANCES, report_remittance},
    {OUTSIDE_REMITTANCE_DEEDS, report_remittance},
};

enum status
audit_outside(struct store_txn *txn, struct findings *findings, struct error_detail *err)
{
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        struct audit_rows *row;
        bool has_row = true;
        enum status status = outside_rows_begin(txn, checks[i].question, NULL, &row, err);
        while (status == STATUS_OK && has_row) {
            status = audit_rows_next(row, &has_row, err);
            if (status == STATUS_OK && has_row) {
                checks[i].report(row, findings);
            }
        }
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}
