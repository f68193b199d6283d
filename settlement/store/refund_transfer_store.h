/* 口座振込 of refunds: whom they go to, and the 総合振込 files that carry them to the bank. */
#pragma once

#include "common/identity/identity.h"
#include "settlement/store/store.h"

enum {
    PAYEE_BANK_SIZE = 5,    /* 統一金融機関番号, 4 digits */
    PAYEE_BRANCH_SIZE = 4,  /* 3 digits */
    PAYEE_KIND_SIZE = 2,    /* 1 普通, 2 当座, 4 貯蓄 */
    PAYEE_NUMBER_SIZE = 8,  /* 7 digits */
    PAYEE_HOLDER_SIZE = 181 /* 30 half-width characters in UTF-8, with marks */
};

/* Where the money of a refund goes. Personal data. */
struct refund_payee {
    char bank[PAYEE_BANK_SIZE];
    char branch[PAYEE_BRANCH_SIZE];
    char account_kind[PAYEE_KIND_SIZE];
    char account_number[PAYEE_NUMBER_SIZE];
    char holder_kana[PAYEE_HOLDER_SIZE];
};

/* Insert, or put in the place of what was there. */
enum status
refund_payee_put(struct store_txn *txn, const char *municipality, const char *refund, const struct refund_payee *payee,
                 const char *entered_by, int64_t now_ms, struct error_detail *err) MUST_CHECK;
/* *OUT_FOUND false: nobody said yet. */
enum status refund_payee_find(struct store_txn *txn, const char *municipality, const char *refund,
                              struct refund_payee *out, bool *out_found, struct error_detail *err) MUST_CHECK;
/* How many were wiped: of refunds that ended before DAY ("YYYY-MM-DD"). */
enum status refund_payee_wipe(struct store_txn *txn, const char *municipality, const char *day, int64_t *out_count,
                              struct error_detail *err) MUST_CHECK;

/* A refund that may go into a file: of the desk, approved, by 口座振込, with a payee, in no file that stands. */
struct payable_refund {
    const char *refund;
    const char *receipt_number;
    int64_t amount_yen;
    struct refund_payee payee;
};
typedef enum status (*payable_refund_visitor)(const struct payable_refund *row, void *context,
                                              struct error_detail *err);
/* In the order of their requests. */
enum status payable_refund_each(struct store_txn *txn, const char *municipality, payable_refund_visitor visit,
                                void *context, struct error_detail *err) MUST_CHECK;

/* Texts are borrowed. */
struct transfer_row {
    int64_t id;
    const char *pay_on;
    int64_t item_count;
    int64_t amount_yen;
    const char *file_name;
    const char *sha256;
    const char *made_by;
    const char *made_by_name; /* only when read */
    int64_t made_at_ms;
    const char *state; /* made, done, discarded */
    const char *decided_by;
    const char *decided_by_name; /* only when read */
    int64_t decided_at_ms;
    const char *decided_reason;
    int64_t paid_yen; /* of its items; only when read */
    int64_t failed_count;
    const char *booked_on; /* of the bank's first line out of exactly paid_yen from pay_on on; "" */
};
enum status transfer_add(struct store_txn *txn, const char *municipality, const struct transfer_row *row,
                         const void *bytes, size_t length, int64_t *out_id, struct error_detail *err) MUST_CHECK;
typedef enum status (*transfer_visitor)(const struct transfer_row *row, void *context);
/* Newest first, those before BEFORE (0: from the newest); ID 0: all. */
enum status transfer_each(struct store_txn *txn, const char *municipality, int64_t id, int64_t before, int64_t limit,
                          transfer_visitor visit, void *context, struct error_detail *err) MUST_CHECK;
/* STATUS_CORRUPT when it is not waiting any more. STATE: "done", "discarded". */
enum status
transfer_decide(struct store_txn *txn, const char *municipality, int64_t id, const char *state, const char *decided_by,
                int64_t now_ms, const char *reason, struct error_detail *err) MUST_CHECK;
/* The file's bytes are borrowed for the visit. */
typedef enum status (*transfer_file_visitor)(const char *file_name, const void *bytes, size_t length, void *context);
enum status transfer_file(struct store_txn *txn, const char *municipality, int64_t id, transfer_file_visitor visit,
                          void *context, bool *out_found, struct error_detail *err) MUST_CHECK;

struct transfer_item {
    int64_t number; /* 1 … in the file */
    const char *refund;
    const char *receipt_number; /* only when read, as the next two */
    const char *sale;
    const char *approved_by;
    int64_t amount_yen;
    const char *state; /* sent, paid, failed */
};
enum status transfer_item_add(struct store_txn *txn, const char *municipality, int64_t transfer,
                              const struct transfer_item *item, struct error_detail *err) MUST_CHECK;
enum status transfer_item_set(struct store_txn *txn, int64_t transfer, const char *refund, const char *state,
                              struct error_detail *err) MUST_CHECK;
typedef enum status (*transfer_item_visitor)(const struct transfer_item *item, void *context);
enum status transfer_item_each(struct store_txn *txn, const char *municipality, int64_t transfer,
                               transfer_item_visitor visit, void *context, struct error_detail *err) MUST_CHECK;
/* The file that stands and has REFUND; 0: none. */
enum status transfer_of_refund(struct store_txn *txn, const char *municipality, const char *refund, int64_t *out_id,
                               struct error_detail *err) MUST_CHECK;
