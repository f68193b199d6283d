/* What the clerk is told when the settlement service cannot be reached or refuses, and what to do about it. Pure. */
#pragma once

#include "common/outcome/status.h"
#include "pos/uplink/service.h"

/* A state of `status.uplink` (docs/protocol/till-http.md) and its Japanese sentence. */
struct uplink_words {
    const char *state;
    const char *message;
};

/* For a service that gave no answer, by what ERR says; NULL: one that answers that it is too busy. */
struct uplink_words uplink_words_unreached(const struct error_detail *err);

/* For a refusal, by its code. */
struct uplink_words uplink_words_refused(const char *code);
