/* The queue and its writer. */
#include "settlement/intake/intake.h"

#include "common/log/log.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum {
    QUEUE_JOBS_MAX = 1024,              /* a second of work and more; tills behind it do better to wait at home */
    QUEUE_MAX_BYTES = 64 * 1024 * 1024, /* bodies held in memory while they wait */
    BATCH_JOBS_MAX = 256,               /* group commit gains little beyond (measured) and the ledger waits meanwhile */
    BATCH_MAX_BYTES = 16 * 1024 * 1024,
};

/* INVARIANT (under `lock`): job_count and byte_count are those of the list first_job … last_job. */
struct intake {
    struct store *store;
    struct clock_source clock;
    struct intake_listener listener;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t writer;
    bool is_draining;
    bool has_ended; /* the writer was joined */
    struct intake_job *first_job, *last_job;
    size_t job_count;
    size_t byte_count;
    struct intake_counts counts; /* without what waits */
};

/* Unlink the next batch, waiting for one. NULL when drained and told to end. */
static struct intake_job *
take_batch(struct intake *intake)
{
    pthread_mutex_lock(&intake->lock);
    while (intake->first_job == NULL && !intake->is_draining) {
        pthread_cond_wait(&intake->changed, &intake->lock);
    }
    struct intake_job *batch = intake->first_job;
    struct intake_job *last = NULL;
    size_t bytes = 0;
    for (size_t count = 0; intake->first_job != NULL && count < BATCH_JOBS_MAX && bytes < BATCH_MAX_BYTES; count++) {
        last = intake->first_job;
        bytes += last->upload.length;
        intake->first_job = last->next;
        intake->job_count--;
        intake->byte_count -= last->upload.length;
    }
    if (last != NULL) {
        last->next = NULL;
    }
    if (intake->first_job == NULL) {
        intake->last_job = NULL;
    }
    pthread_mutex_unlock(&intake->lock);
    return batch;
}

/* One upload, which must not spoil the others when its till's rows are damaged: what it wrote is undone by itself. */
static enum status
accept_one(struct intake *intake, struct store_txn *txn, struct intake_job *job, struct error_detail *err)
{
    enum status status = store_mark(txn, err);
    if (status != STATUS_OK) {
        return status;
    }
    job->status = intake_accept(txn, &job->upload, clock_now_ms(&intake->clock), &job->acceptance, &job->err);
    return job->status == STATUS_OK ? store_mark_keep(txn, err) : store_mark_undo(txn, err);
}

