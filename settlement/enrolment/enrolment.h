/* How a till joins: an administrator makes a one-time code for a terminal id and a place; the till sends it with its
 * public key.
 *
 *   (none) ──enrolment_make_code──▶ OFFERED ──enrolment_use_code, within 24 h──▶ USED by one key
 *                                     │                                            │ same key: the same answer again
 *                                     └── a newer code for the same terminal: gone └ another key: refused
 *
 * A terminal id is used for one journal only: once a line of it is here, no code for it is made or taken. A till that
 * must start anew gets a new id. */
#pragma once

#include "settlement/store/terminal_store.h"

enum {
    ENROLMENT_CODE_TEXT_SIZE = 15,                /* XXXX-XXXX-XXXX: 60 bits, nothing to guess in 24 hours */
    ENROLMENT_CODE_LIFE_MS = 24 * 60 * 60 * 1000, /* docs/protocol/journal.md */
};

/* Who asks for a code, and for what. PLACE must stand in the municipality's current masters when there are any. */
struct enrolment_offer {
    const char *municipality;
    const char *terminal;
    const char *place;
    const char *created_by;
    int64_t now_ms;
};

/* Make a code and store its hash. OUT receives the code, which is known nowhere else. STATUS_INVALID ("wrong_terminal",
 * "unknown_place" …), STATUS_CONFLICT ("terminal_in_use"). */
enum status
enrolment_make_code(struct store_txn *txn, const struct enrolment_offer *offer, char out[ENROLMENT_CODE_TEXT_SIZE],
                    int64_t *out_expires_at_ms, struct error_detail *err) MUST_CHECK;

/* What a till sends. CODE may be written in lower case and without hyphens. */
struct enrolment_request {
    const char *code;
    const uint8_t *public_key; /* PUBLIC_KEY_SIZE bytes */
    const char *software;
    int64_t now_ms;
};

/* Take REQUEST: the till exists afterwards. STATUS_UNAUTHORIZED ("unknown_code", "expired_code"), STATUS_CONFLICT
 * ("used_code", "terminal_in_use"). */
enum status enrolment_use_code(struct store_txn *txn, const struct enrolment_request *request, struct terminal *out,
                               struct error_detail *err) MUST_CHECK;
