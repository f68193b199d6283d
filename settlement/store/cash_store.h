/* Cash that moves without a sale, and cash that is counted: つり銭, 入出金, counts by denomination, hand-overs, 点検.
 * Written by ledger/ only; texts are borrowed during the call. */
#pragma once

#include "settlement/store/store.h"

enum { DENOMINATIONS_MAX = 10 /* 10,000 5,000 2,000 1,000 500 100 50 10 5 1 */ };

/* How many of each note and coin were counted, largest first. `is_told` is false when nobody said. */
struct cash_tally {
    bool is_told;
    size_t count;
    struct {
        int64_t yen;
        int64_t pieces;
    } rows[DENOMINATIONS_MAX];
};
int64_t cash_tally_sum(const struct cash_tally *tally);

/* Where a line about the drawer belongs. */
struct cash_place {
    const char *terminal;
    int64_t sequence;
    const char *municipality;
    const char *place;
    int64_t opened_sequence; /* of the day that is open; 0: none */
    const char *business_date;
    int64_t at_ms;
};

struct cash_movement {
    const char *kind; /* float_lent, float_returned, cash_in, cash_out */
    int64_t amount_yen;
    const char *clerk;
    const char *approved_by;
    const char *reason;
};
enum status cash_movement_put(struct store_txn *txn, const struct cash_place *place,
                              const struct cash_movement *movement, struct error_detail *err) MUST_CHECK;

/* EXPECTED_YEN is what the ledger says must lie in the drawer at that line. */
enum status
cash_count_put(struct store_txn *txn, const struct cash_place *place, const char *purpose, const char *clerk,
               int64_t total_yen, int64_t expected_yen, struct error_detail *err) MUST_CHECK;

/* The notes and coins that line SEQUENCE tells. */
enum status cash_tally_put(struct store_txn *txn, const char *terminal, int64_t sequence,
                           const struct cash_tally *tally, struct error_detail *err) MUST_CHECK;

struct shift_change {
    const char *from;
    const char *to;
    int64_t counted_cash_yen;
    int64_t expected_cash_yen; /* as the till says */
    int64_t ledger_cash_yen;   /* as its lines say */
    const char *difference_reason;
};
enum status shift_change_put(struct store_txn *txn, const struct cash_place *place, const struct shift_change *change,
                             struct error_detail *err) MUST_CHECK;

struct day_inspection {
    const char *clerk;
    int64_t number;
    int64_t float_yen;
    int64_t cash_in_yen;
    int64_t cash_out_yen;
    int64_t expected_cash_yen; /* as the till says */
    int64_t ledger_cash_yen;   /* as its lines say */
    int64_t zero_count;
};
enum status day_inspection_put(struct store_txn *txn, const struct cash_place *place,
                               const struct day_inspection *inspection, struct error_detail *err) MUST_CHECK;

/* What the lines of TERMINAL from its day.opened in OPENED_SEQUENCE on moved without a sale. */
struct cash_sums {
    int64_t float_yen; /* opening and lent, less what was returned */
    int64_t in_yen;
    int64_t out_yen;
    int64_t refund_yen; /* paid out of the drawer */
};
enum status cash_sums_of_day(struct store_txn *txn, const char *terminal, int64_t opened_sequence,
                             struct cash_sums *out, struct error_detail *err) MUST_CHECK;
