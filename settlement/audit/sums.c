/* Sums. Sales and their lines were compared with the journals before; here the figures made of them are compared with
 * them, by questions that give a row only where something differs. */
#include "settlement/audit/sums.h"

static void
report_stranger(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "terminal_unknown", audit_text(row, 1), audit_int(row, 2), 0, 0,
                "登録のない端末の行が表%sにあります。", audit_text(row, 0));
}

/* Columns 5 … 12: expected and found amount, void, count, void count. */
static void
report_daily_payment(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "daily_payment_differs", audit_text(row, 1), 0, audit_int(row, 5) - audit_int(row, 7),
                audit_int(row, 6) - audit_int(row, 8), "%sの%s %sの日計(%lld件)が、売上の合計(%lld件)と一致しません。",
                audit_text(row, 0), audit_text(row, 3), audit_text(row, 4), (long long)audit_int(row, 10),
                (long long)audit_int(row, 9));
}

/* Columns 4 … 11: as above. */
static void
report_hourly_payment(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "hourly_payment_differs", NULL, 0, audit_int(row, 4) - audit_int(row, 6),
                audit_int(row, 5) - audit_int(row, 7),
                "%sの%lld時台の%s %sの集計(%lld件)が、売上の合計(%lld件)と一致しません。", audit_text(row, 0),
                (long long)audit_int(row, 1), audit_text(row, 2), audit_text(row, 3), (long long)audit_int(row, 9),
                (long long)audit_int(row, 8));
}

static void
report_daily_item(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "daily_item_differs", NULL, 0, audit_int(row, 5) - audit_int(row, 7),
                audit_int(row, 6) - audit_int(row, 8),
                "%sの%sの%s(%s %s)の日計(%lld個)が、売上明細の合計(%lld個)と一致しません。", audit_text(row, 0),
                audit_text(row, 1), audit_text(row, 2), audit_text(row, 3), audit_text(row, 4),
                (long long)audit_int(row, 10), (long long)audit_int(row, 9));
}

static void
report_assessment_sum(const struct audit_rows *row, struct findings *findings)
{
    int64_t amount_yen = audit_int(row, 2);
    int64_t lines_yen = audit_int(row, 3);
    int64_t sources_yen = audit_int(row, 4);
    finding_add(findings, "assessment_sum_differs", NULL, 0, sources_yen != amount_yen ? sources_yen : lines_yen,
                amount_yen, "調定%s(%lld)の額が、内訳の合計%lld円、根拠の売上の合計%lld円と一致しません。",
                audit_text(row, 1), (long long)audit_int(row, 0), (long long)lines_yen, (long long)sources_yen);
}

static void
report_assessment_source(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "assessment_source_differs", audit_text(row, 1), audit_int(row, 2), audit_int(row, 4),
                audit_int(row, 3),
                "調定(%lld)の根拠とされた売上明細が、額・科目・所属・税・収納日のいずれかで一致しません。",
                (long long)audit_int(row, 0));
}

static void
report_assessed_twice(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "assessed_twice", audit_text(row, 0), audit_int(row, 1), audit_int(row, 2), audit_int(row, 3),
                "売上明細が、売れた額と異なる額で調定されています(二重の調定)。");
}

static void
report_assessment_left(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "assessment_left_differs", audit_text(row, 0), audit_int(row, 1), audit_int(row, 2),
                audit_int(row, 3), "売上明細の、取消・還付を除いた額と、調定(減額を引いた額)が一致しません。");
}

static void
report_assessment_numbers(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "assessment_number_gap", NULL, 0, 0, 0,
                "%s %lld年度の調定番号に欠番があります(%lld件、最大%lld番)。", audit_text(row, 0),
                (long long)audit_int(row, 1), (long long)audit_int(row, 2), (long long)audit_int(row, 3));
}

static void
report_refunds_above(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "refund_exceeds_sale", audit_text(row, 0), audit_int(row, 1), audit_int(row, 3),
                audit_int(row, 4), "領収書%sの還付の合計が、売上を超えています。", audit_text(row, 2));
}

