/* `rebuild`: empty what is derived from the journals and make it again. */
#include "settlement/commands/commands.h"
#include "settlement/commands/database.h"
#include "settlement/commands/exit_code.h"
#include "settlement/commands/options.h"
#include "settlement/ledger/ledger.h"

#include <stdio.h>

int
command_rebuild(int argc, char **argv)
{
    struct option options[] = {
        {"--database", "FILE", "the database of a stopped service", .is_required = true},
    };
    int exit_code;
    if (!options_read_or_explain("rebuild", options, 1, argc, argv, &exit_code)) {
        return exit_code;
    }
    struct error_detail err;
    struct store *store = NULL;
    struct ledger_advance advance;
    enum status status = existing_store_open(&store, options[0].value, &err);
    if (status == STATUS_OK) {
        status = ledger_rebuild(store, &advance, &err);
    }
    store_close(store);
    if (status != STATUS_OK) {
        return (int)exit_with(status, "rebuild", &err);
    }
    printf("%lld lines interpreted, %lld parked\n", (long long)advance.lines, (long long)advance.parked);
    return EXIT_DONE;
}
