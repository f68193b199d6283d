/* The printer and the cash drawer that the configuration names. Inside this folder only. */
#pragma once

#include "pos/commands/devices.h"

/* Open [printer] and [cash_drawer] into OUT; what was opened before a failure stays in it for devices_close.
 * STATUS_INVALID names file and line of the key at fault. */
enum status printer_devices_open(struct devices *out, const struct config *config, struct error_detail *err) MUST_CHECK;
