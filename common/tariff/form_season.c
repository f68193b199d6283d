/* season: tickets for months, or until the end of the fiscal year, by class (自転車 一般, 自転車 学生 …). This file
 * reads the row and asks; season_price.c prices. */
#include "common/tariff/season.h"

#include <stdlib.h>
#include <string.h>

enum { AHEAD_DAYS_MAX = 366, AHEAD_DAYS = 62, MID_MONTH_LAST_DAY = 28 };

const char season_class_id[] = "class";
const char season_class_label[] = "区分";
const char season_period_id[] = "period";
const char season_period_label[] = "期間";
const char season_start_id[] = "starts_on";
const char season_start_label[] = "開始日";
const char season_quantity_id[] = "quantity";
const char season_quantity_label[] = "枚数";
const char season_part[] = "season";

static size_t
find_period(const struct season_terms *terms, const char *code)
{
    size_t index = 0;
    while (index < terms->period_count && strcmp(terms->periods[index].code, code) != 0) {
        index++;
    }
    return index;
}

static void
read_period(struct season_terms *terms, struct member_row *row, const struct json_value *object)
{
    static const char *const untils[] = {"fiscal_year_end", NULL};
    struct season_period period = {0};
    struct member_row inner;
    member_enter(&inner, row, "periods", terms->period_count, object);
    member_code(&inner, "code", period.code);
    member_text(&inner, "name", period.name);
    bool has_months = member_is_given(&inner, "months");
    if (has_months == member_is_given(&inner, "until")) {
        member_refuse(&inner, "months", "months(月数)か until のどちらか1つを書いてください");
    } else if (has_months) {
        period.months = member_int(&inner, "months", 1, SEASON_MONTHS_MAX);
    } else {
        (void)member_word(&inner, "until", untils, -1);
    }
    if (find_period(terms, period.code) < terms->period_count) {
        member_refuse(&inner, "code", "同じコードの期間がもう1つあります");
    }
    member_leave(&inner, row);
    terms->periods[terms->period_count++] = period;
}

/* Which periods the class has: those it names, else all. */
static void
read_offers(const struct season_terms *terms, struct season_class *class, struct member_row *row)
{
    size_t count;
    char(*codes)[TARIFF_CODE_SIZE] = member_codes(row, "periods", SEASON_PERIODS_MAX, &count);
    for (size_t i = 0; i < terms->period_count; i++) {
        class->is_offered[i] = codes == NULL;
    }
    for (size_t i = 0; i < count; i++) {
        size_t index = find_period(terms, codes[i]);
        if (index == terms->period_count) {
            member_refuse(row, "periods", "%s という期間は periods にありません", codes[i]);
            break;
        }
        class->is_offered[index] = true;
    }
    free(codes);
}

static void
read_prices(const struct tariff *tariff, const struct season_terms *terms, struct season_class *class,
            struct member_row *row)
{
    class->has_monthly = member_is_given(row, "monthly_yen");
    if (class->has_monthly) {
        tariff_price_read(tariff, row, "monthly_yen", &class->monthly);
    }
    if (member_is_given(row, "prices_yen")) {
        struct member_row inner;
        member_enter_object(&inner, row, "prices_yen");
        for (size_t i = 0; i < terms->period_count; i++) {
            class->is_priced[i] = member_is_given(&inner, terms->periods[i].code);
            if (class->is_priced[i]) {
                tariff_price_read(tariff, &inner, terms->periods[i].code, &class->prices[i]);
            }
        }
        member_leave(&inner, row);
    }
    for (size_t i = 0; i < terms->period_count; i++) {
        if (class->is_offered[i] && !class->is_priced[i] && !class->has_monthly) {
            member_refuse(row, "prices_yen", "%s の料金か monthly_yen を書いてください", terms->periods[i].code);
        }
    }
    for (size_t i = 0; i < terms->period_count && class->has_monthly; i++) {
        if (class->is_priced[i] && class->prices[i].factor != class->monthly.factor) {
            member_refuse(row, "prices_yen", "%s を monthly_yen と同じ形(円、または同じ区分ごとの円)で書いてください",
                          terms->periods[i].code);
        }
    }
    if (terms->mid_month != MID_MONTH_FULL && !class->has_monthly) {
        member_refuse(row, "monthly_yen", "mid_month があるときは1か月分の料金が必要です");
    }
}

