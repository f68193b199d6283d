/* The watch. A look is asked for by way_watch_look() and made by the channel's own thread, which holds the channel
 * meanwhile; what it found is kept until the next look has ended. */
#include "pos/payment/way_watch.h"

#include "common/clock/clock.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_WAIT_MS = 1000 /* a network that is there answers by then, with a first TLS handshake */ };

/* `is_wanted` … `reason` stand under the watch's lock. INVARIANT: `use` is held whenever the channel is spoken to, and
 * never together with the watch's lock. */
struct watched {
    struct way_watch *watch;
    struct payment_channel *channel;
    pthread_mutex_t use;
    pthread_t thread;
    bool has_thread;
    bool is_wanted; /* a look is asked for, or being made */
    bool has_looked;
    bool is_ready;
    char reason[REASON_SIZE];
};

struct way_watch {
    pthread_mutex_t lock;
    pthread_cond_t changed; /* of CLOCK_MONOTONIC */
    bool is_stopping;
    struct watched ways[PAYMENT_WAYS_MAX];
    size_t count;
};

static void *
look_on(void *context)
{
    struct watched *way = context;
    struct way_watch *watch = way->watch;
    char reason[REASON_SIZE];
    pthread_mutex_lock(&watch->lock);
    while (!watch->is_stopping) {
        if (!way->is_wanted) {
            pthread_cond_wait(&watch->changed, &watch->lock);
            continue;
        }
        pthread_mutex_unlock(&watch->lock);
        pthread_mutex_lock(&way->use);
        reason[0] = '\0';
        const bool is_ready = way->channel->operations->check(way->channel, reason);
        pthread_mutex_unlock(&way->use);
        pthread_mutex_lock(&watch->lock);
        way->is_ready = is_ready;
        memcpy(way->reason, reason, sizeof way->reason);
        way->has_looked = true;
        way->is_wanted = false;
        pthread_cond_broadcast(&watch->changed);
    }
    pthread_mutex_unlock(&watch->lock);
    return NULL;
}

enum status
way_watch_create(struct way_watch **out, struct payment_channel *const *channels, size_t count,
                 struct error_detail *err)
{
    struct way_watch *watch = calloc(1, sizeof *watch);
    if (watch == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&watch->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&watch->lock, NULL);
    for (; watch->count < count; watch->count++) {
        struct watched *way = &watch->ways[watch->count];
        way->watch = watch;
        way->channel = channels[watch->count];
        pthread_mutex_init(&way->use, NULL);
        snprintf(way->reason, sizeof way->reason, "決済サービスにつながるか確かめています。");
    }
    *out = watch;
    return STATUS_OK;
}

void
way_watch_destroy(struct way_watch *watch)
{
    if (watch == NULL) {
        return;
    }
    pthread_mutex_lock(&watch->lock);
    watch->is_stopping = true;
    pthread_cond_broadcast(&watch->changed);
    pthread_mutex_unlock(&watch->lock);
    for (size_t i = 0; i < watch->count; i++) {
        if (watch->ways[i].has_thread) {
            pthread_join(watch->ways[i].thread, NULL);
        }
        pthread_mutex_destroy(&watch->ways[i].use);
    }
    pthread_cond_destroy(&watch->changed);
    pthread_mutex_destroy(&watch->lock);
    free(watch);
}

static struct watched *
of_channel(struct way_watch *watch, const struct payment_channel *channel)
{
    for (size_t i = 0; i < watch->count; i++) {
        if (watch->ways[i].channel == channel) {
            return &watch->ways[i];
        }
    }
    return &watch->ways[0]; /* not reached: every channel of the router is watched */
}

void
way_watch_take(struct way_watch *watch, const struct payment_channel *channel)
{
    pthread_mutex_lock(&of_channel(watch, channel)->use);
}

void
way_watch_give(struct way_watch *watch, const struct payment_channel *channel)
{
    pthread_mutex_unlock(&of_channel(watch, channel)->use);
}

/* One that could not be reached the last time is not waited for: its seconds would be everybody's. */
static bool
are_worth_waiting_for(const struct way_watch *watch)
{
    for (size_t i = 0; i < watch->count; i++) {
        const struct watched *way = &watch->ways[i];
        if (way->is_wanted && (way->is_ready || !way->has_looked)) {
            return true;
        }
    }
    return false;
}

/* Threads begin with the first look: a channel that is never looked at has none. */
static void
want_all(struct way_watch *watch)
{
    for (size_t i = 0; i < watch->count; i++) {
        struct watched *way = &watch->ways[i];
        if (!way->has_thread) {
            way->has_thread = pthread_create(&way->thread, NULL, look_on, way) == 0;
        }
        way->is_wanted = way->has_thread; /* without a thread it stays as it was last known */
    }
    pthread_cond_broadcast(&watch->changed);
}

bool
way_watch_look(struct way_watch *watch, char reason[REASON_SIZE])
{
    const struct timespec until = clock_deadline_after(LOOK_WAIT_MS);
    const struct watched *first = NULL;
    int waited = 0;
    pthread_mutex_lock(&watch->lock);
    want_all(watch);
    while (waited == 0 && are_worth_waiting_for(watch)) {
        waited = pthread_cond_timedwait(&watch->changed, &watch->lock, &until);
    }
    for (size_t i = watch->count; i > 0; i--) {
        const struct watched *way = &watch->ways[i - 1];
        first = way->has_looked && way->is_ready ? first : way;
    }
    memcpy(reason, first != NULL ? first->reason : "", first != NULL ? REASON_SIZE : 1);
    pthread_mutex_unlock(&watch->lock);
    return first == NULL;
}
