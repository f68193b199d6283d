/* `rebuild`: empty what is derived from the journals and make it again; matching on request. */
#include "common/clock/clock.h"
#include "settlement/commands/commands.h"
#include "settlement/commands/database.h"
#include "settlement/commands/exit_code.h"
#include "settlement/commands/options.h"
#include "settlement/commands/watched.h"
#include "settlement/ledger/ledger.h"
#include "settlement/matching/afresh.h"

#include <stdio.h>

static enum status
rebuild(struct store *store, bool also_matching, struct work *work, struct ledger_advance *advance,
        struct afresh_result *afresh, struct error_detail *err)
{
    enum status status = ledger_rebuild_watched(store, work, advance, err);
    if (status == STATUS_CANCELLED) {
        error_set(err, "cancelled",
                  "中止しました。前の帳簿がそのまま残っています。同じ指示でもう一度、最初から作り直します。");
    }
    if (status != STATUS_OK || !also_matching) {
        return status;
    }
    struct clock_source clock = clock_system();
    struct actor actor = {.login = "cli", .role = ROLE_ADMINISTRATOR};
    snprintf(actor.address, sizeof actor.address, "%s", operator_name());
    status = matching_rebuild(store, &actor, &clock, work, afresh, err);
    if (status == STATUS_CANCELLED) {
        error_set(
            err, "cancelled",
            "中止しました。帳簿は作り直しました。照合は途中です: 次の照合(reconcile)か同じ指示で、残りを行います。");
    }
    return status;
}

int
command_rebuild(int argc, char **argv)
{
    enum { DATABASE, MATCHING, PROGRESS, COUNT };
    struct option options[COUNT] = {
        {"--database", "FILE", "the database of a stopped service", .is_required = true},
        {.name = "--matching", .help = "then match everything again, too: people's decisions stay"},
        WATCHED_PROGRESS_OPTION,
    };
    int exit_code;
    if (!options_read_or_explain("rebuild", options, COUNT, argc, argv, &exit_code)) {
        return exit_code;
    }
    struct error_detail err;
    struct store *store = NULL;
    struct ledger_advance advance;
    struct afresh_result afresh = {0};
    struct watched watched;
    enum status status = existing_store_open(&store, options[DATABASE].value, &err);
    if (status == STATUS_OK) {
        watched_begin(&watched, WORK_REBUILD, options[PROGRESS].value != NULL);
        status = rebuild(store, options[MATCHING].value != NULL, &watched.work, &advance, &afresh, &err);
        watched_end(&watched, status);
    }
    store_close(store);
    if (status != STATUS_OK) {
        return (int)exit_with(status, "rebuild", &err);
    }
    printf("%lld lines interpreted, %lld parked\n", (long long)advance.lines, (long long)advance.parked);
    if (options[MATCHING].value != NULL) {
        printf("%lld pairs in %lld municipalities\n", (long long)afresh.matched_count,
               (long long)afresh.municipalities);
    }
    return EXIT_DONE;
}
