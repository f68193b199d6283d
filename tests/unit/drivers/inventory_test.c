/* What is plugged in, on a computer that is a folder: files as the kernel shows them in sysfs. */
#define _XOPEN_SOURCE 700 /* mkdtemp, nftw */

#include "drivers/inventory/inventory.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* A scanner of usage page 8C with report id 2, as in contract.scanner_hid_pos; and a mouse. */
static const uint8_t scanner_descriptor[] = {
    0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01, 0x85, 0x02, 0x09, 0x12, 0xA1, 0x02, 0x15, 0x00, 0x26, 0xFF,
    0x00, 0x75, 0x08, 0x95, 0x01, 0x05, 0x01, 0x09, 0x3B, 0x81, 0x02, 0x95, 0x03, 0x05, 0x8C, 0x09,
    0xFB, 0x09, 0xFC, 0x09, 0xFD, 0x81, 0x02, 0x95, 0x38, 0x09, 0xFE, 0x82, 0x02, 0x01, 0x25, 0x01,
    0x75, 0x01, 0x95, 0x01, 0x09, 0xFF, 0x81, 0x02, 0x75, 0x07, 0x81, 0x03, 0xC0, 0xC0};
static const uint8_t mouse_descriptor[] = {0x05, 0x01, 0x09, 0x02, 0xA1, 0x01, 0x09, 0x30,
                                           0x75, 0x08, 0x95, 0x01, 0x81, 0x06, 0xC0};

enum { PATH_SIZE = 400 };

static char root[] = "/tmp/madoguchi-inventory-XXXXXX";

static void
make_folders(const char *path)
{
    char part[PATH_SIZE];
    for (size_t i = strlen(root) + 1; i <= strlen(path); i++) {
        if (path[i] == '/' || path[i] == '\0') {
            snprintf(part, sizeof part, "%.*s", (int)i, path);
            mkdir(part, 0755);
        }
    }
}

/* A file of LENGTH bytes at ROOT + PATH, with its folders. */
static void
put_bytes(const char *path, const void *bytes, size_t length)
{
    char whole[PATH_SIZE], folder[PATH_SIZE];
    snprintf(whole, sizeof whole, "%s%s", root, path);
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(whole, '/') - whole), whole);
    make_folders(folder);
    FILE *file = fopen(whole, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static void
put(const char *path, const char *text)
{
    put_bytes(path, text, strlen(text));
}

static void
put_link(const char *path, const char *target)
{
    char whole[PATH_SIZE], folder[PATH_SIZE];
    snprintf(whole, sizeof whole, "%s%s", root, path);
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(whole, '/') - whole), whole);
    make_folders(folder);
    assert_int_equal(symlink(target, whole), 0);
}

static int
remove_one(const char *path, const struct stat *facts, int kind, struct FTW *place)
{
    (void)facts, (void)kind, (void)place;
    return remove(path);
}

static int
set_up(void **state)
{
    (void)state;
    snprintf(root, sizeof root, "/tmp/madoguchi-inventory-XXXXXX");
    return mkdtemp(root) != NULL ? 0 : -1;
}

