/* The store that a subcommand works on. */
#include "settlement/commands/database.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A database of SQLite, or a store file, which says where one is. An empty file becomes a database. */
static bool
may_be_store(const char *path)
{
    char bytes[4096];
    struct stat facts;
    FILE *file = stat(path, &facts) == 0 && S_ISREG(facts.st_mode) ? fopen(path, "rb") : NULL;
    if (file == NULL) {
        return false;
    }
    size_t length = fread(bytes, 1, sizeof bytes - 1, file);
    fclose(file);
    bytes[length] = '\0';
    return length == 0 || strncmp(bytes, "SQLite format 3", strlen("SQLite format 3")) == 0 ||
           strstr(bytes, "[store]") != NULL;
}

enum status
existing_store_open(struct store **out, const char *path, struct error_detail *err)
{
    if (access(path, R_OK | W_OK) != 0) {
        error_set(err, "no_database", "%s: there is no database that can be read and written", path);
        return STATUS_NOT_FOUND;
    }
    enum status status = store_open(out, path, err);
    if (status != STATUS_OK && !may_be_store(path)) {
        error_set(err, "no_database", "%s: this is no database of this program", path);
        return STATUS_INVALID;
    }
    return status;
}

const char *
operator_name(void)
{
    const struct passwd *account = getpwuid(getuid());
    return account != NULL ? account->pw_name : "command line";
}
