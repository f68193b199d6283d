/* Names and sentences for deposits. */
#include "common/bytes/buffer.h"
#include "common/money/yen.h"
#include "settlement/reconciliation/payout.h"

static const struct {
    const char *name;
    bool is_discrepancy;
} classes[PAYOUT_CLASS_COUNT] = {
    [PAYOUT_SETTLED] = {"入金済", false},
    [PAYOUT_SHORT] = {"入金不足", true},
    [PAYOUT_TRANSFER_FEE] = {"振込手数料差引", true},
    [PAYOUT_OVER] = {"入金過大", true},
    [PAYOUT_MISSING] = {"未入金", true},
    [PAYOUT_DUE] = {"入金予定", false},
    [PAYOUT_CARRIED] = {"繰越", false},
    [PAYOUT_UNKNOWN_CREDIT] = {"入金元不明", true},
};

const char *payout_class_name(enum payout_class class)
{
    return classes[class].name;
}

bool payout_class_is_discrepancy(enum payout_class class)
{
    return classes[class].is_discrepancy;
}

static void
append_date(struct buffer *out, struct civil_date date)
{
    char text[CIVIL_DATE_TEXT_SIZE];
    buffer_append_text(out, date.year == 0 ? "日付なし" : civil_date_format(text, date));
}

static void
append_credit(struct buffer *out, const struct payout_credit *credit)
{
    char yen[YEN_TEXT_SIZE];
    append_date(out, credit->date);
    buffer_printf(out, " %s円", yen_format(yen, credit->amount_yen));
    if (credit->payer_kana.length > 0) {
        buffer_append_text(out, " ");
        buffer_append(out, credit->payer_kana.at, credit->payer_kana.length);
    }
    if (credit->edi.length > 0) {
        buffer_append_text(out, " EDI ");
        buffer_append(out, credit->edi.at, credit->edi.length);
    }
}

static void
append_payout(struct buffer *out, const struct payout *payout)
{
    char gross[YEN_TEXT_SIZE], fee[YEN_TEXT_SIZE];
    buffer_append_text(out, "入金番号 ");
    buffer_append(out, payout->id.at, payout->id.length);
    buffer_printf(out, "（明細%zu件 %s円、手数料 %s円、%s、予定日 ", payout->line_count,
                  yen_format(gross, payout->gross_yen), yen_format(fee, payout->fee_yen),
                  payout->is_net ? "差引払い" : "総額払い");
    append_date(out, payout->pay_date);
    static const char *const sources[] = {[PAYOUT_DUE_BY_STATEMENT] = "",
                                          [PAYOUT_DUE_BY_TERMS] = " 取決めから計算",
                                          [PAYOUT_DUE_BY_AGE] = " 明細にも取決めにもないため、待つ期限"};
    buffer_printf(out, "%s）", sources[payout->due_by]);
}

static void
append_ids(struct buffer *out, const struct payout_input *input, const uint32_t *payouts, size_t count)
{
    enum { SHOWN_MAX = 20 /* a sentence, not a list */ };
    for (size_t i = 0; i < count && i < SHOWN_MAX; i++) {
        struct text_view id = input->payouts[payouts[i]].id;
        buffer_append_text(out, i == 0 ? "" : "、");
        buffer_append(out, id.at, id.length);
    }
    if (count > SHOWN_MAX) {
        buffer_printf(out, " ほか%zu件", count - SHOWN_MAX);
    }
}

