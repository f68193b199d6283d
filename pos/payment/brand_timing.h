/* When a payment is asked about, given up, or too old to be cancelled: rules of the networks as data, and one pure
 * decision over them.
 *
 * Timeout is never failure: however long nothing is heard, the decision is to ask again. Only what the network itself
 * said (still pending, never seen, approved though nobody wants it any more) leads to a cancel, and only what can no
 * longer be cancelled to a refund. */
#pragma once

#include "pos/payment/channel.h"

/* One row. A cancel is possible while either `cancel_for_ms` have not passed since the acceptance (when it is not 0) or
 * the wall clock of `utc_offset_minutes` stands before `cancel_until_s` seconds into the `cancel_days`-th day after
 * that of the acceptance. */
struct brand_timing {
    char adapter[CODE_SIZE];
    char brand[CODE_SIZE];      /* "": every brand of the adapter that has no row of its own */
    int64_t first_wait_ms;      /* from the start to the first inquiry */
    int64_t poll_ms;            /* between inquiries, ≥ 1 */
    int64_t budget_ms;          /* from the start; what is still pending then is cancelled */
    int64_t earliest_cancel_ms; /* from the start; no cancel before */
    int64_t cancel_for_ms;      /* 0: by the calendar */
    int cancel_days;
    int cancel_until_s;
    int utc_offset_minutes;
    int refund_days; /* from the acceptance; 0: not known */
};

enum {
    PATIENT_FACTOR = 10 /* after the budget an unanswered payment is asked about so many times more rarely */
};

enum timing_action {
    TIMING_WAIT,    /* for `wait_ms` */
    TIMING_INQUIRE, /* now */
    TIMING_CANCEL,  /* now */
    TIMING_REFUND,  /* it must go back, and it is too late to cancel */
    TIMING_DONE     /* nothing is left to do */
};

/* What is known of one payment. Instants are of the wall clock; 0: never. */
struct timing_facts {
    int64_t now_ms;
    int64_t started_ms;
    int64_t heard_ms;          /* when the network was last asked, answered or not */
    enum payment_result heard; /* what it said; means nothing while heard_ms is 0 */
    int64_t accepted_at_ms;    /* 0: not known, then the start counts */
    bool is_unwanted;          /* given up by the clerk */
};

struct timing_decision {
    enum timing_action action;
    int64_t wait_ms; /* TIMING_WAIT: ≥ 1 */
};

struct timing_decision brand_timing_decide(const struct brand_timing *timing, const struct timing_facts *facts);

/* The first instant at which what was accepted at ACCEPTED_AT_MS can no longer be cancelled. */
int64_t brand_timing_cancel_closes_ms(const struct brand_timing *timing, int64_t accepted_at_ms);

/* Whether what was accepted at ACCEPTED_AT_MS can still be refunded; true where the window is not known. */
bool brand_timing_can_refund(const struct brand_timing *timing, int64_t accepted_at_ms, int64_t now_ms);

/* The row for ADAPTER and BRAND among COUNT rows: the brand's own, else the adapter's; NULL when it has none. */
const struct brand_timing *
brand_timing_find(const struct brand_timing *rows, size_t count, const char *adapter, const char *brand);

/* What is public of the networks' rules (sources in brand_timing_table.c). */
extern const struct brand_timing brand_timings[];
extern const size_t brand_timing_count;

enum { BRAND_TIMINGS_MAX = 64 /* 4 adapters × a dozen brands, and room */ };

/* Read a file of such rows, which stands in the built-in table's place: {"timings":[{"adapter","brand","first_wait_ms",
 * …}]}, every member required but brand. STATUS_INVALID names the row and member. */
enum status brand_timings_read(struct brand_timing out[BRAND_TIMINGS_MAX], size_t *out_count, const char *text,
                               size_t length, struct error_detail *err) MUST_CHECK;
