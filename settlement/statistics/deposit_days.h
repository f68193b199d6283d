/* Days from a payment to its deposit: a distribution, its median and the day by which nine tenths had come. PURE. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { DEPOSIT_DAYS_MAX = 180 /* three times the longest terms known; more counts as this, and says so */ };

struct deposit_days {
    int64_t count[DEPOSIT_DAYS_MAX + 1]; /* by days; the last holds all that took longer, too */
    int64_t came_count;                  /* Σ count */
    int64_t came_yen;
    int64_t waiting_count; /* not (wholly) credited yet */
    int64_t waiting_yen;
};

void deposit_days_init(struct deposit_days *days);

/* COUNT payments of AMOUNT_YEN that came DAYS after they were made (money that came before, by the statement's dates,
 * counts as 0). */
void deposit_days_add(struct deposit_days *days, int64_t took_days, int64_t count, int64_t amount_yen);
void deposit_days_add_waiting(struct deposit_days *days, int64_t count, int64_t amount_yen);
void deposit_days_merge(struct deposit_days *into, const struct deposit_days *more);

/* The smallest number of days by which NUMERATOR/DENOMINATOR of the payments had come. False when none has. */
bool deposit_days_quantile(const struct deposit_days *days, int64_t numerator, int64_t denominator, int64_t *out);
