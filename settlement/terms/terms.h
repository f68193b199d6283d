/* What was agreed with a payment company: when it closes a period, when its statement and its money come, and its fee.
 * PURE. Money is whole yen; a rate is millionths, so that 3.24 % with 10 % tax on it (3.564 %) is a whole number. */
#pragma once

#include "settlement/terms/bank_calendar.h"

enum terms_closing {
    TERMS_DAILY,       /* every day; paid `pay_after` working days later */
    TERMS_SEMIMONTHLY, /* on the 15th and at the month's end; paid `pay_after` such days later */
    TERMS_MONTHLY      /* on `closing_day`; paid `pay_after` months later, on `pay_day` */
};

/* What a fraction of a yen of a fee becomes. */
enum fee_rounding { FEE_FLOOR, FEE_HALF_UP, FEE_CEILING };

/* On what the rate is taken: each line of the statement by itself, or the sum of a brand in a payout. */
enum fee_unit { FEE_PER_LINE, FEE_PER_PAYOUT };

enum {
    FEE_RATE_MAX = 200000,      /* a fifth: more is a mistake of writing */
    MINIMUM_YEN_MAX = 10000000, /* likewise: companies name some thousands */
    TERMS_DAYS_MAX = BANK_DAYS_MAX
};

/* INVARIANT: closing_day and pay_day are 1 … 31, and mean the month's end where it is shorter; pay_after and
 * statement_days 0 … TERMS_DAYS_MAX; fee_rate 0 … FEE_RATE_MAX; minimum_yen 0 … MINIMUM_YEN_MAX. */
struct terms {
    enum terms_closing closing;
    int closing_day;
    int pay_after;
    int pay_day;
    enum bank_roll roll;
    int statement_days; /* working days after the closing by which its statement is here */
    bool is_net;        /* the fee is deducted from the deposit */
    bool has_fee;       /* a rate was agreed; without, no fee is expected and none is wrong */
    int64_t fee_rate;
    enum fee_rounding rounding;
    enum fee_unit unit;
    bool is_together;      /* one transfer pays all payouts of the company's pay day */
    int64_t minimum_yen;   /* a payout of less is carried over to the next; 0: everything is paid */
    bool carries_negative; /* a payout below zero is deducted from the next */
};

/* The closing of the period that DAY is in: DAY itself or later. */
struct civil_date terms_closing_of(const struct terms *terms, struct civil_date day);

/* When the period closed on CLOSING is paid, and by when its statement should be here. */
struct civil_date
terms_pay_day(const struct terms *terms, const struct bank_calendar *calendar, struct civil_date closing);
struct civil_date
terms_statement_due(const struct terms *terms, const struct bank_calendar *calendar, struct civil_date closing);

/* The newest closing whose statement should have been here before TODAY. */
struct civil_date
terms_last_reported(const struct terms *terms, const struct bank_calendar *calendar, struct civil_date today);

/* The fee of AMOUNT_YEN, which is within ±YEN_LIMIT. That of a refund is that of the sale, negative. */
int64_t terms_fee(const struct terms *terms, int64_t amount_yen);
