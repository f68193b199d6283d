/* Reads 調定, payouts and credits of a period out of the store, for collection.h. A snapshot: texts live in it. */
#pragma once

#include "settlement/arena/arena.h"
#include "settlement/arena/growing.h"
#include "settlement/collection/collection.h"
#include "settlement/store/store.h"

struct collecting {
    struct arena arena;
    struct growing assessed; /* of struct collection_part, by year, account, section, route, day */
    struct growing payouts;  /* of struct collection_payout, by trustee and payout */
    const char *to;          /* the end of the period, while it is read */
};

/* Begin an empty one. End it by collecting_finish, also after a failure. */
void collecting_begin(struct collecting *collecting);
void collecting_finish(struct collecting *collecting);

/* Everything that approved 調定 of FISCAL_YEAR hold until TO, with the payouts that their sales are in, as credited on
 * TO. */
enum status collecting_read_year(struct collecting *collecting, struct store_txn *txn, const char *municipality,
                                 int fiscal_year, const char *to, struct error_detail *err) MUST_CHECK;

/* What came FROM … TO: payouts with a credit in the period, and 調定 of these days. */
enum status collecting_read_days(struct collecting *collecting, struct store_txn *txn, const char *municipality,
                                 const char *from, const char *to, struct error_detail *err) MUST_CHECK;
