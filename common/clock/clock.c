/* The machine's clock and the manual one. */
#include "common/clock/clock.h"

#include <stddef.h>
#include <time.h>

static int64_t
read_clock_ms(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now); /* cannot fail for these two clocks */
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t
system_now_ms(void *context)
{
    (void)context;
    return read_clock_ms(CLOCK_REALTIME);
}

static int64_t
system_monotonic_ms(void *context)
{
    (void)context;
    return read_clock_ms(CLOCK_MONOTONIC);
}

struct clock_source
clock_system(void)
{
    return (struct clock_source){system_now_ms, system_monotonic_ms, NULL};
}

int64_t
clock_now_ms(const struct clock_source *clock)
{
    return clock->now_ms(clock->context);
}

int64_t
clock_monotonic_ms(const struct clock_source *clock)
{
    return clock->monotonic_ms(clock->context);
}

static int64_t
manual_now_ms(void *context)
{
    const struct manual_clock *manual = context;
    return manual->now_ms;
}

static int64_t
manual_monotonic_ms(void *context)
{
    const struct manual_clock *manual = context;
    return manual->now_ms - manual->jumped_ms;
}

struct clock_source
clock_manual(struct manual_clock *manual)
{
    return (struct clock_source){manual_now_ms, manual_monotonic_ms, manual};
}

struct timespec
clock_deadline_after(unsigned ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + (int64_t)(ms % 1000) * 1000000;
    until.tv_sec += ms / 1000 + ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    return until;
}
