/* The line is rewritten at most five times a second, however fast the work goes. */
#include "settlement/commands/watched.h"

#include "common/clock/clock.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

enum { SHOW_EVERY_MS = 200 };

/* What a signal ends; NULL: nothing. A signal handler has nothing else to go by. */
static _Atomic(struct work *) signalled;

static void
on_signal(int number)
{
    (void)number;
    work_cancel(atomic_load(&signalled));
}

static void
show(const struct work *work, void *context)
{
    struct watched *watched = context;
    const struct clock_source clock = clock_system();
    int64_t now_ms = clock_monotonic_ms(&clock);
    int64_t done = atomic_load(&work->done);
    bool is_edge = done == 0 || done == atomic_load(&work->total);
    if (!is_edge && now_ms - watched->shown_ms < SHOW_EVERY_MS) {
        return;
    }
    char text[WORK_TEXT_SIZE];
    fprintf(stderr, "\r\033[K%s", work_text(text, work));
    fflush(stderr);
    watched->has_line = true;
    watched->shown_ms = now_ms;
}

void
watched_begin(struct watched *watched, enum work_kind kind, bool must_show)
{
    work_init(&watched->work, kind);
    watched->has_line = false;
    watched->shown_ms = 0;
    if (must_show || isatty(STDERR_FILENO) == 1) {
        watched->work.observe = show;
        watched->work.context = watched;
    }
    atomic_store(&signalled, &watched->work);
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    work_begin_step(&watched->work, WORK_PREPARE, 0);
}

void
watched_end(struct watched *watched, enum status status)
{
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    atomic_store(&signalled, NULL);
    work_end(&watched->work, status);
    if (watched->has_line) {
        fputc('\n', stderr);
    }
}
