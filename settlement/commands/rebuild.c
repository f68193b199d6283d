/* `rebuild`: empty what is derived from the journals and make it again; matching on request. */
#include "common/clock/clock.h"
#include "settlement/commands/commands.h"
#include "settlement/commands/database.h"
#include "settlement/commands/exit_code.h"
#include "settlement/commands/options.h"
#include "settlement/ledger/ledger.h"
#include "settlement/matching/afresh.h"

#include <stdio.h>

int
command_rebuild(int argc, char **argv)
{
    struct option options[] = {
        {"--database", "FILE", "the database of a stopped service", .is_required = true},
        {.name = "--matching", .help = "then match everything again, too: people's decisions stay"},
    };
    int exit_code;
    if (!options_read_or_explain("rebuild", options, 2, argc, argv, &exit_code)) {
        return exit_code;
    }
    struct error_detail err;
    struct store *store = NULL;
    struct ledger_advance advance;
    enum status status = existing_store_open(&store, options[0].value, &err);
    if (status == STATUS_OK) {
        status = ledger_rebuild(store, &advance, &err);
    }
    struct afresh_result afresh = {0};
    if (status == STATUS_OK && options[1].value != NULL) {
        struct clock_source clock = clock_system();
        struct actor actor = {.login = "cli", .role = ROLE_ADMINISTRATOR};
        snprintf(actor.address, sizeof actor.address, "%s", operator_name());
        status = matching_rebuild(store, &actor, &clock, &afresh, &err);
    }
    store_close(store);
    if (status != STATUS_OK) {
        return (int)exit_with(status, "rebuild", &err);
    }
    printf("%lld lines interpreted, %lld parked\n", (long long)advance.lines, (long long)advance.parked);
    if (options[1].value != NULL) {
        printf("%lld pairs in %lld municipalities\n", (long long)afresh.matched_count,
               (long long)afresh.municipalities);
    }
    return EXIT_DONE;
}
