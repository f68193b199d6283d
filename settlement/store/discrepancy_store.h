/* What does not agree, as rows: found and cleared by machines, decided by people. Rows are borrowed for the visit;
 * anything but STATUS_OK from a visitor ends the walk and is returned. */
#pragma once

#include "settlement/access/actor.h"
#include "settlement/store/store.h"

/* Texts are borrowed, "" where there is none; numbers 0. */
struct discrepancy_row {
    int64_t id;
    const char *class;
    const char *subject;
    const char *state;
    int64_t version;
    int64_t amount_yen;
    const char *happened_on;
    const char *opened_on;
    const char *due_on;
    const char *cleared_on;
    bool is_remark;
    const char *terminal;
    int64_t sequence;
    int64_t import, line;
    int64_t related_import, related_line;
    const char *payment;
    const char *receipt_number;
    const char *brand;
    const char *trustee;
    const char *payout;
    const char *summary;
    const char *owner;
    const char *owner_name;
    const char *resolution;
    const char *reason;
    const char *resolved_by;
    const char *resolved_by_name;
    int64_t resolved_at_ms;
    const char *confirmed_by;
    const char *confirmed_by_name;
    int64_t confirmed_at_ms;
    const char *expected_on; /* a person expects it to clear by itself until then; "" */
    const char *undo_by;     /* who asks to take the resolution back; "" */
    const char *undo_by_name;
    const char *undo_reason;
    int64_t undo_at_ms;
    const char *payout_trustee; /* read only: who names `payout`; a fee's `trustee` is by the brand's terms */
};
typedef enum status (*discrepancy_visitor)(const struct discrepancy_row *row, void *context);

/* Insert as open. */
enum status discrepancy_add(struct store_txn *txn, const char *municipality, const struct discrepancy_row *row,
                            int64_t *out_id, struct error_detail *err) MUST_CHECK;

/* What stands for (CLASS, SUBJECT) and is not cleared. `id` 0 when nothing does. */
struct found_discrepancy {
    int64_t id;
    bool is_resolved;
    int64_t import, line; /* of the line that it is about; 0: none */
    bool is_line_aside;   /* a corrected file has taken that line's place */
};
enum status discrepancy_find(struct store_txn *txn, const char *municipality, const char *class, const char *subject,
                             struct found_discrepancy *out, struct error_detail *err) MUST_CHECK;

/* The facts of an open row as they are now; nothing changes when they are the same. */
enum status discrepancy_refresh(struct store_txn *txn, int64_t id, const struct discrepancy_row *row,
                                struct error_detail *err) MUST_CHECK;
enum status
discrepancy_clear(struct store_txn *txn, int64_t id, const char *today, struct error_detail *err) MUST_CHECK;

/* People's steps. Each makes a new version. */
enum status
discrepancy_set_owner(struct store_txn *txn, int64_t id, const char *owner, struct error_detail *err) MUST_CHECK;
enum status
discrepancy_set_resolution(struct store_txn *txn, int64_t id, const char *state, const char *resolution,
                           const char *reason, const char *login, int64_t now_ms, struct error_detail *err) MUST_CHECK;
enum status discrepancy_set_confirmed(struct store_txn *txn, int64_t id, const char *login, int64_t now_ms,
                                      struct error_detail *err) MUST_CHECK;
enum status discrepancy_reopen(struct store_txn *txn, int64_t id, struct error_detail *err) MUST_CHECK;

enum {
    DISCREPANCY_SEARCH_MAX_BYTES = 200 /* of a search; a longer one finds nothing to compare and is refused before */
};

/* NULL and 0 filter nothing. Continue behind (`after_key`, `after_id`), as the last row of the page before gives them.
 */
enum discrepancy_order { DISCREPANCY_OLDEST, DISCREPANCY_NEWEST, DISCREPANCY_LARGEST };
struct discrepancy_query {
    const char *municipality;
    int64_t id;
    const char *state; /* "open" includes "awaiting_second"; "undo_asked": resolved, and to be taken back; "all" */
    const char *class;
    const char *brand;
    const char *terminal;
    const char *owner;
    const char *from, *to;    /* of the event */
    const char *overdue_from; /* due before this day */
    const char *resolution;
    const char *search;   /* stands in its number, payment, payout, till, amount or sentence; any case */
    const char *expected; /* "1": expected to clear by itself; "0": not */
    enum discrepancy_order order;
    bool has_after;
    const char *after_day; /* of DISCREPANCY_OLDEST and _NEWEST */
    int64_t after_yen;     /* of DISCREPANCY_LARGEST */
    int64_t after_id;
    int64_t limit;
};
enum status discrepancy_each(struct store_txn *txn, const struct discrepancy_query *query, discrepancy_visitor visit,
                             void *context, struct error_detail *err) MUST_CHECK;

/* Open ones by class, largest count first. */
typedef enum status (*discrepancy_total_visitor)(const char *class, int64_t count, int64_t amount_yen, void *context);
enum status discrepancy_totals(struct store_txn *txn, const struct discrepancy_query *query,
                               discrepancy_total_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* How many are open, overdue on TODAY, and waiting for a second person. */
struct discrepancy_counts {
    int64_t open_count;
    int64_t open_yen;
    int64_t overdue_count;
    int64_t awaiting_count;
};
enum status discrepancy_count(struct store_txn *txn, const char *municipality, const char *today,
                              struct discrepancy_counts *out, struct error_detail *err) MUST_CHECK;
