/* Reading cashless payments and sales for screens: what stands in the ledger, and what matching made of it. Rows are
 * borrowed for the visit; anything but STATUS_OK from a visitor ends the walk and is returned. */
#pragma once

#include "settlement/store/store.h"

/* `state`: "matched", "waiting", "overdue", "unknown", "in_doubt", "differs", "void", "held", "none", "closed". Texts
 * "" and numbers 0 where there is none. */
struct payment_view {
    const char *payment;
    const char *sale;
    const char *terminal;
    int64_t started_sequence;
    int64_t state_sequence;
    int64_t sale_sequence;
    int64_t void_sequence;
    const char *business_date;
    const char *received_on;
    const char *receipt_number;
    const char *method;
    const char *brand;
    int64_t amount_yen;
    const char *state;
    const char *due_on;
    const char *acquirer_reference;
    int64_t import, line;
    int64_t line_amount_yen;
    int64_t line_fee_yen;
    const char *payout;
    const char *payout_trustee; /* whose file the line is of: names the payout, with its id */
    int64_t discrepancy;
};
typedef enum status (*payment_view_visitor)(const struct payment_view *view, void *context);

/* NULL filters nothing. Newest first, behind (`after_day`, `after_terminal`, `after_sequence`). `search` is a receipt
 * number, payment id or acquirer's reference; with it the day filters are left out. TODAY decides what is overdue. */
struct payment_query {
    const char *municipality;
    const char *state;
    const char *from, *to;
    const char *brand;
    const char *terminal;
    const char *search;
    const char *today;
    const char *after_day;
    const char *after_terminal;
    int64_t after_sequence;
    int64_t limit;
};
enum status payment_view_each(struct store_txn *txn, const struct payment_query *query, payment_view_visitor visit,
                              void *context, struct error_detail *err) MUST_CHECK;

/* The statement lines that are or were put beside PAYMENT: its pairs, and those of its discrepancies. */
typedef enum status (*line_place_visitor)(int64_t import, int64_t line, void *context);
enum status payment_lines_each(struct store_txn *txn, const char *municipality, const char *payment,
                               line_place_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* The bank lines that paid the payout of the line that PAYMENT is paired with. */
enum status payment_bank_lines_each(struct store_txn *txn, const char *municipality, const char *payment,
                                    line_place_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* The journal lines that speak of the payment started by (TERMINAL, SEQUENCE): start, newest state, sale, void,
 * reversals. Ascending, each once; at most SIZE. */
enum status payment_journal_sequences(struct store_txn *txn, const char *terminal, int64_t sequence, int64_t *out,
                                      size_t size, size_t *out_count, struct error_detail *err) MUST_CHECK;
