/* What PayPay's messages mean (docs/protocol/paypay.md); the pure half of the adapter. */
#pragma once

#include "common/bytes/buffer.h"
#include "pos/payment/channel.h"

/* Bodies. EPOCH_S is now; a refund names PayPay's own id of the payment. */
enum status paypay_code_write(const struct payment_request *request, int64_t epoch_s, struct buffer *out,
                              struct error_detail *err) MUST_CHECK;
enum status paypay_refund_write(const struct payment_refund *refund, const char *payment_id, int64_t epoch_s,
                                struct buffer *out, struct error_detail *err) MUST_CHECK;

/* What a result of PayPay's is to us. */
enum paypay_outcome {
    PAYPAY_SUCCESS,
    PAYPAY_NO_SUCH,        /* no payment, code or refund of that name */
    PAYPAY_DUPLICATE,      /* a code of that name exists already */
    PAYPAY_ALREADY_PAID,   /* a code that was to be deleted */
    PAYPAY_NOT_REVERSIBLE, /* too late to cancel, or not in a state for it */
    PAYPAY_REFUSED,        /* for good: parameters, an operation that is not acceptable */
    PAYPAY_UNAUTHORIZED,
    PAYPAY_UNKNOWN /* "status unknown": a server's error, maintenance, too many requests, or no answer of theirs */
};
enum paypay_outcome paypay_outcome_read(unsigned http_status, const struct buffer *body);

/* The answer to the making of a code for PAYMENT. PAYMENT_PENDING with OUT_CODE, or why not. */
void paypay_code_read(unsigned http_status, const struct buffer *body, const char *payment,
                      struct payment_presented *out_code, struct payment_answer *out);

/* The details of the payment by code. */
void
paypay_details_read(unsigned http_status, const struct buffer *body, const char *payment, struct payment_answer *out);

/* How the refund stands: PAYMENT_REVERSED, _DECLINED, _PENDING, _NOT_FOUND, _UNKNOWN. */
void paypay_refund_read(unsigned http_status, const struct buffer *body, const struct payment_refund *refund,
                        struct payment_answer *out);
