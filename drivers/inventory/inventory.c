/* The kinds in their order. */
#include "drivers/inventory/inventory.h"

#include "drivers/inventory/sysfs.h"
#include "drivers/pcsc_reader/pcsc_reader.h"
#include "drivers/transport/usb_printers.h"

#include <stdio.h>

static enum status
find_printers(struct inventory *inventory, struct error_detail *err)
{
    struct usb_printer_found found[USB_PRINTERS_MAX];
    size_t count = 0;
    const enum status status = usb_printers_list(found, USB_PRINTERS_MAX, &count, err);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct plugged_device device = {.kind = PLUGGED_USB_PRINTER,
                                        .vendor = found[i].vendor,
                                        .product = found[i].product,
                                        .access = found[i].access};
        snprintf(device.name, sizeof device.name, "%s%s%s", found[i].maker, found[i].maker[0] != '\0' ? " " : "",
                 found[i].model);
        snprintf(device.serial, sizeof device.serial, "%s", found[i].serial);
        inventory_append(inventory, "", &device);
    }
    return status;
}

static enum status
find_card_readers(struct inventory *inventory, struct error_detail *err)
{
    char names[PCSC_READERS_MAX][PCSC_NAME_SIZE];
    size_t count = 0;
    const enum status status = pcsc_readers_list(names, &count, err);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct plugged_device device = {.kind = PLUGGED_CARD_READER};
        snprintf(device.name, sizeof device.name, "%s", names[i]);
        inventory_append(inventory, "", &device);
    }
    return status;
}

enum status
inventory_take(struct inventory *out, const char *root, struct error_detail *err)
{
    const bool is_this_computer = root[0] == '\0';
    enum status status = STATUS_OK;
    *out = (struct inventory){0};
    if (is_this_computer) {
        status = find_printers(out, err);
    }
    inventory_find_scanners(out, root);
    inventory_find_keyboards(out, root);
    inventory_find_ports(out, root);
    inventory_find_rc_s380(out, root);
    if (status == STATUS_OK && is_this_computer) {
        status = find_card_readers(out, err);
    }
    return status;
}

const char *
plugged_kind_word(enum plugged_kind kind)
{
    switch (kind) {
    case PLUGGED_USB_PRINTER:
        return "usb_printer";
    case PLUGGED_HID_SCANNER:
        return "hid_scanner";
    case PLUGGED_KEYBOARD:
        return "keyboard";
    case PLUGGED_SERIAL_PORT:
        return "serial_port";
    case PLUGGED_CARD_READER:
        return "card_reader";
    case PLUGGED_RC_S380:
        return "rc_s380";
    }
    return "unknown";
}
