/* Scanners by the report descriptor that the kernel keeps of them, and everything that types. */
#include "drivers/hid_pos_scanner/descriptor.h"
#include "drivers/inventory/sysfs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_OF_1 = 2 /* KEY_1 of linux/input-event-codes.h: what types codes has digits */, LINE_SIZE = 256 };

/* HID_ID=0003:00000C2E:00000B61, HID_NAME=…, HID_UNIQ=…, one to a line. */
static void
read_identity(const char *folder, struct plugged_device *device)
{
    char path[2 * PLUGGED_PATH_SIZE], line[LINE_SIZE];
    snprintf(path, sizeof path, "%s/device/uevent", folder);
    FILE *file = fopen(path, "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        unsigned bus, vendor, product;
        line[strcspn(line, "\n")] = '\0';
        if (sscanf(line, "HID_ID=%x:%x:%x", &bus, &vendor, &product) == 3) {
            device->vendor = (uint16_t)vendor;
            device->product = (uint16_t)product;
        } else if (strncmp(line, "HID_NAME=", strlen("HID_NAME=")) == 0) {
            snprintf(device->name, sizeof device->name, "%s", line + strlen("HID_NAME="));
        } else if (strncmp(line, "HID_UNIQ=", strlen("HID_UNIQ=")) == 0) {
            snprintf(device->serial, sizeof device->serial, "%s", line + strlen("HID_UNIQ="));
        }
    }
    if (file != NULL) {
        fclose(file);
    }
}

static void
look_at_hid(struct inventory *inventory, const char *root, const char *folder, const char *name)
{
    uint8_t descriptor[HID_DESCRIPTOR_MAX_BYTES];
    struct hid_scanner_layout layout;
    struct plugged_device device = {.kind = PLUGGED_HID_SCANNER};
    const size_t length = sysfs_bytes(folder, "device/report_descriptor", descriptor, sizeof descriptor);
    if (length == 0 || hid_scanner_layout_find(&layout, descriptor, length, NULL) != STATUS_OK) {
        return;
    }
    read_identity(folder, &device);
    snprintf(device.path, sizeof device.path, "/dev/%s", name);
    inventory_append(inventory, root, &device);
}

void
inventory_find_scanners(struct inventory *inventory, const char *root)
{
    sysfs_visit(inventory, root, "/sys/class/hidraw", "hidraw", look_at_hid);
}

/* capabilities/key: words of hexadecimal, the last one has the lowest bits. */
static bool
types_digits(const char *folder)
{
    char keys[LINE_SIZE];
    if (!sysfs_text(folder, "device/capabilities/key", keys, sizeof keys)) {
        return false;
    }
    const char *lowest = strrchr(keys, ' ');
    const unsigned long bits = strtoul(lowest != NULL ? lowest + 1 : keys, NULL, 16);
    return (bits >> KEY_OF_1 & 1) != 0;
}

static void
look_at_input(struct inventory *inventory, const char *root, const char *folder, const char *name)
{
    struct plugged_device device = {.kind = PLUGGED_KEYBOARD};
    unsigned vendor = 0, product = 0;
    if (!types_digits(folder)) {
        return;
    }
    sysfs_text(folder, "device/name", device.name, sizeof device.name);
    sysfs_text(folder, "device/uniq", device.serial, sizeof device.serial);
    if (sysfs_hexadecimal(folder, "device/id/vendor", &vendor) &&
        sysfs_hexadecimal(folder, "device/id/product", &product)) {
        device.vendor = (uint16_t)vendor;
        device.product = (uint16_t)product;
    }
    snprintf(device.path, sizeof device.path, "/dev/input/%s", name);
    inventory_append(inventory, root, &device);
}

void
inventory_find_keyboards(struct inventory *inventory, const char *root)
{
    sysfs_visit(inventory, root, "/sys/class/input", "event", look_at_input);
}
