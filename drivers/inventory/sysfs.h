/* Reading sysfs, whose files are short lines of text; for this folder only. Every function takes the root that /sys
 * stands in. */
#pragma once

#include "drivers/inventory/inventory.h"

/* The first line of the file at ROOT + FOLDER + "/" + NAME, without its end; false (and "") when there is none. */
bool sysfs_text(const char *folder, const char *name, char *out, size_t size);

/* The same in hexadecimal. */
bool sysfs_hexadecimal(const char *folder, const char *name, unsigned *out);

/* The bytes of a binary file, CAPACITY at most; how many. */
size_t sysfs_bytes(const char *folder, const char *name, uint8_t *out, size_t capacity);

/* Fill vendor, product, serial and (where `name` is empty) name from the USB device that FOLDER belongs to. */
void sysfs_usb_identity(const char *folder, struct plugged_device *device);

/* Call EACH with the folder of every entry of LIST ("/sys/class/tty") that begins with PREFIX, in the order of names.
 */
typedef void (*sysfs_visitor)(struct inventory *inventory, const char *root, const char *folder, const char *name);
void
sysfs_visit(struct inventory *inventory, const char *root, const char *list, const char *prefix, sysfs_visitor each);

/* Append DEVICE, unless it is full; `access` is found out from its path below ROOT. */
void inventory_append(struct inventory *inventory, const char *root, struct plugged_device *device);

/* scanners.c, ports.c */
void inventory_find_scanners(struct inventory *inventory, const char *root);
void inventory_find_keyboards(struct inventory *inventory, const char *root);
void inventory_find_ports(struct inventory *inventory, const char *root);
void inventory_find_rc_s380(struct inventory *inventory, const char *root);
