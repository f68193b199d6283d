/* The terms of form parking, and what a stay costs by them; for form_parking.c, parking_price.c and parking_stay.c. */
#pragma once

#include "common/tariff/pricing.h"
#include "common/tariff/question.h"

enum {
    PARKING_RATES_MAX = 4, /* of one plan: day, night, and what lies between */
    PARKING_PLANS = 2,     /* usual and special days */
    PARKING_VALIDATIONS_MAX = 8,
    PARKING_DAY_MINUTES = 24 * 60,
    PARKING_STAY_DAYS_MAX = 3660 /* a car of ten years; bounds the walk at five million units */
};

/* `yen` for each begun `unit_minutes`, from from_minute to to_minute of the day (over midnight when that is less;
 * equal: the whole day); at most maximum_yen for one such stretch (0: no maximum). */
struct parking_rate {
    int64_t unit_minutes;
    int64_t yen;
    int from_minute;
    int to_minute;
    int64_t maximum_yen;
};

/* INVARIANT: every minute of the day has exactly one rate. */
struct parking_plan {
    struct parking_rate rates[PARKING_RATES_MAX];
    size_t rate_count;
    unsigned char rate_of_minute[PARKING_DAY_MINUTES];
    int64_t daily_maximum_yen; /* 0: none */
};

struct parking_validation {
    char code[TARIFF_CODE_SIZE];
    char name[TARIFF_TEXT_SIZE];
    int64_t minutes; /* added to the free ones */
};

struct parking_terms {
    struct parking_plan plans[PARKING_PLANS];
    bool has_special;
    struct tariff_day_set special_days;
    int64_t free_minutes;
    bool free_only_within; /* a longer stay pays from the entry on */
    int64_t first_minutes; /* the first price of a stay; 0: none */
    int64_t first_yen;
    bool rolls_at_midnight; /* else every 24 hours from the entry */
    bool takes_prepayment;
    int64_t grace_minutes; /* to leave after paying */
    bool has_lost_ticket;
    int64_t lost_ticket_yen;
    struct parking_validation validations[PARKING_VALIDATIONS_MAX];
    size_t validation_count;
};

/* What a stay costs, and of what. All in yen and minutes. */
struct parking_stay {
    int64_t minutes;
    int64_t free_minutes; /* that counted */
    bool has_first;
    int64_t units[PARKING_PLANS][PARKING_RATES_MAX];
    int64_t rate_cut_yen; /* what the maxima of rates took off */
    int64_t day_cut_yen;  /* what the daily maximum took off, and on how many days */
    int64_t days_cut;
    int64_t total_yen;
};

/* Compute *OUT for a stay from ENTRY to EXIT, minutes since 1970-01-01T00:00 in Japan, ENTRY ≤ EXIT, not longer than
 * PARKING_STAY_DAYS_MAX; FREE_MINUTES are free. The total never falls as EXIT grows. */
void parking_stay_price(const struct tariff *tariff, int64_t entry, int64_t exit, int64_t free_minutes,
                        struct parking_stay *out);

/* "1日2時間5分" */
void parking_duration_print(char out[TARIFF_TEXT_SIZE], int64_t minutes);

extern const char parking_entered_id[];
extern const char parking_entered_label[];
extern const char parking_left_id[];
extern const char parking_left_label[];
extern const char parking_lost_id[];
extern const char parking_lost_label[];
extern const char parking_validation_id[];
extern const char parking_validation_label[];
extern const char parking_no_validation[];
extern const char parking_prepaid_at_id[];
extern const char parking_prepaid_at_label[];
extern const char parking_prepaid_yen_id[];
extern const char parking_prepaid_yen_label[];
extern const char parking_part[];

void parking_price(const struct tariff *tariff, struct pricing *pricing);
