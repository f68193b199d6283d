/* Opening the scanner that the configuration names. */
#pragma once

#include "common/config/config.h"
#include "drivers/scanner/scanner.h"

/* *OUT is given, or NULL when there is none: codes are typed. *OUT_IS_SIMULATED says whether it is one; `with-printer`
 * gives a simulated scanner beside a simulated printer. */
enum status scanner_device_open(const struct config *config, bool printer_is_simulated, struct scanner **out,
                                bool *out_is_simulated, struct error_detail *err) MUST_CHECK;
