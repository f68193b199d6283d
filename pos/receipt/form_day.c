/* 精算票 (Z): a business day of one drawer, as day.closed fixed it. Nothing here is computed but sums of its rows. */
#include "pos/receipt/form.h"

#include "pos/receipt/typeset.h"

#include <stdio.h>
#include <string.h>

enum {
    COUNT_COLUMNS = 7, /* "9,999件" */
    SUM_COLUMNS = 12,  /* "-¥9,999,999" and a space */
    ROW_SIZE = 96,
    INDENT = 2
};

/* TEXT at the right of COLUMNS columns. */
static void
format_padded(char out[ROW_SIZE], const char *text, size_t columns)
{
    const size_t used = typeset_columns(text);
    const size_t pad = used < columns ? columns - used : 0;
    memset(out, ' ', pad);
    snprintf(out + pad, ROW_SIZE - pad, "%s", text);
}

/* "LABEL      12件     ¥5,400". */
static void
print_count_and_sum(struct page *page, unsigned indent, const char *label, int64_t count, int64_t amount_yen)
{
    char number[YEN_TEXT_SIZE];
    char amount[AMOUNT_SIZE];
    char text[ROW_SIZE];
    char left[ROW_SIZE];
    char right[ROW_SIZE];
    char row[2 * ROW_SIZE];
    snprintf(text, sizeof text, "%s件", yen_format(number, count));
    format_padded(left, text, COUNT_COLUMNS);
    format_padded(right, amount_text(amount, amount_yen), SUM_COLUMNS);
    snprintf(row, sizeof row, "%s%s", left, right);
    page_pair(page, indent, label, row);
}

static const char *
label_of(enum payment_method method)
{
    switch (method) {
    case METHOD_NONE:
        return "無料";
    case METHOD_CREDIT:
        return "クレジット"; /* leaves room for the figures on 58 mm paper */
    case METHOD_CASH:
    case METHOD_QR:
    case METHOD_EMONEY:
        break;
    }
    return method_name(method);
}

/* Sales of one method: its sum, then its brands. */
static void
print_method(struct page *page, const struct receipt_day *day, enum payment_method method)
{
    int64_t count = 0;
    int64_t sum_yen = 0;
    for (size_t i = 0; i < day->total_count; i++) {
        if (day->totals[i].method == method) {
            count += day->totals[i].count;
            sum_yen += day->totals[i].amount_yen;
        }
    }
    if (count == 0) {
        return;
    }
    print_count_and_sum(page, 0, label_of(method), count, sum_yen);
    for (size_t i = 0; i < day->total_count; i++) {
        const struct receipt_day_total *total = &day->totals[i];
        if (total->method == method && total->brand[0] != '\0') {
            const char *name = total->brand_name[0] != '\0' ? total->brand_name : total->brand;
            print_count_and_sum(page, INDENT, name, total->count, total->amount_yen);
        }
    }
}

static void
print_voids(struct page *page, const struct receipt_day *day)
{
    for (size_t i = 0; i < day->total_count; i++) {
        const struct receipt_day_total *total = &day->totals[i];
        if (total->void_count != 0) {
            const char *name = total->brand_name[0] != '\0' ? total->brand_name : label_of(total->method);
            print_count_and_sum(page, INDENT, name, total->void_count, -total->void_yen);
        }
    }
}

static void
print_sales(struct page *page, const struct receipt_day *day)
{
    int64_t count = 0, void_count = 0;
    int64_t sum_yen = 0, void_yen = 0;
    char amount[AMOUNT_SIZE];
    char words[ROW_SIZE];
    for (size_t i = 0; i < day->total_count; i++) {
        count += day->totals[i].count;
        sum_yen += day->totals[i].amount_yen;
        void_count += day->totals[i].void_count;
        void_yen += day->totals[i].void_yen;
    }
    print_method(page, day, METHOD_CASH);
    print_method(page, day, METHOD_QR);
    print_method(page, day, METHOD_EMONEY);
    print_method(page, day, METHOD_CREDIT);
    print_method(page, day, METHOD_NONE);
    page_rule(page);
    print_count_and_sum(page, 0, "取扱計", count, sum_yen);
    print_count_and_sum(page, 0, "取消", void_count, -void_yen);
    print_voids(page, day);
    snprintf(words, sizeof words, "%lld件", (long long)day->zero_count);
    form_field(page, 0, "無料(免除・公用等、取消除く)", words);
    page_heavy_rule(page);
    snprintf(words, sizeof words, " %lld件", (long long)(count - void_count));
    page_total(page, "差引", words, amount_text(amount, sum_yen - void_yen));
    page_rule(page);
}

static void
print_cash(struct page *page, const struct receipt_day *day)
{
    char amount[AMOUNT_SIZE];
    char signed_amount[AMOUNT_SIZE + 1];
    const char *words = day->difference_yen == 0 ? "過不足" : day->difference_yen > 0 ? "過剰" : "不足";
    snprintf(signed_amount, sizeof signed_amount, "%s%s", day->difference_yen > 0 ? "+" : "",
             amount_text(amount, day->difference_yen));
    form_amount(page, 0, "つり銭準備金", day->float_yen);
    form_amount(page, 0, "現金の計算残高", day->expected_cash_yen);
    form_amount(page, 0, "現金の実際残高", day->counted_cash_yen);
    page_heavy_rule(page);
    page_total(page, words, "", signed_amount);
    page_rule(page);
    if (day->difference_reason[0] != '\0') {
        page_text(page, 0, "理由");
        page_text(page, INDENT, day->difference_reason);
        page_rule(page);
    }
}

static void
print_unresolved(struct page *page, const struct receipt_day *day)
{
    char words[ROW_SIZE];
    snprintf(words, sizeof words, "%zu件", day->unresolved_count);
    page_emphasised(page, day->unresolved_count > 0);
    page_pair(page, 0, "結果未確認・処理未了の決済", words);
    page_emphasised(page, false);
    for (size_t i = 0; i < day->unresolved_count && i < RECEIPT_DAY_UNRESOLVED_MAX; i++) {
        page_text(page, INDENT, day->unresolved[i]);
    }
    if (day->unresolved_count > RECEIPT_DAY_UNRESOLVED_MAX) {
        snprintf(words, sizeof words, "ほか %zu件", day->unresolved_count - RECEIPT_DAY_UNRESOLVED_MAX);
        page_text(page, INDENT, words);
    }
}

void
form_day(struct page *page, const struct receipt_input *input)
{
    const struct receipt_day *day = input->day;
    char day_text[DATE_SIZE];
    char range[ROW_SIZE];
    form_head(page, input, "精　算　票");
    form_field(page, 0, "営業日", date_text(day_text, day->business_date));
    form_field(page, 0, "端末", input->terminal);
    form_moment(page, "精算日時", input->at_ms);
    form_field(page, 0, "精算者", input->clerk_name);
    snprintf(range, sizeof range, "%lld～%lld", (long long)day->first_sequence, (long long)day->last_sequence);
    form_field(page, 0, "記録番号", range);
    page_rule(page);
    print_sales(page, day);
    print_cash(page, day);
    print_unresolved(page, day);
    form_foot(page, input, "");
}
