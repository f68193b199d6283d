/* A customer display that takes ESC/POS display commands, behind a serial port, a USB adapter, or
 * whatever else drivers/transport reaches.
 *
 * Source of the commands: Epson, "Customer Display Command Reference" (ESC @, ESC t, ESC R, US $, US MD1, US C), as
 * most makers' displays take them. Not tried on a device; displays answer nothing, so that a byte taken by the port is
 * all that can be known. */
#pragma once

#include "drivers/line_display/line_display.h"
#include "drivers/transport/transport.h"

struct escpos_display_options {
    struct transport *transport; /* taken, also on failure */
    bool has_kanji;              /* a kanji ROM for CP932; otherwise katakana */
};

/* Does not touch the port: a display that is plugged in later is found when there is something to show. *OUT is given:
 * line_display_close. */
enum status escpos_display_open(const struct escpos_display_options *options, struct line_display **out,
                                struct error_detail *err) MUST_CHECK;
