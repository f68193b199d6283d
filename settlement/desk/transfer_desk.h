/* 口座振込 of approved refunds by a file that the bank carries out.
 *
 *   approved refunds with payees ──make──▶ made ──done, refund by refund──▶ done: paid ones are paid in the desk's
 * journal, │                               failed ones are free for the next file └──discard──▶ discarded: all are free
 * again
 *
 * Who makes the file does not declare it carried out. Amounts come from the refunds, the paying account from the
 * masters (transfer_accounts). */
#pragma once

#include "settlement/desk/refund_desk.h"

enum { TRANSFER_REASON_MAX_BYTES = 720 };

/* A file of everything that is payable, for the bank to carry out on PAY_ON (today or later, "YYYY-MM-DD"), from
 * account ACCOUNT of the masters (NULL: the only one). STATUS_REFUSED "nothing_to_pay", "no_account"; STATUS_INVALID.
 */
enum status transfer_make(const struct desk *desk, const char *pay_on, const char *account, int64_t *out_id,
                          struct error_detail *err) MUST_CHECK;

/* The bank carried ID out on its day, but FAILED (refund ids). STATUS_REFUSED "same_person"; STATUS_CONFLICT
 * "wrong_state"; STATUS_INVALID for a failed refund that is not in it, or before its day. */
enum status transfer_done(const struct desk *desk, int64_t id, const char *const *failed, size_t failed_count,
                          struct error_detail *err) MUST_CHECK;

/* The file was not given to the bank, or the bank refused it whole. */
enum status
transfer_discard(const struct desk *desk, int64_t id, const char *reason, struct error_detail *err) MUST_CHECK;
