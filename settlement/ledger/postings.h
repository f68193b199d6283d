/* Which entries an event makes. Pure. Every list sums to zero.
 *
 *   event                  drawer      float    vault           over_short            receivable  revenue      held
 *   day.opened             +float      −float
 *   sale                   +cash                                                      +cashless   −by account
 *   void                   those of its sale with the other sign (posting_put_opposite)
 *   payment held                                                                      +amount                  −amount
 *   float.moved            ±amount     ∓amount
 *   day.closed             −expected   +float   +counted−float  −(counted−expected)
 *
 *   cash.moved             drawer ±amount, cash_other ∓amount
 *   refund.paid in cash    drawer −amount, refund +amount
 *   refund.paid otherwise  refund_transit −amount, refund +amount
 */
#pragma once

#include "settlement/store/posting_store.h"
#include "settlement/store/sale_store.h"

enum {
    POSTINGS_MAX = 64 /* accounts × sections × taxes × issuers in one basket; real ones have under five */
};

/* INVARIANT: the entries sum to zero; none is 0 yen. */
struct posting_list {
    struct posting entries[POSTINGS_MAX];
    size_t count;
};

/* A sale of LINES of which CASH_YEN was paid in cash and the rest by BRAND. Texts are borrowed by the list.
 * STATUS_OVERFLOW when the list would be longer than POSTINGS_MAX. */
enum status postings_of_sale(struct posting_list *out, int64_t cash_yen, const char *brand,
                             const struct sale_line_row *lines, size_t count, struct error_detail *err) MUST_CHECK;
void postings_of_held(struct posting_list *out, const char *brand, int64_t amount_yen);
void postings_of_opening(struct posting_list *out, int64_t float_yen);
void postings_of_closing(struct posting_list *out, int64_t float_yen, int64_t expected_yen, int64_t counted_yen);

/* AMOUNT_YEN moves from CREDIT to DEBIT. */
void postings_of_transfer(struct posting_list *out, enum ledger_account debit, enum ledger_account credit,
                          int64_t amount_yen);

/* Σ of the entries on ACCOUNT. */
int64_t postings_sum(const struct posting_list *list, enum ledger_account account);
