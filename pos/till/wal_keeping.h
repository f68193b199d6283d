/* The thread that moves the till's WAL into its database while nobody sells. For this folder only.
 *
 * Left to SQLite, every thousandth page or so makes the commit of some sale do it, and a citizen waits for two syncs
 * and some hundred pages more. */
#pragma once

#include "pos/till/till_parts.h"

struct wal_keeping;

struct wal_keeping_options {
    struct till *till;         /* borrowed */
    const char *database_path; /* copied */
    const char *vfs;           /* copied; NULL: the default */
    unsigned pages;            /* the WAL is moved when it has this many; 0: 1,000 */
    unsigned quiet_ms; /* … and nothing was committed for so long; 0: 1,000. At eight times the pages anyway */
};

/* From here on the till's commits leave the WAL alone. STATUS_IO when the thread cannot be started: nothing has changed
 * then. *OUT is given. */
enum status wal_keeping_start(struct wal_keeping **out, const struct wal_keeping_options *options,
                              struct error_detail *err) MUST_CHECK;

/* After till->is_stopping was set and till->wal_changed told. NULL is fine. */
void wal_keeping_stop(struct wal_keeping *keeping);
