/* Closes of drawers as cash that must be paid in: one row per 精算, with what it took and which 払込 has it. Rows are
 * borrowed for the visit; anything but STATUS_OK from a visitor ends the walk and is returned. */
#pragma once

#include "settlement/store/store.h"

/* INVARIANT (of tills that say it all; the audit compares): sales − voids − refunds + in − out + difference = deposit.
 */
struct cash_close {
    const char *terminal;
    int64_t opened_sequence;
    int64_t closed_sequence;
    int64_t number; /* of the 精算; 0: not said */
    const char *place;
    const char *business_date;
    int64_t closed_at_ms;
    const char *closed_by;
    int64_t opening_float_yen;
    int64_t close_float_yen; /* lent at the close: opening, and what was lent less what was returned meanwhile */
    int64_t float_returned_yen;
    int64_t expected_cash_yen;
    int64_t counted_cash_yen;
    int64_t difference_yen;
    const char *difference_reason;
    int64_t in_yen;
    int64_t out_yen;
    int64_t refund_yen;
    int64_t deposit_yen;
    int64_t sale_count; /* sales in cash; a part in cash beside a card counts 0 */
    int64_t sales_yen;
    int64_t void_yen;
    int64_t cashless_count;
    int64_t cashless_yen; /* less voids */
    int64_t remittance;   /* that has it and stands; 0 */
    int64_t fiscal_year;  /* of that */
    int64_t remittance_number;
    const char *paid_on; /* "" until it is confirmed */
};
typedef enum status (*cash_close_visitor)(const struct cash_close *close, void *context, struct error_detail *err);

/* NULL filters nothing. */
struct cash_query {
    const char *municipality;
    const char *from; /* business dates */
    const char *to;
    bool is_held_only;  /* with cash, and in no 払込 that was confirmed */
    int64_t remittance; /* those that this 払込 took, also when it was taken back; 0: all */
    const char *terminal;
    int64_t opened_sequence; /* with `terminal`: that one */
};

/* Closes by (business date, place, terminal). */
enum status cash_close_each(struct store_txn *txn, const struct cash_query *query, cash_close_visitor visit,
                            void *context, struct error_detail *err) MUST_CHECK;

/* What lay in the safes of PLACE before DAY: deposits of closes from FROM on, less what was paid in before DAY. */
typedef enum status (*held_visitor)(const char *place, int64_t yen, void *context, struct error_detail *err);
enum status cash_held_before(struct store_txn *txn, const char *municipality, const char *from, const char *day,
                             held_visitor visit, void *context, struct error_detail *err) MUST_CHECK;
