/* Which line of a configuration uses which plugged device, on inventories made by hand. */
#define _XOPEN_SOURCE 700 /* mkstemp, pseudo-terminals */

#include "pos/commands/device_uses.h"
#include "pos/commands/settings.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const struct inventory counter = {
    .count = 6,
    .devices =
        {
            {.kind = PLUGGED_USB_PRINTER, .name = "EPSON TM-m30III", .vendor = 0x04b8, .product = 0x0202},
            {.kind = PLUGGED_USB_PRINTER, .name = "Display", .vendor = 0x04b8, .product = 0x0e1b, .serial = "D1"},
            {.kind = PLUGGED_HID_SCANNER, .vendor = 0x0c2e, .product = 0x0b61, .path = "/dev/hidraw3"},
            {.kind = PLUGGED_KEYBOARD, .name = "Clerk's keyboard", .vendor = 0x1111, .product = 0x2222},
            {.kind = PLUGGED_SERIAL_PORT, .path = "/dev/null", .lasting = "/dev/serial/by-id/usb-box"},
            {.kind = PLUGGED_CARD_READER, .name = "SONY FeliCa RC-S300/S 00 00"},
        },
};

static struct device_use uses[DEVICE_USES];

/* The uses of a configuration with TEXT. The words of `line` outlive it, nothing else is borrowed. */
static void
find(const char *text)
{
    char path[] = "/tmp/madoguchi-uses-XXXXXX";
    struct config *config = NULL;
    struct error_detail err = {0};
    const int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    assert_non_null(file);
    fprintf(file, "[till]\ndatabase = t.db\nkey_file = t.key\n[settlement]\nurl = http://127.0.0.1:1\n%s", text);
    assert_int_equal(fclose(file), 0);
    if (settings_load(&config, path, &err) != STATUS_OK) {
        fail_msg("%s", err.message);
    }
    device_uses_find(uses, config, &counter);
    config_destroy(config);
    unlink(path);
}

static const struct device_use *
use(const char *section)
{
    for (size_t i = 0; i < DEVICE_USES; i++) {
        if (strcmp(uses[i].section, section) == 0) {
            return &uses[i];
        }
    }
    fail_msg("no section %s", section);
    return NULL;
}

static void
a_whole_counter_is_matched_device_by_device(void **state)
{
    (void)state;
    find("[printer]\nkind = escpos\nconnection = usb\nusb = 04b8:0202\n"
         "[line_display]\nkind = escpos\nconnection = usb\nusb = 04b8:0e1b\nusb_serial_number = D1\n"
         "[scanner]\nkind = hid-pos\n[cash_drawer]\nkind = serial\ndevice = /dev/null\n"
         "[card_reader]\nkind = pcsc\nname = RC-S300\n");
    assert_int_equal(use("printer")->plugged, 0);
    assert_int_equal(use("line_display")->plugged, 1);
    assert_int_equal(use("scanner")->plugged, 2);
    assert_int_equal(use("cash_drawer")->plugged, 4);
    assert_int_equal(use("card_reader")->plugged, 5);
    for (size_t i = 0; i < DEVICE_USES - 1; i++) {
        assert_int_equal(uses[i].state, USE_PRESENT);
    }
    assert_int_equal(use("payment_terminal")->state, USE_NONE);
    assert_null(device_use_of(uses, 3)); /* the clerk's keyboard */
    assert_string_equal(device_use_of(uses, 2)->line, "kind = hid-pos, device = ");
}

static void
what_is_configured_and_not_plugged_in_is_absent(void **state)
{
    (void)state;
    find("[printer]\nkind = escpos\nconnection = usb\nusb = 0519:0003\n"
         "[scanner]\nkind = serial\nport = /dev/no-such-port\n[card_reader]\nkind = rc-s380\n");
    assert_int_equal(use("printer")->state, USE_ABSENT);
    assert_int_equal(use("cash_drawer")->state, USE_ABSENT); /* on that printer */
    assert_int_equal(use("scanner")->state, USE_ABSENT);
    assert_int_equal(use("card_reader")->state, USE_ABSENT);
    assert_int_equal(use("scanner")->plugged, NOTHING_PLUGGED);
}

static void
a_printer_on_the_network_is_asked_whether_it_is_there(void **state)
{
    (void)state;
    find("[printer]\nkind = escpos\nconnection = tcp\nhost = 127.0.0.1\nport = 1\n");
    assert_int_equal(use("printer")->state, USE_ABSENT);
    assert_string_equal(use("printer")->line, "connection = tcp, host = 127.0.0.1, port = 1");
}

static void
a_port_that_sysfs_does_not_know_is_there_when_its_node_is(void **state)
{
    (void)state;
    find("[scanner]\nkind = serial\nport = /dev/zero\n");
    assert_int_equal(use("scanner")->state, USE_PRESENT);
    assert_int_equal(use("scanner")->plugged, NOTHING_PLUGGED);
}

static void
simulated_devices_and_a_payment_terminal_are_not_looked_for(void **state)
{
    (void)state;
    find("[payment_terminal]\nkind = zvt\ndevice = /dev/null\n");
    assert_int_equal(use("payment_terminal")->plugged, 4); /* its port, which says nothing of who is behind it */
    find("[payment_terminal]\nkind = json\n");
    assert_int_equal(use("printer")->state, USE_SIMULATED);
    assert_int_equal(use("scanner")->state, USE_SIMULATED);
    assert_int_equal(use("line_display")->state, USE_NONE);
    assert_int_equal(use("payment_terminal")->state, USE_NOT_ASKED);
}

/* The lines that are offered for a device, read back as a configuration, use that device. */
static void
the_lines_that_are_offered_use_the_device(void **state)
{
    static const char *const sections[] = {"printer", "printer", "scanner", "scanner", "scanner", "card_reader"};
    (void)state;
    for (size_t i = 0; i < counter.count; i++) {
        struct buffer lines;
        struct plugged_device device = counter.devices[i];
        device.lasting[0] = '\0'; /* a link that leads nowhere here */
        buffer_init(&lines, 2000);
        device_use_lines(&device, &lines);
        find(buffer_text(&lines));
        assert_int_equal(use(sections[i])->state, USE_PRESENT);
        assert_int_equal(use(sections[i])->plugged, i);
        buffer_finish(&lines);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_counter_is_matched_device_by_device),
        cmocka_unit_test(what_is_configured_and_not_plugged_in_is_absent),
        cmocka_unit_test(a_printer_on_the_network_is_asked_whether_it_is_there),
        cmocka_unit_test(a_port_that_sysfs_does_not_know_is_there_when_its_node_is),
        cmocka_unit_test(simulated_devices_and_a_payment_terminal_are_not_looked_for),
        cmocka_unit_test(the_lines_that_are_offered_use_the_device),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
