/* A lock with a condition to wait on, with deadlines on the monotonic clock. */
#pragma once

#include "common/outcome/status.h"

#include <pthread.h>
#include <stdint.h>

struct monitor {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
};

enum status monitor_init(struct monitor *monitor, struct error_detail *err) MUST_CHECK;
void monitor_finish(struct monitor *monitor);
void monitor_lock(struct monitor *monitor);
void monitor_unlock(struct monitor *monitor);

/* Wake everyone who waits; call with the lock held, after the change. */
void monitor_announce(struct monitor *monitor);

/* Wait, with the lock held, for an announcement or DEADLINE_MS (monotonic). False once the deadline has passed. */
bool monitor_wait(struct monitor *monitor, int64_t deadline_ms);
int64_t monitor_now_ms(void);
