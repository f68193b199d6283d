/* Names and sentences: what a person needs to judge a discrepancy, both sides beside each other, and no score. */
#include "common/bytes/buffer.h"
#include "common/clock/civil.h"
#include "common/money/yen.h"
#include "settlement/reconciliation/matcher.h"

#include <stdio.h>

static const struct {
    const char *name;
    bool is_remark;
} classes[MATCH_CLASS_COUNT] = {
    [MATCH_POS_ONLY] = {"POSのみ", false},
    [MATCH_STATEMENT_ONLY] = {"明細のみ", false},
    [MATCH_AMOUNT_DIFFERS] = {"金額相違", false},
    [MATCH_COUNT_DIFFERS] = {"件数相違", false},
    [MATCH_BRAND_DIFFERS] = {"ブランド相違", true},
    [MATCH_DUPLICATE] = {"重複", false},
    [MATCH_REVERSAL_ONLY] = {"取消のみ", false},
    [MATCH_PAID_THOUGH_VOID] = {"取消済みなのに入金", false},
    [MATCH_CUT_OFF] = {"期ずれ", false},
    [MATCH_CUT_OFF_REMARK] = {"期ずれ", true},
    [MATCH_TRAINING] = {"訓練取引の混入", false},
};

const char *match_class_name(enum match_class class)
{
    return classes[class].name;
}

bool match_class_is_remark(enum match_class class)
{
    return classes[class].is_remark;
}

const char *
match_key_word(enum match_key key)
{
    switch (key) {
    case MATCH_BY_REFERENCE:
        return "reference";
    case MATCH_BY_ACQUIRER_REFERENCE:
        return "acquirer_reference";
    case MATCH_BY_DECISION:
        return "decision";
    case MATCH_BY_SLIP:
        return "slip";
    case MATCH_KEY_COUNT:
        break;
    }
    return "";
}

static void
append_view(struct buffer *out, const char *label, struct text_view text)
{
    if (text.length > 0) {
        buffer_append_text(out, label);
        buffer_append(out, text.at, text.length);
    }
}

/* "2026-11-22 10:03:11 端末KO-01 paypay 450円 取引ID pay-1 決済会社ID Q1" */
static void
append_facts(struct buffer *out, const struct match_side *side, uint32_t index)
{
    const struct match_item *item = &side->items[index];
    if (item->accepted_at_ms == INSTANT_ABSENT) {
        buffer_append_text(out, "日時なし");
    } else {
        char instant[INSTANT_TEXT_SIZE];
        instant_format(instant, item->accepted_at_ms);
        buffer_printf(out, "%.10s %.8s", instant, instant + 11);
    }
    append_view(out, " 端末", match_item_terminal(item));
    if (item->brand < side->brand_count) {
        append_view(out, " ", side->brands[item->brand]);
    }
    char yen[YEN_TEXT_SIZE];
    buffer_printf(out, " %s円", yen_format(yen, item->amount_yen));
    append_view(out, " 取引ID ", match_item_reference(item));
    append_view(out, " 決済会社ID ", match_item_acquirer_reference(item));
    if (side->slips != NULL) {
        append_view(out, " 伝票", side->slips[index]);
    }
    buffer_append_text(out, item->is_training ? " 訓練" : "");
}

static void
append_sale(struct buffer *out, const struct match_input *input, uint32_t sale)
{
    buffer_append_text(out, "POS: ");
    append_facts(out, &input->sales, sale);
    buffer_append_text(out, "。");
}

static void
append_line(struct buffer *out, const struct match_input *input, uint32_t line)
{
    if (input->lines.ids_are_lines) {
        uint64_t id = input->lines.items[line].id;
        if (id >> 32 != 0) {
            buffer_printf(out, "明細ファイル%lluの", (unsigned long long)(id >> 32) + 1);
        } else {
            buffer_append_text(out, "明細");
        }
        buffer_printf(out, "%llu行目: ", (unsigned long long)(id & UINT32_MAX));
    } else {
        buffer_append_text(out, "明細: ");
    }
    append_facts(out, &input->lines, line);
    buffer_append_text(out, "。");
}

