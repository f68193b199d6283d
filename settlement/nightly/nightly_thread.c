/* Looks at the clock every minute rather than sleeping until the hour: clocks are set, and machines sleep. */
#include "settlement/nightly/nightly_thread.h"

#include "common/clock/civil.h"

#include "common/log/log.h"
#include "settlement/store/masters_store.h"
#include "settlement/work/works.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LOOK_MS = 20 * 1000,      /* a night begins within this of its minute */
    MUNICIPALITIES_MAX = 2000 /* more than Japan has */
};

struct nightly_thread {
    struct store *store;
    struct clock_source clock;
    struct nightly_hours hours;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t thread;
    bool is_stopping;
};

bool
nightly_minute_read(int *out, const char *text)
{
    int hour = 0;
    int minute = 0;
    int length = 0;
    bool is_read = strlen(text) == 5 && sscanf(text, "%2d:%2d%n", &hour, &minute, &length) == 2 && length == 5 &&
                   strspn(text, "0123456789:") == 5;
    if (!is_read || hour > 23 || minute > 59) {
        return false;
    }
    *out = hour * 60 + minute;
    return true;
}

bool
nightly_is_due(int64_t now_ms, int minute)
{
    char now[INSTANT_TEXT_SIZE];
    int now_minute = 0;
    instant_format(now, now_ms); /* 2026-11-22T10:03:11.123+09:00 */
    char hour_and_minute[6];
    snprintf(hour_and_minute, sizeof hour_and_minute, "%.5s", now + 11);
    return nightly_minute_read(&now_minute, hour_and_minute) && now_minute >= minute;
}

static bool
is_stopping(struct nightly_thread *thread)
{
    pthread_mutex_lock(&thread->lock);
    bool stopping = thread->is_stopping;
    pthread_mutex_unlock(&thread->lock);
    return stopping;
}

static void
do_night(struct nightly_thread *thread, const char *municipality, bool has_books)
{
    struct error_detail err;
    struct nightly_outcome outcomes[NIGHTLY_STEP_COUNT];
    struct actor actor = {.login = "nightly", .name = "夜間処理", .role = ROLE_ADMINISTRATOR, .address = "service"};
    struct nightly_plan plan = {.has_books = has_books,
                                .backup_folder = thread->hours.backup_folder,
                                .layouts_folder = thread->hours.layouts_folder,
                                .copies_kept = thread->hours.copies_kept};
    snprintf(actor.municipality, sizeof actor.municipality, "%s", municipality);
    plan.work = works_begin(thread->hours.works, WORK_NIGHTLY, &actor, NULL, clock_now_ms(&thread->clock));
    if (is_stopping(thread)) { /* nightly_thread_stop may have looked for it before it began */
        work_cancel(plan.work);
    }
    enum status status = nightly_run(thread->store, &actor, &thread->clock, &plan, outcomes, &err);
    works_end(thread->hours.works, plan.work, status, &err, clock_now_ms(&thread->clock));
    if (status == STATUS_CANCELLED) {
        log_line(LOG_LEVEL_INFO, "nightly", "%s: broken off; it is made up for", municipality);
        return;
    }
    if (status != STATUS_OK) {
        log_failure(LOG_LEVEL_ERROR, "nightly", "recording the night", status, &err);
        return;
    }
    for (int i = 0; i < NIGHTLY_STEP_COUNT; i++) {
        bool is_bad = !outcomes[i].is_done || (i == NIGHTLY_AUDIT && !outcomes[i].is_well);
        log_line(is_bad ? LOG_LEVEL_ERROR : LOG_LEVEL_INFO, "nightly", "%s %s: %s", municipality,
                 nightly_step_name((enum nightly_step)i), outcomes[i].sentence);
    }
    thread->hours.listener(thread->hours.context);
}

struct municipalities {
    char codes[MUNICIPALITIES_MAX][MUNICIPALITY_CODE_SIZE];
    size_t count;
};

static enum status
keep_municipality(const char *municipality, void *context)
{
    struct municipalities *all = context;
    if (all->count < MUNICIPALITIES_MAX) {
        snprintf(all->codes[all->count++], MUNICIPALITY_CODE_SIZE, "%s", municipality);
    }
    return STATUS_OK;
}

/* Whose masters are here. */
static void
read_municipalities(struct nightly_thread *thread, struct municipalities *out)
{
    struct error_detail err;
    struct store_txn *txn = NULL;
    enum status status = store_begin_read(thread->store, &txn, &err);
    if (status == STATUS_OK) {
        status = masters_municipality_each(txn, keep_municipality, out, &err);
    }
    store_end(txn);
    if (status != STATUS_OK) {
        log_failure(LOG_LEVEL_ERROR, "nightly", "reading the municipalities", status, &err);
    }
}

static void
look(struct nightly_thread *thread, struct municipalities *all)
{
    char day[CIVIL_DATE_TEXT_SIZE];
    int64_t now_ms = clock_now_ms(&thread->clock);
    if (!nightly_is_due(now_ms, thread->hours.minute)) {
        return;
    }
    civil_date_format(day, civil_date_at(now_ms));
    all->count = 0;
    read_municipalities(thread, all);
    for (size_t i = 0; i < all->count && !is_stopping(thread); i++) {
        struct error_detail err;
        bool is_done = true;
        enum status status = nightly_was_done(thread->store, all->codes[i], day, &is_done, &err);
        if (status != STATUS_OK) {
            log_failure(LOG_LEVEL_ERROR, "nightly", "reading what was done", status, &err);
        } else if (!is_done) {
            do_night(thread, all->codes[i], i == 0);
        }
    }
}

static void *
thread_main(void *context)
{
    struct nightly_thread *thread = context;
    struct municipalities *all = calloc(1, sizeof *all);
    if (all == NULL) {
        log_line(LOG_LEVEL_ERROR, "nightly", "out of memory: no night's work will be done");
        return NULL;
    }
    while (!is_stopping(thread)) {
        look(thread, all);
        struct timespec until = clock_deadline_after(LOOK_MS);
        pthread_mutex_lock(&thread->lock);
        int result = 0;
        while (!thread->is_stopping && result == 0) {
            result = pthread_cond_timedwait(&thread->changed, &thread->lock, &until);
        }
        pthread_mutex_unlock(&thread->lock);
    }
    free(all);
    return NULL;
}

enum status
nightly_thread_start(struct nightly_thread **out, struct store *store, struct clock_source clock,
                     const struct nightly_hours *hours, struct error_detail *err)
{
    struct nightly_thread *thread = calloc(1, sizeof *thread);
    if (thread == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    thread->store = store;
    thread->clock = clock;
    thread->hours = *hours;
    pthread_mutex_init(&thread->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&thread->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&thread->thread, NULL, thread_main, thread) != 0) {
        pthread_cond_destroy(&thread->changed);
        pthread_mutex_destroy(&thread->lock);
        free(thread);
        error_set(err, "no_thread", "the night's thread could not be started");
        return STATUS_IO;
    }
    *out = thread;
    return STATUS_OK;
}

void
nightly_thread_stop(struct nightly_thread *thread)
{
    if (thread == NULL) {
        return;
    }
    pthread_mutex_lock(&thread->lock);
    thread->is_stopping = true;
    pthread_cond_signal(&thread->changed);
    pthread_mutex_unlock(&thread->lock);
    works_cancel_all(thread->hours.works);
    pthread_join(thread->thread, NULL);
    pthread_cond_destroy(&thread->changed);
    pthread_mutex_destroy(&thread->lock);
    free(thread);
}
