/* Everything that the drafts of one day are made from, read from the store into arrays. */
#pragma once

#include "settlement/arena/arena.h"
#include "settlement/assessment/grouping.h"
#include "settlement/catalogue/catalogue.h"
#include "settlement/store/store.h"

enum {
    /* Lines of one municipality and day. Tokyo's 23 wards together issue some 20,000 certificates a day; ten times that
     * with ten lines each leaves room, and bounds what one transaction holds. */
    DAY_LINES_MAX = 2000000
};

#define DAY_BYTES_MAX (UINT64_C(1) << 30) /* 500 bytes a line, far more than they take */

/* INVARIANT: arrays and texts live in `arena`. Every line received on the day is a source, or two when it was paid in
 * two ways; one whose account or trustee the masters do not know has `held_for` "no_account" or "no_trustee", and one
 * of a facility whose 利用料金 is its operator's on the day "operator_revenue". */
struct day_input {
    struct arena arena;
    struct assessment_input input;
};

/* Read DAY as it is seen on TODAY. On STATUS_OK, end it with day_input_finish. */
enum status day_input_read(struct day_input *out, struct store_txn *txn, const struct catalogue *catalogue,
                           const char *municipality, struct civil_date day, struct civil_date today,
                           struct error_detail *err) MUST_CHECK;
void day_input_finish(struct day_input *input);
