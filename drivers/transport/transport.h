/* The way to a device, whatever it is made of: USB, a serial port, TCP. Drivers speak through this, so that one driver
 * of a printer, display or drawer serves all three.
 *
 * A device is talked to in conversations, transport_begin … transport_end. On TCP each is a connection of its own,
 * since network printers serve one at a time and tills share them. Serial ports and USB interfaces stay open in
 * between: opening a port resets some devices, and nobody else has a use for them. transport_drop ends a conversation
 * that went wrong, so that no late answer is taken for the answer to something else.
 *
 * Deadlines are instants of monitor_now_ms(). Used by one thread at a time. */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

struct transport;

const char *transport_name(const struct transport *transport); /* "usb", "serial", "tcp" */

/* Whether it stays open between conversations, so that an answer to one can still come in a later one. */
bool transport_is_lasting(const struct transport *transport);

/* Reach the device. *OUT_IS_NEW: the connection was made just now, and the device may be another one than before. On
 * one that stood already, what came in since is there to be read. STATUS_DEVICE_GONE: nobody is there. STATUS_BUSY:
 * another program has it. STATUS_UNAUTHORIZED: this program may not use it. STATUS_NO_MEMORY. A device that was
 * unplugged and comes back is found by the next call. */
enum status transport_begin(struct transport *transport, int64_t deadline_ms, bool *out_is_new,
                            struct error_detail *err) MUST_CHECK;
void transport_end(struct transport *transport);
void transport_drop(struct transport *transport);

/* Hand LENGTH bytes over. *OUT_SENT says how many the device (TCP and serial: this computer's buffers) took, whatever
 * the status: what was taken is never sent again by anybody. STATUS_BUSY: it held us off until the deadline.
 * STATUS_DEVICE_GONE: it broke off; transport_drop comes next. */
enum status transport_write(struct transport *transport, const void *bytes, size_t length, int64_t deadline_ms,
                            size_t *out_sent, struct error_detail *err) MUST_CHECK;

/* Wait for bytes: 1 … CAPACITY of them. STATUS_NOT_FOUND when none came in time (a deadline in the past just looks),
 * STATUS_DEVICE_GONE. */
enum status transport_read(struct transport *transport, void *out, size_t capacity, int64_t deadline_ms,
                           size_t *out_length, struct error_detail *err) MUST_CHECK;

/* Make the device throw its buffers away by another way than the bytes (USB: the printer class's SOFT_RESET). False
 * when there is no such way, or it did not take it. Only between begin and end. */
bool transport_reset(struct transport *transport);

/* What the device calls itself without being asked by bytes (USB: the IEEE 1284 model); "" when unknown. Valid until
 * the conversation ends. */
const char *transport_identity(const struct transport *transport);

/* NULL is fine. */
void transport_destroy(struct transport *transport);
