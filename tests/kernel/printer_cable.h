/* Between a gadget of the kernel's (the device file of a printer's, or the port of a serial one) and the simulated
 * printer (its TCP port): bytes carried both ways by a thread, few of them on their way. When the simulator hangs up,
 * the USB cable is pulled. */
#pragma once

#include "tests/kernel/gadget.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* Zeroed but for `gadget` and `path`. INVARIANT: the thread runs, and the descriptors are open, exactly while
 * `is_plugged`. */
struct printer_cable {
    struct gadget gadget;
    const char *path; /* the gadget's side */
    int device, socket, stop[2];
    pthread_t thread;
    bool is_plugged;
};

/* Plug in, with the simulator on 127.0.0.1:PORT behind it. */
void printer_cable_plug(struct printer_cable *cable, uint16_t port);

/* Pull the cable. Fine when it is out. */
void printer_cable_pull(struct printer_cable *cable);
