/* Where time comes from: a parameter of everything that needs it, so that tests set it. */
#pragma once

#include <stdint.h>
#include <time.h>

/* `now_ms` returns the instant (see civil.h); `monotonic_ms` never goes back and has no meaning but differences. Both
 * may be called from any thread. */
struct clock_source {
    int64_t (*now_ms)(void *context);
    int64_t (*monotonic_ms)(void *context);
    void *context;
};

/* The machine's clock. */
struct clock_source clock_system(void);

int64_t clock_now_ms(const struct clock_source *clock);
int64_t clock_monotonic_ms(const struct clock_source *clock);

/* The moment MS milliseconds from now on CLOCK_MONOTONIC, for pthread_cond_timedwait on a condition of that clock. */
struct timespec clock_deadline_after(unsigned ms);

/* A clock that stands still until it is moved, for tests and replays. The struct must outlive the source made of it.
 * Not for use from several threads without the caller's lock. */
struct manual_clock {
    int64_t now_ms;
    int64_t jumped_ms; /* how far somebody has set it: the monotonic clock is now_ms − jumped_ms */
};
struct clock_source clock_manual(struct manual_clock *manual);
