/* A USB printer whose every answer on the bus is a few lines here (the kernel's FunctionFS), unlike those of its
 * printer gadget: it stalls, takes nothing for as long as it is told, speaks in single bytes, and vanishes in mid
 * transfer. What it takes goes to the simulated printer (its TCP port), and back. */
#pragma once

#include "tests/kernel/gadget.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What happens when `after` more bytes have been taken. */
enum functionfs_fault {
    FAULT_NONE,
    FAULT_STALL,     /* once: the host clears it, and all is well */
    FAULT_STALL_ON,  /* again and again, until the fault is taken back */
    FAULT_TAKE_NONE, /* the host is told to wait (NAK), until the fault is taken back */
    FAULT_PULL       /* the cable is out */
};

/* INVARIANT: `socket` is open, and the gadget has a controller or has lost it by FAULT_PULL, exactly while
 * `is_plugged`; `carriers` threads use them. All of it belongs to `lock`. */
struct functionfs_printer {
    struct gadget gadget;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int control, out, in, socket;
    bool is_plugged, is_carrying;
    unsigned carriers;
    enum functionfs_fault fault;
    size_t after;
    unsigned stalls; /* of the transfers out, so far */
    bool stalls_next_answer, speaks_in_bytes;
    pthread_t threads[3];
};

/* Make the gadget, not plugged in yet; once in a program. */
void functionfs_printer_create(struct functionfs_printer *printer, const struct gadget_names *names);

/* Plug in, with the simulator on 127.0.0.1:PORT behind it. */
void functionfs_printer_plug(struct functionfs_printer *printer, uint16_t port);

/* Pull the cable. Fine when it is out. */
void functionfs_printer_pull(struct functionfs_printer *printer);

/* FAULT_NONE takes back what goes on. */
void functionfs_printer_set_fault(struct functionfs_printer *printer, enum functionfs_fault fault, size_t after);

/* The next answer is stalled first; SPEAKS_IN_BYTES: every answer comes in packets of one byte. */
void functionfs_printer_set_answers(struct functionfs_printer *printer, bool stalls_next, bool speaks_in_bytes);

/* How many transfers out were stalled so far. */
unsigned functionfs_printer_stalls(struct functionfs_printer *printer);
