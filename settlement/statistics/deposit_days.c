/* A histogram by whole days: exact, small, and mergeable over companies. */
#include "settlement/statistics/deposit_days.h"

#include <assert.h>

void
deposit_days_init(struct deposit_days *days)
{
    *days = (struct deposit_days){0};
}

void
deposit_days_add(struct deposit_days *days, int64_t took_days, int64_t count, int64_t amount_yen)
{
    const int64_t place = took_days < 0 ? 0 : took_days > DEPOSIT_DAYS_MAX ? DEPOSIT_DAYS_MAX : took_days;
    days->count[place] += count;
    days->came_count += count;
    days->came_yen += amount_yen;
}

void
deposit_days_add_waiting(struct deposit_days *days, int64_t count, int64_t amount_yen)
{
    days->waiting_count += count;
    days->waiting_yen += amount_yen;
}

void
deposit_days_merge(struct deposit_days *into, const struct deposit_days *more)
{
    for (int i = 0; i <= DEPOSIT_DAYS_MAX; i++) {
        into->count[i] += more->count[i];
    }
    into->came_count += more->came_count;
    into->came_yen += more->came_yen;
    into->waiting_count += more->waiting_count;
    into->waiting_yen += more->waiting_yen;
}

bool
deposit_days_quantile(const struct deposit_days *days, int64_t numerator, int64_t denominator, int64_t *out)
{
    assert(numerator > 0 && numerator <= denominator);
    int64_t came = 0;
    for (int64_t i = 0; days->came_count > 0 && i <= DEPOSIT_DAYS_MAX; i++) {
        came += days->count[i];
        if (came * denominator >= days->came_count * numerator) {
            *out = i;
            return true;
        }
    }
    return false;
}
