/* The printer suite on the ESC/POS driver over USB, with nothing made up between them: the driver's libusb speaks to
 * the kernel's usbfs, that to a printer gadget of the kernel, and behind the gadget's device file is the simulated
 * printer. Then what only a real kernel does: it has a driver of its own for printers, usblp. */
#include "drivers/escpos_printer/escpos_printer.h"
#include "drivers/transport/usb_transport.h"
#include "tests/contract/support/receipt_printer.h"
#include "tests/kernel/printer_cable.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { VENDOR = 0x04b8, PRODUCT = 0x0202, PATIENCE_MS = 60 * 1000, POLLS_MAX = 6000, POLL_NS = 10 * 1000 * 1000 };

static struct receipt_printer shared;
static struct printer_cable cable;
static struct printer *opened; /* NULL before the bench has one */

/* The cable is in when the driver can see it: udev tells libusb a little after the kernel has configured the device. */
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
    struct usb_selection selection = {.vendor = VENDOR, .product = PRODUCT};
    struct escpos_printer_options options = {.model = "auto", .columns = 48};
    opened = NULL;
    struct printer_bench *bench = receipt_printer_bench(&shared);
    *state = bench;
    if (bench == NULL || usb_transport_create(&options.transport, &selection, NULL) != STATUS_OK ||
        escpos_printer_open(&options, &bench->printer, NULL) != STATUS_OK) {
        return -1;
    }
    opened = bench->printer;
    return 0;
}

static int
tear_down(void **state)
{
    receipt_printer_bench_free(*state);
    opened = NULL;
    return 0;
}

static bool
kernel_has_it(void)
{
    return access("/dev/usb/lp0", F_OK) == 0;
}

static void
await_kernel(bool has_it)
{
    for (unsigned i = 0; kernel_has_it() != has_it; i++) {
        assert_true(i < POLLS_MAX);
        nanosleep(&(struct timespec){.tv_nsec = POLL_NS}, NULL);
    }
}

static void
the_kernels_own_driver_gives_the_printer_up_and_has_it_back_afterwards(void **state)
{
    struct printer_bench *bench = *state;
    struct printer_state printer;
    await_kernel(true);

    assert_int_equal(printer_query(bench->printer, PATIENCE_MS, &printer, NULL), STATUS_OK);
    assert_false(kernel_has_it());

    printer_close(bench->printer);
    bench->printer = NULL;
    await_kernel(true);
}

static void
a_receipt_whose_cable_is_pulled_is_never_on_paper_twice(void **state)
{
    static const char receipt[] = "\x1b@MARK-ONCE\n";
    static char job[64 * 1024];
    struct printer_bench *bench = *state;
    enum print_outcome outcome = PRINT_DONE;
    memset(job, '\n', sizeof job);
    memcpy(job, receipt, sizeof receipt - 1);
    bench->break_next(bench, BENCH_VANISHES);

    assert_int_equal(printer_print(bench->printer, 1, job, sizeof job, PATIENCE_MS, &outcome, NULL),
                     STATUS_DEVICE_GONE);
    assert_int_equal(outcome, PRINT_UNKNOWN);
    bench->set_gone(bench, false);
    assert_int_equal(printer_print(bench->printer, 2, "\x1b@MARK-NEXT\n", 12, PATIENCE_MS, &outcome, NULL), STATUS_OK);

    assert_int_equal(outcome, PRINT_DONE);
    assert_int_equal(bench->count(bench, "MARK-ONCE"), 1);
    assert_int_equal(bench->count(bench, "MARK-NEXT"), 1);
}

int
main(void)
{
    static const char device_id[] = "MFG:EPSON;CMD:ESC/POS;MDL:TM-T88VI;CLS:PRINTER;";
    const struct gadget_names names = {
        .vendor = VENDOR, .product = PRODUCT, .maker = "EPSON", .model = "TM-T88VI", .serial = "J0001"};
    const struct CMUnitTest own[] = {
        cmocka_unit_test_setup_teardown(the_kernels_own_driver_gives_the_printer_up_and_has_it_back_afterwards, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_receipt_whose_cable_is_pulled_is_never_on_paper_twice, set_up, tear_down),
    };
    cable.path = "/dev/g_printer0";
    gadget_create(&cable.gadget, "printer", 0, &names);
    gadget_make_function(&cable.gadget, "printer.0");
    gadget_set(&cable.gadget, "printer.0", "pnp_string", device_id, strlen(device_id));
    gadget_set(&cable.gadget, "printer.0", "q_len", "1", 1); /* a store of 8 KB, about what printers have */
    gadget_use_function(&cable.gadget, "printer.0");
    receipt_printer_init(&shared);
    shared.plug = plug;
    shared.cable = &cable;
    const int failures = printer_contract_run("printer: ESC/POS over the kernel's USB", set_up, tear_down) +
                         cmocka_run_group_tests_name("printer: beside the kernel's own driver", own, NULL, NULL);
    plug(&shared, false);
    receipt_printer_finish(&shared);
    return failures;
}