/* What was carried over, to here or from here, and by which rule. */
static void
append_carry(struct buffer *out, const struct payout_input *input, const struct payout_outcome *outcome)
{
    const struct payout *payout = &input->payouts[outcome->payout];
    char own[YEN_TEXT_SIZE], carry[YEN_TEXT_SIZE], minimum[YEN_TEXT_SIZE];
    if (outcome->is_carried) {
        bool is_negative = payout_expected_yen(payout) < 0;
        buffer_printf(out, "支払額 %s円は、", yen_format(own, payout_expected_yen(payout)));
        if (is_negative) {
            buffer_append_text(out, "取決めにより次の入金から差し引く");
        } else {
            buffer_printf(out, "取決めの最低振込額 %s円に満たず次の入金へ繰り越す",
                          yen_format(minimum, payout->minimum_yen));
        }
        if (outcome->carried_to != PAYOUT_NONE) {
            buffer_append_text(out, "（入金番号 ");
            append_ids(out, input, &outcome->carried_to, 1);
            buffer_append_text(out, "で精算）");
        } else if (!payout->is_carry_known) {
            buffer_append_text(out, "（次の入金はまだない）");
        }
        buffer_append_text(out, "。");
    } else if (outcome->carry_yen != 0) {
        buffer_printf(out, "予定のうち %s円は繰越", yen_format(carry, outcome->carry_yen));
        if (outcome->taken_count > 0) {
            buffer_append_text(out, "（入金番号 ");
            append_ids(out, input, outcome->taken, outcome->taken_count);
            buffer_append_text(out, "）");
        }
        buffer_append_text(out, "。");
    }
}

/* "2,300円のうち 300円" where the credit pays others, too. */
static void
append_portion(struct buffer *out, const struct payout_input *input, const struct payout_portion *portion)
{
    const struct payout_credit *credit = &input->credits[portion->credit];
    char yen[YEN_TEXT_SIZE];
    append_credit(out, credit);
    if (portion->amount_yen != credit->amount_yen) {
        buffer_printf(out, " のうち %s円", yen_format(yen, portion->amount_yen));
    }
}

/* "予定 …円に対し入金 …円、差 …円。" and the credits. */
static void
append_sums(struct buffer *out, const struct payout_input *input, const struct payout_outcome *outcome)
{
    char expected[YEN_TEXT_SIZE], received[YEN_TEXT_SIZE], difference[YEN_TEXT_SIZE];
    buffer_printf(out, "に対し、予定 %s円、入金 %s円、差 %s円。", yen_format(expected, outcome->expected_yen),
                  yen_format(received, outcome->received_yen),
                  yen_format(difference, outcome->received_yen - outcome->expected_yen));
    append_carry(out, input, outcome);
    for (size_t i = 0; i < outcome->portion_count; i++) {
        buffer_append_text(out, i == 0 ? "入金: " : "、");
        append_portion(out, input, &outcome->portions[i]);
    }
    buffer_append_text(out, outcome->portion_count > 0 ? "。" : "");
    if (outcome->class == PAYOUT_TRANSFER_FEE) {
        buffer_append_text(out, "差は振込手数料の範囲内で、差し引かれた見込み。");
    }
}

void
payout_explain(struct buffer *out, const struct payout_input *input, const struct payout_outcome *outcome)
{
    if (outcome->class == PAYOUT_UNKNOWN_CREDIT) {
        buffer_append_text(out, "どの入金番号にも結び付かない入金: ");
        append_portion(out, input, &outcome->portions[0]);
        buffer_append_text(out, "。");
    } else {
        append_payout(out, &input->payouts[outcome->payout]);
        append_sums(out, input, outcome);
    }
    if (outcome->suggestion == PAYOUT_NONE) {
        return;
    }
    if (outcome->suggested_count > 0) {
        buffer_append_text(out, "参考（同じ会社の同じ予定日の入金番号 ");
        append_ids(out, input, outcome->suggested, outcome->suggested_count);
        buffer_append_text(out,
                           " の合計と入金が等しい。EDIに入金番号がないか、まとめて振り込む取決めと日が合わないため、"
                           "自動では照合しない）");
        if (outcome->class != PAYOUT_UNKNOWN_CREDIT) {
            buffer_append_text(out, ": ");
            append_credit(out, &input->credits[outcome->suggestion]);
        }
        buffer_append_text(out, "。");
        return;
    }
    buffer_append_text(out, "参考（名義・金額・日付が近い。自動では照合しない）: ");
    if (outcome->class == PAYOUT_UNKNOWN_CREDIT) {
        append_payout(out, &input->payouts[outcome->suggestion]);
    } else {
        append_credit(out, &input->credits[outcome->suggestion]);
    }
    buffer_append_text(out, "。");
}
