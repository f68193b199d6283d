/* Long work of a subcommand: shown on standard error in one line that is rewritten, and ended by SIGINT or SIGTERM at
 * its next safe point. A second signal ends the program at once; the store then undoes what was not committed. */
#pragma once

#include "settlement/work/work.h"

#define WATCHED_PROGRESS_OPTION                                                                                        \
    {                                                                                                                  \
        .name = "--progress", .help = "show progress on standard error also where that is no terminal"                 \
    }

/* One at a time in a program. */
struct watched {
    struct work work;
    bool has_line; /* something stands in the line that is rewritten */
    int64_t shown_ms;
};

/* Work of KIND begins. It is shown where standard error is a terminal, or MUST_SHOW. */
void watched_begin(struct watched *watched, enum work_kind kind, bool must_show);

/* It ended with STATUS; signals do again what they did before. */
void watched_end(struct watched *watched, enum status status);
