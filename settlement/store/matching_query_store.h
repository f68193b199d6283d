/* What screens ask of matching: sums of a day, deposits as a list, the state of imported lines. Rows are borrowed for
 * the visit; anything but STATUS_OK from a visitor ends the walk and is returned. */
#pragma once

#include "settlement/store/store.h"

/* Cashless sales of DAY that stand: with and without their statement line, the latter while not due on TODAY. */
struct day_matching {
    int64_t matched_count, matched_yen;
    int64_t waiting_count, waiting_yen;
};
enum status day_matching(struct store_txn *txn, const char *municipality, const char *day, const char *today,
                         struct day_matching *out, struct error_detail *err) MUST_CHECK;

/* Deposits announced for TODAY, overdue without any credit, and those whose money is of a fiscal year that closes
 * before. */
struct deposit_outlook {
    int64_t today_count, today_yen;
    int64_t late_count, late_yen;
    int64_t misses_closing_count, misses_closing_yen;
};
enum status deposit_outlook(struct store_txn *txn, const char *municipality, const char *today,
                            struct deposit_outlook *out, struct error_detail *err) MUST_CHECK;

/* Payouts as a list: `state` "credited", "expected", "late", "short", "over", "carried" or NULL; newest due day first,
 * behind
 * (`after_day`, `after_trustee`, `after_payout`). */
struct payout_view {
    const char *trustee;
    const char *payout;
    const char *due_on;
    int64_t line_count;
    int64_t amount_yen;
    int64_t fee_yen;
    int64_t credited_yen;
    const char *credited_on;
    const char *state;
    bool misses_closing;
    int64_t discrepancy; /* 0: none is open */
    int64_t expected_yen;
    bool is_due_computed;   /* no statement names the day */
    int64_t carry_yen;      /* + taken over from earlier ones, − left to a later one; expected_yen has it in it */
    const char *carried_to; /* the later one; "" while there is none */
};
struct payout_query {
    const char *municipality;
    const char *payout;  /* only this id unless NULL; two trustees may use one id */
    const char *trustee; /* only this trustee's unless NULL; "" is of files that no trustee is known for */
    const char *state;
    const char *from, *to; /* of the due day */
    const char *today;
    const char *after_day;
    const char *after_trustee;
    const char *after_payout;
    int64_t limit;
};
typedef enum status (*payout_view_visitor)(const struct payout_view *view, void *context);
enum status payout_view_each(struct store_txn *txn, const struct payout_query *query, payout_view_visitor visit,
                             void *context, struct error_detail *err) MUST_CHECK;

/* A line of a file. */
typedef enum status (*file_place_visitor)(int64_t import, int64_t line, void *context);

/* The statement lines of a payout, at most LIMIT; the bank lines that paid it. */
enum status
payout_line_each(struct store_txn *txn, const char *municipality, const char *trustee, const char *payout,
                 int64_t limit, file_place_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* What a payout is made of, by name: its lines by kind and brand. Texts are borrowed. */
struct payout_share {
    const char *kind;  /* "sale", "reversal", "refund", "fee" */
    const char *brand; /* "" where the file names none */
    int64_t line_count;
    int64_t amount_yen;
    int64_t fee_yen;
};
typedef enum status (*payout_share_visitor)(const struct payout_share *share, void *context);
enum status payout_share_each(struct store_txn *txn, const char *municipality, const char *trustee, const char *payout,
                              payout_share_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

enum status
payout_bank_line_each(struct store_txn *txn, const char *municipality, const char *trustee, const char *payout,
                      file_place_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* How many lines of an import are in pairs (or pay a deposit), and how many are open. */
enum status import_line_counts(struct store_txn *txn, int64_t import, int64_t *out_matched, int64_t *out_open,
                               struct error_detail *err) MUST_CHECK;

/* "matched", "open", "closed" or (a fee) "other" for a statement line; "credited", "open" or "other" for a bank line.
 * Static.
 */
enum status import_line_state(struct store_txn *txn, int64_t import, int64_t line, bool is_bank, const char **out,
                              struct error_detail *err) MUST_CHECK;
