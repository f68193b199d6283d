/* The number on a ticket.
 *
 *     71 MMMMMMMM III TTTT SSSSS CC
 *
 * 71: a ticket (no payment code begins so); M: minutes from 2020-01-01T00:00+09:00 to the entry; I and T: marks of the
 * item and of the terminal that issued it (a hash, so two may be alike); S: the terminal's serial; C: a check by ISO
 * 7064 MOD 97-10, which finds every single wrong digit and every swap of neighbours. It is a check against misreading,
 * not against forging: a ticket of another terminal is shown to the clerk with its time. */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

enum { TICKET_DIGITS = 24, TICKET_NUMBER_SIZE = TICKET_DIGITS + 1, TICKET_SERIAL_MAX = 99999 };

struct ticket_number {
    int64_t entered_ms; /* a whole minute */
    unsigned item_mark;
    unsigned terminal_mark;
    unsigned serial; /* 1 … TICKET_SERIAL_MAX, and again from 1 */
};

unsigned ticket_item_mark(const char *item);         /* 0 … 999 */
unsigned ticket_terminal_mark(const char *terminal); /* 0 … 9999 */

/* Write NUMBER; its time is cut to the minute. STATUS_INVALID for a time before 2020 or after 2210. */
enum status ticket_number_write(const struct ticket_number *number, char out[TICKET_NUMBER_SIZE],
                                struct error_detail *err) MUST_CHECK;

/* Whether TEXT looks like a ticket (24 digits that begin with 71), sound or not. */
bool ticket_number_is_likely(const char *text);

/* STATUS_INVALID, with a sentence for the clerk, when TEXT is no ticket or was misread. */
enum status ticket_number_read(const char *text, struct ticket_number *out, struct error_detail *err) MUST_CHECK;
