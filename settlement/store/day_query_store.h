/* Reading a drawer's days for screens: the list, and one day with all that happened to its cash. Rows are borrowed for
 * the visit; anything but STATUS_OK from a visitor ends the walk and is returned. */
#pragma once

#include "settlement/store/store.h"

/* One day. Figures with `ledger_` are what the till's lines say; beside them stands what the till said. */
struct day_view {
    const char *terminal;
    int64_t opened_sequence;
    const char *place;
    const char *day;
    const char *business_date;
    int64_t opened_at_ms;
    const char *opened_by;
    int64_t opening_float_yen;
    int64_t closed_sequence; /* 0: open */
    int64_t closed_at_ms;
    const char *closed_by;
    int64_t number;
    int64_t float_yen;
    int64_t ledger_float_yen;
    int64_t cash_in_yen;
    int64_t ledger_in_yen;
    int64_t cash_out_yen;
    int64_t ledger_out_yen;
    int64_t refund_cash_yen;
    int64_t ledger_refund_yen;
    int64_t expected_cash_yen;
    int64_t ledger_cash_yen;
    int64_t counted_cash_yen;
    int64_t difference_yen;
    const char *difference_reason;
    int64_t float_returned_yen;
    int64_t deposit_yen;
    int64_t zero_count;
    const char *shared_with; /* a till that has the same drawer open at this moment; "" */
};
typedef enum status (*day_visitor)(const struct day_view *view, void *context);

/* NULL and 0 filter nothing. Newest first; continue behind (`after_day`, `after_terminal`, `after_sequence`). */
struct day_query {
    const char *municipality;
    const char *terminal;
    int64_t opened_sequence;
    const char *from;
    const char *to;
    const char *state; /* open, closed, differs */
    const char *after_day;
    const char *after_terminal;
    int64_t after_sequence;
    int64_t limit;
};
enum status day_view_each(struct store_txn *txn, const struct day_query *query, day_visitor visit, void *context,
                          struct error_detail *err) MUST_CHECK;

/* What happened between the opening and the close (TO; INT64_MAX while open), in the order of the journal. */
struct day_event {
    int64_t sequence;
    int64_t at_ms;
    const char *what;   /* float_lent, float_returned, cash_in, cash_out, refund, count_PURPOSE, inspection, handover */
    int64_t amount_yen; /* moved, or counted */
    int64_t expected_yen; /* of counts, inspections and hand-overs: as the lines say; else 0 */
    const char *clerk;
    const char *other; /* who approved, or to whom the drawer went; "" */
    const char *reason;
};
typedef enum status (*day_event_visitor)(const struct day_event *event, void *context);
enum status day_event_each(struct store_txn *txn, const char *terminal, int64_t from, int64_t to,
                           day_event_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* Notes and coins of line SEQUENCE, largest first. */
typedef enum status (*tally_visitor)(int64_t yen, int64_t pieces, void *context);
enum status cash_tally_each(struct store_txn *txn, const char *terminal, int64_t sequence, tally_visitor visit,
                            void *context, struct error_detail *err) MUST_CHECK;

/* The till's totals of its close. */
struct day_total_view {
    const char *method;
    const char *brand;
    int64_t count;
    int64_t amount_yen;
    int64_t void_count;
    int64_t void_yen;
};
typedef enum status (*day_total_visitor)(const struct day_total_view *total, void *context);
enum status day_total_each(struct store_txn *txn, const char *terminal, int64_t closed_sequence,
                           day_total_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* Openings of the drawer without a sale. */
struct opening_view {
    int64_t sequence;
    int64_t at_ms;
    const char *clerk;
    const char *note;
};
typedef enum status (*opening_visitor)(const struct opening_view *opening, void *context);
enum status no_sale_each(struct store_txn *txn, const char *terminal, int64_t from, int64_t to, opening_visitor visit,
                         void *context, struct error_detail *err) MUST_CHECK;

/* Drawers that two tills have open at this moment: pairs of tills. */
enum status
shared_drawer_count(struct store_txn *txn, const char *municipality, int64_t *out, struct error_detail *err) MUST_CHECK;

/* What the closes of DAY bring to be paid in. */
enum status deposit_of_day(struct store_txn *txn, const char *municipality, const char *day, int64_t *out_count,
                           int64_t *out_yen, struct error_detail *err) MUST_CHECK;
