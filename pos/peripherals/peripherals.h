/* The till's devices at work: one thread prints and opens the drawer, one waits for the scanner, one keeps the
 * citizen's line display.
 *
 * A sale never waits for either. The threads take their work from the till (till_next_print, till_next_drawer_request)
 * and hand back what happened. */
#pragma once

#include "drivers/cash_drawer/cash_drawer.h"
#include "drivers/line_display/line_display.h"
#include "drivers/printer/printer.h"
#include "drivers/scanner/scanner.h"
#include "pos/till/till.h"

struct peripherals;

struct peripherals_options {
    struct till *till;            /* borrowed; must outlive the peripherals */
    struct printer *printer;      /* taken */
    struct cash_drawer *drawer;   /* taken; NULL: no drawer */
    struct scanner *scanner;      /* taken; NULL: codes are typed */
    struct line_display *display; /* taken; NULL: none */
};

/* Start the threads. Takes the devices even on failure. *OUT is given. */
enum status peripherals_start(struct peripherals **out, const struct peripherals_options *options,
                              struct error_detail *err) MUST_CHECK;

/* Finish the paper in hand and stop. Closes the devices. NULL is fine. */
void peripherals_stop(struct peripherals *peripherals);

/* The bytes of TASK's paper for a printer of COLUMNS, appended to OUT, by the template MARKUP (NULL, or one that is
 * wrong: the built-in one). */
enum status paper_of_task(const struct print_task *task, const char *markup, unsigned columns, int64_t printed_at_ms,
                          struct buffer *out, struct error_detail *err) MUST_CHECK;
