/* The simulated receipt printer (tests/simulators/printer9100.py) as the benches of the printer suite handle it,
 * whatever lies between it and the driver. */
#pragma once

#include "common/bytes/buffer.h"
#include "tests/contract/printer_bench.h"
#include "tests/contract/support/child.h"

#include <stdint.h>

/* One simulator for all tests of a program, as each start takes a second. `received` is what simulators stopped before
 * had received; what came before `begin` belongs to tests before. */
struct receipt_printer {
    struct child child;
    uint16_t port, control_port;
    struct buffer received;
    size_t begin;

    /* Plug the cable in or pull it; NULL: the simulator itself is started and stopped. */
    void (*plug)(struct receipt_printer *printer, bool is_plugged);
    void *cable;
};

void receipt_printer_init(struct receipt_printer *printer);
void receipt_printer_finish(struct receipt_printer *printer);
void receipt_printer_start(struct receipt_printer *printer);

/* A bench on PRINTER, which is healthy and ready then; the test opens `printer` in it. NULL without memory. */
struct printer_bench *receipt_printer_bench(struct receipt_printer *printer);

/* Close the bench's printer and free it. */
void receipt_printer_bench_free(struct printer_bench *bench);

/* Wait until nothing that it has received waits to be printed. */
void receipt_printer_await_idle(const struct receipt_printer *printer);

/* How many times the drawer was kicked so far. */
int64_t receipt_printer_kicks(const struct receipt_printer *printer);
