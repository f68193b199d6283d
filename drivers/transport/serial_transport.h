/* A device behind a serial port: RS-232, or a USB adapter that makes one. */
#pragma once

#include "drivers/transport/serial.h"
#include "drivers/transport/transport.h"

/* OPTIONS are copied. Does not touch the port. STATUS_INVALID for a speed that is none. *OUT is given:
 * transport_destroy.
 */
enum status serial_transport_create(struct transport **out, const struct serial_options *options,
                                    struct error_detail *err) MUST_CHECK;
