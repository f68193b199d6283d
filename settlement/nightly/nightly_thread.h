/* The thread that waits for the hour of the night. */
#pragma once

#include "settlement/nightly/nightly.h"

struct nightly_thread;
struct works;

/* Texts are borrowed until the thread has stopped. */
struct nightly_hours {
    int minute; /* of the day in Japan, 0 … 1439 */
    const char *backup_folder;
    const char *layouts_folder; /* as the plan has it */
    int64_t copies_kept;
    struct works *works; /* shows the night while it runs, and ends it when the service stops */
    void (*listener)(void *context); /* after each night, from the thread */
    void *context;
};

/* "03:30" → 210. False for anything else. */
bool nightly_minute_read(int *out, const char *text);

/* Whether the night of NOW_MS's day in Japan is due: its minute has come. */
bool nightly_is_due(int64_t now_ms, int minute);

/* A night that was missed, because the service was down at its hour, is made up for at once. One that another process
 * on the same database has done is not done again. */
enum status nightly_thread_start(struct nightly_thread **out, struct store *store, struct clock_source clock,
                                 const struct nightly_hours *hours, struct error_detail *err) MUST_CHECK;

/* A night that runs ends at its next safe point, and is made up for by the next start. NULL is fine. */
void nightly_thread_stop(struct nightly_thread *thread);
