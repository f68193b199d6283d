/* 払込 as rows: prepared, confirmed, taken back, and what the bank's records say of them. Rows are borrowed for the
 * visit; anything but STATUS_OK from a visitor ends the walk and is returned. */
#pragma once

#include "common/clock/civil.h"
#include "settlement/store/store.h"

struct remittance_row {
    int64_t id;
    int64_t fiscal_year;
    int64_t number;
    const char *section;
    const char *officer;
    const char *bank;
    const char *pay_on;
    int64_t close_count;
    int64_t amount_yen;
    int64_t difference_yen;
    int64_t prepared_at_ms;
    const char *prepared_by;
    const char *prepared_name;
    int64_t confirmed_at_ms; /* 0: not yet */
    const char *confirmed_by;
    const char *confirmed_name;
    const char *paid_on;
    const char *receipt;
    int64_t undone_at_ms;
    const char *undone_by;
    const char *undone_name;
    const char *undone_reason;
    const char *seen; /* reference, amount, differs, several; "" */
    int64_t import;   /* the bank's line; 0 */
    int64_t line;
    const char *booked_on;
    int64_t booked_yen;
};
typedef enum status (*remittance_visitor)(const struct remittance_row *row, void *context, struct error_detail *err);

/* `state`: prepared, confirmed (what the bank's records do not prove yet), seen, undone; NULL: all. Newest first;
 * continue behind `after_id`. */
struct remittance_query {
    const char *municipality;
    int64_t id; /* 0: all */
    const char *from;
    const char *to; /* 払込日 as planned */
    const char *state;
    int64_t after_id; /* 0: from the newest */
    int64_t limit;
};
enum status remittance_each(struct store_txn *txn, const struct remittance_query *query, remittance_visitor visit,
                            void *context, struct error_detail *err) MUST_CHECK;

/* Those that were paid in FROM … TO and stand, by day. */
enum status remittance_paid_each(struct store_txn *txn, const char *municipality, const char *from, const char *to,
                                 remittance_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* The number after the last of FISCAL_YEAR. Inside a write transaction for the municipality. */
enum status remittance_next_number(struct store_txn *txn, const char *municipality, int64_t fiscal_year, int64_t *out,
                                   struct error_detail *err) MUST_CHECK;

/* Write a prepared one: members up to prepared_by are ROW's, but its id. */
enum status remittance_add(struct store_txn *txn, const char *municipality, const struct remittance_row *row,
                           int64_t *out_id, struct error_detail *err) MUST_CHECK;

struct remittance_close_row {
    const char *terminal;
    int64_t opened_sequence;
    int64_t deposit_yen;
    int64_t difference_yen;
};
/* STATUS_CONFLICT when another 払込 that stands has the close. */
enum status remittance_close_add(struct store_txn *txn, const char *municipality, int64_t remittance,
                                 const struct remittance_close_row *close, struct error_detail *err) MUST_CHECK;

enum status
remittance_confirm(struct store_txn *txn, const char *municipality, int64_t id, const char *paid_on,
                   const char *receipt, const char *login, int64_t now_ms, struct error_detail *err) MUST_CHECK;

/* With its closes, and with what the bank's records said of it. */
enum status remittance_take_back(struct store_txn *txn, const char *municipality, int64_t id, const char *reason,
                                 const char *login, int64_t now_ms, struct error_detail *err) MUST_CHECK;

/* The bank that was named last; "" when none was. */
enum { REMITTANCE_BANK_SIZE = 121 /* 40 characters of Japanese */ };
enum status remittance_last_bank(struct store_txn *txn, const char *municipality, char out[REMITTANCE_BANK_SIZE],
                                 struct error_detail *err) MUST_CHECK;

/* ---- the bank's records ------------------------------------------------------------------------------------------ */

/* A credit that a 払込 could be: it pays no payout, nobody said that it does, and its line counts. */
struct booked_row {
    int64_t import;
    int64_t line;
    int64_t amount_yen;
    const char *booked_on;
    const char *edi;
    const char *summary;
    const char *payer_kana;
};
typedef enum status (*booked_visitor)(const struct booked_row *row, void *context, struct error_detail *err);

/* Credits booked in FROM … TO. */
enum status remittance_credit_each(struct store_txn *txn, const char *municipality, const char *from, const char *to,
                                   booked_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* First and last day of the bank's lines that came after import AFTER_IMPORT; "" when none did. */
enum status remittance_new_days(struct store_txn *txn, const char *municipality, int64_t after_import,
                                char out_from[CIVIL_DATE_TEXT_SIZE], char out_to[CIVIL_DATE_TEXT_SIZE],
                                struct error_detail *err) MUST_CHECK;

/* What is said of ID; STATE "" says nothing any more. */
enum status remittance_seen_put(struct store_txn *txn, const char *municipality, int64_t id, const char *state,
                                int64_t import, int64_t line, struct error_detail *err) MUST_CHECK;
