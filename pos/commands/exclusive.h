/* One program per till and per drawer on this computer: two would write two second lines, and two clerks would put
 * money of two books into one drawer (docs/decisions/0007-one-till-one-drawer.md).
 *
 * Held from before the database is opened until the process ends, however it ends: the kernel lets go. */
#pragma once

#include "common/config/config.h"
#include "common/outcome/status.h"

struct exclusive {
    int database; /* −1: not held */
    int drawer;
};

/* Hold the till's database and its drawer. STATUS_BUSY when another program has one of them: the sentence is for the
 * clerk. exclusive_release in any case. */
enum status exclusive_hold(struct exclusive *out, const struct config *config, struct error_detail *err) MUST_CHECK;

/* The database alone, for a command that leaves the devices alone. */
enum status exclusive_hold_database(struct exclusive *out, const char *path, struct error_detail *err) MUST_CHECK;

void exclusive_release(struct exclusive *held);
