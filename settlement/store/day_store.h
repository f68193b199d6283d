/* A drawer's days: opened, closed, and why it was opened between. Written by ledger/ only; texts are borrowed during
 * the call. */
#pragma once

#include "settlement/store/store.h"

struct day_opening {
    const char *terminal;
    int64_t sequence;
    const char *municipality;
    const char *place;
    const char *day;
    const char *business_date;
    int64_t at_ms;
    const char *clerk;
    int64_t float_yen;
    int64_t masters_version;
};
enum status
business_day_open(struct store_txn *txn, const struct day_opening *opening, struct error_detail *err) MUST_CHECK;

/* Whether the day opened by line SEQUENCE has the id DAY. */
enum status business_day_is(struct store_txn *txn, const char *terminal, int64_t sequence, const char *day,
                            bool *out_is, struct error_detail *err) MUST_CHECK;

/* What a till says of its drawer at the close, beyond the count. What it left out is 0. */
struct till_cash {
    int64_t number;    /* of the 精算; 0: not said */
    int64_t float_yen; /* lent at the close */
    int64_t cash_in_yen;
    int64_t cash_out_yen;
    int64_t refund_cash_yen;
    int64_t float_returned_yen;
    int64_t deposit_yen; /* = counted − float */
};

struct day_closing {
    const char *terminal;
    int64_t opened_sequence;
    int64_t closed_sequence;
    int64_t at_ms;
    const char *clerk;
    int64_t expected_cash_yen;
    int64_t ledger_cash_yen;
    int64_t counted_cash_yen;
    int64_t difference_yen;
    const char *difference_reason;
    int64_t zero_count;
    struct till_cash said;
    struct till_cash ours; /* float, in, out and refunds as the lines say; the rest is not used */
};
enum status
business_day_close(struct store_txn *txn, const struct day_closing *closing, struct error_detail *err) MUST_CHECK;

struct day_total {
    const char *method;
    const char *brand;
    int64_t count;
    int64_t amount_yen;
    int64_t void_count;
    int64_t void_yen;
};
enum status business_day_total_put(struct store_txn *txn, const char *terminal, int64_t closed_sequence,
                                   const struct day_total *total, struct error_detail *err) MUST_CHECK;

struct drawer_opening {
    const char *terminal;
    int64_t sequence;
    const char *municipality;
    const char *business_date;
    int64_t at_ms;
    const char *clerk;
    const char *reason;
    const char *note; /* of no_sale; "" */
};
enum status
drawer_opening_put(struct store_txn *txn, const struct drawer_opening *opening, struct error_detail *err) MUST_CHECK;
