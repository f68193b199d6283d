/* Refunds as the tills record them: asked for, paid, taken back. Written by ledger/ only; texts are borrowed during the
 * call. What a refund does to 調定 is decided elsewhere. */
#pragma once

#include "common/clock/civil.h"
#include "common/identity/identity.h"
#include "settlement/store/store.h"

enum { REFUND_WORD_SIZE = 16, REFUND_PERSON_SIZE = 65 };

struct refund_row {
    const char *terminal;
    int64_t requested_sequence;
    const char *municipality;
    const char *place;
    const char *refund;
    const char *sale; /* may be another till's, and may not have come in yet */
    const char *receipt_number;
    const char *business_date;
    int64_t requested_at_ms;
    int64_t amount_yen;
    const char *means;
    const char *reason;
    const char *clerk;
    const char *approved_by;
    const char *takes_over; /* the till's request that the desk carries out instead; "" */
};
enum status refund_put(struct store_txn *txn, const struct refund_row *row, struct error_detail *err) MUST_CHECK;

/* AMOUNT_YEN of line LINE (from 1) of the sale is asked back. */
enum status refund_line_put(struct store_txn *txn, const struct refund_row *row, int64_t line, int64_t amount_yen,
                            struct error_detail *err) MUST_CHECK;

/* What the rules need to know of a refund. */
struct refund_facts {
    char terminal[TERMINAL_ID_SIZE];
    int64_t requested_sequence; /* 0: there is none */
    char municipality[MUNICIPALITY_CODE_SIZE];
    char business_date[CIVIL_DATE_TEXT_SIZE]; /* of the request */
    char means[REFUND_WORD_SIZE];
    char sale[IDENTITY_TEXT_SIZE];
    char state[REFUND_WORD_SIZE]; /* requested, paid, withdrawn */
    int64_t amount_yen;
    char run[REFUND_WORD_SIZE]; /* "", running, unknown, refused */
    char clerk[REFUND_PERSON_SIZE];
    char approved_by[REFUND_PERSON_SIZE];   /* "" */
    char taken_over_by[IDENTITY_TEXT_SIZE]; /* the desk's refund that stands and carries this one out; "" */
};
enum status
refund_find(struct store_txn *txn, const char *refund, struct refund_facts *out, struct error_detail *err) MUST_CHECK;

/* The second person of the desk agrees to REFUND. */
enum status refund_set_approved(struct store_txn *txn, const char *refund, const char *approved_by,
                                struct error_detail *err) MUST_CHECK;

/* How far the till is that carries REFUND out itself: running, unknown, refused. */
enum status
refund_set_run(struct store_txn *txn, const char *refund, const char *run, struct error_detail *err) MUST_CHECK;

/* How a request ended. */
struct refund_end {
    const char *state; /* paid, withdrawn */
    int64_t sequence;
    const char *business_date;
    const char *means; /* of paid */
    const char *clerk;
    const char *approved_by;
    const char *reason; /* of withdrawn */
};
enum status refund_set_end(struct store_txn *txn, const char *refund, const struct refund_end *end,
                           struct error_detail *err) MUST_CHECK;
