/* What Alipay+'s messages mean for a payment; the pure half of the adapter (docs/protocol/alipay-plus.md). Whoever
 * calls the readers has verified the answer's signature. */
#pragma once

#include "pos/payment/channel.h"

enum { ALIPAY_TEXT_SIZE = 129 };

/* Who we are, and how money is written there. */
struct alipay_merchant {
    char reference[ALIPAY_TEXT_SIZE];   /* referenceMerchantId */
    char name[ALIPAY_TEXT_SIZE];        /* what the payer reads */
    char store[ALIPAY_TEXT_SIZE];       /* referenceStoreId */
    char category[5];                   /* merchant category code */
    char description[ALIPAY_TEXT_SIZE]; /* what is paid for */
    char currency[4];
    int64_t units_per_yen; /* of an amount's value: 1 where the smallest unit of JPY is the yen */
};

/* The bodies of pay, of inquiryPayment and cancel, and of refund (PAYMENT_ID is the network's own id). */
enum status alipay_pay_write(const struct alipay_merchant *merchant, const struct payment_request *request,
                             struct buffer *out, struct error_detail *err) MUST_CHECK;
enum status alipay_key_write(const char *payment, struct buffer *out, struct error_detail *err) MUST_CHECK;
enum status
alipay_refund_write(const struct alipay_merchant *merchant, const char *payment_id, const char *refund,
                    int64_t refund_yen, const char *reason, struct buffer *out, struct error_detail *err) MUST_CHECK;

/* The body of inquiryRefund. */
enum status alipay_refund_key_write(const char *refund, struct buffer *out, struct error_detail *err) MUST_CHECK;

/* What the answer says of PAYMENT. PAYMENT_UNKNOWN for whatever cannot be believed. */
void alipay_pay_read(const struct alipay_merchant *merchant, const struct buffer *body, const char *payment,
                     struct payment_answer *out);
void alipay_inquiry_read(const struct alipay_merchant *merchant, const struct buffer *body, const char *payment,
                         struct payment_answer *out);

/* PAYMENT_REVERSED: what was taken, if anything was, goes back, and nothing will be taken. PAYMENT_NOT_FOUND: the
 * network says that it knows no such payment. */
void alipay_cancel_read(const struct buffer *body, const char *payment, struct payment_answer *out);
void alipay_refund_read(const struct alipay_merchant *merchant, const struct buffer *body, const char *refund,
                        struct payment_answer *out);

/* What became of REFUND; PAYMENT_NOT_FOUND: the network knows no such refund. The amount is for the caller to compare.
 */
void alipay_refund_inquiry_read(const struct alipay_merchant *merchant, const struct buffer *body, const char *refund,
                                struct payment_answer *out);
