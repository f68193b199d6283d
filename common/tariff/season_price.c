/* Pricing a season ticket: its months, its first month when that is not whole, and from when to when it holds. */
#include "common/tariff/season.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Months since year 0, so that months can be added. */
static int64_t
month_number(struct civil_date date)
{
    return (int64_t)date.year * MONTHS_PER_YEAR + date.month - 1;
}

static int
days_of_month(int64_t month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t year = month / MONTHS_PER_YEAR;
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    int64_t index = month % MONTHS_PER_YEAR;
    return index == 1 && is_leap ? 29 : days[index];
}

/* The DAY of MONTH, or its last day when it has no such day; not beyond the calendar's end. */
static struct civil_date
day_of_month(int64_t month, int day)
{
    static const int64_t last_month = 2199 * MONTHS_PER_YEAR + MONTHS_PER_YEAR - 1;
    if (month > last_month) {
        return (struct civil_date){2199, 12, 31};
    }
    int last = days_of_month(month);
    return (struct civil_date){.year = (int)(month / MONTHS_PER_YEAR),
                               .month = (int)(month % MONTHS_PER_YEAR) + 1,
                               .day = day < last ? day : last};
}

struct season_span
season_span_of(const struct season_terms *terms, const struct season_period *period, struct civil_date first)
{
    int64_t month = month_number(first);
    struct season_span span = {.first = first, .months = period->months};
    if (period->months == 0) {
        int64_t march = (int64_t)(fiscal_year_of(first) + 1) * MONTHS_PER_YEAR + 2;
        span.months = march - month + 1;
        span.last = day_of_month(march, 31);
        span.has_part_month = first.day > 1;
    } else if (terms->starts_with_month) {
        span.last = day_of_month(month + period->months - 1, 31);
        span.has_part_month = first.day > 1;
    } else {
        struct civil_date same_day = day_of_month(month + period->months, first.day);
        bool is_cut = same_day.day < first.day; /* 1/31 and a month: until 2/28 */
        span.last = is_cut ? same_day : tariff_date_shift(same_day, -1);
    }
    if (civil_date_compare(span.last, span.first) < 0) {
        span.last = span.first; /* only where the calendar ends */
    }
    return span;
}

struct civil_date
season_first_day(const struct season_terms *terms, struct civil_date business_date)
{
    struct civil_date first = business_date;
    first.day = terms->starts_with_month ? 1 : first.day;
    return first;
}

struct civil_date
season_last_day(const struct season_terms *terms, struct civil_date business_date)
{
    return tariff_date_shift(business_date, (int)terms->ahead_days);
}

static const struct season_class *
read_class(struct pricing *pricing, const struct season_terms *terms)
{
    const char *code = fact_text(pricing, season_class_id, season_class_label, NULL);
    for (size_t i = 0; i < terms->class_count; i++) {
        if (strcmp(terms->classes[i].code, code) == 0) {
            return &terms->classes[i];
        }
    }
    pricing_refuse(pricing, "unknown_code", "「%s」を選び直してください。", season_class_label);
    return &terms->classes[0];
}

static size_t
read_period(struct pricing *pricing, const struct season_terms *terms, const struct season_class *class)
{
    const char *code = fact_text(pricing, season_period_id, season_period_label, NULL);
    size_t index = 0;
    while (index < terms->period_count && strcmp(terms->periods[index].code, code) != 0) {
        index++;
    }
    if (index == terms->period_count) {
        pricing_refuse(pricing, "unknown_code", "「%s」を選び直してください。", season_period_label);
        return 0;
    }
    if (!class->is_offered[index]) {
        pricing_refuse(pricing, "not_offered", "%.60s に %.60s の定期券はありません。期間を選び直してください。",
                       class->name, terms->periods[index].name);
    }
    return index;
}

static struct civil_date
read_start(struct pricing *pricing, const struct season_terms *terms)
{
    struct civil_date start = fact_date(pricing, season_start_id, season_start_label, pricing->date);
    struct civil_date first = season_first_day(terms, pricing->date);
    struct civil_date last = season_last_day(terms, pricing->date);
    if (pricing->status == STATUS_OK && (civil_date_compare(start, first) < 0 || civil_date_compare(start, last) > 0)) {
        pricing_refuse(pricing, "wrong_date", "開始日は %d年%d月%d日 から %d年%d月%d日 までです。入れ直してください。",
                       first.year, first.month, first.day, last.year, last.month, last.day);
    }
    return start;
}

