/* One till of a gym and two days in which it does all that a till can do, for ledger, audit, 調定 and screens.
 *
 *   KO-11 at gym-1, 2026-11-21 (lines 1 … 25)
 *     float 30,000 counted; ticket T-1; three children came in, one was counted too many; A: 2,000 less 減免 500 in
 * cash; B: 450 + 1,100 (pays T-1), 600 of it in cash and 950 by PayPay; C: list price 500 sold at 300 in cash; a basket
 * held, recalled, discarded; cash in 5,000 and out 2,000; float 10,000 lent, 5,000 returned; 点検; hand-over; close
 * counts 10 yen too little KO-11, 2026-11-22 (lines 26 … 41) float 20,000; 500 of A given back in cash; 950 of B asked
 * for from the gateway; a request for C taken back; D: mixed like B, voided; E: 0円 with an explained price; F: 660 to
 * the operator of the arena; ticket T-2 stays open
 */
#pragma once

#include "tests/unit/settlement/core/journal_maker.h"

enum {
    WHOLE_SALE_A = 600,
    WHOLE_SALE_B,
    WHOLE_SALE_C,
    WHOLE_SALE_D,
    WHOLE_SALE_E,
    WHOLE_SALE_F,
    WHOLE_PAYMENT_B = 700,
    WHOLE_PAYMENT_D,
    WHOLE_REVERSAL_D = 720,
    WHOLE_REFUND_A = 800, /* paid */
    WHOLE_REFUND_B,       /* waits */
    WHOLE_REFUND_C,       /* taken back */
    WHOLE_DAY_1 = 40,
    WHOLE_DAY_2
};

/* Lines of the journal that tests name. */
enum {
    LINE_COUNT_OPEN = 3,
    LINE_OPENED_1 = 4,
    LINE_TICKET_1 = 5,
    LINE_SALE_A = 7,
    LINE_PAYMENT_B = 8,
    LINE_SALE_B = 10,
    LINE_SALE_C = 11,
    LINE_CASH_IN = 15,
    LINE_CASH_OUT = 16,
    LINE_FLOAT_LENT = 17,
    LINE_INSPECTED = 18,
    LINE_COUNT_HANDOVER = 19,
    LINE_SHIFT = 20,
    LINE_FLOAT_RETURNED = 21,
    LINE_TICKET_CLOSED = 22,
    LINE_COUNT_CLOSE = 24,
    LINE_CLOSED_1 = 25,
    LINE_OPENED_2 = 26,
    LINE_REFUND_A = 27,
    LINE_REFUND_A_PAID = 28,
    LINE_REFUND_B = 29,
    LINE_REFUND_C = 30,
    LINE_REFUND_C_WITHDRAWN = 31,
    LINE_SALE_D = 34,
    LINE_VOID_D = 37,
    LINE_SALE_E = 38,
    LINE_SALE_F = 39,
    LINE_TICKET_2 = 40,
    LINE_CLOSED_2 = 41
};

/* Enrol KO-11 in STORE and write its journal; nothing is sent. Then maker_send, maker_finish. */
void whole_till_make(struct maker *maker, struct store *store);

/* Sale B again: 450円 exempt and 1,100円 with tax, 600円 in cash and 950円 by PayPay, with the payment's lines. */
void whole_mixed_sale(struct maker *maker, unsigned sale, unsigned payment);

/* Sales by their body's end: LINES and TAXES are JSON arrays, PAYMENT an object. The receipt number is the next of the
 * day.
 */
void whole_sale(struct maker *maker, unsigned sale, const char *lines, int64_t total_yen, const char *taxes,
                const char *payment);
