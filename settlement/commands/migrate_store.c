/* `migrate-store`: the store of one city that outgrew its file, moved to PostgreSQL and compared row by row. */
#include "settlement/commands/commands.h"
#include "settlement/commands/database.h"
#include "settlement/commands/exit_code.h"
#include "settlement/commands/options.h"
#include "settlement/store/move/store_move.h"
#include "settlement/store/place.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

enum { DIFFERENCES_SHOWN = 50 /* people read these; the number of all is printed */ };

struct telling {
    const char *verb;
    int64_t shown;
};

static void
tell_progress(const char *table, int64_t rows, void *context)
{
    const struct telling *telling = context;
    if (rows > 0) {
        fprintf(stderr, "%s %s: %" PRId64 " rows\n", telling->verb, table, rows);
    }
}

static void
tell_difference(const char *table, const char *key, const char *column, bool on_left, void *context)
{
    struct telling *telling = context;
    if (telling->shown++ >= DIFFERENCES_SHOWN) {
        return;
    }
    if (column[0] == '\0') {
        printf("%s: %s: only in the %s\n", table, key, on_left ? "source" : "target");
    } else {
        printf("%s: %s: %s differs\n", table, key, column);
    }
}

/* The source is not written to, not even to bring it up to date: whoever moves it may have no other copy. */
static enum status
open_source(struct database **out, const char *file, struct error_detail *err)
{
    if (access(file, R_OK | W_OK) != 0) { /* W_OK: it is locked by writing beside it */
        error_set(err, "no_database", "%s: there is no database that can be read and written", file);
        return STATUS_NOT_FOUND;
    }
    enum status status = store_check_schema(file, err);
    return status == STATUS_OK ? store_database_open(out, file, err) : status;
}

/* What stands there already is not touched, not even to bring it up to date: it may be another city's. */
static enum status
open_target(struct database **out, const char *file, struct error_detail *err)
{
    struct store *store = NULL;
    enum status status = store_check_target(file, err);
    if (status == STATUS_OK) {
        status = existing_store_open(&store, file, err); /* makes the schema where there is none */
    }
    store_close(store);
    return status == STATUS_OK ? store_database_open(out, file, err) : status;
}

static enum status
move(struct database *from, struct database *to, bool only_compares, int64_t *out_differing, struct error_detail *err)
{
    struct telling telling = {.verb = "copied"};
    enum status status = only_compares ? STATUS_OK : store_copy(from, to, tell_progress, &telling, err);
    telling.verb = "compared";
    return status == STATUS_OK ? store_compare(from, to, tell_progress, tell_difference, &telling, out_differing, err)
                               : status;
}

int
command_migrate_store(int argc, char **argv)
{
    struct option options[] = {
        {"--database", "FILE", "the SQLite database of a stopped service", .is_required = true},
        {"--to", "FILE", "the store file of an empty PostgreSQL database", .is_required = true},
        {.name = "--compare-only", .help = "copy nothing; compare what was copied before"},
    };
    struct database *from = NULL;
    struct database *to = NULL;
    struct error_detail err;
    int64_t differing = 0;
    int exit_code;
    if (!options_read_or_explain("migrate-store", options, 3, argc, argv, &exit_code)) {
        return exit_code;
    }
    enum status status = open_source(&from, options[0].value, &err);
    if (status == STATUS_OK) {
        status = open_target(&to, options[1].value, &err);
    }
    if (status == STATUS_OK) {
        status = move(from, to, options[2].value != NULL, &differing, &err);
    }
    database_close(to);
    database_close(from);
    if (status != STATUS_OK) {
        return (int)exit_with(status, "migrate-store", &err);
    }
    if (differing > 0) {
        printf("%" PRId64 " rows differ\n", differing);
        return EXIT_DIFFERENCES;
    }
    puts("both stores hold the same rows");
    return EXIT_DONE;
}
