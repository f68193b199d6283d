/* Serial ports that have hardware behind them, and the card reader that speaks neither CCID nor anything serial. */
#include "drivers/inventory/sysfs.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LINKS_MAX = 256, SONY = 0x054c, RC_S380_S = 0x06c1, RC_S380_P = 0x06c3 };

/* The name below /dev/serial/by-id that leads to NODE ("ttyACM0"). */
static void
find_lasting_name(const char *root, const char *node, char out[PLUGGED_PATH_SIZE])
{
    static const char list[] = "/dev/serial/by-id";
    char folder[PLUGGED_PATH_SIZE];
    snprintf(folder, sizeof folder, "%s%s", root, list);
    DIR *links = opendir(folder);
    const struct dirent *link = links != NULL ? readdir(links) : NULL;
    for (int i = 0; link != NULL && i < LINKS_MAX; i++, link = readdir(links)) {
        char path[2 * PLUGGED_PATH_SIZE], target[PLUGGED_PATH_SIZE];
        snprintf(path, sizeof path, "%s/%s", folder, link->d_name);
        const ssize_t length = readlink(path, target, sizeof target - 1);
        target[length > 0 ? length : 0] = '\0';
        const char *last = strrchr(target, '/');
        if (strcmp(last != NULL ? last + 1 : target, node) == 0) {
            snprintf(out, PLUGGED_PATH_SIZE, "%s/%s", list, link->d_name);
            break;
        }
    }
    if (links != NULL) {
        closedir(links);
    }
}

/* The kernel makes nodes for serial ports that a computer could have; type 0 is one that it has not. */
static bool
has_hardware(const char *folder)
{
    char device[2 * PLUGGED_PATH_SIZE], type[8];
    snprintf(device, sizeof device, "%s/device", folder);
    return access(device, F_OK) == 0 && !(sysfs_text(folder, "type", type, sizeof type) && strcmp(type, "0") == 0);
}

static void
look_at_port(struct inventory *inventory, const char *root, const char *folder, const char *name)
{
    struct plugged_device device = {.kind = PLUGGED_SERIAL_PORT};
    char hardware[2 * PLUGGED_PATH_SIZE];
    if (!has_hardware(folder)) {
        return;
    }
    snprintf(hardware, sizeof hardware, "%s/device", folder);
    sysfs_usb_identity(hardware, &device);
    snprintf(device.path, sizeof device.path, "/dev/%s", name);
    find_lasting_name(root, name, device.lasting);
    if (device.name[0] == '\0') {
        snprintf(device.name, sizeof device.name, "%s", name);
    }
    inventory_append(inventory, root, &device);
}

void
inventory_find_ports(struct inventory *inventory, const char *root)
{
    sysfs_visit(inventory, root, "/sys/class/tty", "tty", look_at_port);
}

static void
look_at_usb(struct inventory *inventory, const char *root, const char *folder, const char *name)
{
    struct plugged_device device = {.kind = PLUGGED_RC_S380};
    unsigned vendor = 0, product = 0, bus = 0, address = 0;
    char text[8];
    (void)name;
    if (!sysfs_hexadecimal(folder, "idVendor", &vendor) || !sysfs_hexadecimal(folder, "idProduct", &product) ||
        vendor != SONY || (product != RC_S380_S && product != RC_S380_P)) {
        return;
    }
    sysfs_usb_identity(folder, &device);
    const bool has_node = sysfs_text(folder, "busnum", text, sizeof text) && sscanf(text, "%u", &bus) == 1 &&
                          sysfs_text(folder, "devnum", text, sizeof text) && sscanf(text, "%u", &address) == 1;
    if (has_node) {
        snprintf(device.path, sizeof device.path, "/dev/bus/usb/%03u/%03u", bus, address);
    }
    inventory_append(inventory, root, &device);
}

void
inventory_find_rc_s380(struct inventory *inventory, const char *root)
{
    sysfs_visit(inventory, root, "/sys/bus/usb/devices", "", look_at_usb);
}
