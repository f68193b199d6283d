/* 消込: how much of what was assessed a payout has brought. PURE.
 *
 * A payout holds sales of several days, accounts and sections, and lines that nobody assessed (voids, 利用料金). What
 * the bank credited of it is revenue by these rules (地方自治法210条: income in full, fees as expenditure):
 *
 *   credited ≥ expected, or what is missing is a fee that a person accepted → every yen of its 調定 has come
 *   less                                       → what was taken out of it counts as come, too: fees, and what went
 *                                                back of other sales. The oldest 調定 comes first, as it was before
 *                                                anything went back of it: what did not come is missing, to the yen
 *   nothing                                    → nothing has come
 *   nothing was to come (refunds are more)     → its sales were set off on the payout's day: they have come in full
 *
 * INVARIANT: 0 ≤ received ≤ amount for each part; what is received never falls when more is credited. */
#pragma once

#include "common/outcome/status.h"

#include <stddef.h>
#include <stdint.h>

/* What approved 調定 of one group and day hold. Texts are borrowed. */
struct collection_part {
    int fiscal_year;
    const char *account;
    const char *section;
    const char *route; /* "cash" or a trustee's code */
    const char *assessed_on;
    int64_t amount_yen;   /* negative only where corrections came to a payout without their original */
    int64_t refunded_yen; /* ≥ 0: what 減額 took out of amount_yen because it went back. The company owed it before */
};

/* Where money stands on a day. */
enum collection_stand {
    COLLECTION_RECEIVED,
    COLLECTION_DUE_LATER,  /* its payout is announced, and not due before the day */
    COLLECTION_LATE,       /* the payout's day has passed */
    COLLECTION_UNREPORTED, /* no statement has it yet */
    COLLECTION_STAND_COUNT
};

/* INVARIANT: parts are sorted by day, year, account, section, route. Texts are borrowed; payable_on "" while nobody
 * says a day. */
struct collection_payout {
    const char *trustee;
    const char *payout;
    const char *payable_on;
    const char *credited_on;
    int64_t gross_yen; /* Σ of its lines, refunds negative */
    int64_t fee_yen;
    int64_t expected_yen;
    int64_t before_yen; /* credited before the period */
    int64_t upto_yen;   /* credited until its end; ≥ before_yen */
    int64_t netted_yen; /* ≥ 0: refunds among its lines. Needed only of one that did not come in full */
    bool is_carried;    /* credits and expectation are those of the payout that takes it */
    bool is_settled;
    bool is_set_off; /* nothing is to come, as refunds are more than sales, and its day is here */
    const struct collection_part *parts;
    size_t part_count;
};

/* Whether everything of PAYOUT has come when CREDITED_YEN are credited of it. */
bool collection_is_whole(const struct collection_payout *payout, int64_t credited_yen);

/* RECEIVED[i] = what has come of parts[i] when CREDITED_YEN are credited. */
void collection_allocate(const struct collection_payout *payout, int64_t credited_yen, int64_t *received);

/* Σ parts: what is 調定 in the payout. The rest of its gross is voids, refunds, 利用料金 and what is not approved yet.
 */
int64_t collection_assessed_yen(const struct collection_payout *payout);

/* Where what has not come of PAYOUT stands on TODAY ("YYYY-MM-DD"). */
enum collection_stand collection_open_stand(const struct collection_payout *payout, const char *today);

/* By fiscal year, account, section, route; the day where WITH_DAY. <0, 0, >0. */
int collection_part_compare(const struct collection_part *a, const struct collection_part *b, bool with_day);

/* Words as sent, and as people read them. Static. */
const char *collection_stand_word(enum collection_stand stand);
const char *collection_stand_name(enum collection_stand stand);
