/* Deposits: what statements announce, what the bank's records say came. Rows are borrowed for the visit; anything but
 * STATUS_OK from a visitor ends the walk and is returned. */
#pragma once

#include "settlement/statements/statement_line.h"
#include "settlement/store/store.h"

struct payout_row {
    const char *trustee;
    const char *payout;
    const char *due_on;
    const char *first_on;
    int64_t line_count;
    int64_t amount_yen;
    int64_t fee_yen;
    int64_t credited_yen;
    const char *credited_on;
    int64_t expected_yen;    /* what is to come by the terms of the last run: amount_yen, or less fees */
    const char *payable_on;  /* when: due_on, or by the terms where statements name no day; '' before the first run */
    int64_t announced_at_ms; /* when its first statement came; 0 where first_on is known */
    int64_t carry_yen;       /* of expected_yen: + taken over from earlier payouts, − left to a later one */
    bool is_carried;         /* nothing of it is paid by itself */
    const char *carried_to;  /* the payout that takes it in the end; "" while there is none */
};
typedef enum status (*payout_visitor)(const struct payout_row *row, void *context, struct error_detail *err);

/* Add the parts of imports after AFTER_IMPORT to the payouts. */
enum status payout_gather(struct store_txn *txn, const char *municipality, int64_t after_import,
                          struct error_detail *err) MUST_CHECK;

/* What a run decided about it: all but the sums of its lines. */
enum status payout_agree(struct store_txn *txn, const char *municipality, const struct payout_row *payout,
                         struct error_detail *err) MUST_CHECK;

/* Payouts with lines of imports after AFTER_IMPORT, whatever their state. */
enum status payout_touched_each(struct store_txn *txn, const char *municipality, int64_t after_import,
                                payout_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* Payouts that are not credited in full, and those that are carried and have no taker yet, oldest first. */
enum status payout_open_each(struct store_txn *txn, const char *municipality, payout_visitor visit, void *context,
                             struct error_detail *err) MUST_CHECK;

/* A payout by its id, whatever its state; all of that id when several trustees use it. */
enum status payout_find_each(struct store_txn *txn, const char *municipality, const char *payout, payout_visitor visit,
                             void *context, struct error_detail *err) MUST_CHECK;

/* The payouts of TRUSTEE that are to be paid on DAY. */
enum status payout_of_day_each(struct store_txn *txn, const char *municipality, const char *trustee, const char *day,
                               payout_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* The payouts of TRUSTEE that are to be paid on FROM or later, and those before that leave something to them. */
enum status payout_from_each(struct store_txn *txn, const char *municipality, const char *trustee, const char *from,
                             payout_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* The payouts that bank line (IMPORT, LINE) pays, by its portions. */
enum status payout_of_credit_each(struct store_txn *txn, const char *municipality, int64_t import, int64_t line,
                                  payout_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* Bank lines that came in (not out): the open ones, then those of imports after AFTER_IMPORT. */
typedef enum status (*credit_visitor)(int64_t import, const struct bank_line *line, bool is_carried, void *context,
                                      struct error_detail *err);
enum status credit_open_each(struct store_txn *txn, const char *municipality, credit_visitor visit, void *context,
                             struct error_detail *err) MUST_CHECK;
enum status credit_new_each(struct store_txn *txn, const char *municipality, int64_t after_import, credit_visitor visit,
                            void *context, struct error_detail *err) MUST_CHECK;

/* Bank line (IMPORT, LINE) pays so much of the payout. */
struct portion_row {
    int64_t import;
    int64_t line;
    const char *trustee;
    const char *payout;
    int64_t amount_yen;
};
typedef enum status (*portion_visitor)(const struct portion_row *portion, void *context, struct error_detail *err);
enum status portion_each(struct store_txn *txn, int64_t import, int64_t line, portion_visitor visit, void *context,
                         struct error_detail *err) MUST_CHECK;
enum status portion_add(struct store_txn *txn, const char *municipality, const struct portion_row *portion,
                        struct error_detail *err) MUST_CHECK;
enum status
portion_remove(struct store_txn *txn, const struct portion_row *portion, struct error_detail *err) MUST_CHECK;
enum status open_credit_put(struct store_txn *txn, const char *municipality, int64_t import, int64_t line,
                            const char *due_on, struct error_detail *err) MUST_CHECK;
enum status
open_credit_remove(struct store_txn *txn, int64_t import, int64_t line, struct error_detail *err) MUST_CHECK;

/* The bank lines that paid it. */
typedef enum status (*credit_row_visitor)(int64_t import, const struct bank_line *line, void *context,
                                          struct error_detail *err);
enum status credit_each(struct store_txn *txn, const char *municipality, const char *trustee, const char *payout,
                        credit_row_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* The last day that bank records of MUNICIPALITY cover; "" when there is none. */
enum status bank_covers_to(struct store_txn *txn, const char *municipality, char out[CIVIL_DATE_TEXT_SIZE],
                           struct error_detail *err) MUST_CHECK;

/* How much of 調定 ASSESSMENT has been paid over: the sources whose statement line is in a payout credited in full,
 * or less a transfer fee that a person accepted. */
enum status
assessment_received(struct store_txn *txn, int64_t assessment, int64_t *out_yen, struct error_detail *err) MUST_CHECK;
