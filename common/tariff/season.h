/* The terms of form season; for form_season.c and season_price.c. */
#pragma once

#include "common/tariff/pricing.h"
#include "common/tariff/question.h"

enum {
    SEASON_CLASSES_MAX = 16, /* kinds of vehicle × kinds of user */
    SEASON_PERIODS_MAX = 8,
    SEASON_MONTHS_MAX = 12
};

/* INVARIANT: `months` ≥ 1, or 0: until the end of the fiscal year. */
struct season_period {
    char code[TARIFF_CODE_SIZE];
    char name[TARIFF_TEXT_SIZE];
    int64_t months;
};

/* INVARIANT: each offered period has a price of its own, or there is a monthly one. */
struct season_class {
    char code[TARIFF_CODE_SIZE];
    char name[TARIFF_TEXT_SIZE];
    char hint[TARIFF_TEXT_SIZE];
    bool is_offered[SEASON_PERIODS_MAX];
    bool is_priced[SEASON_PERIODS_MAX];
    struct tariff_price_of prices[SEASON_PERIODS_MAX];
    bool has_monthly;
    struct tariff_price_of monthly;
    int64_t fiscal_year_maximum_yen; /* of months counted to the end of the year; 0: none */
};

enum mid_month_rule { MID_MONTH_FULL, MID_MONTH_FROM_DAY, MID_MONTH_DAILY };

struct season_terms {
    bool starts_with_month; /* periods are whole months of the calendar; else they run from any day */
    enum mid_month_rule mid_month;
    int mid_month_day;         /* MID_MONTH_FROM_DAY: from that day on … */
    int64_t mid_month_percent; /* … the first month costs so much of a month */
    int64_t ahead_days;        /* how early one may buy */
    struct season_period periods[SEASON_PERIODS_MAX];
    size_t period_count;
    struct season_class classes[SEASON_CLASSES_MAX];
    size_t class_count;
};

/* A ticket's time. */
struct season_span {
    struct civil_date first;
    struct civil_date last;
    int64_t months;      /* that are paid */
    bool has_part_month; /* the first of them is not whole */
};

/* PERIOD from FIRST on; both ends count. */
struct season_span
season_span_of(const struct season_terms *terms, const struct season_period *period, struct civil_date first);

extern const char season_class_id[];
extern const char season_class_label[];
extern const char season_period_id[];
extern const char season_period_label[];
extern const char season_start_id[];
extern const char season_start_label[];
extern const char season_quantity_id[];
extern const char season_quantity_label[];
extern const char season_part[];

/* The first day that may be chosen on BUSINESS_DATE, and the last. */
struct civil_date season_first_day(const struct season_terms *terms, struct civil_date business_date);
struct civil_date season_last_day(const struct season_terms *terms, struct civil_date business_date);

void season_price(const struct tariff *tariff, struct pricing *pricing);