static void
read_class(const struct tariff *tariff, struct season_terms *terms, struct member_row *row,
           const struct json_value *object)
{
    struct season_class *class = &terms->classes[terms->class_count];
    struct member_row inner;
    member_enter(&inner, row, "classes", terms->class_count, object);
    member_code(&inner, "code", class->code);
    member_text(&inner, "name", class->name);
    member_text_or(&inner, "hint", "", class->hint);
    read_offers(terms, class, &inner);
    read_prices(tariff, terms, class, &inner);
    class->fiscal_year_maximum_yen = member_int_or(&inner, "fiscal_year_maximum_yen", 1, TARIFF_TOTAL_MAX_YEN, 0);
    for (size_t i = 0; i < terms->class_count; i++) {
        if (strcmp(terms->classes[i].code, class->code) == 0) {
            member_refuse(&inner, "code", "同じコードの区分がもう1つあります");
        }
    }
    terms->class_count++;
    member_leave(&inner, row);
}

static void
read_mid_month(struct season_terms *terms, struct member_row *row)
{
    static const char *const rules[] = {"full", "from_day", "daily", NULL};
    if (!member_is_given(row, "mid_month")) {
        return;
    }
    struct member_row inner;
    member_enter_object(&inner, row, "mid_month");
    terms->mid_month = (enum mid_month_rule)member_word(&inner, "rule", rules, -1);
    if (terms->mid_month == MID_MONTH_FROM_DAY) {
        terms->mid_month_day = (int)member_int(&inner, "from_day", 2, MID_MONTH_LAST_DAY);
        terms->mid_month_percent = member_int(&inner, "percent", 0, 100);
    }
    member_leave(&inner, row);
}

static void
read(struct tariff *tariff, struct member_row *row)
{
    static const char *const starts[] = {"month", "day", NULL};
    struct season_terms *terms = calloc(1, sizeof *terms);
    if (terms == NULL) {
        member_out_of_memory(row);
        return;
    }
    tariff->terms = terms;
    terms->starts_with_month = member_word(row, "start", starts, 0) == 0;
    terms->ahead_days = member_int_or(row, "ahead_days", 0, AHEAD_DAYS_MAX, AHEAD_DAYS);
    read_mid_month(terms, row);
    const struct json_value *periods = member_list(row, "periods", 1, SEASON_PERIODS_MAX);
    for (const struct json_value *item = json_first(periods); item != NULL; item = json_next(item)) {
        read_period(terms, row, item);
    }
    const struct json_value *classes = member_list(row, "classes", 1, SEASON_CLASSES_MAX);
    for (const struct json_value *item = json_first(classes); item != NULL; item = json_next(item)) {
        read_class(tariff, terms, row, item);
    }
}

static bool
has_part(const struct tariff *tariff, const char *code)
{
    (void)tariff;
    return strcmp(code, season_part) == 0;
}

static void
write_parts(const struct tariff *tariff, struct json_writer *writer)
{
    (void)tariff;
    json_text(writer, NULL, season_part);
}

static void
ask(const struct tariff *tariff, struct civil_date date, struct question_list *questions)
{
    const struct season_terms *terms = tariff->terms;
    question_begin(questions, season_class_id, "choice", season_class_label, "", /* is_required= */ true);
    json_begin_array(&questions->writer, "choices");
    for (size_t i = 0; i < terms->class_count; i++) {
        question_choice(questions, terms->classes[i].code, terms->classes[i].name, terms->classes[i].hint);
    }
    json_end_array(&questions->writer);
    json_end_object(&questions->writer);
    question_begin(questions, season_period_id, "choice", season_period_label, "", /* is_required= */ true);
    json_begin_array(&questions->writer, "choices");
    for (size_t i = 0; i < terms->period_count; i++) {
        question_choice(questions, terms->periods[i].code, terms->periods[i].name, "");
    }
    json_end_array(&questions->writer);
    json_end_object(&questions->writer);
    question_date(questions, season_start_id, season_start_label, "", date, season_first_day(terms, date),
                  season_last_day(terms, date));
    question_count(questions, season_quantity_id, season_quantity_label, "", "枚", 1, TARIFF_QUANTITY_MAX, 1);
}

const struct tariff_form tariff_season_form = {
    .name = "season",
    .has_factors = true,
    .reserved_ids = (const char *const[]){season_class_id, season_period_id, season_start_id, season_quantity_id, NULL},
    .read = read,
    .has_part = has_part,
    .write_parts = write_parts,
    .ask = ask,
    .price = season_price,
};
