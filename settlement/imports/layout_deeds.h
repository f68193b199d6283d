/* Putting a version of a city's own layout to use.
 *
 *   tried out and saved ──▶ proposed ──second person──▶ done      files are read by it from now on
 *                                    ──anybody────────▶ refused   nothing changes; the version stays on record
 *
 * A misread column would book wrong money without anybody noticing, so that nobody changes a layout alone. Going back
 * is the same act: an earlier version, or version 0 (the program's own, or none where it has none), is proposed again.
 */
#pragma once

#include "settlement/access/actor.h"
#include "settlement/store/store.h"

enum { LAYOUT_REASON_MAX_BYTES = 3000 /* 1,000 characters */ };

/* A descriptor that compiles as NAME, what it was tried out on, and what was read there (a JSON object). */
struct layout_proposal {
    const char *name;
    const char *descriptor;
    const char *file_name;
    const char *file_sha256;
    const char *trial;
    const char *reason;
};

/* Save the next version and propose its use. STATUS_INVALID "invalid_request" (no reason); STATUS_REFUSED
 * "layout_waits": another use of this name waits for its second person. */
enum status
layout_use_propose(struct store *store, const struct actor *actor, const struct layout_proposal *proposal,
                   int64_t now_ms, int64_t *out_version, int64_t *out_use, struct error_detail *err) MUST_CHECK;

/* Propose to read by VERSION again. STATUS_NOT_FOUND; STATUS_REFUSED "layout_waits", "wrong_state" (it is in use). */
enum status
layout_use_propose_again(struct store *store, const struct actor *actor, const char *name, int64_t version,
                         const char *reason, int64_t now_ms, int64_t *out_use, struct error_detail *err) MUST_CHECK;

/* The second person agrees: use ID. STATUS_UNAUTHORIZED "own_approval"; STATUS_REFUSED "wrong_state". */
enum status layout_use_confirm(struct store *store, const struct actor *actor, int64_t id, const char *reason,
                               int64_t now_ms, struct error_detail *err) MUST_CHECK;

/* Somebody does not agree, for REASON; the one who proposed it may, too. */
enum status layout_use_refuse(struct store *store, const struct actor *actor, int64_t id, const char *reason,
                              int64_t now_ms, struct error_detail *err) MUST_CHECK;
