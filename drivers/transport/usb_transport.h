/* A printer on USB, by libusb: of the printer class (7), or by an interface of its vendor's own. */
#pragma once

#include "drivers/transport/transport.h"
#include "drivers/transport/usb_printers.h"

/* SELECTION is copied. Does not touch the device: one that is plugged in later is found when it is needed.
 * *OUT is given: transport_destroy. */
enum status usb_transport_create(struct transport **out, const struct usb_selection *selection,
                                 struct error_detail *err) MUST_CHECK;