static void
report_refund_lines_above(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "refund_exceeds_line", audit_text(row, 0), audit_int(row, 1), audit_int(row, 4),
                audit_int(row, 5), "領収書%sの明細%lldの還付の合計が、明細の額を超えています。", audit_text(row, 2),
                (long long)audit_int(row, 3));
}

static void
report_refund_of_nothing(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "refund_without_sale", audit_text(row, 0), audit_int(row, 1), 0, audit_int(row, 3),
                "還付した領収書%sの売上が、どの端末の記録にもありません。", audit_text(row, 2));
}

static void
report_refund_twice(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "refund_paid_twice", audit_text(row, 0), audit_int(row, 1), audit_int(row, 3),
                2 * audit_int(row, 3), "領収書%sの還付を、端末と会計(%s)の両方が支払っています。", audit_text(row, 2),
                audit_text(row, 4));
}

static void
report_drawer_shared(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "drawer_shared", audit_text(row, 1), audit_int(row, 2), 0, 0,
                "ドロワ%sを、%s(行%lld)と同時に開いていました。", audit_text(row, 0), audit_text(row, 3),
                (long long)audit_int(row, 4));
}

static void
report_operator_assessed(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "operator_revenue_assessed", audit_text(row, 0), audit_int(row, 1), 0, audit_int(row, 2),
                "利用料金(%sの収入)が調定に入っています。", audit_text(row, 3));
}

static void
report_import_sum(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "import_sum_differs", NULL, 0, audit_int(row, 2), audit_int(row, 3),
                "取り込んだ明細%s(%lld)は%lld件ですが、帳簿には%lld件あります。", audit_text(row, 1),
                (long long)audit_int(row, 0), (long long)audit_int(row, 4), (long long)audit_int(row, 5));
}

static void
report_match(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "match_differs", audit_text(row, 0), audit_int(row, 1), audit_int(row, 4), audit_int(row, 5),
                "取込%lldの%lld行目と一致したとされる決済が、額または団体で一致しません。",
                (long long)audit_int(row, 2), (long long)audit_int(row, 3));
}

static void
report_payout_credit(const struct audit_rows *row, struct findings *findings)
{
    finding_add(findings, "payout_credit_differs", NULL, 0, audit_int(row, 2), audit_int(row, 1),
                "入金%sの入金済額が、銀行の記録の合計と一致しません。", audit_text(row, 0));
}

static const struct {
    enum audit_question question;
    void (*report)(const struct audit_rows *row, struct findings *findings);
} checks[] = {
    {AUDIT_STRANGERS, report_stranger},
    {AUDIT_DAILY_PAYMENTS, report_daily_payment},
    {AUDIT_HOURLY_PAYMENTS, report_hourly_payment},
    {AUDIT_DAILY_ITEMS, report_daily_item},
    {AUDIT_ASSESSMENT_SUMS, report_assessment_sum},
    {AUDIT_ASSESSMENT_SOURCES, report_assessment_source},
    {AUDIT_ASSESSMENT_TWICE, report_assessed_twice},
    {AUDIT_ASSESSMENT_LEFT, report_assessment_left},
    {AUDIT_ASSESSMENT_NUMBERS, report_assessment_numbers},
    {AUDIT_REFUNDS_ABOVE, report_refunds_above},
    {AUDIT_REFUND_LINES_ABOVE, report_refund_lines_above},
    {AUDIT_REFUNDS_OF_NOTHING, report_refund_of_nothing},
    {AUDIT_REFUNDS_TWICE, report_refund_twice},
    {AUDIT_DRAWERS_SHARED, report_drawer_shared},
    {AUDIT_OPERATOR_ASSESSED, report_operator_assessed},
    {AUDIT_IMPORT_SUMS, report_import_sum},
    {AUDIT_MATCHES, report_match},
    {AUDIT_PAYOUT_CREDITS, report_payout_credit},
};

enum status
audit_sums(struct store_txn *txn, struct findings *findings, struct error_detail *err)
{
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        struct audit_rows *row;
        bool has_row = true;
        enum status status = audit_rows_begin(txn, checks[i].question, NULL, &row, err);
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
