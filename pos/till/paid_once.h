/* Slips and car park tickets, which are paid once. Under the till's lock. */
#pragma once

#include "pos/till/till_parts.h"

/* The kind of a reference that says an amount to be paid. */
#define SLIP_REFERENCE_KIND "slip"

/* STATUS_REFUSED `slip_paid` when the slip was paid on this till before, and not voided. */
enum status
slip_check_not_paid(struct till *till, const struct sale_reference *reference, struct error_detail *err) MUST_CHECK;

/* Whether CONTENT, the basket BASKET, may be paid: STATUS_REFUSED `slip_needed` (slip_price.h), `slip_paid`,
 * `ticket_paid`, `ticket_ended`, `price_is_old`, or `in_another_payment` while a payment of another basket for the same
 * slip or ticket is not resolved. */
enum status paid_once_check(struct till *till, const char *basket, const struct sale_content *content,
                            struct error_detail *err) MUST_CHECK;
