/* One night's work. Each step stands by itself: one that fails is told and the next is done all the same, because a
 * backup matters most in a night in which something else went wrong. */
#pragma once

#include "common/clock/clock.h"
#include "settlement/access/actor.h"
#include "settlement/store/store.h"
#include "settlement/work/work.h"

enum {
    NIGHTLY_COPIES_MIN = 1,
    NIGHTLY_COPIES_MAX = 3660, /* ten years of nights */
    NIGHTLY_SENTENCE_SIZE = 240
};

enum nightly_step { NIGHTLY_RECONCILE, NIGHTLY_DRAFT, NIGHTLY_BACKUP, NIGHTLY_AUDIT, NIGHTLY_STEP_COUNT };

/* Texts are borrowed for the run. */
struct nightly_plan {
    bool has_books;             /* copy and audit too: once for all municipalities of a database */
    const char *backup_folder;  /* "": no copy is made, and the live books are audited */
    const char *layouts_folder; /* file formats beside those shipped, to read imports again; NULL or "": none */
    struct work *work; /* told how far it is, and heard when it is to end; NULL: nobody watches */
    int64_t copies_kept; /* older copies made by this are removed after a new one was audited without a finding */
};

struct nightly_outcome {
    bool is_done; /* the step ran to its end */
    bool is_well; /* and found nothing that people must see */
    char sentence[NIGHTLY_SENTENCE_SIZE];
};

/* Do the steps for ACTOR's municipality and record the outcome in the access log (object "nightly:DATE"). OUT tells of
 * each step. STATUS_OK whatever the steps came to; STATUS_CANCELLED when the plan's work was told to end before the last:
 * nothing is recorded, so that the night is made up for; otherwise the outcome could not be recorded. */
enum status nightly_run(struct store *store, const struct actor *actor, const struct clock_source *clock,
                        const struct nightly_plan *plan, struct nightly_outcome out[NIGHTLY_STEP_COUNT],
                        struct error_detail *err) MUST_CHECK;

const char *nightly_step_name(enum nightly_step step); /* Japanese */

/* Whether DAY (YYYY-MM-DD) has its record already. */
enum status nightly_was_done(struct store *store, const char *municipality, const char *day, bool *out,
                             struct error_detail *err) MUST_CHECK;
