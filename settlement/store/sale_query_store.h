/* Reading sales for screens: the list, one sale with everything that hangs on it. Rows are borrowed for the visit;
 * anything but STATUS_OK from a visitor ends the walk and is returned. */
#pragma once

#include "settlement/store/store.h"

#include <stdbool.h>

struct sold_row {
    const char *sale;
    const char *receipt_number;
    const char *terminal;
    int64_t sequence; /* of its sale.recorded */
    const char *business_date;
    const char *received_on;
    const char *method;
    const char *brand;
    int64_t amount_yen;
    int64_t cash_yen; /* of amount_yen */
    bool is_void;
    const char *reference_kind; /* "" when there is none */
    const char *reference_number;
};
typedef enum status (*sold_visitor)(const struct sold_row *row, void *context);

/* NULL filters nothing; `search` is a whole receipt number, sale or payment id, or the
 * number of what the sale belongs to (a reservation …). Newest day of receipt first; continue
 * behind the row (`after_day`, `after_terminal`, `after_sequence`) when `after_day` is there. */
struct sold_query {
    const char *municipality;
    const char *date; /* of receipt */
    const char *terminal;
    const char *method;
    const char *search;
    const char *after_day;
    const char *after_terminal;
    int64_t after_sequence;
    int64_t limit;
};
enum status sold_each(struct store_txn *txn, const struct sold_query *query, sold_visitor visit, void *context,
                      struct error_detail *err) MUST_CHECK;

struct sold_line {
    int64_t number;
    const char *item;
    const char *name;
    int64_t unit_price_yen;
    int64_t quantity;
    int64_t amount_yen;
    const char *tax;
    const char *account;
    const char *section;
    const char *issuer;
    const char *exemption; /* rule of a 0円 issue, "" otherwise */
    const char *exemption_name;
    const char *exemption_reason;
    int64_t cash_yen; /* of amount_yen */
    const char *facility;
    const char *reduction; /* "" when there is none */
    const char *reduction_name;
    const char *reduction_granter;
    int64_t reduction_yen;
    bool is_overridden;
    int64_t list_price_yen;
    const char *override_reason;
    const char *override_by;
    const char *tariff;
    const char *ticket;
};
typedef enum status (*sold_line_visitor)(const struct sold_line *line, void *context);
enum status sold_line_each(struct store_txn *txn, const char *terminal, int64_t sequence, sold_line_visitor visit,
                           void *context, struct error_detail *err) MUST_CHECK;

struct sold_tax {
    const char *tax;
    const char *issuer;
    int64_t subject_yen;
    int64_t tax_yen;
};
typedef enum status (*sold_tax_visitor)(const struct sold_tax *tax, void *context);
enum status sold_tax_each(struct store_txn *txn, const char *terminal, int64_t sequence, sold_tax_visitor visit,
                          void *context, struct error_detail *err) MUST_CHECK;

/* The journal lines of the till that made the sale what it is: its payment, itself, its void, its refunds at the same
 * till; in their order. */
typedef enum status (*sold_journal_visitor)(int64_t sequence, void *context);
enum status sold_journal_each(struct store_txn *txn, const char *terminal, int64_t sequence, sold_journal_visitor visit,
                              void *context, struct error_detail *err) MUST_CHECK;

/* The 調定 that hold a line of it, oldest first. */
struct sold_assessment {
    int64_t id;
    int64_t fiscal_year;
    int64_t serial; /* 0: no number yet */
    const char *kind;
    const char *state;
};
typedef enum status (*sold_assessment_visitor)(const struct sold_assessment *assessment, void *context);
enum status
sold_assessment_each(struct store_txn *txn, const char *municipality, const char *terminal, int64_t sequence,
                     sold_assessment_visitor visit, void *context, struct error_detail *err) MUST_CHECK;
