/* Reading refunds for screens. Rows are borrowed for the visit; anything but STATUS_OK from a visitor ends the walk and
 * is returned. */
#pragma once

#include "settlement/store/store.h"

struct refund_view {
    const char *refund;
    const char *terminal;
    int64_t requested_sequence;
    const char *place;
    const char *sale;
    const char *receipt_number;
    const char *business_date;
    int64_t requested_at_ms;
    int64_t amount_yen;
    const char *means;
    const char *reason;
    const char *clerk;
    const char *approved_by;
    const char *state;
    int64_t state_sequence;
    const char *ended_on;
    const char *ended_by;
    const char *ended_approved_by;
    const char *ended_means;
    const char *ended_reason;
    const char *lines;       /* "1:300,2:100": lines of the sale and yen; "" when the till did not tell */
    const char *received_on; /* of the sale; "" when it has not come in */
    int64_t sale_yen;        /* 0 when it has not come in, or was voided */
    const char *run;         /* running, unknown, refused: the till carries, or carried, it out itself; "" */
    int64_t refunds_yen;     /* all refunds of the sale that count (refund_counts.h), this one too */
    const char *clerk_name;  /* of the desk: as staff are called; else the code itself */
    const char *approved_name;
    const char *ended_name;
    const char *ended_approved_name;
    const char *takes_over; /* of the desk: the till's request that it carries out; "" */
    int64_t seen_import;    /* whose line bears out what went back through the processor; 0: none yet */
    int64_t seen_line;
    const char *taken_over_by; /* of a till: the desk's refund that carries it out; "" */
};
typedef enum status (*refund_visitor)(const struct refund_view *view, void *context);

/* NULL filters nothing. Newest request first; continue behind (`after_day`, `after_terminal`, `after_sequence`). */
struct refund_query {
    const char *municipality;
    const char *state; /* requested, paid, withdrawn */
    const char *means;
    const char *terminal;
    const char *from;
    const char *to;
    const char *sale;
    const char *refund;
    const char *after_day;
    const char *after_terminal;
    int64_t after_sequence;
    int64_t limit;
};
enum status refund_view_each(struct store_txn *txn, const struct refund_query *query, refund_visitor visit,
                             void *context, struct error_detail *err) MUST_CHECK;

/* How many wait, and their yen. */
enum status refund_waiting(struct store_txn *txn, const char *municipality, int64_t *out_count, int64_t *out_yen,
                           struct error_detail *err) MUST_CHECK;

/* Sales that counted while the payment was in doubt and were not charged, and that nobody has judged yet: count and
 * yen.
 */
enum status disproved_payments(struct store_txn *txn, const char *municipality, int64_t *out_count, int64_t *out_yen,
                               struct error_detail *err) MUST_CHECK;
