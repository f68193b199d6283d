/* Sales, their lines and taxes, voids. Written by ledger/ only; texts are borrowed during the call, "" where there is
 * none. */
#pragma once

#include "common/clock/civil.h"
#include "common/identity/identity.h"
#include "settlement/store/store.h"

enum { RECEIPT_NUMBER_TEXT_SIZE = 41 };

struct sale_row {
    const char *terminal;
    int64_t sequence;
    const char *municipality;
    const char *place;
    const char *sale;
    const char *receipt_number;
    const char *business_date;
    const char *received_on;
    int fiscal_year;
    int64_t recorded_at_ms;
    const char *clerk;
    const char *method;
    const char *brand;
    const char *payment;
    int64_t total_yen;
    int64_t cash_yen; /* of the total: all, a part, or nothing */
    const char *reference_kind;
    const char *reference_number;
};
enum status sale_put(struct store_txn *txn, const struct sale_row *sale, struct error_detail *err) MUST_CHECK;

struct sale_line_row {
    const char *item;
    const char *name;
    int64_t unit_price_yen;
    int64_t quantity;
    int64_t amount_yen;
    const char *tax;
    const char *account;
    const char *section;
    const char *issuer;
    const char *exemption;
    const char *exemption_name;
    const char *exemption_reason;
    const char *facility;  /* "" when none was used */
    int64_t cash_yen;      /* of amount_yen, paid in cash */
    const char *reduction; /* rule; "" when there is none: then so are the next two, and the yen 0 */
    const char *reduction_name;
    const char *reduction_granter;
    int64_t reduction_yen;
    bool is_overridden; /* the next three */
    int64_t list_price_yen;
    const char *override_reason;
    const char *override_by;
    const char *tariff; /* "" for a fixed price */
    const char *ticket; /* "" when it pays none */
};
enum status sale_line_put(struct store_txn *txn, const struct sale_row *sale, int64_t number,
                          const struct sale_line_row *line, struct error_detail *err) MUST_CHECK;

struct sale_tax_row {
    const char *tax;
    const char *issuer;
    int64_t subject_yen;
    int64_t tax_yen;
};
enum status sale_tax_put(struct store_txn *txn, const struct sale_row *sale, const struct sale_tax_row *tax,
                         struct error_detail *err) MUST_CHECK;

/* What the rules need to know of a sale. */
struct sale_facts {
    char terminal[TERMINAL_ID_SIZE];
    int64_t sequence; /* 0: there is no such sale */
    char receipt_number[RECEIPT_NUMBER_TEXT_SIZE];
    char business_date[CIVIL_DATE_TEXT_SIZE];
    char received_on[CIVIL_DATE_TEXT_SIZE];
    char method[8];
    int64_t total_yen;
    int64_t cash_yen;
    int64_t voided_by; /* 0: stands */
};
enum status
sale_find(struct store_txn *txn, const char *sale, struct sale_facts *out, struct error_detail *err) MUST_CHECK;

/* The line of TERMINAL that used RECEIPT_NUMBER; 0 when none did. */
enum status sale_of_receipt(struct store_txn *txn, const char *terminal, const char *receipt_number,
                            int64_t *out_sequence, struct error_detail *err) MUST_CHECK;

struct sale_void_row {
    const char *terminal;
    int64_t sequence;
    const char *municipality;
    const char *sale;
    int64_t sale_sequence;
    const char *business_date;
    int64_t voided_at_ms;
    const char *clerk;
    const char *reason;
    int64_t total_yen;
};

/* Insert the void and mark the sale. */
enum status sale_void_put(struct store_txn *txn, const struct sale_void_row *row, struct error_detail *err) MUST_CHECK;

/* Add a sale's line, and the sale as a whole, to the sums of its day. A sale that was paid partly in cash adds to two
 * rows (migration 0008). */
enum status daily_item_add(struct store_txn *txn, const struct sale_row *sale, const struct sale_line_row *line,
                           struct error_detail *err) MUST_CHECK;
enum status daily_payment_add(struct store_txn *txn, const struct sale_row *sale, struct error_detail *err) MUST_CHECK;

/* Add the void of the sale in line SALE_SEQUENCE to the sums of the day it was received on. */
enum status
daily_add_void(struct store_txn *txn, const char *terminal, int64_t sale_sequence, struct error_detail *err) MUST_CHECK;
