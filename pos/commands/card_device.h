/* Opening the card reader that the configuration names. */
#pragma once

#include "common/config/config.h"
#include "drivers/card_reader/card_reader.h"

/* *OUT is given, or NULL when there is none. *OUT_IS_SIMULATED says whether it is one; `with-printer` gives a simulated
 * reader beside a simulated printer. */
enum status card_device_open(const struct config *config, bool printer_is_simulated, struct card_reader **out,
                             bool *out_is_simulated, struct error_detail *err) MUST_CHECK;

/* A reader by its kind alone, as the command line names it: "pcsc", "rc-s380", "simulated"; NAME is a part of the name
 * of a pcsc reader. STATUS_INVALID for another kind. */
enum status card_device_open_kind(const char *kind, const char *name, struct card_reader **out,
                                  struct error_detail *err) MUST_CHECK;
