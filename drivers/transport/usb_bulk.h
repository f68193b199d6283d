/* Two bulk pipes of a USB device of a kind of its own (vendor class), with deadlines. For devices that have no driver
 * elsewhere; found when it is opened, used by one thread at a time. */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

struct usb_bulk;

struct usb_bulk_id {
    uint16_t vendor, product;
};

/* The first device that is one of IDS, its first interface that has a bulk endpoint each way, taken from the kernel's
 * driver if it has one. STATUS_NOT_FOUND, STATUS_BUSY (another program has it), STATUS_UNAUTHORIZED, STATUS_IO. *OUT is
 * given: usb_bulk_close (NULL is fine). */
enum status
usb_bulk_open(struct usb_bulk **out, const struct usb_bulk_id *ids, size_t count, struct error_detail *err) MUST_CHECK;

/* Whether such a device is plugged in; nothing is opened. STATUS_NOT_FOUND, STATUS_NO_MEMORY. */
enum status usb_bulk_look(const struct usb_bulk_id *ids, size_t count, struct error_detail *err) MUST_CHECK;
void usb_bulk_close(struct usb_bulk *usb);

/* All LENGTH bytes, or not: a part that was taken is STATUS_IO, and the conversation is spoilt. STATUS_DEVICE_GONE. */
enum status usb_bulk_write(struct usb_bulk *usb, const uint8_t *bytes, size_t length, unsigned timeout_ms,
                           struct error_detail *err) MUST_CHECK;

/* What the device sends at once: 1 … CAPACITY bytes. STATUS_NOT_FOUND when nothing came in TIMEOUT_MS, STATUS_IO after
 * a stall (which is cleared), STATUS_DEVICE_GONE. */
enum status usb_bulk_read(struct usb_bulk *usb, uint8_t *out, size_t capacity, unsigned timeout_ms, size_t *out_length,
                          struct error_detail *err) MUST_CHECK;
