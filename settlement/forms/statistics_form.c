/* Columns, labels and bars; figures are the caller's. */
#include "settlement/forms/statistics_form.h"

#include "common/text/utf8.h"
#include "settlement/forms/form_days.h"
#include "settlement/statistics/share.h"
#include "settlement/statistics/time_saved.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_SIZE = 200, BAR_LABEL_MAX = 60 /* bytes: twenty characters, what the chart has room for */ };

static void
begin(struct form *form, const char *subject, enum statistics_subject definitions, const char *issuer, int fiscal_year,
      const char *day)
{
    char text[TEXT_SIZE], words[WAREKI_TEXT_SIZE];
    size_t count = 0;
    const char *const *sentences = statistics_definitions(definitions, &count);
    form_begin(form, "キャッシュレス統計", issuer, form_day_start_ms(day));
    form->is_landscape = true;
    form_add_field(form, "会計年度", wareki_fiscal_year(words, fiscal_year));
    snprintf(text, sizeof text, "%s まで", form_day_words(words, day));
    form_add_field(form, "期間", text);
    form_add_wide_field(form, "統計", subject);
    for (size_t i = 0; i < count; i++) {
        form_add_note(form, sentences[i]);
    }
}

static void
add_columns(struct form *form, const char *first, const char *const *labels, const enum form_kind *kinds, size_t count)
{
    form_add_column(form, first, FORM_TEXT, 5);
    for (size_t i = 0; i < count; i++) {
        form_add_column(form, labels[i], kinds[i], 3);
    }
}

static void
add_share(struct form *form, int64_t part, int64_t whole)
{
    int64_t share = 0;
    if (share_per_mille(&share, part, whole)) {
        form_add_number(form, share);
    } else {
        form_add_blank(form);
    }
}

static const char *
share_note(char out[SHARE_TEXT_SIZE], int64_t part, int64_t whole)
{
    int64_t share = 0;
    out[0] = '\0';
    return share_per_mille(&share, part, whole) ? share_words(out, true, share) : out;
}

/* A bar while there is room for one: the table has all of it. */
static void
add_bar(struct form *form, const char *label, const char *note, const int64_t *values)
{
    char cut[BAR_LABEL_MAX + 1];
    snprintf(cut, sizeof cut, "%.*s", (int)utf8_prefix(label, strlen(label), BAR_LABEL_MAX), label);
    if (form->chart.bar_count < (form->chart.kind == FORM_LYING ? FORM_LYING_BARS_MAX : FORM_BARS_MAX)) {
        form_add_bar(form, cut, note, values);
    }
}

#define COLUMNS(form, first, labels, kinds) add_columns(form, first, labels, kinds, sizeof(kinds) / sizeof(kinds)[0])

static void
add_month_columns(struct form *form)
{
    static const char *const labels[] = {"会計（件）",      "キャッシュレス（件）", "件数の比率（％）",
                                         "金額（円）",      "キャッシュレス（円）", "金額の比率（％）",
                                         "0円の発行（件）", "還付（件）",           "還付（円）"};
    static const enum form_kind kinds[] = {FORM_COUNT, FORM_COUNT, FORM_SHARE, FORM_YEN, FORM_YEN,
                                           FORM_SHARE, FORM_COUNT, FORM_COUNT, FORM_YEN};
    const char *series[FORM_SERIES_MAX];
    for (int method = 0; method < USAGE_NONE; method++) {
        series[method] = usage_method_name((enum usage_method)method);
    }
    COLUMNS(form, "月", labels, kinds);
    form_begin_chart(form, FORM_STACKED, "月別の金額（円）と、キャッシュレス比率（金額）", series, USAGE_NONE);
}

static void
add_certificate_columns(struct form *form)
{
    static const char *const labels[] = {"件数", "前年の件数", "金額（円）", "前年の金額（円）", "同月比（％）"};
    static const enum form_kind kinds[] = {FORM_COUNT, FORM_COUNT, FORM_YEN, FORM_YEN, FORM_SHARE};
    static const char *const series[] = {"今年度", "前年同月"};
    COLUMNS(form, "月", labels, kinds);
    form_begin_chart(form, FORM_BESIDE, "月別の金額（円）と同月比", series, 2);
}

static void
add_facility_columns(struct form *form)
{
    static const char *const labels[] = {"収入の区分・運営", "点数",           "キャッシュレス（点）",
                                         "点数の比率（％）", "金額（円）",     "キャッシュレス（円）",
                                         "金額の比率（％）", "0円の発行（点）"};
    static const enum form_kind kinds[] = {FORM_TEXT, FORM_COUNT, FORM_COUNT, FORM_SHARE,
                                           FORM_YEN,  FORM_YEN,   FORM_SHARE, FORM_COUNT};
    static const char *const series[] = {"現金", "キャッシュレス"};
    COLUMNS(form, "施設", labels, kinds);
    form_begin_chart(form, FORM_LYING, "施設別の金額（円）と、キャッシュレス比率（金額）。金額の大きい順に24施設まで",
                     series, 2);
}

