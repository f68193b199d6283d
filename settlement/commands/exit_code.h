/* How a run ends, for scripts. docs and --help say the same. */
#pragma once

#include "common/outcome/status.h"

enum exit_code {
    EXIT_DONE = 0,
    EXIT_DIFFERENCES = 1, /* the work was done, and something does not agree */
    EXIT_USAGE = 2,       /* the command line is wrong; nothing was done */
    EXIT_REFUSED = 3,     /* the input breaks a rule; nothing was done */
    EXIT_FAILED = 4,      /* disk, lock or network; trying again may work */
    EXIT_CANCELLED = 5    /* ended by a signal at a safe point; the same command again goes on */
};

/* The one translation of a status into an exit code. */
enum exit_code exit_code_from(enum status status);

/* Write "madoguchi-settlement: WHAT: message" to standard error and return the exit code. */
enum exit_code exit_with(enum status status, const char *what, const struct error_detail *err);
