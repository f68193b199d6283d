/* From a selection to an open device. Inside this folder only. */
#pragma once

#include "drivers/transport/usb_printers.h"

#include <libusb-1.0/libusb.h>

struct usb_device {
    libusb_device_handle *handle;
    struct usb_printer_interface interface;
    struct usb_device_id id; /* zeroed when it has none */
};

/* Find and open the device that SELECTION means, claim its interface (taking it from the kernel's driver), and choose
 * the alternate. STATUS_DEVICE_GONE: none is there. STATUS_BUSY, STATUS_UNAUTHORIZED, STATUS_IO: one is, but … */
enum status usb_device_open(libusb_context *context, const struct usb_selection *selection, struct usb_device *out,
                            struct error_detail *err) MUST_CHECK;

/* Give the interface back, to the kernel's driver if it was taken from that. */
void usb_device_close(struct usb_device *device);

/* The printer class's SOFT_RESET; false when the device does not take it. */
bool usb_device_reset(const struct usb_device *device);

/* What a status of libusb means to us, and what it says to whom. */
enum status status_from_libusb(int code, struct error_detail *err);
