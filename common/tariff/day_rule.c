/* Prices of certain days: weekdays, holidays, listed days; the first rule that fits counts. */
#include "common/tariff/tariff_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOLIDAY_BIT = 1 << 7 };

/* An array of days KEY into a new array of *OUT_COUNT (NULL for none). */
static struct civil_date *
read_dates(struct member_row *row, const char *key, size_t *out_count)
{
    const struct json_value *list = member_list(row, key, 0, DATES_MAX);
    *out_count = 0;
    if (json_count(list) == 0) {
        return NULL;
    }
    struct civil_date *dates = calloc(json_count(list), sizeof *dates);
    if (dates == NULL) {
        member_out_of_memory(row);
        return NULL;
    }
    for (const struct json_value *item = json_first(list); item != NULL; item = json_next(item)) {
        const char *text;
        if (!json_as_text(item, &text) || civil_date_parse(&dates[*out_count], text, strlen(text)) != STATUS_OK) {
            member_refuse(row, key, "実在する日を 2026-11-03 の形で並べてください");
            break;
        }
        ++*out_count;
    }
    return dates;
}

static unsigned
read_weekdays(struct member_row *row)
{
    static const char *const words[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat", "holiday"};
    unsigned weekdays = 0;
    const struct json_value *list = member_list(row, "weekdays", 0, sizeof words / sizeof words[0]);
    for (const struct json_value *item = json_first(list); item != NULL; item = json_next(item)) {
        const char *text = "";
        size_t day = 0;
        bool is_text = json_as_text(item, &text);
        while (day < sizeof words / sizeof words[0] && (!is_text || strcmp(words[day], text) != 0)) {
            day++;
        }
        if (day == sizeof words / sizeof words[0]) {
            member_refuse(row, "weekdays", "sun mon tue wed thu fri sat holiday の中から並べてください");
            break;
        }
        weekdays |= 1U << day;
    }
    return weekdays;
}

void
tariff_day_set_read(struct tariff_day_set *set, struct member_row *row)
{
    set->weekdays = read_weekdays(row);
    set->except_holidays = member_flag_or(row, "except_holidays", false);
    set->dates = read_dates(row, "dates", &set->date_count);
    set->except_dates = read_dates(row, "except_dates", &set->except_date_count);
    if (set->weekdays == 0 && set->date_count == 0) {
        member_refuse(row, "weekdays", "weekdays(曜日)か dates(日)のどちらかが必要です");
    }
}

void
tariff_day_set_finish(struct tariff_day_set *set)
{
    free(set->dates);
    free(set->except_dates);
}

static void
read_rule(struct tariff_day_rule *rule, struct member_row *row)
{
    member_text(row, "name", rule->name);
    rule->percent = member_int(row, "percent", 0, PERCENT_MAX);
    tariff_day_set_read(&rule->days, row);
    rule->bands = member_codes(row, "bands", LISTED_MAX, &rule->band_count);
    rule->categories = member_codes(row, "categories", LISTED_MAX, &rule->category_count);
    rule->parts = member_codes(row, "parts", RATES_MAX, &rule->part_count);
}

void
tariff_days_read(struct tariff *tariff, struct member_row *row)
{
    tariff->holidays = read_dates(row, "holidays", &tariff->holiday_count);
    const struct json_value *list = tariff->form->has_days ? member_list(row, "days", 0, DAY_RULES_MAX) : NULL;
    if (json_count(list) == 0) {
        return;
    }
    tariff->day_rules = calloc(json_count(list), sizeof *tariff->day_rules);
    if (tariff->day_rules == NULL) {
        member_out_of_memory(row);
        return;
    }
    for (const struct json_value *item = json_first(list); item != NULL; item = json_next(item)) {
        struct member_row inner;
        member_enter(&inner, row, "days", tariff->day_rule_count, item);
        read_rule(&tariff->day_rules[tariff->day_rule_count++], &inner);
        member_leave(&inner, row);
    }
}

void
tariff_days_destroy(struct tariff *tariff)
{
    for (size_t i = 0; i < tariff->day_rule_count; i++) {
        struct tariff_day_rule *rule = &tariff->day_rules[i];
        tariff_day_set_finish(&rule->days);
        free(rule->bands);
        free(rule->categories);
        free(rule->parts);
    }
    free(tariff->day_rules);
    free(tariff->holidays);
}

static bool
has_date(const struct civil_date *dates, size_t count, struct civil_date date)
{
    for (size_t i = 0; i < count; i++) {
        if (civil_date_compare(dates[i], date) == 0) {
            return true;
        }
    }
    return false;
}

bool
tariff_day_set_has(const struct tariff *tariff, const struct tariff_day_set *set, struct civil_date date)
{
    if (has_date(set->except_dates, set->except_date_count, date)) {
        return false;
    }
    if (has_date(set->dates, set->date_count, date)) {
        return true;
    }
    bool is_holiday = has_date(tariff->holidays, tariff->holiday_count, date);
    if (is_holiday && (set->except_holidays || (set->weekdays & HOLIDAY_BIT) != 0)) {
        return !set->except_holidays;
    }
    return (set->weekdays & 1U << civil_date_weekday(date)) != 0;
}

/* Whether LIST (NULL: all) has CODE; a price without CODE fits no list. */
static bool
fits_list(char (*list)[TARIFF_CODE_SIZE], size_t count, const char *code)
{
    return list == NULL || (code != NULL && tariff_codes_have((const char(*)[TARIFF_CODE_SIZE])list, count, code));
}

const struct tariff_day_rule *
tariff_day_rule_for(const struct tariff *tariff, struct civil_date date, const char *band, const char *category,
                    const char *part)
{
    for (size_t i = 0; i < tariff->day_rule_count; i++) {
        const struct tariff_day_rule *rule = &tariff->day_rules[i];
        if (fits_list(rule->bands, rule->band_count, band) &&
            fits_list(rule->categories, rule->category_count, category) &&
            fits_list(rule->parts, rule->part_count, part) && tariff_day_set_has(tariff, &rule->days, date)) {
            return rule;
        }
    }
    return NULL;
}

/* Refuse the first of CODES that the tariff does not have. HAS is NULL for a form that has none. */
static void
check_list(const struct tariff *tariff, struct member_row *row, size_t index, const char *key,
           char (*codes)[TARIFF_CODE_SIZE], size_t count, bool (*has)(const struct tariff *tariff, const char *code))
{
    for (size_t i = 0; i < count; i++) {
        if (has == NULL || !has(tariff, codes[i])) {
            char path[MEMBER_PATH_SIZE];
            snprintf(path, sizeof path, "days[%zu].%s", index, key);
            member_refuse(row, path, "%s というコードはこの料金にありません", codes[i]);
            return;
        }
    }
}

void
tariff_days_check(const struct tariff *tariff, struct member_row *row)
{
    for (size_t i = 0; i < tariff->day_rule_count && row->status == STATUS_OK; i++) {
        const struct tariff_day_rule *rule = &tariff->day_rules[i];
        check_list(tariff, row, i, "bands", rule->bands, rule->band_count, tariff->form->has_band);
        check_list(tariff, row, i, "categories", rule->categories, rule->category_count, tariff->form->has_category);
        check_list(tariff, row, i, "parts", rule->parts, rule->part_count, tariff->form->has_part);
    }
}
