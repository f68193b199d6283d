/* `backup`: a copy of the database while the service runs. */
#include "settlement/commands/commands.h"
#include "settlement/commands/database.h"
#include "settlement/commands/exit_code.h"
#include "settlement/commands/options.h"

#include <stdio.h>
#include <unistd.h>

static enum status
back_up(const char *database, const char *target, struct error_detail *err)
{
    struct store *store = NULL;
    if (access(target, F_OK) == 0) {
        error_set(err, "file_exists", "%s is there already; a backup overwrites nothing", target);
        return STATUS_REFUSED;
    }
    enum status status = existing_store_open(&store, database, err);
    if (status == STATUS_OK) {
        status = store_backup(store, target, err);
    }
    store_close(store);
    return status;
}

int
command_backup(int argc, char **argv)
{
    struct option options[] = {
        {"--database", "FILE", "the service's database; may be in use", .is_required = true},
        {"--to", "FILE", "the copy; must not exist", .is_required = true},
    };
    int exit_code;
    if (!options_read_or_explain("backup", options, 2, argc, argv, &exit_code)) {
        return exit_code;
    }
    struct error_detail err;
    enum status status = back_up(options[0].value, options[1].value, &err);
    return status == STATUS_OK ? EXIT_DONE : (int)exit_with(status, "backup", &err);
}
