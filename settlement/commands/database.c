/* The store that a subcommand works on. */
#include "settlement/commands/database.h"

#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

enum status
existing_store_open(struct store **out, const char *path, struct error_detail *err)
{
    if (access(path, R_OK | W_OK) != 0) {
        error_set(err, "no_database", "%s: there is no database that can be read and written", path);
        return STATUS_NOT_FOUND;
    }
    return store_open(out, path, err);
}

const char *
operator_name(void)
{
    const struct passwd *account = getpwuid(getuid());
    return account != NULL ? account->pw_name : "command line";
}