static enum status
write_batch(struct intake *intake, struct intake_job *batch, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    enum status status = store_begin_intake(intake->store, &txn, err);
    for (struct intake_job *job = batch; job != NULL && status == STATUS_OK; job = job->next) {
        status = accept_one(intake, txn, job, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

static void
tell_listener(struct intake *intake, const struct intake_job *batch)
{
    const struct intake_listener *listener = &intake->listener;
    bool came = false;
    for (const struct intake_job *job = batch; job != NULL; job = job->next) {
        if (job->status != STATUS_OK) {
            continue;
        }
        came = came || job->acceptance.taken > 0;
        if (job->acceptance.verdict == VERDICT_FORK && listener->fork_found != NULL) {
            listener->fork_found(listener->context, job->upload.terminal, job->acceptance.fork_at);
        }
    }
    if (came && listener->lines_came != NULL) {
        listener->lines_came(listener->context);
    }
}

static void
answer_batch(struct intake_job *batch)
{
    while (batch != NULL) {
        struct intake_job *job = batch;
        batch = job->next; /* the answer may free the job */
        job->answer(job, job->status, &job->acceptance, &job->err);
    }
}

static int64_t
monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void
count_batch(struct intake *intake, const struct intake_job *batch, enum status status, int64_t duration_us)
{
    struct intake_counts more = {.commits = 1, .commit_us = (uint64_t)duration_us};
    for (const struct intake_job *job = batch; job != NULL && status == STATUS_OK; job = job->next) {
        more.uploads += job->status == STATUS_OK ? 1 : 0;
        more.lines += job->status == STATUS_OK ? (uint64_t)job->acceptance.taken : 0;
    }
    pthread_mutex_lock(&intake->lock);
    intake->counts.commits += more.commits;
    intake->counts.commit_us += more.commit_us;
    intake->counts.uploads += more.uploads;
    intake->counts.lines += more.lines;
    pthread_mutex_unlock(&intake->lock);
}

void
intake_count(struct intake *intake, struct intake_counts *out)
{
    pthread_mutex_lock(&intake->lock);
    *out = intake->counts;
    out->waiting = intake->job_count;
    out->waiting_bytes = intake->byte_count;
    pthread_mutex_unlock(&intake->lock);
}

static void *
writer_main(void *context)
{
    struct intake *intake = context;
    for (;;) {
        struct intake_job *batch = take_batch(intake);
        if (batch == NULL) {
            return NULL;
        }
        struct error_detail err;
        int64_t begun_us = monotonic_us();
        enum status status = write_batch(intake, batch, &err);
        count_batch(intake, batch, status, monotonic_us() - begun_us);
        if (status == STATUS_OK) {
            tell_listener(intake, batch);
        } else {
            log_failure(LOG_LEVEL_ERROR, "intake", "storing uploads", status, &err);
            for (struct intake_job *job = batch; job != NULL; job = job->next) {
                job->status = STATUS_BUSY;
                error_set(&job->err, "too_busy", "the lines could not be stored now; send them again later");
            }
        }
        answer_batch(batch);
    }
}

enum status
intake_start(struct intake **out, struct store *store, struct clock_source clock,
             const struct intake_listener *listener, struct error_detail *err)
{
    struct intake *intake = calloc(1, sizeof *intake);
    if (intake == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    intake->store = store;
    intake->clock = clock;
    intake->listener = *listener;
    pthread_mutex_init(&intake->lock, NULL);
    pthread_cond_init(&intake->changed, NULL);
    if (pthread_create(&intake->writer, NULL, writer_main, intake) != 0) {
        intake->has_ended = true;
        intake_destroy(intake);
        error_set(err, "no_thread", "the writer's thread could not be started");
        return STATUS_IO;
    }
    *out = intake;
    return STATUS_OK;
}

enum status
intake_submit(struct intake *intake, struct intake_job *job, struct error_detail *err)
{
    pthread_mutex_lock(&intake->lock);
    bool has_room = !intake->is_draining && intake->job_count < QUEUE_JOBS_MAX &&
                    intake->byte_count + job->upload.length <= QUEUE_MAX_BYTES;
    if (has_room) {
        job->next = NULL;
        if (intake->last_job != NULL) {
            intake->last_job->next = job;
        } else {
            intake->first_job = job;
        }
        intake->last_job = job;
        intake->job_count++;
        intake->byte_count += job->upload.length;
        pthread_cond_signal(&intake->changed);
    } else {
        intake->counts.refused++;
    }
    pthread_mutex_unlock(&intake->lock);
    if (!has_room) {
        error_set(err, "too_busy", "too many uploads are waiting; send the lines again later");
        return STATUS_BUSY;
    }
    return STATUS_OK;
}

void
intake_drain(struct intake *intake)
{
    if (intake == NULL || intake->has_ended) {
        return;
    }
    pthread_mutex_lock(&intake->lock);
    intake->is_draining = true;
    pthread_cond_signal(&intake->changed);
    pthread_mutex_unlock(&intake->lock);
    pthread_join(intake->writer, NULL);
    intake->has_ended = true;
}

void
intake_destroy(struct intake *intake)
{
    if (intake == NULL) {
        return;
    }
    intake_drain(intake);
    pthread_cond_destroy(&intake->changed);
    pthread_mutex_destroy(&intake->lock);
    free(intake);
}
