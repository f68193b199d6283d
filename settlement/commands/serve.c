/* `serve`: run the service until SIGTERM or SIGINT. */
#include "settlement/serve/serve.h"
#include "common/log/log.h"
#include "settlement/commands/commands.h"
#include "settlement/commands/exit_code.h"
#include "settlement/commands/options.h"
#include "settlement/serve/settings.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

/* The signals that end the service or make it read its certificate again, blocked before any thread exists, so that
 * only sigwait sees them. */
static void
block_signals(sigset_t *out_awaited)
{
    sigemptyset(out_awaited);
    sigaddset(out_awaited, SIGTERM);
    sigaddset(out_awaited, SIGINT);
    sigaddset(out_awaited, SIGHUP);
    pthread_sigmask(SIG_BLOCK, out_awaited, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static void
reload(struct serving *serving)
{
    struct error_detail err;
    bool has_changed;
    enum status status = serving_reload(serving, &has_changed, &err);
    if (status != STATUS_OK) {
        log_failure(LOG_LEVEL_ERROR, "service", "reading the certificate again; the old one stays in use", status,
                    &err);
    } else {
        log_line(LOG_LEVEL_NOTICE, "service", "%s",
                 has_changed ? "a new certificate is in use" : "the certificate is the one in use");
    }
}

/* Returns the signal that ends the service. */
static int
wait_for_end(struct serving *serving, const sigset_t *awaited)
{
    for (;;) {
        int number = 0;
        sigwait(awaited, &number);
        if (number != SIGHUP) {
            return number;
        }
        reload(serving);
    }
}

struct stop_guard {
    sigset_t awaited;
    int64_t seconds;
    atomic_bool is_over; /* the stop came to its end */
};

/* A stop that does not come to its end is ended: by its time, or by the next signal. */
static void *
guard_stop(void *context)
{
    const struct stop_guard *guard = context;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    const time_t due = now.tv_sec + (time_t)guard->seconds;
    int number = -1;
    while (number < 0 && now.tv_sec < due) {
        const struct timespec patience = {.tv_sec = due - now.tv_sec};
        number = sigtimedwait(&guard->awaited, NULL, &patience); /* a debugger may interrupt it */
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (atomic_load(&guard->is_over)) {
            return NULL;
        }
    }
    log_line(LOG_LEVEL_ERROR, "service", "%s while requests are still running; nothing that was acknowledged is lost",
             number > 0 ? "ended by a second signal" : "ended because the stop took too long");
    _exit(EXIT_FAILED);
}

/* GUARD lives until the program's end. */
static void
start_stop_guard(struct stop_guard *guard)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, guard_stop, guard) == 0) {
        pthread_detach(thread);
    } else {
        log_line(LOG_LEVEL_WARNING, "service", "the stop is not bounded: no thread for its guard");
    }
}

static enum status
serve_until_told(const struct config *settings, struct error_detail *err)
{
    sigset_t awaited;
    block_signals(&awaited);
    struct serving *serving;
    enum status status = serving_start(&serving, settings, err);
    if (status != STATUS_OK) {
        return status;
    }
    log_line(LOG_LEVEL_NOTICE, "service", "listening on %s://%s:%u", serving_is_secure(serving) ? "https" : "http",
             config_text(settings, "listen", "address"), serving_port(serving));
    int number = wait_for_end(serving, &awaited);
    log_line(LOG_LEVEL_NOTICE, "service", "stopping (signal %d)", number);
    static struct stop_guard guard;
    guard.awaited = awaited;
    guard.seconds = config_integer(settings, "listen", "stop_seconds");
    sigdelset(&guard.awaited, SIGHUP);
    start_stop_guard(&guard);
    serving_stop(serving);
    atomic_store(&guard.is_over, true);
    log_line(LOG_LEVEL_NOTICE, "service", "stopped");
    return STATUS_OK;
}

int
command_serve(int argc, char **argv)
{
    struct option options[] = {
        {.name = "--config", .value_name = "FILE", .help = "the configuration; see --print-config"},
        {.name = "--print-config", .help = "print every key with its default, and end"},
    };
    int exit_code;
    if (!options_read_or_explain("serve", options, sizeof options / sizeof options[0], argc, argv, &exit_code)) {
        return exit_code;
    }
    if (options[1].value != NULL) {
        settings_print();
        return EXIT_DONE;
    }
    struct error_detail err;
    if (options[0].value == NULL) {
        error_set(&err, "missing_option", "--config FILE is missing; --print-config prints one to start from");
        exit_with(STATUS_INVALID, "serve", &err);
        return EXIT_USAGE;
    }
    struct config *settings;
    enum status status = settings_load(&settings, options[0].value, &err);
    if (status == STATUS_OK) {
        status = serve_until_told(settings, &err);
        config_destroy(settings);
    }
    return status == STATUS_OK ? EXIT_DONE : (int)exit_with(status, "serve", &err);
}
