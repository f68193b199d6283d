/* A TCP peer in a thread of this process, for faults that no simulator makes. It serves one connection after the other
 * with a function of the test's. */
#pragma once

#include "common/outcome/status.h"

#include <pthread.h>
#include <stdint.h>

/* Talk on DESCRIPTOR, the connection NUMBER (from 1), until it is over; the caller closes it. */
typedef void (*peer_serve)(int descriptor, unsigned number, void *context);

struct peer {
    int listener;
    uint16_t port;
    pthread_t thread;
    peer_serve serve;
    void *context;
};

void peer_start(struct peer *peer, peer_serve serve, void *context);
void peer_stop(struct peer *peer);

/* Read exactly LENGTH bytes; false when the connection ended before. Gives up after a bounded time. */
bool peer_read(int descriptor, void *out, size_t length);
bool peer_write(int descriptor, const void *bytes, size_t length);

/* Make the close that follows a reset. */
void peer_reset_on_close(int descriptor);
