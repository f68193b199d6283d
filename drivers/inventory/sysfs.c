/* Files and folders of sysfs. A device that is pulled out while we look has no files any more: nothing found. */
#include "drivers/inventory/sysfs.h"

#include "common/text/utf8.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    ENTRIES_MAX = 1024, /* of a class: what the kernel makes at most */
    ANCESTORS_MAX = 8   /* from a port up to its USB device are three */
};

static FILE *
open_file(const char *folder, const char *name)
{
    char path[2 * PLUGGED_PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return fopen(path, "re");
}

bool
sysfs_text(const char *folder, const char *name, char *out, size_t size)
{
    FILE *file = open_file(folder, name);
    out[0] = '\0';
    if (file == NULL) {
        return false;
    }
    const bool is_read = fgets(out, (int)size, file) != NULL;
    fclose(file);
    out[is_read ? strcspn(out, "\n") : 0] = '\0';
    return is_read;
}

bool
sysfs_hexadecimal(const char *folder, const char *name, unsigned *out)
{
    char text[24];
    char *end = text;
    if (!sysfs_text(folder, name, text, sizeof text)) {
        return false;
    }
    const unsigned long value = strtoul(text, &end, 16);
    *out = (unsigned)value;
    return end != text && value <= UINT32_MAX;
}

size_t
sysfs_bytes(const char *folder, const char *name, uint8_t *out, size_t capacity)
{
    FILE *file = open_file(folder, name);
    if (file == NULL) {
        return 0;
    }
    const size_t length = fread(out, 1, capacity, file);
    fclose(file);
    return length;
}

void
sysfs_usb_identity(const char *folder, struct plugged_device *device)
{
    char *path = realpath(folder, NULL);
    for (int i = 0; path != NULL && i < ANCESTORS_MAX; i++) {
        unsigned vendor, product;
        char maker[PLUGGED_NAME_SIZE / 2], model[PLUGGED_NAME_SIZE / 2];
        if (sysfs_hexadecimal(path, "idVendor", &vendor) && sysfs_hexadecimal(path, "idProduct", &product)) {
            device->vendor = (uint16_t)vendor;
            device->product = (uint16_t)product;
            sysfs_text(path, "serial", device->serial, sizeof device->serial);
            sysfs_text(path, "manufacturer", maker, sizeof maker);
            sysfs_text(path, "product", model, sizeof model);
            if (device->name[0] == '\0') {
                snprintf(device->name, sizeof device->name, "%s%s%s", maker, maker[0] != '\0' ? " " : "", model);
            }
            break;
        }
        char *parent = strrchr(path, '/');
        if (parent == NULL || parent == path) {
            break;
        }
        *parent = '\0';
    }
    free(path);
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

void
sysfs_visit(struct inventory *inventory, const char *root, const char *list, const char *prefix, sysfs_visitor each)
{
    char folder[PLUGGED_PATH_SIZE];
    struct dirent **entries = NULL;
    snprintf(folder, sizeof folder, "%s%s", root, list);
    const int count = scandir(folder, &entries, NULL, by_name);
    for (int i = 0; i < count; i++) {
        if (i < ENTRIES_MAX && strncmp(entries[i]->d_name, prefix, strlen(prefix)) == 0 &&
            entries[i]->d_name[0] != '.') {
            char path[2 * PLUGGED_PATH_SIZE];
            snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
            each(inventory, root, path, entries[i]->d_name);
        }
        free(entries[i]);
    }
    if (count >= 0) {
        free(entries);
    }
}

/* What a device says of itself may be any bytes. */
static void
make_printable(char *text)
{
    const bool is_utf8 = utf8_is_valid(text, strlen(text));
    for (; *text != '\0'; text++) {
        const unsigned char byte = (unsigned char)*text;
        if (byte < 0x20 || byte == 0x7f || (byte > 0x7f && !is_utf8)) {
            *text = '?';
        }
    }
}

void
inventory_append(struct inventory *inventory, const char *root, struct plugged_device *device)
{
    char path[2 * PLUGGED_PATH_SIZE];
    if (inventory->count == INVENTORY_MAX) {
        inventory->is_cut = true;
        return;
    }
    make_printable(device->name);
    make_printable(device->serial);
    if (device->path[0] != '\0') {
        snprintf(path, sizeof path, "%s%s", root, device->path);
        device->access = access(path, R_OK) == 0 ? STATUS_OK : STATUS_UNAUTHORIZED;
    }
    inventory->devices[inventory->count++] = *device;
}
