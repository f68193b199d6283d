/* The ways to devices that a configuration names. */
#pragma once

#include "common/config/config.h"
#include "drivers/transport/serial_transport.h"
#include "drivers/transport/usb_printers.h"

/* The value of a key as its place among COUNT WORDS; otherwise refused with the words that are allowed. */
enum status config_choose(const struct config *config, const char *section, const char *name, const char *const *words,
                          size_t count, size_t *out, struct error_detail *err) MUST_CHECK;

/* By the keys connection, device, baud, flow_control, usb, usb_serial_number, host and port of SECTION ("printer",
 * "line_display"). Touches no device. STATUS_INVALID names file and line. *OUT is given: transport_destroy. */
enum status device_transport_create(struct transport **out, const struct config *config, const char *section,
                                    struct error_detail *err) MUST_CHECK;

/* By device and baud alone. */
enum status device_serial_create(struct transport **out, const struct config *config, const char *section,
                                 enum serial_flow flow, struct error_detail *err) MUST_CHECK;

/* Which USB device the keys usb and usb_serial_number mean; only [printer] may leave it open. */
enum status device_usb_selection(struct usb_selection *out, const struct config *config, const char *section,
                                 struct error_detail *err) MUST_CHECK;
