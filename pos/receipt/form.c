/* Head, foot and the words for amounts and times. */
#include "pos/receipt/form.h"

#include "common/clock/civil.h"

#include <stdio.h>
#include <string.h>

enum { MS_PER_MINUTE = 60 * 1000, MINUTES_PER_DAY = 24 * 60, JST_OFFSET_MINUTES = 9 * 60, MOMENT_SIZE = 56 };

const char *
amount_text(char out[AMOUNT_SIZE], int64_t amount_yen)
{
    const char *sign = amount_yen < 0 ? "-¥" : "¥";
    const size_t length = strlen(sign);
    memcpy(out, sign, length);
    yen_format(out + length, amount_yen < 0 ? -amount_yen : amount_yen);
    return out;
}

const char *
date_text(char out[DATE_SIZE], struct civil_date date)
{
    static const char *const weekdays[] = {"日", "月", "火", "水", "木", "金", "土"};
    snprintf(out, DATE_SIZE, "%d年%d月%d日(%s)", date.year, date.month, date.day, weekdays[civil_date_weekday(date)]);
    return out;
}

/* "2026年11月22日(日) 10:03". */
static void
format_moment(char out[MOMENT_SIZE], int64_t instant_ms, bool has_weekday)
{
    char date[DATE_SIZE];
    const int64_t minutes = (instant_ms / MS_PER_MINUTE + JST_OFFSET_MINUTES) % MINUTES_PER_DAY;
    date_text(date, civil_date_at(instant_ms));
    if (!has_weekday) {
        date[strcspn(date, "(")] = '\0';
    }
    snprintf(out, MOMENT_SIZE, "%s %02d:%02d", date, (int)(minutes / 60), (int)(minutes % 60));
}

const char *
method_name(enum payment_method method)
{
    switch (method) {
    case METHOD_NONE:
        return "なし";
    case METHOD_CASH:
        return "現金";
    case METHOD_QR:
        return "コード決済";
    case METHOD_EMONEY:
        return "電子マネー";
    case METHOD_CREDIT:
        return "クレジットカード";
    }
    return "";
}

void
form_amount(struct page *page, unsigned indent, const char *label, int64_t amount_yen)
{
    char amount[AMOUNT_SIZE];
    page_pair(page, indent, label, amount_text(amount, amount_yen));
}

void
form_field(struct page *page, unsigned indent, const char *label, const char *value)
{
    if (value[0] != '\0') {
        page_pair(page, indent, label, value);
    }
}

void
form_moment(struct page *page, const char *label, int64_t instant_ms)
{
    char moment[MOMENT_SIZE];
    if (instant_ms == 0) {
        return;
    }
    format_moment(moment, instant_ms, /* has_weekday= */ true);
    if (!page_pair_fits(page, 0, label, moment)) {
        format_moment(moment, instant_ms, /* has_weekday= */ false);
    }
    page_pair(page, 0, label, moment);
}

static void
print_training_mark(struct page *page, const struct receipt_input *input)
{
    if (input->is_training) {
        page_headline(page, "【訓練】");
        page_space(page);
        page_center(page, "訓練用の票です。\nお取引には使えません。");
        page_space(page);
    }
}

void
form_head(struct page *page, const struct receipt_input *input, const char *title)
{
    print_training_mark(page, input);
    page_emphasised(page, true);
    page_center(page, input->municipality_name);
    page_emphasised(page, false);
    page_center(page, input->place_name);
    if (input->municipality_name[0] != '\0' || input->place_name[0] != '\0') {
        page_space(page);
    }
    page_headline(page, title);
    if (input->copy > 0) {
        char words[80];
        char moment[MOMENT_SIZE];
        snprintf(words, sizeof words, "【再発行 %lld回目】", (long long)input->copy);
        page_space(page);
        page_emphasised(page, true);
        page_center(page, words);
        page_emphasised(page, false);
        if (input->printed_at_ms != 0) {
            format_moment(moment, input->printed_at_ms, /* has_weekday= */ false);
            snprintf(words, sizeof words, "再発行日時 %s", moment);
            page_center(page, words);
        }
    }
    page_space(page);
}

void
form_foot(struct page *page, const struct receipt_input *input, const char *words)
{
    page_space(page);
    page_center(page, words);
    if (input->is_training) {
        page_space(page);
        print_training_mark(page, input);
    }
}
