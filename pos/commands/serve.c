/* madoguchi-pos serve: put the till together, run it until SIGTERM or SIGINT, take it apart in the reverse order. */
#include "common/log/log.h"
#include "common/signing/signing.h"
#include "pos/commands/commands.h"
#include "pos/commands/devices.h"
#include "pos/commands/settings.h"
#include "pos/peripherals/peripherals.h"
#include "pos/till/till.h"
#include "pos/uplink/uplink.h"
#include "pos/web/web.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

/* Everything that runs. Members are NULL until made. */
struct running_till {
    struct config *config;
    struct signing_key *key;
    struct till *till;
    struct peripherals *peripherals;
    struct till_web *web;
    struct uplink *uplink;
};

static enum status
open_till(struct running_till *running, bool devices_are_simulated, struct error_detail *err)
{
    struct channels channels;
    char terminal[TERMINAL_ID_SIZE];
    const char *database = config_text(running->config, "till", "database");
    enum status status = till_peek_terminal(database, terminal, err);
    if (status == STATUS_OK) {
        const char *sale_id = terminal[0] != '\0' ? terminal : "NOT-ENROLLED";
        status = channels_open(&channels, running->config, sale_id, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    const struct till_options options = {
        .database_path = database,
        .clock = clock_system(),
        .devices_are_simulated = devices_are_simulated,
        .qr_foreground = channels.qr_foreground,
        .qr_background = channels.qr_background,
        .terminal = channels.terminal,
        .inquiry_interval_ms = (unsigned)config_integer(running->config, "payment", "inquiry_interval_ms"),
    };
    return till_open(&running->till, &options, err);
}

static enum status
start_web(struct running_till *running, const struct devices *devices, struct error_detail *err)
{
    bool is_simulated = devices->are_simulated;
    const struct till_web_options options = {
        .till = running->till,
        .port = (uint16_t)config_integer(running->config, "till", "port"),
        .screen_folder = config_text(running->config, "till", "screen_folder"),
        .simulated_printer = is_simulated ? devices->printer : NULL,
        .simulated_drawer = is_simulated ? devices->drawer : NULL,
        .simulated_scanner = is_simulated ? devices->scanner : NULL,
        .simulated_display = devices->display_is_simulated ? devices->display : NULL,
    };
    enum status status = till_web_start(&running->web, &options, err);
    return status == STATUS_OK ? till_start(running->till, till_web_publish, running->web, err) : status;
}

static enum status
start_uplink(struct running_till *running, struct error_detail *err)
{
    if (!till_is_enrolled(running->till)) {
        log_line(LOG_LEVEL_WARNING, "till", "not enrolled yet: run `madoguchi-pos enrol`; nothing can be sold");
        return STATUS_OK;
    }
    enum status status = signing_key_load(&running->key, config_text(running->config, "till", "key_file"), err);
    if (status != STATUS_OK) {
        return status;
    }
    const struct uplink_options options = {
        .till = running->till,
        .database_path = config_text(running->config, "till", "database"),
        .service_url = config_text(running->config, "settlement", "url"),
        .key = running->key,
        .clock = clock_system(),
        .interval_ms = (unsigned)config_integer(running->config, "settlement", "upload_interval_ms"),
    };
    return uplink_start(&running->uplink, &options, err);
}

static enum status
start_everything(struct running_till *running, struct error_detail *err)
{
    struct devices devices;
    enum status status = devices_open(&devices, running->config, err);
    if (status != STATUS_OK) {
        return status;
    }
    struct devices kept = devices; /* the web borrows what the peripherals own */
    status = open_till(running, devices.are_simulated, err);
    if (status == STATUS_OK) {
        const struct peripherals_options options = {.till = running->till,
                                                    .printer = devices.printer,
                                                    .drawer = devices.drawer,
                                                    .scanner = devices.scanner,
                                                    .display = devices.display};
        devices = (struct devices){0}; /* now the peripherals' */
        status = peripherals_start(&running->peripherals, &options, err);
    }
    devices_close(&devices);
    if (status == STATUS_OK) {
        status = start_web(running, &kept, err);
    }
    return status == STATUS_OK ? start_uplink(running, err) : status;
}

static void
stop_everything(struct running_till *running)
{
    uplink_stop(running->uplink);
    if (running->till != NULL) {
        till_quiesce(running->till);
    }
    till_web_stop(running->web);
    peripherals_stop(running->peripherals);
    till_close(running->till);
    signing_key_destroy(running->key);
    config_destroy(running->config);
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

static int
run_until_signal(struct running_till *running, const sigset_t *signals)
{
    struct error_detail err;
    int signal_number;
    enum status status = start_everything(running, &err);
    if (status != STATUS_OK) {
        return fail_with("serve", status, &err);
    }
    log_line(LOG_LEVEL_NOTICE, "till", "ready at http://127.0.0.1:%u/", till_web_port(running->web));
    sigwait(signals, &signal_number);
    log_line(LOG_LEVEL_NOTICE, "till", "stopping");
    return EXIT_DONE;
}

int
serve_command(int argc, char **argv)
{
    static const char *const allowed[] = {"--config=", "--print-config", "--help", NULL};
    struct running_till running = {0};
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
        fputs("usage: madoguchi-pos serve --config FILE\n       madoguchi-pos serve --print-config   (all keys)\n",
              path == NULL && !option_is_given(argc, argv, "--help") ? stderr : stdout);
        return option_is_given(argc, argv, "--help") ? EXIT_DONE : EXIT_USAGE;
    }
    enum status status = settings_load(&running.config, path, &err);
    if (status != STATUS_OK) {
        return fail_with("serve", status, &err);
    }
    forbid_core_files();
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL); /* inherited by every thread: only sigwait sees them */
    int exit_code = run_until_signal(&running, &signals);
    stop_everything(&running);
    return exit_code;
}
