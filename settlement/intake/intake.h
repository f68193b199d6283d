/* The writer of journals: gathers uploads that wait into one transaction, because a commit costs a disk flush and a
 * flush carries many uploads as easily as one.
 *
 * An upload that arrives while a commit runs waits for the next; nobody waits on purpose. The queue is bounded in
 * number and bytes; beyond it uploads are refused and the tills come again later. */
#pragma once

#include "common/clock/clock.h"
#include "settlement/intake/accept.h"

struct intake;
struct intake_job;

/* How a job ends, called once from the writer's thread after the commit. STATUS_OK: ACCEPTANCE tells the verdict.
 * Otherwise nothing of the upload is here and ERR says why. The job may be freed inside. */
typedef void (*intake_answer)(struct intake_job *job, enum status status, const struct acceptance *acceptance,
                              const struct error_detail *err);

/* One upload on its way. The submitter owns it, and the bytes it points to, until `answer` is called. */
struct intake_job {
    struct upload upload;
    intake_answer answer;
    void *context;           /* the submitter's */
    struct intake_job *next; /* the queue's */
    struct acceptance acceptance;
    enum status status;
    struct error_detail err;
};

/* Told after a commit that brought new lines, and after one that brought a fork. Called on the writer's thread; must
 * not block. */
struct intake_listener {
    void (*lines_came)(void *context);
    void (*fork_found)(void *context, const char *terminal, int64_t sequence);
    void *context;
};

/* Start the writer. STORE and what LISTENER points to must outlive it. *OUT is given: intake_stop. */
enum status intake_start(struct intake **out, struct store *store, struct clock_source clock,
                         const struct intake_listener *listener, struct error_detail *err) MUST_CHECK;

/* Hand JOB over. STATUS_OK: `answer` will be called. STATUS_BUSY ("too_busy"): the queue is full or the service stops;
 * the job is still the caller's. */
enum status intake_submit(struct intake *intake, struct intake_job *job, struct error_detail *err) MUST_CHECK;

/* What the writer has done since its start, and what waits for it. */
struct intake_counts {
    uint64_t uploads;   /* answered with STATUS_OK, whatever the verdict */
    uint64_t lines;     /* new ones that were stored */
    uint64_t commits;   /* groups */
    uint64_t commit_us; /* time that they took in all, from the turn to write to the durable end */
    uint64_t refused;   /* uploads for which the queue had no room */
    uint64_t waiting;   /* uploads, now */
    uint64_t waiting_bytes;
};
void intake_count(struct intake *intake, struct intake_counts *out);

/* Refuse new jobs, finish and answer those that wait. Later submissions are still refused properly. NULL is fine. */
void intake_drain(struct intake *intake);

/* After intake_drain and after the last submitter is gone. NULL is fine. */
void intake_destroy(struct intake *intake);
