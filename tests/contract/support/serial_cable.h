/* A serial cable between a driver and a simulator: a pseudo-terminal on one side, a TCP connection on the other, bytes
 * carried both ways by a thread, no more of them on their way than a cable and two small buffers hold. */
#pragma once

#include <pthread.h>
#include <stdint.h>

enum { SERIAL_CABLE_PATH_SIZE = 64 };

/* INVARIANT: `path` is a symbolic link to the port exactly while it is plugged in. */
struct serial_cable {
    char path[SERIAL_CABLE_PATH_SIZE]; /* what the driver opens */
    int master, socket, stop[2];
    pthread_t thread;
    int is_plugged; /* 0 or 1: the thread runs */
};

/* NAME tells apart the cables of one process. */
void serial_cable_init(struct serial_cable *cable, const char *name);

/* Connect the port to 127.0.0.1:PORT. When that side hangs up, the port is unplugged. */
void serial_cable_plug(struct serial_cable *cable, uint16_t port);
void serial_cable_pull(struct serial_cable *cable);