static void
add_hour_columns(struct form *form)
{
    static const char *const series[] = {"現金", "キャッシュレス"};
    form_add_column(form, "時間帯", FORM_TEXT, 3);
    for (int i = 1; i <= GRID_WEEKDAYS; i++) {
        form_add_column(form, hour_grid_weekday_name(i % GRID_WEEKDAYS), FORM_COUNT, 3);
    }
    form_add_column(form, "計（件）", FORM_COUNT, 3);
    form_add_column(form, "うちキャッシュレス（件）", FORM_COUNT, 4);
    form_begin_chart(form, FORM_STACKED, "時間帯別の件数（全曜日）", series, 2);
}

static void
add_deposit_columns(struct form *form)
{
    static const char *const labels[] = {"入金済み（件）", "入金済み（円）", "中央値（日）",
                                         "90％値（日）",   "未入金（件）",   "未入金（円）"};
    static const enum form_kind kinds[] = {FORM_COUNT, FORM_YEN, FORM_COUNT, FORM_COUNT, FORM_COUNT, FORM_YEN};
    static const char *const series[] = {"件数"};
    COLUMNS(form, "決済会社", labels, kinds);
    form_begin_chart(form, FORM_STACKED, "支払から入金までの日数ごとの件数（短い順に40まで）", series, 1);
}

static void
add_saving_columns(struct form *form)
{
    form_add_column(form, "作業", FORM_TEXT, 6);
    form_add_column(form, "導入前（1件、秒）", FORM_COUNT, 3);
    form_add_column(form, "導入後（1件、秒）", FORM_COUNT, 3);
    form_add_column(form, "年間の件数", FORM_COUNT, 3);
    form_add_column(form, "削減時間", FORM_TEXT, 4);
    form_add_column(form, "測り方", FORM_TEXT, 8);
}

void
statistics_form(struct form *form, enum statistics_subject subject, const char *issuer, int fiscal_year,
                const char *day)
{
    static void (*const columns[STATISTICS_SUBJECT_COUNT])(struct form * form) = {
        [STATISTICS_CASHLESS] = add_month_columns,      [STATISTICS_CERTIFICATES] = add_certificate_columns,
        [STATISTICS_FACILITIES] = add_facility_columns, [STATISTICS_HOURS] = add_hour_columns,
        [STATISTICS_DEPOSITS] = add_deposit_columns,    [STATISTICS_SAVINGS] = add_saving_columns,
    };
    begin(form, statistics_subject_name(subject), subject, issuer, fiscal_year, day);
    columns[subject](form);
}

void
statistics_brand_form(struct form *form, const char *issuer, int fiscal_year, const char *day)
{
    static const char *const labels[] = {"方法", "件数", "件数の割合（％）", "金額（円）", "金額の割合（％）"};
    static const enum form_kind kinds[] = {FORM_TEXT, FORM_COUNT, FORM_SHARE, FORM_YEN, FORM_SHARE};
    static const char *const series[] = {"金額"};
    begin(form, "ブランド別の割合", STATISTICS_CASHLESS, issuer, fiscal_year, day);
    COLUMNS(form, "ブランド", labels, kinds);
    form_begin_chart(form, FORM_LYING, "ブランド別の金額（円）と割合。金額の大きい順に24まで", series, 1);
}

void
statistics_month_row(struct form *form, const char *name, const struct usage_sum methods[USAGE_METHOD_COUNT],
                     struct usage_sum refunds, enum form_role role)
{
    const struct usage_sum cashless = usage_cashless(methods), paid = usage_paid(methods);
    char note[SHARE_TEXT_SIZE];
    int64_t values[FORM_SERIES_MAX];
    form_add_row(form, role);
    form_add_text(form, name);
    form_add_number(form, paid.count);
    form_add_number(form, cashless.count);
    add_share(form, cashless.count, paid.count);
    form_add_number(form, paid.amount_yen);
    form_add_number(form, cashless.amount_yen);
    add_share(form, cashless.amount_yen, paid.amount_yen);
    form_add_number(form, methods[USAGE_NONE].count);
    form_add_number(form, refunds.count);
    form_add_number(form, refunds.amount_yen);
    if (role == FORM_ENTRY) {
        for (int method = 0; method < USAGE_NONE; method++) {
            values[method] = methods[method].amount_yen;
        }
        add_bar(form, name, share_note(note, cashless.amount_yen, paid.amount_yen), values);
    }
}

void
statistics_brand_row(struct form *form, const char *name, enum usage_method method, struct usage_sum sum,
                     struct usage_sum paid)
{
    char note[SHARE_TEXT_SIZE];
    form_add_row(form, FORM_ENTRY);
    form_add_text(form, name);
    form_add_text(form, usage_method_name(method));
    form_add_number(form, sum.count);
    add_share(form, sum.count, paid.count);
    form_add_number(form, sum.amount_yen);
    add_share(form, sum.amount_yen, paid.amount_yen);
    add_bar(form, name, share_note(note, sum.amount_yen, paid.amount_yen), &sum.amount_yen);
}

