/* ESC/POS printers on the network (TCP port 9100), and the cash drawer on such a printer's drawer port.
 *
 * The constructors do not connect: a printer that is switched on later is found when it is needed. Each call makes a
 * connection of its own and ends it, since most printers serve one at a time and tills share printers. */
#pragma once

#include "drivers/cash_drawer/cash_drawer.h"
#include "drivers/printer/printer.h"

struct escpos_tcp_options {
    const char *host; /* numeric address or "localhost" */
    uint16_t port;    /* 0: 9100 */
    unsigned columns; /* of font A: 32 (58 mm paper), 42 or 48 (80 mm) */
};

/* *OUT is given: close with printer_close. OPTIONS are copied. STATUS_INVALID names the option at fault. */
enum status
escpos_tcp_open(const struct escpos_tcp_options *options, struct printer **out, struct error_detail *err) MUST_CHECK;

/* How the drawer's switch is wired to pin 3 of the connector. */
enum escpos_drawer_switch {
    ESCPOS_DRAWER_NO_SWITCH,
    ESCPOS_DRAWER_OPENS_LOW, /* the usual wiring: pin 3 is high while the drawer is shut */
    ESCPOS_DRAWER_OPENS_HIGH
};

/* The drawer on PRINTER, which must be one of escpos_tcp_open's and outlive it. The two may be used from two threads:
 * they take turns at the printer. */
enum status escpos_tcp_drawer_open(struct printer *printer, enum escpos_drawer_switch wiring, struct cash_drawer **out,
                                   struct error_detail *err) MUST_CHECK;
