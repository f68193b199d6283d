/* One thread that interprets whenever something waits, and gives way to intake: while uploads keep coming it holds back
 * for up to PATIENCE_MS, because tills wait for their acknowledgement and nobody waits for the meaning of a line. When
 * a batch fails it tries again later: the lines are durable. */
#include "settlement/ledger/ledger_thread.h"

#include "common/log/log.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

enum {
    RETRY_SECONDS = 5,  /* a full or locked disk is not helped by asking more often */
    QUIET_MS = 20,      /* no upload for so long: intake is idle */
    PATIENCE_MS = 2000, /* how far the ledger may fall behind while uploads keep coming */
    MS_PER_SECOND = 1000
};

struct ledger_thread {
    struct store *store;
    ledger_listener listener;
    void *context;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t thread;
    int64_t wakes; /* counts uploads, so that quiet can be told from work */
    bool is_woken;
    bool is_stopping;
};

static struct timespec
in_ms(int64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    int64_t ns = until.tv_nsec + ms % MS_PER_SECOND * 1000000;
    until.tv_sec += ms / MS_PER_SECOND + ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    return until;
}

/* Return when no upload came for QUIET_MS, or after PATIENCE_MS. */
static void
give_way_to_intake(struct ledger_thread *thread)
{
    pthread_mutex_lock(&thread->lock);
    for (int waited_ms = 0; waited_ms < PATIENCE_MS && !thread->is_stopping; waited_ms += QUIET_MS) {
        int64_t before = thread->wakes;
        struct timespec until = in_ms(QUIET_MS);
        while (!thread->is_stopping && pthread_cond_timedwait(&thread->changed, &thread->lock, &until) == 0) {
        }
        if (thread->wakes == before) {
            break;
        }
    }
    pthread_mutex_unlock(&thread->lock);
}

/* Wait until woken or, when HAS_FAILED, for a while. False when the thread must end. */
static bool
wait_for_work(struct ledger_thread *thread, bool has_failed)
{
    struct timespec until = in_ms((int64_t)RETRY_SECONDS * MS_PER_SECOND);
    pthread_mutex_lock(&thread->lock);
    bool has_timed_out = false;
    while (!thread->is_stopping && !has_timed_out && (has_failed || !thread->is_woken)) {
        if (has_failed) {
            has_timed_out = pthread_cond_timedwait(&thread->changed, &thread->lock, &until) != 0;
        } else {
            pthread_cond_wait(&thread->changed, &thread->lock);
        }
    }
    thread->is_woken = false;
    bool goes_on = !thread->is_stopping;
    pthread_mutex_unlock(&thread->lock);
    return goes_on;
}

static bool
is_stopping(struct ledger_thread *thread)
{
    pthread_mutex_lock(&thread->lock);
    bool stopping = thread->is_stopping;
    pthread_mutex_unlock(&thread->lock);
    return stopping;
}

/* False when a batch failed. */
static bool
work(struct ledger_thread *thread)
{
    struct ledger_advance advance = {0};
    while (!advance.is_at_end && !is_stopping(thread)) {
        struct error_detail err;
        give_way_to_intake(thread);
        enum status status = ledger_advance(thread->store, &advance, &err);
        if (status != STATUS_OK) {
            log_failure(LOG_LEVEL_ERROR, "ledger", "interpreting lines", status, &err);
            return false;
        }
        if (advance.lines > 0) {
            thread->listener(&advance, thread->context);
        }
    }
    return true;
}

static void *
thread_main(void *context)
{
    struct ledger_thread *thread = context;
    bool has_failed = false;
    do {
        has_failed = !work(thread);
    } while (wait_for_work(thread, has_failed));
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
    thread->wakes++;
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