void
statistics_certificate_row(struct form *form, const char *name, struct usage_sum sum, struct usage_sum before,
                           enum form_role role)
{
    char note[SHARE_TEXT_SIZE];
    form_add_row(form, role);
    form_add_text(form, name);
    form_add_number(form, sum.count);
    form_add_number(form, before.count);
    form_add_number(form, sum.amount_yen);
    form_add_number(form, before.amount_yen);
    add_share(form, sum.amount_yen, before.amount_yen);
    if (role == FORM_ENTRY) {
        add_bar(form, name, share_note(note, sum.amount_yen, before.amount_yen),
                (const int64_t[]){sum.amount_yen, before.amount_yen});
    }
}

void
statistics_facility_row(struct form *form, const char *name, const char *operator_name, struct usage_sum cash,
                        struct usage_sum cashless, int64_t zero_count, enum form_role role)
{
    const struct usage_sum paid = {cash.count + cashless.count, cash.amount_yen + cashless.amount_yen};
    char note[SHARE_TEXT_SIZE];
    form_add_row(form, role);
    form_add_text(form, name);
    form_add_text(form, operator_name);
    form_add_number(form, paid.count);
    form_add_number(form, cashless.count);
    add_share(form, cashless.count, paid.count);
    form_add_number(form, paid.amount_yen);
    form_add_number(form, cashless.amount_yen);
    add_share(form, cashless.amount_yen, paid.amount_yen);
    form_add_number(form, zero_count);
    if (role == FORM_ENTRY) {
        add_bar(form, name, share_note(note, cashless.amount_yen, paid.amount_yen),
                (const int64_t[]){cash.amount_yen, cashless.amount_yen});
    }
}

static void
add_hour_row(struct form *form, const struct hour_grid *grid, int first, int last, const char *name,
             enum form_role role)
{
    int64_t all = 0, cashless = 0;
    form_add_row(form, role);
    form_add_text(form, name);
    for (int i = 1; i <= GRID_WEEKDAYS; i++) {
        int64_t count = 0;
        for (int hour = first; hour <= last; hour++) {
            count += grid->all[i % GRID_WEEKDAYS][hour];
            cashless += grid->cashless[i % GRID_WEEKDAYS][hour];
        }
        form_add_number(form, count);
        all += count;
    }
    form_add_number(form, all);
    form_add_number(form, cashless);
    if (role == FORM_ENTRY) {
        add_bar(form, name, "", (const int64_t[]){all - cashless, cashless});
    }
}

void
statistics_hour_rows(struct form *form, const struct hour_grid *grid)
{
    int first = 0, last = -1;
    char name[TEXT_SIZE];
    if (!hour_grid_span(grid, &first, &last)) {
        return;
    }
    for (int hour = first; hour <= last; hour++) {
        snprintf(name, sizeof name, "%d時", hour);
        add_hour_row(form, grid, hour, hour, name, FORM_ENTRY);
    }
    add_hour_row(form, grid, first, last, "計", FORM_TOTAL);
}

static void
add_quantile(struct form *form, const struct deposit_days *days, int64_t numerator, int64_t denominator)
{
    int64_t found = 0;
    if (deposit_days_quantile(days, numerator, denominator, &found)) {
        form_add_number(form, found);
    } else {
        form_add_blank(form);
    }
}

void
statistics_deposit_row(struct form *form, const char *name, const struct deposit_days *days, enum form_role role)
{
    char label[TEXT_SIZE];
    form_add_row(form, role);
    form_add_text(form, name);
    form_add_number(form, days->came_count);
    form_add_number(form, days->came_yen);
    add_quantile(form, days, 1, 2);
    add_quantile(form, days, 9, 10);
    form_add_number(form, days->waiting_count);
    form_add_number(form, days->waiting_yen);
    for (int i = 0; role == FORM_TOTAL && i <= DEPOSIT_DAYS_MAX; i++) {
        if (days->count[i] != 0) {
            snprintf(label, sizeof label, "%d日", i);
            add_bar(form, label, "", &days->count[i]);
        }
    }
}

void
statistics_saving_row(struct form *form, const char *work, int64_t before_seconds, int64_t after_seconds, int64_t cases,
                      const char *basis)
{
    char words[TIME_TEXT_SIZE];
    form_add_row(form, FORM_ENTRY);
    form_add_text(form, work);
    form_add_number(form, before_seconds);
    form_add_number(form, after_seconds);
    form_add_number(form, cases);
    form_add_text(form, time_saved_words(words, time_saved_seconds(before_seconds, after_seconds, cases)));
    form_add_text(form, basis);
}
