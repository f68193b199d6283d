/* Which of the devices that are plugged in a configuration uses, by which of its lines, and which not. */
#pragma once

#include "common/bytes/buffer.h"
#include "common/config/config.h"
#include "drivers/inventory/inventory.h"

enum use_state {
    USE_NONE,      /* the configuration wants no such device */
    USE_SIMULATED, /* or a simulated one */
    USE_PRESENT,
    USE_ABSENT,
    USE_NOT_ASKED /* a payment terminal on the network serves one connection, which may be a running till's */
};

enum { USE_LINE_SIZE = 400, NOTHING_PLUGGED = INVENTORY_MAX };

struct device_use {
    const char *section;      /* of the configuration: "printer" */
    enum use_state state;     /* of what it wants */
    char line[USE_LINE_SIZE]; /* what it says: "connection = usb, usb = 04b8:0202" */
    size_t plugged;           /* the device in the inventory; NOTHING_PLUGGED: none, or one that no inventory shows */
};

enum { DEVICE_USES = 6 };

/* What CONFIG says of devices, looked at without touching one: a kind or connection that is none, a serial device that is
 * a file of another sort, a scanner that is not named well, a password that others can read. STATUS_INVALID names file
 * and line. What depends on several keys is found when the device is opened. */
enum status device_uses_check(const struct config *config, struct error_detail *err) MUST_CHECK;

/* The uses of CONFIG, in the order of the sections. Asks printers and displays on the network whether they are there (a
 * second at most each). Wrong values are as absent: `serve` names them. */
void
device_uses_find(struct device_use out[DEVICE_USES], const struct config *config, const struct inventory *inventory);

/* The lines of a configuration that would use DEVICE, appended to OUT, one to a line. */
void device_use_lines(const struct plugged_device *device, struct buffer *out);

/* Which use has DEVICE (an index into the inventory), or NULL. */
const struct device_use *device_use_of(const struct device_use uses[DEVICE_USES], size_t device);

const char *use_state_word(enum use_state state); /* "none", "simulated", "present", "absent", "not_asked" */

/* {"plugged":[…],"configured":[…],"unused":[…]} of docs/drivers/peripherals.md. CONFIG NULL: nothing is configured. */
enum status device_uses_write(const struct config *config, struct buffer *out, struct error_detail *err) MUST_CHECK;
