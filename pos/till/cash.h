/* The drawer's cash, from the float of the morning to the close: commands on the till, as in till.h.
 *
 * What must lie in the drawer (float + cash sales − cash voids + in − out − refunds in cash) is never told before a
 * count is written. A count stands until cash moves again: so long the close (精算) or the hand-over (引継ぎ) that it
 * was made for goes on with it, after a reload of the screen and after a power cut. */
#pragma once

#include "pos/till/approval.h"
#include "pos/till/cash_count.h"

struct till;

enum count_purpose { COUNT_OPEN, COUNT_INSPECTION, COUNT_HANDOVER, COUNT_CLOSE };
const char *count_purpose_word(enum count_purpose purpose);
bool count_purpose_from_word(const char *word, enum count_purpose *out);

/* Open the business day; COUNT is the float. A date more than two weeks behind the last day's, or before it, is opened
 * only with APPROVAL, which is not looked at otherwise; the receipt numbers of a date are used once, so no date is
 * opened twice. STATUS_REFUSED: day_is_open, day_is_closed, drawer_of_another. STATUS_UNAUTHORIZED: approval_needed and
 * those of approval_check. */
enum status till_open_day_approved(struct till *till, const struct cash_count *count, const struct approval *approval,
                                   struct error_detail *err) MUST_CHECK;

/* The same where nobody stands by to approve. */
enum status
till_open_day_counted(struct till *till, const struct cash_count *count, struct error_detail *err) MUST_CHECK;

/* Open the drawer in order to count it (drawer.opened: open, close or count). */
enum status
till_open_drawer_to_count(struct till *till, enum count_purpose purpose, struct error_detail *err) MUST_CHECK;

/* Record a count for PURPOSE, COUNT_HANDOVER or COUNT_CLOSE; a later one takes its place and the earlier stays in the
 * journal. */
enum status till_record_count(struct till *till, enum count_purpose purpose, const struct cash_count *count,
                              struct error_detail *err) MUST_CHECK;

/* The standing count against the record, as JSON (docs/protocol/till-http.md, GET /api/day/count). STATUS_NOT_FOUND
 * `no_count` when none stands. */
enum status till_write_comparison(struct till *till, struct buffer *out, struct error_detail *err) MUST_CHECK;

/* Close the day with the standing count. COUNT is its sequence, 0 for whichever stands; another one is STATUS_REFUSED
 * `other_count`. A difference needs REASON (`reason_needed`) and never keeps the day open. FLOAT_RETURNED_YEN of the
 * float goes back, −1 for all. Repeating a close that was done with COUNT is STATUS_OK and changes nothing. */
enum status till_close_counted(struct till *till, int64_t count, const char *reason, int64_t float_returned_yen,
                               struct error_detail *err) MUST_CHECK;

/* 点検 (X): count and snapshot in one transaction; changes nothing. It always counts, because it tells what must lie in
 * the drawer. *OUT_SEQUENCE is its line. */
enum status till_inspect(struct till *till, const struct cash_count *count, int64_t *out_sequence,
                         struct error_detail *err) MUST_CHECK;

/* What the inspection in line SEQUENCE found, as JSON. STATUS_NOT_FOUND. */
enum status
till_write_inspection(struct till *till, int64_t sequence, struct buffer *out, struct error_detail *err) MUST_CHECK;

/* Hand the drawer to clerk TO with the standing count; PIN is TO's. COUNT and REASON as in till_close_counted. */
enum status till_hand_over(struct till *till, int64_t count, const char *to, const char *pin, const char *reason,
                           struct error_detail *err) MUST_CHECK;

/* つり銭 lent to the open drawer, or returned from it, at most what is lent. REASON may be NULL. */
enum status till_move_float(struct till *till, bool is_lent, const struct cash_count *count, const char *reason,
                            struct error_detail *err) MUST_CHECK;

/* Cash put in or taken out for REASON. Above the masters' cash_approval_yen a supervisor approves. */
enum status till_move_cash(struct till *till, bool is_in, int64_t amount_yen, const char *reason,
                           const struct approval *approval, struct error_detail *err) MUST_CHECK;

/* What happened to the drawer since the last close, newest first, as JSON (GET /api/cash). Tells nothing of what must
 * lie in it. */
enum status till_write_cash_events(struct till *till, struct buffer *out, struct error_detail *err) MUST_CHECK;
