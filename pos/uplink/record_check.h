/* Whether this till's own record is whole on its disk: the lines not yet sent first, because nobody else has them, then
 * all of it, a little at a time while there is nothing to send. Used by the uplink's thread. */
#pragma once

#include "pos/journal/journal.h"

struct record_check {
    struct journal_position at; /* checked up to here */
    bool is_unsent_checked;
    bool is_done;
};

enum record_condition {
    RECORD_WHOLE,         /* as far as was looked */
    RECORD_DAMAGED_SENT,  /* a line that the service has: the disk fails, but nothing is lost */
    RECORD_DAMAGED_UNSENT /* a line that nobody else has: nothing behind it can ever be sent */
};

/* The next piece of the check of TERMINAL's journal in DB, of which the service has ACKNOWLEDGED lines. What was found stands
 * in ERR and in the log; a failure to read counts as damage where it happens. */
enum record_condition record_check_step(struct record_check *check, struct database *db, const char *terminal,
                                        int64_t acknowledged, struct error_detail *err) MUST_CHECK;
