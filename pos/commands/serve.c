/* madoguchi-pos serve: run the till until SIGTERM or SIGINT. The clerk may change between the live till and training:
 * then everything is stopped and started anew on the other database, on the same port. */
#include "common/log/log.h"
#include "pos/commands/commands.h"
#include "pos/commands/exclusive.h"
#include "pos/commands/running_till.h"
#include "pos/commands/settings.h"
#include "pos/till/training.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum {
    ANSWER_PAUSE_MS = 200 /* the screen's request is answered before its server goes */
};

static atomic_bool is_training_wanted;

/* On a thread of the web: the main thread waits for signals, so it is told by one. */
static void
want_mode(bool wants_training)
{
    atomic_store(&is_training_wanted, wants_training);
    kill(getpid(), SIGUSR1);
}

/* A payment code in memory must not reach a core file. */
static void
forbid_core_files(void)
{
    const struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0) {
        log_line(LOG_LEVEL_WARNING, "till", "core files could not be forbidden");
    }
}

static void
pause_ms(long ms)
{
    const struct timespec time = {.tv_nsec = ms * 1000000};
    nanosleep(&time, NULL);
}

/* Start in MODE. When training cannot be started, the live till is: a counter without a till helps nobody. */
static enum status
start(struct running_till **out, struct running_options *mode, struct error_detail *err)
{
    enum status status = running_till_start(out, mode, err);
    if (status != STATUS_OK && mode->is_training && mode->port != 0) {
        log_failure(LOG_LEVEL_ERROR, "till", "starting training", status, err);
        mode->is_training = false;
        status = running_till_start(out, mode, err);
    }
    if (status == STATUS_OK) {
        mode->port = running_till_port(*out);
        log_line(LOG_LEVEL_NOTICE, "till", "ready at http://127.0.0.1:%u/%s", mode->port,
                 mode->is_training ? " (training)" : "");
    }
    return status;
}

static int
run_until_signal(const struct config *config, bool is_training, const sigset_t *signals)
{
    char clerk[CODE_SIZE] = "";
    struct running_options mode = {
        .config = config, .is_training = is_training, .clerk = clerk, .on_mode_wanted = want_mode};
    struct running_till *running = NULL;
    struct error_detail err;
    enum status status =
        is_training ? training_prepare(config_text(config, "till", "database"), clock_system(), &err) : STATUS_OK;
    while (status == STATUS_OK && (status = start(&running, &mode, &err)) == STATUS_OK) {
        int signal_number;
        sigwait(signals, &signal_number);
        if (signal_number == SIGUSR1) {
            pause_ms(ANSWER_PAUSE_MS);
        }
        running_till_clerk(running, clerk);
        running_till_stop(running);
        running = NULL;
        if (signal_number != SIGUSR1) {
            log_line(LOG_LEVEL_NOTICE, "till", "stopping");
            return EXIT_DONE;
        }
        mode.is_training = atomic_load(&is_training_wanted);
    }
    return fail_with("serve", status, &err);
}

int
serve_command(int argc, char **argv)
{
    static const char *const allowed[] = {"--config=", "--training", "--print-config", "--help", NULL};
    struct config *config;
    struct error_detail err;
    sigset_t signals;
    if (!options_are_known(argc, argv, allowed)) {
        return EXIT_USAGE;
    }
    if (option_is_given(argc, argv, "--print-config")) {
        settings_print_reference();
        return EXIT_DONE;
    }
    const char *path = option_value(argc, argv, "--config");
    if (path == NULL || option_is_given(argc, argv, "--help")) {
        fputs("usage: madoguchi-pos serve --config FILE [--training]\n"
              "       madoguchi-pos serve --print-config   (all keys)\n\n"
              "--training starts with a training till: its own database (training.db beside the till's), made anew,\n"
              "numbers that begin with TR-, simulated payments, and nothing sent.\n",
              path == NULL && !option_is_given(argc, argv, "--help") ? stderr : stdout);
        return option_is_given(argc, argv, "--help") ? EXIT_DONE : EXIT_USAGE;
    }
    enum status status = settings_load(&config, path, &err);
    if (status != STATUS_OK) {
        return fail_with("serve", status, &err);
    }
    forbid_core_files();
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &signals, NULL); /* inherited by every thread: only sigwait sees them */
    struct exclusive held;
    status = exclusive_hold(&held, config, &err);
    int exit_code = status == STATUS_OK ? run_until_signal(config, option_is_given(argc, argv, "--training"), &signals)
                                        : fail_with("serve", status, &err);
    exclusive_release(&held);
    config_destroy(config);
    return exit_code;
}
