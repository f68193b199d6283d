/* The till's devices at work: one thread prints and opens the drawer, one waits for the scanner, one keeps the
 * citizen's line display, one sees whether the card reader is there.
 *
 * A sale never waits for any of them. The threads take their work from the till (till_next_print,
 * till_next_drawer_request) and hand back what happened. Every device is looked for again as long as it is not there:
 * what is plugged in after the program started is used, and what is pulled out is told within seconds (health.h). */
#pragma once

#include "drivers/card_reader/card_reader.h"
#include "drivers/cash_drawer/cash_drawer.h"
#include "drivers/line_display/line_display.h"
#include "drivers/printer/printer.h"
#include "drivers/scanner/scanner.h"
#include "pos/peripherals/health.h"

struct peripherals;

struct peripherals_options {
    struct till *till;               /* borrowed; must outlive the peripherals */
    struct printer *printer;         /* taken */
    struct cash_drawer *drawer;      /* taken; NULL: no drawer */
    struct scanner *scanner;         /* taken; NULL: codes are typed */
    struct line_display *display;    /* taken; NULL: none */
    struct card_reader *card_reader; /* taken; NULL: none */
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

/* How they are. Lives as long as the peripherals. */
struct health *peripherals_health(struct peripherals *peripherals);

/* ---- cards. From any thread. ---- */

bool peripherals_have_card_reader(const struct peripherals *peripherals);

/* card_reader_inquire, for one at a time: STATUS_BUSY while another waits for a card. */
enum status peripherals_inquire_card(struct peripherals *peripherals, unsigned timeout_ms, struct card_inquiry *out,
                                     struct error_detail *err) MUST_CHECK;

/* Whoever waits for a card waits no longer. */
void peripherals_stop_card(struct peripherals *peripherals);

/* ---- tests (機器の点検). From any thread; they end by health_end_test. ---- */

/* Begin to test a device: a test page; the drawer opened, which is recorded as any opening without a sale; a text on
 * the display; the next code that is scanned, which goes to the test and to nobody else. A card is read by
 * peripherals_inquire_card. STATUS_NOT_FOUND when the till has no such device; STATUS_BUSY while one is tested;
 * STATUS_REFUSED while a citizen's code is waited for, or what the till refuses. */
enum status
peripherals_test(struct peripherals *peripherals, enum peripheral peripheral, struct error_detail *err) MUST_CHECK;

/* Wait for no scan any longer. */
void peripherals_stop_scan_test(struct peripherals *peripherals);
