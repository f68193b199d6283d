/* What drafting reads: received sales of a day, what approved 調定 hold of them, and which days must be looked at. */
#pragma once

#include "settlement/assessment/grouping.h"
#include "settlement/store/store.h"

/* A line of a sale that stands (not voided). Texts are borrowed for the call. */
struct received_line {
    const char *terminal;
    int64_t sequence;
    const char *sale;
    const char *method;
    const char *brand;
    int number;
    const char *item;
    const char *name;
    int64_t quantity;
    int64_t unit_price_yen;
    int64_t amount_yen;
    const char *tax;
    const char *account;
    const char *section;
    const char *issuer;
    int64_t cash_yen; /* of amount_yen */
    const char *facility;
    const char *reduction; /* name of the 減免, "" */
};

/* Anything but STATUS_OK ends the walk and is returned. */
typedef enum status (*received_line_visitor)(const struct received_line *line, void *context, struct error_detail *err);

/* The lines received on DAY ("YYYY-MM-DD") in the order of terminal, sequence, number. */
enum status received_line_each(struct store_txn *txn, const char *municipality, const char *day,
                               received_line_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* The tax that the receipt of sale (TERMINAL, SEQUENCE) states for TAX and ISSUER; 0 when it states none. */
enum status received_tax(struct store_txn *txn, const char *terminal, int64_t sequence, const char *tax,
                         const char *issuer, int64_t *out_yen, struct error_detail *err) MUST_CHECK;

/* What was paid back of a line of a sale that was received on DAY, until LAST_DAY, and by which means. In the order of
 * terminal, sequence, line. */
struct refunded_line {
    const char *terminal;
    int64_t sequence;
    int number;        /* 0: an older till did not say of which lines */
    const char *means; /* cash, gateway, bank_transfer */
    int64_t amount_yen;
};
typedef enum status (*refunded_line_visitor)(const struct refunded_line *line, void *context, struct error_detail *err);
enum status refunded_line_each(struct store_txn *txn, const char *municipality, const char *day, const char *last_day,
                               refunded_line_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* 調定 ASSESSMENT was approved, and some of its sales were paid back: its day must be looked at again. */
enum status assessment_mark_refunded(struct store_txn *txn, int64_t assessment, struct error_detail *err) MUST_CHECK;

/* Lines that approved 当初 and 増額 of DAY hold, less what approved 減額 took out. */
typedef enum status (*assessment_claim_visitor)(const struct assessment_claim *claim, void *context,
                                                struct error_detail *err);
enum status assessment_claim_each(struct store_txn *txn, const char *municipality, const char *day,
                                  assessment_claim_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* Approved 当初 of DAY. */
typedef enum status (*assessment_original_visitor)(const struct assessment_original *original, void *context,
                                                   struct error_detail *err);
enum status
assessment_original_each(struct store_txn *txn, const char *municipality, const char *day,
                         assessment_original_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* Mark the days on which something was recorded or voided since the last call, and those that hold money back or have
 * open drafts for a fiscal year that is closed on TODAY. Costs the new lines, not the history. */
enum status assessment_mark_days(struct store_txn *txn, const char *municipality, const char *today,
                                 struct error_detail *err) MUST_CHECK;

/* Whether DAY is marked. */
enum status assessment_day_is_marked(struct store_txn *txn, const char *municipality, const char *day, bool *out,
                                     struct error_detail *err) MUST_CHECK;

/* The earliest marked day up to TO into OUT; *OUT_FOUND false when there is none. */
enum status assessment_marked_day(struct store_txn *txn, const char *municipality, const char *to,
                                  char out[CIVIL_DATE_TEXT_SIZE], bool *out_found, struct error_detail *err) MUST_CHECK;

enum status assessment_mark_day(struct store_txn *txn, const char *municipality, const char *day,
                                struct error_detail *err) MUST_CHECK;
enum status assessment_unmark_day(struct store_txn *txn, const char *municipality, const char *day,
                                  struct error_detail *err) MUST_CHECK;

/* 利用料金 of the day: made anew with it. ROUTE is "cash", a trustee's code or "". */
struct operator_line {
    const char *terminal;
    int64_t sequence;
    int number;
    const char *route;
    const char *facility;
    const char *run_by;
    const char *item;
    int64_t quantity;
    int64_t amount_yen;
    int64_t tax_yen;
};
enum status operator_revenue_clear(struct store_txn *txn, const char *municipality, const char *day,
                                   struct error_detail *err) MUST_CHECK;
enum status operator_revenue_add(struct store_txn *txn, const char *municipality, const char *day,
                                 const struct operator_line *line, struct error_detail *err) MUST_CHECK;

/* Money held back: made anew with the day. REASON: "no_account", "no_trustee", "closed_year_decrease". */
enum status assessment_held_clear(struct store_txn *txn, const char *municipality, const char *day,
                                  struct error_detail *err) MUST_CHECK;
enum status assessment_held_add(struct store_txn *txn, const char *municipality, const char *day, const char *terminal,
                                int64_t sequence, int number, const char *reason, int64_t amount_yen,
                                struct error_detail *err) MUST_CHECK;
