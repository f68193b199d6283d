/* What is plugged in now, for lists. Works beside a running till: no device is claimed, and no scanner opened. */
#pragma once

#include "common/outcome/status.h"

#include <stddef.h>
#include <stdint.h>

enum plugged_kind {
    PLUGGED_USB_PRINTER,
    PLUGGED_HID_SCANNER, /* a scanner in HID POS mode */
    PLUGGED_KEYBOARD,    /* a keyboard, or a scanner that pretends to be one: nothing tells them apart */
    PLUGGED_SERIAL_PORT,
    PLUGGED_CARD_READER, /* behind PC/SC */
    PLUGGED_RC_S380
};

enum {
    PLUGGED_NAME_SIZE = 130,
    PLUGGED_SERIAL_SIZE = 64,
    PLUGGED_PATH_SIZE = 300,
    INVENTORY_MAX = 64 /* a counter has a dozen at most */
};

/* Texts are "" when unknown; what is longer is cut. */
struct plugged_device {
    enum plugged_kind kind;
    char name[PLUGGED_NAME_SIZE];
    uint16_t vendor, product;         /* 0, 0: not on USB, or not told */
    char serial[PLUGGED_SERIAL_SIZE]; /* its serial number */
    char path[PLUGGED_PATH_SIZE];     /* "/dev/ttyACM0" */
    char lasting[PLUGGED_PATH_SIZE];  /* a serial port's name that stays when cables move: "/dev/serial/by-id/…" */
    enum status access; /* whether this user may open it: STATUS_OK, STATUS_UNAUTHORIZED; USB printers also STATUS_BUSY,
                           STATUS_IO */
};

struct inventory {
    struct plugged_device devices[INVENTORY_MAX];
    size_t count;
    bool is_cut; /* there were more */
};

/* Everything, by kind. ROOT: the folder that /sys and /dev stand in, "" on a computer; with another one (tests) only
 * what sysfs shows. STATUS_NO_MEMORY. */
enum status inventory_take(struct inventory *out, const char *root, struct error_detail *err) MUST_CHECK;

const char *plugged_kind_word(enum plugged_kind kind); /* "usb_printer", … */
