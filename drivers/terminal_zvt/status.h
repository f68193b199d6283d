/* What the terminal's status information says. Pure. */
#pragma once

#include "drivers/payment_terminal/payment_terminal.h"
#include "drivers/terminal_zvt/apdu.h"

enum zvt_asked { ZVT_ASKED_SALE, ZVT_ASKED_REFUND, ZVT_ASKED_REVERSAL, ZVT_ASKED_STATUS };

/* Read the data of a status information as the answer about REFERENCE. STATUS_OK: *OUT says how it ended, which may be
 * TERMINAL_UNKNOWN; ERR is written unless approved. STATUS_NOT_FOUND: it speaks of something else. STATUS_INVALID: it
 * does not read. STATUS_REFUSED: a card number stands in it in the clear. */
enum status zvt_status_read(struct zvt_bytes data, enum zvt_asked asked, const char *reference,
                            struct terminal_answer *out, struct error_detail *err) MUST_CHECK;

/* The flags alone (DF05), 0 where there are none: registrations and reports. */
bool zvt_data_is_training(struct zvt_bytes data);

/* One line of the daily log in a status information. */
enum status zvt_line_read(struct zvt_bytes data, struct terminal_log_line *out, struct error_detail *err) MUST_CHECK;

/* All totals of a status information, added to the *COUNT in TOTALS. STATUS_INVALID, STATUS_OVERFLOW, STATUS_REFUSED.
 */
enum status zvt_totals_read(struct zvt_bytes data, struct terminal_total *totals, size_t capacity, size_t *count,
                            struct error_detail *err) MUST_CHECK;
