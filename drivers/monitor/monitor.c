/* pthreads, with the results that can only mean a programmer's error asserted away. */
#include "drivers/monitor/monitor.h"

#include <assert.h>
#include <errno.h>
#include <time.h>

enum { MS_PER_SECOND = 1000, NS_PER_MS = 1000000 };

enum status
monitor_init(struct monitor *monitor, struct error_detail *err)
{
    pthread_condattr_t attributes;
    if (pthread_condattr_init(&attributes) != 0) {
        goto failed;
    }
    if (pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) != 0 ||
        pthread_cond_init(&monitor->changed, &attributes) != 0) {
        pthread_condattr_destroy(&attributes);
        goto failed;
    }
    pthread_condattr_destroy(&attributes);
    if (pthread_mutex_init(&monitor->mutex, NULL) != 0) {
        pthread_cond_destroy(&monitor->changed);
        goto failed;
    }
    return STATUS_OK;

failed:
    error_set(err, "no_memory", "the system gives no more locks");
    return STATUS_NO_MEMORY;
}

void
monitor_finish(struct monitor *monitor)
{
    pthread_mutex_destroy(&monitor->mutex);
    pthread_cond_destroy(&monitor->changed);
}

void
monitor_lock(struct monitor *monitor)
{
    int failure = pthread_mutex_lock(&monitor->mutex);
    assert(failure == 0);
    (void)failure;
}

void
monitor_unlock(struct monitor *monitor)
{
    int failure = pthread_mutex_unlock(&monitor->mutex);
    assert(failure == 0);
    (void)failure;
}

void
monitor_announce(struct monitor *monitor)
{
    pthread_cond_broadcast(&monitor->changed);
}

bool
monitor_wait(struct monitor *monitor, int64_t deadline_ms)
{
    const struct timespec deadline = {
        .tv_sec = deadline_ms / MS_PER_SECOND,
        .tv_nsec = (long)(deadline_ms % MS_PER_SECOND) * NS_PER_MS,
    };
    return pthread_cond_timedwait(&monitor->changed, &monitor->mutex, &deadline) != ETIMEDOUT;
}

int64_t
monitor_now_ms(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * MS_PER_SECOND + now.tv_nsec / NS_PER_MS;
}
