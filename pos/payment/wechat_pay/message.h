/* What WeChat Pay's messages mean for a payment; the pure half of the adapter (docs/protocol/wechat-pay.md).
 *
 * Nothing is believed that is not signed with the merchant's key, or that names another merchant or order. */
#pragma once

#include "common/bytes/buffer.h"
#include "pos/payment/channel.h"
#include "pos/payment/wechat_pay/fields.h"

enum {
    WECHAT_ID_SIZE = 33,
    WECHAT_KEY_SIZE = 65, /* the API key has 32 characters; room for longer ones */
    WECHAT_DESCRIPTION_SIZE = 129,
    WECHAT_ADDRESS_SIZE = 46, /* of IPv6 */
    WECHAT_NONCE_SIZE = 33,
    WECHAT_ORDER_SIZE = 33 /* out_trade_no: 32 characters, a UUID without its hyphens */
};

/* Who we are, and how money is written there. */
struct wechat_merchant {
    char app_id[WECHAT_ID_SIZE];
    char merchant[WECHAT_ID_SIZE];
    char sub_app_id[WECHAT_ID_SIZE];   /* "": we have a contract of our own (直连模式) */
    char sub_merchant[WECHAT_ID_SIZE]; /* "" the same; else an institution speaks for us */
    char key[WECHAT_KEY_SIZE];         /* secret */
    enum wechat_sign_type sign_type;
    char currency[4];                          /* fee_type */
    int64_t units_per_yen;                     /* of total_fee: 1 where the smallest unit of JPY is the yen */
    char description[WECHAT_DESCRIPTION_SIZE]; /* what the payer reads */
    char address[WECHAT_ADDRESS_SIZE];         /* of this computer, spbill_create_ip */
};

/* out_trade_no of PAYMENT (a UUID): the same without hyphens. */
void wechat_order(char out[WECHAT_ORDER_SIZE], const char *payment);

/* The bodies of /pay/micropay, of /pay/orderquery and /secapi/pay/reverse, and of /secapi/pay/refund. NONCE is random
 * text. STATUS_INVALID when something does not fit into a message. */
enum status wechat_pay_write(const struct wechat_merchant *merchant, const struct payment_request *request,
                             const char *nonce, struct buffer *out, struct error_detail *err) MUST_CHECK;
enum status wechat_order_write(const struct wechat_merchant *merchant, const char *payment, const char *nonce,
                               struct buffer *out, struct error_detail *err) MUST_CHECK;
enum status wechat_refund_write(const struct wechat_merchant *merchant, const char *payment, int64_t payment_yen,
                                const char *refund, int64_t refund_yen, const char *nonce, struct buffer *out,
                                struct error_detail *err) MUST_CHECK;

/* The body of /pay/refundquery. */
enum status wechat_refund_query_write(const struct wechat_merchant *merchant, const char *payment, const char *refund,
                                      const char *nonce, struct buffer *out, struct error_detail *err) MUST_CHECK;

/* What the HTTP answer says of PAYMENT. PAYMENT_UNKNOWN for whatever cannot be believed. */
void wechat_pay_read(const struct wechat_merchant *merchant, unsigned http_status, const struct buffer *body,
                     const char *payment, struct payment_answer *out);
void wechat_query_read(const struct wechat_merchant *merchant, unsigned http_status, const struct buffer *body,
                       const char *payment, struct payment_answer *out);

/* PAYMENT_REVERSED: what was taken, if anything was, goes back, and nothing will be taken. PAYMENT_NOT_FOUND: the
 * network says that it knows no such order, so it closed none. */
void wechat_reverse_read(const struct wechat_merchant *merchant, unsigned http_status, const struct buffer *body,
                         struct payment_answer *out);
void wechat_refund_read(const struct wechat_merchant *merchant, unsigned http_status, const struct buffer *body,
                        const char *payment, const char *refund, struct payment_answer *out);

/* What became of REFUND; PAYMENT_NOT_FOUND: the network knows no such refund. The amount is for the caller to compare.
 */
void wechat_refund_query_read(const struct wechat_merchant *merchant, unsigned http_status, const struct buffer *body,
                              const char *payment, const char *refund, struct payment_answer *out);
