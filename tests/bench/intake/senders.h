/* Sending prepared uploads over many connections at once, as fast as they are answered. */
#pragma once

#include "tills.h"

#include <stdint.h>

struct send_result {
    double seconds;
    long acknowledged;
    long asked_to_wait; /* answers 503; the upload was sent again after Retry-After */
    long reconnected;   /* connections that ended without an answer */
    long refused;       /* any other answer; the first is printed */
    double p50_ms, p99_ms, worst_ms;
};

/* Send LOAD to PORT of this computer over CONNECTIONS, each till's uploads in their order. IS_KEPT: connections are
 * used again; otherwise each upload has its own, as with real tills. */
void send_load(const struct load *load, int port, int connections, int tills, bool is_kept, struct send_result *out);
