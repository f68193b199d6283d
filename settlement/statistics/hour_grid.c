/* A grid of counts, and how many days stand behind each weekday. */
#include "settlement/statistics/hour_grid.h"

#include <assert.h>

void
hour_grid_init(struct hour_grid *grid)
{
    *grid = (struct hour_grid){0};
}

void
hour_grid_add(struct hour_grid *grid, struct civil_date day, int hour, bool is_cash, int64_t count)
{
    assert(hour >= 0 && hour < GRID_HOURS);
    const int weekday = civil_date_weekday(day);
    if (count == 0) {
        return; /* all of it was voided, or it is the cash beside a card */
    }
    if (!grid->has_last || civil_date_compare(grid->last, day) != 0) {
        grid->days[weekday]++;
        grid->last = day;
        grid->has_last = true;
    }
    grid->all[weekday][hour] += count;
    grid->cashless[weekday][hour] += is_cash ? 0 : count;
}

bool
hour_grid_span(const struct hour_grid *grid, int *out_first, int *out_last)
{
    bool has_any = false;
    for (int hour = 0; hour < GRID_HOURS; hour++) {
        for (int weekday = 0; weekday < GRID_WEEKDAYS; weekday++) {
            if (grid->all[weekday][hour] != 0) {
                *out_first = has_any ? *out_first : hour;
                *out_last = hour;
                has_any = true;
            }
        }
    }
    return has_any;
}

const char *
hour_grid_weekday_name(int weekday)
{
    static const char *const names[GRID_WEEKDAYS] = {"日", "月", "火", "水", "木", "金", "土"};
    return names[weekday];
}
