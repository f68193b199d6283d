/* ESC/POS receipt printers over USB, a serial port or TCP, and the cash drawer on such a printer's drawer port.
 *
 * The constructor does not reach for the printer: one that is switched on or plugged in later is found when it is
 * needed. */
#pragma once

#include "drivers/cash_drawer/cash_drawer.h"
#include "drivers/escpos/encoder.h"
#include "drivers/printer/printer.h"
#include "drivers/transport/transport.h"

struct escpos_printer_options {
    struct transport *transport; /* taken, also on failure */
    const char *model;           /* a word of drivers/escpos/model.h, or "auto": found out where that is safe */
    unsigned columns;            /* of font A: 32 (58 mm paper), 42 or 48 (80 mm); 0: as is usual for the model */
};

/* *OUT is given: close with printer_close. STATUS_INVALID names the option at fault. */
enum status escpos_printer_open(const struct escpos_printer_options *options, struct printer **out,
                                struct error_detail *err) MUST_CHECK;

/* How the drawer's switch is wired to pin 3 of the connector. */
enum escpos_drawer_switch {
    ESCPOS_DRAWER_NO_SWITCH,
    ESCPOS_DRAWER_OPENS_LOW, /* the usual wiring: pin 3 is high while the drawer is shut */
    ESCPOS_DRAWER_OPENS_HIGH
};

/* The drawer on PRINTER, which must be one of escpos_printer_open's and outlive it, kicked by PIN of its connector. The
 * two may be used from two threads: they take turns at the printer. */
enum status
escpos_printer_drawer_open(struct printer *printer, enum escpos_drawer pin, enum escpos_drawer_switch wiring,
                           struct cash_drawer **out, struct error_detail *err) MUST_CHECK;
