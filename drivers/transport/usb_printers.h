/* The receipt printers on this computer's USB, for lists and for choosing one. */
#pragma once

#include "common/outcome/status.h"
#include "drivers/transport/usb_shape.h"

enum { USB_PRINTERS_MAX = 32 /* a counter has one or two; beyond is another kind of computer */ };

/* Which printer is meant. Zeroed: the first receipt printer found. */
struct usb_selection {
    uint16_t vendor, product;   /* both 0: any that is known as a receipt printer */
    char serial[USB_TEXT_SIZE]; /* "": any */
};

struct usb_printer_found {
    uint16_t vendor, product;
    uint8_t bus, address;
    char serial[USB_TEXT_SIZE]; /* "" when it has none or may not be asked */
    char maker[USB_TEXT_SIZE];  /* by its device id, else by its USB strings; "" when unknown */
    char model[USB_TEXT_SIZE];
    bool is_printer_class;  /* false: talks by an interface of the vendor's own */
    bool is_held_by_kernel; /* usblp has it: it is taken from it when needed */
    enum status access;     /* STATUS_OK, STATUS_UNAUTHORIZED, STATUS_BUSY, STATUS_IO: whether it can be opened now */
};

/* All receipt printers that are plugged in, by bus and address, CAPACITY at most; *OUT_COUNT of them. Opens each for a
 * moment and prints nothing. STATUS_OK with none when there is no USB. STATUS_NO_MEMORY. */
enum status usb_printers_list(struct usb_printer_found *out, size_t capacity, size_t *out_count,
                              struct error_detail *err) MUST_CHECK;
