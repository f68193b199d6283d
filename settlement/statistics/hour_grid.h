/* Sales by weekday and hour. PURE. */
#pragma once

#include "common/clock/civil.h"

#include <stdint.h>

enum { GRID_WEEKDAYS = 7 /* 0: Sunday, as civil_date_weekday */, GRID_HOURS = 24 };

/* INVARIANT: cashless ≤ all, day by day and hour by hour. */
struct hour_grid {
    int64_t all[GRID_WEEKDAYS][GRID_HOURS];
    int64_t cashless[GRID_WEEKDAYS][GRID_HOURS];
    int64_t days[GRID_WEEKDAYS]; /* with a sale */
    struct civil_date last;      /* the day added last */
    bool has_last;
};

void hour_grid_init(struct hour_grid *grid);

/* COUNT sales of HOUR (0 … 23) on DAY. Days come in their order. */
void hour_grid_add(struct hour_grid *grid, struct civil_date day, int hour, bool is_cash, int64_t count);

/* The hours in which anything was sold: *OUT_FIRST … *OUT_LAST. False when nothing was. */
bool hour_grid_span(const struct hour_grid *grid, int *out_first, int *out_last);

/* "日" … "土". Static. */
const char *hour_grid_weekday_name(int weekday);
