/* Two tills and three days in which everything happens that can: what the ledger must book and the audit must agree to.
 *
 *   KO-01, 2026-11-21 (lines 1 … 27)
 *     float 30,000; cash 450 and 900 (the 900 is voided); PayPay 400; a void of a PayPay 200 by reversal; a payment of
 *     600 unknown at the close; one of 200 in doubt; one of 800 declined; close counts 10 yen too much
 *   KO-01, 2026-11-22 (lines 28 … 38)
 *     the unknown 600 is approved as of the 21st; a 1,000 was abandoned and is held; a 0円 issue; an unknown kind
 *   KO-02, 2026-11-22 (lines 1 … 6)
 *     cash 1,350, no float, closed in agreement
 */
#pragma once

#include "tests/unit/settlement/core/journal_maker.h"

struct city {
    struct maker shimin;
    struct maker museum;
};

/* Enrol the tills in STORE and send their journals; the ledger has not looked yet. */
void city_make(struct city *city, struct store *store);
void city_finish(struct city *city);

/* Ids by number: days 1 … 9, sales 100 …, payments 200 …, reversals 300 …. */
enum {
    SALE_CASH_450 = 100,
    SALE_CASH_900 = 101, /* voided */
    SALE_QR_400 = 102,
    SALE_QR_200 = 103, /* voided by REVERSAL_200 */
    SALE_LATE_600 = 104,
    SALE_FREE = 105,
    SALE_MUSEUM = 106,
    PAYMENT_400 = 200,
    PAYMENT_200 = 201,
    PAYMENT_LATE_600 = 202,
    PAYMENT_DOUBT_200 = 203,
    PAYMENT_DECLINED_800 = 204,
    PAYMENT_HELD_1000 = 205,
    REVERSAL_200 = 300
};
