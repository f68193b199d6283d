/* A stay in a car park, unit by unit: each begun unit costs the rate in force when it begins, and belongs to the day in
 * which it begins. Maxima only take off what a unit would add, so that a longer stay never costs less. */
#include "common/tariff/parking.h"

#include <assert.h>
#include <stdio.h>

static int64_t
floor_divide(int64_t value, int64_t divisor)
{
    return value >= 0 ? value / divisor : -((divisor - 1 - value) / divisor);
}

/* INVARIANT: `day` is the day of `at`; the sums are of the current stretch of a rate and of the current day. */
struct walk {
    const struct tariff *tariff;
    const struct parking_terms *terms;
    struct parking_stay *stay;
    int64_t entry;
    int64_t at;
    int64_t civil_day; /* whose plan is `plan` */
    size_t plan;
    int64_t roll_day; /* the day that the daily maximum counts */
    size_t roll_plan; /* in force when it began */
    int64_t day_yen;
    int64_t day_cut_yen;
    const struct parking_rate *rate;
    int64_t stretch; /* number of the rate's stretch */
    int64_t stretch_yen;
};

static size_t
plan_of(const struct walk *walk, int64_t civil_day)
{
    const struct parking_terms *terms = walk->terms;
    return terms->has_special && tariff_day_set_has(walk->tariff, &terms->special_days, civil_date_from_days(civil_day))
               ? 1
               : 0;
}

static void
end_roll_day(struct walk *walk)
{
    walk->stay->day_cut_yen += walk->day_cut_yen;
    walk->stay->days_cut += walk->day_cut_yen > 0 ? 1 : 0;
    walk->day_yen = 0;
    walk->day_cut_yen = 0;
}

/* Look at what day it is at the walk's minute. */
static void
look_up(struct walk *walk)
{
    int64_t civil_day = floor_divide(walk->at, PARKING_DAY_MINUTES);
    if (civil_day != walk->civil_day) {
        walk->civil_day = civil_day;
        walk->plan = plan_of(walk, civil_day);
    }
    int64_t roll_day =
        walk->terms->rolls_at_midnight ? civil_day : floor_divide(walk->at - walk->entry, PARKING_DAY_MINUTES);
    if (roll_day != walk->roll_day) {
        end_roll_day(walk);
        walk->roll_day = roll_day;
        walk->roll_plan = walk->plan;
    }
}

/* Add YEN, but no more than what the maxima leave. */
static void
charge(struct walk *walk, int64_t yen, int64_t stretch_maximum_yen)
{
    int64_t added = yen;
    if (stretch_maximum_yen > 0 && added > stretch_maximum_yen - walk->stretch_yen) {
        added = stretch_maximum_yen - walk->stretch_yen;
        walk->stay->rate_cut_yen += yen - added;
    }
    walk->stretch_yen += added;
    int64_t daily_maximum_yen = walk->terms->plans[walk->roll_plan].daily_maximum_yen;
    if (daily_maximum_yen > 0 && added > daily_maximum_yen - walk->day_yen) {
        int64_t fitting = daily_maximum_yen - walk->day_yen;
        walk->day_cut_yen += added - fitting;
        added = fitting;
    }
    walk->day_yen += added;
    walk->stay->total_yen += added;
}

/* One unit at the walk's minute. */
static void
charge_unit(struct walk *walk)
{
    const struct parking_plan *plan = &walk->terms->plans[walk->plan];
    int64_t minute = walk->at - walk->civil_day * PARKING_DAY_MINUTES;
    size_t index = plan->rate_of_minute[minute];
    const struct parking_rate *rate = &plan->rates[index];
    int64_t stretch = floor_divide(walk->at - rate->from_minute, PARKING_DAY_MINUTES);
    if (rate != walk->rate || stretch != walk->stretch) {
        walk->rate = rate;
        walk->stretch = stretch;
        walk->stretch_yen = 0;
    }
    walk->stay->units[walk->plan][index]++;
    charge(walk, rate->yen, rate->maximum_yen);
    walk->at += rate->unit_minutes;
}

void
parking_stay_price(const struct tariff *tariff, int64_t entry, int64_t exit, int64_t free_minutes,
                   struct parking_stay *out)
{
    assert(entry <= exit && exit - entry <= (int64_t)PARKING_STAY_DAYS_MAX * PARKING_DAY_MINUTES);

    const struct parking_terms *terms = tariff->terms;
    *out = (struct parking_stay){.minutes = exit - entry};
    bool is_free = out->minutes <= free_minutes;
    out->free_minutes = is_free || !terms->free_only_within ? free_minutes : 0;
    if (is_free) {
        return;
    }
    struct walk walk = {.tariff = tariff, .terms = terms, .stay = out, .entry = entry};
    walk.at = entry + out->free_minutes;
    walk.civil_day = INT64_MIN;
    walk.roll_day = INT64_MIN;
    if (terms->first_minutes > 0) {
        look_up(&walk);
        out->has_first = true;
        charge(&walk, terms->first_yen, 0);
        walk.at += terms->first_minutes;
    }
    while (walk.at < exit) {
        look_up(&walk);
        charge_unit(&walk);
    }
    end_roll_day(&walk);
}

void
parking_duration_print(char out[TARIFF_TEXT_SIZE], int64_t minutes)
{
    int64_t days = minutes / PARKING_DAY_MINUTES;
    int64_t hours = minutes / 60 % 24;
    char text[64];
    int length = 0;
    if (days > 0) {
        length += snprintf(text, sizeof text, "%lld日", (long long)days);
    }
    if (hours > 0) {
        length += snprintf(text + length, sizeof text - (size_t)length, "%lld時間", (long long)hours);
    }
    if (minutes % 60 > 0 || minutes == 0) {
        snprintf(text + length, sizeof text - (size_t)length, "%lld分", (long long)(minutes % 60));
    }
    tariff_text_print(out, "%s", text);
}
