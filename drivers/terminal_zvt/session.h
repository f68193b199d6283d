/* The line to a ZVT terminal, and the dialogue on it: a command, whatever the terminal says in between, and the end.
 * Each operation is a conversation of its own that begins with a registration: what it does not answer proves that
 * nothing of the operation was sent, and what was left over from before is gone by then. Inside this folder only. */
#pragma once

#include "drivers/terminal_zvt/status.h"
#include "drivers/transport/transport.h"

#include <stdatomic.h>

struct zvt_session {
    struct transport *transport;
    struct zvt_receiver receiver;
    bool is_open; /* a conversation runs */
    atomic_bool *wants_abort;
};

/* How a dialogue ended. */
enum zvt_end {
    ZVT_END_COMPLETED,  /* 06 0F */
    ZVT_END_BROKEN_OFF, /* 06 1E: CODE says why */
    ZVT_END_REFUSED,    /* 84 xx: the terminal did not begin; CODE says why */
    ZVT_END_UNSENT,     /* certainly not taken: no port, or every attempt was answered NAK */
    ZVT_END_LOST        /* sent, and no end came */
};

struct zvt_dialogue {
    /* Given each status information's data; false stops listening to it: the dialogue is lost. NULL: not wanted. */
    bool (*take)(struct zvt_bytes data, void *context);
    void *context;
    bool may_abort;              /* once the terminal has begun, somebody may stop it */
    struct zvt_bytes completion; /* of ZVT_END_COMPLETED: its data, until the next dialogue */
    uint8_t code;
};

void zvt_session_init(struct zvt_session *session, struct transport *transport, atomic_bool *wants_abort);

/* Open the line and throw away what stands on it. False: nobody is there. */
bool zvt_session_begin(struct zvt_session *session, int64_t deadline_ms, struct error_detail *err);

/* Send COMMAND and listen until the end or DEADLINE_MS. */
enum zvt_end zvt_session_talk(struct zvt_session *session, const struct buffer *command, struct zvt_dialogue *dialogue,
                              int64_t deadline_ms);

/* IS_CLEAN: the dialogue ended as it should; otherwise the port is closed, so that no late answer is taken for
 * another's. */
void zvt_session_end(struct zvt_session *session, bool is_clean);
