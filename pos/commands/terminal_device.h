/* The payment terminal that the configuration names. */
#pragma once

#include "common/config/config.h"
#include "drivers/payment_terminal/payment_terminal.h"

/* *OUT is given, NULL for kind = none: payment_terminal_close. SALE_ID names this till to the terminal. STATUS_INVALID
 * names the setting at fault. Touches no wire. */
enum status terminal_device_open(struct payment_terminal **out, const struct config *config, const char *sale_id,
                                 struct error_detail *err) MUST_CHECK;
