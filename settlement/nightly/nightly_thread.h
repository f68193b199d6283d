/* The thread that waits for the hour of the night. */
#pragma once

#include "settlement/nightly/nightly.h"

struct nightly_thread;

/* Texts are borrowed until the thread has stopped. */
struct nightly_hours {
    int minute; /* of the day in Japan, 0 … 1439 */
    const char *backup_folder;
    const char *layouts_folder; /* as the plan has it */
    int64_t copies_kept;
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

/* Waits for the step that runs. NULL is fine. */
void nightly_thread_stop(struct nightly_thread *thread);
