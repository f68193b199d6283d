/* Simulated devices: a product feature. A till without hardware trains clerks, shows itself to a city, and runs its
 * tests with them. They keep every promise of the interfaces, faults included; control.h makes the faults.
 *
 * Each constructor gives a device that its interface's close function frees. Nothing is kept after that. */
#pragma once

#include "common/clock/clock.h"
#include "drivers/card_reader/card_reader.h"
#include "drivers/cash_drawer/cash_drawer.h"
#include "drivers/line_display/line_display.h"
#include "drivers/payment_terminal/payment_terminal.h"
#include "drivers/printer/printer.h"
#include "drivers/scanner/scanner.h"

/* A printer of COLUMNS (32, 42 or 48) with a cutter and a drawer port. */
enum status simulated_printer_open(unsigned columns, struct printer **out, struct error_detail *err) MUST_CHECK;

/* A drawer on THROUGH's drawer port (a simulated printer that outlives it), or on its own when THROUGH is NULL. */
enum status
simulated_cash_drawer_open(struct printer *through, struct cash_drawer **out, struct error_detail *err) MUST_CHECK;
enum status simulated_line_display_open(bool has_kanji, struct line_display **out, struct error_detail *err) MUST_CHECK;
enum status simulated_scanner_open(struct scanner **out, struct error_detail *err) MUST_CHECK;
enum status simulated_card_reader_open(struct card_reader **out, struct error_detail *err) MUST_CHECK;

/* CLOCK gives approval times and decides what is today in the daily log. */
enum status
simulated_terminal_open(struct clock_source clock, struct payment_terminal **out, struct error_detail *err) MUST_CHECK;
