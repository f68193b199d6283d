/* madoguchi-pos enrol: make this computer a till. */
#include "common/config/config.h"
#include "pos/commands/commands.h"
#include "pos/commands/exclusive.h"
#include "pos/commands/settings.h"
#include "pos/till/till.h"
#include "pos/uplink/uplink.h"

#include <stdio.h>
#include <string.h>

static enum status
enrol(const struct config *config, const char *code, struct error_detail *err)
{
    struct till *till = NULL;
    const struct till_options options = {
        .database_path = config_text(config, "till", "database"),
        .clock = clock_system(),
    };
    enum status status = till_open(&till, &options, err);
    if (status == STATUS_OK) {
        status =
            uplink_enrol(till, config_text(config, "settlement", "url"), config_text(config, "settlement", "ca_file"),
                         config_text(config, "till", "key_file"), code, clock_system(), err);
    }
    if (status == STATUS_OK) {
        char terminal[TERMINAL_ID_SIZE];
        char place[CODE_SIZE];
        char sha256[SHA256_TEXT_SIZE];
        till_identity(till, terminal, place);
        printf("enrolled as %s at %s, masters version %lld\n", terminal, place,
               (long long)till_masters_version(till, sha256));
    }
    till_close(till);
    return status;
}

int
enrol_command(int argc, char **argv)
{
    static const char *const allowed[] = {"--config=", "--code=", "--help", NULL};
    struct config *config;
    struct error_detail err;
    if (!options_are_known(argc, argv, allowed)) {
        return EXIT_USAGE;
    }
    const char *path = option_value(argc, argv, "--config");
    const char *code = option_value(argc, argv, "--code");
    bool wants_help = option_is_given(argc, argv, "--help");
    if (path == NULL || code == NULL || wants_help) {
        fputs("usage: madoguchi-pos enrol --config FILE --code XXXX-XXXX-XXXX\n\n"
              "The code is made by `madoguchi-settlement enrol-code` and works once, for 24 hours.\n",
              wants_help ? stdout : stderr);
        return wants_help ? EXIT_DONE : EXIT_USAGE;
    }
    enum status status = settings_load(&config, path, &err);
    if (status != STATUS_OK) {
        return fail_with("enrol", status, &err);
    }
    struct exclusive held; /* a till that runs would not see what is written here */
    status = exclusive_hold_database(&held, config_text(config, "till", "database"), &err);
    if (status == STATUS_OK) {
        status = enrol(config, code, &err);
    }
    exclusive_release(&held);
    config_destroy(config);
    return status == STATUS_OK ? EXIT_DONE : fail_with("enrol", status, &err);
}
