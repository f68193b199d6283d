/* Until when cash that was received must be at the bank. PURE. The deadline is computed wherever it is shown and stored
 * nowhere: a holiday that the Diet moves moves it.
 *
 * Sources: 地方自治法235条の4 (the city keeps its cash in the surest way) and the usual 財務規則 of cities (出納員 pay
 * in 即日又は翌日); which days count is the bank's calendar. A city may let small sums be collected up to a limit; both
 * are its masters' (settings). */
#pragma once

#include "settlement/catalogue/catalogue.h"
#include "settlement/terms/bank_calendar.h"

enum {
    REMITTANCE_DAYS_DEFAULT = 1, /* 翌日: the next day on which banks work */
    REMITTANCE_DAYS_MAX = 30     /* a month: more is no deadline */
};

/* INVARIANT: 0 ≤ days, small_days ≤ REMITTANCE_DAYS_MAX; the yen are ≥ 0, and 0 means that there is no such rule. */
struct remittance_rule {
    int days;               /* banking days after the business date; 0: the same day */
    int64_t small_yen;      /* what a 所属 may hold and collect */
    int small_days;         /* and how long */
    int64_t limit_yen;      /* more than this no 所属 should hold (cash_limit_yen) */
    struct civil_date from; /* business dates before it are none of this system's; 1900-01-01: all are */
};

/* What CATALOGUE's settings say; defaults where they say nothing or what cannot be. */
struct remittance_rule remittance_rule_of(const struct catalogue *catalogue);

/* The last day on which cash of BUSINESS_DATE may be paid in, when its 所属 holds HELD_YEN of it and of other days. On
 * a day without banks nobody can pay in: with `days` 0 the next banking day is meant. */
struct civil_date remittance_due_on(const struct remittance_rule *rule, const struct bank_calendar *calendar,
                                    struct civil_date business_date, int64_t held_yen);

/* Whether more is held than the city wants to lie in an office. */
bool remittance_is_over_limit(const struct remittance_rule *rule, int64_t held_yen);
