/* Which line of the bank's records is which 払込. PURE: arrays in, one answer per 払込 out, the same for any order of
 * the arrays.
 *
 *   reference  one line names it, is its amount to the yen, and was booked in its days
 *   amount     no line names it; one line without any reference is its amount in its days, and no other 払込 could be
 *              meant by that line. Never the amount alone: the days and the uniqueness belong to it, and it is said so.
 *   differs    a line names it, and the amount or the day is another
 *   several    more than one line could be meant, or the line more than one 払込: people look
 *   none       nothing yet
 *
 * Its days: from the day of the bank's receipt (領収日) to the REMITTANCE_BOOKED_DAYS-th banking day after it. A line
 * that no reference and no amount binds is the city's other income, and nobody's concern here. Every answer depends
 * only on lines within REMITTANCE_WINDOW_DAYS of its 領収日 and on what those could be meant for, so that years may be
 * settled piece by piece in any order (settling.c says how far each piece looks). */
#pragma once

#include "common/outcome/status.h"
#include "settlement/terms/bank_calendar.h"

#include <stdint.h>

enum {
    REMITTANCE_BOOKED_DAYS = 3, /* counters of other banks and 収納代理 pass it on by the second banking day */
    REMITTANCE_WINDOW_DAYS = 20 /* so many calendar days hold those, with the longest row of holidays (10) before */
};

enum remittance_state {
    REMITTANCE_NOT_SEEN,
    REMITTANCE_BY_REFERENCE,
    REMITTANCE_BY_AMOUNT,
    REMITTANCE_DIFFERS,
    REMITTANCE_SEVERAL,
    REMITTANCE_STATE_COUNT
};

/* "reference" … as stored; "" for not seen. Static. */
const char *remittance_state_word(enum remittance_state state);

/* One that was confirmed. `paid_on` and `last_on` (days since 1970) hold its days. */
struct paid_remittance {
    int64_t id;
    int64_t key; /* remittance_key */
    int64_t amount_yen;
    int64_t paid_on;
    int64_t last_on;
};

/* The last of the days of a 払込 that was paid on PAID_ON. */
int64_t remittance_last_day(const struct bank_calendar *calendar, struct civil_date paid_on);

/* A credit that pays no payout. `key` is what it names (remittance_key_in). */
struct booked_credit {
    int64_t import;
    int64_t line;
    int64_t key;
    int64_t amount_yen;
    int64_t booked_on;
};

#define CREDIT_NONE SIZE_MAX

struct remittance_answer {
    enum remittance_state state;
    size_t credit; /* of reference, amount and differs */
};

/* OUT has room for COUNT answers, in the order of PAID. CREDITS are sorted here. O(n log n) but for what has the same
 * amount within the same days. STATUS_NO_MEMORY only. */
enum status remittance_match(struct remittance_answer *out, const struct paid_remittance *paid, size_t count,
                             struct booked_credit *credits, size_t credit_count, struct error_detail *err) MUST_CHECK;
