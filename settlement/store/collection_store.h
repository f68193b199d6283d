/* 収納 and 消込: what approved 調定 hold, which payouts of payment companies their sales are in, and what the bank
 * credited of these until a day. Rows are borrowed for the visit; anything but STATUS_OK from a visitor ends the walk
 * and is returned. */
#pragma once

#include "settlement/store/store.h"

/* What approved 調定 of one group hold: 当初 and 増額 less 減額. */
struct assessed_sum_row {
    int64_t fiscal_year;
    const char *account;
    const char *section;
    const char *route; /* "cash" or a trustee's code */
    const char *assessed_on;
    int64_t amount_yen;
    int64_t refunded_yen; /* in PAYOUT: what 減額 took out of it of sales that stand, because it went back; else 0 */
};
typedef enum status (*assessed_sum_visitor)(const struct assessed_sum_row *row, void *context,
                                            struct error_detail *err);

/* Of 調定 whose 調定年月日 is FROM … TO, of FISCAL_YEAR, or of all for 0. */
enum status
assessed_sum_each(struct store_txn *txn, const char *municipality, int64_t fiscal_year, const char *from,
                  const char *to, assessed_sum_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* A payout, and what the bank credited of it before a period and until its end. Of one that is carried over (繰越) the
 * credits, and what is expected, are those of the payout that takes it. */
struct credited_payout_row {
    const char *trustee;
    const char *payout;
    const char *payable_on;  /* by the statement or the terms; "" while nothing says it */
    const char *credited_on; /* day of the last credit until the end of the period; "" */
    int64_t gross_yen;       /* Σ of its lines, refunds negative */
    int64_t fee_yen;
    int64_t expected_yen;
    int64_t before_yen;
    int64_t upto_yen;
    bool is_carried;
    bool is_settled; /* a person accepted that a fee was kept back: it counts as paid in full */
};
typedef enum status (*credited_payout_visitor)(const struct credited_payout_row *row, void *context,
                                               struct error_detail *err);

/* Payouts with a payment on FIRST … LAST, or (LAST is "") with a credit in the period FROM … TO. Sorted by trustee and
 * payout. */
enum status credited_payout_each(struct store_txn *txn, const char *municipality, const char *first, const char *last,
                                 const char *from, const char *to, credited_payout_visitor visit, void *context,
                                 struct error_detail *err) MUST_CHECK;

/* What approved 調定 hold of the sales in PAYOUT, by group. */
enum status payout_claim_each(struct store_txn *txn, const char *municipality, const char *trustee, const char *payout,
                              assessed_sum_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* *OUT_YEN = what went back by the refunds among the lines of PAYOUT that count, ≥ 0. */
enum status payout_refunds(struct store_txn *txn, const char *municipality, const char *trustee, const char *payout,
                           int64_t *out_yen, struct error_detail *err) MUST_CHECK;
