/* The books' rows against the audit's own book of a till. Each function walks both sides once, in the order of the
 * journal. */
#pragma once

#include "settlement/audit/book.h"
#include "settlement/store/audit_store.h"

enum status compare_sales(struct store_txn *txn, const struct book *book, struct error_detail *err) MUST_CHECK;
enum status compare_sale_lines(struct store_txn *txn, const struct book *book, struct error_detail *err) MUST_CHECK;
enum status compare_voids(struct store_txn *txn, const struct book *book, struct error_detail *err) MUST_CHECK;
enum status compare_payments(struct store_txn *txn, const struct book *book, struct error_detail *err) MUST_CHECK;
enum status compare_reversals(struct store_txn *txn, const struct book *book, struct error_detail *err) MUST_CHECK;
enum status compare_days(struct store_txn *txn, const struct book *book, struct error_detail *err) MUST_CHECK;
enum status compare_refunds(struct store_txn *txn, const struct book *book, struct error_detail *err) MUST_CHECK;
enum status compare_facts(struct store_txn *txn, const struct book *book, struct error_detail *err) MUST_CHECK;
enum status compare_visits(struct store_txn *txn, const struct book *book, struct error_detail *err) MUST_CHECK;
enum status compare_postings(struct store_txn *txn, const struct book *book, struct error_detail *err) MUST_CHECK;
enum status compare_parked(struct store_txn *txn, const struct book *book, int64_t *out_parked,
                           struct error_detail *err) MUST_CHECK;

/* Gapless serials of receipts per business date; from the book alone. */
void compare_receipts(const struct book *book);

/* A cursor over rows that knows whether it stands on one. */
struct row_cursor {
    struct audit_rows *rows;
    bool has_row;
};
enum status row_cursor_begin(struct row_cursor *cursor, struct store_txn *txn, enum audit_question question,
                             const char *terminal, struct error_detail *err) MUST_CHECK;
enum status row_cursor_next(struct row_cursor *cursor, struct error_detail *err) MUST_CHECK;

/* Whether DATE is written as TEXT. */
bool row_date_is(struct civil_date date, const char *text);