static void
append_difference(struct buffer *out, const struct match_input *input, const struct match_discrepancy *row)
{
    char yen[YEN_TEXT_SIZE];
    int64_t sale_yen = input->sales.items[row->sale].amount_yen;
    int64_t line_yen = input->lines.items[row->line].amount_yen;
    buffer_printf(out, "明細が%s円%s。",
                  yen_format(yen, line_yen > sale_yen ? line_yen - sale_yen : sale_yen - line_yen),
                  line_yen > sale_yen ? "多い" : "少ない");
}

/* What the row's class means, for this row. */
static void
append_meaning(struct buffer *out, const struct match_input *input, const struct match_discrepancy *row)
{
    switch (row->class) {
    case MATCH_POS_ONLY:
        buffer_append_text(out, "POSにあり、明細にない。");
        break;
    case MATCH_STATEMENT_ONLY:
        buffer_append_text(out, "明細にあり、POSにない。");
        break;
    case MATCH_AMOUNT_DIFFERS:
        append_difference(out, input, row);
        break;
    case MATCH_COUNT_DIFFERS:
        buffer_append_text(out, "同じ取引が、POSと明細で違う件数に分かれている。合計の金額は等しい。");
        break;
    case MATCH_BRAND_DIFFERS:
        buffer_append_text(out, "同じ取引で、ブランドが違う。");
        break;
    case MATCH_DUPLICATE:
        buffer_append_text(out,
                           row->sale != MATCH_NONE ? "POSに同じ取引が重ねてある。" : "明細に同じ取引が重ねてある。");
        break;
    case MATCH_REVERSAL_ONLY:
        buffer_append_text(out, "明細に取消・返金があり、POSにその取消・返金がない。");
        break;
    case MATCH_PAID_THOUGH_VOID:
        buffer_append_text(out, "POSで取消・返金したが、明細には支払だけがあり取消・返金がない。");
        break;
    case MATCH_CUT_OFF:
        buffer_append_text(out, "この明細の最後の取引より後の売上で、次の明細に載る見込み。");
        break;
    case MATCH_CUT_OFF_REMARK:
        buffer_append_text(out, "同じ取引で、日付が違う。");
        break;
    case MATCH_TRAINING:
        buffer_append_text(out, "訓練の取引が混じっている。");
        break;
    case MATCH_CLASS_COUNT:
        break;
    }
}

void
match_explain(struct buffer *out, const struct match_input *input, const struct match_discrepancy *row)
{
    append_meaning(out, input, row);
    if (row->sale != MATCH_NONE) {
        append_sale(out, input, row->sale);
    }
    if (row->line != MATCH_NONE) {
        append_line(out, input, row->line);
    }
    if (row->related != MATCH_NONE && row->class == MATCH_DUPLICATE && row->sale != MATCH_NONE) {
        buffer_append_text(out, "元の取引は ");
        append_sale(out, input, row->related);
    } else if (row->related != MATCH_NONE && row->class == MATCH_COUNT_DIFFERS) {
        buffer_append_text(out, "相手の最初は ");
        if (row->sale != MATCH_NONE) {
            append_line(out, input, row->related);
        } else {
            append_sale(out, input, row->related);
        }
    } else if (row->related != MATCH_NONE) {
        buffer_append_text(out, row->class == MATCH_DUPLICATE ? "元の取引は " : "支払は ");
        append_line(out, input, row->related);
    }
    if (row->suggestion != MATCH_NONE) {
        buffer_append_text(out, "参考（端末と金額が同じで時刻が近い。自動では照合しない）: ");
        if (row->sale != MATCH_NONE) {
            append_line(out, input, row->suggestion);
        } else {
            append_sale(out, input, row->suggestion);
        }
    }
}
