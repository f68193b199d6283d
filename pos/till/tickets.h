/* Tickets of car parks, and counts of people who come in without a sale (docs/protocol/journal.md, ticket.… and
 * entry.counted).
 *
 *     issue ──▶ INSIDE ──ring up, pay──▶ INSIDE, paid ──within the grace──▶ LEFT
 *                  │                         └──after it: ring up the rest
 *                  └──free, or given up──▶ LEFT, VOIDED
 *
 * A time is never priced in silence when the clock is in doubt: entry after exit, or a stay that the clock which does
 * not jump knows to be another. Then a clerk says when the car came in, and why (ticket.corrected). */
#pragma once

#include "common/bytes/buffer.h"
#include "pos/tickets/ticket_number.h"

struct till;

/* Let a car in: a ticket for ITEM, whose tariff is one of parking. LABEL (may be NULL): a number plate, a colour. OUT
 * is the number that the paper shows. STATUS_REFUSED, STATUS_NOT_FOUND. */
enum status till_issue_ticket(struct till *till, const char *item, const char *label, char out[TICKET_NUMBER_SIZE],
                              struct error_detail *err) MUST_CHECK;

/* Append what is known of TICKET (docs/protocol/till-http.md). A sound number of another till is known by its digits.
 * STATUS_INVALID for what is no ticket. */
enum status
till_write_ticket(struct till *till, const char *ticket, struct buffer *out, struct error_detail *err) MUST_CHECK;

/* The clerk says when it came in. ENTERED_AT "YYYY-MM-DDTHH:MM" or an instant, not in the future. */
enum status till_correct_ticket(struct till *till, const char *ticket, const char *entered_at, const char *reason,
                                struct error_detail *err) MUST_CHECK;

/* Put what TICKET costs now into the basket. EXTRA_FACTS (an object or NULL) is added to the facts: lost_ticket,
 * validation. STATUS_REFUSED `clock_doubtful` when a clerk must say the time first, `nothing_to_pay` when the car may
 * leave. */
struct json_value;
enum status till_ring_up_ticket(struct till *till, const char *ticket, const struct json_value *extra_facts,
                                struct error_detail *err) MUST_CHECK;

/* OUTCOME "left" (within the grace, or free) or "voided" (REASON needed). */
enum status till_close_ticket(struct till *till, const char *ticket, const char *outcome, const char *reason,
                              struct error_detail *err) MUST_CHECK;

/* COUNT people (−999 … 999, not 0) of CATEGORY came into FACILITY; negative takes back. */
enum status till_count_entry(struct till *till, const char *facility, const char *category, int64_t count,
                             struct error_detail *err) MUST_CHECK;

/* Append car parks, cars inside, and today's counts by facility, category and item. */
enum status till_write_facilities(struct till *till, struct buffer *out, struct error_detail *err) MUST_CHECK;
