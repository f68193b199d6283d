/* Cashless payments and reversals, in the state of their newest line. Written by ledger/ only; texts are borrowed
 * during the call, "" where there is none. */
#pragma once

#include "common/clock/civil.h"
#include "common/identity/identity.h"
#include "settlement/store/store.h"

enum { BRAND_CODE_SIZE = 33, PAYMENT_STATE_SIZE = 16, PAYMENT_RULE_SIZE = 33 };

struct payment_row {
    const char *terminal;
    int64_t started_sequence;
    const char *municipality;
    const char *place;
    const char *payment;
    const char *sale;
    const char *method;
    const char *brand;
    int64_t amount_yen;
    const char *sequence_number;
    const char *clerk;
    const char *business_date;
    int64_t started_at_ms;
    int64_t cash_yen; /* beside amount_yen, in cash */
};
enum status payment_put(struct store_txn *txn, const struct payment_row *payment, struct error_detail *err) MUST_CHECK;

/* What the rules need to know of a payment. */
struct payment_facts {
    char terminal[TERMINAL_ID_SIZE];
    int64_t started_sequence; /* 0: there is no such payment */
    char sale[IDENTITY_TEXT_SIZE];
    char method[8];
    char brand[BRAND_CODE_SIZE];
    int64_t amount_yen;
    char state[PAYMENT_STATE_SIZE];
    int64_t sale_sequence; /* 0: paid nothing */
    int64_t cash_yen;
    char rule[PAYMENT_RULE_SIZE]; /* of the newest 処理未了; "" */
    bool is_proved;
};
enum status payment_find(struct store_txn *txn, const char *payment, struct payment_facts *out,
                         struct error_detail *err) MUST_CHECK;

/* Bring the payment to STATE by line SEQUENCE. CAUSE: why unknown or refused. ACQUIRER_REFERENCE and RULE "" leave what
 * is. */
enum status
payment_set_state(struct store_txn *txn, const char *payment, const char *state, int64_t sequence, const char *cause,
                  const char *acquirer_reference, const char *rule, struct error_detail *err) MUST_CHECK;

/* What a payment that counted as a sale turned out to be, by line SEQUENCE: charged, not_charged. */
enum status payment_set_proved(struct store_txn *txn, const char *payment, const char *proved, int64_t sequence,
                               struct error_detail *err) MUST_CHECK;
enum status payment_set_abandoned(struct store_txn *txn, const char *payment, int64_t sequence,
                                  struct error_detail *err) MUST_CHECK;

/* What payment.resolved adds to its state. */
struct payment_resolution {
    const char *state;
    const char *cause;
    const char *how;
    const char *resolved_on;
    const char *acquirer_reference;
    const char *approval_code;
    const char *slip_number;
    const char *masked_number;
    int64_t accepted_at_ms; /* 0: not said */
    const char *brand;      /* what was charged; "": what the start said */
};
enum status payment_set_resolved(struct store_txn *txn, const char *payment, int64_t sequence,
                                 const struct payment_resolution *resolution, struct error_detail *err) MUST_CHECK;

/* The sale.recorded of line SEQUENCE was paid by it, in BRAND (which the start may not have known). */
enum status payment_set_sale(struct store_txn *txn, const char *payment, int64_t sequence, const char *brand,
                             struct error_detail *err) MUST_CHECK;

struct reversal_row {
    const char *terminal;
    int64_t started_sequence;
    const char *municipality;
    const char *reversal;
    const char *payment;
    const char *sale;
    int64_t amount_yen;
    const char *clerk;
    const char *reason;
};
enum status
reversal_put(struct store_txn *txn, const struct reversal_row *reversal, struct error_detail *err) MUST_CHECK;

/* The state of REVERSAL, "" when there is none. */
/* Whether REVERSAL, of TERMINAL, gave back AMOUNT_YEN of SALE. */
enum status reversal_gave_back(struct store_txn *txn, const char *terminal, const char *reversal, const char *sale,
                               int64_t amount_yen, bool *out, struct error_detail *err) MUST_CHECK;
enum status reversal_state(struct store_txn *txn, const char *reversal, char out[PAYMENT_STATE_SIZE],
                           struct error_detail *err) MUST_CHECK;
enum status reversal_set_state(struct store_txn *txn, const char *reversal, const char *state, int64_t sequence,
                               const char *cause, struct error_detail *err) MUST_CHECK;
