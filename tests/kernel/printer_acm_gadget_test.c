/* The printer suite on a serial printer with USB (CDC ACM): its port is the kernel's /dev/ttyACM0, which vanishes with
 * the cable, and behind the gadget's port is the simulated printer. */
#include "drivers/escpos_printer/escpos_printer.h"
#include "drivers/transport/serial_transport.h"
#include "tests/contract/support/receipt_printer.h"
#include "tests/kernel/printer_cable.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

enum { PATIENCE_MS = 60 * 1000, POLLS_MAX = 6000, POLL_NS = 10 * 1000 * 1000 };

static struct receipt_printer shared;
static struct printer_cable cable;
static struct printer *opened; /* NULL before the bench has one */

/* udev makes the port's file a little after the kernel has configured the device. */
static void
await_seen(void)
{
    struct printer_state state;
    for (unsigned i = 0; printer_query(opened, PATIENCE_MS, &state, NULL) == STATUS_DEVICE_GONE; i++) {
        assert_true(i < POLLS_MAX);
        nanosleep(&(struct timespec){.tv_nsec = POLL_NS}, NULL);
    }
}

static void
plug(struct receipt_printer *printer, bool is_plugged)
{
    printer_cable_pull(&cable);
    if (is_plugged) {
        printer_cable_plug(&cable, printer->port);
        if (opened != NULL) {
            await_seen();
        }
    }
}

static int
set_up(void **state)
{
    const struct serial_options port = {.path = "/dev/ttyACM0", .baud = 115200, .flow = SERIAL_FLOW_NONE};
    struct escpos_printer_options options = {.model = "tm-t88", .columns = 48};
    opened = NULL;
    struct printer_bench *bench = receipt_printer_bench(&shared);
    *state = bench;
    if (bench == NULL || serial_transport_create(&options.transport, &port, NULL) != STATUS_OK ||
        escpos_printer_open(&options, &bench->printer, NULL) != STATUS_OK) {
        return -1;
    }
    opened = bench->printer;
    await_seen();
    return 0;
}

static int
tear_down(void **state)
{
    receipt_printer_bench_free(*state);
    opened = NULL;
    return 0;
}

int
main(void)
{
    static char path[GADGET_PORT_SIZE];
    const struct gadget_names names = {
        .vendor = 0x0483, .product = 0x5740, .maker = "Example", .model = "ACM printer", .serial = "J0003"};
    gadget_create(&cable.gadget, "acm-printer", 1, &names);
    gadget_make_function(&cable.gadget, "acm.0");
    gadget_use_function(&cable.gadget, "acm.0");
    gadget_name_port(&cable.gadget, "acm.0", path);
    cable.path = path;
    receipt_printer_init(&shared);
    shared.plug = plug;
    const int failures = printer_contract_run("printer: ESC/POS on the kernel's CDC ACM", set_up, tear_down);
    plug(&shared, false);
    receipt_printer_finish(&shared);
    return failures;
}