static int
tear_down(void **state)
{
    (void)state;
    return nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static struct inventory
take(void)
{
    struct inventory inventory;
    assert_int_equal(inventory_take(&inventory, root, NULL), STATUS_OK);
    return inventory;
}

static void
a_scanner_is_known_by_its_report_descriptor_and_a_mouse_is_none(void **state)
{
    (void)state;
    put_bytes("/sys/class/hidraw/hidraw0/device/report_descriptor", mouse_descriptor, sizeof mouse_descriptor);
    put("/sys/class/hidraw/hidraw0/device/uevent", "HID_ID=0003:0000046D:0000C077\nHID_NAME=Mouse\n");
    put_bytes("/sys/class/hidraw/hidraw1/device/report_descriptor", scanner_descriptor, sizeof scanner_descriptor);
    put("/sys/class/hidraw/hidraw1/device/uevent",
        "DRIVER=hid-generic\nHID_ID=0003:00000C2E:00000B61\nHID_NAME=Example HID POS\nHID_UNIQ=S-17\n");
    put("/dev/hidraw1", "");

    const struct inventory inventory = take();

    assert_int_equal(inventory.count, 1);
    const struct plugged_device *device = &inventory.devices[0];
    assert_int_equal(device->kind, PLUGGED_HID_SCANNER);
    assert_string_equal(device->path, "/dev/hidraw1");
    assert_string_equal(device->name, "Example HID POS");
    assert_string_equal(device->serial, "S-17");
    assert_int_equal(device->vendor, 0x0C2E);
    assert_int_equal(device->product, 0x0B61);
    assert_int_equal(device->access, STATUS_OK);
}

static void
what_types_digits_is_a_keyboard_and_a_power_button_is_none(void **state)
{
    (void)state;
    put("/sys/class/input/event0/device/name", "Power Button\n");
    put("/sys/class/input/event0/device/capabilities/key", "10000000000000 0\n");
    put("/sys/class/input/event1/device/name", "Example Wedge\n");
    put("/sys/class/input/event1/device/capabilities/key", "7f 0 fffffffffffffffe\n");
    put("/sys/class/input/event1/device/id/vendor", "05f9\n");
    put("/sys/class/input/event1/device/id/product", "2203\n");

    const struct inventory inventory = take();

    assert_int_equal(inventory.count, 1);
    assert_int_equal(inventory.devices[0].kind, PLUGGED_KEYBOARD);
    assert_string_equal(inventory.devices[0].name, "Example Wedge");
    assert_int_equal(inventory.devices[0].vendor, 0x05f9);
    assert_int_equal(inventory.devices[0].access, STATUS_UNAUTHORIZED); /* the node is not there for us */
}

static void
a_usb_port_has_the_names_of_its_device_and_one_that_stays(void **state)
{
    (void)state;
    put("/sys/devices/usb1/1-2/idVendor", "0403\n");
    put("/sys/devices/usb1/1-2/idProduct", "6001\n");
    put("/sys/devices/usb1/1-2/manufacturer", "FTDI\n");
    put("/sys/devices/usb1/1-2/product", "FT232R USB UART\n");
    put("/sys/devices/usb1/1-2/serial", "A5XK3RJT\n");
    put("/sys/devices/usb1/1-2/1-2:1.0/ttyUSB0/port_number", "0\n");
    put("/sys/class/tty/ttyUSB0/dev", "188:0\n");
    put_link("/sys/class/tty/ttyUSB0/device", "../../../devices/usb1/1-2/1-2:1.0/ttyUSB0");
    put_link("/dev/serial/by-id/usb-FTDI_FT232R_A5XK3RJT-if00-port0", "../../ttyUSB0");
    put("/dev/ttyUSB0", "");

    const struct inventory inventory = take();

    assert_int_equal(inventory.count, 1);
    const struct plugged_device *port = &inventory.devices[0];
    assert_int_equal(port->kind, PLUGGED_SERIAL_PORT);
    assert_string_equal(port->name, "FTDI FT232R USB UART");
    assert_string_equal(port->serial, "A5XK3RJT");
    assert_string_equal(port->path, "/dev/ttyUSB0");
    assert_string_equal(port->lasting, "/dev/serial/by-id/usb-FTDI_FT232R_A5XK3RJT-if00-port0");
    assert_int_equal(port->vendor, 0x0403);
}

static void
ports_that_a_computer_could_have_and_has_not_are_no_ports(void **state)
{
    (void)state;
    put("/sys/class/tty/tty1/dev", "4:1\n"); /* a console: no hardware */
    put("/sys/class/tty/ttyS0/type", "4\n");
    put("/sys/class/tty/ttyS0/device/uevent", "");
    put("/sys/class/tty/ttyS1/type", "0\n");
    put("/sys/class/tty/ttyS1/device/uevent", "");

    const struct inventory inventory = take();

    assert_int_equal(inventory.count, 1);
    assert_string_equal(inventory.devices[0].path, "/dev/ttyS0");
}

static void
an_rc_s380_is_found_by_its_numbers(void **state)
{
    (void)state;
    put("/sys/bus/usb/devices/1-1/idVendor", "054c\n");
    put("/sys/bus/usb/devices/1-1/idProduct", "06c3\n");
    put("/sys/bus/usb/devices/1-1/busnum", "1\n");
    put("/sys/bus/usb/devices/1-1/devnum", "7\n");
    put("/sys/bus/usb/devices/1-1/product", "RC-S380/P\n");
    put("/sys/bus/usb/devices/1-3/idVendor", "054c\n");
    put("/sys/bus/usb/devices/1-3/idProduct", "0001\n");

    const struct inventory inventory = take();

    assert_int_equal(inventory.count, 1);
    assert_int_equal(inventory.devices[0].kind, PLUGGED_RC_S380);
    assert_string_equal(inventory.devices[0].path, "/dev/bus/usb/001/007");
}

static void
a_name_of_any_bytes_becomes_a_text(void **state)
{
    (void)state;
    put_bytes("/sys/class/hidraw/hidraw0/device/report_descriptor", scanner_descriptor, sizeof scanner_descriptor);
    put("/sys/class/hidraw/hidraw0/device/uevent", "HID_NAME=A\xff\x1b[2J\n");

    const struct inventory inventory = take();

    assert_string_equal(inventory.devices[0].name, "A??[2J");
}

static void
more_devices_than_a_counter_has_are_cut_and_said_so(void **state)
{
    (void)state;
    for (int i = 0; i < INVENTORY_MAX + 2; i++) {
        char path[PATH_SIZE];
        snprintf(path, sizeof path, "/sys/class/tty/ttyUSB%d/device/uevent", i);
        put(path, "");
    }

    const struct inventory inventory = take();

    assert_int_equal(inventory.count, INVENTORY_MAX);
    assert_true(inventory.is_cut);
}

static void
an_empty_computer_has_nothing(void **state)
{
    (void)state;
    const struct inventory inventory = take();
    assert_int_equal(inventory.count, 0);
    assert_false(inventory.is_cut);
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_scanner_is_known_by_its_report_descriptor_and_a_mouse_is_none),
        TEST(what_types_digits_is_a_keyboard_and_a_power_button_is_none),
        TEST(a_usb_port_has_the_names_of_its_device_and_one_that_stays),
        TEST(ports_that_a_computer_could_have_and_has_not_are_no_ports),
        TEST(an_rc_s380_is_found_by_its_numbers),
        TEST(a_name_of_any_bytes_becomes_a_text),
        TEST(more_devices_than_a_counter_has_are_cut_and_said_so),
        TEST(an_empty_computer_has_nothing),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
