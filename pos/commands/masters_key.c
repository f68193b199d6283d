/* madoguchi-pos masters-key: tell a till the key that its masters are signed with. Enrolment does it for a new till;
 * this is for one that was enrolled before, and for a service that has made a new key. */
#include "pos/commands/commands.h"
#include "pos/commands/exclusive.h"
#include "pos/commands/settings.h"
#include "pos/till/till.h"

#include <stdio.h>

static enum status
set_key(const struct config *config, const char *key, struct error_detail *err)
{
    struct till *till = NULL;
    const struct till_options options = {
        .database_path = config_text(config, "till", "database"),
        .clock = clock_system(),
    };
    enum status status = till_open(&till, &options, err);
    if (status == STATUS_OK) {
        status = till_set_masters_key(till, key, err);
    }
    till_close(till);
    return status;
}

int
masters_key_command(int argc, char **argv)
{
    static const char *const allowed[] = {"--config=", "--key=", "--help", NULL};
    struct config *config;
    struct error_detail err;
    if (!options_are_known(argc, argv, allowed)) {
        return EXIT_USAGE;
    }
    const char *path = option_value(argc, argv, "--config");
    const char *key = option_value(argc, argv, "--key");
    bool wants_help = option_is_given(argc, argv, "--help");
    if (path == NULL || key == NULL || wants_help) {
        fputs("usage: madoguchi-pos masters-key --config FILE --key HEX\n\n"
              "HEX is what `madoguchi-settlement masters key` prints on the service's computer: bring it by hand, not "
              "over\n"
              "the network that it shall protect. Stop the till first. From then on it takes no masters that are not "
              "signed\n"
              "with this key; those in force stay until they are fetched again.\n",
              wants_help ? stdout : stderr);
        return wants_help ? EXIT_DONE : EXIT_USAGE;
    }
    enum status status = settings_load(&config, path, &err);
    if (status != STATUS_OK) {
        return fail_with("masters-key", status, &err);
    }
    struct exclusive held; /* a till that runs would not see what is written here */
    status = exclusive_hold_database(&held, config_text(config, "till", "database"), &err);
    if (status == STATUS_OK) {
        status = set_key(config, key, &err);
    }
    exclusive_release(&held);
    config_destroy(config);
    if (status == STATUS_OK) {
        puts("from now on this till takes masters that are signed with this key, and no others");
    }
    return status == STATUS_OK ? EXIT_DONE : fail_with("masters-key", status, &err);
}
