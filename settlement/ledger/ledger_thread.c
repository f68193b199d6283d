/* One thread that interprets whenever something waits. When a batch fails it tries again later: the lines are durable,
 * and nobody waits for their meaning.
 *
 * Uploads come first. A batch that ends to find new lines has run beside uploads, which waited for its turn to write
 * and shared its processor: the thread then rests several times as long as it worked. It takes the same share of a busy
 * minute whatever the rate, and works off a backlog that nobody adds to without rest. */
#include "settlement/ledger/ledger_thread.h"

#include "common/clock/clock.h"
#include "common/log/log.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

enum {
    RETRY_MS = 5000,   /* a full or locked disk is not helped by asking more often */
    REST_FACTOR = 5,   /* under load the ledger takes a sixth of the time: thousands of lines a second all the same */
    LOOK_MS = 2000,    /* a store that others write to is looked at so often */
    REST_MAX_MS = 1000 /* screens are never further behind than this because of resting */
};

struct ledger_thread {
    struct store *store;
    ledger_listener listener;
    void *context;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t thread;
    bool is_woken;
    bool is_stopping;
};

static struct timespec
time_after(int64_t duration_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += duration_ms / 1000;
    until.tv_nsec += duration_ms % 1000 * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    return until;
}

/* Wait for at most DURATION_MS, or until the thread must end. */
static void
rest(struct ledger_thread *thread, int64_t duration_ms)
{
    struct timespec until = time_after(duration_ms);
    pthread_mutex_lock(&thread->lock);
    int result = 0;
    while (!thread->is_stopping && result == 0) {
        result = pthread_cond_timedwait(&thread->changed, &thread->lock, &until);
    }
    pthread_mutex_unlock(&thread->lock);
}

/* Wait until woken, or, when other programs take in lines as well and one of them may have ended before it interpreted
 * its own, for LOOK_MS. False when the thread must end. */
static bool
wait_for_lines(struct ledger_thread *thread)
{
    struct timespec until = time_after(LOOK_MS);
    bool is_shared = store_is_shared(thread->store);
    int result = 0;
    pthread_mutex_lock(&thread->lock);
    while (!thread->is_stopping && !thread->is_woken && result == 0) {
        result = is_shared ? pthread_cond_timedwait(&thread->changed, &thread->lock, &until)
                           : pthread_cond_wait(&thread->changed, &thread->lock);
    }
    thread->is_woken = false;
    bool goes_on = !thread->is_stopping;
    pthread_mutex_unlock(&thread->lock);
    return goes_on;
}

/* Whether lines came since the last question. */
static bool
lines_came(struct ledger_thread *thread)
{
    pthread_mutex_lock(&thread->lock);
    bool came = thread->is_woken;
    thread->is_woken = false;
    pthread_mutex_unlock(&thread->lock);
    return came;
}

static bool
is_stopping(struct ledger_thread *thread)
{
    pthread_mutex_lock(&thread->lock);
    bool stopping = thread->is_stopping;
    pthread_mutex_unlock(&thread->lock);
    return stopping;
}

/* Interpret until nothing waits. */
static void
work(struct ledger_thread *thread)
{
    struct clock_source clock = clock_system();
    struct ledger_advance advance = {0};
    while (!advance.is_at_end && !is_stopping(thread)) {
        struct error_detail err;
        int64_t begun_ms = clock_monotonic_ms(&clock);
        enum status status = ledger_advance(thread->store, &advance, &err);
        int64_t duration_ms = clock_monotonic_ms(&clock) - begun_ms;
        if (status != STATUS_OK) {
            log_failure(LOG_LEVEL_ERROR, "ledger", "interpreting lines", status, &err);
            rest(thread, RETRY_MS);
            advance.is_at_end = false;
            continue;
        }
        if (advance.lines > 0) {
            thread->listener(&advance, thread->context);
        }
        if (lines_came(thread)) {
            int64_t rest_ms = REST_FACTOR * duration_ms;
            rest(thread, rest_ms < REST_MAX_MS ? rest_ms : REST_MAX_MS);
            advance.is_at_end = false;
        }
    }
}

static void *
thread_main(void *context)
{
    struct ledger_thread *thread = context;
    do {
        work(thread);
    } while (wait_for_lines(thread));
    return NULL;
}

enum status
ledger_thread_start(struct ledger_thread **out, struct store *store, ledger_listener listener, void *context,
                    struct error_detail *err)
{
    struct ledger_thread *thread = calloc(1, sizeof *thread);
    if (thread == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    thread->store = store;
    thread->listener = listener;
    thread->context = context;
    pthread_mutex_init(&thread->lock, NULL);
    pthread_cond_init(&thread->changed, NULL);
    if (pthread_create(&thread->thread, NULL, thread_main, thread) != 0) {
        pthread_cond_destroy(&thread->changed);
        pthread_mutex_destroy(&thread->lock);
        free(thread);
        error_set(err, "no_thread", "the ledger's thread could not be started");
        return STATUS_IO;
    }
    *out = thread;
    return STATUS_OK;
}

void
ledger_thread_wake(struct ledger_thread *thread)
{
    pthread_mutex_lock(&thread->lock);
    thread->is_woken = true;
    pthread_cond_signal(&thread->changed);
    pthread_mutex_unlock(&thread->lock);
}

void
ledger_thread_stop(struct ledger_thread *thread)
{
    if (thread == NULL) {
        return;
    }
    pthread_mutex_lock(&thread->lock);
    thread->is_stopping = true;
    pthread_cond_signal(&thread->changed);
    pthread_mutex_unlock(&thread->lock);
    pthread_join(thread->thread, NULL);
    pthread_cond_destroy(&thread->changed);
    pthread_mutex_destroy(&thread->lock);
    free(thread);
}