static void
add_row(struct base_price *base, int64_t yen, const char *text)
{
    assert(base->row_count < SCALED_ROWS_MAX);

    struct tariff_row *row = &base->rows[base->row_count++];
    row->yen = yen;
    tariff_text_print(row->text, "%s", text);
}

/* The price of the months; gives it. */
static int64_t
add_months(const struct pricing *pricing, const struct season_class *class, const struct season_period *period,
           size_t index, const struct season_span *span, struct base_price *base)
{
    char text[ERROR_MESSAGE_SIZE];
    char yen_text[YEN_TEXT_SIZE];
    base->price = class->is_priced[index] ? class->prices[index] : class->monthly;
    int64_t yen = pricing_price(pricing, &base->price);
    if (class->is_priced[index]) {
        snprintf(text, sizeof text, "%.100s %.100s %s円", class->name, period->name, yen_format(yen_text, yen));
    } else {
        snprintf(text, sizeof text, "%.100s 月%s円 × %lldか月", class->name, yen_format(yen_text, yen),
                 (long long)span->months);
        yen *= span->months;
    }
    add_row(base, yen, text);
    return yen;
}

/* What a first month that is not whole takes off, at most YEN. */
static int64_t
add_part_month(const struct pricing *pricing, const struct season_terms *terms, const struct season_class *class,
               const struct season_span *span, int64_t yen, struct base_price *base)
{
    char text[ERROR_MESSAGE_SIZE];
    if (terms->mid_month == MID_MONTH_FULL || !span->has_part_month ||
        (terms->mid_month == MID_MONTH_FROM_DAY && span->first.day < terms->mid_month_day)) {
        return 0;
    }
    int64_t month_yen = pricing_price(pricing, &class->monthly);
    int64_t share_yen;
    if (terms->mid_month == MID_MONTH_DAILY) {
        int days = days_of_month(month_number(span->first));
        int left = days - span->first.day + 1;
        share_yen = tariff_round(month_yen * left, days, pricing->tariff->rounding);
        snprintf(text, sizeof text, "1か月目は %d日分(%d日のうち)", left, days);
    } else {
        share_yen = tariff_round(month_yen * terms->mid_month_percent, 100, pricing->tariff->rounding);
        snprintf(text, sizeof text, "1か月目は %d日からなので %lld%%", terms->mid_month_day,
                 (long long)terms->mid_month_percent);
    }
    int64_t off_yen = month_yen > share_yen ? month_yen - share_yen : 0;
    off_yen = off_yen < yen ? off_yen : yen;
    add_row(base, -off_yen, text);
    return off_yen;
}

void
season_price(const struct tariff *tariff, struct pricing *pricing)
{
    const struct season_terms *terms = tariff->terms;
    char text[ERROR_MESSAGE_SIZE];
    char label[TARIFF_TEXT_SIZE];
    char yen_text[YEN_TEXT_SIZE];
    const struct season_class *class = read_class(pricing, terms);
    size_t index = read_period(pricing, terms, class);
    struct civil_date start = read_start(pricing, terms);
    int64_t quantity = fact_count(pricing, season_quantity_id, season_quantity_label, 1, TARIFF_QUANTITY_MAX, 1);
    if (pricing->status != STATUS_OK) {
        return;
    }
    const struct season_period *period = &terms->periods[index];
    struct season_span span = season_span_of(terms, period, start);
    struct base_price base = {.part = season_part, .category = class->code, .label = label, .quantity = quantity};
    tariff_text_print(label, "%s %s", class->name, period->name);
    int64_t yen = add_months(pricing, class, period, index, &span, &base);
    yen -= add_part_month(pricing, terms, class, &span, yen, &base);
    bool counts_months = period->months == 0 && !class->is_priced[index];
    if (counts_months && class->fiscal_year_maximum_yen > 0 && yen > class->fiscal_year_maximum_yen) {
        snprintf(text, sizeof text, "年度の上限 %s円を適用", yen_format(yen_text, class->fiscal_year_maximum_yen));
        add_row(&base, class->fiscal_year_maximum_yen - yen, text);
    }
    snprintf(text, sizeof text, "有効期間 %d年%d月%d日から%d年%d月%d日まで", span.first.year, span.first.month,
             span.first.day, span.last.year, span.last.month, span.last.day);
    add_row(&base, 0, text);
    pricing_add(pricing, &base);
}
