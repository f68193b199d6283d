/* The options of a subcommand: `--name VALUE`, or `--name` alone for a switch, in any order, each at most once unless
 * it says otherwise. */
#pragma once

#include "common/outcome/status.h"

/* One option; a subcommand has a table of them on its stack. `value` is filled by options_read: the text, "" for a
 * switch that was given, NULL for what was not given. */
struct option {
    const char *name;       /* "--database" */
    const char *value_name; /* "FILE"; NULL for a switch */
    const char *help;
    bool is_required;
    const char *value; /* borrowed from argv */
    const char **more; /* room for the values after the first; NULL: at most once */
    size_t more_max;   /* how many there is room for */
    size_t more_count;
};

/* Read ARGC words. STATUS_INVALID for an unknown or repeated option, a missing value or a missing required option. */
enum status
options_read(struct option *options, size_t count, int argc, char **argv, struct error_detail *err) MUST_CHECK;

/* The same for a subcommand's main: prints the usage of NAME on --help or on an error. True when the subcommand should
 * go on; otherwise it returns *OUT_EXIT_CODE. */
bool options_read_or_explain(const char *name, struct option *options, size_t count, int argc, char **argv,
                             int *out_exit_code) MUST_CHECK;
